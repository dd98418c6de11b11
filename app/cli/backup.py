"""`resguardo backup FILE`: two sealed files of a portal that goes on running."""

import sys
from pathlib import Path

import click

from app.cli.access import clock, randomness
from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.terminal import OK, TAMPERED, note, out, out_json, reported
from app.config import read_settings
from app.i18n import LANGUAGES, N_
from app.keeping.archive import Written
from app.keeping.backup import Made, Order, make_backup
from app.keeping.errors import KeepingError
from crypto.age import HybridRecipient
from crypto.errors import CryptoError

_LIMIT = 64 * 1024


@click.command(
    "backup", cls=Verb, help=N_("Back up a portal, sealed, while it runs: its data, and its data keys apart.")
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option(
    "--to",
    "recipients",
    multiple=True,
    required=True,
    help=N_("Key to seal to: age1pq1… or a holder.txt; several are possible."),
)
@option(
    "--keys",
    "keys_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("File for the data keys, kept for days only. Without it: FILE.keys."),
)
@option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    file: Path,
    recipients: tuple[str, ...],
    keys_file: Path | None,
    data: Path | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Make a backup; leave with 0, with 1 where something is wrong with the portal, with 2 where none was made."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        order = Order(
            settings=read_settings(data=data),
            file=file,
            keys_file=keys_file or file.with_name(f"{file.name}.keys"),
            recipients=[_recipient(text) for text in recipients],
            now=int(clock()),
            random=randomness,
        )
        made = make_backup(order, _show_progress if sys.stderr.isatty() else lambda _done, _all: None)
    if as_json:
        out_json(_plain(made))
    else:
        _tell(made)
    raise click.exceptions.Exit(OK if made.whole else TAMPERED)


def _recipient(text: str) -> HybridRecipient:
    path = Path(text)
    try:
        line = text if text.startswith("age1") else path.read_bytes()[:_LIMIT].decode().strip()
        return HybridRecipient.parse(line)
    except (OSError, ValueError, CryptoError) as error:
        raise KeepingError("recipient", name=text[:40]) from error


def _show_progress(done: int, everything: int) -> None:
    if done % 100 == 0 or done == everything:
        words = say(N_("{done} of {count} sealed files"), done=done, count=everything)
        click.echo(f"\r{words}", err=True, nl=done == everything)


def _plain(made: Made) -> dict[str, object]:
    return {
        "ok": made.whole,
        "portal": made.portal,
        "made": made.made,
        "entries": made.size,
        "cases": made.cases,
        "blobs": made.blobs,
        "problems": {
            "log_damaged": made.log_damaged,
            "keys_lacking": made.keys_lacking,
            "blobs_lacking": made.blobs_lacking,
        },
        "files": [{"path": str(each.path), "size": each.size, "sha256": each.sha256} for each in made.files],
    }


def _tell(made: Made) -> None:
    data, keys = made.files
    words = N_("Backup of {portal}: {entries} log entries, {cases} cases, {blobs} sealed files beside the database.")
    out(say(words, portal=made.portal, entries=made.size, cases=made.cases, blobs=made.blobs))
    _tell_file(say(N_("Data, to be kept as long as you keep backups:")), data)
    _tell_file(say(N_("Data keys, to be deleted after some days:")), keys)
    note(say(N_("What is acknowledged from now on is not in it. The guard is in neither file, and must not be.")))
    if made.log_damaged:
        note(say(N_("The log in the database does not fit together, and so in the backup: run “resguardo check”.")))
    if made.keys_lacking:
        note(
            say(
                N_("The data keys of {count} cases are missing: their records cannot be read."), count=made.keys_lacking
            )
        )
    if made.blobs_lacking:
        words = N_(
            "{count} sealed files are missing or damaged on this disk, and so in the backup: run “resguardo check”."
        )
        note(say(words, count=len(made.blobs_lacking)))


def _tell_file(words: str, file: Written) -> None:
    out(f"{words}\n  {file.path}  {file.size} B\n  SHA-256 {file.sha256}")
