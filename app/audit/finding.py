"""What an audit can say: findings are evidence, notes are not, problems keep it from judging."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from crypto.log.totals import Month

if TYPE_CHECKING:
    from app.audit.seen import Seen

PER_CODE = 20
"""Findings of one code that are listed; the rest is counted, so that a broken log cannot fill a disk."""

Place: TypeAlias = Mapping[str, int | str]
"""Where: ``index``; or ``first`` and ``last`` (inclusive) around it; ``other`` (a second index); ``path`` of a tile;
``file`` on this machine; ``size`` of a tree."""


@unique
class Code(StrEnum):
    """What is wrong with a log; each is evidence that somebody can be shown."""

    ENTRY_ALTERED = "entry-altered"
    ROW_DELETED = "row-deleted"
    ROW_INSERTED = "row-inserted"
    ROW_DOUBLED = "row-doubled"
    ROWS_SWAPPED = "rows-swapped"
    TAIL_CUT = "tail-cut"
    ROLLED_BACK = "rolled-back"
    FORK = "fork"
    KEY_CHANGED = "key-changed"
    CHECKPOINT_FORGED = "checkpoint-forged"
    COSIGNATURE_FORGED = "cosignature-forged"
    ROOT_MISMATCH = "root-mismatch"
    TILE_ALTERED = "tile-altered"
    BUNDLE_MISMATCH = "bundle-mismatch"
    WITHHELD = "withheld"
    LEAF_LENGTH = "leaf-length"
    LEAF_VERSION = "leaf-version"
    LEAF_KIND = "leaf-kind"
    TIME_DECREASING = "time-decreasing"
    TIME_TICK = "time-tick"
    TAG_DOUBLED = "tag-doubled"
    RECEIPT_MISSING = "receipt-missing"
    OPENING_MISMATCH = "opening-mismatch"
    OPENING_DOUBLED = "opening-doubled"
    OPENING_WITHHELD = "opening-withheld"
    REQUEST_UNSIGNED = "request-unsigned"
    REQUEST_FALSE = "request-false"
    REQUEST_FORK = "request-fork"
    DRAW_WITHHELD = "draw-withheld"
    ROW_WITHOUT_ENTRY = "row-without-entry"
    ENTRY_WITHOUT_ROW = "entry-without-row"
    ROW_DIFFERS = "row-differs"
    SERVED_WITHHELD = "served-withheld"
    SERVED_FALSE = "served-false"
    SUCCEEDED = "succeeded"
    LOST = "lost"
    SUCCESSION_FALSE = "succession-false"
    ANNOUNCEMENT_FALSE = "announcement-false"


@unique
class Remark(StrEnum):
    """What is worth saying and is no evidence."""

    PENDING_RECEIPT = "pending-receipt"
    PENDING_OPENING = "pending-opening"
    OTHER_LOG = "receipt-of-another-log"
    PORTAL_KEY_DIFFERS = "portal-key-differs"
    PORTAL_KEY_TRUSTED = "portal-key-trusted"
    OLD_TICK = "time-between-ticks"
    NO_OPENING = "entries-without-opening"
    SUCCESSOR = "successor-of-another-log"
    SUCCESSOR_KEY = "successor-key-unconfirmed"
    STATE_RENEWED = "state-renewed"
    KEYS_CHANGED = "keys-changed"
    DESTROYED = "destroyed-by-certificate"
    COSIGNER_ALARM = "cosigner-alarm"
    REQUEST_KEY = "request-key-unopened"
    PAST_UNKNOWN = "past-unknown"
    PENDING_DRAW = "pending-draw"
    DRAWN = "drawn"
    DRAW_UNCOSIGNED = "draw-without-cosigners"
    PENDING_ROW = "pending-row"
    ROW_UNOPENED = "row-of-an-unopened-entry"
    SERVED_PENDING = "served-pending"
    ROWS_UNCOMPARED = "rows-uncompared"
    ROWS_UNTOLD = "rows-untold"
    SERVED_UNTOLD = "served-untold"
    REPORT_KEY = "report-key"
    DATED_BACK = "dated-back"
    DATED_AHEAD = "dated-ahead"


@unique
class Obstacle(StrEnum):
    """Why something could not be checked."""

    NO_KEY = "no-key"
    BAD_KEY = "bad-key"
    OTHER_KEY = "other-key"
    NO_CHECKPOINT = "no-checkpoint"
    BAD_CHECKPOINT = "bad-checkpoint"
    UNREACHABLE = "unreachable"
    BAD_STATE = "bad-state"
    BAD_RECEIPT = "bad-receipt"
    BAD_OPENINGS = "bad-openings"
    NO_RECEIPTS = "no-receipts"
    BAD_POLICY = "bad-policy"
    NO_MIRROR_KEY = "no-mirror-key"
    NO_QUORUM = "no-quorum"
    OLD_COSIGNATURES = "old-cosignatures"
    BAD_RULES = "bad-rules"
    BAD_ROWS = "bad-rows"
    BAD_DRAW = "bad-draw"
    BAD_REPORT = "bad-report"


@dataclass(frozen=True)
class Finding:
    """One piece of evidence and its place."""

    code: Code
    where: Place


AnyNote = TypeVar("AnyNote", Remark, Obstacle)


@dataclass(frozen=True)
class Note(Generic[AnyNote]):
    """One remark or obstacle and its place."""

    code: AnyNote
    where: Place


@unique
class Rule(StrEnum):
    """A rule about what was done; its name never changes its meaning."""

    UNASSIGNED_READ = "unassigned-read"
    UNASSIGNED_STEP = "unassigned-step"
    BULK_READ = "bulk-read"
    ODD_HOURS = "odd-hours"
    SUSPENDED_READ = "suspended-read"
    WITHDRAWN_READ = "withdrawn-read"
    LATE_READ = "late-read"
    DISABLED_ACCOUNT = "disabled-account"
    UNKNOWN_ACCOUNT = "unknown-account"
    UNREAD_DRAFT = "unread-draft"
    UNREAD_APPROVAL = "unread-approval"
    ONE_PERSON = "one-person"
    TIME_ORDER = "time-order"
    TIME_AHEAD = "time-ahead"


@dataclass(frozen=True)
class Act:
    """One finding: the rule, the entries that show it, the last of them the one that it is about, and what it says."""

    rule: Rule
    entries: tuple[int, ...]
    about: Mapping[str, str | int] = field(default_factory=dict)


class CannotCheckError(Exception):
    """The audit cannot judge at all; ``obstacle`` says why, ``where`` which file or address."""

    def __init__(self, obstacle: Obstacle, **where: int | str) -> None:
        """Keep why and where; both go into the report."""
        super().__init__(obstacle.value)
        self.obstacle = obstacle
        self.where = where


@dataclass
class Findings:
    """Collects findings, each once, at most ``PER_CODE`` of a code."""

    _kept: dict[tuple[Code, tuple[tuple[str, int | str], ...]], Finding] = field(default_factory=dict)
    counts: dict[Code, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def add(self, code: Code, **where: int | str) -> None:
        """Add one, unless it is known."""
        key = (code, tuple(sorted(where.items())))
        with self._lock:
            if key in self._kept:
                return
            self.counts[code] = self.counts.get(code, 0) + 1
            if self.counts[code] <= PER_CODE:
                self._kept[key] = Finding(code, where)

    def __iter__(self) -> Iterator[Finding]:
        return iter(list(self._kept.values()))

    def __len__(self) -> int:
        return sum(self.counts.values())

    def omitted(self) -> int:
        """Return how many more there were than are listed."""
        return len(self) - len(self._kept)


@dataclass
class Report:
    """The outcome of one audit; ``obstacles`` without findings mean that nothing was settled."""

    origin: str = ""
    vkey: str = ""
    size: int = 0
    root: bytes = b""
    findings: Findings = field(default_factory=Findings)
    remarks: list[Note[Remark]] = field(default_factory=list)
    obstacles: list[Note[Obstacle]] = field(default_factory=list)
    receipts: int = 0
    openings: int = 0
    signed: int = 0
    """Looks that a reader's device signed, as was checked."""
    cosigned: dict[str, int] = field(default_factory=dict)
    """Which cosigners of the policy signed the checkpoint, and when, in Unix seconds."""
    quorum: bool = False
    """Whether they make the policy's quorum."""
    months: tuple[Month, ...] = ()
    """Totals by month, if they were asked for."""
    acts: tuple[Act, ...] = ()
    """What the rules about conduct found; no evidence against the log."""
    seen: "Seen | None" = None
    """What the audit saw, once it came so far."""
    compared: bool = False
    """Whether a kept state stood against the log."""
    new: int = 0
    """How many entries came since that state."""
    again: int | None = None
    """How many old bundles were fetched again beside the new ones, None where everything was fetched."""
    whole: int = 0
    """When everything was fetched last, in Unix seconds, where a state knows it."""

    @property
    def holds(self) -> bool:
        """Everything that could be asked was answered, and fits."""
        return not len(self.findings) and not self.obstacles

    @property
    def exit_status(self) -> int:
        """0 holds, 1 evidence of tampering, 2 could not check, 3 holds, and rules found something to ask about."""
        return 1 if len(self.findings) else 2 if self.obstacles else 3 if self.acts else 0

    def remark(self, code: Remark, **where: int | str) -> None:
        """Add what is no evidence."""
        self.remarks.append(Note(code, where))

    def obstacle(self, code: Obstacle, **where: int | str) -> None:
        """Add what could not be checked."""
        self.obstacles.append(Note(code, where))
