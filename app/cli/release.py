"""`resguardo release`: give out a public version through the portal, or call it back."""

from dataclasses import asdict
from pathlib import Path

import click

from app.cli.access import clock, find_root
from app.cli.command import Verb, option
from app.cli.filed import at_portal, filed_case
from app.cli.language import say
from app.cli.terminal import ask_to_go_on, note, out, out_json, reported
from app.client.folder import read_file
from app.client.opening import fetch_contents, open_case
from app.client.releasing import GivenOut, check_version, given_out, recall, release
from app.client.revising import known_of
from app.client.signin import signed_in
from app.client.steps import Step
from app.client.transport import Transport
from app.client.trust import OpenedCase
from app.domain.filing.form import MAX_RECORD
from app.domain.released import Audience
from app.glyphs import shown
from app.i18n import LANGUAGES, N_
from crypto.digest import sha256_hex

_GIVEN = {
    Audience.OFFICE: (
        N_("You are about to give this public version to the office. It may hand it to your employer, who may answer."),
        N_("It is not published. But whoever has it may show it to others."),
    ),
    Audience.EVERYONE: (
        N_("You are about to publish this version. Everybody can read it on the portal, your employer too."),
        N_("From then on everybody knows that this case number is about this workplace."),
    ),
}
_ALWAYS = (
    N_("A version that you gave out before is called back: one stands at a time."),
    N_("You can call it back with --withdraw. What somebody has read, saved or printed until then stays with them."),
)
_BACK = (
    N_("You are about to call your public version back."),
    N_("At once: nobody gets it from the portal any more, and what the portal has of it is destroyed."),
    N_("What somebody has read, saved or printed stays with them. “resguardo history” says who of the office read it."),
    N_("“resguardo release” alone says to whom the office says it gave it. Of the public nobody knows who read it."),
    N_(
        "The log keeps that it was given out and called back. A copy that turns up can still be told from a forged one."
    ),
)


@click.command("release", cls=Verb, help=N_("Give out a public version through the portal; --withdraw calls it back."))
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option(
    "--file", "made", type=click.Path(path_type=Path, dir_okay=False), help=N_("public.json of “resguardo public”.")
)
@option(
    "--to",
    "audience",
    type=click.Choice([each.value for each in Audience]),
    default=Audience.OFFICE.value,
    show_default=True,
    help=N_("office: it may hand it to your employer. everyone: it stands on the portal."),
)
@option("--withdraw", is_flag=True, help=N_("Call back what was given out."))
@option("--yes", "sure", is_flag=True, help=N_("Ask nothing: you have decided."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    folder: Path,
    key: Path | None,
    made: Path | None,
    audience: str,
    withdraw: bool,
    sure: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """Release a version, or call it back."""
    del lang  # read before parsing, so that errors speak it too
    if made is not None and withdraw:
        raise click.UsageError(say(N_("Give --file with what is to be given out, or --withdraw, not both.")))
    with reported(as_json=as_json):
        case = filed_case(folder)
        root = find_root(key, folder)
        with at_portal(case, folder) as (transport, case):
            opened = open_case(transport, case, root)
            if made is None and not withdraw:
                _show(given_out(transport, opened, clock), as_json=as_json)
                return
            if made is None:
                done, sha256 = _call_back(transport, opened, folder, sure=sure), None
            else:
                text = read_file(made, MAX_RECORD).decode()
                done = _give(transport, opened, folder, text, Audience(audience), sure=sure)
                sha256 = sha256_hex(text.encode())
    if as_json:
        indexes = [each.index for each in done.entries]
        out_json({"withdrawn": withdraw, "sha256": sha256, "repeated": done.repeated, "entries": indexes})
    else:
        _tell(done, withdrawn=withdraw)


def _show(given: tuple[GivenOut, ...], *, as_json: bool) -> None:
    """Say what was given out until now, and to whom the office says that it handed it."""
    if as_json:
        out_json([asdict(each) for each in given])
        return
    if not given:
        out(say(N_("Nothing was given out. With --file you give out what “resguardo public” made.")))
    for each in given:
        state = say(N_("called back {day}"), day=each.withdrawn[:10]) if each.withdrawn else say(N_("stands"))
        out(f"{each.version}: {each.audience}, {each.released[:10]}, {state}. SHA-256 {each.sha256}")
        for whom in each.handed:
            out("  " + say(N_("The office says that it gave it to: {whom}"), whom=shown(whom)))


def _give(transport: Transport, opened: OpenedCase, folder: Path, text: str, audience: Audience, *, sure: bool) -> Step:
    with signed_in(transport, opened, clock):
        known = known_of(opened, fetch_contents(transport, opened))
    check_version(text, known.petition())
    for line in (*_GIVEN[audience], *_ALWAYS):
        note(say(line))
    note(say(N_("Its SHA-256: {sha256}"), sha256=sha256_hex(text.encode())))
    ask_to_go_on(say(N_("Has a second person read it, and is it to be given out now?")), sure=sure)
    return release(transport, opened, clock, folder, text, audience)


def _call_back(transport: Transport, opened: OpenedCase, folder: Path, *, sure: bool) -> Step:
    for line in _BACK:
        note(say(line))
    ask_to_go_on(say(N_("Call it back now?")), sure=sure)
    return recall(transport, opened, clock, folder)


def _tell(done: Step, *, withdrawn: bool) -> None:
    if done.repeated:
        out(say(N_("It stood so already. Nothing was changed.")))
        return
    if withdrawn:
        out(say(N_("Called back. The portal does not have it any more.")))
    else:
        out(say(N_("Given out. Whoever may see it sees this version from now on.")))
    note(say(N_("✓ The public log has it: proved on this machine.")))
