"""A log that took another's place after a loss: what the portal says of it, and what of that a stranger can check.

Rules
  1. A succession is always told. For whoever kept a state, a receipt or the key of the former log it is a finding;
     whoever begins with the new key is reminded of it.
  2. The new log's tree begins with the former one's entries, as many as the signed note says; the entry behind them
     is of the kind *successor* and commits to that note. Else the succession is false, which is a finding too.
  3. What was known beyond the kept entries is lost, and each lost range is named. What was kept must be the same.
  4. Nothing ties the new key to the old log but the portal's word and a note under its statement key: the new key is
     taken for good only when it was given from elsewhere (``--key``).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.audit.finding import Code, Findings, Remark, Report
from app.audit.state import State
from app.audit.tree import Tree
from crypto.digest import sha256_hex
from crypto.errors import CryptoError
from crypto.log.commitments import Opening, verify_opening
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.merkle import HASH_SIZE, joined_root, leaf_hash
from crypto.log.tiles import WIDTH
from crypto.note import NoteType, NoteVerifier, open_typed, strict_base64

_MOST = 64


@dataclass(frozen=True)
class Step:
    """One succession as the portal tells it: keys of both logs, how many entries were kept and known, and proofs."""

    origin: str
    vkey: str
    next_origin: str
    next_vkey: str
    kept: int
    kept_root: bytes
    known: int
    note: str
    leaf: bytes
    opening: object


def steps_of(portal: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the successions that a portal tells of, oldest first; what cannot be read is left out."""
    told = portal.get("before")
    return tuple(step for each in told[:_MOST] if (step := _step(each))) if isinstance(told, list) else ()


def _step(told: Any) -> Step | None:
    """Read one succession. The note must be signed by both statement keys that the portal shows."""
    try:
        note = told["note"]
        body = open_typed(note, NoteType.SUCCESSOR, [NoteVerifier.parse(told["statement_vkey"])])
        after = body["to"]
        open_typed(note, NoteType.SUCCESSOR, [NoteVerifier.parse(after["statements"])])
        kept, known = body["kept"], body["known"]
        numbers = (kept["size"], known["size"])
        if body["from"]["log"] != told["log_vkey"] or any(type(size) is not int or size < 0 for size in numbers):
            return None
        return Step(
            origin=str(body["from"]["origin"]), vkey=str(told["log_vkey"]),
            next_origin=str(after["origin"]), next_vkey=str(after["log"]),
            kept=kept["size"], kept_root=strict_base64(kept["root"]), known=known["size"],
            note=note, leaf=strict_base64(told["leaf"]), opening=told["opening"],
        )  # fmt: skip
    except (CryptoError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def chain(
    steps: Sequence[Step], vkey: str, origin: str, keys_from: Callable[[str], Collection[str]]
) -> tuple[Step, ...]:
    """Return the steps that lead from the log with a key to the log of a name; none if they do not.

    `keys_from` gives a key and those that the same log announced after it: a step names the last one of its log.
    """
    found: list[Step] = []
    for step in steps:
        if step.vkey in keys_from(found[-1].next_vkey if found else vkey):
            found.append(step)
    return tuple(found) if found and found[-1].next_origin == origin else ()


def check_step(step: Step, tree: Tree, findings: Findings) -> None:
    """Check a succession against the tree (rule 2)."""
    fits = step.kept < tree.size and tree.root_at(step.kept) == step.kept_root if step.kept else True
    if not (fits and step.kept < tree.size and tree.leaf(step.kept) == leaf_hash(step.leaf) and _commits(step)):
        findings.add(Code.SUCCESSION_FALSE, index=step.kept)


def _commits(step: Step) -> bool:
    try:
        leaf = Leaf.from_bytes(step.leaf)
        opening = Opening.from_json(step.opening)
        fields = verify_opening(opening, leaf.commitment)
    except (CryptoError, KeyError, TypeError, ValueError, AttributeError):
        return False
    record = sha256_hex(step.note.encode())
    return leaf.kind is LeafKind.SUCCESSOR and opening.index == step.kept and fields.get("record") == record


def tell(steps: Sequence[Step], followed: Sequence[Step], report: Report) -> None:
    """Tell of each succession (rule 1): a finding where the former log was known, else a reminder."""
    for step in steps:
        lost = max(step.known - step.kept, 0)
        if step in followed:
            report.findings.add(Code.SUCCEEDED, index=step.kept)
        else:
            report.remark(Remark.SUCCESSOR, index=step.kept, count=lost)
        if step in followed and lost:
            report.findings.add(Code.LOST, first=step.kept, last=step.known - 1)


def up_to(state: State, size: int) -> State | None:
    """Return a kept state cut back to a size, None when nothing is left of it (rule 3)."""
    if size >= state.size:
        return state
    if size < state.edge_start:
        size -= size % WIDTH  # of what lies further back only whole bundles were kept
    if size == 0:
        return None
    full = size // WIDTH
    tiles = state.tiles[: full * HASH_SIZE]
    edge = state.edge[: max(0, size - state.edge_start) * HASH_SIZE]
    start = size - len(edge) // HASH_SIZE
    tail = edge[(full * WIDTH - start) * HASH_SIZE :]
    root = joined_root(tiles + (joined_root(tail) if tail else b""))
    return replace(state, size=size, root=root, tiles=tiles, edge=edge, seen=())
