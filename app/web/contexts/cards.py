"""A case as its card, the queue of cards with its filters, and the colleagues who read them."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Clock:
    """A deadline as people read it: `days` left, or past when overdue; `share` is how much has run, 0 to 100.

    `state` is one of NOT_STARTED, RUNNING, DUE_SOON, OVERDUE, MET, MET_LATE, STOPPED. `rolled` is the Monday after a
    due date on a weekend, `start` and `end` are the days between which it runs, `note` what the office says of it.
    """

    state: str
    days: int | None = None
    due: date | None = None
    share: int = 0
    rolled: date | None = None
    start: date | None = None
    end: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Urgency:
    """Why a case presses, and until when."""

    reason: str
    day: date | None


@dataclass(frozen=True)
class CardView:
    """A card: what queue and card page show of a case before its record is opened.

    `suspended` is the day since which the petitioner lets nobody of the office in.
    """

    case: str
    facility: str
    place: str
    sector: str
    denial_types: tuple[str, ...]
    stage: str
    received: datetime
    clock: Clock
    urgency: Urgency | None
    assigned: tuple[str, ...]
    mine: bool
    suspended: date | None = None


@dataclass(frozen=True)
class Choice:
    """One option of a filter or a list; `code` is what the address carries."""

    code: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One filter of the queue."""

    name: str
    words: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Column:
    """A column by which the queue can be ordered; `order` is ascending, descending or none."""

    name: str
    words: str
    address: str
    order: str


@dataclass(frozen=True)
class Count:
    """So many of something, and the address that shows them."""

    number: int
    words: str
    address: str


@dataclass(frozen=True)
class Paging:
    """Where one page stands among all; the addresses of its neighbours are empty where there is none."""

    number: int
    count: int
    first: int
    last: int
    fitting: int
    before: str
    after: str


@dataclass(frozen=True)
class View:
    """A queue that somebody saved under a name; `address` is its query."""

    id: str
    name: str
    address: str


@dataclass(frozen=True)
class ColleagueView:
    """Somebody who reads cases; `state` is one of invited, active, on_leave, disabled."""

    id: int
    name: str
    role: str
    state: str
    open_cases: int
