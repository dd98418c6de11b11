"""The identifiers of the list, in every spacing, also without their punctuation and with misread digits."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.domain.redaction.discovery import discover
from app.domain.redaction.identifiers import Identifier, in_digits
from app.domain.redaction.index import KnownIndex, Phrase, is_other_name, is_word
from app.domain.redaction.model import KnownIdentity
from app.domain.redaction.normalise import Folded, fold, fold_characters
from app.domain.redaction.rules import compiled, load
from app.domain.redaction.variants import WORD

_DIGITS = re.compile(r"[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """A found identifier of the list, in offsets of the folded text."""

    start: int
    end: int
    label: str
    owner: int


@dataclass(frozen=True, slots=True)
class _Key:
    characters: str  # letters and digits only, folded
    digits: str
    label: str
    owner: int
    needs_cue: bool


class ListedIdentifiers:
    """Finds the identifiers of the identities; phrases and words go into the index of names."""

    def __init__(self, identities: Sequence[KnownIdentity], index: KnownIndex) -> None:
        self._keys: list[_Key] = []
        self._formats: dict[int, set[str]] = {}  # size of the digits → what stands before them, as `pn` or nothing
        for owner, identity in enumerate(identities):
            for kind, value in identity.identifiers:
                if value.strip():
                    self._add(index, owner, label_of(kind, value), value)

    def _add(self, index: KnownIndex, owner: int, label: str, value: str) -> None:
        folded = fold_characters(value)
        words = tuple(WORD.findall(folded))
        for phrase in _phrases(label, folded, words):
            index.add_phrase(Phrase(phrase, owner, label, "listed"))
        if label == "EMPLOYEE_NO":
            self._learn(folded.strip())
        characters = "".join(words)
        shortest = load("kinds")["shortest"]  # digits that are looked for without a cue
        if label == "PHONE":
            characters = "".join(_DIGITS.findall(characters))[-10:]
        for key in {characters, characters.lstrip("0") if _DIGITS.fullmatch(characters) else characters}:
            digits = "".join(_DIGITS.findall(key))
            if len(digits) >= 2 and label not in ("EMAIL", "ADDRESS", "BIRTH_DATE", "URL"):
                short = len(digits) < shortest and digits == key
                year = compiled(load("kinds")["year"]).fullmatch(key) is not None
                if len(digits) >= shortest or short:
                    self._keys.append(_Key(key, digits, label, owner, needs_cue=short or year))

    def _learn(self, number: str) -> None:
        """Learn the form of the factory's numbers from one of the list: `PN-1416`, `88-1260`, `40771`."""
        form = compiled(load("kinds")["format"]).fullmatch(number)
        if form is not None and (form[1] or len(form[2]) >= load("kinds")["format_row_digits"]):
            self._formats.setdefault(len(form[2]), set()).add(form[1] or "")

    def alike(self, folded: Folded) -> Iterator[Identifier]:
        """Return numbers of the form that the factory's numbers have: those of colleagues."""
        if not self._formats:
            return
        for first, end in folded.blocks:
            for before in self._formats.get(end - first, ()):
                start = _formed(folded, before, first, end)
                if start is not None:
                    yield Identifier(start, end, "EMPLOYEE_NO", "likely", "pattern", guard=False)

    def _mistyped(self, text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Listed]:
        """Return long numbers, written in one, that differ from one of the list in one digit."""
        least = load("kinds")["mistyped_digits"]
        for start, end in spans:
            if end - start < least:
                continue
            for key in self._keys:
                same = len(key.digits) == end - start and key.digits == key.characters
                if same and _one_wrong(text[start:end], key.digits):
                    yield Listed(start, end, key.label, key.owner)

    def find(self, folded: Folded) -> Iterator[Listed]:
        """Return every place of a listed identifier."""
        if not self._keys:
            return
        blocks = folded.blocks
        text = in_digits(folded.text, blocks)
        spans = blocks if text is folded.text else [match.span() for match in _DIGITS.finditer(text)]
        skeleton = "".join(text[start:end] for start, end in spans)
        before = [0, *accumulate(end - start for start, end in spans)]
        yield from self._mistyped(text, spans)
        for key in self._keys:
            if key.digits not in skeleton:
                continue
            place = skeleton.find(key.digits)
            while place >= 0:
                block = bisect_right(before, place) - 1
                position = spans[block][0] + place - before[block]
                found = _aligned(text, key, position, folded)
                if found is not None:
                    yield found
                place = skeleton.find(key.digits, place + 1)


def _one_wrong(written: str, digits: str) -> bool:
    """Tell whether two numbers of one length differ in one digit."""
    return sum(map(str.__ne__, written, digits)) == 1


def _opens_row(folded: Folded, start: int, end: int) -> bool:
    """Tell whether digits open a row of a list, at most after a time or a row's number, and a name follows."""
    row = compiled(load("kinds")["format_row"]).match(folded.text, end)
    if row is None or not folded.original[folded.start(row.start(1))].isupper():
        return False
    return compiled(load("kinds")["row_opens"]).search(folded.text[max(0, start - 16) : start]) is not None or (
        start < 4 and not folded.text[:start].strip()
    )


def _follows_name(folded: Folded, start: int, end: int) -> bool:
    """Tell whether a name in capitals stands before digits in a row of a list: `MATA ORONA GILBERTO   119977`."""
    kinds, text, floor = load("kinds"), folded.text, max(0, start - 60)
    if compiled(kinds["row_goes_on"]).match(text, end) is None:
        return False
    row = compiled(kinds["row_name"]).search(text[floor:start])
    if row is None:
        return False
    words = list(WORD.finditer(text, floor + row.start(), floor + row.end()))
    capitals = all(folded.original[folded.start(word.start())].isupper() for word in words)
    return capitals and sum(not is_word(word[0]) or is_other_name(word[0]) for word in words) * 2 >= len(words)


def _formed(folded: Folded, before: str, start: int, end: int) -> int | None:
    """Return where a number of a learned form begins, if its digits stand at `start`; bare digits only in a row."""
    text = folded.text
    if not before:
        hash_before = text[max(0, start - 1) : start] == "#" and end - start >= load("kinds")["format_hash_digits"]
        bare = hash_before or _opens_row(folded, start, end) or _follows_name(folded, start, end)
        return start - hash_before if bare else None
    apart = start > 0 and text[start - 1] in load("kinds")["format_separators"]
    if not apart and before.isdecimal():
        return None
    first = start - apart - len(before)
    if first < 0 or not text.startswith(before, first):
        return None
    bounded = not text[max(0, first - 1) : first].isalnum() and not text[end : end + 1].isalnum()
    return first if bounded else None


def label_of(kind: str, value: str) -> str:
    """Return the label of an identifier by its kind as people write it, else by its form."""
    name = "_".join(WORD.findall(fold_characters(kind)))
    for label, names in load("kinds")["labels"].items():
        if name in names or any(name.startswith(start) for start in names if len(start) > 3):
            return str(label)
    if not name:
        folded = fold(value)
        whole = [one for one in discover(folded) if one.end - one.start >= len(value.strip()) - 1]
        known = [one.label for one in whole if one.label.isupper()]
        return known[0] if known else "IDENTIFIER"
    return "IDENTIFIER"


def _phrases(label: str, folded: str, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not words:
        return
    if label == "BIRTH_DATE":
        yield from _dates(words)
        return
    if any(word.isalpha() for word in words) and len("".join(words)) > 3:
        yield words
    if label == "EMAIL" and "@" in folded:
        yield from _emails(folded)
    if label == "ADDRESS":
        street = tuple(WORD.findall(folded.split(",", maxsplit=1)[0]))
        if len(street) > 1 and any(map(_DIGITS.fullmatch, street)):
            yield street


def _emails(folded: str) -> Iterator[tuple[str, ...]]:
    local, _, domain = folded.partition("@")
    names, hosts = tuple(WORD.findall(local)), WORD.findall(domain)
    if len(local) > 4 and names:
        yield names
    for at, dot in load("kinds")["spoken"]:
        spoken = [part for host in hosts for part in (dot, host)][1:]
        yield (*names, at, *spoken)


def _dates(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Return the ways to write a date of birth that was given as year-month-day or day-month-year."""
    if len(words) != 3 or not all(map(_DIGITS.fullmatch, words)):
        yield words
        return
    year, month, day = words if len(words[0]) == 4 else words[::-1]
    months = load("kinds")["months"][int(month) - 1] if 1 <= int(month) <= 12 else []
    for d in {day, day.lstrip("0"), day.zfill(2)}:
        for y in (year, year[-2:]):
            for m in {month, month.lstrip("0"), month.zfill(2)}:
                yield from ((d, m, y), (m, d, y), (y, m, d))
            for name in months:
                yield from ((d, name, y), (d, "de", name, "de", y), (d, "de", name, "del", y), (name, d, y))


def _cued(text: str, start: int) -> bool:
    return (
        compiled(load("kinds")["number_cue"]).search(text[max(0, start - load("kinds")["cue_reach"]) : start])
        is not None
    )


def _aligned(text: str, key: _Key, position: int, folded: Folded) -> Listed | None:
    """Return the stretch of a key whose first digit stands at `position`, if all of it stands there."""
    lead = len(key.characters) - len(key.characters.lstrip("abcdefghijklmnopqrstuvwxyz"))
    start = _backwards(text, key.characters[:lead], position)
    end = _forwards(text, key.characters[lead:], position)
    if start is None or end is None:
        return None
    if _continues(text, start - 1, key.characters[0]) or _continues(text, end, key.characters[-1]):
        return None
    if key.needs_cue and not _cued(text, start) and not _opens_row(folded, start, end):
        return None
    return Listed(start, end, key.label, key.owner)


def _continues(text: str, position: int, edge: str) -> bool:
    if not 0 <= position < len(text):
        return False
    return bool(_DIGITS.match(text[position])) if _DIGITS.match(edge) else text[position].isalpha()


def _forwards(text: str, characters: str, position: int) -> int | None:
    for char in characters:
        limit = position + load("kinds")["gap"]
        while (
            position < min(len(text), limit)
            and text[position] != char
            and text[position] in load("kinds")["separators"]
        ):
            position += 1
        if position >= len(text) or text[position] != char:
            return None
        position += 1
    return position


def _backwards(text: str, characters: str, position: int) -> int | None:
    for char in reversed(characters):
        limit = position - load("kinds")["gap"]
        while (
            position > max(0, limit)
            and text[position - 1] != char
            and text[position - 1] in load("kinds")["separators"]
        ):
            position -= 1
        if position <= 0 or text[position - 1] != char:
            return None
        position -= 1
    return position
