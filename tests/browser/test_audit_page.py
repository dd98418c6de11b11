"""The auditors' page in a real browser: both sizes, three languages, light and dark, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.samples import served_samples
from tests.browser.test_accessibility import RUN, TAGS
from tests.node import package

pytestmark = [pytest.mark.browser, pytest.mark.long]
_FOCUSED = """() => { const each = document.activeElement
  const box = each.getBoundingClientRect()
  return each === document.body ? null
    : [each.name || each.innerText, getComputedStyle(each).outlineStyle, box.width >= 24 && box.height >= 18] }"""
_STOPS = 60


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the samples are served."""
    with served_samples() as served:
        yield served


@pytest.mark.parametrize("name", ["audit-found", "audit-since"])
def test_it_fits_and_can_be_read_by_everybody(address: str, browser: Browser, name: str) -> None:
    """Nothing runs out of a phone sideways, and the checker finds nothing, whatever the language and the light."""
    axe = (package("axe-core") / "axe.min.js").read_text()
    for language in ("es", "en", "fr"):
        for size in (PHONE, DESKTOP):
            for light in ("light", "dark"):
                context = browser.new_context(viewport=size, color_scheme=light)  # type: ignore[arg-type]  # as in chromium.py
                page = context.new_page()
                page.goto(f"{address}/{language}/{name}")
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (language, size)
                page.evaluate(axe)
                assert page.evaluate(RUN, TAGS)["violations"] == [], (language, size, light)
                context.close()


def test_every_control_is_reached_by_keyboard(address: str, browser: Browser) -> None:
    """In the order of the page, each visible when it has the focus; folded findings open with Enter."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]  # as in chromium.py
    page = context.new_page()
    page.goto(f"{address}/en/audit-since")
    stops = list(_walked(page))
    names = [name for name, _, _ in stops]
    wanted = ["Older: 2", "Log it and look again", "entry", "from", "to", "count", "indexes", "since"]
    assert [name for name in names if name in wanted] == [wanted[0], *wanted[1:]]
    assert all(outline != "none" and large for _, outline, large in stops)
    page.locator("summary", has_text="Older: 2").focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open] .acts li").count() == 2
    context.close()


def _walked(page: Page) -> Iterator[tuple[str, str, bool]]:
    """Yield name, outline and whether it is large enough of each stop of the tabulator."""
    for _ in range(_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None:
            return
        name, outline, large = stop
        yield str(name), str(outline), bool(large)
