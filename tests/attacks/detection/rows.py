"""Rows of the database, rewritten by an owner who has every key, mends every index, and took the guard away."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import httpx2

from crypto.log.leaf import Leaf, LeafKind
from tests.attacks.detection.cells import cell
from tests.attacks.detection.scene import Scene, facts
from tests.filings import make_filing

_LEFT = 150
_READ = 2
"""Which entry of the case is attacked: the first reading of its record."""


def made_up(moment: int) -> bytes:
    """Return an entry that nobody made."""
    return Leaf(LeafKind.EVENT, moment, os.urandom(32), os.urandom(32), os.urandom(32)).to_bytes()


@cell("row", "alter", "another commitment in the entry of a reading; the tree is built and signed anew")
def alter(scene: Scene) -> None:
    rows, index = scene.rows(), scene.entries_of_case()[_READ]
    rows[index] = (replace(Leaf.from_bytes(rows[index][0]), commitment=os.urandom(32)).to_bytes(), index)
    scene.rewrite(rows)


@cell("row", "delete", "the entry of a reading is taken out, later ones move up, all is signed anew")
def delete(scene: Scene) -> None:
    rows = scene.rows()
    del rows[scene.entries_of_case()[_READ]]
    scene.rewrite(rows)


@cell("row", "insert", "an entry that was never made is put before a reading; all is signed anew")
def insert(scene: Scene) -> None:
    rows, index = scene.rows(), scene.entries_of_case()[_READ]
    rows.insert(index, (made_up(Leaf.from_bytes(rows[index][0]).time), None))
    scene.rewrite(rows)


@cell("row", "swap", "a reading and the entry before it change places; all is signed anew")
def swap(scene: Scene) -> None:
    rows, index = scene.rows(), scene.entries_of_case()[_READ]
    rows[index - 1], rows[index] = rows[index], rows[index - 1]
    scene.rewrite(rows)


@cell("row", "cut", "the end of the log is cut off, the second reading with it; all is signed anew")
def cut(scene: Scene) -> None:
    scene.rewrite(scene.rows()[:_LEFT])


@cell("row", "replay", "the entry of a reading is logged a second time, at the end")
def replay(scene: Scene) -> None:
    rows = scene.rows()
    scene.rewrite([*rows, (rows[scene.entries_of_case()[_READ]][0], None)])


@cell("row", "fork", "the second day is replaced by other entries; all is signed anew")
def fork(scene: Scene) -> None:
    rows, first = scene.rows(), scene.entries_of_case()[_READ + 1]
    moment = Leaf.from_bytes(rows[-1][0]).time
    scene.rewrite([*rows[:first], *((made_up(moment), None) for _ in range(len(rows) - first + 20))])


@cell("row", "roll back", "the data folder of the day before is put in place, the guard is taken away")
def roll_back(scene: Scene) -> None:
    scene.set_back()
    scene.unguarded = True


@cell("row", "withhold", "the portal goes on logging and publishes no more, whatever it says of its tick")
def withhold(scene: Scene) -> None:
    scene.more["RESGUARDO_PUBLISH_EVERY"] = "86400"
    scene.lies.append(facts(publish_every=1))
    scene.max_age, scene.patience = 3, 1.0

    def file_and_wait() -> None:
        filing = make_filing(scene.base.key.partition("/")[0])
        answer = httpx2.post(f"{scene.url}/api/v1/petitions", json=dict(filing.body)).json()
        (scene.folder / "receipts" / "new.tlog-proof").write_text(answer["receipt"])
        time.sleep(5)

    scene.after = file_and_wait
