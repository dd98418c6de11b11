"""Readers' marks: a code leads to its sitting with operator and auditor together, and nowhere with one of them."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.client.tracing import TraceError, trace
from app.domain.entities import SITTING_SECONDS, MarkShare, Purpose
from app.domain.errors import AccessError
from app.usecases.hand_over_marks import hand_over_marks
from app.usecases.read_redacted import RedactedRecord, begin_sitting, read_page, read_redacted
from crypto.age import hybrid_recipient
from crypto.errors import CryptoError
from crypto.mark import MarkShares, code_of
from crypto.opening import HybridIdentity, open_bytes
from crypto.secret import SecretBytes
from tests.usecases.desks import Desk, desk_in
from tests.usecases.test_evidence import PAGES, filing_with

AUDITOR = SecretBytes(bytes(range(32)))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a desk of a portal whose marks an auditor can trace."""
    for made in desk_in(tmp_path_factory.mktemp("marks"), lambda portal: filing_with(portal, PAGES)):
        facts = replace(made.office.facts, trace_to=str(hybrid_recipient(AUDITOR)))
        faces = {face: replace(portal, facts=facts) for face, portal in made.assembly.faces.items()}
        made.assembly = replace(made.assembly, faces=faces)
        yield made


def looked(desk: Desk, name: str = "Ana", record: str = "evidence-1") -> RedactedRecord:
    """Return what somebody is shown."""
    reader = desk.people[name]
    begin_sitting(desk.office, reader, desk.case, Purpose.REVIEW, record)
    return read_redacted(desk.office, reader, desk.case, record)


def handed_over(desk: Desk) -> bytes:
    """Return the operator's file for all days."""
    sealed, _ = hand_over_marks(desk.assembly.petitioner, 0, desk.office.clock() + 1)
    return sealed


def stored(desk: Desk) -> list[MarkShare]:
    """Return the shares as the portal stores them."""
    with desk.assembly.petitioner.ledger.view() as view:
        return list(view.staff.marks(0, desk.office.clock() + 1))


def test_a_mark_leads_to_the_sitting_with_both_keys(desk: Desk) -> None:
    """Operator's file and auditor's key together say which sitting it was, and its log entry binds them."""
    first, second = looked(desk), looked(desk, record="record")
    assert first.code != second.code
    identity, file = HybridIdentity(AUDITOR), handed_over(desk)
    found = trace(file, first.code.lower().replace("-", " "), identity)
    assert (found.reader, found.case, found.record, found.entry) == (
        "Ana",
        desk.case,
        "evidence-1/1",
        first.entry_index,
    )
    details = [entry["detail"] for entry in desk.entries() if entry["kind"] == "evidence_read"]
    assert f"mark {found.commitment}" in details
    with pytest.raises(TraceError, match="not_found"):
        trace(file, "AAAA-AAAA-AAAA-AAAA", identity)
    with pytest.raises(TraceError, match="code"):
        trace(file, "too short", identity)


def test_a_mark_with_one_key_leads_nowhere(desk: Desk) -> None:
    """Attack: one of the two tries every reader, case, record and moment; the other share is missing each time."""
    shown = looked(desk)
    file, vault = handed_over(desk), desk.office.vault
    (share,) = [each for each in stored(desk) if each.entry_index == shown.entry_index]
    # The operator alone: what was stored and the vault, and no auditor's key.
    half = json.loads(vault.open_mark(desk.case, share.entry_index, "share", share.operator_sealed))
    operator = SecretBytes(bytes.fromhex(half["share"]))
    with pytest.raises(CryptoError):
        open_bytes(share.auditor_sealed, [HybridIdentity(SecretBytes(os.urandom(32)))])
    # The auditor alone: the key, and whatever of the database came into their hands without the vault's key.
    auditor = SecretBytes(open_bytes(share.auditor_sealed, [HybridIdentity(AUDITOR)]))
    assert half["share"].encode() not in share.operator_sealed
    assert operator.reveal() not in share.operator_sealed
    nothing = SecretBytes(bytes(32))
    for alone in (MarkShares(operator, nothing), MarkShares(nothing, auditor)):
        for moment in range(shown.started - 60, shown.started + 60):
            for reader in desk.people:
                assert code_of(alone, reader, desk.case, "evidence-1/1", moment) != shown.code
    assert code_of(MarkShares(operator, auditor), "Ana", desk.case, "evidence-1/1", shown.started) == shown.code
    # Who steals the file on its way has neither key.
    with pytest.raises(TraceError, match="other_key"):
        trace(file, shown.code, HybridIdentity(SecretBytes(os.urandom(32))))
    assert shown.code.encode() not in file
    assert base64.b64encode(operator.reveal()) not in file


def test_a_code_is_forgotten_when_its_sitting_is_over(desk: Desk) -> None:
    """The portal knows a code while it shows it; the next sitting of anybody takes the old ones away."""
    looked(desk)
    later = desk.office.clock() + SITTING_SECONDS + 1
    office = replace(desk.office, clock=lambda: later)
    begin_sitting(office, desk.people["Ana"], desk.case, Purpose.REVIEW)
    with desk.office.ledger.view() as view:
        old = view.staff.newest_sitting(desk.people["Ana"].id, desk.case, "evidence-1")
        new = view.staff.newest_sitting(desk.people["Ana"].id, desk.case)
    assert old is not None
    assert old.code_sealed is None
    assert new is not None
    assert new.code_sealed is not None


def test_every_reader_is_shown_the_same_record_and_another_mark(desk: Desk) -> None:
    """The canonical record, its pages and their hashes are one for all; only the mark differs."""
    one, other = looked(desk), looked(desk, "Luis")
    assert one.record == other.record
    assert one.code != other.code
    pages = [read_page(desk.office, desk.people[name], desk.case, "evidence-1", 1) for name in ("Ana", "Luis")]
    assert pages[0].picture == pages[1].picture
    assert pages[0].code == one.code != pages[1].code


def test_that_marks_were_handed_over_is_in_the_log(desk: Desk) -> None:
    """Law L4: an operator who prepares a trace says so to everybody first; without an auditor there is none."""
    handed_over(desk)
    with desk.office.ledger.view() as view:
        openings = view.log.openings_of("")  # type: ignore[arg-type]  # the portal's own entries
        index, sealed, _ = openings[-1]
    assert b"marks_handed_over" in desk.office.vault.open_opening(index, "", sealed)
    off = replace(desk.assembly.petitioner, facts=replace(desk.office.facts, trace_to=None))
    with pytest.raises(AccessError, match="trace_off"):
        hand_over_marks(off, 0, 1)
