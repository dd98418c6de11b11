"""`resguardo log …`: what an operator does about the log: its cosigners, its keys, and the way out after a loss."""

import base64
from pathlib import Path

import click

from app.cli.access import clock, randomness
from app.cli.command import VerbGroup, option
from app.cli.language import say
from app.cli.log_cosigners import cosigners, policy
from app.cli.log_rotate import rotate
from app.cli.terminal import note, out, out_json, reported
from app.config import read_settings
from app.i18n import LANGUAGES, N_
from app.keeping.errors import KeepingError
from app.keeping.recover import Known, Situation, assess, go_on, make_successor_log
from app.store.keyring import Keyring

_SOURCES = {"guard": N_("the guard of this host"), "data": N_("the data here")}


@click.group("log", cls=VerbGroup, help=N_("The log's cosigners and keys, and the way out when a portal is read-only."))
def command() -> None:
    """Group of the verbs about the log."""


command.add_command(cosigners)
command.add_command(policy)
command.add_command(rotate)


@command.command(
    "recover",
    help=N_("Say what is known of a read-only portal's log; then let it go on, or make its successor."),
)
@option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("A checkpoint of this log that somebody kept, such as an auditor; several are possible."),
)
@option(
    "--continue", "going_on", is_flag=True, help=N_("Let the log go on, where the guard shows that nothing is missing.")
)
@option(
    "--successor", is_flag=True, help=N_("Make a successor: another log name, new keys, and an entry that says so.")
)
@option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def recover(
    *,
    checkpoints: tuple[Path, ...],
    going_on: bool,
    successor: bool,
    data: Path | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Settle what became of the log."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        settings = read_settings(data=data)
        situation = assess(settings, checkpoints)
        if not as_json:
            _tell(situation)
        made = None
        if successor and not going_on:
            made = make_successor_log(settings, situation, int(clock()), randomness)
        elif going_on and not successor:
            go_on(settings, situation)
        else:
            _ask(situation)
            raise KeepingError("decide")
    if as_json:
        out_json(_plain(situation, made))
    else:
        _tell_done(made)


def _tell(situation: Situation) -> None:
    out(say(N_("Log {origin}"), origin=situation.keyring.log_origin))
    for each in (situation.kept, *situation.known):
        source = say(_SOURCES[each.source]) if each.source in _SOURCES else each.source
        out(f"  {source}: {say(N_('{count} entries'), count=each.size)}")
    if situation.lost:
        words = N_("{count} entries are known to be lost: from {first} to {last}. Others may be that nobody knows of.")
        out(say(words, count=situation.lost, first=situation.kept.size, last=situation.last.size - 1))
    else:
        out(say(N_("Nothing is known to be lost. Something may be that nobody here knows of.")))


def _ask(situation: Situation) -> None:
    note(say(N_("First look for newer data, and ask auditors for the checkpoint that they kept (--checkpoint).")))
    if situation.continuable:
        note(say(N_("--continue   the guard of this host shows that nothing it signed is missing: the log goes on.")))
    note(
        say(
            N_(
                "--successor  the log goes on under another name with new keys, and says so to everybody. Petitioners' "
                "receipts and histories stay good as far as they were kept. This cannot be undone."
            )
        )
    )


def _plain(situation: Situation, made: Keyring | None) -> dict[str, object]:
    return {
        "way": "successor" if made else "continue",
        "kept": _state(situation.kept),
        "known": _state(situation.last),
        "lost": situation.lost,
        "from": {"origin": situation.keyring.log_origin, "log_vkey": situation.keyring.log.vkey},
        "to": {"origin": made.log_origin, "log_vkey": made.log.vkey} if made else None,
    }


def _state(known: Known) -> dict[str, object]:
    return {"size": known.size, "root": base64.b64encode(known.root).decode()}


def _tell_done(made: Keyring | None) -> None:
    if made is None:
        out(say(N_("The log goes on. An entry in it says that it was restored. Start the portal again.")))
        return
    out(say(N_("The log goes on as {origin}. Start the portal again. Its new key:"), origin=made.log_origin))
    out(f"  {made.log.vkey}")
    note(
        say(
            N_(
                "Say publicly what happened, and give the new key to petitioners and auditors by another way than this "
                "portal. Every host of the portal needs the new portal.json and keys. Make a new backup now."
            )
        )
    )
