"""The attacker: learns from a year whose cases are known to them, what two entries of one case have in common.

They see what anybody sees: the order of the entries, the publication tick of each, the kind that stands in the open.
(All entries have one size; tags and commitments are random to them.) They learn weights of yes-or-no features by
logistic regression. Each attempt below adds to the ones before it.

    1 nearness       how far apart in the log, on a logarithmic scale, in eleven steps
    2 sittings       one tick or not, how many entries stand in it, side by side at the edge of two ticks
    3 kinds          what stands in the open on both, and in which order
    4 calendar       hour and weekday of both, the time between them in fine steps
    5 neighbours     the place inside the tick, the kinds beside it, how busy both hours are
    6 lives          hours between them up to a day, days up to a month, both with the hour of the day
    7 together       nearness with the hours of both, sittings with what stands beside the entry
    8 experience     the same, learned from twice as many known years
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.attacks.linking.lives import OPEN

ATTEMPTS = 8
YEARS = {8: 6}
"""From how many known years an attempt learns, where it is not three."""
Entry = tuple[int, int]
"""What anybody sees of an entry besides its index: tick (in hours) and kind."""


class PublicLog:
    """A log as strangers see it."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.busy = Counter(tick for tick, _ in entries)
        first: dict[int, int] = {}
        for index, (tick, _) in enumerate(entries):
            first.setdefault(tick, index)
        self.place = [index - first[tick] for index, (tick, _) in enumerate(entries)]


@dataclass(frozen=True)
class Question:
    """Which of these entries is of one case with this one? The first is; the others are of other cases."""

    known: int
    offered: tuple[int, ...]


def questions(cases: Sequence[int], ticks: Sequence[int], kinds: Sequence[str], seed: int, count: int, *,
              next_only: bool = False, offered: int = 10) -> list[Question]:  # fmt: skip
    """Return questions about any two entries of a case, or only about entries that follow each other in it.

    The others are what was logged nearest to the right one, in the same hour if there is anything: what is asked is not
    when a case lived, which whoever waits for it knows, but which entries of that hour are its own. What stands in the
    open by law, `received` and `decided`, is not offered: it says itself what it is.
    """
    drawn, of_case = random.Random(seed), defaultdict(list)
    for index, case in enumerate(cases):
        if case >= 0:
            of_case[case].append(index)
    many = [indexes for indexes in of_case.values() if len(indexes) > 2]
    made: list[Question] = []
    while len(made) < count:
        indexes = drawn.choice(many)
        at = drawn.randrange(len(indexes) - 1)
        known, right = drawn.sample(indexes[at : at + 2] if next_only else indexes, 2)
        if kinds[right] not in OPEN:
            near = _near(right, cases, ticks, kinds, drawn)
            made.append(Question(known, (right, *near[: offered - 1])))
    return made


def _near(
    right: int, cases: Sequence[int], ticks: Sequence[int], kinds: Sequence[str], drawn: random.Random
) -> list[int]:
    window = range(max(0, right - 30), min(len(cases), right + 31))
    others = [index for index in window if cases[index] != cases[right] and kinds[index] not in OPEN]
    return sorted(others, key=lambda index: (abs(ticks[index] - ticks[right]), drawn.random()))


def features(log: PublicLog, known: int, other: int, attempt: int) -> Iterator[str]:
    """Yield what is true of two entries."""
    (tick, kind), (tock, sort) = log.entries[known], log.entries[other]
    apart, lag = abs(known - other), tock - tick
    near = int(math.log2(apart + 1))
    yield f"near {min(10, near)}"
    if attempt >= 2:
        yield f"sitting {lag == 0} {min(6, apart)} {min(8, log.busy[tick]) if lag == 0 else abs(lag) == 1}"
        yield f"one tick {lag == 0}"
    sign = (lag > 0) - (lag < 0)
    if attempt >= 3:
        yield f"kinds {kind} {sort} {sign}"
        yield f"kinds near {kind} {sort} {min(8, near)}"
    fine = int(2 * math.log2(abs(lag) / 24 + 1)) if lag else -1
    if attempt >= 4:
        yield f"hours {tick % 24 // 4} {tock % 24 // 4}"
        yield f"weekend {tick // 24 % 7 > 4} {tock // 24 % 7 > 4}"
        yield f"lag {sign * min(12, fine)}"
        yield f"hour {tock % 24}"
    if attempt >= 5:
        yield f"place {min(5, log.place[other])} {min(3, log.place[known])}"
        yield f"busy {min(4, log.busy[tick])} {min(4, log.busy[tock])}"
        for step in (-1, 1):
            if 0 <= other + step < len(log.entries):
                beside, of = log.entries[other + step]
                yield f"beside {step} {of} {min(3, abs(beside - tock))}"
    if attempt >= 6:
        yield f"within a day {max(-24, min(24, lag))} {tock % 24 // 4}"
        yield f"within a month {max(-31, min(31, round(lag / 24)))} {kind}"
    if attempt >= 7:
        yield f"near at {min(10, near)} {tick % 24 // 3} {tock % 24 // 3}"
        around = [log.entries[at][0] == tock for at in (other - 1, other + 1) if 0 <= at < len(log.entries)]
        yield f"sitting among {lag == 0} {min(4, apart)} {around} {min(6, log.busy[tock])}"


def learned(
    years: Sequence[tuple[PublicLog, Sequence[Question]]], attempt: int, rounds: int = 2
) -> Mapping[str, float]:
    """Return the weights by which the right entry stands out best in the known years (AdaGrad, a softmax each)."""
    weights: defaultdict[str, float] = defaultdict(float)
    seen: defaultdict[str, float] = defaultdict(float)
    for _ in range(rounds):
        for log, asked in years:
            for question in asked:
                sets = [list(features(log, question.known, other, attempt)) for other in question.offered]
                for right, (names, share) in enumerate(zip(sets, _shares(sets, weights), strict=True)):
                    pull = (right == 0) - share
                    for name in names:
                        seen[name] += pull * pull
                        weights[name] += 0.3 * pull / math.sqrt(seen[name] + 1e-6)
    return weights


def _shares(sets: Sequence[Sequence[str]], weights: Mapping[str, float]) -> list[float]:
    raised = [sum(weights[name] for name in names) for names in sets]
    most = max(raised)
    powers = [math.exp(each - most) for each in raised]
    return [power / sum(powers) for power in powers]


@dataclass(frozen=True)
class Score:
    """How often the attacker is right, as shares: of two entries offered, and of all that are offered."""

    of_two: float
    of_all: float


def score(weights: Mapping[str, float], log: PublicLog, asked: Sequence[Question], attempt: int) -> Score:
    """Ask about a year that was not learned from; where two are equal to the attacker, the coin decides."""
    drawn, two, most = random.Random(len(asked)), 0, 0
    for question in asked:
        sums = [
            sum(weights.get(name, 0.0) for name in features(log, question.known, other, attempt))
            + 1e-9 * drawn.random()
            for other in question.offered
        ]
        two += sums[0] > sums[1]
        most += sums[0] == max(sums)
    return Score(two / len(asked), most / len(asked))
