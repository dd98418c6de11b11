"""Openings: what the office says that an entry means, to auditors in a file, to holders in a case's history."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

from tests.attacks.detection.cells import cell
from tests.attacks.detection.scene import Scene

_HISTORY = "/api/v1/case/history"
_READ = 2


def _file(scene: Scene, change: Callable[[list[dict[str, Any]]], object]) -> None:
    scene.openings = lambda body: change(body["openings"]) and None  # type: ignore[arg-type]  # a list


def _history(scene: Scene, change: Callable[[list[dict[str, Any]]], object]) -> None:
    def changed(data: bytes) -> bytes:
        body = json.loads(data)
        change(body["entries"])
        return json.dumps(body).encode()

    scene.lie(_HISTORY, changed)


def _of(openings: list[dict[str, Any]], index: int) -> dict[str, Any]:
    return next(each for each in openings if each["index"] == index)


@cell("opening", "alter", "another purpose in the opening of a reading, for the auditor and for the holder", lying=True)
def alter(scene: Scene) -> None:
    index = scene.entries_of_case()[_READ]
    _file(scene, lambda openings: _of(openings, index)["fields"]["purpose"].__setitem__(1, "AUDIT"))
    _history(scene, lambda lines: lines[_READ]["opening"]["fields"]["purpose"].__setitem__(1, "AUDIT"))


@cell("opening", "delete", "the row with the opening of a reading is deleted in the database")
def delete(scene: Scene) -> None:
    with scene.database() as db:
        db.execute("DELETE FROM log_opening WHERE idx = ?", (scene.entries_of_case()[_READ],))


@cell(
    "opening",
    "insert",
    "a second opening of a reading, with another story; a line of the history that is not",
    lying=True,
)
def insert(scene: Scene) -> None:
    index = scene.entries_of_case()[_READ]

    def second(openings: list[dict[str, Any]]) -> None:
        salt = base64.b64encode(os.urandom(32)).decode()
        made = json.loads(json.dumps(_of(openings, index)))
        made["fields"]["kind"] = [salt, "messages_read"]
        openings.append(made)

    _file(scene, second)
    _history(scene, lambda lines: lines.insert(1, lines[_READ] | {"index": lines[1]["index"]}))


@cell("opening", "swap", "the openings of two entries change places", lying=True)
def swap(scene: Scene) -> None:
    index = scene.entries_of_case()[_READ]

    def exchanged(openings: list[dict[str, Any]]) -> None:
        _of(openings, index)["index"], _of(openings, index - 1)["index"] = index - 1, index

    _file(scene, exchanged)

    def crossed(lines: list[dict[str, Any]]) -> None:
        lines[1]["opening"], lines[2]["opening"] = lines[2]["opening"], lines[1]["opening"]

    _history(scene, crossed)


@cell("opening", "cut", "the newest openings are left out, and the newest lines of the history", lying=True)
def cut(scene: Scene) -> None:
    def shorter(lines: list[dict[str, Any]]) -> None:
        del lines[-3:]

    _file(scene, shorter)
    _history(scene, shorter)


@cell(
    "opening", "replay", "the opening of one reading is given for another one, a line of the history twice", lying=True
)
def replay(scene: Scene) -> None:
    first, second = (scene.entries_of_case()[at] for at in (_READ, _READ + 1))

    def again(openings: list[dict[str, Any]]) -> None:
        at = openings.index(_of(openings, second))
        openings[at] = _of(openings, first) | {"index": second}

    _file(scene, again)
    _history(scene, lambda lines: lines.append(lines[_READ]))


@cell(
    "opening",
    "fork",
    "another reader's name to the auditor, another role to the holder: two stories of one entry",
    lying=True,
)
def fork(scene: Scene) -> None:
    index = scene.entries_of_case()[_READ]
    _file(scene, lambda openings: _of(openings, index)["fields"]["actor"].__setitem__(1, "somebody else"))
    _history(scene, lambda lines: lines[_READ]["opening"]["fields"]["role"].__setitem__(1, "coordinator"))


@cell("opening", "roll back", "the table of openings is that of the day before")
def roll_back(scene: Scene) -> None:
    with closing(sqlite3.connect(scene.base.folder / "older" / "portal.db")) as older:
        (size,) = older.execute("SELECT size FROM log_head").fetchone()
    with scene.database() as db:
        db.execute("DELETE FROM log_opening WHERE idx >= ?", (size,))


@cell("opening", "withhold", "the office gives a file without openings, and a history without lines", lying=True)
def withhold(scene: Scene) -> None:
    _file(scene, lambda openings: openings.clear())
    _history(scene, lambda lines: lines.clear())
