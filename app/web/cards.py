"""Cards for the queue: from what the use case returns to what a page shows, with filters, order and pages as links."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from app.domain.cards import CaseCard
from app.domain.deadlines import Deadline
from app.domain.labels import label
from app.domain.moments import seconds
from app.domain.queue import (
    ASSIGNED,
    CLEAR_SORTS,
    DENIALS,
    DUE,
    FILTERS,
    SECTORS,
    SOMEBODY,
    SORTS,
    STAGES,
    URGENT,
    WAITS,
    QueueQuery,
)
from app.i18n import N_, t
from app.usecases.list_queue import Digest, Queue
from app.web.contexts.cards import CardView, Choice, Clock, Column, Count, Filter, Paging, Urgency


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
        suspended=card.suspended,
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


# --- filters, columns, pages ---------------------------------------------------------------------------------------

_FILTER_WORDS: Final = {
    "stage": N_("Stage"),
    "assigned": N_("Assigned to"),
    "due": N_("Deadline"),
    "waits": N_("Waiting"),
    "sector": N_("Sector"),
    "denial": N_("Denial of rights"),
    "urgent": N_("Urgency"),
}
_OWN_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "assigned": {"mine": N_("You"), "nobody": N_("Nobody yet"), "others": N_("Others")},
    "due": {
        "overdue": N_("Overdue"),
        "soon": N_("Due soon"),
        "running": N_("Clock running"),
        "none": N_("Not started"),
    },
    "waits": {
        "new": N_("New since your last sign-in"),
        "answer": N_("Answer for you to read"),
        "question": N_("Question waits for the petitioner"),
        "draft": N_("Draft for you to approve"),
    },
}
_TABLE_OF: Final = {"stage": "stage", "denial": "denial", "sector": "sector", "urgent": "urgency"}
_VALUES: Final = {
    "stage": STAGES,
    "assigned": ASSIGNED,
    "due": DUE,
    "waits": WAITS,
    "sector": SECTORS,
    "denial": DENIALS,
    "urgent": URGENT,
}
_COLUMN_WORDS: Final[Mapping[str, str]] = {
    "facility": N_("Workplace"),
    "sector": N_("Sector"),
    "denial": N_("Denial of rights"),
    "received": N_("Received"),
    "stage": N_("Stage"),
    "due": N_("Deadline"),
    "urgency": N_("Urgency"),
    "assigned": N_("Assigned to"),
}


def filters_of(query: QueueQuery, names: Sequence[str], language: str) -> tuple[Filter, ...]:
    """Return the filters, each with its values; that of assignment has the colleagues by name too."""
    return tuple(
        Filter(name, t(language, _FILTER_WORDS[name]), _choices(name, query, names, language)) for name in FILTERS
    )


def _choices(name: str, query: QueueQuery, names: Sequence[str], language: str) -> tuple[Choice, ...]:
    chosen = query.chosen.get(name, "")
    found = [(code, _choice_words(name, code, language)) for code in _VALUES[name]]
    if name == "assigned":
        found += [(f"{SOMEBODY}{each}", each) for each in names]
    every = Choice("", t(language, N_("All")), chosen=not chosen)
    return (every, *(Choice(code, words, chosen=code == chosen) for code, words in found))


def _choice_words(name: str, code: str, language: str) -> str:
    own = _OWN_WORDS.get(name)
    return t(language, own[code]) if own else label(language, _TABLE_OF[name], code)


def columns_of(query: QueueQuery, language: str) -> tuple[Column, ...]:
    """Return the columns, each with the address that orders by it, or turns its order round."""
    return tuple(_column(name, query, language) for name in _COLUMN_WORDS)


def _column(name: str, query: QueueQuery, language: str) -> Column:
    words = t(language, _COLUMN_WORDS[name])
    if name not in SORTS:
        return Column(name, words, "", "none")
    current = query.sort == name
    turned = "down" if current and not query.descending else ""
    order = ("descending" if query.descending else "ascending") if current else "none"
    sort = "" if name == CLEAR_SORTS[0] else name
    return Column(name, words, query.address(sort=sort, order=turned) or "?", order)


def paging_of(queue: Queue) -> Paging:
    """Return where the page stands, and the addresses of its neighbours."""
    pages, query = queue.pages, queue.query
    before = query.address(page=str(pages.number - 1)) if pages.number > 1 else ""
    after = query.address(page=str(pages.number + 1)) if pages.number < pages.count else ""
    return Paging(pages.number, pages.count, pages.first, pages.last, pages.fitting, before, after)


def counts_of(digest: Digest, language: str, *, coordinates: bool) -> tuple[Count, ...]:
    """Return what waits, by count only, each with the address that shows it."""
    found = [
        (digest.new, N_("new since your last sign-in"), "?waits=new"),
        (digest.answers, N_("answers of petitioners to read"), "?waits=answer"),
        (digest.overdue, N_("of yours overdue"), "?assigned=mine&due=overdue"),
        (digest.drafts, N_("drafts for you to approve"), "?waits=draft"),
    ]
    if coordinates:
        found.append((digest.unassigned, N_("assigned to nobody"), "?assigned=nobody"))
    return tuple(Count(number, t(language, words), address) for number, words, address in found)


def kept_of(query: QueueQuery) -> tuple[tuple[str, str], ...]:
    """Return what the filters' form carries along without a field: the order."""
    order = (
        ("sort", query.sort if query.sort != CLEAR_SORTS[0] else ""),
        ("order", "down" if query.descending else ""),
    )
    return tuple((name, value) for name, value in order if value)
