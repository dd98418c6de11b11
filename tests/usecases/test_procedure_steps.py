"""The procedure over a real store: two persons, appended corrections, log entries, and both deployments."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.deadlines import Basis, ClockState, Dated, Milestone
from app.domain.entities import CaseId, Role, StaffMember, StaffSession, Stage
from app.domain.errors import AccessError, DomainError, ProcedureError
from app.domain.procedure import Action, Outcome, Stated
from app.i18n import LANGUAGES
from app.store import tables
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.correct_dates import correct_dates
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.list_queue import list_queue, show_card
from app.usecases.show_procedure import show_procedure
from crypto.digest import sha256_hex
from crypto.log.leaf import Leaf, LeafKind
from crypto.note import NoteType, NoteVerifier, open_typed
from tests.usecases.desks import Desk


def test_no_clock_runs_before_the_acknowledgement(desk: Desk) -> None:
    """A custodian's receipt starts nothing; the statement says it, signed."""
    status = desk.status()
    body = open_typed(status.note, NoteType.STATUS, [NoteVerifier.parse(desk.office.facts.statement_vkey)])
    assert (body["stage"], body["due"], body["overdue"], body["reasons"]) == ("RECEIVED", None, False, [])
    assert body["clocks"][0]["state"] == "NOT_STARTED"
    assert body["question"] is body["decision"] is None
    assert status.since == desk.today().isoformat()


def test_the_office_acknowledges_with_its_receipt(authority: Desk) -> None:
    """D0 is our receipt, in the same transaction as the filing: a case is born under the clock."""
    assert authority.kinds()[:3] == ["petition_received", "acknowledged", "stage_changed"]
    with authority.office.ledger.view() as view:
        indexes = [index for index, _, _ in view.log.openings_of(authority.case)][:3]
        assert len({view.log.batch_after(index) for index in indexes}) == 1  # type: ignore[attr-defined]  # the store's own
        case = (
            view.cases.get(authority.case) if authority.office.face == "petitioner" else view.cases.card(authority.case)
        )
    assert case is not None
    status = authority.status()
    assert (status.stage, status.since) == ("US_REVIEW", authority.today().isoformat())
    assert status.due == (authority.today() + timedelta(days=30)).isoformat()
    assert status.body["clocks"][0]["start"]["basis"] == "received"
    with pytest.raises(ProcedureError, match="already_acknowledged"):
        authority.acknowledge(1)
    with pytest.raises(ProcedureError, match="step_not_yours"):
        authority.acknowledge(1, reason="Otro día.")


def test_a_holder_starts_the_clock(desk: Desk) -> None:
    """The intake's reference and date lead to the review; each step is a log entry with its proof."""
    made = desk.acknowledge(3)
    assert [step.opening.values()["kind"] for step in made] == ["acknowledged", "stage_changed"]
    assert all(step.proof for step in made)
    status = desk.status()
    assert (status.stage, status.overdue, status.standing.clock.left) == ("US_REVIEW", False, 27)
    assert status.standing.reference == "OTLA-7"
    assert "OTLA-7" not in status.note
    assert made[0].opening.values()["detail"] == f"acknowledge FILED D0 {status.since}"


def test_the_same_statement_again_changes_nothing(desk: Desk) -> None:
    """A lost answer is asked for again without a second event."""
    desk.acknowledge(3)
    before = desk.kinds()
    assert desk.acknowledge(3) == ()
    assert desk.kinds() == before
    with pytest.raises(ProcedureError, match="already_acknowledged"):
        desk.acknowledge(4)
    assert desk.kinds() == before


def test_corrections_append(desk: Desk) -> None:
    """Every statement stays; the newest holds, with its reason and what was said before."""
    desk.acknowledge(3)
    desk.acknowledge(5, "OTLA-8", "Copied the wrong line.")
    day = Dated(desk.today() - timedelta(days=6), Basis.RECEIVED)
    stated = Stated(day=day, reference="OTLA-9", reason="The letter says so.")
    correct_dates(desk.office, desk.people["Ana"], desk.case, Action.CORRECT_D0, stated)
    found = desk.status().standing
    days = [desk.today() - timedelta(days=ago) for ago in (3, 5, 6)]
    assert found.days[Milestone.D0].day == days[-1]
    assert [(each.before, each.now) for each in found.corrections] == [
        (days[0].isoformat(), days[1].isoformat()),
        (days[1].isoformat(), days[2].isoformat()),
    ]
    assert [each.role for each in found.corrections] == [Role.HOLDER, Role.REVIEWER]
    with desk.office.ledger.view() as view:
        events = view.events.of(desk.case)
    assert [event.seq for event in events] == [1, 2, 3, 4]
    assert [event.dated.day for event in events if event.milestone] == days  # type: ignore[union-attr]  # all have days


def test_an_event_fits_its_log_entry(desk: Desk) -> None:
    """What an event states is bound by the log: its salted hash is the entry's record."""
    desk.acknowledge(3)
    with desk.office.ledger.view() as view:
        stored = view.events.of(desk.case)[0]
    body = desk.office.vault.open_events(desk.case, {stored.seq: stored.body_sealed})[stored.seq]
    entry = next(each for each in desk.entries() if each["kind"] == "acknowledged")
    assert entry["record"] == sha256_hex(body)
    assert b"OTLA-7" in body
    assert b"OTLA-7" not in stored.body_sealed


def test_the_office_enters_what_the_petitioner_did_not(desk: Desk) -> None:
    """An office form in place of the petitioner's, with its reason."""
    day = Dated(desk.today(), Basis.RECEIVED)
    with pytest.raises(ProcedureError, match="reason_missing"):
        correct_dates(desk.office, desk.people["Ana"], desk.case, Action.ACKNOWLEDGE_FOR, Stated(day, "OTLA-7"))
    stated = Stated(day, "OTLA-7", "The intake wrote to us.")
    correct_dates(desk.office, desk.people["Ana"], desk.case, Action.ACKNOWLEDGE_FOR, stated)
    assert desk.status().stage == "US_REVIEW"


def test_a_note_stands_beside_the_clock_and_stops_nothing(desk: Desk) -> None:
    """Offices closed: a note, and the clock runs on."""
    desk.acknowledge(31)
    stated = Stated(note="Offices closed since 1 October.", reason="Official notice.")
    correct_dates(desk.office, desk.people["Ana"], desk.case, Action.NOTE_CLOCK, stated)
    clock = desk.status().standing.clock
    assert (clock.state, clock.late, clock.note) == (ClockState.OVERDUE, 1, "Offices closed since 1 October.")


def test_declined_with_reasons_by_two(desk: Desk) -> None:
    """Draft, second person, then code and words in three languages, signed; the answer stands openly in the log."""
    desk.acknowledge(51)
    draft_decision(desk.office, desk.people["Ana"], desk.case, desk.decision(Outcome.DECLINE))
    assert desk.status().reasons == ()
    assert desk.status().body["decision"] is None
    draft = show_procedure(desk.office, desk.people["Luis"], desk.case)
    assert draft.may_approve
    assert not show_procedure(desk.office, desk.people["Ana"], desk.case).may_approve
    assert draft.standing.draft is not None
    assert approve_decision(desk.office, desk.people["Luis"], desk.case, draft.standing.draft.seq) is Stage.DECLINED
    body = desk.status().body
    assert (body["stage"], body["reasons"]) == ("DECLINED", ["INSUFFICIENT_EVIDENCE"])
    assert (body["overdue"], body["clocks"][0]["state"], body["clocks"][0]["days_late"]) == (True, "MET_LATE", 21)
    assert set(body["decision"]["words"]) == set(LANGUAGES)
    assert body["decision"]["words"]["fr"]["cure"] == "fr: más pruebas."
    assert desk.kinds()[-2:] == ["decision_drafted", "decision_approved"]
    with desk.office.ledger.view() as view:
        last = view.log.leaf(view.log.openings_of(desk.case)[-1][0])
    assert Leaf.from_bytes(last or b"").kind is LeafKind.DECIDED_DECLINED


def test_taken_up_long_after_the_due_date(desk: Desk) -> None:
    """No clock blocks: an answer on day 200 is accepted and is 170 days late."""
    desk.acknowledge(200)
    draft_decision(desk.office, desk.people["Luis"], desk.case, desk.decision(Outcome.TAKE_UP))
    approve_decision(desk.office, desk.people["Ana"], desk.case, 3)
    status = desk.status()
    assert (status.stage, status.reasons, status.standing.clock.late) == ("REQUEST_SENT", (), 170)
    stated = Stated(day=Dated(desk.today() - timedelta(days=1)), reason="It left the day before.")
    correct_dates(desk.office, desk.people["Ana"], desk.case, Action.CORRECT_DECISION, stated)
    assert desk.status().standing.clock.late == 169


def refused(desk: Desk, code: str, name: str, act: Any) -> None:
    """Expect a refusal, and that a reader's attempt stands in the log."""
    before = desk.kinds().count("step_refused")
    with pytest.raises(DomainError) as caught:
        act(desk.people[name])
    assert caught.value.code == code
    assert desk.kinds().count("step_refused") == before + 1
    assert desk.entries()[-1]["actor"] == name
    assert code in desk.entries()[-1]["detail"]


def test_refused_attempts_are_logged(desk: Desk) -> None:
    """Too early, not assigned, alone, an older draft, twice: each refusal is an entry that the petitioner sees."""

    def draft(member: StaffMember) -> None:
        draft_decision(desk.office, member, desk.case, desk.decision(Outcome.DECLINE))

    def approve(number: int) -> Any:
        return lambda member: approve_decision(desk.office, member, desk.case, number)

    refused(desk, "step_unlisted", "Ana", draft)
    refused(desk, "step_unlisted", "Ana", approve(1))
    desk.acknowledge(3)
    refused(desk, "not_assigned", "Eva", draft)
    refused(desk, "no_draft", "Luis", approve(3))
    draft(desk.people["Ana"])
    refused(desk, "same_person", "Ana", approve(3))
    refused(desk, "not_assigned", "Eva", approve(3))
    refused(desk, "not_allowed", "Olga", approve(3))
    draft(desk.people["Ana"])
    refused(desk, "draft_changed", "Luis", approve(3))
    number = show_procedure(desk.office, desk.people["Luis"], desk.case).standing.draft
    assert number is not None
    approve_decision(desk.office, desk.people["Luis"], desk.case, number.seq)
    refused(desk, "step_unlisted", "Luis", approve(number.seq))
    assert desk.status().stage == "DECLINED"


def test_mistakes_in_a_form_are_not_attempts(desk: Desk) -> None:
    """Forgotten words are told and not logged; nothing is stored."""
    desk.acknowledge(3)
    before = desk.kinds()
    for wrong, code in (
        (replace(desk.decision(Outcome.DECLINE), words={}), "words_missing"),
        (replace(desk.decision(Outcome.DECLINE), codes=()), "codes_missing"),
        (desk.decision(Outcome.DECLINE, days_ago=4), "day_before_clock"),
    ):
        with pytest.raises(ProcedureError, match=code):
            draft_decision(desk.office, desk.people["Ana"], desk.case, wrong)
    assert desk.kinds() == before


def test_unknown_cases_and_other_roles_get_nothing(desk: Desk) -> None:
    """A case that is not there has no procedure, no step and no entry."""
    nowhere = CaseId("a" * 26)
    with pytest.raises(AccessError, match="case_unknown"):
        acknowledge_petition(desk.holder, nowhere, "2026-03-12", "OTLA-7")
    for act in (
        lambda: show_procedure(desk.office, desk.people["Ana"], nowhere),
        lambda: approve_decision(desk.office, desk.people["Ana"], nowhere, 1),
        lambda: correct_dates(desk.office, desk.people["Ana"], nowhere, Action.CORRECT_D0, Stated()),
    ):
        with pytest.raises(AccessError, match="case_unknown"):
            act()
    with pytest.raises(AccessError, match="not_allowed"):
        show_procedure(desk.office, desk.people["Olga"], desk.case)


def test_cards_carry_the_clock(desk: Desk) -> None:
    """The queue shows days left without opening a record; without assignment no step and no draft."""
    desk.acknowledge(21)
    (card,) = list_queue(desk.office, StaffSession("", desk.people["Eva"], 0, 0), {}).cards
    assert (card.clock.left, card.stage) == (9, "US_REVIEW")
    assert show_card(desk.office, desk.people["Eva"], desk.case).clock == card.clock
    draft_decision(desk.office, desk.people["Ana"], desk.case, desk.decision(Outcome.TAKE_UP))
    shown = show_procedure(desk.office, desk.people["Eva"], desk.case)
    assert (shown.standing.draft, shown.steps, shown.may_approve) == (None, (), False)


def test_texts_of_events_are_encrypted_at_rest(desk: Desk, tmp_path: Path) -> None:
    """Reference and reasons stand nowhere in the data folder in the clear."""
    desk.acknowledge(3, "SENTINEL-REFERENCE")
    desk.acknowledge(4, "SENTINEL-REFERENCE", "SENTINEL-REASON")
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file():
            assert b"SENTINEL" not in path.read_bytes(), path
    with desk.office.ledger.view() as view:
        rows = view.events._connection.execute(select(tables.case_event)).all()  # type: ignore[attr-defined]  # the view's own
    assert len(rows) == 3
