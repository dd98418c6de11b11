"""`resguardo log rotate`: change the log's keys in three steps, each announced before it counts."""

from pathlib import Path

import click

from app.cli.access import clock, randomness
from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.terminal import note, out, out_json, reported
from app.config import read_settings
from app.domain.moments import rfc3339
from app.i18n import LANGUAGES, N_
from app.keeping.errors import KeepingError
from app.keeping.rotate import Change, Stage, announce, finish, look, switch

_STANDS = {
    Stage.NONE: N_("The keys are not being changed."),
    Stage.ANNOUNCED: N_("Entry {index} of the log announces new keys. It is not public yet, or not yet cosigned."),
    Stage.PUBLISHED: N_("Entry {index} of the log announces new keys, and it is public."),
    Stage.OVERLAP: N_("Old and new keys sign side by side, until {day} at least. The new key:"),
}
_NEXT = {
    Stage.NONE: N_("--announce   makes new keys and lets the log announce them. They sign nothing yet."),
    Stage.ANNOUNCED: N_("Wait for the next publication, and for the cosigners. Then: --switch."),
    Stage.PUBLISHED: N_(
        "--switch   lets old and new keys sign side by side. Every host of the portal then needs the new portal.json "
        "and keys, and is started again."
    ),
    Stage.OVERLAP: N_(
        "Start the portal again, give the new key to petitioners, auditors and cosigners by another way than this "
        "portal, and make a backup. Then, after the overlap: --finish destroys the old keys. This cannot be undone."
    ),
}


@click.command("rotate", cls=Verb, help=N_("Change the keys of the log and of statements: announce, switch, finish."))
@option("--announce", "announcing", is_flag=True, help=N_("Make new keys, and let the log announce them."))
@option("--switch", "switching", is_flag=True, help=N_("Let old and new keys sign side by side."))
@option("--finish", "finishing", is_flag=True, help=N_("Let the new keys sign alone, and destroy the old ones."))
@option("--at-once", is_flag=True, help=N_("Finish before the overlap has ended: for keys that somebody else has."))
@option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def rotate(
    *,
    announcing: bool,
    switching: bool,
    finishing: bool,
    at_once: bool,
    data: Path | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Take one step, or say how far the change is."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        settings = read_settings(data=data)
        if announcing + switching + finishing > 1:
            raise KeepingError("one_step")
        if announcing:
            found = announce(settings, int(clock()), randomness)
        elif switching:
            found = switch(settings)
        elif finishing:
            found = finish(settings, int(clock()), at_once=at_once)
        else:
            found = look(settings)
    if as_json:
        out_json(_plain(found))
    else:
        _tell(found, finished=finishing)


def _tell(found: Change, *, finished: bool) -> None:
    day = rfc3339(found.until)[:10] if found.until else ""
    if finished:
        out(say(N_("The new keys sign alone; the old ones are destroyed. Start the portal again.")))
        return
    out(say(_STANDS[found.stage], index=found.index, day=day))
    if found.stage is Stage.OVERLAP:
        out(f"  {found.keyring.log.vkey}")
    note(say(_NEXT[found.stage]))


def _plain(found: Change) -> dict[str, object]:
    keyring = found.keyring
    return {
        "stage": found.stage,
        "log_origin": keyring.log_origin,
        "log_vkey": keyring.log.vkey,
        "statement_vkey": keyring.statements.vkey,
        "leaving": None if keyring.leaving is None else keyring.leaving[1].log.vkey,
        "index": found.index,
        "cosigned": found.cosigned,
        "until": rfc3339(found.until) if found.until else None,
    }
