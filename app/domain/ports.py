"""What the use cases ask of the world: one protocol per thing that has more than one shape.

A use case takes a `Portal` (the bundle below), does its work inside `portal.ledger.write(…)`, and returns when the
transaction and its log entries are durable and signed (law L4). Nothing here knows of SQL, HTTP or files.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from app.domain.deadlines import Dated, Milestone
from app.domain.entities import (
    RECORD,
    AssistedFiling,
    Case,
    CaseId,
    CaseRecipient,
    Enrolment,
    EntryKind,
    HolderSession,
    Manifest,
    PortalFacts,
    Purpose,
    QueueRow,
    Role,
    SealedMessage,
    SealedObject,
    Sitting,
    StaffMember,
    StaffSecrets,
    StaffSession,
    StaffState,
    Stage,
)
from app.domain.events import StoredEvent
from crypto.log.leaf import LeafKind
from crypto.secret import Random, SecretBytes

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Face(StrEnum):
    """Which side of the portal is asking: each has its own routes, cookies and database rights."""

    PETITIONER = "petitioner"
    OFFICE = "office"


@dataclass(frozen=True)
class EntryDraft:
    """What a use case wants logged; the sequencer adds index, time, tag and commitment.

    `case` None makes a system entry with a random tag. `open_kind` is all that stands in the open.
    """

    kind: EntryKind
    actor: str
    role: Role
    case: CaseId | None = None
    open_kind: LeafKind = LeafKind.EVENT
    purpose: Purpose | None = None
    record: str = ""
    detail: str = ""

    def fields(self, time: str) -> dict[str, str]:
        """Return the committed fields; `time` is RFC 3339 in UTC."""
        return {
            "actor": self.actor,
            "case": self.case or "",
            "detail": self.detail,
            "kind": self.kind,
            "purpose": self.purpose or "",
            "record": self.record,
            "role": self.role,
            "time": time,
        }


@dataclass(frozen=True)
class LoggedEntry:
    """An entry that is durable and signed into the tree; `opening_key` reopens its commitment."""

    index: int
    leaf: bytes
    entry_key: SecretBytes
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Committed(Generic[T_co]):
    """What a write returned, and the entries that went with it, in order."""

    value: T_co
    entries: tuple[LoggedEntry, ...] = ()


class CaseRows(Protocol):
    """Cases, manifests, ciphertext indexes, records and cards."""

    def add(self, case: Case, status_hash: str, card_sealed: bytes) -> None: ...
    def get(self, case: CaseId) -> Case | None: ...
    def by_status_hash(self, status_hash: str) -> Case | None: ...
    def matching(self, prefix: str) -> Sequence[CaseId]: ...
    def status_hash_of(self, case: CaseId) -> str | None: ...
    def add_manifest(self, manifest: Manifest) -> None: ...
    def manifest_by_hash(self, sha256: str) -> Manifest | None: ...
    def newest_manifest(self, case: CaseId) -> Manifest | None: ...
    def add_objects(self, items: Sequence[SealedObject]) -> None: ...
    def objects(self, case: CaseId) -> Sequence[SealedObject]: ...
    def object_of_kind(self, case: CaseId, kind: str) -> SealedObject | None: ...
    def get_object(self, case: CaseId, sha256: str) -> SealedObject | None: ...
    def add_record(self, case: CaseId, version: int, sha256: str, body_sealed: bytes) -> None: ...
    def record_sealed(self, case: CaseId, version: int) -> bytes | None: ...
    def queue(self) -> Sequence[QueueRow]: ...
    def card(self, case: CaseId) -> QueueRow | None: ...
    def assign(self, case: CaseId, staff: int, since: int) -> None: ...
    def is_assigned(self, case: CaseId, staff: int) -> bool: ...
    def set_entry_index(self, case: CaseId, index: int) -> None: ...
    def set_stage(self, case: CaseId, stage: Stage) -> None: ...
    def set_suspended(self, case: CaseId, since: int | None) -> None: ...


class EventRows(Protocol):
    """Events of the procedure: appended, read, never changed."""

    def add(self, event: StoredEvent) -> None: ...
    def next_seq(self, case: CaseId) -> int: ...
    def of(self, case: CaseId) -> Sequence[StoredEvent]: ...
    def days(self, case: CaseId) -> Mapping[Milestone, Dated]: ...
    def all_days(self) -> Mapping[CaseId, Mapping[Milestone, Dated]]: ...


class MessageRows(Protocol):
    """Messages to the petitioner: sealed to the case's recipient, which is public; the office adds and never reads."""

    def set_recipient(self, case: CaseId, recipient: CaseRecipient) -> None: ...
    def recipient(self, case: CaseId) -> CaseRecipient | None: ...
    def add(self, message: SealedMessage) -> None: ...
    def of(self, case: CaseId) -> Sequence[SealedMessage]: ...


class PartRows(Protocol):
    """Sealed parts: small ones in rows, larger ones content-addressed beside the database."""

    def add_inline(self, parts: Mapping[str, bytes]) -> None: ...
    def add_stored(self, sizes: Mapping[str, int]) -> None: ...
    def inline(self, sha256: str) -> bytes | None: ...
    def size(self, sha256: str) -> int | None: ...
    def start_upload(self, upload_hash: str, created: int) -> None: ...
    def upload_bytes(self, upload_hash: str) -> int | None: ...
    def open_upload_bytes(self) -> int: ...
    def add_upload_part(self, upload_hash: str, sha256: str, size: int) -> None: ...
    def upload_has(self, upload_hash: str, sha256: str) -> bool: ...
    def upload_part_size(self, upload_hash: str, sha256: str) -> int | None: ...
    def end_upload(self, upload_hash: str) -> None: ...
    def stale_uploads(self, before: int) -> Sequence[str]: ...
    def unreferenced(self, shas: Sequence[str]) -> Sequence[str]: ...


class StaffRows(Protocol):
    """Staff accounts, one-time links, sessions and sittings."""

    def add(self, name: str, role: Role, created: int) -> StaffMember: ...
    def by_name(self, name: str) -> StaffMember | None: ...
    def all(self) -> Sequence[StaffMember]: ...
    def secrets(self, staff: int) -> StaffSecrets | None: ...
    def set_secrets(self, staff: int, secrets: StaffSecrets) -> None: ...
    def forget_secrets(self, staff: int) -> None: ...
    def set_recovery_codes(self, staff: int, hashes: Sequence[str]) -> None: ...
    def has_recovery_code(self, staff: int, code_hash: str) -> bool: ...
    def use_recovery_code(self, staff: int, code_hash: str) -> bool: ...
    def recovery_codes_left(self, staff: int) -> int: ...
    def set_state(self, staff: int, state: StaffState) -> None: ...
    def use_totp_step(self, staff: int, step: int) -> bool: ...
    def add_enrolment(self, enrolment: Enrolment) -> None: ...
    def enrolment(self, token_hash: str) -> Enrolment | None: ...
    def end_enrolments(self, staff: int) -> None: ...
    def add_session(self, token_hash: str, staff: int, now: int) -> None: ...
    def session(self, token_hash: str) -> StaffSession | None: ...
    def touch_session(self, token_hash: str, now: int) -> None: ...
    def end_session(self, token_hash: str) -> None: ...
    def end_sessions_of(self, staff: int) -> None: ...
    def add_sitting(self, sitting: Sitting) -> None: ...
    def newest_sitting(self, staff: int, case: CaseId, record: str = RECORD) -> Sitting | None: ...


class HolderRows(Protocol):
    """Holders' sign-in challenges and sessions."""

    def add_challenge(self, nonce_hash: str, browser_hash: str, case: CaseId, expires: int) -> None: ...
    def take_challenge(self, nonce_hash: str, browser_hash: str, now: int) -> CaseId | None: ...
    def add_session(self, session: HolderSession) -> None: ...
    def session(self, token_hash: str) -> HolderSession | None: ...
    def end_session(self, token_hash: str) -> None: ...
    def reap(self, now: int) -> None: ...


class AssistedRows(Protocol):
    """Filings by assisted intake, to recognise a repeated call."""

    def add(self, filing: AssistedFiling) -> None: ...
    def by_key(self, key_hash: str) -> AssistedFiling | None: ...


class LogRows(Protocol):
    """Entries, openings and published checkpoints, to read."""

    def leaf(self, index: int) -> bytes | None: ...
    def openings(self, start: int, end: int) -> Iterator[tuple[int, bytes, str]]: ...
    def openings_of(self, case: CaseId) -> Sequence[tuple[int, bytes, str]]: ...


class View(Protocol):
    """A consistent look at the rows, without the right to change them."""

    @property
    def cases(self) -> CaseRows: ...
    @property
    def events(self) -> EventRows: ...
    @property
    def messages(self) -> MessageRows: ...
    @property
    def parts(self) -> PartRows: ...
    @property
    def staff(self) -> StaffRows: ...
    @property
    def holders(self) -> HolderRows: ...
    @property
    def assisted(self) -> AssistedRows: ...
    @property
    def log(self) -> LogRows: ...


class Unit(View, Protocol):
    """A share of the sequencer's transaction: rows, log entries, and data keys that must be durable first."""

    def append(self, draft: EntryDraft) -> int:
        """Queue an entry and return the index it will have if the transaction commits."""
        ...

    def keep_keys(self, wrapped: Mapping[str, bytes]) -> None: ...


class Ledger(Protocol):
    """The one way to change anything."""

    def write(self, work: Callable[[Unit], T]) -> Committed[T]:
        """Run work in the next batch; when this returns its rows and entries are durable and signed.

        What `work` raises comes back and leaves nothing behind.
        Raises ServiceError: storage_full, storage_busy, read_only.
        """
        ...

    def view(self) -> AbstractContextManager[View]: ...

    def receipt_proof(self, index: int, extra: bytes | None = None) -> str:
        """Return a tlog-proof for an entry to the checkpoint of the batch it came in (the same each time)."""
        ...


class Log(Protocol):
    """What anyone may fetch of the log: only what a publication tick has let out."""

    def checkpoint(self) -> str: ...
    def tile(self, level: int, index: int, width: int) -> bytes | None: ...
    def bundle(self, index: int, width: int) -> bytes | None: ...
    def published_size(self) -> int: ...


@dataclass(frozen=True)
class CaseKeys:
    """A case's fresh data key and what of it is to be stored; used while the case is being filed."""

    data_key: SecretBytes
    wrapped: Mapping[str, bytes]


class Vault(Protocol):
    """At-rest encryption of what the service may read; identities never pass here."""

    def new_case_keys(self, case: str, case_log_key: SecretBytes) -> CaseKeys: ...
    def seal_record(self, case: str, version: int, body: bytes, keys: CaseKeys | None = None) -> bytes: ...
    def open_record(self, ticket: "AccessTicket", sealed: bytes) -> bytes: ...
    def seal_card(self, case: str, body: bytes, keys: CaseKeys | None = None) -> bytes: ...
    def open_card(self, case: str, sealed: bytes) -> bytes: ...
    def seal_event(self, case: str, seq: int, body: bytes, keys: CaseKeys | None = None) -> bytes: ...
    def open_event(self, case: str, seq: int, sealed: bytes) -> bytes: ...
    def open_opening(self, index: int, case: str, sealed: bytes) -> bytes: ...
    def seal_system(self, label: str, plaintext: bytes) -> bytes: ...
    def open_system(self, label: str, sealed: bytes) -> bytes: ...


@dataclass(frozen=True)
class AccessTicket:
    """Proof inside the process that an access to one version of one record stands in the log (law L4).

    `record` is the petition's own or an answer's (`answer-7`). Made only by `app.domain.policy`; the vault opens
    nothing without one.
    """

    case: CaseId
    version: int
    entry_index: int
    _issued_by_policy: object = field(repr=False)
    record: str = RECORD


class Blobs(Protocol):
    """Content-addressed ciphertext outside the database."""

    def put(self, sha256: str, data: bytes) -> None: ...
    def get(self, sha256: str) -> bytes: ...
    def delete(self, sha256: str) -> None: ...


class Passwords(Protocol):
    """Argon2id in one lane per host; both raise LimitError, sign_in_busy, when too many wait for it."""

    def hash(self, password: SecretBytes) -> str: ...
    def verify(self, stored: str | None, password: SecretBytes) -> bool:
        """Tell whether a password fits; a stored None takes the same time and never fits."""
        ...


class StatementSigner(Protocol):
    """Signs what the portal states: receipts and status."""

    def sign(self, kind: str, body: Mapping[str, object]) -> str: ...


@dataclass(frozen=True)
class Portal:
    """Everything a use case may touch, bound to one face."""

    face: Face
    facts: PortalFacts
    ledger: Ledger
    log: Log
    vault: Vault
    blobs: Blobs
    passwords: Passwords
    statements: StatementSigner
    clock: Callable[[], int]
    random: Random


@dataclass(frozen=True, kw_only=True)
class Faces:
    """The faces that this process serves: both, or one of them where each has a process and database role of its own.

    Routes of a face are there only where the face is, so that asking for an absent one is a mistake: KeyError.
    """

    faces: Mapping[Face, Portal]

    @property
    def petitioner(self) -> Portal:
        """The portal with the rights of the petitioners' face."""
        return self.faces[Face.PETITIONER]

    @property
    def office(self) -> Portal:
        """The portal with the rights of the office's face."""
        return self.faces[Face.OFFICE]

    @property
    def public(self) -> Portal:
        """The portal for what anyone may know, through whichever face is here."""
        return next(iter(self.faces.values()))
