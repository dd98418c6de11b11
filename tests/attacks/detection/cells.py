"""The cells: which part of a log, what is done to it, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.attacks.detection.scene import Scene

PARTS = ("row", "bundle", "tile", "checkpoint", "opening", "key", "clock", "cosigner")
ACTS = ("alter", "delete", "insert", "swap", "cut", "replay", "fork", "roll back", "withhold")
Attack = Callable[[Scene], None]


@dataclass(frozen=True)
class Cell:
    """One cell: the words for the table, how it is done, and what is arranged first, for its honest twin too.

    `harmless` says why nobody has to notice; `lying` that nothing but answers is changed, so that a portal which runs
    already will do.
    """

    part: str
    act: str
    what: str
    attack: Attack
    arrange: Attack | None = None
    harmless: str = ""
    lying: bool = False

    @property
    def name(self) -> str:
        """Part and act."""
        return f"{self.part}, {self.act}"


CELLS: dict[str, Cell] = {}


def cell(
    part: str, act: str, what: str, *, arrange: Attack | None = None, harmless: str = "", lying: bool = False
) -> Callable[[Attack], Attack]:
    """Register an attack as a cell."""

    def register(attack: Attack) -> Attack:
        made = Cell(part, act, what, attack, arrange, harmless, lying)
        assert part in PARTS, part
        assert act in ACTS, act
        assert made.name not in CELLS, made.name
        CELLS[made.name] = made
        return attack

    return register
