"""An auditor with openings tells signed looks from those that a portal excuses with somebody's name (law L5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.audit.entries import Entry, opened
from app.audit.finding import Code, Remark, Report
from app.audit.requests import SignedPart, check_requests
from app.domain.entities import EntryKind, Purpose, RecordPlace, Role
from app.domain.ports import EntryDraft
from app.store.keyring import read_keyring
from app.usecases.hand_out_openings import hand_out_openings
from app.usecases.keep_devices import end_device
from app.usecases.read_redacted import begin_sitting
from app.wiring import _publish_once, note_signing_rule
from crypto.access_request import detail_of
from crypto.log.checkpoint import Checkpoint, parse_verifier, sign_checkpoint
from crypto.log.commitments import Opening
from tests.devices import Device, enrolled, new_device
from tests.usecases.desks import Desk, desk_in


@dataclass
class Office:
    """An office at which devices must sign, one look that Ana's device signed, and what an auditor is given."""

    desk: Desk
    device: Device
    look: int

    def handed(self) -> tuple[SignedPart, tuple[Entry, ...]]:
        """Return what the file of all openings holds."""
        _publish_once(self.desk.assembly.settings)
        office = self.desk.office
        log: Any = office.log
        log._newest(fresh=True)  # what it knows may be a second old
        with office.ledger.view() as view:
            iris = view.staff.by_name("Iris")
        if iris is None:
            iris = office.ledger.write(lambda unit: unit.staff.add("Iris", Role.AUDITOR, 0)).value
        told: dict[str, Any] = hand_out_openings(office, iris, 0, 1000)
        with office.ledger.view() as view:
            entries = [
                opened(Opening.from_json(each), view.log.leaf(each["index"]) or b"") for each in told["openings"]
            ]
        return SignedPart({}, {}).with_more(told), tuple(entries)

    def judged(self, part: SignedPart, entries: Sequence[Entry]) -> Report:
        """Return what an auditor finds, who knows the log's roots."""
        report, facts = Report(), self.desk.office.facts
        tree: Any = SimpleNamespace(root_at=self.desk.office.ledger.root_at)
        check_requests(part, entries, tree, [parse_verifier(facts.log_vkey)], report)
        return report

    def write(self, kind: EntryKind, detail: str = "", request: str = "", actor: str = "Ana") -> int:
        """Write an entry as a portal can that does as it likes."""
        place = str(RecordPlace(self.desk.case, "record", 1))
        draft = EntryDraft(kind, actor, Role.REVIEWER, self.desk.case, purpose=Purpose.REVIEW, record=place)
        done = replace(draft, detail=detail, request=request)
        return self.desk.office.ledger.write(lambda unit: unit.append(done)).value


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all tests here: each looks at the entries that it made itself."""
    folder: Path = tmp_path_factory.mktemp("office")
    for desk in desk_in(folder, RESGUARDO_SIGNED_REQUESTS="required"):
        note_signing_rule(desk.assembly.settings)
        device = enrolled(desk.office, desk.people["Ana"], "Ana's laptop")
        brought = device.brings(desk.office, desk.case)
        look = begin_sitting(desk.office, desk.people["Ana"], desk.case, Purpose.REVIEW, brought=brought)
        yield Office(desk, device, look)


def _at(report: Report, index: int) -> list[str]:
    return [finding.code for finding in report.findings if finding.where.get("index") == index]


def test_a_signed_look_holds_and_what_is_shown_otherwise_does_not(office: Office) -> None:
    """The honest file first; then the request withheld, another request, another device's statement."""
    part, entries = office.handed()
    report = office.judged(part, entries)
    assert _at(report, office.look) == []
    assert report.signed >= 1
    other = office.device.request(office.desk.case, "0" * 32)
    liar = new_device(office.desk.office, "liar", "reviewer").statement("Luis", "0" * 32)
    for changed in (
        replace(part, requests={}),
        replace(part, requests={office.look: other}),
        replace(part, statements=dict.fromkeys(part.statements, liar)),
        replace(part, statements={}),
    ):
        assert _at(office.judged(changed, entries), office.look) == [Code.REQUEST_FALSE]


def test_a_look_excused_with_what_was_signed_for_something_else(office: Office) -> None:
    """Ana's request used again for another purpose or case, with Luis's name, under an invented key, or none at all."""
    part, entries = office.handed()
    key = next(entry.index for entry in entries if entry.kind == "device_added")
    made: dict[int, str] = {}
    for said in ({"purpose": "EXPORT"}, {"case": "a" * 26}, {"record": "answer-1"}):
        note = office.device.request(said.pop("case", office.desk.case), "0" * 32, **said)
        made[office.write(EntryKind.RECORD_READ, detail_of(note, key), note)] = Code.REQUEST_FALSE
    right = office.device.request(office.desk.case, "0" * 32)
    made[office.write(EntryKind.RECORD_READ, detail_of(right, key), right, actor="Luis")] = Code.REQUEST_FALSE
    invented = new_device(office.desk.office, "invented", "reviewer").request(office.desk.case, "0" * 32)
    made[office.write(EntryKind.RECORD_READ, detail_of(invented, key), invented)] = Code.REQUEST_FALSE
    made[office.write(EntryKind.RECORD_READ)] = Code.REQUEST_UNSIGNED
    part, entries = office.handed()
    report = office.judged(part, entries)
    assert {index: _at(report, index) for index in made} == {index: [code] for index, code in made.items()}


def test_a_device_that_knew_another_history_and_one_that_was_off(office: Office) -> None:
    """The signed request itself is the evidence of a fork; a key that was switched off signs for nothing later."""
    desk = office.desk
    keyring = read_keyring(desk.assembly.settings.data)
    second = enrolled(desk.office, desk.people["Ana"], "second")
    part, entries = office.handed()
    key = max(entry.index for entry in entries if entry.kind == "device_added")
    other = sign_checkpoint(Checkpoint(keyring.log_origin, 2, b"\x05" * 32), [keyring.log])
    forked = second.request(desk.case, "0" * 32, checkpoint=other)
    fork = office.write(EntryKind.RECORD_READ, detail_of(forked, key), forked)
    end_device(desk.office, desk.people["Ana"], key)
    late = second.request(desk.case, "0" * 32)
    off = office.write(EntryKind.RECORD_READ, detail_of(late, key), late)
    part, entries = office.handed()
    report = office.judged(part, entries)
    assert _at(report, fork) == [Code.REQUEST_FORK]
    assert _at(report, off) == [Code.REQUEST_FALSE]
    without = office.judged(part, [entry for entry in entries if entry.kind != "device_added"])
    assert [remark.code for remark in without.remarks] == [Remark.REQUEST_KEY]
