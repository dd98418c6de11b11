"""`resguardo acknowledged`: the official office has the petition; from that day the clock runs."""

from datetime import date
from pathlib import Path

import click

from app.cli.access import clock, find_root
from app.cli.command import Verb, option
from app.cli.filed import at_portal, filed_case
from app.cli.language import say
from app.cli.moments import day as day_words
from app.cli.status import tell
from app.cli.terminal import note, out, out_json, reported
from app.client.acknowledgement import StatementError, acknowledge
from app.client.case import CaseFile
from app.client.opening import open_case
from app.client.status import Status, fetch_status
from app.client.steps import Step
from app.client.succession import logs_of
from app.i18n import LANGUAGES, N_
from crypto.secret import SecretBytes


@click.command(
    "acknowledged", cls=Verb, help=N_("Enter the official office's acknowledgement: the clock starts on its day.")
)
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--date", "day", required=True, help=N_("Day on which the office received it, such as 2026-03-12."))
@option("--ref", "reference", required=True, help=N_("Reference that the office gave."))
@option("--reason", default="", help=N_("Why, when you correct what was entered before."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    folder: Path, key: Path | None, day: str, reference: str, reason: str, lang: str | None, *, as_json: bool
) -> None:
    """Enter an acknowledgement."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        case = filed_case(folder)
        statement = {"date": _day(day), "reference": reference, "reason": reason}
        done, status = _send(case, folder, find_root(key, folder), statement)
    if as_json:
        entries = [{"index": entry.index, "kind": entry.fields["kind"]} for entry in done.entries]
        out_json(status.plain() | {"repeated": done.repeated, "entries": entries})
    else:
        _tell(done, status, day)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise StatementError("day") from error


def _send(kept: CaseFile, folder: Path, root: SecretBytes, statement: dict[str, str]) -> tuple[Step, Status]:
    with at_portal(kept, folder) as (transport, case):
        opened = open_case(transport, case, root)
        done = acknowledge(transport, opened, clock, folder, statement)
        return done, fetch_status(transport, case.status_code, [log.statement_vkey for log in logs_of(case)])


def _tell(done: Step, status: Status, day: str) -> None:
    if done.repeated:
        out(say(N_("The portal had this already. Nothing was changed.")))
    else:
        out(say(N_("Entered: the official office received the petition on {day}."), day=day_words(day.strip())))
        note(say(N_("✓ The public log has it: proved on this machine.")))
    out()
    tell(status, pinned=True)
