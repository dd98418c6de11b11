"""Notes of the office on a case: appended by its readers, read under a sitting of their own, never edited.

Rules
    1. Who is let at the case writes and reads: assigned, and not while the petitioner has suspended access.
    2. A note names nobody by an identifier; names are for the petitioner's people to keep.
    3. Reading is one entry for a sitting of at most 30 minutes, as for a record; writing is one entry each, whose
       record is the hash of the note's salted bytes, so that a changed note no longer fits the log.
    4. A correction is a new note that names the old one. Nothing here reaches an export.
    5. A note may point at a place in the record or on a page, or translate a part of the record into another language:
       whoever reads the original sees by whom and when, and that it is not the petitioner's.
"""

import json
from dataclasses import dataclass
from typing import Any

from app.domain.caseload import MOST_NOTE, StoredNote
from app.domain.chronicle import step_of_reader
from app.domain.entities import NOTES, Case, CaseId, EntryKind, Purpose, Sitting, StaffMember
from app.domain.errors import AccessError, NoteError
from app.domain.places import Spot, is_place, spot_of
from app.domain.policy import check_access, is_open
from app.domain.ports import EntryDraft, Portal, Unit, View
from app.domain.redaction import guard
from app.domain.typed_text import is_readable
from app.i18n import LANGUAGES
from crypto.canonical import canonical_json
from crypto.digest import sha256_hex

_SALT_BYTES = 16


@dataclass(frozen=True)
class Note:
    """A note as its readers see it; `corrected_by` is the newest note that puts it right, 0 without one."""

    number: int
    author: str
    written: int
    text: str
    corrects: int | None
    corrected_by: int = 0
    spot: Spot | None = None
    language: str = ""


@dataclass(frozen=True)
class NewNote:
    """What somebody writes: `corrects` is an older note that it puts right, `language` that of a translation."""

    text: str
    corrects: int = 0
    spot: Spot | None = None
    language: str = ""


@dataclass(frozen=True)
class Notes:
    """How many notes a case has, and under an open sitting what they say; `started` is None without one."""

    count: int
    started: int | None
    notes: tuple[Note, ...]


def show_notes(portal: Portal, member: StaffMember, case_id: CaseId) -> Notes | None:
    """Return a case's notes, None to who is not let at it; without an open sitting only how many there are."""
    with portal.ledger.view() as view:
        try:
            _let_at(view, member, case_id)
        except AccessError:
            return None
        count = view.desk.note_count(case_id)
        sitting = view.staff.newest_sitting(member.id, case_id, NOTES)
        if sitting is None or not is_open(sitting, portal.clock()):
            return Notes(count, None, ())
        stored, names = view.desk.notes(case_id), {each.id: each.name for each in view.staff.all()}
    corrected = {each.corrects: each.seq for each in stored if each.corrects}
    notes = tuple(_opened(portal, each, names[each.staff], corrected.get(each.seq, 0)) for each in stored)
    return Notes(count, sitting.started, notes)


def open_notes(portal: Portal, member: StaffMember, case_id: CaseId) -> None:
    """Log that a reader begins to read the notes; an open sitting is used again. Raises AccessError, logged."""

    def work(unit: Unit) -> None:
        case = _let_at(unit, member, case_id)
        now = portal.clock()
        known = unit.staff.newest_sitting(member.id, case_id, NOTES)
        if known is None or not is_open(known, now):
            draft = EntryDraft(EntryKind.NOTES_READ, member.name, member.role, case_id, record=NOTES)
            index = unit.append(draft)
            sitting = Sitting(0, member.id, case_id, case.version, Purpose.REVIEW, now, index, record=NOTES)
            unit.staff.add_sitting(sitting)

    step_of_reader(portal, member, case_id, "read_notes", work)


def write_note(portal: Portal, member: StaffMember, case_id: CaseId, new: NewNote) -> None:
    """Append a note; one that corrects puts an older one right, which stays.

    Raises AccessError: not_allowed, not_assigned, case_suspended, case_withdrawn, case_unknown; logged.
    Raises NoteError: note_form, note_guard, note_unknown, note_place.
    """
    corrects = new.corrects

    def work(unit: Unit) -> None:
        _let_at(unit, member, case_id)
        _check_note(new)
        count = unit.desk.note_count(case_id)
        if not 0 <= corrects <= count:
            raise NoteError("note_unknown", "note")
        body = canonical_json(_said(new) | {"v": 1, "salt": portal.random(_SALT_BYTES).hex()})
        seq, said = count + 1, f"note {count + 1}" + (f" corrects {corrects}" if corrects else "")
        draft = EntryDraft(
            EntryKind.NOTE_WRITTEN, member.name, member.role, case_id, record=sha256_hex(body), detail=said
        )
        note = StoredNote(
            case=case_id,
            seq=seq,
            staff=member.id,
            written=portal.clock(),
            corrects=corrects or None,
            entry_index=unit.append(draft),
            body_sealed=portal.vault.seal_note(case_id, seq, body),
        )
        unit.desk.add_note(note)

    step_of_reader(portal, member, case_id, "write_note", work)


def _let_at(view: View, member: StaffMember, case_id: CaseId) -> Case:
    seen = view.cases.seen_by(case_id, member.id)
    if seen is None:
        raise AccessError("case_unknown")
    case, assigned = seen
    check_access(member, case, assigned=assigned)
    return case


def _said(new: NewNote) -> dict[str, Any]:
    said: dict[str, Any] = {"text": new.text.strip()}
    if new.spot is not None:
        said["spot"] = new.spot.to_json()
    return said | ({"language": new.language} if new.language else {})


def _check_note(new: NewNote) -> None:
    if new.spot is not None and not is_place(new.spot):
        raise NoteError("note_place", "note")
    if new.language and (new.language not in LANGUAGES or new.spot is None):
        raise NoteError("note_place", "note")
    _check_text(new.text)


def _check_text(text: str) -> None:
    lines = text.split("\n")
    if not text.strip() or len(text) > MOST_NOTE or not all(map(is_readable, lines)):
        raise NoteError("note_form", "note", limit=MOST_NOTE)
    if hits := guard.check({"note": text}):
        raise NoteError("note_guard", "note", kind=hits[0].kind)


def _opened(portal: Portal, stored: StoredNote, author: str, corrected_by: int) -> Note:
    body = json.loads(portal.vault.open_note(stored.case, stored.seq, stored.body_sealed))
    more = (spot_of(body.get("spot")), body.get("language", ""))
    return Note(stored.seq, author, stored.written, body["text"], stored.corrects, corrected_by, *more)
