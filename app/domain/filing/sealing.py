"""Seals everything that must not be read: identities, statements, originals, files, and the case key itself.

1. One identity per witness, all of one size (16 KiB); the seed of the witness's slip key is made here and stands
   inside from the first version on.
2. Their statements apart from them: who may open a story need not learn the name.
3. Files, streamed: a file larger than memory passes in pieces.
4. The file index: names, hashes and titles of the originals. The portal never gets a hash of an original: the
   employer wrote the dismissal letter, and a matching hash would name its receiver.
5. The originals: every text as written, and every sealed field; without the identities.
6. The case key, to eight holders.
7. The office's copies of evidence, under keys that only the call brings.
"""

import base64
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.errors import FilingError
from app.domain.filing.copies import SealedCopy, lines_of, seal_copies, transcripts_of
from app.domain.filing.manifest import MAX_FILES
from app.domain.filing.parts import PartSink, PartStore, PartWriter, SealedObject
from app.domain.filing.preparation import Preparation, RosterEntry
from app.domain.filing.review import Settled
from app.domain.paths import leaves, path_text
from app.domain.petition.model import LOCAL, Evidence, Petition, Witness
from crypto.age import HybridRecipient, Source, identity_text, seal_stream
from crypto.digest import new_sha256
from crypto.errors import FrameError
from crypto.framing import IDENTITY_SIZE, FramedSource, FrameKind, Head, frame
from crypto.keys import holder_commitment
from crypto.secret import Random, SecretBytes

RECORD_ID_SIZE = 8
SLIP_SEED_SIZE = 32
EPOCH = 1


class FileSource(Protocol):
    """An original file: its name without folders, its size in bytes, and its content from the beginning."""

    @property
    def name(self) -> str: ...  # said above
    @property
    def size(self) -> int: ...  # said above
    def open(self) -> Source: ...  # said above


@dataclass(frozen=True)
class MemoryFile:
    """A file whose content is in memory already, as in assisted intake."""

    name: str
    data: bytes

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return len(self.data)

    def open(self) -> Source:
        """Return the content from its beginning."""
        return io.BytesIO(self.data)


@dataclass(frozen=True)
class Sealed:
    """All sealed objects of a filing; `inline` parts travel in the call, `uploaded` ones went to the sink."""

    objects: tuple[SealedObject, ...]
    inline: Mapping[str, bytes]
    uploaded: tuple[str, ...]
    copies: tuple[SealedCopy, ...] = ()


class _HashingSource:
    """Reads a file and hashes it on the way."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.digest = new_sha256()

    def read(self, size: int, /) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


@dataclass(frozen=True)
class CaseKey:
    """A case key of an epoch, and what its sealed object holds besides it."""

    portal: str
    case: str
    genesis: str
    epoch: int
    seed: SecretBytes
    recipient: str
    case_log_key: SecretBytes
    roster: tuple[RosterEntry, ...]
    earlier: tuple[SecretBytes, ...] = ()
    """Seeds of the epochs before, oldest first: what the office sealed to those keys opens with them only."""


class CaseSealer:
    """Seals objects of one case and epoch, one after the other; `objects` are those so far."""

    def __init__(self, key: CaseKey, store: PartStore, random: Random) -> None:
        """Take the case key, and where the parts go."""
        self.key = key
        self.random = random
        self._store = store
        self._case = [HybridRecipient.parse(key.recipient)]
        self.objects: list[SealedObject] = []

    def new_record(self) -> str:
        """Return the mark of a new object."""
        return self.random(RECORD_ID_SIZE).hex()

    def head(self, kind: FrameKind, record: str, length: int | None = None) -> Head:
        """Return the place of an object."""
        return Head(self.key.portal, self.key.case, kind, record, self.key.epoch, length)

    def body(self, kind: FrameKind, record: str, body: Mapping[str, Any], size: int | None = None) -> None:
        """Seal a JSON body to the case key; raises FrameError if it does not fit into `size`."""
        self.data(kind, record, _json(body), size)

    def data(self, kind: FrameKind, record: str, data: bytes, size: int | None = None) -> None:
        """Seal bytes to the case key; raises FrameError if they do not fit into `size`."""
        self._stream(kind, record, io.BytesIO(frame(self.head(kind, record), data, size)), self._case)

    def file(self, record: str, source: Source, size: int) -> None:
        """Seal a file of `size` bytes to the case key; raises FrameError if it has another length."""
        head = self.head(FrameKind.FILE, record, size)
        self._stream(FrameKind.FILE, record, FramedSource(head, source), self._case)

    def case_key(self) -> None:
        """Seal the case key itself to its eight recipients."""
        key = self.key
        body: dict[str, Any] = {
            "case_identity": identity_text(key.seed).reveal().decode(),
            "case_log_key": base64.b64encode(key.case_log_key.reveal()).decode(),
            "roster": [
                {"recipient": str(entry.recipient), "salt": base64.b64encode(entry.salt).decode(), "label": entry.label}
                for entry in key.roster
            ],
            "genesis": key.genesis,
        }
        if key.earlier:
            body["earlier"] = [identity_text(seed).reveal().decode() for seed in key.earlier]
        record = self.new_record()
        framed = frame(self.head(FrameKind.CASE_KEY, record), _json(body))
        recipients = [entry.recipient for entry in key.roster]
        self._stream(FrameKind.CASE_KEY, record, io.BytesIO(framed), recipients)

    def _stream(self, kind: FrameKind, record: str, source: Source, recipients: list[HybridRecipient]) -> None:
        writer = PartWriter(self._store)
        seal_stream(source, writer, recipients, random=self.random)
        self.objects.append(writer.finish(kind, record))


def seal(
    prepared: Preparation, settled: Settled, files: Mapping[str, FileSource], sink: PartSink, random: Random
) -> Sealed:
    """Seal a settled petition; `files` by the path of their evidence entry, such as `evidence[0]`.

    Raises:
        FilingError: an identity does not fit into 16 KiB (names the longest field), a file is missing or changed.
    """
    petition = settled.petition
    _check_files(petition, files)
    store = PartStore(sink)
    sealer = CaseSealer(first_key(prepared), store, random)
    identities = _seal_identities(sealer, settled)  # 1
    _seal_statements(sealer, petition, identities)  # 2
    index = [_seal_file(sealer, petition, path, source) for path, source in files.items()]  # 3
    sealer.body(FrameKind.FILE_INDEX, sealer.new_record(), {"v": 1, "files": index})  # 4
    originals = originals_body(settled, identities)
    sealer.body(FrameKind.ORIGINALS, sealer.new_record(), originals)  # 5
    sealer.case_key()  # 6
    copies = seal_copies(prepared.case, settled.copies.values(), settled.record["language"], store, random)  # 7
    # By random mark: the order in which things were sealed joins a statement to its identity.
    objects = sorted(sealer.objects, key=lambda entry: (entry.kind, entry.record))
    return Sealed(tuple(objects), store.inline, tuple(store.uploaded), copies)


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


# 1.


def _seal_identities(sealer: CaseSealer, settled: Settled) -> dict[int, str]:
    records = {}
    for place, witness in enumerate(settled.petition.witnesses):
        label = settled.surrogates.get(f"witnesses[{place}]", "")
        records[place] = seal_identity(sealer, place, identity_body(witness, label, sealer.random(SLIP_SEED_SIZE)))
    return records


def identity_body(witness: Witness, label: str, slip_key: bytes) -> dict[str, Any]:
    """Return what is sealed of a witness, without the statement; `slip_key` is theirs from the first version on."""
    body: dict[str, Any] = witness.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"statement"})
    return {"v": 1, **body, "label": label, "slip_key": base64.b64encode(slip_key).decode()}


def seal_identity(sealer: CaseSealer, place: int, body: Mapping[str, Any]) -> str:
    """Seal a witness's identity and return its mark. Raises FilingError: it does not fit, with the longest field."""
    record = sealer.new_record()
    try:
        sealer.body(FrameKind.IDENTITY, record, body, IDENTITY_SIZE)
    except FrameError:
        longest = _longest_field(body)
    else:
        return record
    path = path_text(("witnesses", place, longest))
    raise FilingError("identity_too_large", path, limit=IDENTITY_SIZE // 1024)


def _longest_field(body: Mapping[str, Any]) -> str:
    sizes = {name: sum(len(str(leaf).encode()) for _, leaf in leaves({name: value})) for name, value in body.items()}
    return max(sizes, key=lambda name: sizes[name])


# 2.


def _seal_statements(sealer: CaseSealer, petition: Petition, identities: Mapping[int, str]) -> None:
    for place, witness in enumerate(petition.witnesses):
        if witness.statement:
            sealer.body(FrameKind.STATEMENT, sealer.new_record(), statement_body(witness, identities[place]))


def statement_body(witness: Witness, identity: str) -> dict[str, Any]:
    """Return what is sealed of a witness's statement."""
    return {"v": 1, "id": witness.id, "identity": identity, "statement": witness.statement}


# 3.


def _check_files(petition: Petition, files: Mapping[str, FileSource]) -> None:
    wanted = {path_text(("evidence", place)) for place, item in enumerate(petition.evidence) if item.file}
    missing = sorted(wanted.symmetric_difference(files))
    if missing:
        raise FilingError("file_missing", missing[0])
    if len(files) > MAX_FILES:
        raise FilingError("too_many_files", "evidence", limit=MAX_FILES)


def _seal_file(sealer: CaseSealer, petition: Petition, path: str, source: FileSource) -> dict[str, Any]:
    place = next(number for number in range(len(petition.evidence)) if path_text(("evidence", number)) == path)
    return file_line(sealer, sealer.new_record(), path, petition.evidence[place], source)


def file_line(sealer: CaseSealer, record: str, path: str, item: Evidence, source: FileSource) -> dict[str, Any]:
    """Seal a file under a mark and return its line of the index. Raises FilingError: file_changed."""
    content = _HashingSource(source.open())
    try:
        sealer.file(record, content, source.size)
    except FrameError:
        changed = True
    else:
        changed = False
    if changed:
        raise FilingError("file_changed", path)
    return {
        "record": record,
        "evidence": item.id or path,
        "name": source.name,
        "size": source.size,
        "sha256": content.digest.hexdigest(),
        "title": item.title or "",
    }


# 5.


def originals_body(settled: Settled, identities: Mapping[int, str]) -> dict[str, Any]:
    """Return what is sealed of the texts as written; `identities` are the witnesses' marks by place."""
    plain = settled.petition.model_dump(mode="json", by_alias=True, exclude_none=True)
    kept = {name: value for name, value in plain.items() if name not in ("synthetic", "fixture", "witnesses")}
    kept["evidence"] = [
        {name: each for name, each in item.items() if name not in LOCAL and each != []} for item in plain["evidence"]
    ]
    witnesses = settled.petition.witnesses
    kept["witnesses"] = [{"id": witness.id, "record": identities[place]} for place, witness in enumerate(witnesses)]
    marks = {
        path_text(("evidence", place)): mark_of(place, item) for place, item in enumerate(settled.petition.evidence)
    }
    copies = {"copies": lines_of(settled.copies, marks)} if settled.copies else {}
    return {
        "v": 1,
        "salt": settled.record["salt"],
        **copies,
        **transcripts_of(settled.transcripts, marks),
        "petition": kept,
        "surrogates": dict(settled.surrogates),
        "review": [dict(entry) for entry in settled.decisions],
    }


def mark_of(place: int, item: Evidence) -> str:
    """Return by what a piece of evidence is known again in a later version."""
    return item.id or path_text(("evidence", place))


def first_key(prepared: Preparation) -> CaseKey:
    """Return the case key with which a case begins."""
    return CaseKey(
        portal=prepared.portal,
        case=prepared.case,
        genesis=prepared.genesis,
        epoch=EPOCH,
        seed=prepared.case_seed,
        recipient=prepared.case_keys.recipient,
        case_log_key=prepared.case_log_key,
        roster=prepared.roster,
    )


def roster_commitments(roster: Iterable[RosterEntry]) -> list[str]:
    """Return what stands for each of the eight recipients in the manifest, in base64."""
    commitments = (holder_commitment(entry.salt, str(entry.recipient)) for entry in roster)
    return [base64.b64encode(entry).decode() for entry in commitments]
