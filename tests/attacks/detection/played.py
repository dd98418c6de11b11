"""Plays cells on copies of one baseline, and gives what was said."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.attacks.detection import clocks, cosigners, files, keys, rows, told
from tests.attacks.detection.baseline import Baseline
from tests.attacks.detection.cells import CELLS, Cell
from tests.attacks.detection.scene import Scene
from tests.attacks.detection.watchers import Stage, look, staged

PLAYED = (rows, files, told, keys, clocks, cosigners)
"""The modules whose cells are registered."""
Said = dict[str, tuple[str, ...]]


class Theatre:
    """Where cells are played, one after the other; cells that only lie share one running portal."""

    def __init__(self, base: Baseline, folder: Path) -> None:
        self._base = base
        self._folder = folder
        self._stack = ExitStack()
        self._stage: Stage | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        self._stage = None
        self._stack.close()

    def play(self, cell: Cell) -> Said:
        """Return what is said of an attack."""
        return self._played(cell.name, [cell.arrange, cell.attack], lying=cell.lying)

    def twin(self, cell: Cell) -> Said:
        """Return what is said of the same scene without the attack."""
        return self._played(f"twin of {cell.name}", [cell.arrange], lying=cell.lying)

    def _played(self, name: str, steps: list[Callable[[Scene], None] | None], *, lying: bool) -> Said:
        if not lying:
            self._close()
        scene = self._scene(name)
        for step in steps:
            if step is not None:
                step(scene)
        try:
            if lying:
                return look(scene, self._shared())
            with staged(scene) as stage:
                return look(scene, stage)
        finally:
            shutil.rmtree(scene.folder)

    def _scene(self, name: str) -> Scene:
        folder = self._folder / name.replace(", ", "-").replace(" ", "-")
        folder.mkdir()
        return Scene(self._base, folder)

    def _shared(self) -> Stage:
        if self._stage is None:
            self._stage = self._stack.enter_context(staged(self._scene("shared")))
            self._stack.callback(shutil.rmtree, self._folder / "shared")
        return self._stage


def in_order(names: Iterable[str]) -> list[Cell]:
    """Return cells, those that share a portal first."""
    return sorted((CELLS[name] for name in names), key=lambda each: not each.lying)
