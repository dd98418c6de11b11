"""Attacks on a case that lives: what was true when somebody asked is not true any more when it is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.domain.entities import CaseId, EntryKind, HolderSession, Purpose, Role, answer_name
from app.domain.errors import AccessError, AdmissionError, DomainError, ProcedureError, ServiceError
from app.domain.moments import rfc3339
from app.domain.ports import Portal
from app.domain.procedure import Outcome
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.destroy_cases import destroy
from app.usecases.file_petition import file_petition
from app.usecases.hand_out_openings import hand_out_openings
from app.usecases.read_messages import read_messages
from app.usecases.read_redacted import begin_sitting, read_redacted
from app.usecases.refile_case import refile_case
from app.usecases.revise_petition import revise_petition
from app.usecases.sign_in_holder import begin_sign_in, holder_session, sign_in_holder
from app.usecases.suspend_access import suspend_access
from crypto.keys import case_keys
from crypto.note import NoteSigner, NoteType, sign_typed
from tests.filings import make_filing
from tests.revisions import Versions, answer_text, other_record
from tests.store.test_retention_races import due
from tests.usecases.desks import Desk, desk_in

ADDRESS = "https://portal.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A custodian's portal with a case."""
    yield from desk_in(tmp_path)


def just_before(portal: Portal, first: Callable[[], object]) -> Portal:
    """Return the portal as somebody uses it who is overtaken between asking and writing."""
    ledger, left = portal.ledger, [first]

    class Overtaken:
        """The ledger, with something that comes just before the first work."""

        view, let_go, receipt_proof = ledger.view, ledger.let_go, ledger.receipt_proof

        @staticmethod
        def write(work: Callable[[Any], Any]) -> Any:
            if left:
                left.pop()()
            return ledger.write(work)

    return replace(portal, ledger=cast(Any, Overtaken))


def sign_in_key(desk: Desk) -> NoteSigner:
    """Return the key that signs sign-in texts of the present epoch."""
    return NoteSigner(f"{desk.holder.facts.name}/sign-in", case_keys(desk.versions.key.seed).sign_in)


def new_epoch(desk: Desk) -> Callable[[], object]:
    """Return the step that takes somebody out."""
    call = desk.versions.call(key=desk.versions.next_key())
    return lambda: revise_petition(desk.holder, desk.case, call)


def test_a_sign_in_under_way_while_somebody_is_removed(desk: Desk) -> None:
    """Their key was good when the text was verified: the session would last an hour, over records in the clear."""
    portal = desk.holder
    challenge = begin_sign_in(portal, desk.case)
    body = {"v": 1, "address": ADDRESS, "case": desk.case, "nonce": challenge.nonce, "time": rfc3339(portal.clock())}
    note = sign_typed(NoteType.SIGN_IN, body, [sign_in_key(desk)])
    with pytest.raises(AccessError, match="sign_in_refused"):
        sign_in_holder(just_before(portal, new_epoch(desk)), note, challenge.browser, frozenset({ADDRESS}))


def test_a_withdrawn_session_reads_nothing(desk: Desk) -> None:
    """Signed in before somebody else took them out: the very next request is a stranger's."""
    portal = desk.holder
    challenge = begin_sign_in(portal, desk.case)
    body = {"v": 1, "address": ADDRESS, "case": desk.case, "nonce": challenge.nonce, "time": rfc3339(portal.clock())}
    note = sign_typed(NoteType.SIGN_IN, body, [sign_in_key(desk)])
    token = sign_in_holder(portal, note, challenge.browser, frozenset({ADDRESS}))
    assert holder_session(portal, token).case == desk.case
    new_epoch(desk)()
    with pytest.raises(AccessError, match="sign_in_needed"):
        holder_session(portal, token)


def test_a_link_signed_by_who_was_removed_meanwhile(desk: Desk) -> None:
    """Whoever leaves cannot tie the case to another one in the moment of leaving."""
    filing = make_filing(desk.holder.facts.name)
    later = CaseId(file_petition(desk.holder, filing.body).case)
    body = {"v": 1, "portal": desk.holder.facts.name, "earlier": desk.case, "case": later}
    signers: list[NoteSigner] = [desk.versions.signer(), Versions.of(filing).signer()]
    note = sign_typed(NoteType.LINK, body, signers)
    with pytest.raises(AdmissionError, match="link"):
        refile_case(just_before(desk.holder, new_epoch(desk)), desk.case, note)
    assert EntryKind.CASE_REFILED not in desk.kinds()


def test_two_holders_answer_at_once(desk: Desk) -> None:
    """From the same version, at the same moment: one answer, one step, one entry; the other one stored nothing."""
    desk.acknowledge(days_ago=3)
    number = desk.ask()
    calls = [desk.versions.call(answer=(number, answer_text(number, words))) for words in ("Fue en mayo.", "En junio.")]
    together = threading.Barrier(2)

    def send(call: dict[str, Any]) -> str:
        together.wait()
        try:
            revise_petition(desk.holder, desk.case, call)
        except DomainError as error:
            return error.code
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, calls)) == ["", "revision_behind"]
    assert desk.kinds().count(EntryKind.QUESTION_ANSWERED) == 1
    with desk.holder.ledger.view() as view:
        stored = [place for place in view.cases.record_versions(desk.case) if place.record == answer_name(number)]
        assert len(stored) == 1


def test_a_suspended_case_is_not_read_through_an_answer(desk: Desk) -> None:
    """A sitting over the answer, open before: refused at the next request, and the attempt is in the log."""
    desk.acknowledge(days_ago=3)
    number = desk.ask()
    desk.answer(number)
    record, ana = answer_name(number), desk.people["Ana"]
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, record)
    assert read_redacted(desk.office, ana, desk.case, record).record["text"]
    suspend_access(desk.holder, desk.case, suspended=True)
    for attempt in (
        lambda: read_redacted(desk.office, ana, desk.case, record),
        lambda: begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, record),
    ):
        with pytest.raises(AccessError, match="case_suspended"):
            attempt()
    assert desk.kinds().count(EntryKind.RECORD_REFUSED) == 2


def test_a_sitting_over_a_destroyed_answer(desk: Desk) -> None:
    """What slipped into an answer was pulled: the open sitting shows neither the old one nor, unasked, the new one."""
    desk.acknowledge(days_ago=3)
    number = desk.ask()
    desk.answer(number, "Fue Ximena.")
    record, ana = answer_name(number), desk.people["Ana"]
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, record)
    desk.answer(number, "Fue en marzo.", destroys=True)
    with pytest.raises(AccessError, match="purpose_needed"):
        read_redacted(desk.office, ana, desk.case, record)
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, record)
    assert read_redacted(desk.office, ana, desk.case, record).record["text"] == "Fue en marzo."


def test_a_slip_pulled_while_a_reader_begins(desk: Desk) -> None:
    """The purpose was said for the old version: no look at either version follows from it."""
    call = desk.versions.call(record=other_record(desk.versions.record), destroys=True)
    ana = desk.people["Ana"]
    slow = just_before(desk.office, lambda: revise_petition(desk.holder, desk.case, call))
    begin_sitting(slow, ana, desk.case, Purpose.REVIEW)
    with pytest.raises(AccessError, match="purpose_needed"):
        read_redacted(desk.office, ana, desk.case)


def test_two_colleagues_approve_at_once(desk: Desk) -> None:
    """One decision, one open leaf; the other attempt is refused and logged."""
    desk.acknowledge(days_ago=3)
    draft_decision(desk.office, desk.people["Ana"], desk.case, desk.decision(Outcome.TAKE_UP))
    with desk.office.ledger.view() as view:
        draft = max(event.seq for event in view.events.of(desk.case))
    together = threading.Barrier(2)

    def approve(_: int) -> str:
        together.wait()
        try:
            approve_decision(desk.office, desk.people["Luis"], desk.case, draft)
        except ProcedureError as error:
            return error.code
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, range(2))) == ["", "step_unlisted"]
    assert desk.kinds().count(EntryKind.DECISION_APPROVED) == 1
    assert EntryKind.STEP_REFUSED in desk.kinds()


def test_a_destroyed_case_does_not_come_back_by_its_own_call(desk: Desk) -> None:
    """The filing call, kept by somebody and sent again: no row, no key, and a clear refusal."""
    filing = make_filing(desk.holder.facts.name)
    case = CaseId(file_petition(desk.holder, filing.body).case)
    assert destroy(desk.holder, due(desk.assembly, case))
    with pytest.raises(DomainError, match="case_conflict"):
        file_petition(desk.holder, filing.body)
    with desk.holder.ledger.view() as view:
        assert view.cases.get(case) is None


def test_a_case_destroyed_while_an_auditor_downloads(desk: Desk) -> None:
    """An opening is missing for which nobody is to be blamed: the download fails whole, and the next one says why."""
    vault, plan = desk.office.vault, due(desk.assembly, desk.case)

    class Destroying:
        """The vault; the case goes before its first opening is opened."""

        @staticmethod
        def open_opening(index: int, case: str, sealed: bytes) -> bytes:
            if case:
                destroy(desk.holder, plan)
            return vault.open_opening(index, case, sealed)

    auditor = replace(desk.people["Ana"], role=Role.AUDITOR)
    office = replace(desk.office, log=cast(Any, SimpleNamespace(published_size=lambda: 100)))
    with pytest.raises(ServiceError, match="storage_busy"):
        hand_out_openings(replace(office, vault=cast(Any, Destroying)), auditor, 0, 100)
    assert hand_out_openings(office, auditor, 0, 100)["destroyed"]


def test_questions_of_a_destroyed_case_are_not_served(desk: Desk) -> None:
    """A holder's session that was open: the case is unknown."""
    desk.acknowledge(days_ago=3)
    desk.ask()
    session = desk.session()
    assert destroy(desk.holder, due(desk.assembly, desk.case))
    with pytest.raises(AccessError, match="case_unknown"):
        read_messages(desk.holder, HolderSession(session.token_hash, desk.case, 0, 2**40, session.entry_index))
