"""What the portal keeps, as the use cases see it: plain frozen values, no storage in them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

CaseId = NewType("CaseId", str)
"""A case's self-certifying number: 26 lower-case base32 characters (crypto.keys.case_id)."""


class Role(StrEnum):
    """Who somebody is to the portal."""

    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    PANEL = "panel"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    HOLDER = "holder"
    PETITIONER = "petitioner"
    PORTAL = "portal"


READERS = frozenset({Role.REVIEWER, Role.COORDINATOR, Role.PANEL})
"""Those of the office who see cards, read records and decide."""
STAFF_ROLES = (Role.REVIEWER, Role.COORDINATOR, Role.PANEL, Role.AUDITOR, Role.OPERATOR)


class Purpose(StrEnum):
    """Why a record is read (domain reference, section 10)."""

    REVIEW = "REVIEW"
    CLARIFICATION = "CLARIFICATION"
    EXPORT = "EXPORT"
    REPRISAL_RESPONSE = "REPRISAL_RESPONSE"
    LEGAL_ORDER = "LEGAL_ORDER"
    AUDIT = "AUDIT"
    KEY_RECOVERY = "KEY_RECOVERY"
    CORRECTION = "CORRECTION"


class EntryKind(StrEnum):
    """What an access-log entry commits to; only its coarse kind stands in the open."""

    PETITION_RECEIVED = "petition_received"
    PETITION_REVISED = "petition_revised"
    CASE_REFILED = "case_refiled"
    RECORD_READ = "record_read"
    RECORD_REFUSED = "record_refused"
    ANSWER_READ = "answer_read"
    EVIDENCE_READ = "evidence_read"
    CASE_OPENED = "case_opened"
    RECORD_READ_BY_HOLDER = "record_read_by_holder"
    OPENINGS_READ = "openings_read"
    MARKS_HANDED_OVER = "marks_handed_over"
    ROWS_READ = "rows_read"
    DRAW_ANNOUNCED = "draw_announced"
    STAFF_ENROLLED = "staff_enrolled"
    STAFF_ACTIVATED = "staff_activated"
    STAFF_DISABLED = "staff_disabled"
    STAFF_RESET = "staff_reset"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    CASE_ASSIGNED = "case_assigned"
    CASE_UNASSIGNED = "case_unassigned"
    CASE_HANDED_OVER = "case_handed_over"
    DEVICE_ADDED = "device_added"
    DEVICE_REMOVED = "device_removed"
    SIGNING_RULE = "signing_rule"
    STAFF_ON_LEAVE = "staff_on_leave"
    STAFF_BACK = "staff_back"
    NOTE_WRITTEN = "note_written"
    NOTES_READ = "notes_read"
    ACKNOWLEDGED = "acknowledged"
    STAGE_CHANGED = "stage_changed"
    DECISION_DRAFTED = "decision_drafted"
    DECISION_APPROVED = "decision_approved"
    CORRECTION = "correction"
    QUESTION_ASKED = "question_asked"
    PLACE_FLAGGED = "place_flagged"
    QUESTION_WITHDRAWN = "question_withdrawn"
    QUESTION_ANSWERED = "question_answered"
    MESSAGES_READ = "messages_read"
    PETITION_WITHDRAWN = "petition_withdrawn"
    ACCESS_SUSPENDED = "access_suspended"
    ACCESS_RESTORED = "access_restored"
    PUBLIC_RELEASED = "public_released"
    PUBLIC_WITHDRAWN = "public_withdrawn"
    PUBLIC_HANDED_ON = "public_handed_on"
    PUBLIC_READ = "public_read"
    NOTICE_SET = "notice_set"
    NOTICE_CLEARED = "notice_cleared"
    STEP_REFUSED = "step_refused"
    LOG_OPENED = "log_opened"
    LOG_SUCCEEDED = "log_succeeded"
    LOG_RESTORED = "log_restored"
    LOG_KEYS_ANNOUNCED = "log_keys_announced"
    LOG_KEYS_ENDED = "log_keys_ended"
    DESTRUCTION_ANNOUNCED = "destruction_announced"
    CASE_DESTROYED = "case_destroyed"
    PORTAL_STARTED = "portal_started"
    PORTAL_VERSION = "portal_version"


class Stage(StrEnum):
    """Where a case stands (domain reference, section 8); `app.domain.procedure` says how it moves."""

    RECEIVED = "RECEIVED"
    FILED = "FILED"
    US_REVIEW = "US_REVIEW"
    REQUEST_SENT = "REQUEST_SENT"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


RECORD = "record"
"""The name of a petition's own redacted record, beside those of its answers."""


EVIDENCE = "evidence-"
"""How the names of copies of evidence begin (`app.domain.filing.copies`)."""


NOTES = "notes"
"""The name of a case's notes among what is read under a sitting."""


PUBLIC = "public"
"""The name of a public version among the records of a case."""
EVERYONE = "everyone"
"""To whom a public version is given that anybody may read (`app.domain.released`)."""
_READING = {RECORD: EntryKind.RECORD_READ, NOTES: EntryKind.NOTES_READ, PUBLIC: EntryKind.PUBLIC_READ}


def reading_kind(record: str) -> EntryKind:
    """Return how the log calls the reading of a record of a name."""
    if record in _READING:
        return _READING[record]
    return EntryKind.EVIDENCE_READ if record.startswith(EVIDENCE) else EntryKind.ANSWER_READ


class StaffState(StrEnum):
    """Whether a staff account can be used."""

    INVITED = "invited"
    ACTIVE = "active"
    ON_LEAVE = "on_leave"
    DISABLED = "disabled"


SIGNING_IN = frozenset({StaffState.ACTIVE, StaffState.ON_LEAVE})
"""Who is on leave may still sign in: to come back, or to finish what only they can."""


@dataclass(frozen=True)
class FormerLog:
    """A log that this portal's log succeeded after a loss; the first `kept` entries are its own.

    `note` is the statement about it (`resguardo/successor/v1`), `checkpoint` its last published one that still holds.
    """

    origin: str
    log_vkey: str
    log_pq_vkey: str
    statement_vkey: str
    kept: int
    checkpoint: str | None
    note: str


@dataclass(frozen=True)
class PortalFacts:
    """What is public about this portal; `publish_every` in seconds, `notice_from` whence it mails, if it does.

    `trace_to` is the public key of the auditor without whom no reader's mark is traced, None where there is none.
    `key_changes`: every announcement of keys (`crypto.log.keychange`) that was followed, of former logs too, in order.
    `signed_requests`: whether readers' devices sign (`crypto.access_request.RULES`).
    `reports_to`: URI to which flaws of the portal are reported, None where its operator gave none.
    """

    name: str
    log_origin: str
    log_vkey: str
    log_pq_vkey: str
    statement_vkey: str
    deployment: str
    url: str | None
    publish_every: int
    before: tuple[FormerLog, ...] = ()
    key_changes: tuple[str, ...] = ()
    notice_from: str | None = None
    trace_to: str | None = None
    signed_requests: str = "offered"
    reports_to: str | None = None


@dataclass(frozen=True)
class Case:
    """One petition in custody: what is needed to find, serve and clock it; times are unix seconds.

    `version` is that of the redacted record in force: the number of the manifest that brought it. `suspended` is when
    the petitioner stopped the office's access, None while it is open.
    """

    id: CaseId
    genesis: str
    sign_in_vkey: str
    stage: Stage
    received_at: int
    entry_index: int
    log_counter: int
    version: int
    suspended: int | None = None


@dataclass(frozen=True)
class CaseRecipient:
    """The public key to which whatever is for a case's holders is sealed, and its epoch (from 1)."""

    recipient: str
    epoch: int


@dataclass(frozen=True)
class SealedMessage:
    """A question of the office, sealed to the case: `question` is its event's number, `record` its random mark.

    `body` is empty once a holder sealed it anew to a later case key: then it is the case's object of this hash.
    """

    case: CaseId
    question: int
    epoch: int
    record: str
    sha256: str
    body: bytes


@dataclass(frozen=True)
class Manifest:
    """A signed manifest note of a case and its hash, which is its idempotency key; `entry_index` is its log entry's."""

    case: CaseId
    version: int
    note: str
    sha256: str
    entry_index: int


@dataclass(frozen=True)
class CaseLink:
    """That a case refiles an earlier one: `note` is signed by the keys of both; `entry_index` is of its own history."""

    case: CaseId
    earlier: CaseId
    note: str
    entry_index: int


@dataclass(frozen=True)
class Released:
    """A public version that petitioners gave out; `note` is what they signed of it, times are unix seconds.

    `audience` is "office" or "everyone" (`app.domain.released`), `entry_index` that of the release, `withdrawn` when it
    was called back, None while it is in force.
    """

    case: CaseId
    version: int
    sha256: str
    audience: str
    note: str
    released: int
    entry_index: int
    withdrawn: int | None = None


@dataclass(frozen=True)
class SealedObject:
    """A ciphertext in custody; `parts` are hashes of its pieces in order, `size` in bytes."""

    case: CaseId
    sha256: str
    kind: str
    record: str
    size: int
    parts: tuple[str, ...]


def answer_name(question: int) -> str:
    """Return the name of the answer to a question among a case's records."""
    return f"answer-{question}"


@dataclass(frozen=True)
class RecordPlace:
    """A version of a readable record of a case: `record`, or an answer; as the log names it, `record/1`."""

    case: CaseId
    record: str
    version: int

    def __str__(self) -> str:
        """Return how log entries name it."""
        return f"{self.record}/{self.version}"


@dataclass(frozen=True)
class Notice:
    """What is stored about a case's mail: the encrypted address, None if nobody wants any, and when one last left."""

    case: CaseId
    address_sealed: bytes | None = field(repr=False)
    last_sent: int | None


@dataclass(frozen=True)
class Due:
    """Something waits in a case since a step; a message may leave from `not_before` (unix seconds)."""

    id: str
    case: CaseId
    not_before: int
    attempts: int = 0


@dataclass(frozen=True)
class AssistedFiling:
    """A filing that came by assisted intake: its case, and what a repeated call is compared with (both hex)."""

    key_hash: str
    call_hash: str
    case: CaseId


@dataclass(frozen=True)
class StaffMember:
    """A member of staff; secrets stay in the store. `vouched_by` is the account that brought this one back."""

    id: int
    name: str
    role: Role
    state: StaffState
    vouched_by: int | None = None


@dataclass(frozen=True)
class StaffSecrets:
    """What signing in compares with; the TOTP secret is vault-encrypted."""

    password_hash: str
    totp_sealed: bytes
    totp_last_step: int


@dataclass(frozen=True)
class Enrolment:
    """A one-time link for a member of staff; `expires` in unix seconds."""

    token_hash: str
    staff: int
    expires: int
    totp_sealed: bytes


@dataclass(frozen=True)
class StaffSession:
    """A signed-in member of staff; `previous` is the account's sign-in before this one, None at the first."""

    token_hash: str
    staff: StaffMember
    created: int
    last_seen: int
    previous: int | None = None


@dataclass(frozen=True)
class ReaderDevice:
    """A device on which a member of staff signs requests; `label` is what they call it, times in unix seconds.

    `note` is its own statement (`resguardo/reader-key/v1`), `entry_index` where the log has its key. `ended` is when it
    was switched off, None while it signs.
    """

    entry_index: int
    staff: int
    vkey: str
    label: str
    note: str
    created: int
    ended: int | None = None


@dataclass(frozen=True)
class HolderSession:
    """A signed-in holder of one case; `entry_index` is where the log says so."""

    token_hash: str
    case: CaseId
    created: int
    expires: int
    entry_index: int


@dataclass(frozen=True)
class Sitting:
    """One reader, one version of one record, one purpose, at most 30 minutes; the log says so at `entry_index`.

    `record` is `record` for the petition's own, `answer-7` for the answer to question 7.
    `ended` is when it ended before its time, because the case was taken away. `code_sealed` is the reader's mark while
    the sitting is open.
    """

    id: int
    staff: int
    case: CaseId
    version: int
    purpose: Purpose
    started: int
    entry_index: int
    record: str = RECORD
    ended: int | None = None
    code_sealed: bytes | None = field(default=None, repr=False)

    @property
    def place(self) -> RecordPlace:
        """What is read."""
        return RecordPlace(self.case, self.record, self.version)


SITTING_SECONDS = 30 * 60


@dataclass(frozen=True)
class MarkShare:
    """The two shares of a sitting's mark as the store has them, by the sitting's log entry; neither is readable."""

    entry_index: int
    case: CaseId
    started: int
    operator_sealed: bytes = field(repr=False)
    auditor_sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class QueueEntry:
    """A case with the names of those to whom it is assigned: what the queue knows without opening a card."""

    case: Case
    assigned: tuple[str, ...]
