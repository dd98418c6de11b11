"""Questions, withdrawal and suspension over a real store: who may, what the log says, and what stays sealed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from app.domain.deadlines import ClockState
from app.domain.entities import CaseRecipient, Purpose, StaffSession, Stage
from app.domain.errors import AccessError, ProcedureError
from app.domain.procedure import Action, Asked, Outcome, Stated
from app.domain.questions import QuestionState
from app.store import tables
from app.usecases.ask_question import ask_question, check_question, withdraw_question
from app.usecases.correct_dates import correct_dates
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.list_queue import list_queue
from app.usecases.read_messages import read_messages
from app.usecases.read_redacted import begin_sitting, read_redacted
from app.usecases.show_procedure import show_procedure
from app.usecases.show_sitting import prove_sitting
from app.usecases.suspend_access import suspend_access
from app.usecases.withdraw_petition import withdraw_petition
from crypto.digest import sha256_hex
from crypto.framing import FrameKind, Head
from crypto.log.leaf import Leaf, LeafKind
from crypto.opening import HybridIdentity, open_framed
from tests.usecases.desks import QUESTION, Desk


def test_a_question_goes_to_the_petitioner_sealed_and_is_bound_by_the_log(desk: Desk) -> None:
    """The holders open what the entry's hash names; the office's words are encrypted under the case's key."""
    desk.acknowledge(3)
    number = desk.ask()
    (message,) = read_messages(desk.holder, desk.session())
    fields = message.asked.opening.values()
    until = (desk.today() + timedelta(days=14)).isoformat()
    assert fields["kind"] == "question_asked"
    assert fields["detail"] == f"ask US_REVIEW question {number} until {until} sha256 {message.sealed.sha256}"
    assert sha256_hex(message.sealed.body) == message.sealed.sha256
    place = Head(desk.office.facts.name, desk.case, FrameKind.MESSAGE, message.sealed.record, 1)
    body = json.loads(open_framed(message.sealed.body, [HybridIdentity(desk.seed)], place))
    today = desk.today().isoformat()
    assert body == {"v": 1, "question": number, "language": "es", "text": QUESTION, "asked": today, "until": until}


def test_the_office_cannot_read_its_messages_back(desk: Desk) -> None:
    """Law L1: the office's face adds to the table of messages and selects nothing from it."""
    desk.acknowledge(3)
    desk.ask()
    with pytest.raises(DatabaseError, match=r"prohibited|permission denied"), desk.office.ledger.view() as view:
        view.messages.of(desk.case)


def test_words_of_a_question_stand_nowhere_in_the_clear(desk: Desk) -> None:
    """Neither in the database nor in the log; the status tells number and day only."""
    desk.acknowledge(3)
    desk.ask("SENTINEL-QUESTION")
    for path in desk.assembly.settings.data.rglob("*"):
        if path.is_file():
            assert b"SENTINEL-QUESTION" not in path.read_bytes(), path
    status = desk.status()
    assert "SENTINEL" not in status.note
    assert "SENTINEL" not in str(desk.entries())
    assert status.body["question"] == {
        "number": 3,
        "asked": desk.today().isoformat(),
        "until": (desk.today() + timedelta(days=14)).isoformat(),
        "overdue": False,
    }


def test_a_reading_is_logged_once_per_sitting_and_again_for_what_is_new(desk: Desk) -> None:
    """The office's read receipt is an entry of the log, made before the message leaves."""
    desk.acknowledge(3)
    assert read_messages(desk.holder, desk.session()) == ()
    assert "messages_read" not in desk.kinds()
    desk.ask()
    sitting = desk.session()
    for _ in range(3):
        read_messages(desk.holder, sitting)
    assert desk.kinds().count("messages_read") == 1
    shown = show_procedure(desk.office, desk.people["Ana"], desk.case).standing.questions
    assert [each.read for each in shown] == [desk.today()]
    desk.ask("¿Y el segundo convenio?")
    assert show_procedure(desk.office, desk.people["Ana"], desk.case).standing.questions[1].read is None
    read_messages(desk.holder, sitting)
    read_messages(desk.holder, desk.session())
    assert desk.kinds().count("messages_read") == 3


def test_a_question_past_its_day_is_overdue_and_still_open(desk: Desk) -> None:
    """A passed day is a fact, never a block."""
    desk.acknowledge(3)
    number = desk.ask(days=2)
    desk.days_ahead = 3
    assert desk.status().body["question"]["overdue"] is True
    withdraw_question(desk.office, desk.people["Luis"], desk.case, number)
    assert desk.status().body["question"] is None
    (message,) = read_messages(desk.holder, desk.session())
    assert message.state == QuestionState.WITHDRAWN
    assert message.closed is not None
    assert message.closed.opening.values()["detail"] == f"withdraw_question US_REVIEW question {number}"


def test_no_question_names_an_identifier(desk: Desk) -> None:
    """The guard refuses with the field; the attempt is a mistake in a form, and leaves nothing."""
    desk.acknowledge(3)
    before = desk.kinds()
    asked = Asked("Confirme la CURP BOXW310820HNERXN09 por favor.", "es", desk.today() + timedelta(days=9))
    for act in (check_question, ask_question):
        with pytest.raises(ProcedureError, match="question_guard") as refused:
            act(desk.office, desk.people["Ana"], desk.case, asked)
        assert refused.value.field == "text"
    assert desk.kinds() == before


def test_a_preview_changes_nothing(desk: Desk) -> None:
    """Checking a question asks nothing."""
    desk.acknowledge(3)
    before = desk.kinds()
    asked = Asked(QUESTION, "es", desk.today() + timedelta(days=9))
    check_question(desk.office, desk.people["Ana"], desk.case, asked)
    assert desk.kinds() == before


def test_withdrawing_ends_the_case_and_its_clock(desk: Desk) -> None:
    """Stage, clock, question and the open log say so; the same word again changes nothing."""
    desk.acknowledge(3)
    number = desk.ask()
    made = withdraw_petition(desk.holder, desk.case)
    assert [each.opening.values()["kind"] for each in made] == ["petition_withdrawn"]
    assert Leaf.from_bytes(made[0].leaf).kind is LeafKind.DECIDED_CLOSED
    assert withdraw_petition(desk.holder, desk.case) == ()
    desk.days_ahead = 50
    status = desk.status()
    assert (status.stage, status.body["clocks"][0]["end"]) == ("WITHDRAWN", None)
    assert status.since == (desk.today() - timedelta(days=50)).isoformat()
    assert (status.standing.clock.state, status.overdue, status.body["question"]) == (ClockState.STOPPED, False, None)
    (card,) = list_queue(desk.office, StaffSession("", desk.people["Ana"], 0, 0), {}).cards
    assert (card.stage, card.clock.state) == ("WITHDRAWN", ClockState.STOPPED)
    with pytest.raises(AccessError, match="case_withdrawn"):
        withdraw_question(desk.office, desk.people["Ana"], desk.case, number)
    (message,) = read_messages(desk.holder, desk.session())
    assert message.state == QuestionState.LAPSED


def test_a_withdrawn_case_is_closed_to_the_office(desk: Desk) -> None:
    """An open sitting ends with it: the next request for the record is refused and logged."""
    desk.acknowledge(3)
    begin_sitting(desk.office, desk.people["Ana"], desk.case, Purpose.REVIEW)
    assert read_redacted(desk.office, desk.people["Ana"], desk.case).record
    withdraw_petition(desk.holder, desk.case)
    with pytest.raises(AccessError, match="case_withdrawn"):
        read_redacted(desk.office, desk.people["Ana"], desk.case)
    assert desk.kinds()[-1] == "record_refused"


def test_an_ended_case_is_not_withdrawn(desk: Desk) -> None:
    """A holder's attempt that the table does not have is logged like a reader's."""
    desk.acknowledge(3)
    draft_decision(desk.office, desk.people["Ana"], desk.case, desk.decision(Outcome.DECLINE))
    approve_decision(desk.office, desk.people["Luis"], desk.case, 3)
    with pytest.raises(ProcedureError, match="step_unlisted"):
        withdraw_petition(desk.holder, desk.case)
    last = desk.entries()[-1]
    assert (last["kind"], last["role"], last["detail"]) == ("step_refused", "holder", "withdraw step_unlisted")


def test_suspension_holds_at_the_next_request(desk: Desk) -> None:
    """Record, steps, questions: each is refused and logged; the card stays and says so; lifting mends it."""
    desk.acknowledge(3)
    number = desk.ask()
    ana = desk.people["Ana"]
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW)
    made = suspend_access(desk.holder, desk.case, suspended=True)
    assert [each.opening.values()["detail"] for each in made] == ["suspend US_REVIEW"]
    assert suspend_access(desk.holder, desk.case, suspended=True) == ()
    asked = Asked(QUESTION, "es", desk.today() + timedelta(days=9))
    attempts = (
        lambda: read_redacted(desk.office, ana, desk.case),
        lambda: begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW),
        lambda: ask_question(desk.office, ana, desk.case, asked),
        lambda: check_question(desk.office, ana, desk.case, asked),
        lambda: withdraw_question(desk.office, ana, desk.case, number),
        lambda: draft_decision(desk.office, ana, desk.case, desk.decision(Outcome.TAKE_UP)),
        lambda: approve_decision(desk.office, ana, desk.case, 3),
        lambda: correct_dates(desk.office, ana, desk.case, Action.NOTE_CLOCK, Stated(note="a", reason="b")),
    )
    for attempt in attempts:
        before = len(desk.entries())
        with pytest.raises(AccessError, match="case_suspended"):
            attempt()
        assert len(desk.entries()) == before + 1
        assert desk.entries()[-1]["kind"] in {"record_refused", "step_refused"}
    with pytest.raises(AccessError, match="purpose_needed"):
        prove_sitting(desk.office, ana, desk.case)
    (card,) = list_queue(desk.office, StaffSession("", ana, 0, 0), {}).cards
    assert card.suspended == desk.today()
    shown = show_procedure(desk.office, ana, desk.case)
    assert (shown.steps, shown.standing.questions) == ((), ())
    assert desk.status().body["suspended"] == desk.today().isoformat()
    suspend_access(desk.holder, desk.case, suspended=False)
    assert read_redacted(desk.office, ana, desk.case).record
    assert desk.status().body["suspended"] is None


def test_a_suspended_petition_can_be_withdrawn_and_its_clock_runs_on(desk: Desk) -> None:
    """Suspension is no stage: it stops nothing but the office."""
    desk.acknowledge(31)
    suspend_access(desk.holder, desk.case, suspended=True)
    assert (desk.status().stage, desk.status().overdue) == ("US_REVIEW", True)
    withdraw_petition(desk.holder, desk.case)
    assert desk.stored().stage is Stage.WITHDRAWN
    with pytest.raises(ProcedureError, match="step_unlisted"):
        suspend_access(desk.holder, desk.case, suspended=False)


def test_messages_follow_the_newest_key_of_the_case(desk: Desk) -> None:
    """After a new epoch questions are sealed to its key; the office finds it without reading anything sealed."""
    desk.acknowledge(3)
    with desk.office.ledger.view() as view:
        first = view.messages.recipient(desk.case)
    assert first is not None
    assert first.epoch == 1
    newer = CaseRecipient(first.recipient, 2)
    desk.holder.ledger.write(lambda unit: unit.messages.set_recipient(desk.case, newer))
    desk.ask()
    (message,) = read_messages(desk.holder, desk.session())
    assert message.sealed.epoch == 2
    with desk.holder.ledger.view() as view:
        rows = view.messages._connection.execute(select(tables.case_recipient)).all()  # type: ignore[attr-defined]  # the view's own
    assert len(rows) == 1
