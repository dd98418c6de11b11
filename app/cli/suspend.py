"""`resguardo suspend`: stop the office's access to a case, and with `--lift` let it in again."""

from pathlib import Path

import click

from app.cli.access import clock, find_root
from app.cli.command import Verb, option
from app.cli.filed import at_portal, filed_case
from app.cli.language import say
from app.cli.terminal import ask_to_go_on, note, out, out_json, reported
from app.client.opening import open_case
from app.client.steps import suspend
from app.i18n import LANGUAGES, N_

_STOP = (
    N_("From its next click on, the office can open nothing of your case: not the text, not your answers."),
    N_("It sees a card with workplace and deadline. Each attempt is written in the log, and you see it."),
    N_("The deadline runs on. What somebody has read, noted or printed does not come back."),
    N_("You can lift this at any time with “resguardo suspend --lift”."),
)
_LIFT = (N_("The people of the office to whom your case is assigned will be able to open it again, each look logged."),)


@click.command(
    "suspend", cls=Verb, help=N_("Stop the office's access to your case for a while; --lift opens it again.")
)
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--lift", is_flag=True, help=N_("Let the office in again."))
@option("--yes", "sure", is_flag=True, help=N_("Ask nothing: you have decided."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(folder: Path, key: Path | None, lang: str | None, *, lift: bool, sure: bool, as_json: bool) -> None:
    """Suspend access, or lift that."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        case = filed_case(folder)
        for line in _LIFT if lift else _STOP:
            note(say(line))
        question = N_("Let the office in again?") if lift else N_("Suspend its access now?")
        ask_to_go_on(say(question), sure=sure)
        root = find_root(key, folder)
        with at_portal(case, folder) as (transport, case):
            done = suspend(transport, open_case(transport, case, root), clock, folder, suspended=not lift)
    if as_json:
        out_json({"suspended": not lift, "repeated": done.repeated, "entries": [each.index for each in done.entries]})
        return
    if done.repeated:
        out(say(N_("It stood so already. Nothing was changed.")))
        return
    out(say(N_("The office has access again.")) if lift else say(N_("Suspended. The office can open nothing of it.")))
    note(say(N_("✓ The public log has it: proved on this machine.")))
