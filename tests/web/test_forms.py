"""Forms: bounded, in memory, ordinary only, and only from our own pages."""

from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException

from app.web.csrf import form_token
from app.web.forms import FORM_BYTES, FORM_FIELDS, parse_form
from tests.web.conftest import Site


def test_large_form_is_refused_without_reading_it_all(site: Site) -> None:
    """A body beyond the bound is refused with 413, whatever length it declares."""
    client = site.browser().client
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/status", content=b"code=" + b"a" * FORM_BYTES, headers=headers).status_code == 413


def test_multipart_is_refused(site: Site) -> None:
    """The library's multipart reader writes to disk in plaintext: it is never reached."""
    answer = site.browser().client.post("/status", files={"code": ("x.txt", b"x" * 2_000_000)})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "body",
    [b"a=1&a=2", b"\xff=1", "ñ=1".encode(), b"a=%ff", b"&".join(b"f%d=1" % n for n in range(FORM_FIELDS + 1))],
)
def test_malformed_form_is_refused(body: bytes) -> None:
    """Doubled fields, bytes that are not text, and too many fields: 422."""
    with pytest.raises(HTTPException) as refused:
        parse_form(body)
    assert refused.value.status_code == 422


def test_password_keeps_its_blanks_and_does_not_show() -> None:
    """A password is taken as typed; a form in a traceback shows names only."""
    form = parse_form(b"password=%20un+secreto%20&name=%20Ana%20")
    assert form.raw("password") == " un secreto "
    assert form.text("name") == "Ana"
    assert "secreto" not in repr(form)


def test_form_of_another_site_is_refused(site: Site) -> None:
    """No cookie, a foreign token, or a browser that says `cross-site`: 403, and nothing happens."""
    browser = site.browser()
    assert browser.post("/office/sign-in", name="x").status_code == 403
    browser.get("/office/sign-in")
    assert browser.post("/office/sign-in", token="", name="x").status_code == 403
    assert browser.post("/office/sign-in", token=form_token("f" * 64), name="x").status_code == 403
    assert browser.post("/office/sign-in", token="ñ", name="x").status_code == 403
    assert browser.post("/office/sign-in", site="cross-site", name="x").status_code == 403
    assert browser.post("/office/sign-in", name="x", password="x", code="x").status_code == 401
