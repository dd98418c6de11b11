"""Where on a page something must be covered: the engine of the texts, on the words of a page and their places."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from app.client.cleaning.apart import names_of, parted, same_line
from app.client.cleaning.drawing import Rectangle
from app.client.cleaning.frames import Word
from app.domain.redaction import Engine
from app.domain.redaction.model import CAREFUL_KINDS


def needs_of(engine: Engine, words: Sequence[Word]) -> list[Rectangle]:
    """Return what must be covered of the words of a page: marks, what the careful choice would hide, parted names."""
    text, places = joined(words)
    found = engine.analyse(text)
    spans = [(mark.start, mark.end) for mark in found.marks]
    spans += [(item.start, item.end) for item in found.suggestions if item.kind in CAREFUL_KINDS]
    touched = [words[max(0, bisect_right(places, start) - 1) : bisect_left(places, end)] for start, end in spans]
    touched += [[words[place] for place in two] for two in _parted(engine, words)]
    return list(dict.fromkeys(need for one in touched for need in _rectangles(one)))


def names_left(engine: Engine, words: Sequence[Word]) -> bool:
    """Tell whether a known person can still be read."""
    marks = engine.analyse(joined(words)[0]).marks
    known = any(mark.certainty == "certain" and mark.identity_id is not None for mark in marks)
    return known or any(_parted(engine, words))


def _parted(engine: Engine, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    return parted(words, names_of(engine.identities).__contains__)


def joined(words: Sequence[Word]) -> tuple[str, list[int]]:
    """Return the words as a text, a line where the next word stands lower, and where each begins in it."""
    text, places = "", []
    for word, after in pairwise([*words, None]):
        assert word is not None
        places.append(len(text))
        text += word.text
        if after is not None:
            text += " " if same_line(word, after) else "\n"
    return text, places


def _rectangles(touched: Iterable[Word]) -> Iterator[Rectangle]:
    """Yield a rectangle for each line on which words stand that a stretch touches; whole words, never parts of one."""
    line: list[Word] = []
    for word in touched:
        if line and not same_line(line[-1], word):
            yield _around(line)
            line = []
        line.append(word)
    if line:
        yield _around(line)


def _around(words: Iterable[Word]) -> Rectangle:
    edges = [(word.left, word.top, word.right, word.bottom) for word in words]
    lefts, tops, rights, bottoms = zip(*edges, strict=True)
    return Rectangle(min(lefts), min(tops), max(rights), max(bottoms))
