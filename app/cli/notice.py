"""`resguardo notice`: be told by e-mail that something waits, by a message that says nothing."""

from pathlib import Path

import click

from app.cli.access import clock, find_root, reach
from app.cli.command import Verb, option
from app.cli.filed import filed_case
from app.cli.language import say
from app.cli.terminal import note, out, out_json, reported
from app.client.case import CaseFile
from app.client.notice import Notice, change_notice, show_notice
from app.client.opening import open_case
from app.i18n import LANGUAGES, N_
from crypto.secret import SecretBytes


@click.command("notice", cls=Verb, help=N_("Be told by e-mail that something waits. Without ADDRESS: how it stands."))
@click.argument("address", required=False)
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--off", is_flag=True, help=N_("Take the address back."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(*, address: str | None, folder: Path, off: bool, key: Path | None, lang: str | None, as_json: bool) -> None:
    """Set, clear or show the notice of a case."""
    del lang  # read before parsing, so that errors speak it too
    if address is not None and off:
        raise click.UsageError(say(N_("Give an address or --off, not both.")))
    with reported(as_json=as_json):
        case = filed_case(folder)
        done = _send(case, folder, find_root(key, folder), address, change=off or address is not None)
    if as_json:
        entries = [{"index": entry.index, "kind": entry.fields["kind"]} for entry in done.entries]
        out_json({"on": done.on, "from": done.sender, "entries": entries})
    else:
        _tell(done)


def _send(case: CaseFile, folder: Path, root: SecretBytes, address: str | None, *, change: bool) -> Notice:
    with reach(case.url) as transport:
        opened = open_case(transport, case, root)
        if change:
            return change_notice(transport, opened, clock, folder, address)
        return show_notice(transport, opened, clock)


def _tell(done: Notice) -> None:
    if done.sender is None:
        out(say(N_("This portal sends no e-mail.")))
    if done.on:
        out(say(N_("Somebody is told by e-mail when something waits in this case.")))
        out(say(N_("The message comes from {sender}, hours later, and names no case."), sender=done.sender or "–"))
        note(say(N_("Your mail provider sees that it came. Use an address that nobody at work knows.")))
    elif done.sender is not None:
        out(say(N_("Nobody is told by e-mail.")))
    if done.entries:
        note(say(N_("✓ The public log has it, without the address: proved on this machine.")))
