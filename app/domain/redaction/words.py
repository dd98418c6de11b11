"""The words of a folded text, found once for everything that looks at words."""

from bisect import bisect_left
from collections.abc import Container, Iterator
from itertools import accumulate, compress
from operator import add

from app.domain.redaction.rules import compiled


class Words:
    """Words in order: `words[i]` stands at `starts[i]`, and `gaps[i]` before it; one gap more ends the text."""

    __slots__ = ("gaps", "lengths", "starts", "words")

    def __init__(self, text: str) -> None:
        pieces = compiled("({W}+)").split(text)
        self.words = pieces[1::2]
        self.gaps = pieces[::2]
        self.lengths = list(map(len, self.words))
        self.starts = list(accumulate(map(add, self.lengths, map(len, self.gaps[1:])), initial=len(self.gaps[0])))

    def among(self, words: Container[str]) -> Iterator[int]:
        """Return the places of the words that are among others, in order."""
        return compress(range(len(self.words)), map(words.__contains__, self.words))

    def before(self, offset: int) -> int:
        """Return the place of the last word that begins before an offset, or -1."""
        return bisect_left(self.starts, offset, 0, len(self.words)) - 1

    def apart(self, reach: int) -> Iterator[tuple[int, int]]:
        """Return stretches of at least two words of one letter with at most `reach` characters between."""
        first = last = -1
        for place in compress(range(len(self.words)), map((1).__eq__, self.lengths)):
            if first < 0 or place != last + 1 or len(self.gaps[place]) > reach:
                if last > first:
                    yield self.starts[first], self.starts[last] + 1
                first = place
            last = place
        if first >= 0 and last > first:
            yield self.starts[first], self.starts[last] + 1

    def linked(self, small: Container[str]) -> Iterator[tuple[int, int]]:
        """Return stretches of a word of one letter, one or two of the `small` words, and a word of one letter."""
        for place in compress(range(len(self.words) - 2), map((1).__eq__, self.lengths)):
            if place > 0 and self.lengths[place - 1] == 1:
                continue  # `S. A. de C. V.`: letters that stand together are a row of their own
            for other in (place + 2, place + 3):
                between = self.words[place + 1 : other]
                if self.lengths[other : other + 1] == [1] and all(word in small for word in between):
                    yield self.starts[place], self.starts[other] + 1


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
        self._known: dict[str, tuple[tuple[int, int, str], ...]] = {}

    def places(self, text: str, words: Words) -> dict[int, list[int]]:
        """Return where each text stands, by its number; in order but for texts without a word."""
        found: dict[int, list[int]] = {}
        telling = {word: here for word in set(words.words) if (here := self._of(word))}
        for place in words.among(telling):
            start = words.starts[place]
            for number, offset, more in telling[words.words[place]]:
                if not more or (start + offset >= 0 and text.startswith(more, start + offset)):
                    found.setdefault(number, []).append(start + offset)
        for number in self._plain:
            found.update(_each(text, self._texts[number], number))
        return found

    def _of(self, word: str) -> tuple[tuple[int, int, str], ...]:
        """Return the texts that stand in a word: number, where from its beginning, and all of it if it is longer."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) > 200_000:
                self._known.clear()
            known = self._known[word] = tuple(self._inside(word))
        return known

    def _inside(self, word: str) -> Iterator[tuple[int, int, str]]:
        for place in range(len(word) - 1):
            for number, piece, lead, left, right in self._by_pair.get(word[place : place + 2], ()):
                bounds = (not left or place == 0) and (not right or place + len(piece) == len(word))
                if bounds and word.startswith(piece, place):
                    text = self._texts[number]
                    yield number, place - lead, "" if text == piece else text


def _each(text: str, trigger: str, number: int) -> dict[int, list[int]]:
    if trigger not in text:
        return {}
    places = []
    place = text.find(trigger)
    while place >= 0:
        places.append(place)
        place = text.find(trigger, place + len(trigger))
    return {number: places}
