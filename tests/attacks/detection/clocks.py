"""Time: entries dated otherwise than they were made, clocks that stand still or run back."""

from __future__ import annotations

import json
import struct
import time

from crypto.log.leaf import Leaf
from crypto.log.tiles import encode_bundle, split_bundle
from tests.attacks.detection.cells import cell
from tests.attacks.detection.files import checkpoint
from tests.attacks.detection.rows import made_up
from tests.attacks.detection.scene import Scene, facts
from tests.attacks.detection.watchers import look_as_petitioner

_DAY = 86_400
_HOUR = 3600
TICK = 1
"""Seconds between two publications of a tests' portal."""


def _latest(scene: Scene) -> int:
    return Leaf.from_bytes(scene.leaves()[-1]).time


def _add(scene: Scene, *entries: bytes) -> None:
    """Log new entries: nobody saw them before, so that only their dates can tell."""
    scene.rewrite([*scene.rows(), *((entry, None) for entry in entries)])


@cell("clock", "alter", "a new entry is dated a day ahead")
def alter(scene: Scene) -> None:
    _add(scene, made_up(int(time.time()) + _DAY))


@cell("clock", "delete", "a new entry has no time")
def delete(scene: Scene) -> None:
    _add(scene, made_up(0))


def hourly(scene: Scene) -> None:
    """Let the auditor know the portal as one that publishes each hour."""
    scene.asks_openings = False  # the portal makes its own entries by the second
    path = scene.folder / "state.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"tick": _HOUR}))
    scene.lies.append(facts(publish_every=_HOUR))


@cell("clock", "insert", "a new entry is dated to the minute, between two publications", arrange=hourly)
def insert(scene: Scene) -> None:
    _add(scene, made_up(int(time.time()) | 1))


@cell("clock", "swap", "two new entries exchange their times")
def swap(scene: Scene) -> None:
    now = int(time.time())
    _add(scene, made_up(now), made_up(now - 1))


@cell("clock", "cut", "a new entry ends before its tags")
def cut(scene: Scene) -> None:
    _add(scene, made_up(int(time.time()))[:10])


def much_later(scene: Scene) -> None:
    """Let the auditor have seen the log a day after its last entry, with nothing new."""
    scene.asks_openings = False  # an entry of today would be older than that
    path = scene.folder / "state.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"when": int(time.time()) + _DAY}))


@cell(
    "clock", "replay", "a new entry is dated to the day before, when the auditor saw nothing of it", arrange=much_later
)
def replay(scene: Scene) -> None:
    _add(scene, made_up(_latest(scene)))


@cell("clock", "fork", "an entry's time is an hour earlier for these readers", lying=True)
def fork(scene: Scene) -> None:
    def earlier(row: bytes) -> bytes:
        return row[:2] + struct.pack(">Q", Leaf.from_bytes(row).time - _HOUR) + row[10:]

    def changed(data: bytes) -> bytes:
        rows = split_bundle(data)
        return encode_bundle([*rows[:11], earlier(rows[11]), *rows[12:]])

    scene.lie(r"/log/tile/entries/000", changed)


@cell("clock", "roll back", "the portal's clock is set back by a day, and it goes on")
def roll_back(scene: Scene) -> None:
    scene.clock = -_DAY


@cell(
    "clock", "withhold", "time stands still: the last checkpoint is shown for ever, with its cosignatures", lying=True
)
def withhold(scene: Scene) -> None:
    kept = json.loads((scene.base.folder / "state.json").read_text())["note"]
    scene.max_age = 3

    def look_and_wait() -> None:
        """Let something be proved that the kept checkpoint lacks, until it should be public long since."""
        look_as_petitioner(scene)
        end = int(time.time()) + max(3 * TICK, scene.max_age) + 1
        while time.time() <= end:
            time.sleep(0.1)

    scene.after = look_and_wait
    checkpoint(scene, lambda _: str(kept))
