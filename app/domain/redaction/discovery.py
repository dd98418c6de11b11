"""Identifiers of anybody in a folded text: codes, numbers and contacts by form, cue and check digit."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from app.domain.redaction.identifiers import Identifier, codes, numbers, zones
from app.domain.redaction.model import CASE_NUMBER
from app.domain.redaction.normalise import Folded
from app.domain.redaction.rules import compiled, load, place_names
from app.domain.redaction.windows import near, united

_DIGIT = re.compile(r"[0-9]+", re.ASCII)


def discover(folded: Folded) -> Iterator[Identifier]:
    """Return every identifier and number to ask about, in offsets of the folded text, unmerged."""
    text = folded.text
    blocks = [match.span() for match in _DIGIT.finditer(text)]
    reach = load("identifiers")["digit_reach"]
    digits = united(((start - reach, end + reach) for start, end in blocks), len(text))
    areas = zones(text, blocks)
    yield from codes(text, areas)
    yield from numbers(text, areas)
    for rule, pattern, spans in near("identifiers", "patterns").windows(text, folded.words, digits):
        for start, end in spans:
            for match in pattern.finditer(text, start, end):
                found = _found(folded, rule, match)
                if found is not None:
                    yield found
    for pattern in _case_patterns():
        for start, end in digits:
            for match in pattern.finditer(text, start, end):
                yield Identifier(match.start(), match.end(1), CASE_NUMBER, "likely", "cue", guard=False)


@cache
def _case_patterns() -> list[re.Pattern[str]]:
    return [compiled(pattern) for pattern in load("identifiers")["case_numbers"]]


def _found(folded: Folded, rule: Mapping[str, Any], match: re.Match[str]) -> Identifier | None:
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
    if match[group] in load("identifiers")["unambiguous"]:
        return True
    return folded.original[folded.start(match.start(group))].isupper()


def _with_places(text: str, end: int) -> int:
    """Take in the town, the state and the postcode that follow an address."""
    for _ in range(4):
        code = compiled(load("identifiers")["postcode"]).match(text, end)
        if code is not None:
            end = code.end()
            continue
        size = _place_length(text, end)
        if not size:
            return end
        end += size
    return end


def _place_length(text: str, end: int) -> int:
    match = compiled(load("identifiers")["place"]).match(text, end)
    if match is None or match[0][0] != ",":
        return 0
    words = match[1].split(" ")
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if name.rstrip(".") in place_names() or name in place_names():
            return match.start(1) - end + len(name.rstrip("."))
    return 0
