"""Role × action × stage × suspension at the real routes: what is not listed is refused, whoever's browser asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from httpx2 import Response

from app.domain.deadlines import legal_day
from app.domain.entities import READERS, CaseId, EntryKind, HolderSession, Role, Stage
from app.domain.ports import EntryDraft
from app.domain.procedure import Action, Asked
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.ask_question import ask_question
from app.usecases.file_petition import file_petition
from crypto.digest import sha256_hex
from tests.filings import make_filing
from tests.matrix import STATES, may_look, unlisted
from tests.released import release_note, version_of
from tests.revisions import Versions, answer_text
from tests.web.conftest import Desk, Site

REFUSED = {303, 401, 403, 404, 409}
"""303: to the sign-in, for somebody who has no session here."""
Act = Callable[[], Response]
PEOPLE = {
    "Rut Revisa": Role.REVIEWER,
    "Coro Coordina": Role.COORDINATOR,
    "Paz Panel": Role.PANEL,
    "Aura Audita": Role.AUDITOR,
    "Oto Opera": Role.OPERATOR,
}
TOKEN = "7" * 64


@dataclass
class Board:
    """A case that can be put at any stage, with an open question."""

    site: Site
    id: CaseId
    question: int
    versions: Versions

    def put(self, stage: Stage, *, suspended: bool) -> tuple[object, int]:
        """Put the case at a stage, as no step could; return what must not change, and how many entries it has."""
        since = 1 if suspended else None
        write = self.site.services.petitioner.ledger.write
        write(lambda unit: unit.cases.set_stage(self.id, stage))
        write(lambda unit: unit.cases.set_suspended(self.id, since))
        return self.state()

    def state(self) -> tuple[object, int]:
        """Return stage, suspension and events of the case, and how many log entries it has."""
        with self.site.services.petitioner.ledger.view() as view:
            case = view.cases.get(self.id)
            assert case is not None
            return (case.stage, case.suspended, case.version, view.events.next_seq(self.id)), case.log_counter

    def of_staff(self, desk: Desk) -> Mapping[Action, Act]:
        """Return the forms by which somebody of the office can try each step."""
        day = legal_day(self.site.services.office.clock())
        at = f"/office/cases/{self.id}"
        stated = {"day": day.isoformat(), "reference": "OTLA-8", "reason": "Why.", "note": "Note."}
        asked = {"text": "¿En qué mes?", "language": "es", "until": (day + timedelta(days=9)).isoformat()}
        forms: dict[Action, Act] = {
            each: (lambda step=each: desk.post(f"{at}/correction", step=step, **stated))  # type: ignore[misc]  # bound now
            for each in Action
        }
        return forms | {
            Action.ASK: lambda: desk.post(f"{at}/question", act="send", **asked),
            Action.FLAG: lambda: desk.post(f"{at}/flag", act="send", record="record", part="summary", **asked),
            Action.WITHDRAW_QUESTION: lambda: desk.post(f"{at}/question/withdrawal", question=str(self.question)),
            Action.DRAFT: lambda: desk.post(f"{at}/decision", outcome="TAKE_UP", codes="", day=day.isoformat()),
            Action.TAKE_UP: lambda: desk.post(f"{at}/approval", draft="3"),
            Action.DECLINE: lambda: desk.post(f"{at}/approval", draft="3"),
            Action.HAND_ON: lambda: desk.post(f"{at}/public/handed", note="A la empresa."),
        }

    def of_holder(self, desk: Desk) -> Mapping[Action, Act]:
        """Return the calls by which a holder can try each step."""
        day = legal_day(self.site.services.office.clock()).isoformat()
        text = version_of()
        note = release_note(self.versions.signer(), self.site.services.petitioner.facts.name, self.id, text)
        answer = self.versions.call(answer=(self.question, answer_text(self.question)))
        stated: dict[str, object] = {"date": day, "reference": "OTLA-9", "reason": "Why."}
        calls: dict[Action, tuple[str, dict[str, object]]] = {
            Action.ACKNOWLEDGE: ("acknowledgement", stated),
            Action.ANSWER: ("revisions", answer),
            Action.WITHDRAW: ("withdrawal", {"withdraw": True}),
            Action.SUSPEND: ("suspension", {"suspended": True}),
            Action.LIFT: ("suspension", {"suspended": False}),
            Action.RELEASE: ("public", {"text": text, "note": note}),
        }
        return {
            action: (lambda path=path, body=body: desk.client.post(f"/api/v1/case/{path}", json=body))  # type: ignore[misc]  # bound now
            for action, (path, body) in calls.items()
        }


@pytest.fixture(scope="module")
def board(site: Site) -> Board:
    """A filed and acknowledged case, assigned to every reader, with a question."""
    filing = make_filing(site.services.petitioner.facts.name)
    case = CaseId(file_petition(site.services.petitioner, filing.body).case)
    office = site.services.office
    day = legal_day(office.clock())
    acknowledge_petition(site.services.petitioner, case, (day - timedelta(days=3)).isoformat(), "OTLA-7")
    for name, role in PEOPLE.items():
        site.enrol(name, role)
        if role in READERS:
            site.assign(name, case)
    with office.ledger.view() as view:
        rut = view.staff.by_name("Rut Revisa")
    assert rut is not None
    number = ask_question(office, rut, case, Asked("¿Qué mes?", "es", day + timedelta(days=9)))
    return Board(site, case, number, Versions.of(filing))


@pytest.mark.long
@pytest.mark.parametrize("name", PEOPLE)
def test_no_form_takes_an_unlisted_step(board: Board, name: str) -> None:
    """Every form of the office, sent by everybody at every stage: refused, the case as it was, readers in the log."""
    role = PEOPLE[name]
    desk = board.site.signed_in(name, role)
    forms = board.of_staff(desk)
    for stage, suspended, action in unlisted(role, "custodian"):
        before, entries = board.put(stage, suspended=suspended)
        answer = forms[action]()
        place = (role, stage, suspended, action, answer.status_code)
        assert answer.status_code in REFUSED - {303}, place
        after, now = board.state()
        assert after == before, place
        if role in READERS and answer.status_code != 404:
            unknown = answer.status_code == 409 and now == entries  # a step that no form has is no attempt at a case
            assert now == entries + 1 or unknown, place


@pytest.mark.long
@pytest.mark.parametrize("name", PEOPLE)
def test_no_page_shows_what_nobody_may_read(board: Board, name: str) -> None:
    """The record's page, and the door to it, at every stage."""
    role = PEOPLE[name]
    desk = board.site.signed_in(name, role)
    for stage, suspended in STATES:
        board.put(stage, suspended=suspended)
        opened = desk.post(f"/office/cases/{board.id}/sitting", purpose="REVIEW")
        page = desk.get(f"/office/cases/{board.id}/record")
        if may_look(role, stage, suspended=suspended):
            assert (opened.status_code, page.status_code) == (303, 200), (role, stage)
        else:
            assert {opened.status_code, page.status_code} <= {403, 409}, (role, stage, suspended)
            assert "<article" not in page.text


@pytest.mark.long
def test_no_call_of_a_holder_takes_an_unlisted_step(board: Board) -> None:
    """The holder's API at every stage, under a real session: refused, logged, the case as it was."""
    site, portal = board.site, board.site.services.petitioner
    entry = EntryDraft(EntryKind.CASE_OPENED, "holder", Role.HOLDER, board.id)
    index = portal.ledger.write(lambda unit: unit.append(entry)).value
    session = HolderSession(sha256_hex(TOKEN.encode()), board.id, 0, 2**40, index)
    portal.ledger.write(lambda unit: unit.holders.add_session(session))
    desk = site.browser()
    desk.client.cookies.set("resguardo_case", TOKEN)
    calls = board.of_holder(desk)
    said_again = {(Action.SUSPEND, True), (Action.LIFT, False)}
    for stage, suspended, action in unlisted(Role.HOLDER, "custodian"):
        corrects = action is Action.ACKNOWLEDGE and stage in {Stage.US_REVIEW, Stage.REQUEST_SENT, Stage.DECLINED}
        again = (action, suspended) in said_again or (action, stage) == (Action.WITHDRAW, Stage.WITHDRAWN)
        if action not in calls or corrects or again:
            continue
        before, entries = board.put(stage, suspended=suspended)
        answer = calls[action]()
        assert answer.status_code in {403, 409}, (stage, suspended, action, answer.text)
        assert board.state() == (before, entries + 1), (stage, suspended, action)


@pytest.mark.long
def test_nobody_without_a_session_takes_any_step(board: Board) -> None:
    """Strangers, and each side with the other side's cookie."""
    stranger = board.site.browser()
    before = board.put(Stage.US_REVIEW, suspended=False)
    for act in (*board.of_staff(stranger).values(), *board.of_holder(stranger).values()):
        assert act().status_code in REFUSED
    stranger.client.cookies.set("resguardo_office", TOKEN)
    for act in board.of_staff(stranger).values():
        assert act().status_code in REFUSED
    assert board.state() == before
