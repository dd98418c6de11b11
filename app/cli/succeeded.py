"""What every verb about a case does first: follow the portal's log where it was succeeded after a loss, and say so."""

from pathlib import Path

from app.cli.language import language
from app.cli.terminal import note
from app.client.case import CaseFile
from app.client.succession import follow, words
from app.client.transport import Transport


def followed(transport: Transport, case: CaseFile, folder: Path) -> CaseFile:
    """Return the case with the successions that its portal tells of and that verify, each told to the person."""
    case = follow(transport, case, folder)
    for told in words(case, language()):
        note(told)
    return case
