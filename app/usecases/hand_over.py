"""Hand a colleague's open cases over in one confirmed step, and take that back within the hour.

1. The plan lists every open case of the giver with what hangs on it, and shares the cases out.
2. The coordinator confirms who gets which, and may mark the giver as on leave with it.
3. One transaction: assignments, the ends of the giver's sittings, one log entry for each case.
4. What was listed is what moves: cases that came or went meanwhile refuse the whole.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.cards import CaseCard, clocks_of, open_cards
from app.domain.caseload import CLOSED, MOST_MOVED, UNDO_SECONDS, HandOver, Move, may_be_undone, shared_out
from app.domain.chronicle import step_of_reader
from app.domain.entities import READERS, CaseId, EntryKind, QueueEntry, StaffMember, StaffState
from app.domain.errors import AccessError
from app.domain.policy import check_may_be_assigned, check_may_coordinate
from app.domain.ports import EntryDraft, Portal, Unit, View


@dataclass(frozen=True)
class PlannedCase:
    """One case of a plan: its card, who would get it, whose draft waits in it, who else reads it.

    `asked` says that a question waits for the petitioner.
    """

    card: CaseCard
    receiver: int
    drafter: str
    others: tuple[str, ...]
    asked: bool


@dataclass(frozen=True)
class Plan:
    """What would move; `left` is how many open cases are more than one form carries."""

    giver: StaffMember
    cases: tuple[PlannedCase, ...]
    receivers: tuple[StaffMember, ...]
    left: int


def plan_hand_over(portal: Portal, member: StaffMember, giver: int, receivers: Collection[int]) -> Plan:
    """Return the plan for a giver's open cases, shared out evenly. Raises AccessError, not_coordinator is logged."""

    def look(unit: Unit) -> StaffMember:
        check_may_coordinate(member)
        return _known(unit.staff.by_id(giver))

    found = step_of_reader(portal, member, None, "hand_over", look)
    with portal.ledger.view() as view:
        able = [each for each in view.staff.all() if each.role in READERS and each.state is StaffState.ACTIVE]
        chosen = [each.id for each in able if each.id in receivers and each.id != giver]
        every = _open_cases(view, giver)
        cases = _planned(portal, view, every[:MOST_MOVED], chosen, found.name)
    return Plan(found, cases, tuple(each for each in able if each.id != giver), len(every) - len(cases))


def hand_over(portal: Portal, member: StaffMember, giver: int, moves: Mapping[CaseId, int], *, leave: bool) -> None:
    """Move each case to its receiver; with `leave` the giver is marked as on leave too.

    Raises AccessError: not_coordinator (logged), staff_unknown, staff_not_reader, staff_away, hand_over_empty,
    hand_over_changed.
    """

    def work(unit: Unit) -> None:
        check_may_coordinate(member)
        from_whom = _known(unit.staff.by_id(giver))
        to_whom = {each: check_may_be_assigned(unit.staff.by_id(each)) for each in set(moves.values())}
        if not moves or giver in to_whom:
            raise AccessError("hand_over_empty", "to")
        if not set(moves) <= set(_open_cases(unit, giver)):
            raise AccessError("hand_over_changed", "to")
        now, moved = portal.clock(), []
        for case, receiver in moves.items():
            moved.append(Move(case, receiver, unit.cases.is_assigned(case, receiver)))
            unit.cases.assign(case, receiver, now)
            unit.desk.take_away(case, giver, now)
            unit.append(_entry(member, case, from_whom.name, to_whom[receiver].name))
        unit.desk.add_hand_over(HandOver(0, giver, member.id, now, tuple(moved)))
        if leave and from_whom.state is StaffState.ACTIVE:
            unit.staff.set_state(giver, StaffState.ON_LEAVE)
            unit.append(EntryDraft(EntryKind.STAFF_ON_LEAVE, member.name, member.role, detail=from_whom.name))

    step_of_reader(portal, member, None, "hand_over", work)


def undo_hand_over(portal: Portal, member: StaffMember, number: int) -> None:
    """Give back what a hand-over of the last hour moved, as far as its receiver still has it; leave stays as it is.

    Raises AccessError: not_coordinator (logged), hand_over_undone.
    """

    def work(unit: Unit) -> None:
        check_may_coordinate(member)
        now = portal.clock()
        found = [each for each in unit.desk.hand_overs(now - UNDO_SECONDS) if each.number == number]
        if not found or not may_be_undone(found[0], now) or not unit.desk.undo_hand_over(number, now):
            raise AccessError("hand_over_undone", "number")
        names = {each.id: each.name for each in unit.staff.all()}
        for move in found[0].moves:
            _move_back(unit, member, found[0].giver, move, names, now)

    step_of_reader(portal, member, None, "undo_hand_over", work)


def _move_back(unit: Unit, member: StaffMember, giver: int, move: Move, names: Mapping[int, str], now: int) -> None:
    if not unit.cases.is_assigned(move.case, move.receiver):
        return
    if not move.had_it:
        unit.desk.take_away(move.case, move.receiver, now)
    unit.cases.assign(move.case, giver, now)
    unit.append(_entry(member, move.case, names[move.receiver], names[giver], kept=move.had_it))


def _entry(member: StaffMember, case: CaseId, giver: str, receiver: str, *, kept: bool = False) -> EntryDraft:
    """Return what the log says; no name holds a semicolon, behind which stands that the giver goes on reading it."""
    said = f"from {giver} to {receiver}" + ("; kept" if kept else "")
    return EntryDraft(EntryKind.CASE_HANDED_OVER, member.name, member.role, case, detail=said)


def _open_cases(view: View, giver: int) -> list[CaseId]:
    return [case for case, stage in view.desk.cases_of(giver).items() if stage not in CLOSED]


def _planned(
    portal: Portal, view: View, cases: Sequence[CaseId], receivers: Sequence[int], giver: str
) -> tuple[PlannedCase, ...]:
    entries = [entry for entry in (view.cases.card(case) for case in cases) if entry is not None]
    clocks = clocks_of(portal, {case: view.events.days(case) for case in cases})
    reading = {case: {each.id for each in view.desk.readers(case)} for case in cases}
    chosen = shared_out(reading, receivers, view.desk.loads(CLOSED)) if receivers else {}
    questions = view.desk.open_questions()
    drafts, names = view.desk.open_drafts(), {each.id: each.name for each in view.staff.all()}
    return tuple(
        PlannedCase(
            card=card,
            receiver=chosen.get(card.case, 0),
            drafter=names.get(drafts.get(card.case, 0), ""),
            others=_others(entry, giver),
            asked=card.case in questions,
        )
        for card, entry in zip(open_cards(portal, view, entries, clocks), entries, strict=True)
    )


def _others(entry: QueueEntry, giver: str) -> tuple[str, ...]:
    return tuple(name for name in entry.assigned if name != giver)


def _known(found: StaffMember | None) -> StaffMember:
    if found is None:
        raise AccessError("staff_unknown")
    return found
