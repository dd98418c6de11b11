"""Bundles, tiles and checkpoints as they are served: the database is whole, and what goes out is not."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from crypto.log.checkpoint import Checkpoint, LogSigner, sign_checkpoint
from crypto.log.merkle import leaf_hash
from crypto.log.submission import Submission
from crypto.log.tiles import MAX_TILE_SIZE, encode_bundle, split_bundle
from crypto.secret import SecretBytes
from tests.attacks.detection.cells import cell
from tests.attacks.detection.rows import made_up
from tests.attacks.detection.scene import Scene

_BUNDLE, _BUNDLE_AFTER = r"/log/tile/entries/000", r"/log/tile/entries/001\.p/.*"
_TILE, _TILE_AFTER = r"/log/tile/0/000", r"/log/tile/0/001\.p/.*"
_OLDER = 12
"""Entries of an hour that is over."""
_HASH = 32


# bundles: the rows under an honest, signed tree


def _rows(scene: Scene, change: Callable[[list[bytes]], Sequence[bytes]]) -> None:
    scene.lie(_BUNDLE, lambda data: encode_bundle(change(split_bundle(data))))


def _with_flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@cell("bundle", "alter", "one bit of one entry", lying=True)
def alter_bundle(scene: Scene) -> None:
    at = scene.entries_of_case()[2]
    _rows(scene, lambda rows: [*rows[:at], _with_flipped(rows[at], 80), *rows[at + 1 :]])


@cell("bundle", "delete", "one entry is left out", lying=True)
def delete_from_bundle(scene: Scene) -> None:
    at = scene.entries_of_case()[2]
    _rows(scene, lambda rows: [*rows[:at], *rows[at + 1 :]])


@cell("bundle", "insert", "one entry too many", lying=True)
def insert_into_bundle(scene: Scene) -> None:
    _rows(scene, lambda rows: [*rows[:20], made_up(int.from_bytes(rows[20][2:10], "big")), *rows[20:-1]])


@cell("bundle", "swap", "two entries change places", lying=True)
def swap_in_bundle(scene: Scene) -> None:
    _rows(scene, lambda rows: [*rows[:10], rows[11], rows[10], *rows[12:]])


@cell("bundle", "cut", "the answer ends in the middle of an entry", lying=True)
def cut_bundle(scene: Scene) -> None:
    scene.lie(_BUNDLE, lambda data: data[: len(data) // 2 + 7])


@cell("bundle", "replay", "the rows of the first bundle are served again as those of the second", lying=True)
def replay_bundle(scene: Scene) -> None:
    first = scene.leaves()
    scene.lie(_BUNDLE_AFTER, lambda data: encode_bundle(first[: len(split_bundle(data))]))


@cell("bundle", "fork", "the rows of another history from entry 5 on", lying=True)
def fork_bundle(scene: Scene) -> None:
    _rows(scene, lambda rows: [*rows[:5], *(made_up(int.from_bytes(row[2:10], "big")) for row in rows[5:])])


@cell("bundle", "roll back", "the bundle as it was when it had twelve entries", lying=True)
def roll_back_bundle(scene: Scene) -> None:
    _rows(scene, lambda rows: rows[:_OLDER])


@cell("bundle", "withhold", "404 in place of a bundle", lying=True)
def withhold_bundle(scene: Scene) -> None:
    scene.lie(_BUNDLE + r"(\.p/.*)?", lambda _: 404)


# tiles


@cell("tile", "alter", "one bit of a stored tile, in the database")
def alter_tile(scene: Scene) -> None:
    with scene.database() as db:
        (hashes,) = db.execute("SELECT hashes FROM log_tile WHERE level = 0 AND idx = 0").fetchone()
        db.execute("UPDATE log_tile SET hashes = ? WHERE level = 0 AND idx = 0", (_with_flipped(hashes, 11 * _HASH),))


@cell("tile", "delete", "one hash is left out", lying=True)
def delete_from_tile(scene: Scene) -> None:
    scene.lie(_TILE, lambda data: data[: 11 * _HASH] + data[12 * _HASH :])


@cell("tile", "insert", "one hash is put in between, the last one falls out", lying=True)
def insert_into_tile(scene: Scene) -> None:
    scene.lie(_TILE, lambda data: (data[: 11 * _HASH] + os.urandom(_HASH) + data[11 * _HASH :])[:MAX_TILE_SIZE])


@cell("tile", "swap", "two hashes change places", lying=True)
def swap_in_tile(scene: Scene) -> None:
    a, b, c = 10 * _HASH, 11 * _HASH, 12 * _HASH
    scene.lie(_TILE, lambda data: data[:a] + data[b:c] + data[a:b] + data[c:])


@cell("tile", "cut", "the answer ends in the middle of a hash", lying=True)
def cut_tile(scene: Scene) -> None:
    scene.lie(_TILE, lambda data: data[: len(data) // 2 + 7])


@cell("tile", "replay", "the first tile is served again as the second", lying=True)
def replay_tile(scene: Scene) -> None:
    first = b"".join(map(leaf_hash, scene.leaves()))
    scene.lie(_TILE_AFTER, lambda data: first[: len(data)])


@cell("tile", "fork", "the hashes of another history", lying=True)
def fork_tile(scene: Scene) -> None:
    scene.lie(_TILE, lambda data: os.urandom(len(data)))


@cell("tile", "roll back", "the tile as it was when it had twelve hashes", lying=True)
def roll_back_tile(scene: Scene) -> None:
    scene.lie(_TILE, lambda data: data[: _OLDER * _HASH])


@cell("tile", "withhold", "404 in place of a tile", lying=True)
def withhold_tile(scene: Scene) -> None:
    scene.lie(_TILE, lambda _: 404)


# checkpoints


def checkpoint(scene: Scene, change: Callable[[str], str]) -> None:
    """Lie about the checkpoint."""
    scene.lie("/log/checkpoint", lambda data: change(data.decode()).encode())


def _former(folder: Path) -> str:
    """Return the checkpoint of the first day, with the cosignatures that it had."""
    with closing(sqlite3.connect(folder / "portal.db")) as db:
        size, signed = db.execute("SELECT size, checkpoint FROM log_publication ORDER BY tick DESC").fetchone()
        (lines,) = db.execute("SELECT lines FROM log_cosigner WHERE size = ?", (size,)).fetchone()
    return str(signed + lines)


def former(scene: Scene) -> str:
    """Return the checkpoint of the first day, with the cosignatures that it had."""
    return _former(scene.base.folder / "older")


def without(note: str, name: str) -> str:
    """Return a note without the signatures under a name."""
    return "".join(line for line in note.splitlines(keepends=True) if not line.startswith(f"— {name} "))


@cell("checkpoint", "alter", "another size above the old signatures", lying=True)
def alter_checkpoint(scene: Scene) -> None:
    def smaller(note: str) -> str:
        origin, size, rest = note.split("\n", 2)
        return f"{origin}\n{int(size) - 1}\n{rest}"

    checkpoint(scene, smaller)


@cell("checkpoint", "delete", "the log's own signatures are left out", lying=True)
def delete_signature(scene: Scene) -> None:
    checkpoint(scene, partial(without, name=scene.keys().log_origin))


@cell("checkpoint", "insert", "a line more in the signed text", lying=True)
def insert_line(scene: Scene) -> None:
    checkpoint(scene, lambda note: note.replace("\n\n", "\nall is well\n\n", 1))


@cell("checkpoint", "swap", "the checkpoint of another log, signed by its key", lying=True)
def swap_checkpoint(scene: Scene) -> None:
    other = LogSigner("other.example/log", SecretBytes(os.urandom(32)))
    note = sign_checkpoint(Checkpoint("other.example/log", 400, os.urandom(32)), [other])
    checkpoint(scene, lambda _: note)


@cell("checkpoint", "cut", "the answer ends before the signatures", lying=True)
def cut_checkpoint(scene: Scene) -> None:
    checkpoint(scene, lambda note: note.partition("\n\n")[0])


@cell("checkpoint", "replay", "the checkpoint of the day before, with the cosignatures of that day", lying=True)
def replay_checkpoint(scene: Scene) -> None:
    scene.max_age = 3
    checkpoint(scene, lambda _: former(scene))


@cell("checkpoint", "fork", "a second checkpoint of this size with another root, for readers and for the cosigner")
def fork_checkpoint(scene: Scene) -> None:
    def other(note: str) -> str:
        return scene.sign(int(note.split("\n")[1]), os.urandom(32))

    checkpoint(scene, other)
    known = Checkpoint.of_note(scene.published())
    scene.submissions.append(Submission(known.size, (), scene.sign(known.size, os.urandom(32))).to_bytes().decode())


@cell("checkpoint", "roll back", "the checkpoint of the day before is shown, and sent to the cosigner as the newest")
def roll_back_checkpoint(scene: Scene) -> None:
    bare = without(former(scene), "union.example/cosigner")
    checkpoint(scene, lambda _: bare)
    scene.submissions.append(Submission(0, (), bare).to_bytes().decode())


@cell("checkpoint", "withhold", "404 in place of the checkpoint", lying=True)
def withhold_checkpoint(scene: Scene) -> None:
    scene.lie("/log/checkpoint", lambda _: 404)
