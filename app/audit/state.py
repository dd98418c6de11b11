"""What an auditor keeps between two runs: enough to say *where* the past was changed, in 32 bytes for 256 entries.

``tiles`` are the roots of all full bundles; ``edge`` the leaf hashes from the second last bundle on, by which a
deleted or inserted row is seen as a shift; ``seen`` the last sizes and roots, by which an older database that was
restored is recognised. Nothing of it is secret; the file is private all the same, and written whole or not at all.
"""

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from app.audit.finding import CannotCheckError, Obstacle
from app.audit.tree import Tree
from crypto.errors import LogError
from crypto.log.checkpoint import Checkpoint
from crypto.log.merkle import HASH_SIZE, joined_root
from crypto.log.tiles import WIDTH
from crypto.note import strict_base64

VERSION = 1
STATE_LIMIT = 256 * 1024 * 1024
_SEEN = 64


@dataclass(frozen=True)
class State:
    """The log as it was when it last held."""

    origin: str
    vkey: str
    size: int
    root: bytes
    note: str
    tick: int
    tiles: bytes
    edge: bytes
    seen: tuple[tuple[int, bytes], ...]
    when: int = 0
    """When that was, in Unix seconds by this machine's clock; 0 in files of before."""
    whole: int = 0
    """When every entry was fetched last, by the same clock."""
    turn: int = 0
    """The full bundle from which on old ones are fetched again next time."""

    @property
    def edge_start(self) -> int:
        """Index of the first leaf hash in ``edge``."""
        return self.size - len(self.edge) // HASH_SIZE

    def to_json(self) -> dict[str, Any]:
        """Return the state as an object for JSON."""
        return {
            "v": VERSION,
            "origin": self.origin,
            "vkey": self.vkey,
            "size": self.size,
            "root": _encode(self.root),
            "note": self.note,
            "tick": self.tick,
            "tiles": _encode(self.tiles),
            "edge": _encode(self.edge),
            "seen": [[size, _encode(root)] for size, root in self.seen],
            "when": self.when,
            "whole": self.whole,
            "turn": self.turn,
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read what :meth:`to_json` wrote; raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
        if data["v"] != VERSION:
            raise ValueError("a state of another version")
        checkpoint = Checkpoint(data["origin"], _number(data["size"]), strict_base64(data["root"]))
        seen = tuple((_number(size), strict_base64(root)) for size, root in data["seen"])
        tiles, edge = strict_base64(data["tiles"]), strict_base64(data["edge"])
        state = cls(
            checkpoint.origin, str(data["vkey"]), checkpoint.size, checkpoint.root,
            str(data["note"]), _number(data["tick"]), tiles, edge, seen, _number(data.get("when", 0)),
            _number(data.get("whole", 0)), _number(data.get("turn", 0)),
        )  # fmt: skip
        state.check()
        return state

    def check(self) -> None:
        """Raises ``ValueError`` unless the hashes make the root: a damaged file must not accuse a log."""
        full = self.size // WIDTH
        if len(self.tiles) != full * HASH_SIZE or self.edge_start != edge_start(self.size):
            raise ValueError("the state's hashes do not fit its size")
        tail = self.edge[(full * WIDTH - self.edge_start) * HASH_SIZE :]
        if joined_root(self.tiles + (joined_root(tail) if tail else b"")) != self.root:
            raise ValueError("the state's hashes do not make its root")


def edge_start(size: int) -> int:
    """Return the index from which leaf hashes are kept: one full bundle, and what follows it."""
    return max(0, size // WIDTH - 1) * WIDTH


def state_of(
    tree: Tree, checkpoint: Checkpoint, *, vkey: str, note: str, tick: int, when: int, before: State | None, again: int
) -> State:
    """Return the state to keep after a log held; ``again``: how many old bundles were fetched again, -1 for all."""
    start = edge_start(tree.size)
    seen = (*(before.seen if before else ()), (checkpoint.size, checkpoint.root))
    unique = tuple(dict.fromkeys(seen))[-_SEEN:]
    edge = bytes(tree.leaves[start * HASH_SIZE :])
    followed = before if again >= 0 else None
    return State(
        checkpoint.origin, vkey, tree.size, checkpoint.root, note, tick, bytes(tree.bundles), edge, unique, when,
        followed.whole if followed else when, followed.turn + again if followed else 0,
    )  # fmt: skip


def load_state(path: Path) -> State | None:
    """Return a kept state, None when there is no such file yet; raises ``CannotCheckError`` for a damaged one."""
    try:
        with path.open("rb") as file:
            data = file.read(STATE_LIMIT)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotCheckError(Obstacle.BAD_STATE, file=str(path)) from error
    try:
        return State.from_json(json.loads(data))
    except (ValueError, KeyError, TypeError, RecursionError, LogError) as error:
        raise CannotCheckError(Obstacle.BAD_STATE, file=str(path)) from error


def former_path(path: Path, state: State) -> Path:
    """Return where the state of a log that was succeeded is kept, beside the one that goes on."""
    return path.with_name(f"{path.name}.before-{state.size}")


def save_state(path: Path, state: State) -> None:
    """Write a state of mode 0600 so that after a crash either the old or the new one stands.

    Raises:
        CannotCheckError: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(state.to_json(), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise CannotCheckError(Obstacle.BAD_STATE, file=str(path)) from error


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a count")
    return value


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
