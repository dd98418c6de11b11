"""Show who works in the office, who is away, and how many open cases each has."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.cards import CaseCard, clocks_of, open_cards
from app.domain.caseload import CLOSED, UNDO_SECONDS, HandOver, may_be_undone
from app.domain.entities import READERS, SIGNING_IN, CaseId, StaffMember, StaffState
from app.domain.errors import AccessError
from app.domain.policy import check_may_coordinate
from app.domain.ports import Portal, View


@dataclass(frozen=True)
class Colleague:
    """Somebody who reads cases, with how many open ones they have."""

    member: StaffMember
    open_cases: int

    @property
    def at_work(self) -> bool:
        """Whether they come first when a case is assigned."""
        return self.member.state is StaffState.ACTIVE


@dataclass(frozen=True)
class RecentHandOver:
    """A hand-over that can still be taken back, with the names of its people."""

    made: HandOver
    giver: str
    receivers: tuple[str, ...]
    until: int


@dataclass(frozen=True)
class Team:
    """Everybody who reads cases: those at work first, then those on leave, then who cannot sign in."""

    colleagues: tuple[Colleague, ...]
    recent: tuple[RecentHandOver, ...]


@dataclass(frozen=True)
class Assignment:
    """Who has a case, and who could get it."""

    card: CaseCard
    readers: tuple[StaffMember, ...]
    others: tuple[Colleague, ...]
    drafter: str


def show_team(portal: Portal, member: StaffMember) -> Team:
    """Return the team, for a coordinator. Raises AccessError: not_coordinator."""
    check_may_coordinate(member)
    now = portal.clock()
    with portal.ledger.view() as view:
        people = view.staff.all()
        loads = view.desk.loads(CLOSED)
        made = [each for each in view.desk.hand_overs(now - UNDO_SECONDS) if may_be_undone(each, now)]
    names = {each.id: each.name for each in people}
    recent = tuple(_recent(each, names) for each in made)
    colleagues = [Colleague(each, loads.get(each.id, 0)) for each in people if each.role in READERS]
    return Team(tuple(sorted(colleagues, key=_order)), recent)


def show_colleague(portal: Portal, member: StaffMember, who: int) -> Colleague:
    """Return one of the team, for a coordinator. Raises AccessError: not_coordinator, staff_unknown."""
    found = [each for each in show_team(portal, member).colleagues if each.member.id == who]
    if not found:
        raise AccessError("staff_unknown")
    return found[0]


def show_assignment(portal: Portal, member: StaffMember, case: CaseId) -> Assignment:
    """Return who has a case and who could get it. Raises AccessError: not_coordinator, case_unknown."""
    team = show_team(portal, member)
    with portal.ledger.view() as view:
        entry = view.cases.card(case)
        if entry is None:
            raise AccessError("case_unknown")
        (card,) = open_cards(portal, view, [entry], clocks_of(portal, {case: view.events.days(case)}))
        readers, drafter = tuple(view.desk.readers(case)), _drafter(view, case)
    have = {each.id for each in readers}
    others = [each for each in team.colleagues if each.member.id not in have and each.member.state in SIGNING_IN]
    return Assignment(card, readers, tuple(sorted(others, key=_fewest_first)), drafter)


def _drafter(view: View, case: CaseId) -> str:
    drafter = view.staff.by_id(view.desk.open_drafts().get(case, 0))
    return drafter.name if drafter else ""


def _recent(made: HandOver, names: dict[int, str]) -> RecentHandOver:
    receivers = sorted({names[each.receiver] for each in made.moves})
    return RecentHandOver(made, names[made.giver], tuple(receivers), made.made + UNDO_SECONDS)


_STATES: Sequence[StaffState] = (StaffState.ACTIVE, StaffState.ON_LEAVE, StaffState.INVITED, StaffState.DISABLED)


def _order(each: Colleague) -> tuple[int, str]:
    return _STATES.index(each.member.state), each.member.name.casefold()


def _fewest_first(each: Colleague) -> tuple[bool, int, str]:
    return not each.at_work, each.open_cases, each.member.name.casefold()
