"""`resguardo prepare`: make data folder and database ready, then stop; for hosts whose processes may not do it."""

from pathlib import Path

import click

from app.cli.command import Verb, option
from app.cli.language import say
from app.config import read_settings
from app.i18n import N_
from app.wiring import prepare


@click.command(
    cls=Verb,
    help=N_("Make data folder and database ready for this version: keys, schema, rights. “serve” does it too."),
)
@option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
@option("--origin", help=N_("The portal's name, set once: case numbers and the log rest on it."))
def command(data: Path | None, origin: str | None) -> None:
    """Prepare and say so."""
    prepare(read_settings(data=data, origin=origin))
    click.echo(say(N_("Ready. Next: resguardo serve")))
