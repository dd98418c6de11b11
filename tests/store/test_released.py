"""Public versions on both engines, each face with its own rights: given out, handed on, called back, destroyed."""

from __future__ import annotations

import pytest

from app.domain.entities import PUBLIC, CaseId, Purpose, RecordPlace, Role
from app.domain.released import Audience
from app.usecases.assign_case import assign_case
from app.usecases.destroy_cases import destroy
from app.usecases.file_petition import file_petition
from app.usecases.hand_on_public import hand_on_public, show_office_copy, take_document
from app.usecases.read_redacted import begin_sitting
from app.usecases.release_public import list_released, recall_public, release_public
from app.usecases.show_released import check_released, list_public
from app.wiring import Assembly
from crypto.digest import sha256_hex
from tests.filings import make_filing
from tests.released import release_note, version_of
from tests.revisions import Versions
from tests.store.test_retention_races import due

pytestmark = pytest.mark.long


def test_each_face_can_do_its_part_and_nothing_stays_of_what_is_gone(portal: Assembly) -> None:
    """Law L8: a version in force goes with its case, one that was called back goes at once."""
    holder, office, text = portal.petitioner, portal.office, version_of()
    filing = make_filing(holder.facts.name)
    case = CaseId(file_petition(holder, filing.body).case)
    ana = office.ledger.write(lambda unit: unit.staff.add("Ana", Role.REVIEWER, 0)).value
    assign_case(office, "Ana", case)
    for audience in (Audience.OFFICE, Audience.EVERYONE):
        note = release_note(Versions.of(filing).signer(), holder.facts.name, case, text, audience)
        assert release_public(holder, case, text, note)
    begin_sitting(office, ana, case, Purpose.EXPORT, PUBLIC)
    assert take_document(office, ana, case).startswith(b"%PDF")
    hand_on_public(office, ana, case, "A la empresa")
    copy = show_office_copy(office, ana, case)
    assert copy is not None
    assert [each.released.version for each in list_public(holder)] == [2]
    assert recall_public(holder, case)
    assert list_public(holder) == []
    assert len(list_released(holder, case).versions) == 2
    assert check_released(holder, sha256_hex(text.encode())) is not None
    note = release_note(Versions.of(filing).signer(), holder.facts.name, case, text)
    assert release_public(holder, case, text, note)
    assert destroy(holder, due(portal, case)) is not None
    with holder.ledger.view() as view:
        assert view.cases.record_sealed(RecordPlace(case, PUBLIC, 3)) is None
        assert view.released.of(case) == ()
    assert check_released(holder, sha256_hex(text.encode())) is None
