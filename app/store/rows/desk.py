"""The office's own order: who has which case, hand-overs, notes, saved views."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update
from sqlalchemy import case as sql_case

from app.domain.caseload import HandOver, Move, StoredNote, StoredView
from app.domain.entities import CaseId, Role, StaffMember, StaffState, Stage
from app.domain.procedure import ASKING, Action
from app.store import tables
from app.store.prepared import Prepared

_assignment, _case, _event, _staff = tables.assignment.c, tables.case.c, tables.case_event.c, tables.staff.c
_note, _sitting, _view = tables.case_note.c, tables.sitting.c, tables.saved_view.c
_NOTE_COUNT = Prepared(
    select(func.count().label("notes")).select_from(tables.case_note).where(_note.case_id == bindparam("case"))
)


class SqlDeskRows:
    """`DeskRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def readers(self, case: CaseId) -> Sequence[StaffMember]:
        """Return those to whom a case is assigned, in the order in which they got it."""
        columns = (_staff.id, _staff.name, _staff.role, _staff.state, _staff.vouched_by)
        rows = select(*columns).join(tables.assignment, _assignment.staff_id == _staff.id)
        found = self._connection.execute(rows.where(_assignment.case_id == case).order_by(_assignment.since, _staff.id))
        return [StaffMember(row.id, row.name, Role(row.role), StaffState(row.state), row.vouched_by) for row in found]

    def cases_of(self, staff: int) -> Mapping[CaseId, Stage]:
        """Return the cases that are assigned to an account, oldest first, with their stages."""
        rows = select(_case.id, _case.stage).join(tables.assignment, _assignment.case_id == _case.id)
        found = rows.where(_assignment.staff_id == staff).order_by(_case.received_at, _case.id)
        return {CaseId(row.id): Stage(row.stage) for row in self._connection.execute(found)}

    def loads(self, closed: Collection[Stage]) -> Mapping[int, int]:
        """Return how many cases each account has that are at none of the closed stages."""
        rows = select(_assignment.staff_id, func.count()).join(tables.case, _case.id == _assignment.case_id)
        found = rows.where(_case.stage.not_in([stage.value for stage in closed])).group_by(_assignment.staff_id)
        return {row[0]: row[1] for row in self._connection.execute(found)}

    def take_away(self, case: CaseId, staff: int, now: int) -> None:
        """Take a case from an account; its sittings over that case end at once."""
        both = (_assignment.case_id == case) & (_assignment.staff_id == staff)
        self._connection.execute(delete(tables.assignment).where(both))
        open_ones = (_sitting.case_id == case) & (_sitting.staff_id == staff) & _sitting.ended.is_(None)
        self._connection.execute(update(tables.sitting).where(open_ones).values(ended=now))

    def open_drafts(self) -> Mapping[CaseId, int]:
        """Return who wrote the draft that waits for a second person, by case."""
        newest = (
            select(_event.case_id, func.max(_event.seq).label("seq"))
            .where(_event.action == Action.DRAFT)
            .group_by(_event.case_id)
            .subquery()
        )
        same = (_event.case_id == newest.c.case_id) & (_event.seq == newest.c.seq)
        rows = select(_event.case_id, _event.staff_id).join(newest, same).join(tables.case, _case.id == _event.case_id)
        found = self._connection.execute(rows.where(_case.stage == Stage.US_REVIEW))
        return {CaseId(row.case_id): row.staff_id for row in found}

    def open_questions(self) -> Collection[CaseId]:
        """Return the cases in which a question of the office waits for the petitioner."""
        closing = (Action.ANSWER, Action.WITHDRAW_QUESTION)
        balance = func.sum(sql_case((_event.action == Action.ASK, 1), (_event.action.in_(closing), -1), else_=0))
        rows = select(_event.case_id).join(tables.case, _case.id == _event.case_id)
        asking = rows.where(_case.stage.in_([stage.value for stage in ASKING]))
        return {CaseId(row[0]) for row in self._connection.execute(asking.group_by(_event.case_id).having(balance > 0))}

    def unread_answers(self) -> Collection[CaseId]:
        """Return the cases with an answer that nobody of the office has begun to read."""
        answers = select(_event.case_id, func.count()).where(_event.action == Action.ANSWER).group_by(_event.case_id)
        of_answers = _sitting.record.startswith("answer-")
        read = select(_sitting.case_id, func.count(_sitting.record.distinct())).where(of_answers)
        known = {row[0]: row[1] for row in self._connection.execute(read.group_by(_sitting.case_id))}
        return {CaseId(row[0]) for row in self._connection.execute(answers) if row[1] > known.get(row[0], 0)}

    def add_hand_over(self, made: HandOver) -> int:
        """Insert a hand-over with its cases and return its number."""
        row = {"giver_id": made.giver, "made_by": made.made_by, "made": made.made}
        inserted = self._connection.execute(insert(tables.hand_over).returning(tables.hand_over.c.id), row)
        number = int(inserted.scalar_one())
        moves = [
            {"hand_over_id": number, "case_id": each.case, "receiver_id": each.receiver, "had_it": each.had_it}
            for each in made.moves
        ]
        self._connection.execute(insert(tables.hand_over_case), moves)
        return number

    def hand_overs(self, since: int) -> Sequence[HandOver]:
        """Return the hand-overs made since a time, the newest first."""
        table, moved = tables.hand_over.c, tables.hand_over_case.c
        rows = select(tables.hand_over).where(table.made >= since).order_by(table.id.desc())
        found = []
        for row in self._connection.execute(rows).all():
            cases = select(tables.hand_over_case).where(moved.hand_over_id == row.id).order_by(moved.case_id)
            moves = tuple(
                Move(CaseId(each.case_id), each.receiver_id, each.had_it) for each in self._connection.execute(cases)
            )
            found.append(HandOver(row.id, row.giver_id, row.made_by, row.made, moves, row.undone))
        return found

    def undo_hand_over(self, number: int, now: int) -> bool:
        """Mark a hand-over as taken back; False if it was already."""
        table = tables.hand_over.c
        standing = (table.id == number) & table.undone.is_(None)
        changed = update(tables.hand_over).where(standing).values(undone=now).returning(table.id)
        return self._connection.scalar(changed) is not None

    def add_note(self, note: StoredNote) -> None:
        """Insert a note; a number that is taken is refused by the database."""
        row = {
            "case_id": note.case,
            "seq": note.seq,
            "staff_id": note.staff,
            "written": note.written,
            "corrects": note.corrects,
            "entry_index": note.entry_index,
            "body": note.body_sealed,
        }
        self._connection.execute(insert(tables.case_note), row)

    def notes(self, case: CaseId) -> Sequence[StoredNote]:
        """Return a case's notes in order."""
        rows = select(tables.case_note).where(_note.case_id == case).order_by(_note.seq)
        return [_stored_note(row) for row in self._connection.execute(rows)]

    def note_count(self, case: CaseId) -> int:
        """Return how many notes a case has; they are numbered from 1 without a gap."""
        return int(_NOTE_COUNT.scalar(self._connection, {"case": case}))

    def add_view(self, view: StoredView) -> None:
        """Insert a saved view."""
        row = {"id": view.id, "staff_id": view.staff, "created": view.created, "body": view.body_sealed}
        self._connection.execute(insert(tables.saved_view), row)

    def views(self, staff: int) -> Sequence[StoredView]:
        """Return an account's saved views, oldest first, deleted ones too."""
        rows = select(tables.saved_view).where(_view.staff_id == staff).order_by(_view.created, _view.id)
        return [
            StoredView(row.id, row.staff_id, row.created, row.deleted, row.body)
            for row in self._connection.execute(rows)
        ]

    def set_view(self, view: str, body_sealed: bytes) -> None:
        """Give a saved view another name or address."""
        self._connection.execute(update(tables.saved_view).where(_view.id == view).values(body=body_sealed))

    def set_view_deleted(self, view: str, deleted: int | None) -> None:
        """Delete a saved view, or take that back."""
        self._connection.execute(update(tables.saved_view).where(_view.id == view).values(deleted=deleted))

    def purge_views(self, before: int) -> None:
        """Remove the saved views that were deleted before a time."""
        self._connection.execute(delete(tables.saved_view).where(_view.deleted <= before))


def _stored_note(row: Row[*tuple[Any, ...]]) -> StoredNote:
    return StoredNote(
        case=CaseId(row.case_id),
        seq=row.seq,
        staff=row.staff_id,
        written=row.written,
        corrects=row.corrects,
        entry_index=row.entry_index,
        body_sealed=row.body,
    )
