"""Every page against WCAG 2.2, levels A and AA, by axe; it comes in through the debugging protocol, as CSP demands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.samples import served_samples
from tests.web.samples import SAMPLES

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TABLET = {"width": 1024, "height": 768}
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the samples are served."""
    with served_samples() as served:
        yield served


def violations(browser: Browser, axe: str, url: str, size: dict[str, int], *schemes: str) -> list[str]:
    """Return what axe finds on a page in each scheme: rule, and the first places."""
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]  # playwright's own typed dictionary
    try:
        page = context.new_page()
        page.goto(url)
        page.evaluate(axe)
        return [f"{scheme}: {each}" for scheme in schemes for each in found(page, scheme)]
    finally:
        context.close()


def found(page: Page, scheme: str) -> list[str]:
    """Return what axe, which is in the page, finds in a scheme: rule, and the first places."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # playwright's own literals
    violated = page.evaluate(RUN, TAGS)["violations"]
    return [f"{each['id']}: {[node['html'][:160] for node in each['nodes'][:3]]}" for each in violated]


def test_the_checker_would_find_something(address: str, axe: str, browser: Browser) -> None:
    """A checker that did not run would find every page perfect."""
    page = browser.new_page()
    page.goto(f"{address}/es/queue")
    page.evaluate("document.querySelector('#q').after(document.createElement('input'))")
    page.evaluate(axe)
    violated = {each["id"] for each in page.evaluate(RUN, TAGS)["violations"]}
    page.close()
    assert "label" in violated


WALKED = frozenset({"file"})
"""Pages that are empty until their scripts run: their own tests look at each step with the checker."""
OFTEN = ("home", "status", "queue", "record", "rights", "mycase")
LOOKED_AT = [
    pytest.param(name, marks=[] if name in OFTEN else pytest.mark.long) for name in SAMPLES if name not in WALKED
]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_page_has_no_violation(name: str, address: str, axe: str, browser: Browser) -> None:
    """In Spanish on a phone, in the light."""
    assert violations(browser, axe, f"{address}/es/{name}", PHONE, "light") == []


@pytest.mark.long
@pytest.mark.parametrize(("language", "size"), [("es", PHONE), ("en", TABLET), ("fr", DESKTOP)])
@pytest.mark.parametrize("name", SAMPLES)
def test_page_has_no_violation_in_the_dark_or_wide(
    name: str, language: str, size: dict[str, int], address: str, axe: str, browser: Browser
) -> None:
    """A phone, a tablet and a desk, in both schemes: contrast differs there, and a wide queue is a table."""
    assert violations(browser, axe, f"{address}/{language}/{name}", size, "light", "dark") == []
