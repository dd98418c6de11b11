"""The rules file of an auditor: which rules are on, and their thresholds. TOML; what is not said keeps its default.

[bulk-read]
cases = 20          # different cases of one reader …
minutes = 60        # … within so many minutes, and no more
[odd-hours]
zone = "America/New_York"
from = "06:00"
until = "22:00"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
[late-read]
days = 30           # so many days after a petition was declined
[time-order]
seconds = 300       # a clock may be put right by so much
[unassigned-read]
on = false          # a rule that is not to be applied
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.audit.finding import CannotCheckError, Obstacle, Rule

RULES_LIMIT = 64 * 1024
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST = 1_000_000


@dataclass(frozen=True)
class Rules:
    """Thresholds; `start` and `end` are minutes of the day in `zone`, `weekdays` counts Monday as 0."""

    off: frozenset[Rule] = frozenset()
    bulk_cases: int = 20
    bulk_minutes: int = 60
    zone: str = "America/New_York"
    start: int = 6 * 60
    end: int = 22 * 60
    weekdays: frozenset[int] = frozenset(range(7))
    late_days: int = 30
    clock_seconds: int = 300

    def is_on(self, rule: Rule) -> bool:
        """Tell whether a rule is applied."""
        return rule not in self.off


def load_rules_text(path: Path) -> bytes:
    """Return the text of a rules file; raises ``CannotCheckError`` for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(RULES_LIMIT)
    except OSError as error:
        raise CannotCheckError(Obstacle.BAD_RULES, file=str(path)) from error


def read_rules(text: bytes, name: str = "") -> Rules:
    """Return the rules that a text sets; raises ``CannotCheckError`` for what it does not know."""
    try:
        return _read(tomllib.loads(text.decode()))
    except (ValueError, KeyError, TypeError, AttributeError, ZoneInfoNotFoundError, RecursionError) as error:
        raise CannotCheckError(Obstacle.BAD_RULES, file=name) from error


def _read(data: Mapping[str, Mapping[str, Any]]) -> Rules:
    rules = Rules()
    for name, table in data.items():
        rule, said = Rule(name), dict(table)
        if not _switch(said.pop("on", True)):
            rules = replace(rules, off=rules.off | {rule})
        changes = {}
        for key, value in said.items():
            field, read = _KEYS[rule, key]
            changes[field] = read(value)
        rules = replace(rules, **changes)
    if rules.start >= rules.end:
        raise ValueError("the hours end before they begin")
    return rules


def _switch(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError("on is true or false")
    return value


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError("a count")
    return value


def _zone(value: object) -> str:
    return ZoneInfo(str(value)).key


def _clock(value: object) -> int:
    hours, minutes = str(value).split(":")
    found = int(hours) * 60 + int(minutes)
    if not (len(hours) == len(minutes) == 2 and 0 <= found <= 24 * 60 and int(minutes) < 60):
        raise ValueError("a time of day")
    return found


def _weekdays(value: Any) -> frozenset[int]:
    return frozenset(_DAYS.index(day) for day in value)


_KEYS: Final[Mapping[tuple[Rule, str], tuple[str, Any]]] = {
    (Rule.BULK_READ, "cases"): ("bulk_cases", _count),
    (Rule.BULK_READ, "minutes"): ("bulk_minutes", _count),
    (Rule.ODD_HOURS, "zone"): ("zone", _zone),
    (Rule.ODD_HOURS, "from"): ("start", _clock),
    (Rule.ODD_HOURS, "until"): ("end", _clock),
    (Rule.ODD_HOURS, "days"): ("weekdays", _weekdays),
    (Rule.LATE_READ, "days"): ("late_days", _count),
    (Rule.TIME_ORDER, "seconds"): ("clock_seconds", _count),
}
