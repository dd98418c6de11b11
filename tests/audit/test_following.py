"""With a kept state only what is new is fetched; what was found before is found still, wherever it was changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.audit.following import AGAIN, copy_path
from app.audit.source import HttpSource
from app.audit.state import load_state
from crypto.log.leaf import LEAF_SIZE
from tests.audit.portal import NOW, Portal, entries_of, entry, receipt_of, said, serving
from tests.crypto.log.published import LOG

BEFORE, AFTER = 3000, 3100
FULL = BEFORE // 256
LOG_OF_BEFORE = entries_of(BEFORE)
LOG_OF_AFTER = entries_of(AFTER)


@pytest.fixture
def grown(tmp_path: Path) -> Iterator[Portal]:
    """A portal whose log was audited with 3,000 entries, everything fetched, and has 3,100 now."""
    made = Portal(tmp_path / "portal")
    made.publish(LOG_OF_BEFORE)
    with serving(made):
        report = made.audit(state=state_of(made), keys=(LOG.vkey,))
        assert (report.holds, report.again) == (True, None)
        made.publish(LOG_OF_AFTER)
        yield made


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are asked for over HTTP."""
    asked: list[str] = []
    once = HttpSource._once

    def noted(self: HttpSource, path: str, limit: int) -> bytes:
        asked.append(path)
        return once(self, path, limit)

    monkeypatch.setattr(HttpSource, "_once", noted)
    return asked


def state_of(portal: Portal) -> Path:
    """Where the auditor keeps the state."""
    return portal.folder.parent / "kept" / "state.json"


def tiles(paths: list[str]) -> set[str]:
    """The tiles and bundles of what was asked for."""
    return {path for path in paths if path.startswith("tile/")}


def turn_to(portal: Portal, bundle: int) -> None:
    """Let the next run fetch the old bundles from this one on again."""
    path = state_of(portal)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"turn": bundle}))


def test_only_what_is_new_is_fetched_and_a_few_old_bundles(grown: Portal, fetched: list[str]) -> None:
    """The bundles from the last partial one on, the tile above, and four old ones; the report says how many entries."""
    report = grown.audit(state=state_of(grown), now=NOW + 1)
    assert report.holds
    assert (report.new, report.again, report.whole) == (AFTER - BEFORE, AGAIN, NOW)
    fresh = {"tile/entries/011", "tile/0/011", "tile/entries/012.p/28", "tile/0/012.p/28", "tile/1/000.p/12"}
    old = {f"tile/{kind}/00{bundle}" for kind in ("entries", "0") for bundle in range(AGAIN)}
    assert tiles(fetched) == fresh | old


@pytest.mark.long
def test_every_old_bundle_has_its_turn(grown: Portal, fetched: list[str]) -> None:
    """After so many runs each was fetched again, though nothing was new; `everything` fetches all at once."""
    for _ in range(-(-(AFTER // 256) // AGAIN) + 1):
        assert grown.audit(state=state_of(grown)).holds
    assert {f"tile/entries/{bundle:03}" for bundle in range(AFTER // 256)} <= set(fetched)
    fetched.clear()
    report = grown.audit(state=state_of(grown), everything=True, now=NOW + 5)
    assert report.holds
    assert len(tiles(fetched)) == 2 * (AFTER // 256 + 1) + 1
    assert (report.again, report.new) == (None, 0)
    kept = load_state(state_of(grown))
    assert kept is not None
    assert (kept.whole, kept.turn) == (NOW + 5, 0)


CHANGES = {
    "altered": (lambda log: log.__setitem__(5, entry(5, b"other")), "entry-altered", {"first": 0, "last": 255}),
    "deleted": (lambda log: log.pop(2000), "row-deleted", {"first": 1792, "last": 2047}),
    "inserted": (lambda log: log.insert(2000, entry(2000, b"other")), "row-inserted", {"first": 1792, "last": 2047}),
    "cut": (lambda log: log.__delitem__(slice(2900, None)), "tail-cut", {"first": 2900, "last": BEFORE - 1}),
    "doubled": (lambda log: log.append(log[40]), "tag-doubled", {"index": AFTER}),
}
QUICK = "altered"


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [pytest.param(*told, id=name, marks=() if name == QUICK else pytest.mark.long) for name, told in CHANGES.items()],
)
def test_a_past_that_was_changed_and_signed_anew_is_found(
    grown: Portal, change: Any, code: str, where: dict[str, int]
) -> None:
    """As a run that fetches everything finds it, in the same place, and the state stays as it was."""
    log = list(LOG_OF_AFTER)
    change(log)
    grown.publish(log)
    before = state_of(grown).read_bytes()
    turn_to(grown, 6)
    moved = state_of(grown).read_bytes()
    report = grown.audit(state=state_of(grown))
    assert said(report)[code] == where
    assert report.again is None
    assert state_of(grown).read_bytes() == moved != before
    assert said(grown.audit(state=state_of(grown), everything=True)) == said(report)


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "code"),
    [("tile/entries/002", "entry-altered"), ("tile/0/002", "tile-altered"), ("tile/1/000.p/12", "tile-altered")],
)
def test_old_files_served_otherwise_are_found_in_their_turn(grown: Portal, path: str, code: str) -> None:
    """A bit in an old bundle or tile that the signed root contradicts: in its turn, or at once with everything."""
    grown.flip(path, 2 * 108 + 60 if "entries" in path else 70)
    turn_to(grown, 4)
    late = said(grown.audit(state=state_of(grown)))
    assert (code in late) is path.startswith("tile/1")
    assert code in said(grown.audit(state=state_of(grown), everything=True))
    turn_to(grown, 2)
    assert code in said(grown.audit(state=state_of(grown)))


@pytest.mark.long
@pytest.mark.parametrize("damage", ["missing", "short", "altered"])
def test_a_damaged_copy_accuses_nobody(grown: Portal, damage: str) -> None:
    """Everything is fetched, and the copy is whole again."""
    path = copy_path(state_of(grown))
    data = path.read_bytes()
    assert len(data) == FULL * 256 * LEAF_SIZE
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(data[: len(data) // 2] if damage == "short" else data[:-50] + bytes(50))
    report = grown.audit(state=state_of(grown))
    assert (report.holds, report.again, report.new) == (True, None, AFTER - BEFORE)
    assert path.read_bytes() == b"".join(LOG_OF_AFTER[: AFTER // 256 * 256])
    assert path.stat().st_mode & 0o777 == 0o600
    assert grown.audit(state=state_of(grown)).again == AGAIN


def test_a_break_before_the_state_was_kept_leaves_what_the_state_says(grown: Portal) -> None:
    """Entries that were appended and never kept do not count; the next run takes them again."""
    path = copy_path(state_of(grown))
    with path.open("ab") as file:
        file.write(b"half a bundle")
    report = grown.audit(state=state_of(grown))
    assert (report.holds, report.again) == (True, AGAIN)
    assert path.read_bytes() == b"".join(LOG_OF_AFTER[: AFTER // 256 * 256])


def test_receipts_of_the_past_are_checked_without_fetching_it(grown: Portal, fetched: list[str]) -> None:
    """One of an old entry is in the log; one of another history is not."""
    folder = grown.folder.parent / "receipts"
    folder.mkdir()
    (folder / "old.tlog-proof").write_text(receipt_of(1500, LOG_OF_BEFORE[:1600]))
    report = grown.audit(state=state_of(grown), receipts=folder)
    assert (report.holds, report.receipts, report.again) == (True, 1, AGAIN)
    assert "tile/entries/005" not in fetched
    other = [*LOG_OF_BEFORE[:1500], entry(1500, b"other"), *LOG_OF_BEFORE[1501:1600]]
    (folder / "other.tlog-proof").write_text(receipt_of(1500, other))
    assert not grown.audit(state=state_of(grown), receipts=folder).holds
