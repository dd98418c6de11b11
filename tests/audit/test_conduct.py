"""Each rule about what was done: a real office does it, beside its log or within it, and is found; honest ones not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.audit.finding import CannotCheckError, Rule
from app.audit.rules import Rules, read_rules
from app.domain.deadlines import Dated
from app.domain.entities import CaseId, Role, StaffState, Stage
from app.domain.moments import rfc3339
from app.domain.procedure import Asked, Outcome, Stated
from app.usecases.ask_question import ask_question
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.enrol_staff import disable, reset
from app.usecases.go_on_leave import set_leave
from app.usecases.hand_over import hand_over, undo_hand_over
from app.usecases.keep_notes import NewNote, open_notes, write_note
from app.usecases.show_team import show_team
from app.usecases.suspend_access import suspend_access
from app.usecases.take_case_away import take_case_away
from app.usecases.withdraw_petition import withdraw_petition
from tests.architecture.documents import ROOT
from tests.audit.offices import DAY, HOUR, Watched, watched_in
from tests.usecases.desks import QUESTION


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """An office at noon of a working day."""
    with watched_in(tmp_path, monkeypatch) as made:
        yield made


@pytest.mark.long
def test_a_busy_honest_office_raises_nothing(watched: Watched) -> None:
    """Two weeks of everything that an office does: assigned, read, asked, handed over, undone, decided, reset."""
    office, portal = watched.office, watched.office.portal
    luis = office.who("Luis")
    for _ in range(3):
        cases = [watched.acknowledged("Ana", "Eva") for _ in range(2)]
        for case in cases:
            watched.read("Ana", case)
            watched.wait(20 * 60)
            watched.read("Eva", case)
            open_notes(portal, office.who("Ana"), case)
            write_note(portal, office.who("Ana"), case, NewNote("Falta el convenio firmado."))
        watched.decide(cases[0], "Ana", "Eva")
        hand_over(portal, luis, office.who("Ana").id, {cases[0]: office.who("Eva").id}, leave=False)
        (made, *_) = show_team(portal, luis).recent
        undo_hand_over(portal, luis, made.made.number)
        for name in ("Ana", "Eva"):
            watched.read(name, cases[0])
        suspend_access(office.assembly.petitioner, cases[1], suspended=True)
        suspend_access(office.assembly.petitioner, cases[1], suspended=False)
        watched.read("Eva", cases[1])
        watched.decide(cases[1], "Eva", "Ana", Outcome.DECLINE)
        watched.wait(3 * DAY)
        watched.read("Ana", cases[1])
    take_case_away(portal, luis, cases[0], office.who("Ana").id)
    set_leave(portal, office.who("Ana"), office.who("Ana").id, away=True)
    office.enrol("Eva")
    watched.read("Eva", cases[0])
    withdraw_petition(office.assembly.petitioner, watched.case("Ana"))
    assert watched.said() == []


def test_reading_without_the_case(watched: Watched) -> None:
    """The database says that Ana has the case, no entry does: what she reads and writes there is found."""
    case, ana = watched.case("Eva"), watched.office.who("Ana")
    watched.beside_the_log(lambda unit: unit.cases.assign(case, ana.id, 0))
    watched.read("Ana", case)
    write_note(watched.office.portal, ana, case, NewNote("Nada."))
    watched.read("Eva", case)
    assert watched.said() == [("unassigned-read", "Ana"), ("unassigned-step", "Ana")]


@pytest.mark.long
def test_reading_after_the_case_was_taken_away(watched: Watched) -> None:
    """Given, taken away, and put back beside the log."""
    case, ana = watched.case("Ana"), watched.office.who("Ana")
    watched.read("Ana", case)
    take_case_away(watched.office.portal, watched.office.who("Luis"), case, ana.id)
    watched.beside_the_log(lambda unit: unit.cases.assign(case, ana.id, 0))
    watched.read("Ana", case)
    assert watched.said() == [("unassigned-read", "Ana")]


@pytest.mark.long
def test_reading_in_bulk(watched: Watched) -> None:
    """Four cases in an hour where three are allowed: one finding that names every entry of it; over a day, none."""
    rules = "[bulk-read]\ncases = 3\nminutes = 60\n"
    cases = [watched.case("Ana", "Eva") for _ in range(5)]
    for case in cases:
        watched.read("Ana", case)
        watched.wait(10 * 60)
    for case in cases:
        watched.read("Eva", case)
        watched.wait(HOUR // 2)
    report = watched.audit(rules)
    (act,) = report.acts
    assert (act.rule, act.about["actor"], act.about["count"]) == (Rule.BULK_READ, "Ana", 5)
    assert len(act.entries) == 5


@pytest.mark.long
def test_reading_at_night(watched: Watched) -> None:
    """Three in the morning in Washington; for an office in another zone it is broad day."""
    case = watched.case("Ana")
    watched.wait(15 * HOUR)
    watched.read("Ana", case)
    assert watched.said() == [("odd-hours", "Ana")]
    assert watched.said('[odd-hours]\nzone = "Asia/Tokyo"\n') == []
    assert watched.said("[odd-hours]\non = false\n") == []


@pytest.mark.long
def test_reading_on_a_day_off(watched: Watched) -> None:
    """The rules file says on which days the office works."""
    case = watched.case("Ana")
    watched.read("Ana", case)
    assert watched.said('[odd-hours]\ndays = ["mon", "tue"]\n') == [("odd-hours", "Ana")]


@pytest.mark.long
def test_reading_while_access_is_suspended(watched: Watched) -> None:
    """The petitioner suspends access, somebody clears that in the database and reads."""
    case = watched.case("Ana")
    suspend_access(watched.office.assembly.petitioner, case, suspended=True)
    watched.beside_the_log(lambda unit: unit.cases.set_suspended(case, None))
    watched.read("Ana", case)
    assert watched.said() == [("suspended-read", "Ana")]


@pytest.mark.long
def test_reading_a_withdrawn_petition(watched: Watched) -> None:
    """The stage is set back beside the log."""
    case = watched.acknowledged("Ana")
    withdraw_petition(watched.office.assembly.petitioner, case)
    watched.beside_the_log(lambda unit: unit.cases.set_stage(case, Stage.US_REVIEW))
    watched.read("Ana", case)
    assert watched.said() == [("withdrawn-read", "Ana")]


@pytest.mark.long
def test_reading_long_after_the_answer(watched: Watched) -> None:
    """Forty days after a petition was declined, with nothing left to do."""
    case = watched.acknowledged("Ana", "Eva")
    for name in ("Ana", "Eva"):
        watched.read(name, case)
    watched.decide(case, "Ana", "Eva", Outcome.DECLINE)
    watched.wait(40 * DAY)
    watched.read("Ana", case)
    assert watched.said() == [("late-read", "Ana")]
    assert watched.said("[late-read]\ndays = 60\n") == []


@pytest.mark.long
def test_reading_by_an_account_that_was_switched_off(watched: Watched) -> None:
    """Switched off by the operator, and on again in the database alone."""
    case, ana = watched.case("Ana"), watched.office.who("Ana")
    disable(watched.office.portal, "Ana")
    watched.beside_the_log(lambda unit: unit.staff.set_state(ana.id, StaffState.ACTIVE))
    watched.read("Ana", case)
    assert watched.said() == [("disabled-account", "Ana")]


@pytest.mark.long
def test_an_account_that_was_reset_and_never_came_back(watched: Watched) -> None:
    """Between the new link and its use nobody can be signed in as that person."""
    case = watched.case("Ana", "Eva")
    watched.office.enrol("Eva")
    watched.read("Eva", case)
    reset(watched.office.portal, "Ana")
    watched.read("Ana", case)
    assert watched.said() == [("disabled-account", "Ana")]


@pytest.mark.long
def test_an_account_that_no_entry_made(watched: Watched) -> None:
    """A row in the database is no enrolment."""
    case = watched.case("Ana")
    watched.beside_the_log(lambda unit: unit.staff.add("Nadie", Role.REVIEWER, 0))
    nobody = watched.office.who("Nadie")
    watched.beside_the_log(lambda unit: unit.cases.assign(case, nobody.id, 0))
    watched.read("Nadie", case)
    assert watched.said() == [("unassigned-read", "Nadie"), ("unknown-account", "Nadie")]


@pytest.mark.long
def test_a_decision_without_reading(watched: Watched) -> None:
    """The draft's author never opened the record; in another case the one who approved."""
    first, second = watched.acknowledged("Ana", "Eva"), watched.acknowledged("Ana", "Eva")
    watched.read("Eva", first)
    watched.decide(first, "Ana", "Eva")
    watched.read("Ana", second)
    watched.decide(second, "Ana", "Eva")
    assert watched.said() == [("unread-draft", "Ana"), ("unread-approval", "Eva")]


@pytest.mark.long
def test_one_person_who_drafts_and_approves(watched: Watched) -> None:
    """The draft's author is changed in the database, so that the second person is the first."""
    case = watched.acknowledged("Ana", "Eva")
    watched.read("Ana", case)
    ana, eva = watched.office.who("Ana"), watched.office.who("Eva")
    report = _decide_alone(watched, case, ana.id, eva.id)
    assert report == [("one-person", "Ana")]


def _decide_alone(watched: Watched, case: CaseId, ana: int, eva: int) -> list[tuple[str, str]]:
    office = watched.office
    stated = Stated(day=Dated(watched.today()), outcome=Outcome.TAKE_UP)
    draft_decision(office.portal, office.who("Ana"), case, stated)
    number = watched.drafted(case)
    put = text("UPDATE case_event SET staff_id = :eva WHERE staff_id = :ana AND seq = :number")
    with watched.behind() as connection:
        assert connection.execute(put, {"eva": eva, "ana": ana, "number": number}).rowcount
    approve_decision(office.portal, office.who("Ana"), case, number)
    return watched.said()


@pytest.mark.long
def test_a_time_that_was_set_back(watched: Watched) -> None:
    """A night's reading that claims to be of the afternoon before: the log was further by then."""
    case = watched.case("Ana")
    watched.wait(15 * HOUR)
    watched.case()
    watched.wait(-14 * HOUR)
    watched.read("Ana", case)
    watched.wait(14 * HOUR)
    assert watched.said() == [("time-order", "Ana")]


def test_a_time_that_was_put_forward(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """A night's reading that claims to be of the next morning: the log had it at night."""
    case = watched.case("Ana")
    watched.wait(14 * HOUR)
    monkeypatch.setattr("app.store.sequencer.rfc3339", lambda seconds: rfc3339(seconds + 8 * HOUR))
    watched.read("Ana", case)
    monkeypatch.undo()
    assert ("time-ahead", "Ana") in watched.said()


def test_rules_that_need_the_past_are_silent_behind_a_gap(watched: Watched) -> None:
    """Openings from the middle of a log accuse nobody of what an earlier entry may explain, and the report says so."""
    case = watched.case("Ana")
    watched.publish()
    start = watched.office.portal.log.published_size()
    watched.read("Ana", case)
    watched.publish()
    path = watched.folder / "later.json"
    path.write_text(json.dumps(watched.openings(start)))
    report = watched.audit(openings=path)
    assert report.holds
    assert report.acts == ()
    assert [note.code.value for note in report.remarks] == ["past-unknown"]


@pytest.mark.long
def test_questions_belong_to_the_steps(watched: Watched) -> None:
    """Asking needs the case, as reading does; an honest one raises nothing."""
    case = watched.acknowledged("Ana")
    watched.read("Ana", case)
    until = watched.today() + timedelta(days=9)
    ask_question(watched.office.portal, watched.office.who("Ana"), case, Asked(QUESTION, "es", until))
    assert watched.said() == []


def test_the_documented_rules_are_the_defaults() -> None:
    """docs/audit-rules.toml says what is done without it; what is no rule is refused."""
    assert read_rules((ROOT / "docs" / "audit-rules.toml").read_bytes()) == Rules()
    hours = ["from = '25:00'", "zone = 'Nowhere/Else'", "days = ['dom']", "until = '05:00'"]
    others = ["[no-rule]", "[bulk-read]\ncases = -1", "bulk-read = 3", "[late-read]\non = 1"]
    for wrong in [*others, *(f"[odd-hours]\n{line}" for line in hours)]:
        with pytest.raises(CannotCheckError):
            read_rules(wrong.encode())
