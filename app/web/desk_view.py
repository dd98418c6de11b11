"""From the office's own order to what pages show of it: colleagues, hand-overs, saved views."""

from datetime import UTC, datetime

from app.domain.caseload import MOST_NOTE, HandOver
from app.domain.entities import RECORD, SITTING_SECONDS, StaffMember
from app.domain.places import Spot
from app.usecases.hand_over import PlannedCase
from app.usecases.keep_notes import Note, Notes
from app.usecases.keep_views import SavedView
from app.usecases.show_team import Colleague, RecentHandOver
from app.web.cards import view_of
from app.web.contexts.cards import ColleagueView, View
from app.web.contexts.desk import NotesView, NoteView
from app.web.contexts.team import GivenBack, PlannedView
from app.web.forms import Form, number_in
from app.web.procedure_view import place_of


def member_words(member: StaffMember, open_cases: int = 0) -> ColleagueView:
    """Return a member of staff as pages show them."""
    return ColleagueView(member.id, member.name, member.role, member.state, open_cases)


def colleague_words(colleague: Colleague) -> ColleagueView:
    """Return one of the team with how many open cases they have."""
    return member_words(colleague.member, colleague.open_cases)


def recent_words(recent: RecentHandOver) -> GivenBack:
    """Return a hand-over that can still be taken back."""
    made: HandOver = recent.made
    until = datetime.fromtimestamp(recent.until, UTC)
    return GivenBack(made.number, recent.giver, recent.receivers, len(made.moves), until)


def planned_words(planned: PlannedCase, reader: str) -> PlannedView:
    """Return one case of a hand-over."""
    return PlannedView(view_of(planned.card, reader), planned.receiver, planned.drafter, planned.others, planned.asked)


def view_words(saved: SavedView) -> View:
    """Return a saved view with its address."""
    return View(saved.id, saved.name, f"/office?{saved.query}" if saved.query else "/office")


def notes_view(found: Notes | None, typed: str) -> NotesView | None:
    """Return the notes on a case as its card shows them; `typed` is what a refused note held."""
    if found is None:
        return None
    until = datetime.fromtimestamp(found.started + SITTING_SECONDS, UTC) if found.started is not None else None
    return NotesView(found.count, MOST_NOTE, until, tuple(map(_note, found.notes)), typed)


def _note(note: Note) -> NoteView:
    lines = tuple(line for line in note.text.split("\n") if line.strip())
    written = datetime.fromtimestamp(note.written, UTC)
    place = place_of(note.spot) if note.spot else None
    return NoteView(
        note.number, note.author, written, lines, note.corrects or 0, note.corrected_by, place, note.language
    )


def spot_in(form: Form) -> Spot | None:
    """Return the place that a form is about, None where it is about the case as a whole."""
    record = form.text("record")
    if not record:
        return None
    if record.partition("/")[0] == RECORD:
        return Spot(record, part=form.text("part"))
    page, across, down = (number_in(form.text(name)) for name in ("page", "across", "down"))
    return Spot(record, page, across, down)
