"""Next versions in storage, on either engine: all or nothing, and what is to be gone is gone (laws L5, L7, L8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.domain.admission import Changes
from app.domain.deadlines import legal_day
from app.domain.entities import Case, CaseId, EntryKind, HolderSession, Purpose, RecordPlace, Role, StaffMember
from app.domain.errors import AccessError, AdmissionError, DomainError, ProcedureError, ServiceError
from app.domain.openings import decode_opening
from app.domain.ports import EntryDraft, Unit
from app.domain.procedure import Asked
from app.store.housekeeping import sweep
from app.store.vault import StoreVault
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.ask_question import ask_question
from app.usecases.assign_case import assign_case
from app.usecases.enrol_staff import invite
from app.usecases.file_petition import file_petition
from app.usecases.open_case import read_own_record
from app.usecases.read_messages import read_messages
from app.usecases.read_redacted import begin_sitting, read_redacted
from app.usecases.revise_petition import revise_petition
from app.wiring import Assembly
from crypto.digest import sha256_hex
from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from tests.filings import make_filing
from tests.revisions import Versions, answer_text, other_record
from tests.store.storage import Storage


@dataclass
class Desk:
    """A portal, a filed case in it as its holder knows it, and a reviewer."""

    assembly: Assembly
    storage: Storage
    case: CaseId
    versions: Versions
    reviewer: StaffMember

    def revise(self, call: dict[str, Any], **more: Any) -> Any:
        return revise_petition(self.assembly.petitioner, self.case, call, **more)

    def ask(self) -> int:
        """Have the reviewer ask something; return the question's number."""
        acknowledge_petition(self.assembly.petitioner, self.case, "2026-01-05", "OTLA-7")
        office = self.assembly.office
        until = legal_day(office.clock()) + timedelta(days=9)
        return ask_question(office, self.reviewer, self.case, Asked("¿En qué mes?", "es", until))

    def entries(self) -> list[dict[str, str]]:
        """Return the fields of every log entry of the case."""
        with self.assembly.office.ledger.view() as view:
            rows = view.log.openings_of(self.case)
        vault = self.assembly.office.vault
        return [dict(decode_opening(vault.open_opening(i, owner, sealed))[1]) for i, sealed, owner in rows]

    def count(self, table: str) -> int:
        return int(self.storage.rows(f"SELECT count(*) FROM {table}")[0][0])

    def keys(self) -> set[str]:
        """Return the names of the case's record keys."""
        vault = self.assembly.petitioner.vault
        assert isinstance(vault, StoreVault)
        return {name.split("/", 2)[2] for name in vault._keys.beginning("record/")}


@pytest.fixture
def desk(portal: Assembly, storage: Storage) -> Desk:
    """A case that was just filed."""
    filing = make_filing(portal.petitioner.facts.name)
    case = CaseId(file_petition(portal.petitioner, filing.body).case)
    invite(portal.office, "Ana", Role.REVIEWER)
    assign_case(portal.office, "Ana", case)
    with portal.office.ledger.view() as view:
        ana = view.staff.by_name("Ana")
    assert ana is not None
    return Desk(portal, storage, case, Versions.of(filing), ana)


def test_a_next_version_is_taken_once(desk: Desk) -> None:
    """The same call again gets the same receipt; a later retry of it, too (law L7)."""
    call = desk.versions.call(record=other_record(desk.versions.record))
    first, again = desk.revise(call), desk.revise(call)
    assert (first.repeated, again.repeated) == (False, True)
    assert (first.receipt, first.entry_index) == (again.receipt, again.entry_index)
    assert first.manifest_sha256 == sha256_hex(call["manifest"].encode())
    after = desk.versions.follow(call)
    desk.revise(after.call(add={"file": b"x"}))
    assert desk.revise(call).receipt == first.receipt
    said = [entry["detail"] for entry in desk.entries() if entry["kind"] == EntryKind.PETITION_REVISED]
    assert said == ["version 2 record", "version 3"]


def test_two_holders_at_once(desk: Desk) -> None:
    """Both start from the same version: one is told to fetch first, and nothing of theirs is stored."""
    mine = desk.versions.call(record=other_record(desk.versions.record))
    theirs = desk.versions.call(add={"file": b"of the other"})
    desk.revise(mine)
    before = desk.count("sealed_object"), desk.count("part")
    with pytest.raises(ServiceError, match="revision_behind"):
        desk.revise(theirs)
    assert (desk.count("sealed_object"), desk.count("part")) == before
    again = desk.versions.follow(mine).call(add={"file": b"of the other"})
    assert not desk.revise(again).repeated


def test_a_reader_gives_the_purpose_again(desk: Desk) -> None:
    """An open sitting covers the version that it was opened for; the log names the version (law L4)."""
    office, ana = desk.assembly.office, desk.reviewer
    begin_sitting(office, ana, desk.case, Purpose.REVIEW)
    assert read_redacted(office, ana, desk.case).version == 1
    changed = other_record(desk.versions.record, "Lo que pasó, contado mejor.")
    call = desk.versions.call(record=changed)
    desk.revise(call)
    with pytest.raises(AccessError, match="purpose_needed"):
        read_redacted(office, ana, desk.case)
    begin_sitting(office, ana, desk.case, Purpose.REVIEW)
    read = read_redacted(office, ana, desk.case)
    assert (read.version, read.record["facts"]["summary"]) == (2, "Lo que pasó, contado mejor.")
    desk.revise(desk.versions.follow(call).call(add={"file": b"y"}))
    assert read_redacted(office, ana, desk.case).version == 2
    records = [entry["record"] for entry in desk.entries() if entry["kind"] == EntryKind.RECORD_READ]
    assert records == ["record/1", "record/2"]
    assert read_own_record(desk.assembly.petitioner, desk.case).record == changed


def test_a_slipped_name_is_gone(desk: Desk) -> None:
    """Row and key of the older version go; its ciphertext, copied before, opens with nothing that is left (law L8)."""
    place = RecordPlace(desk.case, "record", 1)
    office = desk.assembly.office
    begin_sitting(office, desk.reviewer, desk.case, Purpose.REVIEW)
    with office.ledger.view() as view:
        copied = view.cases.record_sealed(place)
        sitting = view.staff.newest_sitting(desk.reviewer.id, desk.case)
    assert copied is not None
    assert sitting is not None
    assert desk.keys() == {"record/1"}
    desk.revise(desk.versions.call(record=other_record(desk.versions.record), destroys=True))
    assert desk.keys() == {"record/2"}
    assert desk.storage.rows("SELECT version FROM redacted_record") == [(2,)]
    from app.domain.policy import ticket_for_sitting

    with pytest.raises(KeyError):
        office.vault.open_record(ticket_for_sitting(sitting, sitting.started), copied)
    assert desk.entries()[-1]["detail"] == "version 2 record destroys"


def test_older_versions_stay_unless_destroyed(desk: Desk) -> None:
    """A correction is no destruction: what reviewers acted upon stays as it was."""
    call = desk.versions.call(record=other_record(desk.versions.record))
    desk.revise(call)
    assert desk.keys() == {"record/1", "record/2"}
    desk.revise(desk.versions.follow(call).call(destroys=True))
    assert desk.keys() == {"record/2"}


def test_what_is_not_named_any_more_is_deleted(desk: Desk) -> None:
    """Rows, inline parts and parts beside the database; what others use stays."""
    big = b"a large file " * 40_000
    call = desk.versions.call(add={"file": big})
    upload = "ab" * 16
    from app.usecases.keep_part import keep_part

    for name, data in desk.versions.uploads.items():
        keep_part(desk.assembly.petitioner, upload, name, data, upload_limit=2**30)
    call["upload"] = upload
    desk.revise(call)
    (name,) = desk.versions.uploads
    after = desk.versions.follow(call)
    blobs = desk.assembly.petitioner.blobs
    assert blobs.get(name)
    before = desk.count("part"), desk.count("sealed_object")
    file = next(item for item in after.body["objects"] if item["kind"] == "file")
    desk.revise(after.call(drop=[file["sha256"]]))
    assert (desk.count("part"), desk.count("sealed_object")) == (before[0] - 1, before[1] - 1)
    with pytest.raises(FileNotFoundError):
        blobs.get(name)
    with desk.assembly.petitioner.ledger.view() as view:
        assert view.cases.get_object(desk.case, file["sha256"]) is None


def test_a_new_epoch_ends_every_session(desk: Desk) -> None:
    """The old sign-in key and whoever was signed in by it open nothing more."""
    portal = desk.assembly.petitioner
    portal.ledger.write(lambda unit: unit.holders.add_session(HolderSession("a" * 64, desk.case, 0, 2**40, 0)))
    key = desk.versions.next_key()
    call = desk.versions.call(key=key, code="BBBB-BBBB-BBBB-BBBB-BBBB-BBBB")
    old = {item["sha256"] for item in desk.versions.body["objects"]}
    desk.revise(call)
    with portal.ledger.view() as view:
        case = view.cases.get(desk.case)
        assert view.holders.session("a" * 64) is None
        assert {item.sha256 for item in view.cases.objects(desk.case)}.isdisjoint(old)
        assert view.cases.status_hash_of(desk.case) != desk.versions.body["status"]
    after = desk.versions.follow(call, key)
    assert case is not None
    assert case.sign_in_vkey == after.body["sign_in"] != desk.versions.body["sign_in"]
    assert desk.entries()[-1]["detail"] == "version 2 epoch 2"
    with pytest.raises(AdmissionError, match="manifest_signature"):
        desk.revise(after.call(add={"file": b"z"}, signer=desk.versions.signer()))


def test_an_answer_and_what_stands_beside_it(desk: Desk) -> None:
    """A caller's step stands or falls with the version; an answer is replaced only by a version that destroys."""
    seen: list[tuple[str, int | None]] = []

    def refuse(_unit: Unit, _case: Case, _changes: Changes) -> None:
        raise ProcedureError("step_unlisted")

    def take(unit: Unit, case: Case, changes: Changes) -> None:
        unit.append(EntryDraft(EntryKind.STAGE_CHANGED, "holder", Role.HOLDER, case.id, detail="beside"))
        seen.append((case.id, changes.answer))

    number = desk.ask()
    call = desk.versions.call(answer=(number, answer_text(number)), add={"answer": b"{}"})
    with pytest.raises(DomainError, match="step_unlisted"):
        desk.revise(call, beside=refuse)
    assert desk.keys() <= {"record/1", f"answer-{number}/2"}
    desk.revise(call, beside=take)
    assert seen == [(desk.case, number)]
    said = [entry["detail"].partition(" sha256")[0] for entry in desk.entries()[-3:]]
    assert said == [f"version 2 answer {number}", f"answer US_REVIEW question {number}", "beside"]
    after = desk.versions.follow(call)
    with pytest.raises(AdmissionError, match="answers"):
        desk.revise(after.call(answer=(number, answer_text(number, "En abril."))))
    desk.revise(after.call(answer=(number, answer_text(number, "En abril.")), destroys=True))
    assert desk.keys() == {"record/1", f"answer-{number}/3"}
    assert desk.entries()[-1]["detail"] == f"version 3 answer {number} destroys"


def test_a_crash_before_destruction_is_finished_by_the_sweep(desk: Desk) -> None:
    """Keys that no row needs any more go, and none that a row needs (law L8)."""
    portal = desk.assembly.petitioner
    assert isinstance(portal.vault, StoreVault)
    left = portal.vault.new_record_key(RecordPlace(desk.case, "record", 9))
    portal.vault.keep(left.wrapped)
    assert desk.keys() == {"record/1", "record/9"}
    from app.domain.ports import Face

    writer = desk.storage.database.writer(Face.PETITIONER)
    sweep(writer, portal.vault, portal.blobs, portal.clock())  # type: ignore[arg-type]  # the store's own blobs
    writer.close()
    assert desk.keys() == {"record/1"}
    read_own_record(portal, desk.case)


def test_a_batch_that_failed_leaves_no_key_that_a_retry_needs(portal: Assembly) -> None:
    """Keys are durable before the commit: when that fails, the retry's keys are those that open its rows (law L7)."""
    filing = make_filing(portal.petitioner.facts.name)
    from app.domain.intake import Intake, admitted_call

    def failing(unit: Unit) -> None:
        Intake(portal.petitioner, admitted_call(portal.petitioner, filing.body)).store(unit)
        unit.append(EntryDraft(EntryKind.PORTAL_STARTED, "x", Role.PORTAL, CaseId("z" * 26)))

    with pytest.raises((LookupError, KeyError, DomainError)):
        portal.petitioner.ledger.write(failing)
    case = CaseId(file_petition(portal.petitioner, filing.body).case)
    assert read_own_record(portal.petitioner, case).record == filing.body["record"]
    with portal.office.ledger.view() as view:
        sealed = view.cases.cards_sealed([case])
    assert portal.office.vault.open_cards(sealed)[case]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"version": 3}, "revision_behind"),
        ({"previous": "0" * 64}, "revision_behind"),
        ({"epoch": 2}, "later_version"),
        ({"status": "0" * 64}, "later_version"),
        ({"portal": "other.invalid"}, "foreign_portal"),
        ({"case": "a" * 26}, "case_mismatch"),
        ({"roster": []}, "roster"),
        ({"answers": [{"question": 1, "record": "0" * 64}]}, "answers"),
        ({"objects": []}, "manifest_field"),
    ],
)
def test_a_version_that_does_not_follow_is_refused(desk: Desk, changed: dict[str, Any], code: str) -> None:
    """Each rule of a next version, broken by somebody who holds the right key."""
    with pytest.raises(DomainError, match=code):
        desk.revise(desk.versions.call(**changed))
    assert desk.count("manifest") == 1


def test_only_the_signer_of_the_version_before_signs(desk: Desk) -> None:
    """Neither the filer's key, which signed the first one, nor a stranger's."""
    stranger = NoteSigner(f"{desk.versions.key.portal}/case", SecretBytes(bytes(32)))
    for signer in (stranger, NoteSigner(f"{desk.versions.key.portal}/filer", SecretBytes(bytes(32)))):
        with pytest.raises(AdmissionError, match="manifest_signature"):
            desk.revise(desk.versions.call(add={"file": b"x"}, signer=signer))


def test_a_question_that_a_new_key_would_leave_behind(desk: Desk) -> None:
    """Asked while somebody was being removed: the version that does not bring it is behind, and stores nothing."""
    key = desk.versions.next_key()
    call = desk.versions.call(key=key)
    desk.ask()
    mark, sealed = desk.storage.rows("SELECT record, body FROM message")[0]
    with pytest.raises(ServiceError, match="revision_behind"):
        desk.revise(call)
    assert desk.storage.rows("SELECT epoch, body FROM message") == [(1, sealed)]
    whole = desk.versions.call(key=key, messages={mark: b"the same, sealed anew"})
    desk.revise(whole)
    ((epoch, sha256, left),) = desk.storage.rows("SELECT epoch, sha256, body FROM message")
    assert (epoch, bytes(left)) == (2, b"")
    after = desk.versions.follow(whole, key)
    assert [sha256] == after.hashes("message")
    with desk.assembly.petitioner.ledger.view() as view:
        session = HolderSession("b" * 64, desk.case, 0, 2**40, 0)
        assert view.cases.get_object(desk.case, sha256) is not None
    (served,) = read_messages(desk.assembly.petitioner, session)
    assert sha256_hex(served.sealed.body) == sha256
    desk.revise(after.call(add={"file": b"of the same epoch"}))
    assert [row[0] for row in desk.storage.rows("SELECT sha256 FROM sealed_object WHERE kind = 'message'")] == [sha256]


def test_only_a_new_key_brings_messages(desk: Desk) -> None:
    """Within an epoch none comes, so that no holder puts words into the office's mouth, and none goes."""
    with pytest.raises(AdmissionError, match="object_kind"):
        desk.revise(desk.versions.call(add={"message": b"{}"}))
    desk.ask()
    ((mark,),) = desk.storage.rows("SELECT record FROM message")
    key = desk.versions.next_key()
    call = desk.versions.call(key=key, messages={mark: b"{}"})
    desk.revise(call)
    after = desk.versions.follow(call, key)
    with pytest.raises(AdmissionError, match="object_kind"):
        desk.revise(after.call(drop=tuple(after.hashes("message"))))


def test_a_new_epoch_keeps_nothing_of_before(desk: Desk) -> None:
    """An object that the removed holder's key opens may not be carried over."""
    key = desk.versions.next_key()
    call = desk.versions.call(key=key)
    objects = desk.versions.follow(call).body["objects"]
    old = next(item for item in desk.versions.body["objects"] if item["kind"] == "statement")
    kept = [old if item["record"] == old["record"] else item for item in objects]
    with pytest.raises(AdmissionError, match="kept_object"):
        desk.revise(desk.versions.call(key=key, objects=kept))
    same = key.__class__(**{**vars(key), "seed": desk.versions.key.seed, "recipient": desk.versions.key.recipient})
    with pytest.raises(AdmissionError, match="later_version"):
        desk.revise(desk.versions.call(key=same))
