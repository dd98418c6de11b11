"""`resguardo check`: what is wrong with this deployment, and how to mend it."""

import sys
from pathlib import Path

import click

from app.cli.access import clock
from app.cli.command import Verb, option
from app.cli.language import language, say
from app.cli.terminal import OK, TAMPERED, note, out, reported
from app.config import read_settings
from app.i18n import LANGUAGES, N_
from app.keeping.checkup import Examined, Finding, as_json, examine


@click.command("check", cls=Verb, help=N_("Say what is wrong with a portal's deployment, and how to mend it."))
@option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
@option(
    "--backups", type=click.Path(path_type=Path, file_okay=False), help=N_("Folder of backups, to look at their age.")
)
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "for_programs", is_flag=True, help=N_("Answer for programs."))
def command(*, data: Path | None, backups: Path | None, lang: str | None, for_programs: bool) -> None:
    """Check a deployment; leave with 0, with 1 where something must be mended, with 2 where it could not be checked."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=for_programs):
        what = Examined(read_settings(data=data), int(clock()), backups)
        findings = list(examine(what, _show_progress if sys.stderr.isatty() else lambda _done, _all: None))
    if for_programs:
        out(as_json(findings, language()))
    else:
        _tell(findings)
    raise click.exceptions.Exit(TAMPERED if any(finding.is_wrong for finding in findings) else OK)


def _show_progress(done: int, everything: int) -> None:
    if done % 100 == 0 or done == everything:
        words = say(N_("{done} of {count} sealed files"), done=done, count=everything)
        click.echo(f"\r{words}", err=True, nl=done == everything)


def _tell(findings: list[Finding]) -> None:
    for finding in sorted(findings, key=lambda each: not each.is_wrong):
        wrong, mend = finding.words(language())
        out(f"{'✗' if finding.is_wrong else '·'} {wrong} [{finding.code}]")
        out(f"    {mend}")
    if any(finding.is_wrong for finding in findings):
        note(say(N_("✗ must be mended; · is advice.")))
    else:
        out(say(N_("Nothing must be mended.")))
