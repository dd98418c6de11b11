"""Show staff the cards: what is needed to find and clock a case, and nothing of its record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.cards import CaseCard, clocks_of, open_cards
from app.domain.deadlines import ClockState
from app.domain.entities import READERS, CaseId, QueueEntry, StaffMember, StaffSession
from app.domain.errors import AccessError, QueueError
from app.domain.policy import may_see_cards
from app.domain.ports import Portal, View
from app.domain.queue import Known, Pages, QueueQuery, narrowed, pages_of, read_query, selected


@dataclass(frozen=True)
class Digest:
    """Counts, and nothing but counts: what waits for a reader. `since` is the sign-in before this one."""

    new: int
    answers: int
    overdue: int
    drafts: int
    unassigned: int
    since: int | None


@dataclass(frozen=True)
class Queue:
    """One page of the queue, with the query as it was understood and what of it was not."""

    cards: tuple[CaseCard, ...]
    query: QueueQuery
    problems: tuple[QueueError, ...]
    pages: Pages
    total: int
    digest: Digest
    names: tuple[str, ...]


def list_queue(portal: Portal, session: StaffSession, asked: Mapping[str, str]) -> Queue:
    """Return the page of cards that an address asks for. Raises AccessError: not_allowed.

    Cards are opened for the shown page only, unless what is asked stands on the cards (`app.domain.queue`, rule 3).
    """
    member = session.staff
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    with portal.ledger.view() as view:
        people = view.staff.all()
        names = tuple(each.name for each in people if each.role in READERS)
        query, problems = read_query(asked, names)
        entries = view.cases.queue()
        known = _known(portal, view, session, {each.id: each.name for each in people})
        found = narrowed(entries, query, known)
        pages, cards = _page_of(portal, view, found, query, known)
    digest = _digest(entries, known)
    return Queue(cards, query, problems, pages, len(entries), digest, names)


def show_card(portal: Portal, member: StaffMember, case: CaseId) -> CaseCard:
    """Return one card. Raises AccessError: not_allowed, case_unknown."""
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    with portal.ledger.view() as view:
        entry = view.cases.card(case)
        if entry is None:
            raise AccessError("case_unknown")
        clocks = clocks_of(portal, {case: view.events.days(case)})
        (card,) = open_cards(portal, view, [entry], clocks)
    return card


def _known(portal: Portal, view: View, session: StaffSession, names: Mapping[int, str]) -> Known:
    drafts = {case: names.get(staff, "") for case, staff in view.desk.open_drafts().items()}
    return Known(
        reader=session.staff.name,
        clocks=clocks_of(portal, view.events.all_days()),
        drafts=drafts,
        since=session.previous,
        answers=view.desk.unread_answers(),
        questions=view.desk.open_questions(),
    )


def _page_of(
    portal: Portal, view: View, found: Sequence[QueueEntry], query: QueueQuery, known: Known
) -> tuple[Pages, tuple[CaseCard, ...]]:
    if not query.opens_all:
        pages = pages_of(query, len(found))
        return pages, open_cards(portal, view, found[pages.slice], known.clocks)
    cards = selected(open_cards(portal, view, found, known.clocks), query)
    pages = pages_of(query, len(cards))
    return pages, tuple(cards[pages.slice])


def _digest(entries: Sequence[QueueEntry], known: Known) -> Digest:
    return Digest(
        new=sum(map(known.is_new, entries)),
        answers=sum(map(known.has_answer, entries)),
        overdue=sum(known.is_mine(each) and known.clock(each).state is ClockState.OVERDUE for each in entries),
        drafts=sum(map(known.has_draft, entries)),
        unassigned=sum(not each.assigned for each in entries),
        since=known.since,
    )
