"""Where on a page something must be covered: the engine of the texts, on the words of a page and their places."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from app.client.cleaning.drawing import Rectangle
from app.client.cleaning.frames import Word
from app.domain.redaction import Engine
from app.domain.redaction.model import CAREFUL_KINDS


def needs_of(engine: Engine, words: Sequence[Word]) -> list[Rectangle]:
    """Return what must be covered of the words of a page: marks, and what the careful choice would hide."""
    text, places = joined(words)
    found = engine.analyse(text)
    spans = [(mark.start, mark.end) for mark in found.marks]
    spans += [(item.start, item.end) for item in found.suggestions if item.kind in CAREFUL_KINDS]
    return [need for span in spans for need in _rectangles(words, places, span)]


def names_left(engine: Engine, words: Sequence[Word]) -> bool:
    """Tell whether a known person can still be read."""
    marks = engine.analyse(joined(words)[0]).marks
    return any(mark.certainty == "certain" and mark.identity_id is not None for mark in marks)


def joined(words: Sequence[Word]) -> tuple[str, list[int]]:
    """Return the words as a text, a line where the next word stands lower, and where each begins in it."""
    text, places = "", []
    for word, after in pairwise([*words, None]):
        assert word is not None
        places.append(len(text))
        text += word.text
        if after is not None:
            text += " " if _same_line(word, after) else "\n"
    return text, places


def _same_line(one: Word, other: Word) -> bool:
    return other.top < one.bottom and one.top < other.bottom and other.right > one.left


def _rectangles(words: Sequence[Word], places: Sequence[int], span: tuple[int, int]) -> Iterator[Rectangle]:
    """Yield a rectangle for each line that a stretch of the text touches; whole words, never parts of one."""
    start, end = span
    touched = words[max(0, bisect_right(places, start) - 1) : bisect_left(places, end)]
    line: list[Word] = []
    for word in touched:
        if line and not _same_line(line[-1], word):
            yield _around(line)
            line = []
        line.append(word)
    if line:
        yield _around(line)


def _around(words: Iterable[Word]) -> Rectangle:
    edges = [(word.left, word.top, word.right, word.bottom) for word in words]
    lefts, tops, rights, bottoms = zip(*edges, strict=True)
    return Rectangle(min(lefts), min(tops), max(rights), max(bottoms))
