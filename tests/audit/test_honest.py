"""An honest log holds, however it grows, and whatever was kept of it."""

import json
import stat
from functools import partial

import pytest

from app.audit.auditor import Kept, audit
from app.audit.source import locate_folder
from crypto.log.merkle import leaf_hash, root_of
from crypto.log.tiles import WIDTH
from tests.audit.portal import HONEST, NOW, SIZE, START, TICK, entries_of, opening_of, receipt_of, told
from tests.crypto.log.published import LOG, PQ, write


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 700])
def test_an_honest_log_of_any_size_holds(portal, size):
    """Edges of tiles included; size and root are the checkpoint's."""
    portal.publish(HONEST[:size])
    report = portal.audit()
    assert report.holds
    assert report.exit_status == 0
    assert (report.size, len(report.root)) == (size, 32)
    assert not report.remarks


@pytest.mark.parametrize("suffix", ["", "/", "/log", "/log/"])
def test_the_portal_or_the_log_may_be_addressed(portal, suffix):
    """Base address or log prefix, with or without a slash."""
    assert portal.audit(portal.address + suffix).holds


def test_a_mirror_in_a_folder_holds(portal):
    """Someone else's copy, with or without the folder above it."""
    for folder in (portal.folder, portal.folder / "log"):
        assert audit(partial(locate_folder, folder), Kept(keys=(LOG.vkey,)), NOW).holds


def test_both_log_keys_may_be_given(portal):
    """Ed25519 and ML-DSA-44, alone and together."""
    for keys in ((LOG.vkey, PQ.vkey), (PQ.vkey,)):
        assert portal.audit(keys=keys).holds


@pytest.mark.parametrize("sizes", [(0, 1), (1, 700), (255, 256), (256, 300), (300, 300), (512, 700)])
def test_a_growing_log_continues_its_state(portal, tmp_path, sizes):
    """Audit, grow, audit again; the state follows."""
    path = tmp_path / "state.json"
    for size in sizes:
        portal.publish(HONEST[:size])
        report = portal.audit(state=path, keys=(LOG.vkey,))
        assert report.holds
    assert report.compared
    kept = json.loads(path.read_text())
    assert kept["size"] == sizes[-1]
    assert [size for size, _ in kept["seen"]] == sorted(set(sizes))


def test_the_state_is_private_and_compact(state):
    """Mode 0600; 32 bytes for a bundle, and at most two bundles of leaf hashes."""
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert not list(state.parent.glob(".*"))
    kept = json.loads(state.read_text())
    assert len(kept["tiles"]) <= 4 * 32 * (SIZE // WIDTH + 1)
    assert len(kept["edge"]) <= 4 * 32 * (2 * WIDTH) // 3 + 4


def test_a_state_alone_is_key_enough(portal, state):
    """The kept key is the key."""
    assert portal.audit(state=state).holds


def test_receipts_of_an_honest_log_are_in_it(portal, tmp_path):
    """Of every size between ticks, with and without the leaf, in subfolders."""
    for place, (index, size, carry) in enumerate([(0, 1, True), (5, 300, True), (255, 256, False), (699, 700, True)]):
        folder = tmp_path / "receipts" / str(place)
        folder.mkdir(parents=True)
        (folder / "receipt.tlog-proof").write_text(receipt_of(index, HONEST[:size], carry=carry))
    report = portal.audit(receipts=tmp_path / "receipts", keys=(LOG.vkey,))
    assert report.holds
    assert report.receipts == 4


def test_a_receipt_proves_the_portals_key(portal, tmp_path):
    """Who holds a receipt needs no key: the portal's must have signed it."""
    path = tmp_path / "receipt.tlog-proof"
    path.write_text(receipt_of(5, HONEST[:300]))
    report = portal.audit(receipt=path)
    assert report.holds
    assert report.vkey == LOG.vkey
    (tmp_path / "case.json").write_text(json.dumps({"log_vkey": LOG.vkey}))
    portal.tell()
    assert portal.audit(receipt=path).holds


def test_a_receipt_newer_than_the_last_tick_is_pending(portal, tmp_path):
    """Not a finding until a whole tick more is over; then it is."""
    longer = [*HONEST, *entries_of(703)[700:]]
    path = tmp_path / "receipt.tlog-proof"
    path.write_text(receipt_of(702, longer))
    filed = START + 702 // 7 * TICK
    report = portal.audit(receipt=path, keys=(LOG.vkey,), now=filed + TICK)
    assert report.holds
    assert told(report) == {"pending-receipt"}
    late = portal.audit(receipt=path, keys=(LOG.vkey,), now=filed + 2 * TICK + 60)
    assert [finding.code.value for finding in late.findings] == ["receipt-missing"]


def test_a_receipt_without_a_leaf_beyond_the_log_is_only_remarked(portal, tmp_path):
    """Nothing says how old it is."""
    path = tmp_path / "receipt.tlog-proof"
    path.write_text(receipt_of(702, [*HONEST, *entries_of(703)[700:]], carry=False))
    assert told(portal.audit(receipt=path, keys=(LOG.vkey,))) == {"pending-receipt"}


def test_openings_of_an_honest_log_fit(portal, tmp_path):
    """All of them; newer ones than the last tick are remarked, gaps counted."""
    path = tmp_path / "openings.json"
    openings = [opening_of(index) for index in (0, 1, 300, 699)]
    path.write_text(json.dumps({"v": 1, "origin": "portal.example/log", "openings": openings}))
    report = portal.audit(openings=path, keys=(LOG.vkey,))
    assert report.holds
    assert report.openings == 4
    assert told(report) == {"entries-without-opening", "past-unknown"}
    path.write_text(json.dumps({"v": 1, "origin": "portal.example/log", "openings": [opening_of(700)]}))
    assert told(portal.audit(openings=path, keys=(LOG.vkey,))) == {"pending-opening"}


def test_a_partial_tile_that_was_completed_may_be_gone(portal):
    """The specification lets a log delete partial tiles once the full ones exist."""
    kept = {path: portal.file(path).read_bytes() for path in ("checkpoint", "tile/1/000.p/2")}
    portal.publish(entries_of(800))
    for path, data in kept.items():
        write(portal.folder / "log", path, data)
    report = portal.audit()
    assert report.holds
    assert report.root == root_of(map(leaf_hash, HONEST))


def test_a_longer_tick_set_later_is_no_evidence(portal):
    """Times of the shorter tick stand in the log for ever; they are remarked."""
    portal.tell(log_vkey=LOG.vkey, publish_every=3600)
    report = portal.audit()
    assert report.holds
    assert told(report) == {"time-between-ticks"}
