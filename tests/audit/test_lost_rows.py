"""A portal that makes its files from rows: what it cannot answer after rows were deleted, and what is still said."""

import pytest

from crypto.log.tiles import encode_bundle
from tests.audit.portal import HONEST, TICK, Portal, receipt_of, said
from tests.crypto.log.published import LOG, write


def serve_rows(portal: Portal, rows: dict[int, bytes], size: int) -> None:
    """Serve a small log as the portal does: parts of a bundle as far as its rows go, no tile for missing ones."""
    width = size % 256
    portal.file(f"tile/entries/000.p/{width}").unlink()
    portal.file(f"tile/0/000.p/{width}").unlink()
    for count in range(1, width + 1):
        if all(index in rows for index in range(count)):
            entries = [rows[index] for index in range(count)]
            write(portal.folder / "log", f"tile/entries/000.p/{count}", encode_bundle(entries))


@pytest.fixture
def small(portal, tmp_path):
    """A log of 40 entries, with the state and a receipt (of entry 30) that were kept of it."""
    portal.publish(HONEST[:40])
    assert portal.audit(state=tmp_path / "state", trust_portal_key=True).holds
    (tmp_path / "receipt.tlog-proof").write_text(receipt_of(30, HONEST[:35]))
    return portal


def test_a_row_that_is_gone_is_named_by_anyone(small, tmp_path):
    """Entry 17 is deleted: what stands before it is still given, so the first missing one is known."""
    serve_rows(small, {index: HONEST[index] for index in range(40) if index != 17}, 40)
    for kept in ({}, {"state": tmp_path / "state"}):
        report = small.audit(**{"keys": (LOG.vkey,), **kept})
        assert report.exit_status == 1
        assert [dict(finding.where) for finding in report.findings if "index" in finding.where] == [
            {"path": "tile/entries/000.p/40", "index": 17}
        ]
        assert set(said(report)) == {"withheld"}


def test_a_row_that_is_gone_with_the_rest_moved_up_is_named_with_a_state(small, tmp_path):
    """Renumbered: the last place is empty, and the kept leaf hashes tell where the shift began."""
    rows = [*HONEST[:17], *HONEST[18:40]]
    serve_rows(small, dict(enumerate(rows)), 40)
    found = said(small.audit(state=tmp_path / "state"))
    assert found.pop("withheld")
    assert found == {"row-deleted": {"index": 17}}


@pytest.mark.parametrize("gone", [17, 30, 31])
def test_a_receipt_beside_a_gap(small, tmp_path, gone):
    """A receipt behind the gap is withheld; before it, it is simply there; nothing unknown is called altered."""
    serve_rows(small, {index: HONEST[index] for index in range(40) if index != gone}, 40)
    report = small.audit(receipt=tmp_path / "receipt.tlog-proof", keys=(LOG.vkey,), now=TICK)
    assert set(said(report)) == {"withheld"}
    where = [dict(finding.where) for finding in report.findings]
    assert ({"index": 30} in where) == (gone <= 30)


def test_a_history_line_behind_a_gap(small, tmp_path):
    """Without its leaf the proof says nothing about what is not shown."""
    serve_rows(small, {index: HONEST[index] for index in range(40) if index != 17}, 40)
    (tmp_path / "line.tlog-proof").write_text(receipt_of(30, HONEST[:35], carry=False))
    report = small.audit(receipt=tmp_path / "line.tlog-proof", keys=(LOG.vkey,))
    assert set(said(report)) == {"withheld"}


def test_an_altered_row_in_files_made_from_rows_is_named_with_a_state_or_a_receipt(small, tmp_path):
    """Bundle and tile agree with each other; the signed root does not."""
    checkpoint = small.file("checkpoint").read_bytes()
    rows = list(HONEST[:40])
    rows[30] = rows[30][:-1] + b"\0"
    small.publish(rows)
    small.file("checkpoint").write_bytes(checkpoint)
    assert said(small.audit()) == {"root-mismatch": {"size": 40}}
    for kept in ({"state": tmp_path / "state"}, {"receipt": tmp_path / "receipt.tlog-proof"}):
        found = said(small.audit(**{"keys": (LOG.vkey,), **kept}))
        assert found == {"root-mismatch": {"size": 40}, "entry-altered": {"index": 30}}


@pytest.mark.parametrize(("gone", "first"), [(0, 0), (17, 16), (29, 28)])
def test_a_row_gone_before_a_receipt_with_the_rest_moved_up(small, tmp_path, gone, first):
    """The receipt's entry stands one place forward: deleted before it, not swapped."""
    rows = [*HONEST[:gone], *HONEST[gone + 1 : 40]]
    serve_rows(small, dict(enumerate(rows)), 40)
    found = said(small.audit(receipt=tmp_path / "receipt.tlog-proof", keys=(LOG.vkey,)))
    assert found.pop("withheld")
    assert found == {"row-deleted": {"first": first, "last": 29, "other": 29}}


def test_a_receipt_named_twice_counts_once(small, tmp_path):
    """By itself and in its folder."""
    report = small.audit(receipt=tmp_path / "receipt.tlog-proof", receipts=tmp_path, keys=(LOG.vkey,))
    assert report.holds
    assert report.receipts == 1
