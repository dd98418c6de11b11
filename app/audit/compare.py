"""What happened between two sequences of leaf hashes: altered, deleted, inserted, doubled, swapped."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.audit.finding import Code


@dataclass(frozen=True)
class Difference:
    """One change: its code, its offset in the sequences, and the second offset of a swap."""

    code: Code
    offset: int
    other: int | None = None


def differences(expected: Sequence[bytes], found: Sequence[bytes]) -> list[Difference]:
    """Return the smallest story that turns ``expected`` into ``found``; nothing when they are equal.

    1. The same rows in another order. 2. One row taken out, and everything behind it one place forward. 3. One row
    put in. 4. Else each differing place was altered. Sequences of unequal length end where the shorter one
    does: a shift leaves what moved over the border out of sight.
    """
    at = _first_difference(expected, found)
    if at is None:
        return []
    places = [n for n, (old, new) in enumerate(zip(expected, found, strict=False)) if old != new]
    told = _swapped(expected, found, places) or _shifted(expected, found, at)
    if told is not None:
        return [told]
    return [Difference(Code.ENTRY_ALTERED, place) for place in places]


def _first_difference(expected: Sequence[bytes], found: Sequence[bytes]) -> int | None:
    for place, (old, new) in enumerate(zip(expected, found, strict=False)):
        if old != new:
            return place
    return None if len(expected) == len(found) else min(len(expected), len(found))


def _shifted(expected: Sequence[bytes], found: Sequence[bytes], at: int) -> Difference | None:
    same_length = len(expected) == len(found)
    if same_length and expected[at + 1 :] == found[at + 1 :]:
        return None
    if _overlaps(expected[at + 1 :], found[at:]):
        return Difference(Code.ROW_DELETED, at)
    if _overlaps(found[at + 1 :], expected[at:]):
        doubled = at > 0 and found[at] == found[at - 1]
        return Difference(Code.ROW_DOUBLED if doubled else Code.ROW_INSERTED, at)
    return None


def _overlaps(left: Sequence[bytes], right: Sequence[bytes]) -> bool:
    length = min(len(left), len(right))
    return abs(len(left) - len(right)) <= 1 and left[:length] == right[:length]


def _swapped(expected: Sequence[bytes], found: Sequence[bytes], places: Sequence[int]) -> Difference | None:
    old, new = [expected[place] for place in places], [found[place] for place in places]
    if len(places) < 2 or sorted(old) != sorted(new):
        return None
    return Difference(Code.ROWS_SWAPPED, places[0], places[-1])
