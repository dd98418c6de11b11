"""Fixtures of the store's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Settings
from app.wiring import Assembly
from tests.assembled import assembled, settings_in


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a data folder of the test's own."""
    return settings_in(tmp_path)


@pytest.fixture
def portal(settings: Settings) -> Iterator[Assembly]:
    """Both faces over that folder."""
    with assembled(settings) as assembly:
        yield assembly
