"""`resguardo restore FILE`: a backup into an empty place, read-only until `resguardo log recover`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from app.cli.access import clock, find_root
from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.moments import day_and_time
from app.cli.terminal import note, out, out_json, reported
from app.config import read_settings
from app.i18n import LANGUAGES, N_
from app.keeping.archive import Target
from app.keeping.errors import KeepingError
from app.keeping.restore import Opener, Restored, Wanted, restore_backup
from crypto.errors import AgeError, NoMatchError
from crypto.keys import standing_keys
from crypto.opening import HybridIdentity, open_stream
from crypto.secret import SecretBytes


@click.command("restore", cls=Verb, help=N_("Restore a backup into an empty folder, or an empty database."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option(
    "--key",
    type=click.Path(path_type=Path, allow_dash=True),
    help=N_("Key folder or file of words of whom the backup is sealed to."),
)
@option(
    "--keys",
    "keys_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("File with the data keys. Without it: FILE.keys."),
)
@option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help=N_("Where the portal is to keep its data; empty, or not there yet."),
)
@option("--accept-damage", is_flag=True, help=N_("Restore what there is, where the backup itself is not whole."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    file: Path,
    key: Path | None,
    keys_file: Path | None,
    data: Path | None,
    accept_damage: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """Restore a backup."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        settings = read_settings(data=data)
        keys = keys_file or file.with_name(f"{file.name}.keys")
        for path in (file, keys):
            if not path.is_file():
                raise KeepingError("no_backup", path=str(path))
        wanted = Wanted(settings, file, keys, _opener(find_root(key, None)), int(clock()), accept_damage)
        restored = restore_backup(wanted)
    if as_json:
        out_json({"data": str(settings.data), **vars(restored)})
    else:
        _tell(settings.data, restored)


def _opener(root: SecretBytes) -> Opener:
    identity = HybridIdentity(standing_keys(root).seed)

    def opened(file: BinaryIO, target: Target) -> None:
        try:
            open_stream(file, target, [identity])
        except NoMatchError as error:
            raise KeepingError("other_key", path=file.name) from error
        except AgeError as error:
            raise KeepingError("changed", path=file.name) from error

    return opened


def _tell(data: Path, restored: Restored) -> None:
    made = day_and_time(datetime.fromtimestamp(restored.made, UTC).isoformat())
    words = N_("Restored into {folder}: portal {portal} as it was on {moment}.")
    out(say(words, folder=data, portal=restored.portal, moment=made))
    words = N_("{entries} log entries, {cases} cases, {blobs} sealed files beside the database.")
    out(say(words, entries=restored.size, cases=restored.cases, blobs=restored.blobs))
    if restored.lacking:
        note(say(N_("{count} sealed files are lacking: their cases cannot be opened in full."), count=restored.lacking))
    note(
        say(
            N_(
                "The portal will be read-only, because nobody knows yet what was signed after the backup. Serve it, "
                "look for newer data, and then settle it: resguardo log recover"
            )
        )
    )
