"""Desks of both deployments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.usecases.desks import Desk, desk_in


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A custodian's portal."""
    yield from desk_in(tmp_path)


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Desk]:
    """The office's own portal."""
    yield from desk_in(tmp_path, RESGUARDO_DEPLOYMENT="office")
