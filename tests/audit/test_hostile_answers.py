"""A portal that would rather not be audited: it withholds, floods, drips, redirects, and damages what was kept."""

import functools
import json

import pytest

from app.audit import source
from app.audit.source import HttpSource, UnreachableError, WithheldError, new_client
from crypto.log.checkpoint import LogSigner
from crypto.secret import SecretBytes
from tests.audit.portal import HONEST, opening_of, receipt_of, said, told
from tests.crypto.log.published import LOG


@pytest.mark.parametrize(
    "path", ["tile/entries/001", "tile/entries/002.p/188", "tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2"]
)
@pytest.mark.parametrize("status", [404, 410, 500, 403])
def test_a_withheld_file_is_evidence(portal, path, status):
    """The signed checkpoint promises it; the portal answers, and does not give it."""
    portal.statuses[f"log/{path}"] = status
    report = portal.audit()
    assert report.exit_status == 1
    first = {"tile/entries/001": {"index": 256}, "tile/entries/002.p/188": {"index": 512}}
    assert said(report) == {"withheld": {"path": path, **first.get(path, {})}}


def test_a_process_that_learns_of_the_checkpoint_a_moment_later_is_no_liar(portal, monkeypatch):
    """One of several workers answers 404 for the newest tiles until it has looked again."""
    late = ["tile/0/002.p/188", "tile/entries/002.p/188"]
    portal.statuses.update({f"log/{path}": 404 for path in late})
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        portal.statuses.clear()

    monkeypatch.setattr(source, "_SETTLE", 3600)
    monkeypatch.setattr(source, "HttpSource", functools.partial(HttpSource, pause=pause))
    assert portal.audit().holds
    assert paused
    assert set(paused) == {3600}


@pytest.mark.parametrize("status", [503, 429, 502, 302])
def test_try_later_is_no_evidence(portal, monkeypatch, status):
    """Nothing can be concluded from an overloaded portal, or from a redirect that is not followed."""
    monkeypatch.setattr(source, "_PAUSE", 0)
    portal.statuses["log/tile/entries/001"] = status
    report = portal.audit()
    assert report.exit_status == 2
    assert told(report) == {"unreachable"}


def test_a_portal_that_is_not_there_cannot_be_checked(portal, monkeypatch):
    """Nobody listens, or nobody knows of a log."""
    monkeypatch.setattr(source, "_PAUSE", 0)
    for address in ("http://127.0.0.1:9", portal.address + "/nowhere", "http://[broken"):
        report = portal.audit(address)
        assert report.exit_status == 2
        assert told(report) == {"no-checkpoint"}


@pytest.mark.parametrize("path", ["tile/0/000", "tile/entries/000"])
def test_an_endless_file_is_not_read_to_its_end(portal, path):
    """Ten megabytes where eight or sixty-four kilobytes belong."""
    portal.file(path).write_bytes(b"\0" * 10_000_000)
    first = {"index": 0} if "entries" in path else {}
    assert said(portal.audit()) == {"withheld": {"path": path, **first}}


def test_a_dripping_file_is_given_up(portal, monkeypatch):
    """A byte now and then: the deadline counts for the whole file, not for each byte."""
    portal.slow.add("log/checkpoint")
    monkeypatch.setattr(source, "_ATTEMPTS", 1)
    with new_client() as client:
        slow = HttpSource(portal.address + "/log", client, deadline=0.3)
        with pytest.raises(UnreachableError):
            slow.read("checkpoint", 100_000)
    assert not portal.dripped, "given up long before the portal had enough"


def test_a_forged_huge_size_does_not_keep_the_auditor_busy(portal):
    """A size of 2^60 promises more files than there are atoms; after a hundred missing ones it is enough."""
    text = portal.file("checkpoint").read_text().replace("\n700\n", f"\n{2**60}\n", 1)
    portal.file("checkpoint").write_text(text)
    report = portal.audit()
    assert report.exit_status == 1
    assert "checkpoint-forged" in said(report)
    assert told(report) == {"unreachable"}


@pytest.mark.parametrize(
    "facts", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"log_vkey": 7, "publish_every": "x"}', b"x" * 300_000]
)
def test_nonsense_about_the_portal_changes_nothing(portal, facts):
    """The log is checked under the key that the auditor has."""
    (portal.folder / "api/v1/portal").write_bytes(facts)
    assert portal.audit().holds


@pytest.mark.parametrize("content", ["", "{}", "[]", "nonsense", '{"v": 2}', "["])
def test_a_damaged_state_accuses_nobody(portal, state, content):
    """Exit 2, and the file is left alone."""
    state.write_text(content)
    report = portal.audit(state=state)
    assert report.exit_status == 2
    assert told(report) == {"bad-state"}
    assert state.read_text() == content


@pytest.mark.parametrize(
    ("name", "value"),
    [("size", 699), ("size", -1), ("root", "AAAA"), ("tiles", ""), ("edge", ""), ("seen", [[1]]), ("origin", "")],
)
def test_a_state_that_contradicts_itself_accuses_nobody(portal, state, name, value):
    """Its hashes must make its root."""
    kept = json.loads(state.read_text())
    state.write_text(json.dumps({**kept, name: value}))
    assert told(portal.audit(state=state)) == {"bad-state"}


def test_a_state_of_another_origin_is_another_log(portal, state):
    """The portal's name is set once; a changed one is told as another key."""
    kept = json.loads(state.read_text())
    state.write_text(json.dumps({**kept, "origin": "other.example/log"}))
    assert said(portal.audit(state=state)) == {"key-changed": {}}


def test_a_state_that_cannot_be_kept_is_told(portal, tmp_path):
    """A folder stands where the file should be."""
    path = tmp_path / "state"
    path.mkdir()
    assert told(portal.audit(state=path, keys=(LOG.vkey,))) == {"bad-state"}
    file = tmp_path / "file"
    file.write_text("")
    assert told(portal.audit(state=file / "state", keys=(LOG.vkey,))) == {"bad-state"}


def damaged_receipts() -> dict[str, str]:
    """Texts that prove nothing."""
    good = receipt_of(300, HONEST[:400])
    lines = good.split("\n")
    return {
        "empty": "",
        "other": "hello\n",
        "cut": good[: len(good) // 2],
        "index": good.replace("index 300", "index 301"),
        "signature": good[:-10] + "AAAA" + good[-6:],
        "root": good.replace("\n400\n", "\n401\n"),
        "leaf": good.replace(lines[1], "extra e30="),
    }


@pytest.mark.parametrize("kind", [kind for kind in damaged_receipts() if kind != "leaf"])
def test_a_damaged_receipt_accuses_nobody(portal, tmp_path, kind):
    """Exit 2: somebody should look at the file."""
    path = tmp_path / "damaged.tlog-proof"
    path.write_text(damaged_receipts()[kind])
    for kept in ({"receipt": path}, {"receipts": tmp_path}):
        report = portal.audit(keys=(LOG.vkey,), **kept)
        assert report.exit_status == 2
        assert told(report) == {"bad-receipt"}


@pytest.mark.parametrize("extra", ["e30=", "W10=", "eyJsZWFmIjo3fQ==", "eyJsZWFmIjoiISJ9", "/w=="])
def test_a_receipt_with_other_extra_data_still_proves_its_place(portal, tmp_path, extra):
    """The extra data is not under the proof; the log's own entry is."""
    good = receipt_of(300, HONEST[:400])
    (tmp_path / "r.tlog-proof").write_text(good.replace(good.split("\n")[1], f"extra {extra}"))
    report = portal.audit(keys=(LOG.vkey,), receipts=tmp_path)
    assert report.holds
    assert report.receipts == 1


def test_a_damaged_receipt_does_not_hide_a_good_one(portal, tmp_path):
    """The others are compared all the same, and evidence outweighs what could not be checked."""
    (tmp_path / "a.tlog-proof").write_text("damaged")
    (tmp_path / "b.tlog-proof").write_text(receipt_of(300, HONEST[:400]))
    portal.publish(HONEST[:100])
    report = portal.audit(keys=(LOG.vkey,), receipts=tmp_path)
    assert report.exit_status == 1
    assert told(report) == {"bad-receipt"}


def test_a_receipt_of_another_log_is_left_out(portal, tmp_path):
    """Several portals, one folder of receipts."""
    foreign = LogSigner("other.example/log", SecretBytes(b"F" * 32))
    (tmp_path / "r.tlog-proof").write_text(receipt_of(300, HONEST[:400], foreign))
    report = portal.audit(keys=(LOG.vkey,), receipts=tmp_path)
    assert report.holds
    assert told(report) == {"receipt-of-another-log"}


def test_a_folder_without_receipts_is_told(portal, tmp_path):
    """Nothing was compared, so nothing is claimed."""
    assert told(portal.audit(keys=(LOG.vkey,), receipts=tmp_path)) == {"no-receipts"}
    assert told(portal.audit(keys=(LOG.vkey,), receipt=tmp_path / "none")) == {"bad-receipt"}


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"v":2,"origin":"x","openings":[]}', '{"v":1,"origin":"x","openings":{}}', "["]
)
def test_a_file_that_holds_no_openings_is_told(portal, tmp_path, content):
    """Exit 2."""
    path = tmp_path / "openings.json"
    path.write_text(content)
    assert told(portal.audit(keys=(LOG.vkey,), openings=path)) == {"bad-openings"}


def test_openings_of_another_log_are_told(portal, tmp_path):
    """The origin is compared."""
    path = tmp_path / "openings.json"
    path.write_text(json.dumps({"v": 1, "origin": "other.example/log", "openings": [opening_of(3)]}))
    assert told(portal.audit(keys=(LOG.vkey,), openings=path)) == {"bad-openings"}


def test_a_folder_is_read_with_the_same_care(portal, tmp_path):
    """Too large, a folder in place of a file, nothing at all."""
    files = source.FolderSource(portal.folder / "log")
    with pytest.raises(WithheldError):
        files.read("tile/0/000", 100)
    for path in ("tile/0", "tile/0/000/more", "none"):
        with pytest.raises(WithheldError):
            files.read(path, 100)
    with pytest.raises(UnreachableError):
        files.read("x" * 5000, 100)
