"""What every verb about a case does first: read its folder, and reach the portal that it was filed with."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.cli.access import reach
from app.cli.language import language
from app.cli.terminal import note
from app.client.case import CaseFile
from app.client.succession import follow, words
from app.client.transport import Transport


def filed_case(folder: Path) -> CaseFile:
    """Return the case of a folder.

    Raises:
        FolderError: there is none, or its petition was not filed yet.
    """
    case = CaseFile.load(folder)
    case.require_filed()
    return case


@contextmanager
def at_portal(case: CaseFile, folder: Path) -> Iterator[tuple[Transport, CaseFile]]:
    """Give a connection to the case's portal, and the case as it is after the successions of that portal's log."""
    with reach(case.url) as transport:
        yield transport, followed(transport, case, folder)


def followed(transport: Transport, case: CaseFile, folder: Path) -> CaseFile:
    """Return the case with the successions that its portal tells of and that verify, each told to the person."""
    case = follow(transport, case, folder)
    for told in words(case, language()):
        note(told)
    return case
