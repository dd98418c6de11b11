"""What the petition itself declares and must stay readable: facility, unions, organizations, places."""

from collections.abc import Iterable

from app.domain.redaction.index import KnownIndex
from app.domain.redaction.normalise import Folded, fold_characters
from app.domain.redaction.rules import particles
from app.domain.redaction.variants import WORD


class Kept:
    """Finds declared names in a folded text.

    A declared name whose every word is also a word of one witness (the town of Guadalupe, and José Guadalupe) does
    not protect anything by itself: there the context decides.
    """

    def __init__(self, names: Iterable[str], index: KnownIndex) -> None:
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        self.words: set[str] = set()
        for name in names:
            for words in _forms(name):
                telling = {word for word in words if word not in particles()}
                if telling and not any(telling <= person.words for person in index.people):
                    self._phrases.setdefault(words[0], []).append(words)
                    self.words |= telling

    def spans(self, folded: Folded) -> list[tuple[int, int]]:
        """Return the folded stretches that must stay, in order."""
        text = folded.text
        if not self._phrases or not any(first in text for first in self._phrases):
            return []
        found = []
        for first, phrases in self._phrases.items():
            place = text.find(first)
            while place >= 0:
                found.extend(_ends(text, place, phrases))
                place = text.find(first, place + 1)
        return sorted(found)


def _forms(name: str) -> set[tuple[str, ...]]:
    """Return the words of a name as declared, and without a remark in brackets at its end."""
    whole = tuple(WORD.findall(fold_characters(name)))
    plain = tuple(WORD.findall(fold_characters(name.split("(", maxsplit=1)[0])))
    return {words for words in (whole, plain) if words}


def _ends(text: str, place: int, phrases: list[tuple[str, ...]]) -> list[tuple[int, int]]:
    if place and text[place - 1].isalnum():
        return []
    ends = []
    for words in phrases:
        position: int | None = place
        for word in words:
            position = _after(text, position, word)
            if position is None:
                break
        if position is not None and not text[position : position + 1].isalnum():
            ends.append((place, position))
    return ends


def _after(text: str, position: int | None, word: str) -> int | None:
    if position is None:
        return None
    start = position
    while start < len(text) and start - position < 6 and not text[start].isalnum():
        start += 1
    return start + len(word) if text.startswith(word, start) else None
