"""Where a pattern is tried: around its triggers, so that no pattern walks a whole text."""

from collections.abc import Iterable


def around(text: str, triggers: Iterable[str], before: int, after: int) -> list[tuple[int, int]]:
    """Return the stretches around every trigger, overlapping ones joined, in order."""
    places = []
    for trigger in triggers:
        if trigger not in text:  # nearly always, and much cheaper than asking where
            continue
        place = text.find(trigger)
        while place >= 0:
            places.append((max(0, place - before), min(len(text), place + len(trigger) + after)))
            place = text.find(trigger, place + len(trigger))
    return united(sorted(places))


def united(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join stretches that meet; they must be in order."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
