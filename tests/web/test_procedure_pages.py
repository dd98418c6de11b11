"""The procedure at the office and on the status page, as a browser without scripts walks it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.domain.deadlines import legal_day
from app.domain.entities import CaseId, Role
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.file_petition import file_petition
from tests.filings import make_filing
from tests.web.conftest import Desk, Site

REASONS = {"INSUFFICIENT_EVIDENCE": "on", "NOT_COVERED_FACILITY": "on"}


@pytest.fixture
def fresh(site: Site) -> tuple[CaseId, str]:
    """A filed case of the test's own, with its status code."""
    filing = make_filing(site.services.petitioner.facts.name)
    return CaseId(file_petition(site.services.petitioner, filing.body).case), filing.prepared.status_code


def day(site: Site, ago: int) -> str:
    """Return a day so many days ago, as forms send it."""
    return (legal_day(site.services.office.clock()) - timedelta(days=ago)).isoformat()


def desks(site: Site, case: CaseId) -> tuple[Desk, Desk]:
    """Return the browsers of two people to whom the case is assigned."""
    first, second = site.signed_in("Ana Redacta", Role.REVIEWER), site.signed_in("Luis Aprueba", Role.COORDINATOR)
    site.assign("Ana Redacta", case)
    site.assign("Luis Aprueba", case)
    return first, second


def texts_in(page: str) -> dict[str, str]:
    """Return the text areas of a form by name, as the page fills them."""
    return dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page))


def status(site: Site, code: str, language: str = "en") -> str:
    """Return the status page in a language."""
    browser = site.browser()
    return browser.client.post("/status", data={"code": code}, headers={"accept-language": language}).text


def test_clock_starts_at_the_office_form(site: Site, fresh: tuple[CaseId, str]) -> None:
    """The office enters what the petitioner did not; the queue shows the days left in words."""
    case, code = fresh
    ana, _ = desks(site, case)
    card = ana.get(f"/office/cases/{case}").text
    assert "Enter the acknowledgement of the official office" in card
    assert "Draft the answer" not in card
    form = {"step": "acknowledge_for", "day": day(site, 21), "reference": "OTLA-1"}
    answer = ana.post(f"/office/cases/{case}/correction", **form)
    assert answer.status_code == 422
    assert 'id="acknowledge_for-reason-wrong"' in answer.text
    assert 'value="OTLA-1"' in answer.text
    assert ana.post(f"/office/cases/{case}/correction", **form, reason="Letter of the intake.").status_code == 303
    assert "9 days left" in ana.get("/office").text
    card = ana.get(f"/office/cases/{case}").text
    assert "Reference: OTLA-1" in card
    assert "Draft the answer" in card
    assert "9 days left" in status(site, code)
    assert "OTLA-1" not in status(site, code)


def test_declined_by_two_with_words(site: Site, fresh: tuple[CaseId, str]) -> None:
    """Choice, words to start from, draft, second person, and the petitioner reads why and what would cure it."""
    case, code = fresh
    acknowledge_petition(site.services.petitioner, case, day(site, 33), "OTLA-2")
    ana, luis = desks(site, case)
    assert "3 days overdue" in ana.get(f"/office/cases/{case}").text
    assert 'id="codes-wrong"' in ana.get(f"/office/cases/{case}/decision?outcome=DECLINE").text
    assert 'id="outcome-wrong"' in ana.get(f"/office/cases/{case}/decision").text
    page = ana.get(f"/office/cases/{case}/decision?outcome=DECLINE&" + "&".join(f"{code}=on" for code in REASONS)).text
    texts = texts_in(page)
    assert set(texts) == {f"{name}-{language}" for name in ("not_met", "cure") for language in ("es", "en", "fr")}
    assert texts["not_met-en"].count("\n") == 1
    form = {"outcome": "DECLINE", "codes": " ".join(REASONS), **texts}
    wrong = ana.post(f"/office/cases/{case}/decision", **{**form, "cure-fr": "", "day": day(site, 0)})
    assert wrong.status_code == 422
    assert 'id="cure-fr-wrong"' in wrong.text
    form |= {"cure-es": "Recibos de nómina.\r\n<b>Más testigos</b>.", "day": day(site, 0)}
    assert ana.post(f"/office/cases/{case}/decision", **form).status_code == 303
    own = ana.get(f"/office/cases/{case}").text
    assert "You wrote this draft" in own
    assert "Approve this answer" not in own
    assert "Recibos" not in status(site, code, "es")
    number = re.search(r'name="draft" value="(\d+)"', luis.get(f"/office/cases/{case}").text)
    assert number
    assert ana.post(f"/office/cases/{case}/approval", draft=number[1]).status_code == 403
    assert luis.post(f"/office/cases/{case}/approval", draft="0").status_code == 409
    assert luis.post(f"/office/cases/{case}/approval", draft=number[1]).status_code == 303
    shown = status(site, code, "es")
    assert "Recibos de nómina." in shown
    assert "&lt;b&gt;" in shown
    assert "<b>Más" not in shown
    assert "Met 3 days late" in status(site, code, "en")
    assert "Not enough credible evidence" in status(site, code, "en")
    assert luis.post(f"/office/cases/{case}/approval", draft=number[1]).status_code == 409


def test_taken_up_needs_no_reasons(site: Site, fresh: tuple[CaseId, str]) -> None:
    """A positive answer is a day and a second person."""
    case, code = fresh
    acknowledge_petition(site.services.petitioner, case, day(site, 10), "OTLA-3")
    ana, luis = desks(site, case)
    page = ana.get(f"/office/cases/{case}/decision?outcome=TAKE_UP&OTHER=on").text
    assert not texts_in(page)
    wrong = ana.post(f"/office/cases/{case}/decision", outcome="TAKE_UP", codes="", day="tomorrow")
    assert (wrong.status_code, 'id="day-wrong"' in wrong.text) == (422, True)
    assert ana.post(f"/office/cases/{case}/decision", outcome="TAKE_UP", codes="", day=day(site, 1)).status_code == 303
    number = re.search(r'name="draft" value="(\d+)"', luis.get(f"/office/cases/{case}").text)
    assert number
    luis.post(f"/office/cases/{case}/approval", draft=number[1])
    assert "Request for review sent to Mexico" in status(site, code)
    assert "Met in time" in status(site, code)


def test_corrections_are_shown_with_what_they_replace(site: Site, fresh: tuple[CaseId, str]) -> None:
    """The petitioner sees the old day, the new day, who and why."""
    case, code = fresh
    acknowledge_petition(site.services.petitioner, case, day(site, 5), "OTLA-4")
    ana, _ = desks(site, case)
    form = {"step": "correct_d0", "day": day(site, 6), "reference": "OTLA-4", "reason": "Stamped a day earlier."}
    assert ana.post(f"/office/cases/{case}/correction", **form).status_code == 303
    note = {"step": "note_clock", "note": "Offices closed until Monday.", "reason": "Official notice."}
    assert ana.post(f"/office/cases/{case}/correction", **note).status_code == 303
    for page in (status(site, code), ana.get(f"/office/cases/{case}").text):
        assert "Stamped a day earlier." in page
        assert "(before:" in page
        assert "Offices closed until Monday." in page
    assert ana.post(f"/office/cases/{case}/correction", step="take_up").status_code == 409


def test_unassigned_readers_take_no_step(site: Site, fresh: tuple[CaseId, str]) -> None:
    """Whoever does not read the record does not decide on it; other roles do not reach the forms."""
    case, _ = fresh
    acknowledge_petition(site.services.petitioner, case, day(site, 5), "OTLA-5")
    eva = site.signed_in("Eva Ajena", Role.PANEL)
    assert "Draft the answer" not in eva.get(f"/office/cases/{case}").text
    sent = eva.post(f"/office/cases/{case}/decision", outcome="TAKE_UP", codes="", day=day(site, 0))
    assert sent.status_code == 403
    assert eva.post(f"/office/cases/{case}/approval", draft="3").status_code == 403
    ada = site.signed_in("Ada Audita", Role.AUDITOR)
    for path in ("decision", "approval", "correction"):
        assert ada.post(f"/office/cases/{case}/{path}").status_code == 403


def test_forms_of_another_site_do_nothing(site: Site, fresh: tuple[CaseId, str]) -> None:
    """Each step's form carries the token of the browser for which it was made."""
    case, _ = fresh
    ana, _ = desks(site, case)
    for path in ("decision", "approval", "correction"):
        assert ana.post(f"/office/cases/{case}/{path}", token="f" * 64).status_code == 403
        assert ana.post(f"/office/cases/{case}/{path}", site="cross-site").status_code == 403


def test_days_in_words_in_spanish_and_french(site: Site, fresh: tuple[CaseId, str]) -> None:
    """The clock is read by people: days left, days late, in their language."""
    from app.web.contexts.cards import Clock
    from app.web.words import clock_words

    assert clock_words("es", Clock("RUNNING", 9)).lower() == "quedan 9 días"
    assert clock_words("es", Clock("OVERDUE", 3)) == "3 días de retraso"
    assert clock_words("fr", Clock("OVERDUE", 3)) == "3 jours de retard"
    case, code = fresh
    acknowledge_petition(site.services.petitioner, case, day(site, 33), "OTLA-6")
    assert "3 días de retraso" in status(site, code, "es")
