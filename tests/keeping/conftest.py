"""Fixtures of the keeping tests: a backup key, and the verbs over a real portal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.portal import RunningPortal, resguardo


@dataclass(frozen=True)
class Keeper:
    """An operator with a key for backups, on a medium of their own."""

    folder: Path

    @property
    def key(self) -> Path:
        """The folder of the key that opens backups."""
        return self.folder / "key"

    def back_up(self, portal: RunningPortal, name: str = "backup.age") -> Path:
        """Back a portal up and return the file of data."""
        done = portal.cli("backup", self.folder / name, "--to", self.key / "holder.txt")
        assert done.returncode == 0, (done.stdout, done.stderr)
        return self.folder / name

    def restore(self, file: Path, portal: RunningPortal, *more: str | Path) -> Any:
        """Restore into the data folder of a portal that is not served yet; return the finished process."""
        return portal.cli("restore", file, "--key", self.key, *more)


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    """An operator with a fresh key."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    done = resguardo("key", "new", "--out", folder / "key")
    assert done.returncode == 0, done.stderr
    return Keeper(folder)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Callable[..., RunningPortal]:
    """Make portals on "another host": data folder and guard of their own, nothing in them."""

    def make(name: str = "host-2") -> RunningPortal:
        return RunningPortal(tmp_path / name / "data")

    (tmp_path / "host-2").mkdir()
    return make
