"""What a measurement says: a value, the target it was to reach, and how it stands to the machine's own calibration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure; `met` is None where there is no target to miss, `ratio` a text with what it is compared to."""

    what: str
    value: str
    target: str = ""
    met: bool | None = None
    ratio: str = ""
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the row as an object for JSON."""
        return asdict(self)


@dataclass
class Calibration:
    """What this machine does without us, per second."""

    transactions: float = 0.0
    syncs: float = 0.0
    sha256_mib: float = 0.0
    node_hashes: float = 0.0
    signatures: float = 0.0
    seals: float = 0.0


@dataclass
class Bench:
    """One run: where it works, how much it does, and what is known so far."""

    folder: Path
    full: bool
    calibration: Calibration = field(default_factory=Calibration)

    def amount(self, quick: int, full: int) -> int:
        """Return how much to do."""
        return full if self.full else quick


Measurement = Callable[[Bench], list[Row]]


def rate(number: float, unit: str = "/s") -> str:
    """Return a rate in words: no more digits than it deserves."""
    return (
        f"{number:,.0f} {unit}".replace(" /s", "/s") if number >= 100 else f"{number:,.1f} {unit}".replace(" /s", "/s")
    )


def millis(seconds: float) -> str:
    """Return a time in milliseconds."""
    value = seconds * 1000
    return f"{value:.0f} ms" if value >= 100 else f"{value:.2g} ms"


def against(ours: float, machine: float, name: str) -> str:
    """Return a ratio to a calibration."""
    return f"{ours / machine:.2f} × {name}" if machine else ""
