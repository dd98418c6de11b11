"""A small portal on loopback, and a machine without a language or passphrase of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.cases import Filed, file_case
from tests.client.loopback import LoopbackPortal


@pytest.fixture(autouse=True)
def _plain_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RESGUARDO_LANG", "RESGUARDO_PASSPHRASE", "RESGUARDO_PROXY", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def portal() -> Iterator[LoopbackPortal]:
    """A portal that answers as the API says, and lies where a test tells it to."""
    with LoopbackPortal() as server:
        yield server


@pytest.fixture
def filed(portal: LoopbackPortal, tmp_path: Path) -> Filed:
    """A case filed at the portal."""
    return file_case(portal, tmp_path / "case")
