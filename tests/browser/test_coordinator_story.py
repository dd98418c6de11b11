"""docs/reviewer.md alone: a coordinator hands a sick colleague's cases over, by the words that stand on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.architecture.documents import documents
from tests.browser.chromium import DESKTOP, watched_page
from tests.browser.test_story import enrol_and_sign_in, no_sideways_scroll
from tests.filings import PETITIONS
from tests.portal import RunningPortal, resguardo
from tests.staff import Colleague, enrol, token_in

pytestmark = [pytest.mark.long]


def said(after: str, before: str) -> list[str]:
    """Return the names of links, buttons and boxes, as a part of the page for coordinators has them, in order."""
    part = documents()["docs/reviewer.md"].partition(after)[2].partition(before)[0]
    return re.findall(r"(?<!\*)\*([A-Z][^*]+)\*", part)


@pytest.fixture
def cases(shared_portal: RunningPortal, tmp_path: Path) -> list[str]:
    """Two acknowledged cases."""
    numbers = []
    for number in range(2):
        out = tmp_path / f"case{number}"
        example = PETITIONS / "petition_example_es.yaml"
        done = resguardo("file", example, "--portal", shared_portal.url, "--out", out, "--yes", "--json")
        found = re.search(r'"case":\s*"([a-z2-7]{26})"', done.stdout)
        assert found, done.stderr
        numbers.append(found[1])
        day = resguardo("acknowledged", "--case", out, "--date", "2026-03-12", "--ref", "OTLA-7")
        assert day.returncode == 0, day.stderr
    return numbers


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A coordinator's screen, in English; any console message fails."""
    with watched_page(browser, DESKTOP, locale="en-US") as watched:
        yield watched.page


def reads(colleague: Colleague, case: str) -> int:
    """Say a purpose and ask for the record; return how that was answered."""
    card = colleague.client.get(f"/office/cases/{case}")
    if "/sitting" not in card.text:
        return colleague.client.get(f"/office/cases/{case}/record").status_code
    form = {"form_token": token_in(card.text), "purpose": "REVIEW"}
    colleague.client.post(f"/office/cases/{case}/sitting", data=form)
    return colleague.client.get(f"/office/cases/{case}/record").status_code


def test_a_coordinator_hands_a_sick_colleagues_cases_over(
    page: Page, shared_portal: RunningPortal, cases: list[str]
) -> None:
    """Every word that is to be pressed is on the screen; the one reads nothing more, the other at once; and back."""
    tag = cases[0][:5]
    rosa, luis = enrol(shared_portal, f"Rosa {tag}", "reviewer"), enrol(shared_portal, f"Luis {tag}", "reviewer")
    for number in cases:
        assert shared_portal.cli("staff", "assign", rosa.name, number).returncode == 0
    rosa.sign_in()
    assert reads(rosa, cases[0]) == 200
    enrol_and_sign_in(page, shared_portal, f"Carmen {tag}", "coordinator")

    team, hand_over, show, leave, press, again, back = said("**A colleague is sick.**", "**A colleague lost")
    page.goto(f"{shared_portal.url}/office")
    page.get_by_role("link", name=team, exact=True).first.click()
    page.get_by_role("link", name=rosa.name).click()
    page.get_by_role("link", name=hand_over, exact=True).click()
    page.get_by_label(re.compile(re.escape(luis.name))).check()
    page.get_by_role("button", name=show).click()
    for number in cases:
        expect(page.locator(f'label[for="case-{number}"]')).to_be_visible()
    no_sideways_scroll(page)
    first, last = leave.split(" ", 1)
    expect(page.get_by_label(f"{first} {rosa.name} {last}")).to_be_checked()
    page.get_by_role("button", name=press, exact=True).click()
    expect(page.get_by_role("heading", name=again, exact=True)).to_be_visible()
    expect(page.locator("main")).to_contain_text(luis.name)

    assert [reads(rosa, number) for number in cases] == [403, 403]
    luis.sign_in()
    assert [reads(luis, number) for number in cases] == [200, 200]
    page.get_by_role("link", name=rosa.name).click()
    page.get_by_role("button", name=back).click()
    page.goto(f"{shared_portal.url}/office")
    page.get_by_role("link", name=team, exact=True).first.click()
    expect(page.locator("li", has_text=rosa.name)).not_to_contain_text("leave")
