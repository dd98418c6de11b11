"""Words of a page that are a known person's name only when they are read as one.

A name is written apart at the end of a line, over columns, or with a gap inside. Where a hyphen stands before the next
word, the engine itself reads on; here are the places where it cannot. The twin of app/static/copies/apart.js.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from app.client.cleaning.frames import Word
from app.domain.redaction import KnownIdentity
from app.domain.redaction.normalise import fold_text

_HYPHENS = re.compile("[-\u00ad\u2010-\u2015\u2212]+$")
_LETTERS = re.compile("(?:[^\\W\\d_]|[\u0300-\u036f])+")
_SHORTEST = 2
"""Letters of a part: single ones stand everywhere, and the engine joins those itself."""
_SHORTEST_NAME = 4
_SHORTEST_BESIDE = 6
"""Letters of a name with a gap on its line: shorter ones would be found in «me la» and the like."""
_NEXT_LINE = 2.5
"""Heights of a word, within which the next line begins."""
_MOST_BELOW = 40
"""Words of the next line that are tried."""


def same_line(one: Word, other: Word) -> bool:
    """Tell whether a word stands on the line of the one before it; narrow lines touch each other."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return 2 * shared > min(one.bottom - one.top, other.bottom - other.top) and other.right > one.left


@lru_cache(maxsize=8)
def names_of(people: Sequence[KnownIdentity]) -> frozenset[str]:
    """Return the words of which the names of known people are made, folded."""
    said = (text for one in people for text in (one.given, one.surname1, one.surname2, one.name, *one.aliases))
    return frozenset(word for text in said for word in _LETTERS.findall(fold_text(text)) if len(word) >= _SHORTEST_NAME)


def parted(words: Sequence[Word], wanted: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Yield the places of two words that are wanted when they are read as one, which is folded for that."""
    beginnings = [_beginning(word.text) for word in words]
    for at, word in enumerate(words):
        first = _HYPHENS.sub("", word.text)
        end = _end(first)
        if not end:
            continue
        hyphened = first != word.text
        others = dict.fromkeys([at + 1, *(_below(words, at) if hyphened else ())])
        for other in others:
            if other >= len(words) or not beginnings[other] or not wanted(one := fold_text(end + beginnings[other])):
                continue
            beside = not hyphened and same_line(word, words[other])
            if len(one) >= (_SHORTEST_BESIDE if beside else _SHORTEST_NAME):
                yield at, other


def _beginning(text: str) -> str:
    """Return the letters with which a word begins, nothing where they are too few."""
    found = _LETTERS.match(text)
    return found[0] if found is not None and len(found[0]) >= _SHORTEST else ""


def _end(text: str) -> str:
    """Return the letters with which a word ends, nothing where they are too few."""
    for found in _LETTERS.finditer(text):
        if found.end() == len(text) and len(found[0]) >= _SHORTEST:
            return found[0]
    return ""


def _below(words: Sequence[Word], at: int) -> list[int]:
    word = words[at]
    height = word.bottom - word.top
    low, far = word.top + height / 2, word.top + _NEXT_LINE * height
    return [place for place, other in enumerate(words) if low <= other.top <= far][:_MOST_BELOW]
