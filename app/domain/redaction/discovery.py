"""Identifiers of anybody in a folded text: codes, numbers and contacts by form, cue and check digit."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from app.domain.redaction.identifiers import Identifier, codes, numbers, zones
from app.domain.redaction.model import CASE_NUMBER
from app.domain.redaction.normalise import Folded
from app.domain.redaction.rules import compiled, load, place_names
from app.domain.redaction.windows import around, united

_DIGIT = re.compile(r"[0-9]+", re.ASCII)
_DIGIT_REACH = 30
_PLACE = re.compile(
    r",?[ \n]{1,2}(?:cp[ ]?[0-9]{5}[ ]?)?([a-z][a-z.]*(?:[ ](?:de|del|la|los|las|el)){0,2}(?:[ ][a-z.]+){0,3})"
)
_POSTCODE = re.compile(r",?[ \n]{1,2}(?:c\.?[ ]?p\.?[ ]?)?[0-9]{5}(?:-[0-9]{4})?(?![0-9])", re.ASCII)
_UNAMBIGUOUS = frozenset(
    ["street", "avenue", "road", "boulevard", "lane", "highway", "parkway", "blvd", "hwy", "pkwy", "terrace"]
)


def discover(folded: Folded) -> Iterator[Identifier]:
    """Return every identifier and number to ask about, in offsets of the folded text, unmerged."""
    text = folded.text
    areas = zones(text)
    yield from codes(text, areas)
    yield from numbers(text, areas)
    for rule, pattern in _patterns():
        for start, end in _windows(text, rule):
            for match in pattern.finditer(text, start, end):
                found = _found(folded, rule, match)
                if found is not None:
                    yield found
    for pattern in _case_patterns():
        for start, end in _around_digits(text):
            for match in pattern.finditer(text, start, end):
                yield Identifier(match.start(), match.end(1), CASE_NUMBER, "likely", "cue", guard=False)


@cache
def _patterns() -> list[tuple[dict[str, Any], re.Pattern[str]]]:
    return [(rule, compiled(rule["pattern"])) for rule in load("identifiers")["patterns"]]


@cache
def _case_patterns() -> list[re.Pattern[str]]:
    return [compiled(pattern) for pattern in load("identifiers")["case_numbers"]]


def _windows(text: str, rule: dict[str, Any]) -> list[tuple[int, int]]:
    if rule["near"] == "digit":
        return _around_digits(text)
    return around(text, rule["near"], int(rule["before"]), int(rule["after"]))


def _around_digits(text: str) -> list[tuple[int, int]]:
    reach, size = _DIGIT_REACH, len(text)
    return united((max(0, m.start() - reach), min(size, m.end() + reach)) for m in _DIGIT.finditer(text))


def _found(folded: Folded, rule: dict[str, Any], match: re.Match[str]) -> Identifier | None:
    group = int(rule.get("group", 0))
    start, end = match.span(group)
    value = folded.text[start:end]
    if "has" in rule and not compiled(rule["has"]).search(value):
        return None
    if "capital_group" in rule and not _capital(folded, match, int(rule["capital_group"])):
        return None
    end = start + len(value.rstrip(" \n,.;:-)'\""))
    if rule.get("extend_places"):
        end = _with_places(folded.text, end)
    if end <= start:
        return None
    by = "cue" if group else "pattern"
    return Identifier(start, end, rule["label"], "certain", by, guard=bool(rule.get("guard")))


def _capital(folded: Folded, match: re.Match[str], group: int) -> bool:
    if match[group] in _UNAMBIGUOUS:
        return True
    return folded.original[folded.start(match.start(group))].isupper()


def _with_places(text: str, end: int) -> int:
    """Take in the town, the state and the postcode that follow an address."""
    for _ in range(4):
        code = _POSTCODE.match(text, end)
        if code is not None:
            end = code.end()
            continue
        size = _place_length(text, end)
        if not size:
            return end
        end += size
    return end


def _place_length(text: str, end: int) -> int:
    match = _PLACE.match(text, end)
    if match is None or match[0][0] != ",":
        return 0
    words = match[1].split(" ")
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if name.rstrip(".") in place_names() or name in place_names():
            return match.start(1) - end + len(name.rstrip("."))
    return 0
