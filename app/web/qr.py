"""A QR code as the path of an inline SVG: no image to fetch, nothing that the page's policy would have to allow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import segno

QUIET_ZONE = 4  # modules around the code, as ISO/IEC 18004 asks


@dataclass(frozen=True)
class Picture:
    """A path of horizontal strokes one module wide, and the side of the square in modules."""

    path: str
    size: int


def picture_of(text: str) -> Picture:
    """Return the QR code of a text."""
    rows = [list(row) for row in segno.make(text, micro=False, error="m").matrix_iter(border=QUIET_ZONE)]
    return Picture("".join(stroke for y, row in enumerate(rows) for stroke in _strokes(y, row)), len(rows))


def _strokes(y: int, row: Sequence[int]) -> Iterator[str]:
    x = 0
    for dark, run in groupby(row, bool):
        length = len(list(run))
        if dark:
            yield f"M{x} {y}.5h{length}"
        x += length
