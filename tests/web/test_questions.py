"""Questions, suspension and withdrawal in the pages, as a browser without scripts walks them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest

from app.domain.deadlines import legal_day
from app.domain.entities import CaseId, EntryKind, HolderSession, Role
from app.domain.ports import EntryDraft
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.file_petition import file_petition
from app.usecases.read_messages import read_messages
from app.usecases.revise_petition import revise_petition
from app.usecases.suspend_access import suspend_access
from app.usecases.withdraw_petition import withdraw_petition
from tests.filings import make_filing
from tests.revisions import Versions, answer_text
from tests.web.conftest import Desk, Site

WORDS = "¿En qué mes se revisó el contrato?\r\n<b>Sin nombres.</b>"


@dataclass
class Case:
    """A case under review, and the browser of somebody to whom it is assigned."""

    site: Site
    id: CaseId
    code: str
    ana: Desk
    versions: Versions

    @property
    def card(self) -> str:
        """The card as Ana sees it."""
        return self.ana.get(f"/office/cases/{self.id}").text

    def day(self, ahead: int) -> str:
        """Return a day so many days from now, as forms send it."""
        return (legal_day(self.site.services.office.clock()) + timedelta(days=ahead)).isoformat()

    def post(self, act: str, desk: Desk | None = None, **changes: str) -> tuple[int, str]:
        """Submit the form of a question."""
        fields = {"text": WORDS, "language": "es", "until": self.day(14), "act": act, **changes}
        answer = (desk or self.ana).post(f"/office/cases/{self.id}/question", **fields)
        return answer.status_code, answer.text

    def status(self) -> str:
        """Return the status page."""
        return (
            self.site.browser().client.post("/status", data={"code": self.code}, headers={"accept-language": "en"}).text
        )


@pytest.fixture
def case(site: Site) -> Case:
    """A filed and acknowledged case, assigned to Ana."""
    filing = make_filing(site.services.petitioner.facts.name)
    number = CaseId(file_petition(site.services.petitioner, filing.body).case)
    made = Case(
        site, number, filing.prepared.status_code, site.signed_in("Ana Pregunta", Role.REVIEWER), Versions.of(filing)
    )
    acknowledge_petition(site.services.petitioner, number, made.day(-3), "OTLA-9")
    site.assign("Ana Pregunta", number)
    return made


def test_a_question_is_written_shown_confirmed_and_listed(case: Case) -> None:
    """Form, preview, then the card with its state; nothing is asked before it is confirmed."""
    assert "Nothing has been asked." in case.card
    form = case.ana.get(f"/office/cases/{case.id}/question?usual=DATES&language=fr").text
    assert "Quand chacun des faits" in form
    assert f'value="{case.day(14)}"' in form
    status, preview = case.post("preview")
    assert status == 200
    assert "Nothing is sent yet." in preview
    assert "&lt;b&gt;Sin nombres." in preview
    assert "<b>Sin" not in preview
    assert "Nothing has been asked." in case.card
    hidden = re.search(r'name="text" value="([^"]*)"', preview, re.DOTALL)
    assert hidden
    again = case.post("change", text=unescape(hidden[1]))[1]
    assert "¿En qué mes se revisó el contrato?" in again
    assert case.post("send")[0] == 303
    assert "Waiting for an answer" in case.card
    assert "Not read yet." in case.card
    assert "One is waiting for you." in case.status()
    assert "resguardo messages" in case.status()
    assert "contrato" not in case.status()


def test_a_question_that_names_an_identifier_is_refused_at_its_field(case: Case) -> None:
    """Field and kind, never the match; what was typed stays in the form."""
    for act in ("preview", "send"):
        status, page = case.post(act, text="¿Es la CURP BOXW310820HNERXN09?")
        assert status == 422
        assert 'id="text-wrong"' in page
        assert "(CURP)" in page
        assert page.count("BOXW310820HNERXN09") == 1
    for place, wrong in (("until", case.day(0)), ("language", "xx"), ("text", "")):
        status, page = case.post("preview", None, **{place: wrong})
        assert (status, f'id="{place}-wrong"' in page) == (422, True)
    assert "Nothing has been asked." in case.card


def test_read_and_overdue_and_taken_back(case: Case) -> None:
    """The receipt of reading comes from the log; a day that passed is said on both sides."""
    case.post("send", until=case.day(1))
    entry = EntryDraft(EntryKind.CASE_OPENED, "holder", Role.HOLDER, case.id)
    portal = case.site.services.petitioner
    index = portal.ledger.write(lambda unit: unit.append(entry)).value
    read_messages(portal, HolderSession("0" * 64, case.id, 0, 2**40, index))
    assert "The petitioner read it on" in case.card
    case.site.clock.ahead += 3 * 24 * 3600  # and not back: an authenticator's code of an earlier time is refused
    ana = case.site.signed_in("Ana Pregunta", Role.REVIEWER)
    card = ana.get(f"/office/cases/{case.id}").text
    assert "Overdue: no answer yet" in card
    assert "A late answer still counts." in case.status()
    number = re.search(r'name="question" value="(\d+)"', card)
    assert number
    gone = ana.post(f"/office/cases/{case.id}/question/withdrawal", question=number[1])
    assert gone.status_code == 303
    assert "Withdrawn by the office" in ana.get(f"/office/cases/{case.id}").text
    twice = ana.post(f"/office/cases/{case.id}/question/withdrawal", question=number[1])
    assert twice.status_code == 409
    assert ana.post(f"/office/cases/{case.id}/question/withdrawal", question="x").status_code == 404
    assert "None is waiting for you." in case.status()


def test_an_answer_stands_beside_its_question_after_a_purpose(case: Case) -> None:
    """Purpose first, then question and answer on one page; a late one says so; others get nothing."""
    case.post("send", until=case.day(1))
    number = re.search(r'name="question" value="(\d+)"', case.card)
    assert number
    address = f"/office/cases/{case.id}/answers/{number[1]}"
    assert case.ana.get(address).status_code == 404
    words = answer_text(int(number[1]), "En marzo. La recibió [TESTIGO-01].")
    call = case.versions.call(answer=(int(number[1]), words))
    revise_petition(case.site.services.petitioner, case.id, call)
    assert "Read the answer to question" in case.card
    door = case.ana.get(address).text
    assert "En marzo." not in door
    assert case.ana.post(address, purpose="CURIOSITY").status_code == 422
    assert case.ana.post(address, purpose="REVIEW").status_code == 303
    page = case.ana.get(address).text
    assert 'La recibió <span class="redacted">TESTIGO-01</span>' in page
    assert "¿En qué mes se revisó el contrato?" in page
    eva = case.site.signed_in("Eva Ajena", Role.PANEL)
    assert eva.get(address).status_code == 403
    assert case.ana.get(f"/office/cases/{case.id}/answers/x").status_code == 422


def test_others_cannot_ask(case: Case) -> None:
    """Without assignment neither the words nor the form of a question lead anywhere."""
    case.post("send")
    eva = case.site.signed_in("Eva Ajena", Role.PANEL)
    assert "contrato" not in eva.get(f"/office/cases/{case.id}").text
    assert case.post("send", eva)[0] == 403
    assert case.post("preview", eva)[0] == 403


def test_a_suspended_case_shows_its_card_and_nothing_else(case: Case) -> None:
    """Queue, card and status say since when; record, steps and questions are refused."""
    case.post("send")
    case.ana.post(f"/office/cases/{case.id}/sitting", purpose="REVIEW")
    assert case.ana.get(f"/office/cases/{case.id}/record").status_code == 200
    suspend_access(case.site.services.petitioner, case.id, suspended=True)
    assert "Suspended by the petitioner since" in case.card
    assert "contrato" not in case.card
    assert "Draft the answer" not in case.card
    assert "Suspended by the petitioner" in case.ana.get("/office").text
    assert "You suspended it on" in case.status()
    page = case.ana.get(f"/office/cases/{case.id}/record")
    assert page.status_code == 409
    assert "suspended" in page.text
    assert case.post("send")[0] == 409
    suspend_access(case.site.services.petitioner, case.id, suspended=False)
    assert case.ana.get(f"/office/cases/{case.id}/record").status_code == 200


def test_a_withdrawn_case_is_closed(case: Case) -> None:
    """The office reads that it was taken back; the petitioner, that nothing is to be done."""
    withdraw_petition(case.site.services.petitioner, case.id)
    assert "Withdrawn by the petitioner" in case.card
    assert case.ana.post(f"/office/cases/{case.id}/sitting", purpose="REVIEW").status_code == 409
    assert case.post("send")[0] == 409
    assert "You took the petition back" in case.status()
