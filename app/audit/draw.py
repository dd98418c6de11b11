"""A draw by lot: which entries an auditor demands openings of, so that nobody chose them.

The procedure
  1. The auditor announces a draw; the portal logs it (entry `draw_announced`, its detail says how many). Only entries
     before the announcement are drawn from.
  2. The next published checkpoint that holds the announcement gets its cosignatures. The portal cannot foresee what
     its cosigners sign, and the auditor cannot announce after the fact.
  3. seed = SHA-256("resguardo/draw/v1" LF ‖ u64(announced) ‖ checkpoint text ‖ the counted cosignature lines, sorted).
  4. Entry number k = SHA-256(seed ‖ u64(0, 1, 2 …)) mod announced, each new number once, until there are enough.
  5. Of every drawn entry the office owes the opening, or the certificate by which it ended.

How much it finds: n draws miss a portal that cannot open one in a hundred of its entries with probability (99/100)^n.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from app.audit.entries import Entry, named_entries, opened
from app.audit.finding import CannotCheckError, Code, Obstacle, Remark, Report
from app.audit.tree import Tree
from crypto.digest import sha256
from crypto.errors import CommitmentError, LogError, NoteError
from crypto.log.checkpoint import Checkpoint
from crypto.log.commitments import Opening
from crypto.log.policy import Policy, judge

VERSION = 1
MOST = 2000
_LIMIT = 1024 * 1024
_LABEL = b"resguardo/draw/v1\n"
_KIND = "draw_announced"


@dataclass(frozen=True)
class Draw:
    """A draw: announced by an entry, and once it was made the checkpoint that it rests on and the drawn entries."""

    origin: str
    opening: Opening
    checkpoint: str = ""
    indexes: tuple[int, ...] = ()

    @property
    def announced(self) -> int:
        """The entry that announces it."""
        return self.opening.index

    def to_bytes(self) -> bytes:
        """Return the file of a draw."""
        made = {"checkpoint": self.checkpoint, "indexes": list(self.indexes)} if self.checkpoint else {}
        data = {"v": VERSION, "origin": self.origin, "opening": self.opening.to_json(), **made}
        return json.dumps(data, indent=1, sort_keys=True).encode() + b"\n"

    @classmethod
    def from_bytes(cls, text: bytes, name: str = "") -> Self:
        """Read the file of a draw; raises ``CannotCheckError``."""
        try:
            data: dict[str, Any] = json.loads(text)
            if data["v"] != VERSION:
                raise ValueError("a draw of another version")
            opening, origin = Opening.from_json(data["opening"]), str(data["origin"])
            return cls(origin, opening, str(data.get("checkpoint", "")), tuple(map(int, data.get("indexes", ()))))
        except (ValueError, KeyError, TypeError, CommitmentError, RecursionError) as error:
            raise CannotCheckError(Obstacle.BAD_DRAW, file=name) from error


def load_draw(path: Path) -> Draw:
    """Return a draw from its file; raises ``CannotCheckError``."""
    try:
        with path.open("rb") as file:
            return Draw.from_bytes(file.read(_LIMIT), str(path))
    except OSError as error:
        raise CannotCheckError(Obstacle.BAD_DRAW, file=str(path)) from error


def seed_of(announced: int, note: str, policy: Policy | None) -> bytes:
    """Return the seed (3.); cosignatures that a policy does not name could be anybody's, and do not count."""
    counted = () if policy is None else _counted(note, policy)
    body = note.partition("\n\n")[0] + "\n"
    return sha256(_LABEL, announced.to_bytes(8, "big"), body.encode(), *(line.encode() for line in counted))


def _counted(note: str, policy: Policy) -> list[str]:
    """Return the signature lines of the policy's cosigners; a line of theirs that does not fit refuses all."""
    judge(note, policy, now=0, max_age=0)
    known = {tuple(each.vkey.split("+", 2)[:2]) for each in policy.cosigners}
    lines = note.partition("\n\n")[2].splitlines()
    return sorted(line for line in lines if _signer(line) in known)


def _signer(line: str) -> tuple[str, str]:
    """Return name and key id (hex) of a signature line."""
    _, name, data = line.split(" ", 2)
    return name, base64.b64decode(data)[:4].hex()


def indexes_of(seed: bytes, announced: int, count: int) -> tuple[int, ...]:
    """Return the drawn entries in order (4.)."""
    found: set[int] = set()
    turn = 0
    while len(found) < min(count, announced):
        found.add(int.from_bytes(sha256(seed, turn.to_bytes(8, "big")), "big") % announced)
        turn += 1
    return tuple(sorted(found))


def missed_per_mille(count: int) -> int:
    """Return with how many in a thousand so many draws find nobody who cannot open one entry in a hundred."""
    return int(1000 * 99**count // 100**count)


def make_draw(draw: Draw, note: str, policy: Policy | None, tree: Tree, report: Report) -> Draw:
    """Return the draw, made on this checkpoint unless it was made before; what is wrong with it is told (1. to 4.).

    Raises:
        CannotCheckError: the file's opening announces no draw of this log, or another draw follows from its checkpoint.
    """
    if draw.announced not in tree.entries:
        report.remark(Remark.PENDING_DRAW, index=draw.announced)
        return draw
    count = _count_of(draw, tree)
    rests = draw.checkpoint or note
    checkpoint = _checked(rests, draw, tree)
    try:
        if policy is None or not _counted(rests, policy):
            report.remark(Remark.DRAW_UNCOSIGNED, size=checkpoint.size)
    except NoteError as error:
        raise CannotCheckError(Obstacle.BAD_DRAW) from error
    indexes = indexes_of(seed_of(draw.announced, rests, policy), draw.announced, count)
    if draw.indexes and draw.indexes != indexes:
        raise CannotCheckError(Obstacle.BAD_DRAW)
    return replace(draw, checkpoint=rests, indexes=indexes)


def _count_of(draw: Draw, tree: Tree) -> int:
    try:
        entry = opened(draw.opening, tree.entries[draw.announced])
    except LogError as error:
        raise CannotCheckError(Obstacle.BAD_DRAW) from error
    if entry.kind != _KIND or not entry.detail.isdecimal() or not 0 < int(entry.detail[:9]) <= MOST:
        raise CannotCheckError(Obstacle.BAD_DRAW)
    return int(entry.detail)


def _checked(note: str, draw: Draw, tree: Tree) -> Checkpoint:
    """Return the checkpoint of a draw: a state of this log, that holds the announcement."""
    try:
        checkpoint = Checkpoint.of_note(note)
    except (NoteError, LogError) as error:
        raise CannotCheckError(Obstacle.BAD_DRAW) from error
    reaches = draw.announced < checkpoint.size <= tree.size
    if not reaches or tree.root_at(checkpoint.size) != checkpoint.root:
        raise CannotCheckError(Obstacle.BAD_DRAW)
    return checkpoint


def judge_draw(draw: Draw, entries: Sequence[Entry], report: Report) -> int:
    """Tell which drawn entries the office did not open (5.), and return how many it did."""
    shown = {entry.index for entry in entries}
    ended = set().union(*map(named_entries, entries))
    for index in draw.indexes:
        if index not in shown | ended:
            report.findings.add(Code.DRAW_WITHHELD, index=index)
    return len(shown.intersection(draw.indexes))
