"""A real Chromium for tests, under the portal's real headers; any console message fails the test."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.conftest import unavailable

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""As they are preferred: the shell is the same engine without a window's own pages, in a third of the time."""
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium, or skip where there is none."""
    path = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if path is None:
        unavailable("browser", "there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """A page, everything its console said, and every address that it asked for."""

    page: Page
    console: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def note(self, message: ConsoleMessage) -> None:
        """Remember a console message."""
        self.console.append(f"{message.type}: {message.text}")


@contextlib.contextmanager
def watched_page(
    browser: Browser,
    size: dict[str, int] = PHONE,
    *,
    locale: str = "es-MX",
    dark: bool = False,
    quiet: Sequence[str] = (),
) -> Iterator[Watched]:
    """Open a page in a context of its own; console messages other than those that begin with `quiet` fail."""
    context = browser.new_context(viewport=size, locale=locale, color_scheme="dark" if dark else "light")  # type: ignore[arg-type]  # playwright's own typed dictionary
    page = context.new_page()
    page.set_default_timeout(15_000)
    watched = Watched(page)
    page.on("console", watched.note)
    page.on("pageerror", lambda error: watched.console.append(f"pageerror: {error}"))
    page.on("request", lambda request: watched.requested.append(request.url))
    try:
        yield watched
    finally:
        context.close()
    loud = [line for line in watched.console if not line.startswith(tuple(quiet) or ("\0",))]
    assert loud == []
