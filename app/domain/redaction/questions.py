"""Quasi-identifiers: what is no name and no number, and still tells the employer who it is."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from app.domain.redaction.model import OTHER_PERSON, QUASI_IDENTIFIER, Suggestion
from app.domain.redaction.normalise import Folded
from app.domain.redaction.reasons import reason
from app.domain.redaction.rules import compiled, load, word_set
from app.domain.redaction.windows import around


@cache
def _rules() -> list[tuple[dict[str, Any], re.Pattern[str]]]:
    return [(rule, compiled(rule["pattern"])) for rule in load("questions")["rules"]]


@cache
def _single(name: str) -> re.Pattern[str]:
    return compiled(load("questions")[name])


def quasi_identifiers(folded: Folded) -> Iterator[Suggestion]:
    """Return the phrases to ask about: the only one, an office, a place in a list, years, family, shift, body."""
    text = folded.text
    for rule, pattern in _rules():
        for start, end in around(text, rule["near"], int(rule["before"]), int(rule["after"])):
            for match in pattern.finditer(text, start, end):
                yield _asked(folded, match.start(), match.end(), rule["reason"])


def _asked(folded: Folded, start: int, end: int, why: str) -> Suggestion:
    end = start + len(folded.text[start:end].rstrip())
    return Suggestion(*folded.span(start, end), QUASI_IDENTIFIER, reason(why))


def after_names(folded: Folded, ends: Iterable[int]) -> Iterator[Suggestion]:
    """Return work and office named directly after a witness: `[name], montacarguista,`; `ends` in folded offsets."""
    for end in ends:
        match = _single("after_name").match(folded.text, end, end + 160)
        if match is not None:
            lead = len(match[0]) - len(match[0].lstrip(" ,"))
            yield _asked(folded, match.start() + lead, match.end(), "shift")


def nicknames(folded: Folded) -> Iterator[Suggestion]:
    """Return what looks like a nickname by its cue: `le dicen la Flaca`, `known as Shorty`."""
    for start, end in around(folded.text, load("questions")["nickname_near"], 4, 40):
        for match in _single("nickname_cues").finditer(folded.text, start, end):
            capital = folded.original[folded.start(match.start(2))].isupper()
            if capital and match[2] not in word_set("grammar"):
                first = match.start(1) if match[1] else match.start(2)
                yield Suggestion(*folded.span(first, match.end(2)), OTHER_PERSON, reason("nickname_cue"))
