"""A real Chromium for tests, under the portal's real headers; any console message fails the test."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.conftest import unavailable

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE = 180_000  # milliseconds; only what never comes is waited for as long
expect.set_options(timeout=PATIENCE)
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
# Whether what was written is in the draft: no save waits until nothing changes for a moment, and none is under way.
_SAVES = """(() => {
    const { setTimeout: put_off, clearTimeout: give_up } = window, put = IDBObjectStore.prototype.put
    const saves = (window.savesOfDraft = { waiting: 0, owed: false })
    window.setTimeout = (run, delay, ...rest) => {
        if (delay !== 800) return put_off(run, delay, ...rest)
        return (saves.waiting = put_off(() => { Object.assign(saves, { waiting: 0, owed: true }); run() }, delay))
    }
    window.clearTimeout = (id) => {
        if (id === saves.waiting) saves.waiting = 0
        give_up(id)
    }
    IDBObjectStore.prototype.put = function (value, key) {
        const asked = put.call(this, value, key)
        if (key === "draft") this.transaction.addEventListener("complete", () => { saves.owed = false })
        return asked
    }
})()"""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium, or skip where there is none."""
    path = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if path is None:
        unavailable("browser", "there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS), timeout=PATIENCE)
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE))
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
    page.add_init_script(_SAVES)
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


def draft_written(page: Page) -> None:
    """Wait until the draft has what was written last."""
    page.wait_for_timeout(1500)  # a press whose work is under way
    until(page, "() => Boolean(window.savesOfDraft.waiting || window.savesOfDraft.owed)", False)


def until(page: Page, question: str, wanted: object) -> None:
    """Ask the page until it answers as wanted: its policy forbids expressions that wait inside it."""
    deadline = time.monotonic() + PATIENCE / 1000
    while (found := page.evaluate(question)) != wanted:
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(50)
