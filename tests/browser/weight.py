"""What a page has received when somebody can begin: its modules mark that moment."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

_BEFORE_READY = """() => {
    const ready = performance.getEntriesByName("ready")[0].startTime
    const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    return all
        .filter((one) => one.startTime <= ready && one.transferSize > 0)
        .map((one) => [new URL(one.name).pathname, one.encodedBodySize])
}"""


@dataclass(frozen=True)
class Begun:
    """Paths that were asked for until the page was ready, and the bytes of their bodies as they travelled."""

    paths: tuple[str, ...]
    size: int


def begun(page: Page) -> Begun:
    """Return what came, without what came from the browser's own cache, or was asked for later."""
    page.wait_for_selector("#start:not([hidden])")
    found = page.evaluate(_BEFORE_READY)
    return Begun(tuple(path for path, _ in found), sum(size for _, size in found))
