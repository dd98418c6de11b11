"""The main job in a real browser, under the real headers: enrolled, signed in, purpose given, redacted record read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import DESKTOP, PHONE, watched_page
from tests.filings import PETITIONS
from tests.portal import RunningPortal, resguardo
from tests.staff import PASSWORD, code_of

SHOTS = Path(__file__).resolve().parent.parent.parent / ".pytest_cache" / "screenshots"


def shoot(page: Page, name: str) -> None:
    """Keep a picture for somebody to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def no_sideways_scroll(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.fixture
def filed(shared_portal: RunningPortal, tmp_path: Path) -> str:
    """File the Spanish example and return its case number."""
    example = PETITIONS / "petition_example_es.yaml"
    out = tmp_path / "case"
    done = resguardo("file", example, "--portal", shared_portal.url, "--out", out, "--yes", "--json")
    assert done.returncode == 0, (done.stdout, done.stderr)
    found = re.search(r'"case":\s*"([a-z2-7]{26})"', done.stdout)
    assert found
    return found[1]


def enrol_and_sign_in(page: Page, portal: RunningPortal, name: str, role: str) -> None:
    """Go through the one-time link and the sign-in form as a person would."""
    page.goto(portal.cli_json("staff", "enrol", name, "--role", role)["link"])
    secret = page.locator("code.key").inner_text().replace(" ", "")
    shoot(page, f"enrol-{role}")
    no_sideways_scroll(page)
    _with_code(page, secret, 1, {"#password": PASSWORD, "#again": PASSWORD})
    if not page.locator("#name").count():
        page.goto(f"{portal.url}/office/sign-in")
    _with_code(page, secret, 0, {"#name": name, "#password": PASSWORD})


def _with_code(page: Page, secret: str, steps_ago: int, fields: Mapping[str, str]) -> None:
    """Fill a form and send it with a code of some steps ago; once more if the half minute ended meanwhile."""
    while True:
        for field, text in fields.items():
            page.fill(field, text)
        step = int(_now(page)) // 30
        page.fill("#code", code_of(secret, (step - steps_ago) * 30))
        with page.expect_navigation():
            page.locator("main button.button").click()
        if int(_now(page)) // 30 == step or not page.locator("#password").count():
            return


def _now(page: Page) -> float:
    return float(page.evaluate("Date.now()")) / 1000


def test_reviewer_reads_the_redacted_record(browser: Browser, shared_portal: RunningPortal, filed: str) -> None:
    """Laws L3, L4, L6: the page shows the record without a name, after its entry is in the log."""
    with watched_page(browser, PHONE) as watched:
        page = watched.page
        enrol_and_sign_in(page, shared_portal, f"rosa {filed[:6]}", "reviewer")
        assert shared_portal.cli("staff", "assign", f"rosa {filed[:6]}", filed).returncode == 0
        page.goto(f"{shared_portal.url}/office")
        shoot(page, "queue-es")
        no_sideways_scroll(page)
        page.goto(f"{shared_portal.url}/office/cases/{filed}/record")  # without a purpose: the card asks first
        expect(page).to_have_url(re.compile(r"/office/cases/[a-z2-7]+$"))
        shoot(page, "card-es")
        no_sideways_scroll(page)
        page.locator('input[name="purpose"]').first.check()
        page.locator('form[action$="/sitting"] button.button').click()
        expect(page).to_have_url(re.compile(r"/record$"))
        shoot(page, "record-es")
        no_sideways_scroll(page)
        _shows_no_name(page.content())
        expect(page.locator("main")).to_contain_text("TESTIGO-0")
        assert not [url for url in watched.requested if not url.startswith(shared_portal.url)]


def _shows_no_name(html: str) -> None:
    example = yaml.safe_load((PETITIONS / "petition_example_es.yaml").read_text())
    read = re.sub(r"[0-9a-f]{32,}", "", html)  # five digits stand in a digest by chance
    for item in example["fixture"]["must_redact"]:
        assert item["text"] not in read, item["kind"]
    for kept in example["fixture"]["must_keep"]:
        assert kept.replace("«", "").split()[0] in html


@pytest.mark.parametrize("language", ["es", "en", "fr"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_public_pages(
    browser: Browser, shared_portal: RunningPortal, language: str, dark: bool, size: dict[str, int]
) -> None:
    """Home, case, status and sign-in: no console message, nothing sideways, in every language."""
    with watched_page(browser, size, locale=language, dark=dark) as watched:
        for path in ("/", "/case", "/status", "/office/sign-in"):
            watched.page.goto(shared_portal.url + path)
            assert watched.page.locator("html").get_attribute("lang") == language
            no_sideways_scroll(watched.page)
            wide = "desktop" if size is DESKTOP else "phone"
            shoot(
                watched.page,
                f"{path.strip('/').replace('/', '-') or 'home'}-{language}-{wide}-{'dark' if dark else 'light'}",
            )
