"""Everything in this folder needs Chromium, and shares one with its process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.assets import built
from tests.browser.chromium import PHONE, Watched, watched_page
from tests.node import package


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module", autouse=True)
def libraries(request: pytest.FixtureRequest) -> None:
    """Build the libraries of the pages once, before a portal of a module that needs Node.js is started."""
    if request.node.get_closest_marker("node"):
        built()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A phone in Spanish; any console message fails."""
    with watched_page(browser, PHONE) as page:
        yield page


@pytest.fixture(scope="session")
def axe() -> str:
    """The checker's source."""
    return (package("axe-core") / "axe.min.js").read_text()
