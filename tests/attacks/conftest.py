"""Fixtures of the attacks: each engine, empty, for one test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.storage import PostgresStorage, SqliteStorage, Storage


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """Storage of the test's own."""
    if request.param == "sqlite":
        yield SqliteStorage(tmp_path)
        return
    made = PostgresStorage(tmp_path, request.getfixturevalue("cluster"), None)
    yield made
    made.drop()
