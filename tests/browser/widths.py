"""A page at every width, light and dark, with letters twice as large, and on paper: what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import CDPSession, Page

WIDTHS = (320, 390, 640, 768, 1024, 1280, 1600)
"""In pixels: two phones, a desk's window at 200 % zoom, a tablet both ways, two desks."""
PHONES = (320, 390)
LARGE_LETTERS = (390, 1280)
PAPER = 670
"""A4 without its margins."""
HEIGHT = 900
_LETTERS = {"standard": 16, "fixed": 13}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Links inside running text are exempt (WCAG 2.2, 2.5.8); everything else that is pressed is 44 px high.
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
    .filter(e => e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().height < 43.5)
    .filter(e => !e.matches('.skip') && !e.closest('.option'))
    .filter(e => !(e.matches('a') && e.closest('p, dd, td')) || e.matches('.button'))
    .map(e => e.outerHTML.slice(0, 120))"""
_SCHEME = "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"
_STICKS_OUT = """() => [...document.querySelectorAll('body *')]
    .filter((one) => one.checkVisibility() && !one.closest('.scroll, .viewer, pre'))
    .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(-2).map((one) => one.outerHTML.slice(0, 120))"""


def misfits(page: Page) -> list[str]:
    """Return what scrolls sideways or is too small for a finger, with its window; the page is left as it was."""
    before, scheme = page.viewport_size, page.evaluate(_SCHEME)
    letters = page.context.new_cdp_session(page)
    try:
        return [*_in_each_window(page), *_in_large_letters(page, letters), *_on_paper(page)]
    finally:
        _size(letters, 1)
        letters.detach()
        page.emulate_media(media="screen", color_scheme=scheme)
        if before:
            page.set_viewport_size(before)


def _in_each_window(page: Page) -> Iterator[str]:
    for scheme in ("light", "dark"):
        page.emulate_media(media="screen", color_scheme=scheme)
        for width in WIDTHS:
            yield from _sideways(page, width, scheme)
            if width in PHONES:
                yield from (f"{width} {scheme}: small: {one}" for one in page.evaluate(SMALL_TARGETS))


def _in_large_letters(page: Page, letters: CDPSession) -> Iterator[str]:
    _size(letters, 2)
    for width in LARGE_LETTERS:
        yield from _sideways(page, width, "large letters")
    _size(letters, 1)


def _on_paper(page: Page) -> Iterator[str]:
    page.emulate_media(media="print", color_scheme="dark")
    yield from _sideways(page, PAPER, "paper")


def _sideways(page: Page, width: int, how: str) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    over = page.evaluate(SIDEWAYS)
    if over > 0:
        yield f"{width} {how}: {over} px sideways: {page.evaluate(_STICKS_OUT)}"


def _size(letters: CDPSession, times: int) -> None:
    sizes: dict[str, Any] = {name: size * times for name, size in _LETTERS.items()}
    letters.send("Page.setFontSizes", {"fontSizes": sizes})
