"""Answers over a real store: one to one open question, late ones marked, read under a sitting of their own."""

from __future__ import annotations

import pytest

from app.domain.entities import Purpose, answer_name
from app.domain.errors import AccessError, ProcedureError
from app.domain.questions import QuestionState
from app.usecases.ask_question import withdraw_question
from app.usecases.read_messages import read_messages
from app.usecases.read_redacted import begin_sitting, read_redacted
from app.usecases.show_procedure import show_procedure
from app.usecases.suspend_access import suspend_access
from app.usecases.withdraw_petition import withdraw_petition
from crypto.digest import sha256_hex
from tests.usecases.desks import Desk


def state(desk: Desk) -> QuestionState:
    """Return what became of the newest question."""
    return show_procedure(desk.office, desk.people["Ana"], desk.case).standing.questions[-1].state


def test_an_answer_closes_its_question_in_the_version_that_brings_it(desk: Desk) -> None:
    """Version and step are two entries of one transaction; the step names the record that answers."""
    desk.acknowledge(3)
    number = desk.ask()
    desk.answer(number)
    assert desk.kinds()[-2:] == ["petition_revised", "question_answered"]
    record = desk.versions.body["answers"][0]["record"]
    assert desk.entries()[-1]["detail"] == f"answer US_REVIEW question {number} sha256 {record}"
    assert state(desk) is QuestionState.ANSWERED
    assert desk.status().body["question"] is None
    (message,) = read_messages(desk.holder, desk.session())
    assert (message.state, message.closed is not None) == (QuestionState.ANSWERED, True)


def test_a_late_answer_is_taken_and_marked(desk: Desk) -> None:
    """A passed day closes nothing."""
    desk.acknowledge(3)
    number = desk.ask(days=2)
    desk.days_ahead = 5
    desk.answer(number)
    assert state(desk) is QuestionState.ANSWERED_LATE


def test_an_answer_to_nothing_is_refused_whole(desk: Desk) -> None:
    """No question, one that was withdrawn, one that was answered: no version, no record, and the attempt is logged."""
    desk.acknowledge(3)
    number = desk.ask()
    for wrong, code in ((number + 7, "question_unknown"), (1, "question_unknown")):
        with pytest.raises(ProcedureError, match=code):
            desk.answer(wrong)
    withdraw_question(desk.office, desk.people["Ana"], desk.case, number)
    with pytest.raises(ProcedureError, match="question_closed"):
        desk.answer(number)
    assert desk.entries()[-1]["detail"] == "answer question_closed"
    assert desk.kinds().count("step_refused") == 3
    assert "petition_revised" not in desk.kinds()
    with desk.holder.ledger.view() as view:
        newest = view.cases.newest_manifest(desk.case)
    assert newest is not None
    assert newest.version == 1


def test_an_answer_comes_too_late_for_a_case_that_ended(desk: Desk) -> None:
    """At a stage without questions the step does not exist."""
    desk.acknowledge(3)
    number = desk.ask()
    withdraw_petition(desk.holder, desk.case)
    with pytest.raises(ProcedureError, match="step_unlisted"):
        desk.answer(number)


def test_an_answer_that_named_somebody_is_replaced_without_a_second_step(desk: Desk) -> None:
    """The older answer's key is destroyed; the question stays answered on its day."""
    desk.acknowledge(3)
    number = desk.ask()
    desk.answer(number, "Fue la de la línea 4.")
    desk.answer(number, "Fue en marzo.", destroys=True)
    assert desk.kinds().count("question_answered") == 1
    ana = desk.people["Ana"]
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, answer_name(number))
    assert read_redacted(desk.office, ana, desk.case, answer_name(number)).record["text"] == "Fue en marzo."


def test_an_answer_is_read_under_a_sitting_of_its_own(desk: Desk) -> None:
    """Law L4: a sitting over the record opens no answer, and the entry names the answer that was read."""
    desk.acknowledge(3)
    number, ana = desk.ask(), desk.people["Ana"]
    name = answer_name(number)
    with pytest.raises(ProcedureError, match="answer_unknown"):
        begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, name)
    desk.answer(number)
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW)
    with pytest.raises(AccessError, match="purpose_needed"):
        read_redacted(desk.office, ana, desk.case, name)
    begin_sitting(desk.office, ana, desk.case, Purpose.CLARIFICATION, name)
    begin_sitting(desk.office, ana, desk.case, Purpose.CLARIFICATION, name)
    found = read_redacted(desk.office, ana, desk.case, name)
    assert found.record["text"] == "Fue en marzo."
    assert (desk.entries()[-1]["kind"], desk.entries()[-1]["record"]) == ("answer_read", f"{name}/2")
    assert desk.kinds().count("answer_read") == 1
    assert read_redacted(desk.office, ana, desk.case).record["facts"]


@pytest.mark.parametrize("name", ["Eva", "Ana"])
def test_a_refused_look_at_an_answer_is_logged(desk: Desk, name: str) -> None:
    """Whoever is not assigned, and everybody while access is suspended; the open sitting does not help."""
    desk.acknowledge(3)
    number = desk.ask()
    desk.answer(number)
    if name == "Ana":
        begin_sitting(desk.office, desk.people[name], desk.case, Purpose.REVIEW, answer_name(number))
        suspend_access(desk.holder, desk.case, suspended=True)
    with pytest.raises(AccessError, match="case_suspended" if name == "Ana" else "not_assigned"):
        read_redacted(desk.office, desk.people[name], desk.case, answer_name(number))
    last = desk.entries()[-1]
    assert (last["kind"], last["record"], last["actor"]) == ("record_refused", f"answer-{number}/2", name)


def test_an_answer_is_encrypted_at_rest(desk: Desk) -> None:
    """Its words stand nowhere in the data folder in the clear; its hash is the manifest's."""
    desk.acknowledge(3)
    number = desk.ask()
    desk.answer(number, "SENTINEL-ANSWER")
    for path in desk.assembly.settings.data.rglob("*"):
        if path.is_file():
            assert b"SENTINEL-ANSWER" not in path.read_bytes(), path
    assert desk.entries()[-1]["detail"].endswith(desk.versions.body["answers"][0]["record"])
    assert len(sha256_hex(b"")) == len(desk.versions.body["answers"][0]["record"])
