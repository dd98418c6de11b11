"""The status page: a code in, a signed answer out, and no trace of the code."""

from __future__ import annotations

from app.domain.entities import CaseId
from crypto.note import NoteType
from tests.web.conftest import Site


def test_status_by_code(site: Site, filed: tuple[CaseId, str]) -> None:
    """The code comes by POST, is not shown again, sets no cookie; no deadline is shown before it runs."""
    _, code = filed
    browser = site.browser()
    answer = browser.post("/status", code=f" {code.lower().replace('-', ' ')} ")
    assert answer.status_code == 200
    assert code not in answer.text
    assert "set-cookie" not in answer.headers
    assert "No legal deadline is running yet" in answer.text
    assert "not the official channel" in answer.text
    assert NoteType.STATUS in answer.text
    assert browser.client.get("/status", params={"code": code}).text.count(code) == 0


def test_wrong_code_is_named_at_its_field(site: Site) -> None:
    """The error summary leads to the field; what was typed is not repeated."""
    answer = site.browser().post("/status", code="AAAA-BBBB-SECR")
    assert answer.status_code == 404
    assert 'href="#code"' in answer.text
    assert "SECR" not in answer.text


def test_people_pages_set_no_cookie(site: Site) -> None:
    """Nothing stays on a telephone that somebody else may look through."""
    for path in ("/", "/case", "/status"):
        assert "set-cookie" not in site.browser().get(path).headers


def test_calendar_by_code(site: Site, filed: tuple[CaseId, str]) -> None:
    """A file to save that is not kept anywhere, names nothing, and asks for the code in a POST body like the page."""
    case, code = filed
    answer = site.browser().post("/status/calendar", code=code)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="reminder.ics"'
    assert "SUMMARY:Reminder\r\n" in answer.text
    assert not any(word in answer.text.lower() for word in (case, code.lower(), "resguardo", "example"))
    wrong = site.browser().post("/status/calendar", code="AAAA-BBBB-SECR")
    assert (wrong.status_code, "SECR" in wrong.text, 'href="#code"' in wrong.text) == (404, False, True)
