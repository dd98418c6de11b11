"""Refusals: the same code for people and programs, in their language, and never what was sent."""

from __future__ import annotations

import pytest

from app.domain import errors as domain
from app.domain.errors import DomainError
from app.web.errors import STATUS_WORDS, status_of
from tests.web.conftest import Site

SENTINEL = "Ollervides-Tapia-0417"


def test_no_refusal_repeats_what_was_sent(site: Site) -> None:
    """A refused text may be the name of a witness: it is in no answer, header or redirect."""
    client = site.browser().client
    form = {"content-type": "application/x-www-form-urlencoded"}
    answers = [
        client.get(f"/{SENTINEL}"),
        client.get(f"/office/enrol/{SENTINEL}"),
        client.get(f"/office/cases/{SENTINEL}"),
        client.get(f"/api/v1/openings?start={SENTINEL}"),
        client.get(f"/api/v1/{SENTINEL}"),
        client.get(f"/log/tile/{SENTINEL}"),
        client.post("/status", data={"code": SENTINEL}),
        client.post("/status", content=SENTINEL.encode(), headers=form),
        client.post("/status", content=f"{SENTINEL}=1&{SENTINEL}=2".encode(), headers=form),
        client.post("/status", content=SENTINEL.encode()),
        client.post("/status", json={"code": SENTINEL}),
        client.post("/office/sign-in", data={"name": SENTINEL, "form_token": "0"}),
        client.post("/api/v1/status", json={"code": SENTINEL, SENTINEL: 1}),
        client.post("/api/v1/status", content=f'{{"{SENTINEL}"'.encode()),
        client.post("/api/v1/petitions", json={"genesis": SENTINEL}),
        client.request("PATCH", "/status", content=SENTINEL.encode()),
        client.put(f"/api/v1/uploads/{SENTINEL}/{SENTINEL}", content=b"x"),
    ]
    for answer in answers:
        assert answer.status_code >= 300
        assert SENTINEL not in answer.text
        assert SENTINEL not in str(answer.headers)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("DELETE", "/api/v1/status", 405, "method_not_allowed"),
        ("POST", "/api/v1/status", 422, "invalid"),
        ("GET", "/api/v1/case", 401, "sign_in_needed"),
    ],
)
def test_programs_get_problem_details(method: str, path: str, status: int, code: str, site: Site) -> None:
    """RFC 9457: a type that programs compare, words in the caller's language."""
    answer = site.browser().client.request(method, path, headers={"accept-language": "fr-CA, en;q=0.5"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:resguardo:problem:{code}"
    assert problem["status"] == status
    assert set(problem) <= {"type", "title", "status", "detail", "field"}


def test_people_get_a_page_with_the_same_status(site: Site) -> None:
    """A person is told what to do next, in their language."""
    answer = site.browser().get("/nothing-here", **{"accept-language": "en"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is nothing here" in answer.text
    assert site.browser().client.post("/case").status_code == 405


def test_who_must_sign_in_is_led_there(site: Site) -> None:
    """A page of the office without a session leads to sign-in; a program gets 401."""
    for path in ("/office", "/office/cases/x", "/office/cases/x/record", "/office/cases/x/proof", "/office/audit"):
        answer = site.browser().get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/office/sign-in")


def test_every_domain_refusal_has_a_status_with_words() -> None:
    """No refusal falls through to a crash."""
    kinds = [kind for kind in vars(domain).values() if isinstance(kind, type) and issubclass(kind, DomainError)]
    for kind in kinds:
        for code in kind.MESSAGES:
            error = DomainError.__new__(kind)
            error.code = code
            assert status_of(error) in STATUS_WORDS
