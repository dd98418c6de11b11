"""What a case says once it is open: witnesses with their statements, the originals, and which files there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.client.opening import Contents, OpenedPiece, safe_name
from app.client.trust import Listed
from crypto.framing import FrameKind

_NOT_SHOWN = frozenset({"v", "slip_key"})
"""The slip key belongs to the witness: it stays sealed until it is handed over on paper."""


@dataclass(frozen=True)
class Story:
    """A case in plain values; `files` pairs each sealed file with its line of the sealed index."""

    witnesses: tuple[Mapping[str, Any], ...]
    petition: Mapping[str, Any]
    surrogates: Mapping[str, Any]
    files: tuple[tuple[Listed, Mapping[str, Any]], ...]
    answers: tuple[Mapping[str, Any], ...] = ()
    """Answers to the office as they were written, in the order of the questions' numbers."""
    transcripts: tuple[Mapping[str, Any], ...] = ()
    """What is said in recordings, as it was written: `evidence` and `text` of each, the petition's first."""

    @property
    def narrative(self) -> str:
        """The story as it was written; the summary where there is no narrative."""
        facts = _group(self.petition.get("facts"))
        return str(facts.get("narrative") or facts.get("summary") or "")

    def plain(self) -> dict[str, Any]:
        """Return what programs get."""
        return {
            "witnesses": list(self.witnesses),
            "narrative": self.narrative,
            "petition": self.petition,
            "surrogates": self.surrogates,
            "files": [_about(line) for _, line in self.files],
            "transcripts": list(self.transcripts),
            "answers": [{"question": answer.get("question"), "text": answer.get("text")} for answer in self.answers],
        }

    def named_files(self) -> list[tuple[Listed, str]]:
        """Return each sealed file with a name that is safe here and that no other of them has."""
        named: list[tuple[Listed, str]] = []
        taken: set[str] = set()
        for listed, line in self.files:
            name = safe_name(str(line.get("name", "")), listed.record)
            if name.casefold() in taken:
                name = f"{listed.record}-{name}"
            taken.add(name.casefold())
            named.append((listed, name))
        return named


def read_story(contents: Contents) -> Story:
    """Return what the opened pieces of a case say, in the order in which the petition was written."""
    originals = _only(contents, FrameKind.ORIGINALS)
    petition = dict(_group(originals.get("petition")))
    witnesses = _witnesses(contents, petition.pop("witnesses", []))
    answers = sorted((piece.content for piece in contents.of_kind(FrameKind.ANSWER)), key=_number)
    said = [line for text in (originals, *answers) for line in text.get("transcripts", ()) if isinstance(line, Mapping)]
    surrogates = _group(originals.get("surrogates"))
    return Story(witnesses, petition, surrogates, _files(contents), tuple(answers), tuple(said))


def _number(answer: Mapping[str, Any]) -> int:
    number = answer.get("question")
    return number if isinstance(number, int) else 0


def _witnesses(contents: Contents, order: Any) -> tuple[Mapping[str, Any], ...]:
    statements = {str(piece.content.get("identity")): piece for piece in contents.of_kind(FrameKind.STATEMENT)}
    places = {
        str(_group(entry).get("record")): place for place, entry in enumerate(order if isinstance(order, list) else [])
    }
    identities = sorted(contents.of_kind(FrameKind.IDENTITY), key=lambda piece: places.get(piece.record, len(places)))
    return tuple(_witness(piece, statements.get(piece.record)) for piece in identities)


def _witness(identity: OpenedPiece, statement: OpenedPiece | None) -> Mapping[str, Any]:
    shown = {name: value for name, value in identity.content.items() if name not in _NOT_SHOWN}
    return shown | ({"statement": statement.content.get("statement", "")} if statement else {})


def _files(contents: Contents) -> tuple[tuple[Listed, Mapping[str, Any]], ...]:
    naming = [_only(contents, FrameKind.FILE_INDEX), *(piece.content for piece in contents.of_kind(FrameKind.ANSWER))]
    listed = [listed for content in naming if isinstance(listed := content.get("files"), list)]
    lines = {str(_group(line).get("record")): _group(line) for some in listed for line in some}
    return tuple((entry, lines.get(entry.record, {})) for entry in contents.files)


def _about(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: line.get(name) for name in ("evidence", "name", "title", "size", "sha256")}


def _only(contents: Contents, kind: FrameKind) -> Mapping[str, Any]:
    return next((piece.content for piece in contents.of_kind(kind)), {})


def _group(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
