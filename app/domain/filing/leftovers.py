"""The last look of the device: is anything of a known person left in the record, in any field, in any spelling?

Texts and names are folded (case, accents, look-alikes, invisible characters), numbers also without their separators.
Whole names, listed identifiers and aliases of several words are looked for everywhere. Single words are not looked
for here: a witness called Hidalgo must not make the state of Hidalgo unspeakable; in free texts the engine looks for
them with the words around.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.paths import path_text
from app.domain.redaction import KnownIdentity
from app.domain.redaction.normalise import fold_text

_SEPARATORS = re.compile(r"[\W_]+")
SHORTEST_NUMBER = 5
"""Letters and digits of an identifier that is looked for at all: a shorter one may be a year or a street number."""
SHORTEST_JOINED = 7
"""Letters and digits of an identifier that is looked for across separators; shorter ones must stand alone."""
NATIONAL_NUMBER = 10
"""Digits of a telephone number in Mexico and the United States."""


@dataclass(frozen=True)
class _Token:
    kind: str
    words: str
    squeezed: str

    def is_in(self, words: str, squeezed: str) -> bool:
        """Tell whether a text shows this, by whole words or across separators."""
        return f" {self.words} " in words or bool(self.squeezed and self.squeezed in squeezed)


def leftovers(record: Mapping[str, Any], people: Iterable[KnownIdentity]) -> Iterator[tuple[str, str]]:
    """Yield path and kind of each place of a record that still shows a known person; never the text."""
    tokens = {token for person in people for token in _tokens(person)}
    for path, text in _texts(record):
        words = f" {_words(text)} "
        squeezed = words.replace(" ", "")
        kinds = {token.kind for token in tokens if token.is_in(words, squeezed)}
        yield from ((path, kind) for kind in sorted(kinds))


def _texts(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield every text of a record, the names of open groups too."""
    if isinstance(value, str):
        yield path_text(path), value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield path_text((*path, "…")), name
            yield from _texts(inner, (*path, name))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, place))


def _words(text: str) -> str:
    return " ".join(_SEPARATORS.sub(" ", fold_text(text)).split())


def _tokens(person: KnownIdentity) -> Iterator[_Token]:
    whole = person.name or " ".join(filter(None, (person.given, person.surname1, person.surname2)))
    short = " ".join(filter(None, (person.given, person.surname1)))
    surnames_first = " ".join(filter(None, (person.surname1, person.surname2, person.given)))
    for name in (whole, short, surnames_first, *person.aliases):
        words = _words(name)
        if " " in words:
            yield _Token("name", words, "")
    for kind, value in person.identifiers:
        yield from _number_tokens(kind or "identifier", value)


def _number_tokens(kind: str, value: str) -> Iterator[_Token]:
    words = _words(value)
    squeezed = words.replace(" ", "")
    if not any(character.isdigit() for character in squeezed) or len(squeezed) < SHORTEST_NUMBER:
        return
    yield _Token(kind, words, squeezed if len(squeezed) >= SHORTEST_JOINED else "")
    if squeezed.isdigit() and len(squeezed) > NATIONAL_NUMBER:
        # A telephone number without its country's prefix.
        yield _Token(kind, words, squeezed[-NATIONAL_NUMBER:])
