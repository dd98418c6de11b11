"""The words of a folded text, found once for everything that looks at words."""

import re
from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, compress, filterfalse, islice
from operator import add

from app.domain.redaction.rules import compiled, load

_BLOCK: str = load("patterns")["settling"]["block"]  # what stands for what was found already: in no word
# One byte for each of the first 256 characters: a letter or digit as it is, anything else as a space.
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_IN_WORDS = bytes(code if chr(code).isalnum() else ord(" ") for code in range(256))


class Words:
    """Words in order: `words[i]` stands at `starts[i]` and is of `lengths[i]`; `gap(i)` stands before it."""

    __slots__ = ("_asked", "_place", "_single", "_text", "distinct", "lengths", "starts", "words")

    def __init__(self, text: str) -> None:
        self._text = text
        pieces = _apart(text).split(" ")
        sizes = list(map(len, pieces))
        self.words = list(compress(pieces, sizes))
        self.lengths = list(compress(sizes, sizes))
        self.starts = list(compress(accumulate(map((1).__add__, sizes), initial=0), sizes))
        self.distinct = set(self.words)
        self._single: list[int] | None = None
        self._asked, self._place = 0, -1  # the offset asked about last, and its answer

    def gap(self, place: int) -> str:
        """Return what stands between a word and the one before it; after the last word, what ends the text."""
        before = self.starts[place - 1] + self.lengths[place - 1] if place > 0 else 0
        return self._text[before : self.starts[place] if place < len(self.starts) else None]

    def _letters(self) -> list[int]:
        """Return the places of the words of one letter."""
        if self._single is None:
            self._single = list(compress(range(len(self.words)), map((1).__eq__, self.lengths)))
        return self._single

    def among(self, words: Container[str]) -> Iterator[int]:
        """Return the places of the words that are among others, in order."""
        return compress(range(len(self.words)), map(words.__contains__, self.words))

    def pairs(self, joined: Container[str]) -> Iterator[int]:
        """Return the places of the words that, joined to the next, are among others, in order."""
        pairs = map(add, self.words, islice(self.words, 1, None))
        return compress(range(len(self.words)), map(joined.__contains__, pairs))

    def digits(self) -> list[tuple[int, int]]:
        """Return where digits stand, in order: each row of them without another character between."""
        numbered = filterfalse(str.isalpha, self.distinct)
        numbers = {word: list(map(re.Match.span, _DIGITS.finditer(word))) for word in numbered}
        found = []
        for place in self.among(numbers):
            start = self.starts[place]
            for first, last in numbers[self.words[place]]:
                found.append((start + first, start + last))
        return found

    def before(self, offset: int) -> int:
        """Return the place of the last word that begins before an offset, or -1."""
        if offset != self._asked:
            self._asked, self._place = offset, bisect_left(self.starts, offset) - 1
        return self._place

    def apart(self, reach: int) -> Iterator[tuple[int, int]]:
        """Return stretches of at least two words of one letter with at most `reach` characters between."""
        first = last = -1
        for place in self._letters():
            if first < 0 or place != last + 1 or self.starts[place] - self.starts[last] - 1 > reach:
                if last > first:
                    yield self.starts[first], self.starts[last] + 1
                first = place
            last = place
        if first >= 0 and last > first:
            yield self.starts[first], self.starts[last] + 1

    def linked(self, small: Container[str]) -> Iterator[tuple[int, int]]:
        """Return stretches of a word of one letter, one or two of the `small` words, and a word of one letter."""
        beyond = len(self.words)
        for place in self._letters():
            if place + 2 >= beyond or self.words[place + 1] not in small or (place and self.lengths[place - 1] == 1):
                continue  # `S. A. de C. V.`: letters that stand together are a row of their own
            if self.lengths[place + 2] == 1:
                yield self.starts[place], self.starts[place + 2] + 1
            if place + 3 < beyond and self.lengths[place + 3] == 1 and self.words[place + 2] in small:
                yield self.starts[place], self.starts[place + 3] + 1


def _apart(text: str) -> str:
    """Return a folded text with a space for every character that is no letter or digit."""
    try:
        return text.replace(_BLOCK, " ").encode("latin-1").translate(_IN_WORDS).decode("latin-1")
    except UnicodeEncodeError:
        return compiled("(?!{W})[^ ]").sub(" ", text)


Inside = tuple[int, int, str]  # a text in a word: its number, where from the word's beginning, all of it if longer


@dataclass(slots=True)
class _Learnt:
    """Words that were looked at, and of these the ones that hold a text."""

    words: set[str] = field(default_factory=set)
    telling: dict[str, list[Inside]] = field(default_factory=dict)


class Triggers:
    """Texts that are looked for all at once: by the word that each of them holds, else one by one."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._plain: list[int] = []  # those without a word
        self._by_pair: dict[str, list[tuple[int, str, int, bool, bool]]] = {}
        for number, text in enumerate(texts):
            piece = max(
                compiled("[a-z0-9]+").finditer(text), key=lambda match: match.end() - match.start(), default=None
            )
            if piece is None or len(piece[0]) < 2:
                self._plain.append(number)
                continue
            bounded = piece.start() > 0, piece.end() < len(text)
            self._by_pair.setdefault(piece[0][:2], []).append((number, piece[0], piece.start(), *bounded))
        self._learnt = _Learnt()

    def places(self, text: str, words: Words) -> dict[int, list[int]]:
        """Return where each text stands, by its number; in order but for texts without a word."""
        found: dict[int, list[int]] = {}
        telling = self._telling(words.distinct)
        for place in words.among(telling.keys() & words.distinct):
            start = words.starts[place]
            for number, offset, more in telling[words.words[place]]:
                if not more or (start + offset >= 0 and text.startswith(more, start + offset)):
                    found.setdefault(number, []).append(start + offset)
        for number in self._plain:
            if self._texts[number] in text:
                found[number] = _each(text, self._texts[number])
        return found

    def _telling(self, words: set[str]) -> Mapping[str, Sequence[Inside]]:
        """Return the words that hold a text, at least those among some; each word is looked at once."""
        learnt = self._learnt
        if len(learnt.words) > 200_000:
            learnt = self._learnt = _Learnt()
        new = words - learnt.words
        learnt.telling.update((word, inside) for word in new if (inside := list(self._inside(word))))
        learnt.words |= new  # last: who asks meanwhile must find no word that is known and not yet told
        return learnt.telling

    def _inside(self, word: str) -> Iterator[Inside]:
        for place in range(len(word) - 1):
            for number, piece, lead, left, right in self._by_pair.get(word[place : place + 2], ()):
                bounds = (not left or place == 0) and (not right or place + len(piece) == len(word))
                if bounds and word.startswith(piece, place):
                    text = self._texts[number]
                    yield number, place - lead, "" if text == piece else text


def _each(text: str, trigger: str) -> list[int]:
    places = []
    place = text.find(trigger)
    while place >= 0:
        places.append(place)
        place = text.find(trigger, place + len(trigger))
    return places
