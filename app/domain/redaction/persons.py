"""Other persons: sequences of capitalised words that look like a name and stand on no list. Always a question."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from app.domain.redaction.context import company_follows, in_quoted_organization, path_before, titled
from app.domain.redaction.index import is_other_name, is_word
from app.domain.redaction.keep import Kept
from app.domain.redaction.model import CAPITALISED, OTHER_PERSON, Suggestion
from app.domain.redaction.normalise import Folded, fold_characters
from app.domain.redaction.reasons import reason
from app.domain.redaction.rules import compiled, cue_set, load, particles, place_names, shared, title_words, word_set


@dataclass(frozen=True, slots=True, eq=False)
class _Token:
    """A word of a sequence; offsets from its beginning, and what can be said without the context.

    A sequence is cut into its words once, so that a word is the same as another only if it is that word.
    """

    start: int
    end: int
    word: str
    written: str
    name_like: bool
    may_open: bool  # a common word: a capital at the beginning of a sentence says nothing


def other_persons(folded: Folded, kept: Kept, taken: Sequence[tuple[int, int]]) -> Iterator[Suggestion]:
    """Return questions about capitalised words; `taken` are original stretches, in order, that need no question."""
    covered = _Covered(taken)
    for match in shared("capitals", "sequence").finditer(folded.original):
        tokens = _tokens(match[0])
        if len(tokens) == 1 and not tokens[0].name_like and tokens[0].written.isalpha():
            continue  # most words that open a sentence
        for part in _free(match.start(), tokens, covered):
            yield from _questions(folded, kept, match.start(), part)


class _Covered:
    """Answers whether an offset lies in one of some ordered stretches; asked with rising offsets."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans
        self._next = 0

    def touches(self, start: int, end: int) -> bool:
        while self._next < len(self._spans) and self._spans[self._next][1] <= start:
            self._next += 1
        return self._next < len(self._spans) and self._spans[self._next][0] < end


def _free(base: int, tokens: Sequence[_Token], covered: _Covered) -> Iterator[Sequence[_Token]]:
    """Return the parts of a sequence between stretches that are taken already."""
    if not covered.touches(base + tokens[0].start, base + tokens[-1].end):
        yield tokens
        return
    part: list[_Token] = []
    for token in tokens:
        if not covered.touches(base + token.start, base + token.end):
            part.append(token)
        elif part:
            yield part
            part = []
    if part:
        yield part


@lru_cache(maxsize=1 << 16)
def _tokens(sequence: str) -> tuple[_Token, ...]:
    return tuple(_token(part) for part in shared("capitals", "part").finditer(sequence))


def _token(part: re.Match[str]) -> _Token:
    word = "".join(compiled("{W}").findall(fold_characters(part[0])))
    may_open = is_word(word) and word not in cue_set("given_names")
    return _Token(part.start(), part.end(), word, part[0], _name_like(word, part[0]), may_open)


def _name_like(word: str, written: str) -> bool:
    if word in particles() or word in cue_set("calendar") or word in title_words():
        return False
    if len(word) < 2:
        return written.endswith(".")
    return is_other_name(word) or word in word_set("also_names") or not is_word(word)


def _questions(folded: Folded, kept: Kept, base: int, tokens: Sequence[_Token]) -> Iterator[Suggestion]:
    if " ".join(token.word for token in tokens) in _declared():
        return
    first, last = 0, len(tokens)
    while first < last and (not tokens[first].name_like or _opens_sentence(folded.original, base, tokens[first])):
        first += 1
    while first < last and not tokens[last - 1].name_like:
        last -= 1
    if first < last:
        lead = first
        while lead > 0 and tokens[lead - 1].word in particles():
            lead -= 1
        # `De la Cruz`: the particles are asked about as well
        yield from _asked(folded, kept, base, tuple(tokens[first:last]), base + tokens[lead].start)


def _asked(folded: Folded, kept: Kept, base: int, tokens: tuple[_Token, ...], begin: int) -> Iterator[Suggestion]:
    """Ask about some words unless they say, or what stands around them, that they are none; from `begin` on."""
    plain, with_title = _kinds(tokens)
    if not with_title or (plain and _known_place(tokens)):
        return
    start = folded.folded_offset(base + tokens[0].start)
    address = titled(folded, start)
    kind = with_title if address else plain
    if kind and not _known_place(tokens) and not _stays(folded, kept, start, base, tokens, titled=address):
        dotted = len(tokens) == 1 and tokens[0].written.endswith(".")
        yield Suggestion(begin, base + tokens[-1].end - dotted, kind, reason(kind))


def _opens_sentence(text: str, base: int, token: _Token) -> bool:
    """Tell whether a word has its capital only because a sentence begins with it."""
    if not token.may_open:
        return False
    start = base + token.start
    before = text[max(0, start - 6) : start].rstrip(_rules()["leading"])
    return not before or before[-1] in _rules()["sentence_ends"]


def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = load("patterns")["capitals"]
    return rules


@lru_cache(maxsize=1 << 16)
def _known_place(tokens: tuple[_Token, ...]) -> bool:
    """Tell whether a sequence says itself that it is a place, a hero, a feast or an organization."""
    words = [token.word for token in tokens]
    if " ".join(words) in _declared() or words[0] in cue_set("place_words") or _made_of_places(words):
        return True
    return not cue_set("organization_words").isdisjoint(words)


def _stays(folded: Folded, kept: Kept, start: int, base: int, tokens: Sequence[_Token], *, titled: bool) -> bool:
    if kept.words and all(token.word in kept.words or token.word in particles() for token in tokens):
        return True
    if company_follows(folded, folded.folded_offset(base + tokens[-1].end)) or in_quoted_organization(folded, start):
        return True
    return not titled and any(word in _leading_words() for word, _ in path_before(folded, start))


@cache
def _leading_words() -> frozenset[str]:
    return cue_set("organization_words") | cue_set("place_words")


@cache
def _declared() -> frozenset[str]:
    """Return the places, heroes and feasts that need no question."""
    data = load("gazetteer")
    return place_names() | frozenset(data["heroes"]) | frozenset(data["idioms"])


def _made_of_places(words: list[str]) -> bool:
    """Tell whether a sequence is only places: `Guadalupe Nuevo León`, `Ohio y Texas`."""
    rest = [word for word in words if word not in _rules()["and"]]
    for cut in range(1, len(rest)):
        if " ".join(rest[:cut]) in place_names() and " ".join(rest[cut:]) in place_names():
            return True
    return False


@lru_cache(maxsize=1 << 16)
def _kinds(tokens: tuple[_Token, ...]) -> tuple[str, str]:
    """Return what a sequence is taken for, without and with a form of address before it."""
    named = [token for token in tokens if token.word not in particles()]
    telling = [token.word for token in named if len(token.word) > 1]
    if not telling:
        return "", ""
    if len(named) == 1:
        return _single(tokens[0]), OTHER_PERSON
    if any(map(is_other_name, telling)):
        return OTHER_PERSON, OTHER_PERSON
    acronyms = all(token.written.isupper() for token in named)
    return CAPITALISED if acronyms or any(map(is_word, telling)) else OTHER_PERSON, OTHER_PERSON


def _single(token: _Token) -> str:
    if is_other_name(token.word) and token.word not in place_names():
        return OTHER_PERSON
    acronym = token.written.isupper() and len(token.word) <= 8
    plain = is_word(token.word) or token.word in place_names()
    return "" if acronym or plain else CAPITALISED
