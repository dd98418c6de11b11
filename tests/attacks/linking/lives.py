"""A year of an office: five hundred cases with the lives that cases have, and what belongs to no case."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

HOUR, DAY = 3600, 86_400
OPEN = {"received": 1, "decided": 2}
"""What stands in the open, by number; everything else is an event."""
NOBODY = -1


@dataclass(frozen=True)
class Event:
    """Something that makes an entry: when (seconds since the year began), of which case, what."""

    time: int
    case: int
    kind: str


def year(seed: int, cases: int = 500, days: int = 365) -> list[Event]:
    """Return a year's events in the order in which they happen."""
    drawn = random.Random(seed)
    events = [event for case in range(cases) for event in _Life(drawn, case, drawn.randrange(days)).lived()]
    events += [Event(_in_office(drawn, drawn.randrange(days)), NOBODY, "system") for _ in range(days)]
    return sorted(events, key=lambda event: event.time)


def _in_office(drawn: random.Random, day: int) -> int:
    """Return a moment of working hours, of that day or the Monday after it."""
    while day % 7 > 4:
        day += 1
    return day * DAY + 9 * HOUR + int(drawn.random() * 8 * HOUR)


class _Life:
    """One case: filed, opened again, assigned, read in sittings, asked about, answered, decided, looked at."""

    def __init__(self, drawn: random.Random, case: int, first: int) -> None:
        self._drawn = drawn
        self._case = case
        self._now = first * DAY
        self._events: list[Event] = []

    def lived(self) -> list[Event]:
        """Return its events."""
        drawn = self._drawn
        self._at_home(0.2, "received")
        if drawn.random() < 0.6:
            self._sitting(self._now + int(drawn.uniform(60, 900)), ["holder"] * drawn.choice([1, 1, 2]))
        if drawn.random() < 0.7:
            self._at_home(3 + drawn.random() * 4, "holder", "acknowledged")
        self._at_work(1 + drawn.choice([0, 0, 1, 2]), "assigned")
        for _ in range(drawn.choice([1, 2, 2, 3, 4])):
            self._read()
        self._at_work(drawn.choice([5, 10, 20]), "read", "drafted")
        self._at_work(drawn.choice([0, 1, 2]), "read", "decided")
        for _ in range(drawn.choice([0, 1, 1, 2])):
            self._at_home(2, "holder")
        return self._events

    def _read(self) -> None:
        drawn = self._drawn
        notes = ["note"] if drawn.random() < 0.4 else []
        self._at_work(drawn.choice([0, 1, 1, 2, 4, 7]), "read", *["evidence"] * drawn.choice([0, 1, 2, 3, 5]), *notes)
        if drawn.random() < 0.35:
            self._at_work(0, "question")
            self._at_home(4, "holder", "messages", *(["answer"] if drawn.random() < 0.8 else []))
            self._at_work(1, "answer read", "read")
        if drawn.random() < 0.3:
            self._at_home(2, "holder")
        if drawn.random() < 0.15:
            self._at_home(2, "holder", "revised")

    def _at_work(self, days: int, *kinds: str) -> None:
        self._sitting(_in_office(self._drawn, self._now // DAY + days), kinds)

    def _at_home(self, days: float, *kinds: str) -> None:
        """Let a petitioner find the time, at noon or in the evening, some days later."""
        day = self._now // DAY + int(self._drawn.expovariate(1 / days))
        moment = day * DAY + int((self._drawn.choice([8, 12, 13, 19, 20, 21, 21, 22]) + self._drawn.random()) * HOUR)
        self._sitting(moment if moment > self._now else self._now + int(self._drawn.uniform(600, 4 * HOUR)), kinds)

    def _sitting(self, moment: int, kinds: Iterable[str]) -> None:
        for kind in kinds:
            self._events.append(Event(moment, self._case, kind))
            moment += int(self._drawn.uniform(20, 240))
        self._now = moment
