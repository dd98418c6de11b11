"""Every page against WCAG 2.2, levels A and AA, by axe; it comes in through the debugging protocol, as CSP demands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.samples import served_samples
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.timeout(300)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the samples are served."""
    with served_samples() as served:
        yield served


def violations(browser: Browser, axe: str, url: str, **look: Any) -> list[str]:
    """Return what axe finds on a page: rule, and the first places."""
    context = browser.new_context(**look)
    try:
        page = context.new_page()
        page.goto(url)
        page.evaluate(axe)
        found = page.evaluate(RUN, TAGS)["violations"]
    finally:
        context.close()
    return [f"{each['id']}: {[node['html'][:160] for node in each['nodes'][:3]]}" for each in found]


def test_the_checker_would_find_something(address: str, axe: str, browser: Browser) -> None:
    """A checker that did not run would find every page perfect."""
    page = browser.new_page()
    page.goto(f"{address}/es/queue")
    page.evaluate("document.querySelector('#q').after(document.createElement('input'))")
    page.evaluate(axe)
    found = {each["id"] for each in page.evaluate(RUN, TAGS)["violations"]}
    page.close()
    assert "label" in found


WALKED = frozenset({"file"})
"""Pages that are empty until their scripts run: their own tests look at each step with the checker."""
OFTEN = ("home", "status", "queue", "record", "rights", "mycase")
LOOKED_AT = [
    pytest.param(name, marks=[] if name in OFTEN else pytest.mark.long) for name in SAMPLES if name not in WALKED
]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_page_has_no_violation(name: str, address: str, axe: str, browser: Browser) -> None:
    """In Spanish on a phone, in the light."""
    assert violations(browser, axe, f"{address}/es/{name}", viewport=PHONE) == []


@pytest.mark.long
@pytest.mark.parametrize("dark", ["light", "dark"])
@pytest.mark.parametrize("name", SAMPLES)
def test_page_has_no_violation_wide(name: str, dark: str, address: str, axe: str, browser: Browser) -> None:
    """In French on a wide screen, in both schemes: contrast differs there, and the queue is a table."""
    assert violations(browser, axe, f"{address}/fr/{name}", viewport=DESKTOP, color_scheme=dark) == []
