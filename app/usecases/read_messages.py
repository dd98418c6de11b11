"""Hand a holder the office's questions: sealed, with the proof of each, and noted once per sitting as read."""

from dataclasses import dataclass, replace

from app.domain.chronicle import By, Chronicle, read_events, step_of_holder
from app.domain.custody import read_parts
from app.domain.deadlines import legal_day
from app.domain.entities import HolderSession, Role, SealedMessage
from app.domain.errors import AccessError
from app.domain.events import CaseEvent
from app.domain.ports import Portal, Unit, View
from app.domain.procedure import Action, Stated
from app.domain.proving import ProvenEntry, prove_stored
from app.domain.questions import ASKED, Question, questions


@dataclass(frozen=True)
class Message:
    """A question as a holder gets it: ciphertext, what became of it, the entry of asking and that of its closing."""

    sealed: SealedMessage
    state: str
    asked: ProvenEntry
    closed: ProvenEntry | None


def read_messages(portal: Portal, session: HolderSession) -> tuple[Message, ...]:
    """Return every message of the case; that they were fetched is in the log before they leave (law L4).

    Raises AccessError: case_unknown.
    """
    step_of_holder(portal, session.case, Action.READ_MESSAGES, lambda unit: _note(portal, unit, session))
    with portal.ledger.view() as view:
        case = view.cases.get(session.case)
        if case is None:
            raise AccessError("case_unknown")
        events = read_events(portal, view, case.id)
        known = {each.number: each for each in questions(case.stage, events, legal_day(portal.clock()))}
        return tuple(_message(portal, view, each, known[each.question]) for each in view.messages.of(case.id))


def _note(portal: Portal, unit: Unit, session: HolderSession) -> None:
    """Append that the messages are read, unless this sitting did so already and none came since."""
    case = unit.cases.get(session.case)
    if case is None:
        raise AccessError("case_unknown")
    events = read_events(portal, unit, case.id)
    newest = max((each.seq for each in events if each.action in ASKED), default=0)
    if newest and not any(_covers(each, newest, session) for each in events):
        stated = Stated(question=newest, session=session.entry_index)
        Chronicle(portal, unit).take(case, By(Role.HOLDER), Action.READ_MESSAGES, stated)


def _covers(event: CaseEvent, newest: int, session: HolderSession) -> bool:
    stated = event.stated
    return (event.action, stated.question, stated.session) == (Action.READ_MESSAGES, newest, session.entry_index)


def _message(portal: Portal, view: View, sealed: SealedMessage, question: Question) -> Message:
    closing = question.closing_entry
    closed = None if closing is None else prove_stored(portal, view, closing)
    return Message(
        _whole(portal, view, sealed), question.state, prove_stored(portal, view, question.entry_index), closed
    )


def _whole(portal: Portal, view: View, message: SealedMessage) -> SealedMessage:
    """Return a message with its ciphertext: an object of the case since a holder sealed it anew."""
    found = None if message.body else view.cases.get_object(message.case, message.sha256)
    return replace(message, body=b"".join(read_parts(portal.blobs, view, found))) if found else message
