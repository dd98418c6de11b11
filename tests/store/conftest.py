"""Fixtures of the store's tests: each runs on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Settings
from app.wiring import Assembly
from tests.assembled import assembled
from tests.store.storage import PostgresStorage, SqliteStorage, Storage

ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine that a test runs on."""
    return str(request.param)


@pytest.fixture
def storage(tmp_path: Path, engine_name: str, request: pytest.FixtureRequest) -> Iterator[Storage]:
    """Storage of the test's own, empty but for the schema."""
    if engine_name == "sqlite":
        yield SqliteStorage(tmp_path)
        return
    made = PostgresStorage(tmp_path, request.getfixturevalue("cluster"), request.getfixturevalue("prepared_database"))
    yield made
    made.drop()


@pytest.fixture
def settings(storage: Storage) -> Settings:
    """Settings of a portal over that storage."""
    return storage.settings


@pytest.fixture
def portal(settings: Settings) -> Iterator[Assembly]:
    """Both faces over that storage."""
    with assembled(settings) as assembly:
        yield assembly
