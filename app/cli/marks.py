"""`resguardo marks FILE`: the operator's half of tracing a leaked page, sealed to the auditor and logged."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click

from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.terminal import note, out, out_json, reported
from app.client.folder import write_file
from app.config import read_settings
from app.domain.ports import Face
from app.i18n import LANGUAGES, N_
from app.usecases.hand_over_marks import hand_over_marks
from app.wiring import assemble, prepare


@click.command("marks", cls=Verb, help=N_("Hand the auditor what is needed to trace a leaked page (operator)."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option(
    "--since",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help=N_("First day of the sittings, such as 2026-03-12, in UTC."),
)
@option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help=N_("Last day of the sittings, in UTC."))
@option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *, file: Path, since: datetime, until: datetime, data: Path | None, lang: str | None, as_json: bool
) -> None:
    """Write the file for the auditor."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        settings = read_settings(data=data)
        prepare(settings)
        assembly = assemble(settings, [Face.PETITIONER], publisher=False)
        try:
            start, end = _midnight(since.date()), _midnight(until.date() + timedelta(days=1))
            sealed, count = hand_over_marks(assembly.petitioner, start, end)
        finally:
            assembly.close()
        write_file(file, sealed)
    if as_json:
        out_json({"file": str(file), "sittings": count})
        return
    out(
        say(
            N_("{count} sittings are in {file}, sealed to the auditor. The log says that it was made."),
            count=count,
            file=file,
        )
    )
    note(say(N_("Give it to the auditor with the code. Ask for no more days than the leak needs.")))


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
