"""Reads the held-out texts and scores an engine on them, leak by leak."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.redaction import Analysis, Engine
from app.domain.redaction.model import known_identity

HERE = Path(__file__).parent
MARKED = re.compile(r"<<([^|<>]+)\|([^<>]*)>>")
WORD = re.compile(r"[^\W_]+")
TITLES = frozenset(
    ("la", "el", "le", "lo", "los", "las", "l", "señora", "señor", "doña", "don", "mr", "ms", "mrs", "mme", "m", "me",
     "ing", "lic", "licenciada", "pasaporte", "passport", "plate", "placas", "immatriculé", "née", "né")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """A marked stretch: `what` is the part before the bar."""

    start: int
    end: int
    what: str


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A text with its stretches and what the engine is told."""

    id: str
    language: str
    identities: tuple[dict[str, Any], ...]
    text: str
    stretches: tuple[Stretch, ...]


def read(prefix: str) -> Iterator[HeldOut]:
    """Yield the texts of a set in the order of its files."""
    for path in sorted(HERE.glob(f"{prefix}_*.txt")):
        blocks = re.split(r"^== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        for place, block in enumerate(blocks):
            head, body = block.split("\n", 1)
            case = json.loads(head)
            for number, marked in enumerate(re.split(r"^--\n", body, flags=re.MULTILINE)):
                text, stretches = _unmarked(marked.rstrip("\n"))
                name = f"{case.get('case') or case.get('id') or f'{path.stem}-{place:02}'}-{number:02}"
                yield HeldOut(name, case["lang"], tuple(case["known_identities"]), text, stretches)


def _unmarked(marked: str) -> tuple[str, tuple[Stretch, ...]]:
    parts: list[str] = []
    stretches, length, last = [], 0, 0
    for found in MARKED.finditer(marked):
        plain = marked[last : found.start()]
        start = length + len(plain)
        length = start + len(found[2])
        stretches.append(Stretch(start, length, found[1]))
        parts += [plain, found[2]]
        last = found.end()
    return "".join([*parts, marked[last:]]), tuple(stretches)


def kind(stretch: Stretch) -> str:
    """Return the row of the report that a stretch belongs to."""
    plain = {"?": "unknown person", "Q": "quasi-identifier", "!": "hard negative", "#": "decoy number"}
    what = stretch.what
    if what in plain:
        return plain[what]
    return what if what.split(".")[0].isupper() and not re.match(r"[A-Z]\d?\.", what) else f"name: {what.split('.')[1]}"


def _covered(text: str, stretch: Stretch, spans: Iterable[tuple[int, int]], whole: bool) -> bool:
    inside = set[int]()
    for start, end in spans:
        inside |= set(range(max(start, stretch.start), min(end, stretch.end)))
    words = [
        (found.start(), found.end())
        for found in WORD.finditer(text, stretch.start, stretch.end)
        if not whole or found[0].lower() not in TITLES
    ]
    letters = {at for start, end in words for at in range(start, end)}
    return letters <= inside if whole else bool(letters & inside)


@dataclass(slots=True)
class Score:
    """Counts per (language, kind): all, found by marks alone, found with review."""

    total: Counter[tuple[str, str]]
    automatic: Counter[tuple[str, str]]
    reviewed: Counter[tuple[str, str]]
    touched: Counter[tuple[str, str]]
    false_hits: list[str]
    marks: int
    words: int
    missed: list[str]


def score(texts: Iterable[HeldOut]) -> Score:
    """Run the engine over texts and count."""
    result = Score(Counter(), Counter(), Counter(), Counter(), [], 0, 0, [])
    for one in texts:
        engine = Engine([known_identity(values) for values in one.identities], language=one.language)
        _count(one, engine.analyse(one.text), result)
    return result


def _count(one: HeldOut, found: Analysis, result: Score) -> None:
    marks = [(mark.start, mark.end) for mark in found.marks]
    both = marks + [(asked.start, asked.end) for asked in found.suggestions]
    result.words += len(WORD.findall(one.text))
    result.marks += len(marks)
    for stretch in one.stretches:
        key, whole = (one.language, kind(stretch)), stretch.what not in {"!", "#"}
        if whole and stretch.what not in {"Q", "?"} and not _covered(one.text, stretch, marks, True):
            result.missed.append(f"{one.id} {stretch.what} {one.text[stretch.start : stretch.end]!r}")
        if stretch.what in {"!", "#"} and _covered(one.text, stretch, marks, False):
            result.missed.append(f"{one.id} HIT {stretch.what} {one.text[stretch.start : stretch.end]!r}")
        result.total[key] += 1
        result.automatic[key] += _covered(one.text, stretch, marks, whole)
        result.touched[key] += _covered(one.text, stretch, marks, False)
        result.reviewed[key] += _covered(one.text, stretch, both, whole and stretch.what != "Q")
    wanted = [(s.start, s.end) for s in one.stretches if s.what not in {"!", "#"}]
    for start, end in marks:
        if not any(start < stop and begin < end for begin, stop in wanted):
            result.false_hits.append(f"{one.id} {one.text[start:end]!r}")
