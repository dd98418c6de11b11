"""Where on a page faces may be: OpenCV's cascades, where they are installed (`pip install 'resguardo[faces]'`).

They find faces that look at the camera or aside, upright, in light, from about a fortieth of the picture's width. They
miss whoever is turned away, bends, wears a mask, a helmet or a hand before the face, stands in the dark or far off, and
they know nothing of tattoos, badges and clothes. What they find is a suggestion; what they do not find is no promise.

It sees pages of ours only, in pixels that we made; foreign files never reach it.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from PIL import Image

from app.client.cleaning.drawing import Rectangle

_CASCADES = (
    ("haarcascade_frontalface_alt2", False),
    ("haarcascade_profileface", False),
    ("haarcascade_profileface", True),
)
"""Which model, and whether it looks at the page in a mirror: the one of profiles knows one side only."""
_LONGEST = 1200
"""Pixels of the longer edge of what is looked at."""
_SMALLEST = 30
_STEP, _NEIGHBOURS = 1.15, 5
"""How much larger each look's window is, and how many windows must agree."""
_AROUND = 0.3
"""Of a find's size, what is added on each side: a cascade's window leaves out hair, ears and chin."""

Choose = Callable[[int, Sequence[Rectangle]], Sequence[Rectangle]]
"""Told the number of a page and where faces may be on it; returns what is to be covered."""


def cover_all(page: int, faces: Sequence[Rectangle]) -> Sequence[Rectangle]:
    """Cover whatever may be a face: the careful choice."""
    del page
    return faces


class FaceFinder:
    """The cascades that OpenCV's package carries, loaded with the first picture that is looked at."""

    @cached_property
    def _loaded(self) -> "tuple[Any, Sequence[tuple[Any, bool]]] | None":
        """The library and its cascades; None where it is not installed, or is one without models (from 5 on)."""
        try:
            import cv2
        except ImportError:
            return None
        folder = Path(str(cv2.__file__)).parent / "data"
        models = [(folder / f"{name}.xml", mirrored) for name, mirrored in _CASCADES]
        if not hasattr(cv2, "CascadeClassifier") or not all(path.is_file() for path, _ in models):
            return None
        return cv2, [(cv2.CascadeClassifier(str(path)), mirrored) for path, mirrored in models]

    def faces(self, image: Image.Image) -> list[Rectangle] | None:
        """Return where faces may be on a page; None where nothing can look for them."""
        if self._loaded is None:
            return None
        scale = min(1.0, _LONGEST / max(image.size))
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        small = image.convert("L").resize(size, Image.Resampling.BILINEAR)
        found: list[Rectangle] = []
        for each in _seen(small, *self._loaded):
            face = _around(each, scale, image.size)
            if not any(_meet(face, other) for other in found):
                found.append(face)
        return found


def _seen(small: Image.Image, library: Any, cascades: Sequence[tuple[Any, bool]]) -> Iterator[Rectangle]:
    import numpy as np

    upright = np.asarray(small)
    for cascade, mirrored in cascades:
        pixels = library.flip(upright, 1) if mirrored else upright
        seen = cascade.detectMultiScale(pixels, _STEP, _NEIGHBOURS, minSize=(_SMALLEST, _SMALLEST))
        for left, top, width, height in (map(int, one) for one in seen):
            start = small.width - left - width if mirrored else left
            yield Rectangle(start, top, start + width, top + height)


def _around(seen: Rectangle, scale: float, size: tuple[int, int]) -> Rectangle:
    more = _AROUND * (seen.right - seen.left)
    left, top, right, bottom = seen.left - more, seen.top - more, seen.right + more, seen.bottom + more
    return Rectangle(
        max(0, round(left / scale)),
        max(0, round(top / scale)),
        min(size[0], round(right / scale)),
        min(size[1], round(bottom / scale)),
    )


def _meet(one: Rectangle, other: Rectangle) -> bool:
    """Tell whether the middle of one lies in the other: two models that see the same face."""
    across, down = (one.left + one.right) / 2, (one.top + one.bottom) / 2
    return other.left <= across <= other.right and other.top <= down <= other.bottom
