"""The history of a case: what a portal cannot hide, double, reorder or invent (law L5)."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.client.history import Finding, History, check_history
from app.client.opening import open_case
from app.client.proofs import keep, kept
from app.client.signin import signed_in
from app.client.transport import Transport
from crypto.secret import SecretBytes
from tests.client.cases import ROOT, Filed
from tests.client.loopback import LoopbackPortal, altered

PATH = "/api/v1/case/history"


def history(filed: Filed, *, remember: bool = True) -> History:
    """Fetch and check the history as the command does."""
    with Transport(filed.case.url, "es", lambda _: None) as transport:
        opened = open_case(transport, filed.case, ROOT)
        with signed_in(transport, opened, lambda: 1_773_306_000.0):
            served = transport.get_json(PATH)["entries"]
    found = check_history(opened, filed.folder, served)
    for entry in found.entries if remember else ():
        keep(filed.folder, entry)
    return found


def codes(found: History) -> list[tuple[str, int]]:
    """Return the findings."""
    return [(finding.code, finding.place) for finding in found.findings]


@pytest.fixture
def read(portal: LoopbackPortal, filed: Filed) -> LoopbackPortal:
    """A portal at which two officers read the record."""
    portal.append("record_read", "reviewer", "REVIEW")
    portal.append("record_read", "panel", "CLARIFICATION")
    return portal


def lie(portal: LoopbackPortal, change: Callable[[list[Any]], None]) -> None:
    """Change the list that is served."""
    portal.lies[PATH] = altered(lambda answer: change(answer["entries"]))


def test_every_access_is_shown_and_proved(read: LoopbackPortal, filed: Filed) -> None:
    """Receipt, two readings and our own opening, in order, each with a proof."""
    found = history(filed)
    assert codes(found) == []
    kinds = [entry.fields["kind"] for entry in found.entries]
    assert kinds == ["petition_received", "record_read", "record_read", "case_opened"]
    assert found.entries[1].fields["purpose"] == "REVIEW"
    assert "actor" not in found.entries[1].fields


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_left_out_reading_leaves_a_gap(read: LoopbackPortal, filed: Filed, place: int) -> None:
    """Rule 2: the tags of a case have no gap."""
    lie(read, lambda entries: entries.pop(place))
    assert ("gap", place) in codes(history(filed))


def test_a_reading_never_tagged_leaves_a_gap(portal: LoopbackPortal, filed: Filed) -> None:
    """A portal that burns a tag on something hidden is found by the next entry."""
    portal.append("record_read", "reviewer", "REVIEW", counter=2)
    assert ("gap", 1) in codes(history(filed))


def test_a_doubled_entry_is_found(read: LoopbackPortal, filed: Filed) -> None:
    """One tag, two entries."""
    read.append("record_read", "reviewer", "REVIEW", counter=1)
    assert ("doubled", 1) in codes(history(filed))


def test_reordered_entries_are_found(read: LoopbackPortal, filed: Filed) -> None:
    """The order of the log is the order of what happened."""
    lie(read, lambda entries: entries.reverse())
    assert any(code == "order" for code, _ in codes(history(filed)))


def test_an_entry_of_another_case_is_found(read: LoopbackPortal, filed: Filed) -> None:
    """An authentic entry with a foreign tag does not fill a gap."""
    own = read.case["log_key"]
    read.case["log_key"] = os.urandom(32)
    index = read.append("record_read", "reviewer", "REVIEW")
    read.case["log_key"] = own
    assert ("foreign", index) in codes(history(filed))


@pytest.mark.parametrize("field", ["leaf", "proof", "opening", "index"])
def test_a_changed_line_is_not_shown(read: LoopbackPortal, filed: Filed, field: str) -> None:
    """Rule 1: another leaf, proof, opening or index, and the line does not count."""

    def change(entries: list[Any]) -> None:
        entries[1][field] = entries[2][field]

    lie(read, change)
    found = history(filed)
    assert ("unproved", 1) in codes(found)
    assert ("gap", 1) in codes(found)


def test_a_story_other_than_committed_is_not_shown(read: LoopbackPortal, filed: Filed) -> None:
    """The portal cannot say "to review" of what it logged otherwise."""

    def change(entries: list[Any]) -> None:
        entries[2]["opening"]["fields"]["purpose"][1] = "REVIEW"

    lie(read, change)
    assert ("unproved", 2) in codes(history(filed))


@pytest.mark.parametrize("line", [None, 7, {}, {"index": 1}, [], "x"])
def test_lines_of_another_form_are_findings(read: LoopbackPortal, filed: Filed, line: object) -> None:
    """Whatever is served, there is a finding and no crash."""
    lie(read, lambda entries: entries.append(line))
    assert ("unproved", 4) in codes(history(filed))


def test_a_cut_tail_is_noticed_by_who_saw_it(read: LoopbackPortal, filed: Filed) -> None:
    """Rule 3: what was proved here before does not go away."""
    history(filed)
    lie(read, lambda entries: entries.__delitem__(slice(2, None)))
    assert ("withheld", 2) in codes(history(filed))


def test_a_restored_backup_is_noticed(read: LoopbackPortal, filed: Filed) -> None:
    """A log rebuilt from an older state says other things at the same places."""
    history(filed)
    del read.entries[1:], read.opened[1:]
    read.counter = 1
    for _ in range(2):
        read.append("record_read", "reviewer", "AUDIT")
    found = codes(history(filed))
    assert ("changed", 1) in found
    assert any(code == "fork" for code, _ in found)


def test_a_rewritten_log_contradicts_the_receipt(read: LoopbackPortal, filed: Filed) -> None:
    """Even the first history convicts: the receipt is kept from the first day."""
    del read.entries[:], read.opened[:]
    read.counter = 0
    read.append("petition_received", "petitioner")
    assert ("changed", 0) in codes(history(filed))


def test_a_log_smaller_than_the_receipts_is_found(portal: LoopbackPortal, filed: Filed) -> None:
    """Rule 4: a tree that shrank."""
    for _ in range(3):
        portal.append("record_read", "reviewer", "REVIEW")
    history(filed)
    receipt = filed.folder / "receipt.tlog-proof"
    receipt.write_text(portal.carried(0))
    small = portal.proof(0, size=1)
    lie(portal, lambda entries: entries[0].update(proof=small))
    assert ("older", 1) in codes(history(filed))


def test_another_log_key_proves_nothing(portal: LoopbackPortal, filed: Filed) -> None:
    """The key was pinned at filing; every line under another one is unproved."""
    with LoopbackPortal(seed=bytes([9]) * 32) as other:
        portal.log = other.log
        assert ("unproved", 0) in codes(history(filed))


def test_a_changed_receipt_is_a_finding(filed: Filed) -> None:
    """Somebody was at the folder."""
    receipt = filed.folder / "receipt.tlog-proof"
    receipt.write_text(receipt.read_text().replace("index 0", "index 1"))
    assert ("receipt", 0) in codes(history(filed))


def test_a_holder_without_receipt_is_not_alarmed(filed: Filed) -> None:
    """A colleague has case.json and no receipt; that alone is no evidence of anything."""
    (filed.folder / "receipt.tlog-proof").unlink()
    assert codes(history(filed)) == []


def test_a_holder_who_came_later_is_not_alarmed(read: LoopbackPortal, filed: Filed) -> None:
    """What happened before their first proof may stand under an older checkpoint: that of its day."""
    (filed.folder / "receipt.tlog-proof").unlink()
    seen = history(filed, remember=False).entries[-1]
    keep(filed.folder, seen)
    of_their_day = [read.proof(index, size=index + 1) for index in range(seen.index)]

    def change(entries: list[Any]) -> None:
        for entry, proof in zip(entries, of_their_day, strict=False):
            entry["proof"] = proof

    lie(read, change)
    assert codes(history(filed)) == []


def test_kept_proofs_tell_nothing(read: LoopbackPortal, filed: Filed) -> None:
    """What is kept for comparison can be shown to others: no opening, no purpose, no case number."""
    history(filed)
    proofs = list((filed.folder / "proofs").iterdir())
    assert len(proofs) == len(list(kept(filed.folder, filed.case))) == 4
    for path in proofs:
        assert path.stat().st_mode & 0o777 == 0o600
        assert not any(word in path.read_text() for word in ("REVIEW", "reviewer", filed.case.case))


def test_a_damaged_kept_proof_is_passed_over(read: LoopbackPortal, filed: Filed) -> None:
    """A torn file proves nothing, against nobody."""
    history(filed)
    (filed.folder / "proofs" / "1.tlog-proof").write_bytes(b"\xff\x00")
    assert codes(history(filed)) == []


@pytest.mark.parametrize("code", Finding.MESSAGES)
def test_every_finding_has_words(code: str) -> None:
    """In each language."""
    assert all("7" in Finding(code, 7).text(language) or code == "receipt" for language in ("es", "en", "fr"))


def test_the_case_log_key_comes_from_the_seal(portal: LoopbackPortal, filed: Filed) -> None:
    """Tags are computed with the key that was sealed, not with one that the portal says."""
    with Transport(filed.case.url, "es", lambda _: None) as transport:
        opened = open_case(transport, filed.case, ROOT)
    assert isinstance(opened.case_log_key, SecretBytes)
    assert opened.case_log_key.reveal() == portal.case["log_key"]


def test_nothing_is_kept_of_a_line_that_does_not_hold(read: LoopbackPortal, filed: Filed, tmp_path: Path) -> None:
    """Only proofs are kept."""
    lie(read, lambda entries: entries[1].update(proof="x"))
    history(filed)
    assert not (filed.folder / "proofs" / "1.tlog-proof").exists()
