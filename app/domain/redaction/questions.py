"""Quasi-identifiers: what is no name and no number, and still tells the employer who it is."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from app.domain.redaction.model import OTHER_PERSON, QUASI_IDENTIFIER, Mark, Suggestion
from app.domain.redaction.normalise import Folded
from app.domain.redaction.reasons import reason
from app.domain.redaction.rules import compiled, load, word_set
from app.domain.redaction.windows import near

_TWO_DIGITS = re.compile("[0-9]{2}")
_BESIDE = 48  # characters before and after a name in which it is looked for what was done with or to the person


def _after_name() -> re.Pattern[str]:
    return compiled(load("questions")["after_name"])


def quasi_identifiers(folded: Folded) -> Iterator[Suggestion]:
    """Return the phrases to ask about: the only one, an office, a place in a list, years, family, shift, nicknames."""
    for rule, pattern, spans in near("questions", "rules").windows(folded, ()):
        matches = (match for start, end in spans for match in pattern.finditer(folded.text, start, end))
        for match in islice(matches, 1 if rule.get("once") else None):
            if rule["reason"] == "nickname_cue":
                yield from _nickname(folded, match)
            else:
                yield _asked(folded, *match.span(min(1, pattern.groups)), rule["reason"])


def _asked(folded: Folded, start: int, end: int, why: str) -> Suggestion:
    end = start + len(folded.text[start:end].rstrip())
    while _TWO_DIGITS.match(folded.text, end - 1):
        end += 1  # a number is not cut where the stretch ended in which it was looked for
    return Suggestion(*folded.span(start, end), QUASI_IDENTIFIER, reason(why))


def after_names(folded: Folded, ends: Iterable[int]) -> Iterator[Suggestion]:
    """Return work and office named directly after a witness: `[name], montacarguista,`; `ends` in folded offsets."""
    for end in ends:
        match = _after_name().match(folded.text, end, end + 160)
        if match is not None:
            lead = len(match[0]) - len(match[0].lstrip(" ,"))
            yield _asked(folded, match.start() + lead, match.end(), "shift")


@cache
def _beside() -> list[tuple[dict[str, Any], re.Pattern[str], re.Pattern[str] | None]]:
    rules = load("questions")["beside"]
    return [(rule, compiled(rule["pattern"]), compiled(rule["given"]) if "given" in rule else None) for rule in rules]


def beside_names(folded: Folded, names: Iterable[Mark]) -> Iterator[Suggestion]:
    """Return what was done with or to a witness, and their kin, once each: `[name] y yo`, `fired [name]`."""
    asked: set[tuple[str | None, str, str]] = set()
    for name in names:
        start, end = folded.folded_offset(name.start), folded.folded_offset(name.end)
        for rule, pattern, given in _beside():
            if (name.identity_id, rule["reason"], "") in asked:
                continue
            lead, trail = (max(0, start - _BESIDE), start), (end, end + _BESIDE)
            if rule["side"] == "before":
                match = pattern.search(folded.text, *lead)
            else:
                match = pattern.match(folded.text, *trail)
            if match is None or (given is not None and not given.search(folded.text, *lead)):
                continue
            key = (name.identity_id, rule["reason"], match[1] if rule.get("each") else "")
            if key not in asked:
                asked.add(key)
                yield _asked(folded, match.start(1), match.end(1), rule["reason"])


def _nickname(folded: Folded, match: re.Match[str]) -> Iterator[Suggestion]:
    """Ask about what looks like a nickname by its cue: `le dicen la Flaca`, `known as Shorty`."""
    capital = folded.original[folded.start(match.start(2))].isupper()
    if capital and match[2] not in word_set("grammar"):
        first = match.start(1) if match[1] else match.start(2)
        yield Suggestion(*folded.span(first, match.end(2)), OTHER_PERSON, reason("nickname_cue"))
