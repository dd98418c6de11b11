"""Fixtures that more than one folder of tests uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import httpcore2
import pytest
from httpx2._config import DEFAULT_TIMEOUT_CONFIG
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from tests import engine
from tests.assets import build_if_possible
from tests.portal import RunningPortal
from tests.postgres import cluster, prepared_database

__all__ = ["cluster", "prepared_database"]

EXAMPLES = Path(__file__).parent / "vectors" / "petitions"


# A neighbour on the machine is no counter-example.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# Whoever asks a portal under test waits as long as a busy machine takes; what the product itself waits, it says.
_PATIENCE = 600.0
DEFAULT_TIMEOUT_CONFIG.connect = DEFAULT_TIMEOUT_CONFIG.read = _PATIENCE
DEFAULT_TIMEOUT_CONFIG.write = DEFAULT_TIMEOUT_CONFIG.pool = _PATIENCE

# Each new client reads the list of authorities, 35 ms; there are thousands in a run.
httpcore2.default_ssl_context = cache(httpcore2.default_ssl_context)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what another engine than the session's is needed for."""
    engine.leave_out(items)


@pytest.fixture(scope="session", autouse=True)
def _engine(request: pytest.FixtureRequest) -> Iterator[engine.Engine | None]:
    """Put the session's portals on PostgreSQL where that is asked for."""
    if not engine.is_postgres():
        yield None
        return
    cluster, template = request.getfixturevalue("cluster"), request.getfixturevalue("prepared_database")
    with engine.chosen(cluster, template) as chosen:
        yield chosen


@pytest.fixture(autouse=True)
def _databases(_engine: engine.Engine | None, request: pytest.FixtureRequest) -> Iterator[None]:
    """Remove a test's own databases after it; a server for thousands of tests has no room for all."""
    folder = request.getfixturevalue("tmp_path") if _engine else None
    yield
    if _engine and folder:
        _engine.drop_below(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process, where a second would not start; each test opens a context of its own."""
    from tests.browser.chromium import chromium  # which takes `unavailable` from here

    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def shared_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """A running portal that many tests use; none may rely on what is, or is not, already in it."""
    build_if_possible()
    portal = RunningPortal(tmp_path_factory.mktemp("shared") / "data").start()
    yield portal
    portal.stop()


@pytest.fixture
def new_portal(tmp_path: Path) -> Iterator[Callable[..., RunningPortal]]:
    """Make portals of the test's own; they are stopped afterwards."""
    made: list[RunningPortal] = []

    def make(name: str = "data", *, start: bool = True, **options: object) -> RunningPortal:
        portal = RunningPortal(tmp_path / name, **options)  # type: ignore[arg-type]  # a dataclass's own fields
        made.append(portal)
        return portal.start() if start else portal

    yield make
    for portal in made:
        portal.stop()


def required(what: str) -> bool:
    """Tell whether the environment asks that tests of a kind are not skipped."""
    return what in os.environ.get("RESGUARDO_REQUIRE", "").replace(",", " ").split()


def unavailable(what: str, reason: str) -> None:
    """Skip the running test, or fail it where its kind is required."""
    if required(what):
        pytest.fail(f"RESGUARDO_REQUIRE asks for {what}, and {reason}", pytrace=False)
    pytest.skip(reason)
