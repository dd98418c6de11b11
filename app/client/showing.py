"""What the office will see of evidence: which entries are shown, and the copies made of them here.

1. An entry is shown only where it says `show: yes`. Nothing of a file leaves this machine unsealed otherwise.
2. Of a recording its `transcript` is shown.
3. A file of which no copy can be made stays sealed only, with the reason; the others go on.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.client.cleaning.copying import Cleaned, copy_of
from app.client.cleaning.errors import CleaningError
from app.client.cleaning.reading import Reader
from app.client.cleaning.supervision import LARGEST
from app.client.errors import FolderError
from app.client.folder import read_file
from app.client.transport import MIB
from app.domain.filing.copies import Copy
from app.domain.filing.people import kept_names, known_people
from app.domain.paths import path_text
from app.domain.petition.model import Evidence, Petition
from app.domain.redaction import Engine

MOST_TOGETHER = 64
"""MiB of the pages of all copies of a petition."""

Progress = Callable[[str], None]
"""Told the path of the evidence that is looked at next."""


@dataclass(frozen=True)
class Shown:
    """What came of the entries that are to be shown, by path."""

    cleaned: Mapping[str, Cleaned] = field(default_factory=dict)
    refused: Mapping[str, CleaningError] = field(default_factory=dict)

    def copies(self, first: int = 1) -> dict[str, Copy]:
        """Return the copies with their numbers, from `first` on, in the petitioner's own order."""
        made = enumerate(self.cleaned.items(), start=first)
        return {path: Copy(number, each.pages, each.text) for number, (path, each) in made}


def clean_evidence(petition: Petition, beside: Path, language: str, reader: Reader | None, told: Progress) -> Shown:
    """Make the copies of what a petition shows; relative files stand beside it (rules 1 to 3)."""
    engine = Engine(known_people(petition), kept_names(petition), language)
    cleaned: dict[str, Cleaned] = {}
    refused: dict[str, CleaningError] = {}
    for path, item in _shown(petition):
        told(path)
        try:
            cleaned[path] = _cleaned(item, beside, engine, reader)
            if sum(len(page) for each in cleaned.values() for page in each.pages) > MOST_TOGETHER * MIB:
                del cleaned[path]
                raise CleaningError("too_many", limit=MOST_TOGETHER)
        except CleaningError as error:
            refused[path] = error
    return Shown(cleaned, refused)


def _shown(petition: Petition) -> Iterator[tuple[str, Evidence]]:
    for place, item in enumerate(petition.evidence):
        if item.show:
            yield path_text(("evidence", place)), item


def _cleaned(item: Evidence, beside: Path, engine: Engine, reader: Reader | None) -> Cleaned:
    name = item.transcript or item.file
    if not name:
        raise CleaningError("no_file")
    try:
        data = read_file(beside / name, LARGEST * MIB)
    except FolderError as error:
        large = (beside / name).is_file() and (beside / name).stat().st_size > LARGEST * MIB
        raise (CleaningError("too_large", limit=LARGEST) if large else CleaningError("no_file")) from error
    return copy_of(data, item.boxes, engine, reader)
