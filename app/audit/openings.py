"""Openings that an auditor was given against the log: each must fit the leaf at its index, each entry once."""

import json
from pathlib import Path

from app.audit.finding import CannotCheckError, Code, Obstacle, Remark, Report
from app.audit.tree import Tree
from crypto.errors import CommitmentError, LogError
from crypto.log.commitments import Opening, verify_opening
from crypto.log.leaf import Leaf

VERSION = 1
OPENINGS_LIMIT = 256 * 1024 * 1024


def load_openings(path: Path, report: Report) -> tuple[str, list[Opening]]:
    """Return the origin and the openings of a file; a malformed opening is told as one that does not fit.

    Raises:
        CannotCheckError: the file is no file of openings.
    """
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(OPENINGS_LIMIT))
        if data["v"] != VERSION or not isinstance(data["openings"], list):
            raise ValueError("not a file of openings")
        origin, raw = str(data["origin"]), data["openings"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise CannotCheckError(Obstacle.BAD_OPENINGS, file=str(path)) from error
    openings = []
    for item in raw:
        try:
            openings.append(Opening.from_json(item))
        except CommitmentError:
            index = item.get("index") if isinstance(item, dict) else None
            report.findings.add(Code.OPENING_MISMATCH, **({"index": index} if type(index) is int else {}))
    return origin, openings


def check_openings(openings: list[Opening], tree: Tree, report: Report) -> None:
    """Check each opening against its leaf; newer ones than the last tick are remarked, gaps are counted."""
    seen: set[int] = set()
    for opening in openings:
        if opening.index in seen:
            report.findings.add(Code.OPENING_DOUBLED, index=opening.index)
        seen.add(opening.index)
        if opening.index >= tree.size:
            report.remark(Remark.PENDING_OPENING, index=opening.index)
        elif opening.index in tree.entries:
            _check_one(opening, tree.entries[opening.index], report)
    missing = set(range(min(seen), max(seen) + 1)) - seen if seen else set()
    certified = missing & _certified(openings)
    if certified:
        report.remark(Remark.DESTROYED, count=len(certified), first=min(certified), last=max(certified))
    if gaps := len(missing - certified):
        report.remark(Remark.NO_OPENING, count=gaps, first=min(seen), last=max(seen))


def _certified(openings: list[Opening]) -> set[int]:
    """Return the entries that opened entries of the kind *case_destroyed* name: their openings ended with the case."""
    named: set[int] = set()
    for opening in openings:
        shown = opening.values()
        if shown.get("kind") == "case_destroyed":
            words = shown.get("detail", "").rpartition(" ")[2].split(",")
            named.update(int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19)
    return named


def _check_one(opening: Opening, entry: bytes, report: Report) -> None:
    try:
        verify_opening(opening, Leaf.from_bytes(entry).commitment)
    except LogError:
        report.findings.add(Code.OPENING_MISMATCH, index=opening.index)
    else:
        report.openings += 1
