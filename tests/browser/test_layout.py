"""Our pages in a real browser, under their real policy: no complaint, no scrolling sideways, large targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from app.i18n import LANGUAGES
from tests.browser.samples import served_samples
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Links inside running text are exempt (WCAG 2.2, 2.5.8); everything else that is pressed is 44 px high.
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
    .filter(e => e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().height < 43.5)
    .filter(e => !e.matches('.skip') && !e.closest('.option'))
    .filter(e => !(e.matches('a') && e.closest('p, dd, td')) || e.matches('.button'))
    .map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the samples are served."""
    with served_samples() as served:
        yield served


def _open(browser: Browser | BrowserContext, url: str, **options: Any) -> tuple[Any, list[str]]:
    page = browser.new_page(**options)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    return page, said


def _width(width: int) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": 800}}


@pytest.fixture(scope="module")
def small(browser: Browser) -> Iterator[BrowserContext]:
    """One small phone on which every page is opened in turn."""
    context = browser.new_context(**_width(320))
    yield context
    context.close()


@pytest.mark.parametrize("name", SAMPLES)
def test_page_fits_a_small_phone_in_spanish(name: str, address: str, small: BrowserContext) -> None:
    """At 320 px nothing scrolls sideways, each target is 44 px high, and the browser complains of nothing."""
    page, said = _open(small, f"{address}/es/{name}")
    assert said == []
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(SMALL_TARGETS) == []
    page.close()


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1600])
@pytest.mark.parametrize("name", SAMPLES)
def test_page_fits_every_width_and_language(
    name: str, width: int, language: str, address: str, browser: Browser
) -> None:
    """French is a quarter longer than Spanish, and a page at 200 % zoom is a page of half the width."""
    page, said = _open(browser, f"{address}/{language}/{name}", color_scheme="dark", **_width(width))
    assert said == []
    assert page.evaluate(SIDEWAYS) <= 0
    page.close()


def test_keyboard_reaches_the_content_first(address: str, browser: Browser) -> None:
    """The first press of Tab offers to skip to the content."""
    page, _ = _open(browser, f"{address}/es/queue", **_width(1280))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
