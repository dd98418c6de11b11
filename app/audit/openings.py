"""Openings that an auditor was given against the log: each must fit the leaf at its index, and none may be withheld.

Rules
  1. An opening must fit the leaf at its index, and one file gives an entry one opening.
  2. A file says which entries it is about (`from`, `to`, or `indexes`). Of these, every published one is opened, or its
     opening ended with a case that was destroyed. What is neither is withheld, and that is a finding.
  3. Destroyed is what an opened entry *case_destroyed* names. What the office merely calls destroyed is believed as
     long as the entry that would name it may stand outside of the files: it stands behind, so that whoever asked for
     everything behind it has it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.audit.entries import Entry, named_entries, opened
from app.audit.finding import CannotCheckError, Code, Findings, Obstacle, Remark, Report
from app.audit.requests import SignedPart
from app.audit.tree import Tree
from crypto.errors import CommitmentError, LogError
from crypto.log.commitments import Opening

VERSION = 1
OPENINGS_LIMIT = 256 * 1024 * 1024


@dataclass
class Handed:
    """What the office handed out: openings, and which entries the files are about."""

    origin: str = ""
    openings: list[Opening] = field(default_factory=list)
    claimed: list[tuple[int, int]] = field(default_factory=list)
    """Ranges, the ends not included."""
    destroyed: set[int] = field(default_factory=set)
    doubled: list[int] = field(default_factory=list)
    signed: SignedPart = field(default_factory=lambda: SignedPart({}, {}))

    def indexes(self) -> set[int]:
        """Return the entries that openings are about."""
        return {opening.index for opening in self.openings}


def load_openings(path: Path, report: Report) -> Handed:
    """Return what the files of openings hold: one file, or every `*.json` of a folder.

    Raises:
        CannotCheckError: a file is no file of openings, or they are of different logs.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    texts = []
    for file in files:
        try:
            with file.open("rb") as opened_file:
                texts.append((str(file), opened_file.read(OPENINGS_LIMIT)))
        except OSError as error:
            raise CannotCheckError(Obstacle.BAD_OPENINGS, file=str(file)) from error
    if not texts:
        raise CannotCheckError(Obstacle.BAD_OPENINGS, file=str(path))
    return read_openings(texts, report.findings)


def read_openings(texts: Iterable[tuple[str, bytes]], findings: Findings) -> Handed:
    """Return what files hold, given as (name, content); a malformed opening is told as one that does not fit.

    Raises:
        CannotCheckError: one is no file of openings, or they are of different logs.
    """
    handed = Handed()
    known: dict[int, Opening] = {}
    for name, text in texts:
        data = _file_of(name, text)
        if handed.origin not in {"", data["origin"]}:
            raise CannotCheckError(Obstacle.BAD_OPENINGS, file=name)
        handed.origin = data["origin"]
        handed.claimed += _claims(data)
        handed.destroyed |= _numbers(data.get("destroyed"))
        handed.signed = handed.signed.with_more(data)
        _take(_read_all(data["openings"], findings), known, handed)
    return handed


def _file_of(name: str, text: bytes) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(text)
        if data["v"] != VERSION or not isinstance(data["openings"], list) or not isinstance(data["origin"], str):
            raise ValueError("not a file of openings")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CannotCheckError(Obstacle.BAD_OPENINGS, file=name) from error
    return data


def _read_all(raw: Sequence[Any], findings: Findings) -> list[Opening]:
    read = []
    for item in raw:
        try:
            read.append(Opening.from_json(item))
        except CommitmentError:
            index = item.get("index") if isinstance(item, dict) else None
            findings.add(Code.OPENING_MISMATCH, **({"index": index} if type(index) is int else {}))
    return read


def _take(read: Sequence[Opening], known: dict[int, Opening], handed: Handed) -> None:
    """Add a file's openings; the same one in two files is one, two in one file are a finding."""
    own: set[int] = set()
    for opening in read:
        if opening.index in own:
            handed.doubled.append(opening.index)
        own.add(opening.index)
        if known.setdefault(opening.index, opening) is opening or known[opening.index] != opening:
            handed.openings.append(opening)


def _claims(data: dict[str, Any]) -> list[tuple[int, int]]:
    start, end = data.get("from"), data.get("to")
    if type(start) is int and type(end) is int and 0 <= start < end:
        return [(start, end)]
    return [(index, index + 1) for index in sorted(_numbers(data.get("indexes")))]


def _numbers(value: object) -> set[int]:
    return {each for each in value if type(each) is int and each >= 0} if isinstance(value, list) else set()


def check_openings(handed: Handed, tree: Tree, report: Report) -> tuple[Entry, ...]:
    """Check each opening against its leaf and return the entries that are open, in order; gaps are told (rule 2)."""
    for index in handed.doubled:
        report.findings.add(Code.OPENING_DOUBLED, index=index)
    found: dict[int, Entry] = {}
    for opening in handed.openings:
        if opening.index >= tree.size:
            report.remark(Remark.PENDING_OPENING, index=opening.index)
        elif opening.index in tree.entries:
            _check_one(opening, tree.entries[opening.index], found, report)
    entries = tuple(found[index] for index in sorted(found))
    report.openings = len(entries)
    _tell_missing(handed, entries, tree.size, report)
    return entries


def _check_one(opening: Opening, data: bytes, found: dict[int, Entry], report: Report) -> None:
    try:
        found.setdefault(opening.index, opened(opening, data))
    except LogError:
        report.findings.add(Code.OPENING_MISMATCH, index=opening.index)


def _tell_missing(handed: Handed, entries: Sequence[Entry], size: int, report: Report) -> None:
    seen = handed.indexes()
    asked = {index for first, end in handed.claimed for index in range(first, min(end, size))}
    between = set(range(min(seen), min(max(seen) + 1, size))) if seen else set()
    missing = (asked | between) - seen
    certified = missing & set().union(*map(named_entries, entries))
    if certified:
        report.remark(Remark.DESTROYED, count=len(certified), first=min(certified), last=max(certified))
    withheld = {index for index in (missing & asked) - certified if _is_due(index, handed, asked, size)}
    for index in sorted(withheld):
        report.findings.add(Code.OPENING_WITHHELD, index=index)
    if gaps := len(missing - certified - withheld):
        report.remark(Remark.NO_OPENING, count=gaps, first=min(missing), last=max(missing))


def _is_due(index: int, handed: Handed, asked: set[int], size: int) -> bool:
    """Tell whether nothing excuses a missing opening (rule 3)."""
    return index not in handed.destroyed or asked.issuperset(range(index + 1, size))


def known_until(entries: Sequence[Entry], size: int) -> int:
    """Return up to which entry, not included, everything is known: opened whole, or ended with its case."""
    ended = set().union(*map(named_entries, entries))
    known = {entry.index for entry in entries if entry.whole} | ended
    return next((index for index in range(size) if index not in known), size)
