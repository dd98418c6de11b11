"""`resguardo audit … --report DIR` and `--reproduce DIR`: a report that anyone makes again, byte for byte."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click

from app.audit.auditor import Kept
from app.audit.finding import CannotCheckError, Obstacle, Remark, Report
from app.audit.quorum import load_policy
from app.audit.reporting.folder import Inputs, gather, keys_of, reproduce, write
from app.audit.source import Located, UnreachableError, WithheldError
from app.audit.words import OBSTACLES, REMARKS, sentence
from app.cli.language import language, say
from app.cli.terminal import CANNOT, OK, TAMPERED, note, out, out_json
from app.i18n import N_
from crypto.log.checkpoint import Checkpoint


def write_report(folder: Path, report: Report, located: Located, kept: Kept) -> None:
    """Write a report of an audit that was made, and say where it is; leave with 2 where it cannot be written."""
    assert report.seen is not None
    try:
        write(gather(report, report.seen, kept, language()), located.source, folder)
    except CannotCheckError as error:
        note(sentence(language(), error.where, OBSTACLES[error.obstacle]))
        raise click.exceptions.Exit(CANNOT) from error
    note(say(N_("Report: {path}"), path=folder / "report.html"))


def repeat(
    locate: Callable[[], Located], folder: Path, keys: tuple[str, ...], policy: Path | None, *, as_json: bool
) -> NoReturn:
    """Make a report again, say what differs, and leave: 0 the same, 1 another, 2 it cannot be made."""
    try:
        inputs, differing = reproduce(folder, locate().source)
        known = _is_known(inputs, keys, policy)
    except CannotCheckError as error:
        note(sentence(language(), error.where, OBSTACLES[error.obstacle]))
        raise click.exceptions.Exit(CANNOT) from error
    except (WithheldError, UnreachableError) as error:
        note(say(N_("The log could not be read to its end.")))
        raise click.exceptions.Exit(CANNOT) from error
    if as_json:
        out_json({"same": not differing, "differing": differing, "key": inputs.about["keys"][0], "key_given": known})
    else:
        _tell(inputs, differing)
    if not known:
        note(sentence(language(), {}, REMARKS[Remark.REPORT_KEY]))
    raise click.exceptions.Exit(TAMPERED if differing else OK)


def _is_known(inputs: Inputs, keys: tuple[str, ...], policy: Path | None) -> bool:
    """Tell whether the report's key, or one before it, is one that was given; raises ``CannotCheckError`` if not."""
    given, asked = list(keys), None if policy is None else load_policy(policy)
    if asked is not None:
        origin = Checkpoint.of_note(inputs.files["checkpoint"].decode()).origin
        given += [log.vkey for log in asked.logs if log.vkey.startswith(f"{origin}+")]
    if given and not keys_of(inputs, asked).intersection(given):
        raise CannotCheckError(Obstacle.OTHER_KEY)
    return bool(given)


def _tell(inputs: Inputs, differing: list[str]) -> None:
    if not differing:
        out(say(N_("The same report, byte for byte.")))
        return
    out(say(N_("ANOTHER REPORT: these files are not what the log and the inputs make.")))
    for name in differing:
        out(f"  - {name}")
    made_with = str(inputs.about["program"])
    note(say(N_("It was made with version {version}; another version may word it otherwise."), version=made_with))
