"""Notes of the office: for those who read the case, logged, without identifiers, never edited."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from app.domain.caseload import MOST_NOTE
from app.domain.entities import SITTING_SECONDS
from app.domain.errors import AccessError, NoteError
from app.store import tables
from app.usecases.keep_notes import NewNote, open_notes, show_notes, write_note
from tests.usecases.desk import Office, office_in


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for the tests of this file."""
    with office_in(tmp_path_factory.mktemp("notes")) as opened:
        yield opened


def test_notes_are_read_under_a_logged_sitting(office: Office) -> None:
    """Without one only the number shows; one entry covers thirty minutes; writing is one entry each."""
    case, ana, luis = office.file(("Ana", "Luis")), office.who("Ana"), office.who("Luis")
    write_note(office.portal, ana, case, NewNote("Llamar el lunes.\n[TESTIGO-01] pide intérprete."))
    write_note(office.portal, luis, case, NewNote("El martes.", corrects=1))
    shown = show_notes(office.portal, luis, case)
    assert shown
    assert (shown.count, shown.started, shown.notes) == (2, None, ())
    for _ in range(2):
        open_notes(office.portal, luis, case)
    shown = show_notes(office.portal, luis, case)
    assert shown
    said = [(each.number, each.author, each.corrects, each.corrected_by) for each in shown.notes]
    assert said == [(1, "Ana", None, 2), (2, "Luis", 1, 0)]
    office.ahead[0] += SITTING_SECONDS
    late = show_notes(office.portal, luis, case)
    assert late
    assert late.notes == ()
    written = [each for each in office.entries("note_written") if each["case"] == case]
    assert [(each["actor"], each["detail"]) for each in written] == [("Ana", "note 1"), ("Luis", "note 2 corrects 1")]
    assert all(len(each["record"]) == 64 for each in written)
    assert len([each for each in office.entries("notes_read") if each["case"] == case]) == 1


def test_who_does_not_have_the_case_gets_no_note(office: Office) -> None:
    """Refused, logged, and the card does not even say how many there are."""
    case, eva = office.file(("Ana",)), office.who("Eva")
    write_note(office.portal, office.who("Ana"), case, NewNote("Para la oficina."))
    assert show_notes(office.portal, eva, case) is None
    before = len(office.refused())
    with pytest.raises(AccessError, match="not_assigned"):
        write_note(office.portal, eva, case, NewNote("Yo también."))
    with pytest.raises(AccessError, match="not_assigned"):
        open_notes(office.portal, eva, case)
    assert office.refused()[before:] == ["Eva: write_note not_assigned", "Eva: read_notes not_assigned"]


def test_a_suspended_case_hides_its_notes(office: Office) -> None:
    """Neither read nor written until the petitioner lifts it."""
    case, ana = office.file(("Ana",)), office.who("Ana")
    write_note(office.portal, ana, case, NewNote("Antes."))
    open_notes(office.portal, ana, case)
    office.assembly.petitioner.ledger.write(lambda unit: unit.cases.set_suspended(case, office.portal.clock()))
    assert show_notes(office.portal, ana, case) is None
    with pytest.raises(AccessError, match="case_suspended"):
        write_note(office.portal, ana, case, NewNote("x"))
    with pytest.raises(AccessError, match="case_suspended"):
        open_notes(office.portal, ana, case)
    assert "Ana: write_note case_suspended" in office.refused()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "note_form"),
        ("x" * (MOST_NOTE + 1), "note_form"),
        ("a\x00b", "note_form"),
        ("Su CURP es BOXW310820HNERXN09.", "note_guard"),
        ("Escribir a alguien@correo.mx", "note_guard"),
    ],
)
def test_a_note_names_nobody_by_an_identifier(office: Office, said: str, code: str) -> None:
    """The guard of the record holds here too, and the refusal repeats nothing."""
    case = office.file(("Ana",))
    with pytest.raises(NoteError, match=code) as refused:
        write_note(office.portal, office.who("Ana"), case, NewNote(said))
    assert "BOXW" not in refused.value.text("es")
    assert not [each for each in office.entries("note_written") if each["case"] == case]
    with pytest.raises(NoteError, match="note_unknown"):
        write_note(office.portal, office.who("Ana"), case, NewNote("Corrijo.", corrects=1))


def test_a_note_cannot_be_changed_and_is_encrypted(office: Office) -> None:
    """The engine refuses UPDATE and DELETE; the file holds no word of it."""
    case, ana = office.file(("Ana",)), office.who("Ana")
    write_note(office.portal, ana, case, NewNote("Palabra-centinela de la oficina"))
    for statement in (delete(tables.case_note), update(tables.case_note).values(written=0)):
        with pytest.raises(DatabaseError):
            office.portal.ledger.write(lambda unit, s=statement: unit.desk._connection.execute(s))  # type: ignore[misc]  # bound now
    with office.portal.ledger.view() as view:
        bodies = view.desk._connection.execute(text("SELECT body FROM case_note")).scalars().all()  # type: ignore[attr-defined]  # as above
    assert bodies
    assert not any(b"centinela" in body for body in bodies)
