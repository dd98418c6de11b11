"""Identifiers of anybody in a folded text: codes, numbers and contacts by form, cue and check digit."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from app.domain.redaction.identifiers import Identifier, codes, in_digits, numbers, zones
from app.domain.redaction.model import CASE_NUMBER
from app.domain.redaction.normalise import Folded
from app.domain.redaction.rules import compiled, cue_set, load, particles, place_names
from app.domain.redaction.windows import near, united

_POINTS = frozenset(".,")


def discover(folded: Folded, flag: str = "") -> Iterator[Identifier]:
    """Return every identifier and number to ask about, in offsets of the folded text, unmerged.

    With the flag `guard`, patterns whose finds the guard would let pass are not tried.
    """
    text, rules = folded.text, near("identifiers", "patterns", flag)
    blocks = folded.blocks
    if not blocks and not rules.triggered(text):
        return
    reach = load("identifiers")["digit_reach"]
    digits = united(((start - reach, end + reach) for start, end in blocks), len(text))
    areas = zones(text, blocks)
    yield from codes(text, areas)
    yield from numbers(in_digits(text, blocks), areas)
    parts = [(start, end) for start, end in blocks if end - start > 2 and text[start - 1 : start] in _POINTS]
    decimals = united(((start - reach, end + reach) for start, end in parts), len(text))
    for rule, pattern, spans in rules.windows(folded, decimals):
        for start, end in spans:
            for match in pattern.finditer(text, start, end):
                found = _found(folded, rule, match)
                if found is not None:
                    yield found
    for pattern in () if flag == "guard" else _case_patterns():
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
    if rule.get("capital_run"):
        start = _capital_run(folded, start, end)
    if rule.get("extend_places"):
        end = _with_places(folded, end)
    if end <= start:
        return None
    by = "cue" if group else "pattern"
    return Identifier(start, end, rule["label"], "certain", by, guard=bool(rule.get("guard")))


def _capital(folded: Folded, match: re.Match[str], group: int) -> bool:
    if match[group] in load("identifiers")["unambiguous"]:
        return True
    return folded.original[folded.start(match.start(group))].isupper()


def _capital_run(folded: Folded, start: int, end: int) -> int:
    """Return where the capitalised words begin that lead to the number of an address; its end if there are none."""
    first = end
    for word in reversed(list(compiled("{W}+").finditer(folded.text, start, end))):
        capital = folded.original[folded.start(word.start())]
        if capital.isupper():
            first = word.start()
        elif first < end and word[0] in cue_set("street_words"):
            return word.start()
        elif not (capital.isdecimal() or word[0] in particles() or word[0] in load("kinds")["number_words"]):
            break
    return first


def _with_places(folded: Folded, end: int) -> int:
    """Take in what follows a street and its number: flat, settlement, crossing, town, state, postcode."""
    for _ in range(load("identifiers")["address_parts"]):
        size = _known_part(folded, end) or _unknown_part(folded, end)
        if not size:
            return end
        end += size
    return end


def _known_part(folded: Folded, end: int) -> int:
    rules, text = load("identifiers"), folded.text
    part = compiled(rules["postcode"]).match(text, end)
    if part is not None:
        last = part.end()
        known = _place_length(text, last) or compiled(rules["address_part"]).match(text, last)
        return last - end + (0 if known else _rest_of_place(folded, last))
    if not _sentence_ends(text, end):
        part = compiled(rules["address_part"]).match(text, end)
    if part is not None:
        return len(part[0].rstrip(" \n-"))
    place = _place_length(text, end)
    return place + _rest_of_place(folded, end + place) if place else 0


def _sentence_ends(text: str, end: int) -> bool:
    """Tell whether a full stop after a whole word ends the address: `Ciudad Juárez. Entré`, not `depto. 4. Col.`"""
    return compiled(load("identifiers")["address_ends"]).search(text[max(0, end - 12) : end + 1]) is not None


def _rest_of_place(folded: Folded, end: int) -> int:
    """Return the length of what makes a place's name longer than the known one: `Motul de Carrillo Puerto`."""
    last = end
    for _ in range(3):
        more = compiled(load("identifiers")["place_more"]).match(folded.text, last)
        if more is None or not folded.original[folded.start(more.start(1))].isupper():
            break
        last = more.end()
    return last - end


def _unknown_part(folded: Folded, end: int) -> int:
    """Return the length of a part of no known kind: one that a known part follows, or a name in capitals at the end."""
    part = compiled(load("identifiers")["address_phrase"]).match(folded.text, end)
    if part is None:
        return 0
    words = list(compiled("{W}+").finditer(folded.text, *part.span(1)))
    if len(words) > load("identifiers")["address_words"]:
        return 0
    named = all(folded.original[folded.start(word.start())].isupper() or word[0] in particles() for word in words)
    return len(part[0]) if named or _known_part(folded, part.end()) else 0


def _place_length(text: str, end: int) -> int:
    match = compiled(load("identifiers")["place"]).match(text, end)
    if match is None or not ("," in match[0][:2] or text[end - 1] in "0123456789"):
        return 0
    words = match[1].split(" ")
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if name.rstrip(".") in place_names() or name in place_names():
            return match.start(1) - end + len(name.rstrip("."))
    return 0
