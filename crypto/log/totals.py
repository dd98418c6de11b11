"""Monthly totals from a log's entries alone: what stands in the open of a leaf, counted; anyone gets the same figures.

A month is that of the leaf's time in UTC, which is a whole number of publication ticks: an entry near midnight may
stand in the month before the one in which somebody remembers it. Only what a leaf shows to everybody is counted.

Source: FORMAT.md, section "Leaf".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Final

from crypto.log.leaf import FORM, LEAF_SIZE, LeafKind

_LATEST: Final = 253_402_300_800  # the year 10000: a log that lies about its time breaks no calendar
_COLUMNS: Final[Mapping[int, str]] = {
    LeafKind.RECEIVED: "received",
    LeafKind.DECIDED_TAKEN_UP: "taken_up",
    LeafKind.DECIDED_DECLINED: "declined",
    LeafKind.DECIDED_CLOSED: "closed",
}


@dataclass(frozen=True)
class Month:
    """One month, such as 2026-03: petitions received, and decided how."""

    month: str
    received: int = 0
    taken_up: int = 0
    declined: int = 0
    closed: int = 0


class Totals:
    """Counts entries as they come, in the order of the log or any other."""

    def __init__(self) -> None:
        self._months: dict[str, Month] = {}

    def add(self, entries: Iterable[bytes]) -> None:
        """Count entries; what is no leaf of ours, or says nothing in the open, counts as nothing."""
        for entry in entries:
            column = _COLUMNS.get(entry[1]) if len(entry) == LEAF_SIZE else None
            if column is not None:
                self._count(FORM.unpack(entry)[2], column)

    def _count(self, time: int, column: str) -> None:
        if time >= _LATEST:
            return
        name = datetime.fromtimestamp(time, UTC).strftime("%Y-%m")
        month = self._months.get(name, Month(name))
        self._months[name] = replace(month, **{column: getattr(month, column) + 1})

    def months(self) -> tuple[Month, ...]:
        """Return the months in which something was received or decided, in order."""
        return tuple(self._months[name] for name in sorted(self._months))


def to_csv(months: Iterable[Month]) -> str:
    """Return totals as CSV (RFC 4180 with LF), one line a month."""
    lines = [",".join(field.name for field in fields(Month))]
    lines += [",".join(map(str, astuple(month))) for month in months]
    return "\n".join([*lines, ""])
