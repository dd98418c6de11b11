"""Whether letters can be seen: ink nearly of its ground's colour hides what it says, white on white, black on black.

What a program still reads there, somebody wanted gone: a name under a black marker, a remark in white.
"""

import re

WHITE, BLACK = "ffffff", "000000"
_NEAR = 24
"""Levels of 255 by which no channel of the ink is further from its ground."""
_HEX = re.compile(r"[0-9a-f]{6}")
SMALLEST = 3.0
"""Points, below which nobody reads."""
FAINTEST = 10.0
"""Percent of opacity or of a letter's width, at or below which nobody sees it."""


def unseen(ink: str, ground: str = WHITE) -> bool:
    """Tell whether ink cannot be seen on its ground; colours as six hexadecimal digits, others can be seen."""
    if not (_HEX.fullmatch(ink) and _HEX.fullmatch(ground)):
        return False
    return all(abs(int(ink[at : at + 2], 16) - int(ground[at : at + 2], 16)) <= _NEAR for at in (0, 2, 4))


def measure(text: str | None, unit: str) -> float | None:
    """Return the number of a length or share such as `1pt` or `0%`, None for another unit or no number."""
    if text is None or not text.endswith(unit):
        return None
    try:
        return float(text.removesuffix(unit))
    except ValueError:
        return None
