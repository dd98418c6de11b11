"""Where a pattern is tried: around its triggers, so that no pattern walks a whole text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from app.domain.redaction.normalise import Folded
from app.domain.redaction.rules import compiled, load
from app.domain.redaction.words import Triggers

Span = tuple[int, int]


class Near:
    """Rules of one file, each with the texts around which it is tried; all texts are looked for at once."""

    def __init__(self, rules: Sequence[Mapping[str, Any]]) -> None:
        lists = [list(rule["near"]) for rule in rules if isinstance(rule["near"], list)]
        self._texts = list(dict.fromkeys(chain.from_iterable(lists)))
        numbers = {text: number for number, text in enumerate(self._texts)}
        self._triggers = Triggers(self._texts)
        self._rules = [(rule, compiled(rule["pattern"])) for rule in rules]
        self._near_digits = [number for number, rule in enumerate(rules) if rule["near"] == "digit"]
        self._used_by: list[list[int]] = [[] for _ in self._texts]
        for number, rule in enumerate(rules):
            for text in rule["near"] if rule["near"] != "digit" else ():
                self._used_by[numbers[text]].append(number)

    def triggered(self, text: str) -> bool:
        """Tell whether any of the texts stands in a text: if not, only rules near digits can match."""
        return any(map(text.__contains__, self._texts))

    def windows(
        self, folded: Folded, digits: Sequence[Span]
    ) -> Iterator[tuple[Mapping[str, Any], re.Pattern[str], Sequence[Span]]]:
        """Return each rule that can match at all, and the stretches where; `digits` for rules near a digit."""
        text = folded.text
        found: dict[int, list[tuple[int, list[int]]]] = {}
        for trigger, places in self._triggers.places(text, folded.words).items():
            for number in self._used_by[trigger]:
                found.setdefault(number, []).append((len(self._texts[trigger]), places))
        for number in sorted([*found, *self._near_digits] if digits else found):
            rule, pattern = self._rules[number]
            if number not in found:
                yield rule, pattern, digits
                continue
            before, after = rule["before"], rule["after"]
            spans = [(place - before, place + size + after) for size, places in found[number] for place in places]
            spans.sort()
            yield rule, pattern, united(spans, len(text))


@cache
def near(name: str, key: str, flag: str = "") -> Near:
    """Return the rules of a data file that have triggers, made once; of a `flag`, those that carry it."""
    return Near([rule for rule in load(name)[key] if not flag or rule.get(flag)])


def united(places: Iterable[Span], size: int) -> list[Span]:
    """Join stretches that meet, and cut them to the text; they must be in order."""
    joined: list[Span] = []
    first = last = -1
    for start, end in places:
        if first < 0 or start > last:
            if first >= 0:
                joined.append((first, min(last, size)))
            first, last = max(0, start), end
        elif end > last:
            last = end
    if first >= 0:
        joined.append((first, min(last, size)))
    return joined
