"""A place in what a reader is shown: on a page of a copy of evidence, or in a part of the record. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from app.domain.entities import EVIDENCE, RECORD
from app.domain.filing.copies import MOST_PAGES

PARTS: Final = (
    "workplace",
    "petitioners",
    "denial",
    "summary",
    "narrative",
    "timeline",
    "unions",
    "witnesses",
    "evidence",
    "remedy",
    "urgency",
    "translations",
)
"""The parts of the record that a place can name."""
WHOLE: Final = 100
"""Across and down a page are counted in hundredths of its width and height."""


@dataclass(frozen=True)
class Spot:
    """A place: `record` with its version, such as `evidence-3/2`.

    On a page `page` counts from 1, and `across` and `down` are hundredths from its left and its top; page 0 is the
    whole copy. In the record `part` names the part.
    """

    record: str
    page: int = 0
    across: int = 0
    down: int = 0
    part: str = ""

    @property
    def copy(self) -> int:
        """The number of the copy, 0 for another record."""
        name = self.record.partition("/")[0]
        return int(name.removeprefix(EVIDENCE)) if name.startswith(EVIDENCE) else 0

    def to_json(self) -> dict[str, Any]:
        """Return what is stored of it."""
        return asdict(self)


def spot_of(value: Mapping[str, Any] | None) -> Spot | None:
    """Return a stored place."""
    return None if value is None else Spot(**value)


def is_place(spot: Spot) -> bool:
    """Say whether there can be such a place; whether the page is there, nobody needs to know."""
    inside = 0 <= spot.across <= WHOLE and 0 <= spot.down <= WHOLE
    if spot.record.partition("/")[0] == RECORD:
        return spot.part in PARTS and spot.page == 0
    return bool(spot.copy) and 0 <= spot.page <= MOST_PAGES and inside and not spot.part
