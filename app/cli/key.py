"""`resguardo key new`: twelve words, made on this machine and nowhere else."""

from pathlib import Path

import click

from app.cli.access import randomness
from app.cli.command import Verb, VerbGroup, option
from app.cli.language import language, say
from app.cli.terminal import ask_new_passphrase, note, out, reported
from app.client.keyring import (
    check_passphrase,
    new_root,
    require_empty,
    write_holder,
    write_protected,
    write_words,
)
from app.i18n import LANGUAGES, N_


@click.group("key", cls=VerbGroup, help=N_("Make the twelve words that open your cases."))
def command() -> None:
    """Group the verbs about keys."""


@command.command("new", cls=Verb, help=N_("Make twelve new words, and the key that colleagues add to their cases."))
@option(
    "--out",
    "out_folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=N_("Folder for the words."),
)
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of the words and of what is said."))
@option("--protect", is_flag=True, help=N_("Keep the words under a passphrase, in key.age."))
def new(out_folder: Path, lang: str | None, *, protect: bool) -> None:
    """Make a key folder."""
    with reported(as_json=False):
        require_empty(out_folder)
        root, spoken = new_root(randomness), lang or language()
        if protect:
            passphrase = check_passphrase(ask_new_passphrase())
            path = write_protected(out_folder, root, spoken, passphrase, randomness)
        else:
            path = write_words(out_folder, root, spoken)
        holder = write_holder(out_folder, root)
    _tell(path, holder, protected=protect)


def _tell(path: Path, holder: Path, *, protected: bool) -> None:
    if protected:
        out(say(N_("Your words are in {path}, under your passphrase."), path=path))
        note(say(N_("Without the passphrase the file is worth nothing: keep a second copy of both, in two places.")))
    else:
        out(say(N_("Your twelve words are in {path}."), path=path))
        note(say(N_("Copy them by hand and delete the file. Do not photograph them: pictures travel to the cloud.")))
    note(say(N_("For others to add you to their case, give them this file, which is not secret: {path}"), path=holder))
