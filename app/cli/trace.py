"""`resguardo trace CODE`: the auditor's half of tracing a leaked page; the operator's is `resguardo marks`."""

from pathlib import Path

import click

from app.cli.access import find_root
from app.cli.command import Verb, option
from app.cli.language import language, say
from app.cli.moments import day_and_time
from app.cli.terminal import note, out, out_json, reported
from app.client.folder import read_file
from app.client.tracing import Traced, trace
from app.domain.labels import label
from app.domain.moments import rfc3339
from app.i18n import LANGUAGES, N_
from crypto.keys import standing_keys
from crypto.opening import HybridIdentity

_LARGEST = 1 << 30


@click.command("trace", cls=Verb, help=N_("Find the sitting that the code on a leaked page belongs to (auditor)."))
@click.argument("code")
@option(
    "--marks",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("The file that the operator made with “resguardo marks”."),
)
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(*, code: str, marks: Path, key: Path | None, lang: str | None, as_json: bool) -> None:
    """Trace a code."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        file = read_file(marks, _LARGEST)
        found = trace(file, code, HybridIdentity(standing_keys(find_root(key, None)).seed))
    if as_json:
        out_json(vars(found))
    else:
        _tell(found)


def _tell(found: Traced) -> None:
    moment = day_and_time(rfc3339(found.started))
    role = label(language(), "role", found.role)
    out(say(N_("The page was shown to {name} ({role}) on {time}."), name=found.reader, role=role, time=moment))
    out(say(N_("Case {case}, {record}; log entry {index}."), case=found.case, record=found.record, index=found.entry))
    words = N_("The opening of that entry must say “mark {commitment}”. If it does not, the shares were exchanged.")
    note(say(words, commitment=found.commitment))
    note(say(N_("A code says in which sitting a page was shown, not who passed it on.")))
