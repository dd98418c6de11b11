"""Other persons: sequences of capitalised words that look like a name and stand on no list. Always a question."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from app.domain.redaction.context import company_follows, in_quoted_organization, path_before, titled
from app.domain.redaction.index import is_other_name, is_word
from app.domain.redaction.keep import Kept
from app.domain.redaction.model import CAPITALISED, OTHER_PERSON, Suggestion
from app.domain.redaction.normalise import Folded, fold_characters
from app.domain.redaction.reasons import reason
from app.domain.redaction.rules import cue_set, load, particles, place_names, title_words, word_set

_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
_UPPER = r"[A-ZÀ-ÖØ-ÞŒŠŸ]"
_WORD = rf"{_UPPER}(?:{_LETTER}+(?:['’\-]{_LETTER}+)*|['’]{_UPPER}{_LETTER}+|\.)?"
_SMALL = r"(?:de|del|la|las|los|y|von|van|der|da|do|dos|du|le|des|st\.?)"
_SEQUENCE = re.compile(
    rf"(?<![\w\u0300-\u036f@#./]){_WORD}(?:(?:,?[ \u00a0]|,?\n)(?:{_SMALL}[ \u00a0]){{0,3}}{_WORD}){{0,7}}"
)
_PART = re.compile(rf"{_WORD}|{_SMALL}(?![^\W])")


@dataclass(frozen=True, slots=True)
class _Token:
    start: int  # offsets of the original
    end: int
    word: str
    written: str


def other_persons(folded: Folded, kept: Kept, taken: Sequence[tuple[int, int]]) -> Iterator[Suggestion]:
    """Return questions about capitalised words; `taken` are original stretches, in order, that need no question."""
    covered = _Covered(taken)
    for match in _SEQUENCE.finditer(folded.original):
        if _ordinary(match[0]):
            continue
        for tokens in _free(match, covered):
            yield from _questions(folded, kept, tokens)


class _Covered:
    """Answers whether an offset lies in one of some ordered stretches; asked with rising offsets."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans
        self._next = 0

    def touches(self, start: int, end: int) -> bool:
        while self._next < len(self._spans) and self._spans[self._next][1] <= start:
            self._next += 1
        return self._next < len(self._spans) and self._spans[self._next][0] < end


def _free(match: re.Match[str], covered: _Covered) -> Iterator[list[_Token]]:
    """Return the parts of a sequence between stretches that are taken already."""
    tokens: list[_Token] = []
    for part in _PART.finditer(match.string, match.start(), match.end()):
        if covered.touches(part.start(), part.end()):
            if tokens:
                yield tokens
            tokens = []
            continue
        tokens.append(_Token(part.start(), part.end(), _word(part[0]), part[0]))
    if tokens:
        yield tokens


@lru_cache(maxsize=1 << 16)
def _ordinary(written: str) -> bool:
    """Tell whether a sequence is one word that cannot be a name: most words that open a sentence."""
    return written.isalpha() and not _name_like(_Token(0, len(written), _word(written), written))


@lru_cache(maxsize=1 << 16)
def _word(written: str) -> str:
    return "".join(char for char in fold_characters(written) if char.isalnum())


def _questions(folded: Folded, kept: Kept, tokens: list[_Token]) -> Iterator[Suggestion]:
    text = folded.original
    if " ".join(token.word for token in tokens) in _declared():
        return
    while tokens and (not _name_like(tokens[0]) or _opens_sentence(text, tokens[0])):
        tokens = tokens[1:]
    while tokens and not _name_like(tokens[-1]):
        tokens = tokens[:-1]
    kind = _kind(folded, tokens) if tokens else ""
    if kind and not _stays(folded, kept, tokens):
        end = tokens[-1].end - (1 if len(tokens) == 1 and tokens[-1].written.endswith(".") else 0)
        yield Suggestion(tokens[0].start, end, kind, reason(kind))


def _name_like(token: _Token) -> bool:
    if token.word in particles() or token.word in cue_set("calendar") or token.word in title_words():
        return False
    if len(token.word) < 2:
        return token.written.endswith(".")
    return is_other_name(token.word) or token.word in word_set("also_names") or not is_word(token.word)


def _opens_sentence(text: str, token: _Token) -> bool:
    """Tell whether a word has its capital only because a sentence begins with it."""
    before = text[max(0, token.start - 6) : token.start].rstrip(" \t\"'*_«“¿¡([—-")
    starts = not before or before[-1] in ".!?:\n"
    return starts and is_word(token.word) and token.word not in cue_set("given_names")


def _stays(folded: Folded, kept: Kept, tokens: list[_Token]) -> bool:
    words = [token.word for token in tokens]
    if all(word in kept.words or word in particles() for word in words):
        return True
    if " ".join(words) in _declared() or words[0] in cue_set("place_words") or _made_of_places(words):
        return True
    if not cue_set("organization_words").isdisjoint(words):
        return True
    start = folded.folded_offset(tokens[0].start)
    if company_follows(folded, folded.folded_offset(tokens[-1].end)) or in_quoted_organization(folded, start):
        return True
    cues = {word for word, _ in path_before(folded, start)}
    return not cues.isdisjoint(cue_set("organization_words") | cue_set("place_words")) and not titled(folded, start)


@cache
def _declared() -> frozenset[str]:
    """Return the places, heroes and feasts that need no question."""
    data = load("gazetteer")
    return place_names() | frozenset(data["heroes"]) | frozenset(data["idioms"])


def _made_of_places(words: list[str]) -> bool:
    """Tell whether a sequence is only places: `Guadalupe Nuevo León`, `Ohio y Texas`."""
    rest = [word for word in words if word not in ("y", "and")]
    for cut in range(1, len(rest)):
        if " ".join(rest[:cut]) in place_names() and " ".join(rest[cut:]) in place_names():
            return True
    return False


def _kind(folded: Folded, tokens: list[_Token]) -> str:
    words = [token.word for token in tokens if token.word not in particles()]
    start = folded.folded_offset(tokens[0].start)
    telling = [word for word in words if len(word) > 1]
    if not telling:
        return ""
    if titled(folded, start) or (len(words) > 1 and any(map(is_other_name, telling))):
        return OTHER_PERSON
    if len(words) > 1:
        acronyms = all(token.written.isupper() for token in tokens if token.word not in particles())
        return CAPITALISED if acronyms or any(is_word(word) for word in telling) else OTHER_PERSON
    return _single(tokens[0])


def _single(token: _Token) -> str:
    if is_other_name(token.word) and token.word not in place_names():
        return OTHER_PERSON
    acronym = token.written.isupper() and len(token.word) <= 8
    plain = is_word(token.word) or token.word in place_names()
    return "" if acronym or plain else CAPITALISED
