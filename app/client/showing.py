"""What the office will see of evidence: which entries are shown, and the copies made of them here.

1. An entry is shown only where it says `show: yes`. Nothing of a file leaves this machine unsealed otherwise.
2. Of a recording its `transcript` is shown. Its words are sealed with the originals, so that a later version, or the
   case filed again, makes the copy anew from them: with whoever was added since covered in it too.
3. A file of which no copy can be made stays sealed only, with the reason; the others go on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.client.cleaning.copying import Cleaned, Eyes, copy_of
from app.client.cleaning.errors import CleaningError
from app.client.cleaning.frames import MIB
from app.client.cleaning.supervision import LARGEST
from app.client.errors import FolderError
from app.client.folder import read_file
from app.domain.filing.copies import Copy
from app.domain.filing.people import kept_names, known_people
from app.domain.filing.revising import Known
from app.domain.filing.sealing import FileSource
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
    transcripts: Mapping[str, str] = field(default_factory=dict)
    """What is said in recordings, as it was written: to be sealed."""

    def without_unread(self) -> "Shown":
        """Return the same without pages in which no machine looked for names."""
        unread = {path for path, each in self.cleaned.items() if each.pages and not each.read_back}
        kept = {path: each for path, each in self.cleaned.items() if path not in unread}
        return Shown(
            kept, {**self.refused, **{path: CleaningError("unlooked", path) for path in unread}}, self.transcripts
        )

    def copies(self, numbers: Mapping[str, int] | None = None, last: int = 0) -> dict[str, Copy]:
        """Return the copies with their numbers, in the petitioner's own order.

        `numbers` are those that entries have already, by path; others get the next ones after `last`.
        """
        known = dict(numbers or {})
        for path in self.cleaned:
            if path not in known:
                last += 1
                known[path] = last
        return {path: Copy(known[path], each.pages, each.text) for path, each in self.cleaned.items()}


def copies_after(known: Known, petition: Petition, shown: Shown, question: int | None = None) -> dict[str, Copy]:
    """Return the copies of a later text: made anew under the number they have, or standing as they are.

    A copy stands where its file is not on this machine any more and the entry still shows it with the same boxes.
    With `question` the text is an answer to it.
    """
    standing_lines, evidence = _before(known, question)
    lines = {line["evidence"]: line for line in standing_lines}
    before = {str(item.get("id")): item for item in evidence}
    numbers: dict[str, int] = {}
    standing: dict[str, Copy] = {}
    for path, item in _shown(petition):
        line = lines.get(item.id or path)
        if line is None:
            continue
        numbers[path] = int(line["copy"])
        same = before.get(str(item.id), {}).get("boxes", []) == [box.model_dump(mode="json") for box in item.boxes]
        if path in shown.refused and shown.refused[path].code == "no_file" and same:
            standing[path] = Copy(numbers[path], standing=str(line["content"]))
    return {**standing, **shown.copies(numbers, known.last_copy)}


def _before(known: Known, question: int | None) -> tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]:
    """Return the sealed lines of copies, and the evidence as written, of the petition or of an answer."""
    if question is None:
        originals = known.originals.content
        return originals.get("copies", ()), originals["petition"].get("evidence", ())
    answer = known.answer_of(question)
    return (answer.content.get("copies", ()), answer.content.get("evidence", ())) if answer else ((), ())


def clean_evidence(
    petition: Petition,
    beside: Path,
    language: str,
    eyes: Callable[[str], Eyes],
    told: Progress,
    files: Mapping[str, FileSource] | None = None,
    transcripts: Mapping[str, str] | None = None,
) -> Shown:
    """Make the copies of what a petition shows (rules 1 to 3); relative files stand beside it.

    `files` and words of `transcripts` are those that come from elsewhere, by the path of their entry; `eyes` are asked
    for with the same path.
    """
    engine = Engine(known_people(petition), kept_names(petition), language)
    cleaned: dict[str, Cleaned] = {}
    refused: dict[str, CleaningError] = {}
    said: dict[str, str] = {}
    for path, item in _shown(petition):
        told(path)
        try:
            words = _words(item, beside, (transcripts or {}).get(path))
            if words is not None:
                cleaned[path] = Cleaned(text=words)
            else:
                data = _content(item, beside, (files or {}).get(path))
                cleaned[path] = copy_of(data, item.boxes, engine, eyes(path))
            made = cleaned[path].text
            if made is not None and (words is not None or item.transcript):
                said[path] = made
            if sum(len(page) for each in cleaned.values() for page in each.pages) > MOST_TOGETHER * MIB:
                del cleaned[path]
                raise CleaningError("too_many", limit=MOST_TOGETHER)
        except CleaningError as error:
            refused[path] = error
    return Shown(cleaned, refused, said)


def _shown(petition: Petition) -> Iterator[tuple[str, Evidence]]:
    for place, item in enumerate(petition.evidence):
        if item.show:
            yield path_text(("evidence", place)), item


def _words(item: Evidence, beside: Path, before: str | None) -> str | None:
    """Return the words that were sealed of a recording, where the entry names nothing else that is here."""
    named = item.transcript or item.file
    return None if before is None or (named and (beside / named).is_file()) else before


def _content(item: Evidence, beside: Path, source: FileSource | None) -> bytes:
    """Return the bytes of what is to be shown. Raises CleaningError."""
    name = item.transcript or item.file
    if not name:
        raise CleaningError("no_file")
    if source is not None and not item.transcript:
        if source.size > LARGEST * MIB:
            raise CleaningError("too_large", limit=LARGEST)
        return _whole(source)
    try:
        return read_file(beside / name, LARGEST * MIB)
    except FolderError as error:
        large = (beside / name).is_file() and (beside / name).stat().st_size > LARGEST * MIB
        raise (CleaningError("too_large", limit=LARGEST) if large else CleaningError("no_file")) from error


def _whole(source: FileSource) -> bytes:
    reader, pieces = source.open(), list[bytes]()
    while piece := reader.read(MIB):
        pieces.append(piece)
    return b"".join(pieces)
