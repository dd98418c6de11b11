"""Our pages in a real browser, under their real policy: no complaint, no scrolling sideways, large targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from app.i18n import LANGUAGES
from tests.browser.samples import served_samples
from tests.browser.widths import SIDEWAYS, SMALL_TARGETS, misfits
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser


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
@pytest.mark.parametrize("name", SAMPLES)
def test_page_fits_every_width_and_language(name: str, language: str, address: str, small: BrowserContext) -> None:
    """320 to 1,600 px, light and dark, letters twice as large, paper; French is a quarter longer than Spanish."""
    page, said = _open(small, f"{address}/{language}/{name}")
    assert said == []
    assert misfits(page) == []
    page.close()


_BOXED = """() => [...document.querySelectorAll('main :not(textarea)')]
    .filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight + 1)
    .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", ["record", pytest.param("evidence-pages", marks=pytest.mark.long)])
def test_what_an_officer_reads_is_the_page_itself(name: str, address: str, browser: Browser) -> None:
    """Nothing long stands in a box of its own that scrolls: it would be cut off on paper."""
    page, _ = _open(browser, f"{address}/es/{name}", **_width(1280))
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        assert page.evaluate(_BOXED) == []
    page.close()


def test_keyboard_reaches_the_content_first(address: str, browser: Browser) -> None:
    """The first press of Tab offers to skip to the content."""
    page, _ = _open(browser, f"{address}/es/queue", **_width(1280))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
