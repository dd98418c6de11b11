"""What every answer says to the browser."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.web.assets import Assets
from app.web.errors import install
from app.web.headers import HSTS, STANDARD, ProtectiveHeaders, content_security_policy
from app.web.modules import WORKERS
from tests.web.conftest import Site, anybody

PAGES = ("/", "/case", "/status", "/office/sign-in", "/nowhere", "/log/checkpoint", "/health", "/api/v1/portal")


def _policy(text: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in text.split(";"))


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_protected(path: str, site: Site) -> None:
    """Pages, errors, the log and the interface for programs carry the same protection."""
    answer = site.browser().get(path)
    policy = _policy(answer.headers["content-security-policy"])
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    for name in STANDARD:
        assert name in answer.headers
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in answer.headers


def test_only_pages_with_forms_may_submit_forms(site: Site) -> None:
    """An injected form on a page that has none must not carry away what is typed."""
    found = {
        path: _policy(site.browser().get(path).headers["content-security-policy"])["form-action"] for path in PAGES
    }
    assert {path for path, action in found.items() if action == "'self'"} == {"/status", "/office/sign-in"}
    assert set(found.values()) == {"'self'", "'none'"}


def test_pages_are_not_kept_and_assets_for_ever(site: Site) -> None:
    """A shared telephone keeps no page; a file of another content has another address."""
    browser = site.browser()
    assert browser.get("/status").headers["cache-control"] == "no-store"
    for address in site.services.assets.addresses():
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        wrong = address.replace("/static/", "/static/0", 1)
        assert browser.get(wrong).headers["cache-control"] == "no-store"
    assert browser.get("/static/../app/config.py").status_code == 404


@pytest.mark.parametrize("worker", WORKERS)
def test_the_sealing_worker_reaches_nothing(worker: str, site: Site) -> None:
    """Law L2: a worker keeps the policy it came with; this one lets it load its modules, and no request of its own."""
    assets = site.services.assets
    policy = _policy(site.browser().get(assets.address(worker)).headers["content-security-policy"])
    assert policy == {"default-src": "'none'", "script-src": "'self'"}
    other = _policy(site.browser().get(assets.address("seal/age.js")).headers["content-security-policy"])
    assert other == {"default-src": "'none'", "frame-ancestors": "'none'"}


RECEIPTS = "seal/proofs.js"
"""What the worker of a filing imports once a receipt has come (app/static/seal/filing.js)."""


@pytest.mark.parametrize(("path", "workers"), [("/file", (WORKERS[0], RECEIPTS)), ("/mycase", WORKERS)])
def test_a_page_marks_what_its_worker_is_made_of(path: str, workers: tuple[str, ...], site: Site) -> None:
    """Law L2: the page verifies what it marks before it starts the worker; no module of the worker is left out."""
    assets = site.services.assets
    page = site.browser().get(path).text
    marked = set(re.findall(r'href="([^"]+)" integrity="sha384-[^"]+" data-worker>', page))
    assert marked >= {assets.address(name) for worker in workers for name in assets.modules.loaded_by(worker)}
    at_once = {module.address for entry in ("seal/early.js", "file/page.js") for module in assets.scripts(entry)}
    assert path != "/file" or assets.address(RECEIPTS) not in at_once


def test_assets_come_compressed_and_plain(site: Site) -> None:
    """The same bytes reach browsers that take Brotli, those that take gzip, and those that take neither."""
    address = site.services.assets.address("vendor/age-encryption.js")
    plain = site.browser().get(address, **{"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for coding in ("gzip", "br"):
        # What does not undo Brotli itself gets the bytes as they travel.
        packed = site.browser().get(address, **{"accept-encoding": f"{coding}, identity"})
        assert packed.headers["content-encoding"] == coding
        assert "accept-encoding" in packed.headers["vary"]
        assert int(packed.headers["content-length"]) < len(plain.content) / 2
        assert coding == "br" or packed.content == plain.content


def test_what_was_changed_since_the_build_does_not_come_as_it_was(tmp_path: Path) -> None:
    """Brotli is found by the hash of what it holds: an edited file travels as gzip, and never as its older self."""
    first = b"export const one = 1\n"
    (tmp_path / "one.js").write_bytes(first)
    packed = tmp_path / "vendor" / "packed" / f"{hashlib.sha256(first).hexdigest()}.br"
    packed.parent.mkdir(parents=True)
    packed.write_bytes(b"in Brotli")
    assert Assets(tmp_path).compressed("one.js") == b"in Brotli"
    (tmp_path / "one.js").write_text("export const one = 2\n")
    assert gzip.decompress(Assets(tmp_path).compressed("one.js")) == b"export const one = 2\n"


def test_a_crash_is_protected_and_silent(site: Site) -> None:
    """The answer to a crash leaves outside of all middleware; it has the headers, and nothing of the cause."""
    app = FastAPI()
    app.state.services = site.services
    install(app)
    app.add_middleware(ProtectiveHeaders, https=False)

    @app.get("/crash")
    def crash() -> None:
        raise RuntimeError("María Guadalupe")

    answer = anybody(app).client.get("/crash")
    assert answer.status_code == 500
    assert set(STANDARD) <= set(answer.headers)
    assert "Guadalupe" not in answer.text


def test_tls_in_front_is_remembered() -> None:
    """With TLS in front the browser is told never to use plain http again."""
    app = FastAPI()
    app.add_middleware(ProtectiveHeaders, https=True)
    assert anybody(app).client.get("/").headers["strict-transport-security"] == HSTS


def test_policy_names_nothing_but_ourselves() -> None:
    """No other host, no inline script or style, no wildcard."""
    for forms in (True, False):
        sources = {word for value in _policy(content_security_policy(forms=forms)).values() for word in value.split()}
        assert sources == {"'none'", "'self'", "'script'"}
