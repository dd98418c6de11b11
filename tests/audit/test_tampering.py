"""What an operator might do to a log, and what a stranger says about it: with a state, with a receipt, with nothing."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from crypto.digest import sha256
from crypto.log.leaf import FORM, Leaf, LeafKind
from crypto.log.tiles import encode_bundle
from tests.audit.portal import (
    HONEST,
    NOW,
    OTHER,
    SIZE,
    START,
    TICK,
    Portal,
    entries_of,
    entry,
    fields_of,
    opening_of,
    receipt_of,
    said,
    told,
)
from tests.crypto.log.published import LOG, checkpoint_of, write

ROW = 108  # bytes of an entry in a bundle, its length included


def bundle(portal: Portal, index: int, entries: Sequence[bytes]) -> None:
    """Serve other rows as a bundle, leaving tiles and checkpoint alone: a change in the database."""
    width = min(256, SIZE - index * 256)
    path = f"tile/entries/{index:03d}" + (f".p/{width}" if width < 256 else "")
    write(portal.folder / "log", path, encode_bundle(entries))


def without(index: int) -> list[bytes]:
    """The honest rows without one."""
    return [*HONEST[:index], *HONEST[index + 1 :]]


def doubled(index: int) -> list[bytes]:
    """The honest rows with one twice."""
    return [*HONEST[: index + 1], *HONEST[index:]]


def swapped(first: int, second: int) -> list[bytes]:
    """The honest rows with two exchanged."""
    rows = list(HONEST)
    rows[first], rows[second] = rows[second], rows[first]
    return rows


def altered(*indexes: int) -> list[bytes]:
    """The honest rows with some replaced by others of the same time."""
    rows = list(HONEST)
    for index in indexes:
        rows[index] = entry(index, b"altered")
    return rows


# A change of rows below an unchanged, signed tree: anyone sees it, at the exact index.


@pytest.mark.parametrize("index", [0, 5, 255, 256, 511, 512, 699])
def test_one_altered_byte_is_found_by_anyone(portal, index):
    """One bit of one entry, anywhere in it."""
    first = index // 256
    path = f"tile/entries/{first:03d}" + (".p/188" if first == 2 else "")
    portal.flip(path, index % 256 * ROW + 2 + 60)
    report = portal.audit()
    assert report.exit_status == 1
    assert said(report) == {"entry-altered": {"index": index}}


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        (without(300), {"row-deleted": {"index": 300}}),
        (doubled(300), {"row-doubled": {"index": 301}, "tag-doubled": {"index": 301}}),
        (swapped(300, 310), {"rows-swapped": {"index": 300, "other": 310}}),
        (swapped(300, 600), {"rows-swapped": {"index": 300, "other": 600}}),
        (swapped(300, 301), {"rows-swapped": {"index": 300, "other": 301}}),
        ([*HONEST[:300], entry(300, b"new"), *HONEST[300:]], {"row-inserted": {"index": 300}}),
        (altered(3, 300), {"entry-altered": {"index": 3}}),
    ],
)
def test_changed_rows_under_a_signed_tree_are_told_apart(portal, rows, finding):
    """Deleted, doubled, swapped, inserted, altered: each named at its index, and later bundles are not blamed."""
    for index in range(3):
        width = min(256, SIZE - index * 256)
        bundle(portal, index, rows[index * 256 : index * 256 + width])
    report = portal.audit()
    found = {code: where for code, where in said(report).items() if code != "time-decreasing"}
    assert found == finding
    assert report.exit_status == 1


def test_a_deleted_last_row_is_missing_from_its_bundle(portal):
    """The bundle ends before its tile does."""
    bundle(portal, 2, HONEST[512:699])
    assert said(portal.audit()) == {"row-deleted": {"index": 699}}


def test_a_row_deleted_inside_one_bundle_only(portal):
    """Each bundle is cut by index: one is short, the others are untouched."""
    bundle(portal, 1, without(300)[256:511])
    assert said(portal.audit()) == {"row-deleted": {"index": 300}}


def test_a_bundle_that_ends_early_withholds_the_rest(portal):
    """All that came fits; what did not come is named, however much it is."""
    bundle(portal, 0, HONEST[:12])
    assert said(portal.audit()) == {"withheld": {"path": "tile/entries/000", "index": 12}}


# A change of tiles.


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2"])
def test_an_altered_tile_is_named(portal, path):
    """The entries still make the signed root, so the tile was changed, not they."""
    portal.flip(path, 40)
    report = portal.audit()
    assert said(report) == {"tile-altered": {"path": path}}
    assert report.exit_status == 1


@pytest.mark.parametrize("path", ["tile/0/001", "tile/1/000.p/2"])
def test_a_tile_of_another_length_is_named(portal, path):
    """Cut in the middle of a hash."""
    portal.file(path).write_bytes(portal.file(path).read_bytes()[:-1])
    assert said(portal.audit()) == {"tile-altered": {"path": path}}


def test_rows_and_their_tile_changed_together_are_found_in_their_bundle(portal):
    """The tile above remembers; the signed root stands on it."""
    checkpoint, upper = portal.file("checkpoint").read_bytes(), portal.file("tile/1/000.p/2").read_bytes()
    portal.publish(altered(300))
    portal.file("checkpoint").write_bytes(checkpoint)
    portal.file("tile/1/000.p/2").write_bytes(upper)
    assert said(portal.audit()) == {"entry-altered": {"first": 256, "last": 511}}


def test_a_rebuilt_tree_under_the_old_signature_does_not_make_its_root(portal):
    """All tiles changed with the rows; the signature is of the honest root."""
    checkpoint = portal.file("checkpoint").read_bytes()
    portal.publish(altered(300))
    portal.file("checkpoint").write_bytes(checkpoint)
    assert said(portal.audit()) == {"root-mismatch": {"size": SIZE}}


def test_a_damaged_bundle_is_named(portal):
    """A length field that leads out of the file."""
    portal.flip("tile/entries/001", 0)
    report = portal.audit()
    assert said(report) == {"bundle-mismatch": {"path": "tile/entries/001"}}


# The checkpoint.


def test_a_forged_checkpoint_is_evidence_for_whoever_has_the_key(portal):
    """Another size under the old signature."""
    text = portal.file("checkpoint").read_text().replace("\n700\n", "\n699\n", 1)
    portal.file("checkpoint").write_text(text)
    report = portal.audit()
    assert report.exit_status == 1
    assert "checkpoint-forged" in said(report)


@pytest.mark.parametrize("text", ["", "nonsense", "\xff", "a\n\n— a AAAAAAAA\n"])
def test_something_else_in_place_of_the_checkpoint_cannot_be_checked(portal, text):
    """No statement of anybody's: nothing to hold against anybody."""
    portal.file("checkpoint").write_bytes(text.encode("latin-1", "replace") if text == "\xff" else text.encode())
    report = portal.audit()
    assert report.exit_status == 2
    assert told(report) == {"bad-checkpoint"}


def test_another_key_alone_cannot_be_judged(portal):
    """Without a state or a receipt nobody can say which key is right."""
    portal.publish(HONEST, OTHER, pq=False)
    report = portal.audit()
    assert report.exit_status == 2
    assert "other-key" in told(report)
    assert not len(report.findings)


def test_another_key_convicts_with_a_state(portal, state):
    """The kept key is not the one that signs now; nothing else changed."""
    portal.publish(HONEST, OTHER, pq=False)
    for kept in ({}, {"trust_portal_key": True}, {"keys": (OTHER.vkey,)}):
        report = portal.audit(state=state, **kept)
        assert report.exit_status == 1
        assert set(said(report)) == {"key-changed"}


@pytest.mark.parametrize("with_case", [True, False])
def test_another_key_convicts_with_a_receipt(portal, tmp_path, with_case):
    """The receipt is signed by the old key; a case file beside it names it."""
    path = tmp_path / "receipt.tlog-proof"
    path.write_text(receipt_of(5, HONEST[:300]))
    if with_case:
        (tmp_path / "case.json").write_text(json.dumps({"log_vkey": LOG.vkey}))
    portal.publish(HONEST, OTHER, pq=False)
    report = portal.audit(receipt=path)
    assert report.exit_status == 1
    assert set(said(report)) == {"key-changed"}


def test_another_key_convicts_with_a_folder_of_receipts(portal, tmp_path):
    """Trusting what the portal shows does not help it when a receipt is there."""
    (tmp_path / "receipt.tlog-proof").write_text(receipt_of(5, HONEST[:300]))
    portal.publish(HONEST, OTHER, pq=False)
    report = portal.audit(receipts=tmp_path, trust_portal_key=True)
    assert report.exit_status == 1
    assert set(said(report)) == {"key-changed"}


def test_another_key_shown_to_others_is_remarked(portal):
    """The log is signed with ours, the portal tells petitioners another one."""
    portal.tell(log_vkey=OTHER.vkey)
    report = portal.audit()
    assert report.holds
    assert told(report) == {"portal-key-differs"}


def test_without_any_key_nothing_is_checked(portal):
    """Exit 2, and what to give is said."""
    report = portal.audit(now=NOW, keys=())
    assert report.exit_status == 2
    assert told(report) == {"no-key"}
    portal.tell()
    assert told(portal.audit(trust_portal_key=True)) == {"no-key"}
    assert told(portal.audit(keys=("nonsense",))) == {"bad-key"}


# A perfect tree over a changed past, signed again: only who kept something sees it.

ALL = {"first": 0, "last": 699}


def continued(size: int, end: int) -> list[bytes]:
    """A database of that size restored, and other entries written after it."""
    return [*HONEST[:size], *(entry(index, b"new") for index in range(size, end))]


def cases(table: list[Any]) -> dict[str, Any]:
    """Parametrize by a table whose first column is the name."""
    return {"argnames": ("rows", "finding"), "argvalues": [row[1:] for row in table], "ids": [row[0] for row in table]}


REWRITTEN = [
    ("altered early", altered(5), {"entry-altered": {"first": 0, "last": 255}}),
    ("altered late", altered(600), {"entry-altered": {"index": 600}}),
    ("altered twice", altered(5, 600), {"entry-altered": {"first": 0, "last": 255}}),
    ("deleted early", without(5), {"row-deleted": {"first": 0, "last": 255}, "tail-cut": {"first": 699, "last": 699}}),
    ("deleted late", without(600), {"row-deleted": {"index": 600}, "tail-cut": {"first": 699, "last": 699}}),
    ("deleted and grown", [*without(600), *entries_of(720)[700:]], {"row-deleted": {"index": 600}}),
    ("doubled early", doubled(5), {"row-inserted": {"first": 0, "last": 255}, "tag-doubled": {"index": 6}}),
    ("doubled late", doubled(600), {"row-doubled": {"index": 601}, "tag-doubled": {"index": 601}}),
    ("swapped early", swapped(5, 6), {"entry-altered": {"first": 0, "last": 255}}),
    ("swapped late", swapped(600, 603), {"rows-swapped": {"index": 600, "other": 603}}),
    ("cut", HONEST[:640], {"tail-cut": {"first": 640, "last": 699}}),
    ("cut deep", HONEST[:100], {"tail-cut": {"first": 100, "last": 699}}),
    ("cut all", [], {"tail-cut": {"first": 0, "last": 699}}),
    ("restored and continued", continued(640, 710), {"fork": {"first": 640, "last": 699}}),
    ("restored deep and continued", continued(100, 710), {"fork": ALL}),
    ("another log", continued(0, 700), {"fork": ALL}),
]


@pytest.mark.parametrize(**cases(REWRITTEN))
def test_a_rewritten_past_convicts_with_a_state(portal, state, rows, finding):
    """What was done, and where, as precisely as 32 bytes for 256 entries allow; the state stays as it was."""
    before = state.read_bytes()
    portal.publish(rows)
    report = portal.audit(state=state)
    assert report.exit_status == 1
    found = {code: where for code, where in said(report).items() if code != "time-decreasing"}
    assert found == finding
    assert state.read_bytes() == before


@pytest.mark.parametrize("rows", [rows for name, rows, _ in REWRITTEN if not name.startswith("doubled")])
def test_a_rewritten_past_is_invisible_to_who_kept_nothing(portal, rows):
    """This is why receipts and states are kept, and why the log has cosigners."""
    portal.publish(rows)
    assert not set(said(portal.audit())) - {"time-decreasing"}


RECEIPTS = [
    ("its own entry altered", altered(300), {"entry-altered": {"index": 300}}),
    ("a neighbour altered", altered(301), {"entry-altered": {"index": 301}}),
    ("an entry near by altered", altered(305), {"entry-altered": {"first": 304, "last": 319}}),
    ("an early entry altered", altered(5), {"entry-altered": {"first": 0, "last": 255}}),
    ("its own entry deleted", without(300), {"row-deleted": {"index": 300}}),
    ("an earlier one deleted", without(20), {"row-deleted": {"first": 0, "last": 299, "other": 299}}),
    (
        "an earlier one doubled",
        doubled(20),
        {"row-inserted": {"first": 0, "last": 299, "other": 301}, "tag-doubled": {"index": 21}},
    ),
    ("swapped with another", swapped(300, 310), {"rows-swapped": {"index": 300, "other": 310}}),
    ("swapped with its neighbour", swapped(299, 300), {"rows-swapped": {"index": 299, "other": 300}}),
    ("the one before deleted", without(299), {"row-deleted": {"first": 296, "last": 299, "other": 299}}),
    (
        "the one before doubled",
        doubled(298),
        {"row-inserted": {"first": 296, "last": 299, "other": 301}, "tag-doubled": {"index": 299}},
    ),
    ("the tail cut", HONEST[:200], {"receipt-missing": {"index": 300}}),
    ("restored and continued", continued(290, 700), {"entry-altered": {"index": 300}}),
]


@pytest.mark.parametrize(**cases(RECEIPTS))
@pytest.mark.parametrize("option", ["receipt", "receipts"])
def test_a_rewritten_past_convicts_with_a_receipt(portal, tmp_path, rows, finding, option):
    """One receipt, of entry 300 when the log had 400: it names its own entry exactly, others by the proof's hashes."""
    path = tmp_path / "receipts" / "receipt.tlog-proof"
    path.parent.mkdir()
    path.write_text(receipt_of(300, HONEST[:400]))
    portal.publish(rows)
    report = portal.audit(**{option: path if option == "receipt" else path.parent}, keys=(LOG.vkey,))
    assert report.exit_status == 1
    found = {code: where for code, where in said(report).items() if code != "time-decreasing"}
    for where in found.values():
        where.pop("file", None)
    assert found == finding


def test_a_history_line_without_its_leaf_convicts_too(portal, tmp_path):
    """The entry that stands there now is not what the proof proves."""
    (tmp_path / "line.tlog-proof").write_text(receipt_of(300, HONEST[:400], carry=False))
    portal.publish(altered(300))
    assert said(portal.audit(receipts=tmp_path, keys=(LOG.vkey,))) == {"entry-altered": {"index": 300}}


def test_a_restored_older_database_is_recognised_by_its_root(portal, state):
    """The auditor saw this very size and root before."""
    portal.publish([*HONEST, *entries_of(750)[700:]])
    assert portal.audit(state=state).holds
    portal.publish(HONEST)
    assert said(portal.audit(state=state)) == {"rolled-back": {"first": 700, "last": 749}}


def test_two_receipts_of_one_size_and_two_roots_are_a_fork(portal, tmp_path):
    """Shown to two people, brought together by a third; the log need not have got there."""
    longer, other = entries_of(720), [*HONEST, *(entry(n, b"other") for n in range(700, 720))]
    for name, rows in (("a", longer), ("b", other)):
        (tmp_path / f"{name}.tlog-proof").write_text(receipt_of(10, rows))
    report = portal.audit(receipts=tmp_path, keys=(LOG.vkey,))
    assert said(report) == {"fork": {"size": 720, "file": str(tmp_path / "b.tlog-proof")}}


# Leaves and openings.


def leaf(index: int, **changes: Any) -> bytes:
    """An entry with something about it that no portal of ours writes."""
    parts: dict[str, Any] = {"version": 1, "kind": 0, "time": START + index // 7 * 10, "tag": b"t" * 32, **changes}
    return FORM.pack(parts["version"], parts["kind"], parts["time"], parts["tag"], b"s" * 32, b"c" * 32)


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        (HONEST[300][:-1], "leaf-length"),
        (HONEST[300] + b"\0", "leaf-length"),
        (b"", "leaf-length"),
        (leaf(300, version=2), "leaf-version"),
        (leaf(300, kind=9), "leaf-kind"),
        (leaf(300, time=START), "time-decreasing"),
        (leaf(300, tag=Leaf.from_bytes(HONEST[20]).case_tag), "tag-doubled"),
    ],
)
def test_leaves_that_cannot_be_are_named(portal, changed, finding):
    """In a tree that is otherwise perfect."""
    portal.publish([*HONEST[:300], changed, *HONEST[301:]])
    assert said(portal.audit()) == {finding: {"index": 300}}


def test_entries_without_a_case_may_share_the_empty_tag(portal):
    """No tag is no tag."""
    rows = [
        *HONEST,
        *(Leaf(LeafKind.LOG_OPENED, START + 100_000, bytes(32), bytes(32), bytes(32)).to_bytes() for _ in range(3)),
    ]
    portal.publish(rows)
    assert portal.audit().holds


def test_a_time_finer_than_a_known_tick_is_found(portal, state):
    """The tick was this one when the state was kept: whoever polls could learn the minute."""
    portal.publish([*HONEST, leaf(700, time=START + 100_003)])
    assert said(portal.audit(state=state)) == {"time-tick": {"index": 700}}


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda o: o["fields"]["purpose"].__setitem__(1, "AUDIT"), {"opening-mismatch": {"index": 300}}),
        (lambda o: o["hidden"].__setitem__("actor", o["hidden"]["case"]), {"opening-mismatch": {"index": 300}}),
        (lambda o: o.__setitem__("index", 301), {"opening-mismatch": {"index": 301}}),
        (lambda o: o.__setitem__("index", "300"), {"opening-mismatch": {}}),
        (lambda o: o.__setitem__("hidden", None), {"opening-mismatch": {"index": 300}}),
    ],
)
def test_an_opening_that_does_not_fit_is_found(portal, tmp_path, change, finding):
    """Another purpose, another actor, another entry, another form."""
    opening = opening_of(300)
    change(opening)
    path = tmp_path / "openings.json"
    path.write_text(json.dumps({"v": 1, "origin": "portal.example/log", "openings": [opening_of(299), opening]}))
    report = portal.audit(openings=path, keys=(LOG.vkey,))
    assert said(report) == finding
    assert report.exit_status == 1


def test_two_openings_of_one_entry_are_found(portal, tmp_path):
    """One entry, one story."""
    path = tmp_path / "openings.json"
    path.write_text(json.dumps({"v": 1, "origin": "portal.example/log", "openings": [opening_of(3), opening_of(3)]}))
    assert said(portal.audit(openings=path, keys=(LOG.vkey,))) == {"opening-doubled": {"index": 3}}


def test_findings_are_bounded_and_counted(portal):
    """Two hundred altered rows: twenty are listed, the rest is a number."""
    bundle(portal, 0, altered(*range(0, 256, 2))[:256])
    report = portal.audit()
    assert len(list(report.findings)) == 20
    assert report.findings.omitted() == 108


def test_the_synthetic_log_is_what_it_seems():
    """The helper's entries open to its fields."""
    assert set(opening_of(3)["fields"]) == {"kind", "purpose", "role"}
    assert fields_of(3)["case"] == "case-3"
    assert checkpoint_of(HONEST).size == SIZE


# Dates.


def dated(portal: Portal, *moments: int) -> None:
    """Continue the honest log with entries of these times."""
    tags = (sha256(b"dated", str(number).encode()) for number in range(len(moments)))
    new = [Leaf(LeafKind.EVENT, moment, tag, tag, tag).to_bytes() for moment, tag in zip(moments, tags, strict=True)]
    portal.publish([*HONEST, *new])


def test_entries_dated_before_the_log_was_seen_without_them_are_remarked(portal, state):
    """A portal that stood still is an innocent reason; who looked before says what they saw."""
    dated(portal, START + 99 * TICK, NOW - 3 * 3600, NOW)
    report = portal.audit(state=state, keys=(LOG.vkey,), now=NOW + 100)
    assert report.holds
    assert [(item.code.value, item.where) for item in report.remarks] == [
        ("dated-back", {"first": 700, "last": 701, "count": 2})
    ]


def test_entries_dated_after_now_are_remarked(portal):
    """The portal's clock is wrong, or the auditor's."""
    dated(portal, NOW, NOW + 2 * 3600)
    report = portal.audit()
    assert report.holds
    assert [(item.code.value, item.where["first"]) for item in report.remarks] == [("dated-ahead", 701)]


def test_a_state_of_before_says_nothing_about_dates(portal, state):
    """Files that were kept by an earlier version are read, and bind as they did."""
    kept = json.loads(state.read_text())
    del kept["when"]
    state.write_text(json.dumps(kept))
    dated(portal, START + 99 * TICK)
    report = portal.audit(state=state, keys=(LOG.vkey,), now=NOW + 100)
    assert report.holds
    assert not report.remarks
