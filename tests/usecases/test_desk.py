"""The office's own order: who has which case, leave, hand-over, vouching; refused attempts are in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.caseload import UNDO_SECONDS, shared_out
from app.domain.deadlines import Dated, legal_day
from app.domain.entities import CaseId, Purpose, Role, Sitting, StaffState
from app.domain.errors import AccessError, ProcedureError
from app.domain.policy import is_open
from app.domain.procedure import Outcome, Stated
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.assign_case import assign_readers
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.enrol_staff import reset
from app.usecases.go_on_leave import set_leave
from app.usecases.hand_over import hand_over, plan_hand_over, undo_hand_over
from app.usecases.read_redacted import begin_sitting, read_redacted
from app.usecases.show_team import show_assignment, show_team
from app.usecases.sign_in_staff import sign_in_staff, staff_session
from app.usecases.take_case_away import take_case_away
from app.usecases.vouch_for_colleague import vouch_for_colleague
from tests.usecases.desk import PASSWORD, Office, office_in

OTHERS = [name for name, role in (("Ana", Role.REVIEWER), ("Eva", Role.PANEL), ("Olga", Role.OPERATOR)) if role]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for the tests of this file."""
    with office_in(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Office]:
    """An office of the test's own."""
    with office_in(tmp_path) as opened:
        yield opened


def acts(office: Office, case: CaseId, name: str) -> dict[str, Callable[[], object]]:
    """Return everything that only a coordinator does, tried by somebody."""
    member, ana, eva = office.who(name), office.who("Ana").id, office.who("Eva").id
    return {
        "assign": lambda: assign_readers(office.portal, member, case, [eva]),
        "take_away": lambda: take_case_away(office.portal, member, case, ana),
        "leave": lambda: set_leave(office.portal, member, office.who("Carla").id, away=True),
        "hand_over": lambda: hand_over(office.portal, member, ana, {case: eva}, leave=True),
        "undo_hand_over": lambda: undo_hand_over(office.portal, member, 1),
        "vouch": lambda: vouch_for_colleague(office.portal, member, office.who("Carla").id, PASSWORD, "000000"),
    }


@pytest.mark.parametrize("name", OTHERS)
def test_only_a_coordinator_gives_and_takes(office: Office, name: str) -> None:
    """Nothing moves for anybody else, and each attempt is in the log with who tried."""
    case = office.file(("Ana",))
    before = len(office.refused())
    tried = acts(office, case, name)
    for act in tried.values():
        with pytest.raises(AccessError, match="not_coordinator"):
            act()
    assert office.refused()[before:] == [f"{name}: {act} not_coordinator" for act in tried]
    assert case in office.has("Ana")
    assert case not in office.has("Eva")
    assert office.who("Carla").state is StaffState.ACTIVE


def test_assigning_is_logged_with_who_and_whom(office: Office) -> None:
    """A second time changes nothing; auditors, operators and strangers get no case."""
    case, luis = office.file(), office.who("Luis")
    readers = [office.who("Ana").id, office.who("Eva").id]
    for _ in range(2):
        assign_readers(office.portal, luis, case, readers)
    made = [each for each in office.entries("case_assigned") if each["case"] == case]
    assert [(each["actor"], each["detail"]) for each in made] == [("Luis", "Ana"), ("Luis", "Eva")]
    for wrong, code in ((office.who("Ada").id, "staff_not_reader"), (999, "staff_unknown")):
        with pytest.raises(AccessError, match=code):
            assign_readers(office.portal, luis, case, [wrong])
    with pytest.raises(AccessError, match="case_unknown"):
        assign_readers(office.portal, luis, CaseId("z" * 26), readers)
    found = show_assignment(office.portal, luis, case)
    assert [each.name for each in found.readers] == ["Ana", "Eva"]
    assert not {each.member.name for each in found.others} & {"Ana", "Eva", "Ada", "Olga"}


def test_taking_a_case_away_ends_a_sitting_at_once(office: Office) -> None:
    """Whoever was reading is stopped at the next request, and the old sitting does not come back with the case."""
    case, luis, ana = office.file(("Ana",)), office.who("Luis"), office.who("Ana")
    begin_sitting(office.portal, ana, case, Purpose.REVIEW)
    read_redacted(office.portal, ana, case)
    take_case_away(office.portal, luis, case, ana.id)
    with pytest.raises(AccessError, match="not_assigned"):
        read_redacted(office.portal, ana, case)
    assign_readers(office.portal, luis, case, [ana.id])
    with pytest.raises(AccessError, match="purpose_needed"):
        read_redacted(office.portal, ana, case)
    begin_sitting(office.portal, ana, case, Purpose.REVIEW)
    read_redacted(office.portal, ana, case)
    taken = [each for each in office.entries("case_unassigned") if each["case"] == case]
    assert [(each["actor"], each["detail"]) for each in taken] == [("Luis", "Ana")]


def test_an_ended_sitting_is_closed() -> None:
    """Policy itself says so, whatever its time."""
    sitting = Sitting(1, 1, CaseId("c"), 1, Purpose.REVIEW, 100, 5)
    assert is_open(sitting, 100)
    assert not is_open(Sitting(1, 1, CaseId("c"), 1, Purpose.REVIEW, 100, 5, ended=100), 100)


def test_a_sick_colleagues_cases_go_to_two_others(alone: Office) -> None:
    """One step moves all open cases, evenly, marks the leave, and names who gave what to whom."""
    office, luis = alone, alone.who("Luis")
    cases = [office.file(("Ana",)) for _ in range(4)]
    ana, eva, carla = (office.who(name).id for name in ("Ana", "Eva", "Carla"))
    plan = plan_hand_over(office.portal, luis, ana, {eva, carla})
    assert {each.card.case for each in plan.cases} == set(cases)
    assert sorted(each.receiver for each in plan.cases) == sorted([eva, eva, carla, carla])
    moves = {each.card.case: each.receiver for each in plan.cases}
    hand_over(office.portal, luis, ana, moves, leave=True)
    assert office.has("Ana") == set()
    assert office.has("Eva") | office.has("Carla") == set(cases)
    assert office.who("Ana").state is StaffState.ON_LEAVE
    said = {each["case"]: each["detail"] for each in office.entries("case_handed_over")}
    names = {eva: "Eva", carla: "Carla"}
    assert said == {case: f"from Ana to {names[receiver]}" for case, receiver in moves.items()}
    assert [each["detail"] for each in office.entries("staff_on_leave")] == ["Ana"]
    assert [each.member.name for each in show_team(office.portal, luis).colleagues][-1] == "Ana"


def test_a_hand_over_can_be_taken_back_for_an_hour(alone: Office) -> None:
    """What moved goes back once; who read a case before keeps it; later it is a hand-over of its own."""
    office, luis = alone, alone.who("Luis")
    shared, single = office.file(("Ana", "Eva")), office.file(("Ana",))
    ana, eva = office.who("Ana").id, office.who("Eva").id
    hand_over(office.portal, luis, ana, {shared: eva, single: eva}, leave=False)
    (made,) = show_team(office.portal, luis).recent
    undo_hand_over(office.portal, luis, made.made.number)
    assert (office.has("Ana"), office.has("Eva")) == ({shared, single}, {shared})
    with pytest.raises(AccessError, match="hand_over_undone"):
        undo_hand_over(office.portal, luis, made.made.number)
    hand_over(office.portal, luis, ana, {single: eva}, leave=False)
    (made,) = show_team(office.portal, luis).recent
    office.ahead[0] += UNDO_SECONDS
    assert show_team(office.portal, luis).recent == ()
    with pytest.raises(AccessError, match="hand_over_undone"):
        undo_hand_over(office.portal, luis, made.made.number)
    assert office.has("Ana") == {shared}


def test_only_what_was_listed_moves(office: Office) -> None:
    """A case that went meanwhile refuses the whole; nobody gets their own cases, and nothing is nothing."""
    luis, ana, eva = office.who("Luis"), office.who("Ana").id, office.who("Eva").id
    mine, gone = office.file(("Ana",)), office.file(("Carla",))
    for moves, code in (
        ({mine: eva, gone: eva}, "hand_over_changed"),
        ({mine: ana}, "hand_over_empty"),
        ({}, "hand_over_empty"),
        ({mine: office.who("Ada").id}, "staff_not_reader"),
    ):
        with pytest.raises(AccessError, match=code):
            hand_over(office.portal, luis, ana, moves, leave=False)
    assert mine in office.has("Ana")


def test_plan_says_whose_draft_waits_and_who_else_reads(office: Office) -> None:
    """The coordinator sees what hangs on a case before it moves."""
    case = office.file(("Ana", "Carla"))
    day = legal_day(office.portal.clock())
    acknowledge_petition(office.assembly.petitioner, case, day.isoformat(), "OTLA-1")
    draft_decision(office.portal, office.who("Ana"), case, Stated(day=Dated(day), outcome=Outcome.TAKE_UP))
    carla, eva = office.who("Carla").id, office.who("Eva").id
    plan = plan_hand_over(office.portal, office.who("Luis"), office.who("Ana").id, {carla, eva})
    (found,) = [each for each in plan.cases if each.card.case == case]
    assert (found.drafter, found.others, found.receiver) == ("Ana", ("Carla",), eva)
    assert office.queue("Carla", waits="draft").digest.drafts == 1
    assert office.queue("Ana").digest.drafts == 0


def test_shares_are_even_and_keep_two_readers() -> None:
    """Fewest first, and somebody new to a case before somebody who has it."""
    cases = {CaseId(name): set[int]() for name in "abcde"}
    shared = list(shared_out(cases, [1, 2], {1: 3}).values())
    assert (shared.count(1), shared.count(2)) == (1, 4)
    assert shared_out({CaseId("a"): {1}}, [1, 2], {2: 9}) == {CaseId("a"): 2}
    assert shared_out({CaseId("a"): {1}}, [1], {}) == {CaseId("a"): 1}


def test_leave_is_said_by_oneself_or_a_coordinator(office: Office) -> None:
    """Who is on leave still signs in; saying it twice writes one entry; others' accounts are not anybody's to set."""
    ana = office.who("Ana")
    before = len(office.entries("staff_on_leave"))
    for _ in range(2):
        set_leave(office.portal, ana, ana.id, away=True)
    assert len(office.entries("staff_on_leave")) == before + 1
    office.enrol("Ana")
    set_leave(office.portal, ana, ana.id, away=True)
    token = sign_in_staff(office.portal, "Ana", PASSWORD, office.code("Ana")).token
    assert staff_session(office.portal, token).staff.state is StaffState.ON_LEAVE
    case = office.file()
    found = show_assignment(office.portal, office.who("Luis"), case)
    assert found.others[-1].member.name == "Ana"
    set_leave(office.portal, office.who("Luis"), ana.id, away=False)
    assert office.who("Ana").state is StaffState.ACTIVE
    for wrong in ("Ada", "Olga"):
        with pytest.raises(AccessError, match="staff_not_reader"):
            set_leave(office.portal, office.who(wrong), office.who(wrong).id, away=True)


def test_the_way_back_needs_a_colleague_and_their_confirmation(alone: Office) -> None:
    """Password and code of the coordinator; never for oneself, nor for those who check the office."""
    office, luis = alone, alone.who("Luis")
    office.enrol("Luis", "Ana")
    for name, code in (("Luis", "vouch_oneself"), ("Ada", "vouch_for"), ("Olga", "vouch_for")):
        with pytest.raises(AccessError, match=code):
            vouch_for_colleague(office.portal, luis, office.who(name).id, PASSWORD, office.code("Luis"))
    assert len(office.refused()) == 3
    old = sign_in_staff(office.portal, "Ana", PASSWORD, office.code("Ana")).token
    with pytest.raises(AccessError, match="confirm_failed"):
        vouch_for_colleague(office.portal, luis, office.who("Ana").id, PASSWORD, "000000")
    staff_session(office.portal, old)
    link = vouch_for_colleague(office.portal, luis, office.who("Ana").id, PASSWORD, office.code("Luis"))
    with pytest.raises(AccessError, match="sign_in_needed"):
        staff_session(office.portal, old)
    with pytest.raises(AccessError, match="sign_in_failed"):
        sign_in_staff(office.portal, "Ana", PASSWORD, office.code("Ana"))
    office.accept("Ana", link.token)
    sign_in_staff(office.portal, "Ana", PASSWORD, office.code("Ana"))
    said = office.entries("staff_reset")
    assert [each["detail"] for each in said if (each["actor"], each["role"]) == ("Luis", "coordinator")] == ["Ana"]


def test_who_vouched_and_whom_are_one_person_for_a_decision(alone: Office) -> None:
    """Otherwise a coordinator would draft as one and approve as the other; the operator's link ends it."""
    office = alone
    case = office.file(("Ana", "Luis", "Carla"))
    day = legal_day(office.portal.clock())
    acknowledge_petition(office.assembly.petitioner, case, day.isoformat(), "OTLA-2")
    office.enrol("Luis")
    office.vouch("Luis", "Ana")
    draft_decision(office.portal, office.who("Ana"), case, Stated(day=Dated(day), outcome=Outcome.TAKE_UP))
    with pytest.raises(ProcedureError, match="vouched"):
        approve_decision(office.portal, office.who("Luis"), case, 3)
    draft_decision(office.portal, office.who("Luis"), case, Stated(day=Dated(day), outcome=Outcome.TAKE_UP))
    with pytest.raises(ProcedureError, match="vouched"):
        approve_decision(office.portal, office.who("Ana"), case, 4)
    assert "Ana: approve vouched" in office.refused()
    reset(office.portal, "Ana")
    assert office.who("Ana").vouched_by is None


def test_two_accounts_of_one_voucher_are_one_person(alone: Office) -> None:
    """Nor through a colleague whom they brought back: the first hand counts."""
    office, luis = alone, alone.who("Luis")
    office.enrol("Luis")
    office.vouch("Luis", "Carla")
    office.vouch("Carla", "Ana")
    assert office.who("Ana").vouched_by == luis.id
