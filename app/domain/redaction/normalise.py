"""Folding a text so that every spelling of a name looks the same, with the way back to the original.

Rules of this module
    1. One character of the folded text knows the stretch of the original it came from.
    2. Most characters fold to exactly one; those go through one table in C. Only the irregular places (format
       characters, marks, ligatures, entities, escapes, hyphens at a line's end) are spliced one by one.
    3. Folding never fails: lone surrogates and private characters are dropped like format characters, since one of
       them inside a name would otherwise hide it.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from functools import cache, cached_property, lru_cache

from app.domain.redaction.rules import compiled, load
from app.domain.redaction.words import Words

DAMAGED = "\ufffd"
_DROPPED = ("M", "Cf", "Cs", "Co", "Cc")


class Folded:
    """A folded text and the map back; `text[i]` came from `original[start(i):end(i)]`."""

    def __init__(self, original: str, text: str, at: list[int], origin: list[int]) -> None:
        self.original = original
        self.text = text
        self._at = at  # folded offsets where a new stretch begins
        self._from = origin  # their original offsets
        self._length = len(original)
        self.paths: dict[int, list[tuple[str, int]]] = {}  # what leads to a place, once it was asked
        self.returns = "\r" in original

    @cached_property
    def words(self) -> Words:
        """The words of the folded text and where they begin."""
        return Words(self.text)

    @cached_property
    def blocks(self) -> list[tuple[int, int]]:
        """Where digits stand in the folded text."""
        return self.words.digits()

    def start(self, offset: int) -> int:
        """Return the original offset of a folded character."""
        if not self._at:
            return offset
        place = bisect_right(self._at, offset) - 1
        return self._clamped(place, offset)

    def end(self, offset: int) -> int:
        """Return the original offset after the folded character before `offset`, with its dropped marks."""
        if not self._at:
            return offset
        place = bisect_right(self._at, offset - 1) - 1
        plain = self._clamped(place, offset - 1) + 1
        following = bisect_right(self._at, offset) - 1
        return max(plain, self._from[following]) if self._at[following] == offset else plain

    def folded_offset(self, offset: int) -> int:
        """Return the folded offset of an original one; inside a replaced stretch, that of its beginning."""
        if not self._at:
            return offset
        place = bisect_right(self._from, offset) - 1
        limit = self._at[place + 1] if place + 1 < len(self._at) else len(self.text)
        return min(self._at[place] + offset - self._from[place], limit)

    def _clamped(self, place: int, offset: int) -> int:
        first = self._from[place]
        position = first + offset - self._at[place]
        limit = self._from[place + 1] if place + 1 < len(self._from) else self._length
        if position < limit:
            return position
        return limit - 1 if limit > first else first

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original stretch of a folded stretch that is not empty."""
        return self.start(start), self.end(end)


def fold(original: str) -> Folded:
    """Fold a text; the folded text is lower-case Latin without marks, and other scripts as they are."""
    distinct = set(original)
    irregular = _irregular_pattern(original, distinct)
    regular = _regular_fold(distinct)
    pieces: list[str] = []
    at: list[int] = []
    origin: list[int] = []
    length = position = 0
    for match in irregular.finditer(original):
        before = original[position : match.start()]
        replaced = fold_characters(_plain(match[0]))
        for stretch, place in ((regular(before), position), (replaced, match.start())):
            at.append(length)
            origin.append(place)
            pieces.append(stretch)
            length += len(stretch)
        position = match.end()
    if not at:
        return Folded(original, regular(original), [], [])
    at.append(length)
    origin.append(position)
    pieces.append(regular(original[position:]))
    text = "".join(pieces)
    at.append(len(text))
    origin.append(len(original))
    return Folded(original, text, at, origin)


def fold_characters(text: str) -> str:
    """Fold a short text without keeping offsets: names, aliases, words."""
    return "".join(map(_folded, text))


def fold_text(text: str) -> str:
    """Fold a text without its offsets, entities and all."""
    if text.isascii() and text.isalpha():
        return text.lower()  # one plain word, as most are: nothing in it is irregular
    return fold(text).text


_SHORT = 24  # characters from which on folding all at once pays


class _RegularFold:
    """Folds stretches of regular characters, each to exactly one: nearly all of them as bytes, all at once.

    `wide` are the characters that are not among the first 256 or do not fold to one of these. A wide character that
    stays wide goes through as a control character, which is irregular and so never stands in such a stretch.
    """

    def __init__(self, wide: frozenset[str]) -> None:
        self._before: list[tuple[str, str]] = []
        self._after: list[tuple[str, str]] = []
        for place, (char, folded) in enumerate((char, _folded(char)) for char in sorted(wide)):
            narrow = folded in _narrow() and _folded(folded) == folded
            self._before.append((char, folded if narrow else chr(place)))
            if not narrow:
                self._after.append((chr(place), folded))

    def __call__(self, stretch: str) -> str:
        if len(stretch) < _SHORT:
            return stretch.translate(_table())
        for char, passing in self._before:
            stretch = stretch.replace(char, passing)
        stretch = stretch.encode("latin-1").translate(_narrow_table()).decode("latin-1")
        for passing, folded in self._after:
            stretch = stretch.replace(passing, folded)
        return stretch


_MOST_WIDE = 8  # control characters that a wide one may go through as: none of them is a space


def _regular_fold(distinct: set[str]) -> Callable[[str], str]:
    """Return what folds the regular characters of a text that has these distinct ones."""
    wide = frozenset(char for char in distinct - _narrow() if len(_folded(char)) == 1)
    return _regular_fold_of(wide) if len(wide) <= _MOST_WIDE else _fold_by_table


@lru_cache(maxsize=256)
def _regular_fold_of(wide: frozenset[str]) -> _RegularFold:
    return _RegularFold(wide)


def _fold_by_table(stretch: str) -> str:
    return stretch.translate(_table())


@cache
def _narrow() -> frozenset[str]:
    """Return the characters among the first 256 that fold to one of these."""
    return frozenset(char for char in map(chr, range(256)) if len(_folded(char)) == 1 and _folded(char) <= "\xff")


@cache
def _narrow_table() -> bytes:
    return bytes(ord(_folded(chr(code))) if chr(code) in _narrow() else code for code in range(256))


class _Table(dict[int, str]):
    """Translation table that is filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        self[code] = folded
        return folded


@cache
def _table() -> _Table:
    return _Table()


@cache
def _folded(character: str) -> str:
    if character in _confusables():
        return _confusables()[character]
    if character in "\t\n\r":
        return " " if character == "\r" else character
    if _newer(ord(character)):
        return ""
    return "".join(map(_folded_part, unicodedata.normalize("NFKD", character)))


def _folded_part(part: str) -> str:
    category = unicodedata.category(part)
    if category.startswith(_DROPPED) or part in _ignorable() or _newer(ord(part)):
        return ""
    if part in _confusables():
        return _confusables()[part]
    if category.startswith("Z"):
        return "\n" if category != "Zs" else " "
    if category == "Nd":
        return str(unicodedata.decimal(part))
    lowered = load("folding")["casefold"].get(part) or part.lower()
    return "".join(_confusables().get(char, char) for char in lowered)


@cache
def _newer_ranges() -> tuple[list[int], list[int]]:
    ranges = load("folding")["newer"]
    return [int(first, 16) for first, _ in ranges], [int(last, 16) for _, last in ranges]


def _newer(code: int) -> bool:
    """Tell whether a character is younger than the oldest Unicode that an implementation may know."""
    firsts, lasts = _newer_ranges()
    place = bisect_right(firsts, code) - 1
    return place >= 0 and code <= lasts[place]


@cache
def _confusables() -> dict[str, str]:
    data = load("folding")
    table: dict[str, str] = dict(data["confusables"])
    for first, count in data["letter_ranges"]:
        table.update({chr(int(first, 16) + place): chr(97 + place) for place in range(count)})
    return table


@cache
def _ignorable() -> frozenset[str]:
    return frozenset(chr(int(code, 16)) for code in load("folding")["ignorable"])


def _plain(irregular: str) -> str:
    """Return what an irregular stretch stands for, before folding."""
    data = load("folding")
    if irregular in data["mojibake"]:
        return str(data["mojibake"][irregular])
    if irregular in data["literals"]:
        return str(data["literals"][irregular])
    if irregular[0] == "&" and irregular.endswith(";"):
        return _entity(irregular.replace("amp;", "")[1:-1], irregular)
    if irregular[0] in "%=" and len(irregular) >= 6 and not irregular[-1].isspace():
        codes = bytes.fromhex(irregular.replace(irregular[0], ""))
        return codes.decode("utf-8", "replace")
    if irregular.startswith("\\u"):
        return _character(irregular[2:], 16)
    return "" if irregular[-1].isspace() else irregular


def _entity(name: str, whole: str) -> str:
    if not name.startswith("#"):
        entities = load("folding")["entities"]
        found = entities.get(name, entities.get(name.lower()))
        return whole if found is None else str(found)
    return _character(name[2:], 16) if name[1] in "xX" else _character(name[1:], 10)


def _character(digits: str, base: int) -> str:
    code = int(digits, base)
    return chr(code) if 0 < code < 0x110000 else ""


def _irregular_pattern(text: str, distinct: set[str]) -> re.Pattern[str]:
    rare = distinct - _regular()
    irregular = frozenset(char for char in rare if len(_folded(char)) != 1)
    _regular().update(rare - irregular)
    data = load("folding")
    constructs = tuple(pattern for trigger, pattern in data["constructs"] if trigger in text)
    hyphens = tuple(char for char in data["hyphens"] if char in distinct) if "\n" in distinct else ()
    literals = tuple(item for item in _literals(_telling() & distinct) if item in text)
    return _pattern_for(irregular, constructs, hyphens, literals)


@cache
def _regular() -> set[str]:
    """Return the characters that were met and fold to exactly one: nearly all of a text's."""
    return set()


@lru_cache(maxsize=256)
def _literals(telling: frozenset[str]) -> tuple[str, ...]:
    """Return the literals that a text with these telling characters may hold."""
    return tuple(item for item in _every_literal() if item.isascii() or max(item) in telling)


@cache
def _every_literal() -> list[str]:
    data = load("folding")
    return sorted([*data["mojibake"], *data["literals"]], key=lambda item: (-len(item), item))


@cache
def _telling() -> frozenset[str]:
    """Return of each literal beyond ASCII its last character by code point: most texts have none of these."""
    return frozenset(max(item) for item in _every_literal() if not item.isascii())


@lru_cache(maxsize=256)
def _pattern_for(
    irregular: frozenset[str], constructs: tuple[str, ...], hyphens: tuple[str, ...], literals: tuple[str, ...]
) -> re.Pattern[str]:
    parts = [re.escape(item) for item in literals]
    parts += [load("folding")["line_hyphen"].replace("{h}", re.escape(char)) for char in hyphens]
    parts += constructs
    if len(irregular) <= 24:
        parts += [re.escape(char) for char in sorted(irregular)]
    else:
        parts.append("[" + "".join(re.escape(char) for char in sorted(irregular)) + "]")
    return compiled("|".join(parts) or "(?!)")


def clean(text: str) -> str:
    """Return a text composed (NFC), without format and control characters, and no word of mixed scripts.

    What the guard refuses on the server is taken out here, on the petitioner's device, before it is sent.
    """
    if text.isascii() and not _control().search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in text if not _hidden(char))
    return _foreign_word().sub(_one_script, composed(kept))


def composed(text: str) -> str:
    """Return a text with letters and their marks as one character (NFC)."""
    return unicodedata.normalize("NFC", text)


def _control() -> re.Pattern[str]:
    return compiled(load("folding")["control"])


def _foreign_word() -> re.Pattern[str]:
    return compiled(load("folding")["foreign_word"])


def hidden_characters(text: str) -> bool:
    """Tell whether a text holds format, control, private or half characters."""
    if text.isascii():
        return bool(_control().search(text.replace("\r\n", "\n")))
    return any(_hidden(char) for char in set(text)) and any(map(_hidden, text.replace("\r\n", "\n")))


@cache
def _hidden(char: str) -> bool:
    if char in "\t\n":
        return False
    return unicodedata.category(char) in ("Cf", "Cs", "Co", "Cc") or char in _ignorable()


def mixed_scripts(text: str) -> bool:
    """Tell whether a word mixes Latin letters with look-alikes of another script."""
    if text.isascii() or compiled(load("folding")["foreign"]).search(text) is None:
        return False
    return any(_mixed(match[0]) for match in _foreign_word().finditer(text))


def _mixed(word: str) -> bool:
    latin = any(char.isascii() or "\u00c0" <= char <= "\u024f" for char in word)
    return latin and any(_looks_latin(char) for char in word if not char.isascii())


def _looks_latin(char: str) -> bool:
    """Tell whether a letter of another script looks like a Latin one."""
    return char in load("folding")["look_alikes"]


def _one_script(match: re.Match[str]) -> str:
    word = match[0]
    return "".join(_cased(char) if _looks_latin(char) else char for char in word) if _mixed(word) else word


def _cased(char: str) -> str:
    latin = _folded(char)
    return latin.upper() if char.isupper() else latin
