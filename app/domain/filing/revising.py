"""The next version of a case: what stays as it is sealed, what is sealed anew, and the manifest that says so. Pure.

1. A witness is the same by their mark, or by their name where there is none: the slip key stays, and the whole object
   where nothing changed.
2. A statement stays with the identity that it belongs to; a file stays while its content, name and entry do. Files
   that the index does not name belong to an answer: they stay.
3. A record that says the same stays, with its salt; any other has a salt of its own, else who has the one could test
   guesses for the other.
4. The originals are sealed anew; the file index only if it changed. The case key stays within its epoch.
5. The manifest names the version before and is signed by the key which that one calls its signer.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.filing.copies import SealedCopy, copies_named, seal_copies
from app.domain.filing.parts import PartSink, PartStore
from app.domain.filing.preparation import UPLOAD_ID_SIZE
from app.domain.filing.review import Settled
from app.domain.filing.sealing import (
    CaseKey,
    CaseSealer,
    FileSource,
    file_line,
    identity_body,
    mark_of,
    originals_body,
    seal_identity,
    statement_body,
)
from app.domain.filing.told import Told, joined, told_of
from app.domain.paths import path_text
from app.domain.petition.model import Petition, Witness
from crypto.canonical import canonical_json
from crypto.digest import new_sha256, sha256_hex
from crypto.framing import FrameKind
from crypto.keys import case_keys
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import Random

_PIECE = 1024 * 1024
_OURS = frozenset({"v", "label", "slip_key"})
"""What an identity holds besides what its petition says."""


@dataclass(frozen=True)
class Piece:
    """A sealed object, opened: its mark and the JSON inside."""

    record: str
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Known:
    """A case as its holder has opened it: the newest version."""

    key: CaseKey
    manifest: Mapping[str, Any]
    manifest_sha256: str
    identities: tuple[Piece, ...]
    statements: tuple[Piece, ...]
    originals: Piece
    index: Piece
    answers: tuple[Piece, ...] = ()

    @property
    def lines(self) -> Sequence[Mapping[str, Any]]:
        """The lines of the file index."""
        return tuple(self.index.content.get("files", ()))

    def line_of(self, evidence: str) -> Mapping[str, Any] | None:
        """Return the line of the file that belongs to a piece of evidence."""
        return next((line for line in self.lines if line.get("evidence") == evidence), None)

    def identity_of(self, witness: Witness) -> Piece | None:
        """Return the sealed identity of a witness of a later text."""
        name = witness.model_dump(by_alias=True, exclude_none=True).get("name")
        for piece in self.identities:
            mark = piece.content.get("id")
            if (mark == witness.id) if witness.id else (mark is None and piece.content.get("name") == name):
                return piece
        return None

    def statement_of(self, identity: str) -> Piece | None:
        """Return the statement that belongs to an identity."""
        return next((piece for piece in self.statements if piece.content.get("identity") == identity), None)

    def answer_of(self, question: int) -> Piece | None:
        """Return the sealed answer to a question."""
        return next((piece for piece in self.answers if piece.content.get("question") == question), None)

    def said(self, question: int | None = None) -> dict[str, str]:
        """Return what is said in recordings, as it was written, by the mark of their evidence."""
        text = self.answer_of(question) if question is not None else self.originals
        lines = text.content.get("transcripts", ()) if text is not None else ()
        return {str(line["evidence"]): str(line["text"]) for line in lines}

    def transcripts(self, petition: Petition, question: int | None = None) -> dict[str, str]:
        """Return what is said in recordings, as it was written, by the path of their entry in a later text.

        With `question` that is an answer to it.
        """
        said = self.said(question)
        marks = {path_text(("evidence", place)): mark_of(place, item) for place, item in enumerate(petition.evidence)}
        return {path: said[mark] for path, mark in marks.items() if mark in said}

    @property
    def last_copy(self) -> int:
        """The highest number of a copy of evidence, of the petition or of an answer."""
        return max((int(entry["copy"]) for entry in self.manifest.get("copies", ())), default=0)

    def told(self) -> Told:
        """Return what people decided about the texts of this case so far: those of the petition and of its answers."""
        of_answers = (
            told_of(
                piece.content.get("review", ()),
                {"facts": {"narrative": piece.content.get("text", "")}, **piece.content},
            )
            for piece in self.answers
        )
        return joined([told_of(self.originals.content.get("review", ()), self.petition()), *of_answers])

    def petition(self) -> dict[str, Any]:
        """Return the petition as it was written, witnesses and statements in their places, files left out."""
        plain = dict(self.originals.content["petition"])
        identities = {piece.record: piece for piece in self.identities}
        plain["witnesses"] = [self._witness(identities[entry["record"]]) for entry in plain.get("witnesses", [])]
        return plain

    def _witness(self, identity: Piece) -> dict[str, Any]:
        person = {name: value for name, value in identity.content.items() if name not in _OURS}
        statement = self.statement_of(identity.record)
        return person | ({"statement": statement.content["statement"]} if statement else {})

    def labels(self, petition: Petition) -> dict[str, str]:
        """Return the labels that witnesses have already, by their place in a later text; those of others by mark."""
        labels = {
            path_text(("witnesses", place)): str(piece.content.get("label", ""))
            for place, witness in enumerate(petition.witnesses)
            if (piece := self.identity_of(witness)) is not None
        }
        known = set(labels.values())
        gone = {piece.record: str(piece.content.get("label", "")) for piece in self.identities}
        return labels | {mark: label for mark, label in gone.items() if label not in known}


@dataclass(frozen=True)
class Differences:
    """What a next version changes, in numbers, for the person who sends it."""

    witnesses_added: int
    witnesses_removed: int
    witnesses_changed: int
    files_added: int
    files_removed: int
    record: bool
    originals: bool
    copies: int = 0

    @property
    def nothing(self) -> bool:
        """Whether the next version would be the same."""
        counts = (self.witnesses_added, self.witnesses_removed, self.witnesses_changed)
        return not any((*counts, self.files_added, self.files_removed, self.record, self.originals, self.copies))


@dataclass(frozen=True, eq=False)
class Revision:
    """One call of a next version, and what it changes; `uploaded` parts went to the sink, `parts` travel inside."""

    manifest: str
    record: str | None
    answer: Mapping[str, Any] | None
    upload: str | None
    parts: Mapping[str, bytes] = field(repr=False)
    uploaded: tuple[str, ...] = ()
    differences: Differences | None = None
    copies: tuple[SealedCopy, ...] = ()

    def body(self) -> dict[str, Any]:
        """Return the call's JSON body as plain values."""
        return {
            "manifest": self.manifest,
            "record": self.record,
            "answer": dict(self.answer) if self.answer else None,
            "upload": self.upload,
            "parts": {name: base64.b64encode(data).decode() for name, data in self.parts.items()},
            "copies": [copy.body() for copy in self.copies],
        }


def signer_of(key: CaseKey) -> NoteSigner:
    """Return who signs the version after one of this case key."""
    return NoteSigner(f"{key.portal}/case", case_keys(key.seed).signer)


def next_manifest(key: CaseKey, newest: Mapping[str, Any], sha256: str, changed: Mapping[str, Any]) -> str:
    """Return the signed manifest after the newest one, of this hash, with the members that change (step 5)."""
    follows = {"version": newest["version"] + 1, "previous": sha256, "destroys": False}
    return sign_typed(NoteType.MANIFEST, {**newest, **follows, **changed}, [signer_of(key)])


def revise(
    known: Known,
    settled: Settled,
    files: Mapping[str, FileSource],
    sink: PartSink,
    random: Random,
    *,
    destroys: bool = False,
) -> Revision:
    """Return the call for a settled petition that follows a known version.

    `files` by the path of their evidence entry, as in filing; evidence without one keeps the file that it had.

    Raises:
        FilingError: an identity does not fit into 16 KiB, a file is missing or changed.
    """
    settled = _salted(known, settled)  # 3
    store = PartStore(sink)
    work = _Work(known, settled, CaseSealer(known.key, store, random))
    work.people()  # 1, 2
    work.files(files)  # 2
    work.originals()  # 4
    record = sha256_hex(settled.record_text.encode())
    objects = work.entries()
    copies, named = _copies(known, settled, store, random)  # 6
    changed = {"objects": objects, "record": record, "review": settled.summary, "destroys": destroys, "copies": named}
    manifest = next_manifest(known.key, known.manifest, known.manifest_sha256, changed)  # 5
    return Revision(
        manifest=manifest,
        record=None if record == known.manifest["record"] else settled.record_text,
        answer=None,
        upload=random(UPLOAD_ID_SIZE).hex() if store.uploaded else None,
        parts=store.inline,
        uploaded=tuple(store.uploaded),
        differences=replace(work.differences(record), copies=len(copies)),
        copies=copies,
    )


def _copies(
    known: Known, settled: Settled, store: PartStore, random: Random
) -> tuple[tuple[SealedCopy, ...], list[dict[str, Any]]]:
    """Return the copies of evidence that are new or show something else, and the manifest's lines of all of them."""
    language = settled.record["language"]
    return copies_named(
        known.manifest,
        known.originals.content.get("copies", ()),
        settled.copies.values(),
        lambda new: seal_copies(known.key.case, new, language, store, random),
    )


class _Work:
    """The steps of one revision, with the marks of what stays."""

    def __init__(self, known: Known, settled: Settled, sealer: CaseSealer) -> None:
        self._known = known
        self._settled = settled
        self._sealer = sealer
        self._entries = {entry["record"]: entry for entry in known.manifest["objects"]}
        self._kept = _of_others(known)
        self._identities: dict[int, str] = {}
        self._seen: set[str] = set()
        self._added = self._changed = 0
        self._lines: list[dict[str, Any]] = []
        self._originals_changed = False

    def people(self) -> None:
        """Seal the witnesses who are new or changed, and their statements; keep the others."""
        for place, witness in enumerate(self._settled.petition.witnesses):
            self._identities[place] = self._person(place, witness)
            if witness.statement:
                self._statement(place, witness)

    def _person(self, place: int, witness: Witness) -> str:
        before = self._known.identity_of(witness)
        slip = base64.b64decode(before.content["slip_key"]) if before else None
        label = self._settled.surrogates.get(path_text(("witnesses", place)), "")
        body = identity_body(witness, label, slip or self._sealer.random(32))
        if before is not None:
            self._seen.add(before.record)
            if dict(before.content) == body:
                self._kept.add(before.record)
                return before.record
        self._added += before is None
        self._changed += before is not None
        return seal_identity(self._sealer, place, body)

    def _statement(self, place: int, witness: Witness) -> None:
        body = statement_body(witness, self._identities[place])
        before = self._known.statement_of(self._identities[place])
        if before is not None and dict(before.content) == body:
            self._kept.add(before.record)
            return
        self._changed += self._identities[place] in self._kept
        self._sealer.body(FrameKind.STATEMENT, self._sealer.new_record(), body)

    def files(self, files: Mapping[str, FileSource]) -> None:
        """Seal the files that are new or changed, keep the others, and write the index if it is another."""
        for place, item in enumerate(self._settled.petition.evidence):
            path = path_text(("evidence", place))
            before = self._known.line_of(item.id or path)
            source = files.get(path)
            if source is not None and not (before and is_same(before, source)):
                record = self._sealer.new_record()
                self._lines.append(file_line(self._sealer, record, path, item, source))
            elif before is not None:
                self._kept.add(str(before["record"]))
                self._lines.append({**before, "title": item.title or ""})
        if self._lines == [dict(line) for line in self._known.lines]:
            self._kept.add(self._known.index.record)
        else:
            body = {"v": 1, "files": self._lines}
            self._sealer.body(FrameKind.FILE_INDEX, self._sealer.new_record(), body)

    def originals(self) -> None:
        """Seal every text as written; they stay only if nothing of them changed."""
        body = originals_body(self._settled, self._identities)
        before = dict(self._known.originals.content)
        self._originals_changed = body["petition"] != before.get("petition")
        if body == before:
            self._kept.add(self._known.originals.record)
        else:
            self._sealer.body(FrameKind.ORIGINALS, self._sealer.new_record(), body)

    def entries(self) -> list[dict[str, Any]]:
        """Return every object of the next version, in an order that says nothing."""
        kept = [dict(self._entries[mark]) for mark in self._kept]
        entries = [*kept, *(item.entry() for item in self._sealer.objects)]
        return sorted(entries, key=lambda entry: (entry["kind"], entry["record"]))

    def differences(self, record: str) -> Differences:
        """Return what changes."""
        files = {line["record"] for line in self._lines}
        before = {line["record"] for line in self._known.lines}
        return Differences(
            witnesses_added=self._added,
            witnesses_removed=len(self._known.identities) - len(self._seen),
            witnesses_changed=self._changed,
            files_added=len(files - before),
            files_removed=len(before - files),
            record=record != self._known.manifest["record"],
            originals=self._originals_changed,
        )


def _salted(known: Known, settled: Settled) -> Settled:
    """Return what was settled with the salt of the version before, if the office reads the same."""
    record = {**settled.record, "salt": known.originals.content.get("salt")}
    text = canonical_json(record).decode()
    same = sha256_hex(text.encode()) == known.manifest["record"]
    return replace(settled, record=record, record_text=text) if same else settled


def _of_others(known: Known) -> set[str]:
    """Return the marks of what a petition does not say: the case key, answers, and files that only answers name."""
    own = (FrameKind.IDENTITY, FrameKind.STATEMENT, FrameKind.FILE_INDEX, FrameKind.ORIGINALS)
    listed = {line["record"] for line in known.lines}
    objects = known.manifest["objects"]
    return {item["record"] for item in objects if item["kind"] not in own and item["record"] not in listed}


def is_same(line: Mapping[str, Any], source: FileSource) -> bool:
    """Tell whether a file on this device is the one that was sealed; it is read only where name and size are equal."""
    if (line.get("name"), line.get("size")) != (source.name, source.size):
        return False
    reader, digest = source.open(), new_sha256()
    while data := reader.read(_PIECE):
        digest.update(data)
    return bool(line.get("sha256") == digest.hexdigest())
