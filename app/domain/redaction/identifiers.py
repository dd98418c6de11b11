"""Identifiers by form and check digit: codes of letters and digits, and numbers with their cues.

Rules of this module
    1. A failed check digit lowers the certainty; with a cue, or with a form that nothing else has, it stays a mark.
    2. A bare number without a cue whose check digit fails is a question, never a mark.
    3. A code may be in lower case, written apart, or broken over a line; its letters are then apart all or none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from app.domain.redaction.checks import passes
from app.domain.redaction.index import is_word
from app.domain.redaction.model import DECOY_NUMBER, Certainty
from app.domain.redaction.rules import compiled, load
from app.domain.redaction.windows import Span, united

_GROUP = re.compile(r"[0-9]+", re.ASCII)
_DIGIT = re.compile(r"[0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A found identifier, in offsets of the folded text; `label` is `decoy_number` for a question."""

    start: int
    end: int
    label: str
    certainty: Certainty
    by: str  # pattern, cue or check
    guard: bool = True


def zones(text: str, blocks: Sequence[Span]) -> list[Span]:
    """Return the stretches where an identifier with digits can stand; `blocks` are the digits of the text."""
    rules = load("identifiers")["numbers"]
    gap, least, margin = rules["zone_gap"], rules["zone_digits"], rules["zone_margin"]
    found: list[Span] = []
    first, last, count = 0, -gap - 1, 0
    for start, end in (*blocks, (len(text) + gap + 1, 0)):
        if start - last > gap:
            if count >= least:
                found.append((first - margin, last + margin))
            first, count = start, 0
        count += end - start
        last = end
    return united(found, len(text))


# codes


@cache
def _codes() -> list[tuple[dict[str, Any], re.Pattern[str]]]:
    data = load("identifiers")
    between = data["separators"]
    codes = []
    for rule in data["codes"]:
        body = between.join(f"({data['classes'][cell]})" for cell in rule["cells"])
        codes.append((rule, compiled(rf"(?<![a-z0-9]){body}(?![a-z0-9])")))
    return codes


def codes(text: str, areas: Sequence[Span]) -> Iterator[Identifier]:
    """Find codes of letters and digits: CURP, voter key, RFC, VIN."""
    likely = [area for area in areas if compiled(load("identifiers")["dated"]).search(text, *area)]
    for rule, pattern in _codes():
        for start, end in _within(text, rule["within"], areas) if rule.get("mixed") else likely:
            yield from _codes_in(text, rule, pattern, (start, end))


def _within(text: str, characters: str, areas: Sequence[Span]) -> Iterator[Span]:
    """Return the stretches of nothing but a code's characters, and one more: what follows tells whether it ends."""
    for start, end in areas:
        for match in compiled(characters).finditer(text, start, end):
            yield match.start(), min(match.end() + 1, end)


def _codes_in(text: str, rule: dict[str, Any], pattern: re.Pattern[str], area: tuple[int, int]) -> Iterator[Identifier]:
    position = area[0]
    while match := pattern.search(text, position, area[1]):
        found = _code(text, rule, match)
        if found is not None:
            yield found
        # the letters of an ordinary word before a code may have looked like its beginning
        position = match.end() if found is not None or rule.get("mixed") else match.start() + 1


def _code(text: str, rule: dict[str, Any], match: re.Match[str]) -> Identifier | None:
    letters = list(match.groups())
    gaps = [match.start(group + 1) - match.end(group) for group in range(1, len(letters))]
    value = "".join(
        _digit(letter) if cell == "D" else _letter(letter) if cell in "LU" else letter
        for cell, letter in zip(rule["cells"], letters, strict=True)
    )
    checked = passes(rule["check"], value)
    if not _plausible(text, rule, match, value, gaps, checked=checked):
        return None
    if rule.get("need_check") and not checked and not _cued(text, rule, match.start()):
        return Identifier(match.start(), match.end(), DECOY_NUMBER, "likely", "pattern")
    certainty: Certainty = "certain" if checked else "likely"
    return Identifier(match.start(), match.end(), rule["label"], certainty, "check" if checked else "pattern")


def in_digits(text: str, blocks: Sequence[Span]) -> str:
    """Return a text with the letters inside numbers read as the digits that they look like: `735O`, `8l 1733`.

    `blocks` are the digits of the text.
    """
    letters: dict[str, str] = load("identifiers")["numbers"]["misread"]
    misread = compiled(load("identifiers")["misread"])
    pieces, position = [], 0
    for place in _edges(text, blocks):
        if text[place] in letters and misread.match(text, place):
            pieces += [text[position:place], letters[text[place]]]
            position = place + 1
    return "".join([*pieces, text[position:]]) if pieces else text


def _edges(text: str, blocks: Sequence[Span]) -> list[int]:
    """Return the offsets of the characters that touch digits, in order."""
    edges = chain.from_iterable([(start - 1, end) for start, end in blocks])
    return [place for place in dict.fromkeys(edges) if 0 <= place < len(text)]


def _digit(letter: str) -> str:
    misread: dict[str, str] = load("identifiers")["numbers"]["misread"]
    return misread.get(letter, letter)


def _letter(digit: str) -> str:
    misread: dict[str, str] = load("identifiers")["misread_letters"]
    return misread.get(digit, digit)


def _cued(text: str, rule: dict[str, Any], start: int) -> bool:
    return compiled(rule["cue"]).search(text[max(0, start - _numbers().cue_reach) : start]) is not None


def _plausible(
    text: str, rule: dict[str, Any], match: re.Match[str], value: str, gaps: list[int], *, checked: bool
) -> bool:
    if rule.get("mixed"):
        digits = len(_DIGIT.findall(value))
        broken = "\n" in match[0] and len([gap for gap in gaps if gap]) == 1
        even = not any(gaps) or all(gaps) or broken
        return 3 <= digits <= 16 and (even or _cued(text, rule, match.start()))
    at = int(rule["date"])
    least = 5 if any(gaps) else 4  # written in one, two of the date's digits may be letters: `83O7O7`
    if not _dated(value[at : at + 6]) or len(_DIGIT.findall(match[0])) < least:
        return False
    if not rule.get("words") or checked:
        return True
    return _even_letters(match[0], value[:at], gaps[:at], tight=bool(rule.get("tight")))


def _even_letters(written: str, letters: str, gaps: list[int], *, tight: bool) -> bool:
    """Tell whether the letters of an RFC belong together, and are not the end of a sentence before a number."""
    inner = gaps[:-1]
    if tight and any(gaps):
        return False
    if any(inner) and not all(inner):
        return "\n" in written or "-" in written
    return not (gaps[-1] and not any(inner) and is_word(letters))


def _dated(digits: str) -> bool:
    if _GROUP.fullmatch(digits) is None:
        return False
    return 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31


# numbers


@dataclass(frozen=True, slots=True)
class _Numbers:
    cues: tuple[tuple[str, re.Pattern[str]], ...]
    anti: re.Pattern[str]
    date: re.Pattern[str]
    run: re.Pattern[str]
    amount_after: re.Pattern[str]
    lengths: dict[str, frozenset[int]]
    checks: dict[str, str]
    cue_reach: int
    many_groups: int
    card_first: str
    card_shapes: frozenset[tuple[int, ...]]
    phone_shapes: frozenset[tuple[int, ...]]
    phone_prefixes: frozenset[str]
    phone_prefix: re.Pattern[str]


@cache
def _numbers() -> _Numbers:
    data = load("identifiers")["numbers"]
    return _Numbers(
        cues=tuple((kind, compiled(pattern)) for kind, pattern in data["cues"].items()),
        anti=compiled(data["anti"]),
        date=compiled(data["date"]),
        run=compiled(data["run"]),
        amount_after=compiled(data["amount_after"]),
        lengths={kind: frozenset(sizes) for kind, sizes in data["lengths"].items()},
        checks=data["checks"],
        cue_reach=data["cue_reach"],
        many_groups=data["many_groups"],
        card_first=data["card_first"],
        card_shapes=frozenset(map(tuple, data["card_shapes"])),
        phone_shapes=frozenset(map(tuple, data["phone_shapes"])),
        phone_prefixes=frozenset(data["phone_prefixes"]),
        phone_prefix=compiled(data["phone_prefix"]),
    )


def numbers(text: str, areas: Sequence[Span]) -> Iterator[Identifier]:
    """Find numbers: social security, bank, card, telephone; and long numbers to ask about."""
    rules = _numbers()
    for start, end in areas:
        position = start
        for date in rules.date.finditer(text, start, end):
            yield from _runs(text, position, date.start())
            position = date.end()
        yield from _runs(text, position, end)


def _runs(text: str, start: int, end: int) -> Iterator[Identifier]:
    last: Identifier | None = None
    for match in _numbers().run.finditer(text, start, end):
        if match.end() - match.start() >= 7:
            phone = last is not None and last.label == "PHONE" and _or_at(text, last.end, match.start())
            found = list(_in_run(text, match.start(), match.end(), phone=phone))
            yield from found
            last = max(found, key=_end, default=None)


def _end(one: Identifier) -> int:
    return one.end


def _or_at(text: str, end: int, start: int) -> bool:
    """Tell whether only an `or` stands between two telephone numbers: `al 483-100-62-19 o al 488 12 0 77 34`."""
    joining = compiled(load("identifiers")["numbers"]["or_phone"])
    return start - end < 12 and joining.fullmatch(text, end, start) is not None


def _in_run(text: str, start: int, end: int, *, phone: bool) -> Iterator[Identifier]:
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    found: list[tuple[int, int, int, Identifier]] = []
    cues = _cues_before(text, start) or (("PHONE",) if phone else ())
    for first in range(len(groups)):
        if len(groups) > _numbers().many_groups and first and "\n" not in text[groups[first - 1][1] : groups[first][0]]:
            continue
        for last, digits in _windows(text, groups, first):
            whole = first == 0 and last == len(groups) - 1
            one = _classified(text, groups[first : last + 1], digits, cues if first == 0 else (), whole=whole)
            if one is not None:
                score = (2 if one.by == "cue" else 0) + (2 if one.certainty == "certain" else 0) + 1
                found.append((score, len(digits), -one.start, one))
    yield from _best(found, text, groups)


def _windows(text: str, groups: list[tuple[int, int]], first: int) -> Iterator[tuple[int, str]]:
    digits = ""
    for last in range(first, min(first + 20, len(groups))):
        digits += text[slice(*groups[last])]
        if len(digits) > 19:
            return
        if len(digits) >= 7:
            yield last, digits


def _best(
    found: list[tuple[int, int, int, Identifier]], text: str, groups: list[tuple[int, int]]
) -> Iterator[Identifier]:
    taken: list[tuple[int, int]] = []
    for _, _, _, one in sorted(found, key=lambda item: item[:3], reverse=True):
        if all(one.end <= start or end <= one.start for start, end in taken[-40:]):
            taken.append((one.start, one.end))
            yield one
    for start, end in groups:
        free = all(end <= left or right <= start for left, right in taken[-40:])
        if end - start >= 7 and free and not _is_amount(text, start, end):
            yield Identifier(start, end, DECOY_NUMBER, "likely", "pattern", guard=False)


def _is_amount(text: str, start: int, end: int) -> bool:
    return _numbers().amount_after.match(text, end) is not None or _before(text, start).rstrip().endswith("$")


def _before(text: str, start: int) -> str:
    """Return the words before a number, back to the number before it."""
    before = text[max(0, start - _numbers().cue_reach) : start]
    digits = [match.end() for match in _GROUP.finditer(before)]
    return before[digits[-1] :] if digits else before


def _cues_before(text: str, start: int) -> tuple[str, ...]:
    """Return the kinds of the cues before a number, nearest first; `anti` is a folio or an amount."""
    before = _before(text, start)
    found: dict[str, int] = {}
    for name, pattern in (*_numbers().cues, ("anti", _numbers().anti)):
        ends = [match.end() for match in pattern.finditer(before)]
        if ends:
            found[name] = -1 if name == "NUMBER" else ends[-1]
    if compiled(load("identifiers")["numbers"]["dated"]).match(text, start):  # a folio that begins with its day
        found.pop("NUMBER", None)
    return tuple(sorted(found, key=lambda name: (-found[name], name == "PHONE")))


def _classified(
    text: str, groups: list[tuple[int, int]], digits: str, cues: tuple[str, ...], *, whole: bool
) -> Identifier | None:
    start, end = groups[0][0], groups[-1][1]
    label = _by_cues(cues, digits)
    by = "cue" if label else "pattern"
    if not label and "anti" not in cues[:1]:
        shape = tuple(right - left for left, right in groups)
        broken = len(groups) == 2 and "\n" in text[groups[0][1] : groups[1][0]]
        label = _by_form(text, digits, shape, start, whole=whole or broken or set(shape) == {1})
        label = label or _in_row(text, digits, start)
    if not label:
        return None
    full = len(digits) in _numbers().lengths.get(label, ())  # a digit less may pass by chance
    checked = full and passes(_numbers().checks.get(label, "none"), digits)
    if label == "PHONE":
        start = _with_prefix(text, start)
    by = by if by == "cue" or not checked else "check"
    return Identifier(start, end, label, "certain" if checked else "likely", by)


def _in_row(text: str, digits: str, start: int) -> str:
    """Return what a number is that follows somebody's CURP or RFC on its line: a table of persons."""
    label: str = load("identifiers")["numbers"]["row_labels"].get(str(len(digits)), "")
    row = compiled(load("identifiers")["numbers"]["person_row"])
    return label if label and row.search(text[max(0, start - 70) : start]) else ""


def _by_cues(cues: tuple[str, ...], digits: str) -> str:
    for cue in cues:
        if cue == "anti":
            return ""
        label = _by_cue(cue, digits)
        if label:
            return label
    return ""


def _by_cue(cue: str, digits: str) -> str:
    lengths = _numbers().lengths
    size = len(digits)
    if cue == "NUMBER" and size in lengths["LONG"]:
        return "CARD"
    if cue in ("PHONE", "NUMBER"):
        return "PHONE" if size in lengths[cue] and not _better(digits) else ""
    if size in lengths[cue]:
        return cue
    kin = {"SSN": "NSS", "NSS": "SSN"}.get(cue, "")
    if kin and size in lengths[kin]:
        return kin
    return cue if size - 1 in lengths[cue] or size + 1 in lengths[cue] else ""  # a digit too many or too few


def _better(digits: str) -> bool:
    """Tell whether a number after a general cue is rather another kind, by its check digit."""
    return len(digits) == 11 and digits[0] != "1" and passes("luhn", digits)


def _by_form(text: str, digits: str, shape: tuple[int, ...], start: int, *, whole: bool) -> str:
    size = len(digits)
    if len(set(digits)) == 1:
        return ""
    if 8 <= size <= _longest(digits) and "+" in text[max(0, start - 2) : start]:
        return "PHONE"
    if size >= 13:
        banked = digits[:3] in load("identifiers")["numbers"]["banks"]
        clabe = "CLABE" if whole and (banked or passes("clabe", digits)) else ""
        return clabe if size == 18 else _card(digits, shape, whole=whole)
    if size >= 10 and _telephone(digits, shape):
        return "PHONE"
    if size == 11:
        return "NSS" if shape == (2, 2, 2, 4, 1) or (whole and passes("luhn", digits)) else ""
    return _nine(text, digits, shape, start, whole=whole) if size == 9 else ""


def _longest(digits: str) -> int:
    """Return how many digits a number after a plus sign has at most: what follows `+52 222 690 1405. ` is not of it."""
    limits: dict[str, int] = load("identifiers")["numbers"]["country_digits"]
    return next((limit for code, limit in limits.items() if digits.startswith(code)), 15)


def _card(digits: str, shape: tuple[int, ...], *, whole: bool) -> str:
    if len(digits) == 13 and _telephone(digits, shape):
        return "PHONE"
    usual = shape in _numbers().card_shapes
    if not (whole or usual) or not passes("luhn", digits):
        return ""
    if len(digits) == 15 and digits[:2] not in ("34", "37"):
        return "IMEI"
    return "CARD" if digits[0] in _numbers().card_first else ""


def _nine(text: str, digits: str, shape: tuple[int, ...], start: int, *, whole: bool) -> str:
    if shape == (3, 2, 4):
        if _amounts().match(text, start) is not None:
            return ""
        return "SSN" if digits[:3] not in ("000", "666") and digits[3:5] != "00" else ""
    if digits[0] in "08" or not passes("luhn", digits):
        return ""
    return "SIN" if (whole or shape == (3, 3, 3)) and "$" not in text[max(0, start - 2) : start] else ""


@cache
def _amounts() -> re.Pattern[str]:
    """Return what a sum before another number looks like: `374.89` at a line's end, and `7731` on the next."""
    return compiled(load("identifiers")["numbers"]["amounts"])


def _telephone(digits: str, shape: tuple[int, ...]) -> bool:
    national, size = digits[-10:], len(digits)
    if size > 10 and digits[:-10] not in _numbers().phone_prefixes:
        return False
    if national[0] in "01":
        return False
    if size == 10 and shape == (10,):
        return _assigned(national)
    if size == 11 and shape == (11,) and passes("luhn", digits):
        return False
    return _shaped(shape, size)


def _shaped(shape: tuple[int, ...], size: int) -> bool:
    if size > 10 and (shape[0] == size or len(shape) == 1):
        return True
    rest, total = list(shape), size
    while rest and total > 10:
        total -= rest.pop(0)
    return total == 10 and (tuple(rest) in _numbers().phone_shapes or len(rest) == 1 or set(rest) == {1})


def _assigned(national: str) -> bool:
    """Tell whether ten bare digits are an assigned number of Mexico, the United States or Canada."""
    return any(
        compiled(region["general"]).fullmatch(national)
        and any(compiled(one).fullmatch(national) for one in region["kinds"])
        for region in load("identifiers")["telephones"].values()
    )


def _with_prefix(text: str, start: int) -> int:
    match = _numbers().phone_prefix.search(text[max(0, start - 10) : start])
    if match is None:
        return start
    before = start - len(match[0])
    return start if before > 0 and text[before - 1].isalnum() and _DIGIT.match(match[0]) else before
