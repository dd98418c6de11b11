"""`resguardo withdraw`: take a petition back, after saying what that does and what stays."""

from pathlib import Path

import click

from app.cli.access import clock, find_root
from app.cli.command import Verb, option
from app.cli.filed import at_portal, filed_case
from app.cli.language import say
from app.cli.terminal import ask_to_go_on, note, out, out_json, reported
from app.client.opening import open_case
from app.client.steps import Step, withdraw
from app.i18n import LANGUAGES, N_

_WHAT = (
    N_("You are about to take your petition back."),
    N_("At once: the office can open nothing of it any more, its deadline stops, and its open questions lapse."),
    N_("The public sees that one petition was closed, and not which."),
    N_("It cannot be undone. You can file again."),
    N_("What stays: the sealed names, texts and files, which you can still open; and the log, which names nobody."),
    N_("Nothing that somebody has read, noted or printed comes back."),
    N_("If the office is only to stop for a while, use “resguardo suspend”."),
)


@click.command("withdraw", cls=Verb, help=N_("Take your petition back: the case ends, the office sees no more of it."))
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--yes", "sure", is_flag=True, help=N_("Ask nothing: you have decided."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(folder: Path, key: Path | None, lang: str | None, *, sure: bool, as_json: bool) -> None:
    """Withdraw a petition."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        case = filed_case(folder)
        for line in _WHAT:
            note(say(line))
        ask_to_go_on(say(N_("Take the petition back for good?")), sure=sure)
        root = find_root(key, folder)
        with at_portal(case, folder) as (transport, case):
            done = withdraw(transport, open_case(transport, case, root), clock, folder)
    if as_json:
        out_json({"withdrawn": True, "repeated": done.repeated, "entries": [each.index for each in done.entries]})
    else:
        _tell(done)


def _tell(done: Step) -> None:
    if done.repeated:
        out(say(N_("It was withdrawn already. Nothing was changed.")))
        return
    out(say(N_("Withdrawn. The office can open nothing of it any more.")))
    note(say(N_("✓ The public log has it: proved on this machine.")))
