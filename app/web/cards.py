"""Cards for the queue: from what the use case returns to what a page shows, filtered and ordered by the address.

Cards are few (tens a year), encrypted at rest and without an index in the clear, so filtering and ordering happen here,
in memory, over what the reader may see anyway.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from app.domain.deadlines import Deadline
from app.domain.labels import label
from app.domain.moments import seconds
from app.i18n import N_, t
from app.usecases.list_queue import CaseCard
from app.web.contexts import CardView, Choice, Clock, Column, Filter, Urgency

MOST_SEARCHED = 100


def view_of(card: CaseCard, reader: str) -> CardView:
    """Return what a page shows of a card to a reader."""
    about = card.about
    place = ", ".join(part for part in (about.get("municipality"), about.get("state")) if part)
    return CardView(
        case=card.case,
        facility=str(about.get("facility", "")),
        place=place,
        sector=str(about.get("sector", "")),
        denial_types=tuple(about.get("denial_types", ())),
        stage=card.stage,
        received=moment_of(card.since),
        clock=clock_view(card.clock),
        urgency=_urgency(about),
        assigned=card.assigned,
        mine=reader in card.assigned,
    )


def clock_view(deadline: Deadline) -> Clock:
    """Return a clock as a page shows it."""
    return Clock(
        state=deadline.state,
        days=deadline.late if deadline.late is not None else deadline.left,
        due=deadline.due,
        share=deadline.share,
        rolled=deadline.rolled,
        start=deadline.start.day if deadline.start else None,
        end=deadline.end.day if deadline.end else None,
        note=deadline.note,
    )


def moment_of(text: str) -> datetime:
    """Return a use case's RFC 3339 text as a time in UTC."""
    return datetime.fromtimestamp(seconds(text), UTC)


def _urgency(about: Mapping[str, object]) -> Urgency | None:
    reason = str(about.get("urgency_reason") or "")
    try:
        day = date.fromisoformat(str(about.get("urgency_date") or ""))
    except ValueError:
        day = None
    return Urgency(reason or "other", day) if reason or day else None


def _fold(text: str) -> str:
    """Fold case and accents: who searches `Rincon` means `Rincón`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


@dataclass(frozen=True)
class Asked:
    """What the address asks of the queue; a value that no card has simply fits none."""

    search: str
    chosen: Mapping[str, str]
    sort: str
    descending: bool

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the queue."""
        return bool(self.search or any(self.chosen.values()))

    def address(self, **changes: str) -> str:
        """Return the address of the same queue with something changed."""
        direction = "down" if self.descending else ""
        values = {"q": self.search, **self.chosen, "sort": self.sort, "order": direction, **changes}
        return "?" + urlencode({name: value for name, value in values.items() if value})


_FILTERS: Final[Mapping[str, Callable[[CardView], Iterable[str]]]] = {
    "stage": lambda row: (row.stage,),
    "denial": lambda row: row.denial_types,
    "sector": lambda row: (row.sector,),
    "urgent": lambda row: (row.urgency.reason,) if row.urgency else (),
    "assigned": lambda row: ("mine",) if row.mine else ("nobody",) if not row.assigned else ("others",),
}
_FILTER_WORDS: Final = {
    "stage": N_("Stage"),
    "denial": N_("Denial of rights"),
    "sector": N_("Sector"),
    "urgent": N_("Urgency"),
    "assigned": N_("Assigned to"),
}
_ASSIGNED_WORDS: Final = {"mine": N_("You"), "nobody": N_("Nobody yet"), "others": N_("Others")}
_TABLE_OF: Final = {"stage": "stage", "denial": "denial", "sector": "sector", "urgent": "urgency"}
_LAST_DAY: Final = date.max
_COLUMN_WORDS: Final[Mapping[str, str]] = {
    "facility": N_("Workplace"),
    "sector": N_("Sector"),
    "denial": N_("Denial of rights"),
    "received": N_("Stage"),
    "due": N_("Deadline"),
    "urgency": N_("Urgency"),
    "assigned": N_("Assigned to"),
}
_ORDERS: Final[Mapping[str, Callable[[CardView], Any]]] = {
    "facility": lambda row: _fold(row.facility),
    "sector": lambda row: row.sector,
    "received": lambda row: row.received,
    "due": lambda row: row.clock.due or _LAST_DAY,
    "urgency": lambda row: (row.urgency is None, (row.urgency and row.urgency.day) or _LAST_DAY),
    "assigned": lambda row: _fold(", ".join(row.assigned)),
}
_DEFAULT_SORT: Final = "received"


def asked_of(query: QueryParams) -> Asked:
    """Return what an address asks; an unknown order is the order of arrival."""
    sort = query.get("sort", "")
    return Asked(
        search=query.get("q", "").strip()[:MOST_SEARCHED],
        chosen={name: query.get(name, "") for name in _FILTERS},
        sort=sort if sort in _ORDERS else _DEFAULT_SORT,
        descending=query.get("order") == "down",
    )


def select(rows: Iterable[CardView], asked: Asked) -> tuple[CardView, ...]:
    """Return the rows that fit, in the order asked for."""
    fitting = [row for row in rows if _fits(row, asked)]
    return tuple(sorted(fitting, key=_ORDERS[asked.sort], reverse=asked.descending))


def _fits(row: CardView, asked: Asked) -> bool:
    text = _fold(f"{row.facility} {row.place} {row.case}")
    searched = all(word in text for word in _fold(asked.search).split())
    return searched and all(not code or code in _FILTERS[name](row) for name, code in asked.chosen.items())


def filters_of(rows: Iterable[CardView], asked: Asked, language: str) -> tuple[Filter, ...]:
    """Return the filters, each with the values that the cards have."""
    known = list(rows)
    return tuple(
        Filter(name, t(language, _FILTER_WORDS[name]), _choices(name, known, asked, language)) for name in _FILTERS
    )


def _choices(name: str, rows: Iterable[CardView], asked: Asked, language: str) -> tuple[Choice, ...]:
    codes = sorted({code for row in rows for code in _FILTERS[name](row) if code})
    chosen = asked.chosen[name]
    named = sorted((_choice_words(name, code, language), code) for code in codes)
    found = [Choice(code, words, chosen=code == chosen) for words, code in named]
    return (Choice("", t(language, N_("All")), chosen=not chosen), *found)


def _choice_words(name: str, code: str, language: str) -> str:
    if name == "assigned":
        return t(language, _ASSIGNED_WORDS[code])
    return label(language, _TABLE_OF[name], code)


def columns_of(asked: Asked, language: str) -> tuple[Column, ...]:
    """Return the columns, each with the address that orders by it, or turns its order round."""
    return tuple(_column(name, asked, language) for name in _COLUMN_WORDS)


def _column(name: str, asked: Asked, language: str) -> Column:
    words = t(language, _COLUMN_WORDS[name])
    if name not in _ORDERS:
        return Column(name, words, "", "none")
    current = asked.sort == name
    turned = "down" if current and not asked.descending else ""
    order = ("descending" if asked.descending else "ascending") if current else "none"
    return Column(name, words, asked.address(sort=name, order=turned), order)
