"""The queue as an address asks for it: filters, order, page. Pure.

Rules
    1. The address is the whole state: it can be kept, sent to a colleague, saved under a name.
    2. A value that does not exist is left out and said, so that nobody takes a queue for narrower than it is.
    3. Stage, assignment, clock and arrival stand in the clear, so that they narrow the queue before any card is opened.
       Only a text, a sector, a denial code or an urgency, or ordering by one of them, opens the cards that are left.

Worked example: `?assigned=mine&due=overdue&sort=due` opens only the fifty cards of the page, whatever the queue holds;
`?q=rincon` opens every card once.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from app.domain.cards import NOT_STARTED, CaseCard
from app.domain.deadlines import ClockState, Deadline
from app.domain.entities import CaseId, QueueEntry, Stage
from app.domain.errors import QueueError
from app.domain.labels import TABLES

PAGE: Final = 50
MOST_SEARCHED: Final = 100
SOMEBODY: Final = "@"
"""Stands before a colleague's name in the address, so that nobody's name means `mine` or `nobody`."""

STAGES: Final = tuple(stage.value for stage in Stage)
ASSIGNED: Final = ("mine", "nobody", "others")
DUE: Final = ("overdue", "soon", "running", "none")
WAITS: Final = ("new", "answer", "question", "draft")
SECTORS: Final = tuple(TABLES["sector"])
DENIALS: Final = tuple(TABLES["denial"])
URGENT: Final = tuple(TABLES["urgency"])
CLEAR_SORTS: Final = ("received", "stage", "due", "assigned")
SORTS: Final = (*CLEAR_SORTS, "facility", "sector", "urgency")
FILTERS: Final = ("stage", "assigned", "due", "waits", "sector", "denial", "urgent")
_ON_CARDS: Final = ("sector", "denial", "urgent")
_VALUES: Final[Mapping[str, Collection[str]]] = {
    "stage": STAGES,
    "assigned": ASSIGNED,
    "due": DUE,
    "waits": WAITS,
    "sector": SECTORS,
    "denial": DENIALS,
    "urgent": URGENT,
}
_DUE_STATES: Final = {
    "overdue": {ClockState.OVERDUE},
    "soon": {ClockState.DUE_SOON},
    "running": {ClockState.RUNNING, ClockState.DUE_SOON, ClockState.OVERDUE},
    "none": {ClockState.NOT_STARTED},
}
_LAST_DAY: Final = date.max
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True)
class QueueQuery:
    """What is asked of the queue; `page` counts from 1."""

    search: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = "received"
    descending: bool = False
    page: int = 1

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the queue."""
        return bool(self.search or any(self.chosen.values()))

    @property
    def opens_all(self) -> bool:
        """Whether cards must be opened to tell which fit, or in which order (rule 3)."""
        return bool(self.search) or self.sort not in CLEAR_SORTS or any(self.chosen.get(name) for name in _ON_CARDS)

    def address(self, **changes: str) -> str:
        """Return the address of the same queue with something changed; another order or filter begins at page 1."""
        values = {
            "q": self.search,
            **{name: self.chosen.get(name, "") for name in FILTERS},
            "sort": self.sort if self.sort != "received" else "",
            "order": "down" if self.descending else "",
            **changes,
        }
        return "?" + urlencode({name: value for name, value in values.items() if value})


def read_query(asked: Mapping[str, str], names: Collection[str]) -> tuple[QueueQuery, tuple[QueueError, ...]]:
    """Return what an address asks, and what of it does not exist; `names` are the colleagues'."""
    problems: list[QueueError] = []
    chosen = {name: _value(name, asked.get(name, ""), names, problems) for name in FILTERS}
    sort = asked.get("sort", "") or "received"
    if sort not in SORTS:
        problems.append(QueueError("sort_unknown", "sort"))
        sort = "received"
    order = asked.get("order", "")
    if order not in {"", "up", "down"}:
        problems.append(QueueError("order_unknown", "order"))
    search = " ".join(asked.get("q", "").split())
    if len(search) > MOST_SEARCHED or not search.isprintable():
        problems.append(QueueError("search_form", "q", limit=MOST_SEARCHED))
        search = ""
    page = _page(asked.get("page", ""), problems)
    return QueueQuery(search, chosen, sort, order == "down", page), tuple(problems)


def _value(name: str, value: str, names: Collection[str], problems: list[QueueError]) -> str:
    known = value in _VALUES[name] or (name == "assigned" and value[:1] == SOMEBODY and value[1:] in names)
    if not value or known:
        return value
    problems.append(QueueError(f"{name}_unknown", name))
    return ""


def _page(text: str, problems: list[QueueError]) -> int:
    if not text:
        return 1
    if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) > 0:
        return int(text)
    problems.append(QueueError("page_unknown", "page"))
    return 1


@dataclass(frozen=True)
class Known:
    """What is known of the queue beside its entries: clocks, drafts by case, and who asks since when."""

    reader: str
    clocks: Mapping[CaseId, Deadline]
    drafts: Mapping[CaseId, str]
    since: int | None
    answers: Collection[CaseId] = ()
    questions: Collection[CaseId] = ()

    def clock(self, entry: QueueEntry) -> Deadline:
        """Return the clock of a case."""
        return self.clocks.get(entry.case.id, NOT_STARTED)

    def is_mine(self, entry: QueueEntry) -> bool:
        """Tell whether a case is assigned to the reader."""
        return self.reader in entry.assigned

    def is_new(self, entry: QueueEntry) -> bool:
        """Tell whether a case arrived since the reader's sign-in before this one."""
        return self.since is None or entry.case.received_at > self.since

    def has_draft(self, entry: QueueEntry) -> bool:
        """Tell whether somebody else's draft of a decision waits for the reader."""
        return self.is_mine(entry) and self.drafts.get(entry.case.id, self.reader) != self.reader

    def has_answer(self, entry: QueueEntry) -> bool:
        """Tell whether an answer of the petitioner waits for the reader."""
        return self.is_mine(entry) and entry.case.id in self.answers

    def has_question(self, entry: QueueEntry) -> bool:
        """Tell whether a question of the office waits for the petitioner."""
        return entry.case.id in self.questions

    def waiting(self, kind: str) -> Callable[[QueueEntry], bool]:
        """Return the test for one kind of waiting."""
        tests = {"new": self.is_new, "answer": self.has_answer, "question": self.has_question, "draft": self.has_draft}
        return tests[kind]


def narrowed(entries: Iterable[QueueEntry], query: QueueQuery, known: Known) -> list[QueueEntry]:
    """Return the entries that fit what stands in the clear, in the order asked for where that stands there too."""
    fits = _clear_tests(query, known)
    found = [entry for entry in entries if all(test(entry) for test in fits)]
    if query.sort in CLEAR_SORTS:
        found.sort(key=lambda entry: _clear_key(query.sort, entry, known), reverse=query.descending)
    return found


def _clear_tests(query: QueueQuery, known: Known) -> list[Callable[[QueueEntry], bool]]:
    stage, assigned, due, waits = (query.chosen.get(name, "") for name in FILTERS[:4])
    tests: list[Callable[[QueueEntry], bool]] = []
    if stage:
        tests.append(lambda entry: entry.case.stage == stage)
    if assigned:
        tests.append(lambda entry: _has(entry, assigned, known))
    if due:
        tests.append(lambda entry: known.clock(entry).state in _DUE_STATES[due])
    if waits:
        tests.append(known.waiting(waits))
    return tests


def _has(entry: QueueEntry, assigned: str, known: Known) -> bool:
    if assigned == "mine":
        return known.is_mine(entry)
    if assigned == "nobody":
        return not entry.assigned
    if assigned == "others":
        return bool(entry.assigned) and not known.is_mine(entry)
    return assigned[1:] in entry.assigned


def _clear_key(sort: str, entry: QueueEntry, known: Known) -> Any:
    if sort == "stage":
        return STAGES.index(entry.case.stage)
    if sort == "due":
        return known.clock(entry).due or _LAST_DAY
    if sort == "assigned":
        return tuple(map(fold, entry.assigned))
    return entry.case.received_at, entry.case.id


def selected(cards: Sequence[CaseCard], query: QueueQuery) -> list[CaseCard]:
    """Return the opened cards that fit what stands on them, in the order asked for."""
    found = [card for card in cards if _fits(card, query)]
    if query.sort not in CLEAR_SORTS:
        found.sort(key=lambda card: _card_key(query.sort, card), reverse=query.descending)
    return found


def _fits(card: CaseCard, query: QueueQuery) -> bool:
    about, chosen = card.about, query.chosen
    if not _is_of(str(about.get("sector", "")), chosen.get("sector", ""), SECTORS):
        return False
    if not _is_of(str(about.get("urgency_reason") or "") or None, chosen.get("urgent", ""), URGENT):
        return False
    denial = chosen.get("denial", "")
    if denial and not any(_is_of(code, denial, DENIALS) for code in about.get("denial_types", ())):
        return False
    if not query.search:
        return True
    text = fold(" ".join(str(about.get(name) or "") for name in ("facility", "municipality", "state")) + card.case)
    return all(word in text for word in fold(query.search).split())


def _is_of(code: str | None, wanted: str, known: Collection[str]) -> bool:
    """Say whether a code is the wanted one; a code that no list has counts as the list's other."""
    if not wanted:
        return True
    return code is not None and (code == wanted or (wanted.lower() == "other" and code not in known))


def _card_key(sort: str, card: CaseCard) -> Any:
    about = card.about
    if sort == "facility":
        return fold(str(about.get("facility", "")))
    if sort == "sector":
        return str(about.get("sector", ""))
    return not about.get("urgency_reason"), str(about.get("urgency_date") or "9999")


def fold(text: str) -> str:
    """Fold case and accents: who searches `Rincon` means `Rincón`."""
    folded = text.casefold()
    return folded if folded.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", folded))


@dataclass(frozen=True)
class Pages:
    """Where one page stands among all: `number` from 1, `first` and `last` count what is shown from 1."""

    number: int
    count: int
    fitting: int

    @property
    def first(self) -> int:
        """The place of the first that is shown, 0 if none is."""
        return min((self.number - 1) * PAGE + 1, self.fitting)

    @property
    def last(self) -> int:
        """The place of the last that is shown."""
        return min(self.number * PAGE, self.fitting)

    @property
    def slice(self) -> slice:
        """What of the fitting is shown."""
        return slice((self.number - 1) * PAGE, self.number * PAGE)


def pages_of(query: QueueQuery, fitting: int) -> Pages:
    """Return the page asked for; one past the end is the last."""
    count = max(1, -(-fitting // PAGE))
    return Pages(min(query.page, count), count, fitting)


def at_page(query: QueueQuery, number: int) -> QueueQuery:
    """Return the same query at another page."""
    return replace(query, page=number)
