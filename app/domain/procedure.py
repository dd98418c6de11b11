"""The procedure as a table: who may do what at which stage, what the step must state, and what the log says of it.

Rules of this module
    1. What is not in `TABLE` does not happen. A new stage, clock or step of the mechanism is a new row, not a new `if`.
    2. No clock stands in a row: a due date that passed never keeps anybody from a step (domain reference, section 9).
    3. Events are appended and never edited. A correction is an event of its own, with its reason.
    4. Whoever drafts a decision does not approve it.
    5. Suspension is not a stage: a row says whether it needs it, lacks it, or does not mind. That readers of the office
       are kept out meanwhile is decided in `app.domain.policy`, not here.
    6. The days of a step are checked against today and against each other, never against a due date.

Worked example: a custodian's case is RECEIVED. Its holder states the intake's reference and 20 April: `find` gives the
row ACKNOWLEDGE, which leads to FILED and brings BEGIN_REVIEW with it, so the case is in US_REVIEW with D0 = 20 April.
A reviewer who tries to approve there finds no row for APPROVE before a draft exists, and the attempt is logged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from app.domain.deadlines import K1, Basis, ClockRule, Dated, Milestone
from app.domain.entities import READERS, EntryKind, Role, Stage
from app.domain.errors import ProcedureError
from app.domain.places import Spot, is_place
from app.domain.typed_text import is_readable
from app.i18n import LANGUAGES, N_
from crypto.log.leaf import LeafKind

MOST_REFERENCE = 120
MOST_REASON = 600
MOST_WORDS = 1200
"""Characters; a form carries six texts of that length within its 16 KiB."""
MOST_QUESTION = 2000
"""Characters of one question to a petitioner."""
MOST_DAYS = 366
"""How far ahead a question may ask for its answer, in days."""
FIRST_DAY = date(2020, 7, 1)
"""The day on which the agreement entered into force: no date of the procedure is before it."""


class Action(StrEnum):
    """A step of the procedure."""

    ACKNOWLEDGE = "acknowledge"
    ACKNOWLEDGE_FOR = "acknowledge_for"
    BEGIN_REVIEW = "begin_review"
    DRAFT = "draft"
    TAKE_UP = "take_up"
    DECLINE = "decline"
    CORRECT_D0 = "correct_d0"
    CORRECT_DECISION = "correct_decision"
    NOTE_CLOCK = "note_clock"
    ASK = "ask"
    FLAG = "flag"
    WITHDRAW_QUESTION = "withdraw_question"
    READ_MESSAGES = "read_messages"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    LIFT = "lift"
    RELEASE = "release"
    RECALL = "recall"
    HAND_ON = "hand_on"


class Field(StrEnum):
    """What a step may have to state."""

    DAY = "day"
    REFERENCE = "reference"
    REASON = "reason"
    NOTE = "note"
    OUTCOME = "outcome"
    TEXT = "text"
    LANGUAGE = "language"
    UNTIL = "until"
    QUESTION = "question"
    FLAG = "flag"


class Deployment(StrEnum):
    """Who runs the portal: the authority itself, or a custodian beside the official channel."""

    OFFICE = "office"
    CUSTODIAN = "custodian"


@dataclass(frozen=True)
class State:
    """A stage with its name, when it is entered, and the clocks that run in it; an end has no clock."""

    stage: Stage
    name: str
    entered: str
    clocks: tuple[ClockRule, ...] = ()


@dataclass(frozen=True)
class Transition:
    """One row: a step, from where to where, by whom in which deployment, what it states, what the log says.

    `follow` is the step that the portal takes with it in the same transaction; `second_person` means that whoever made
    the draft cannot take it; `suspended` is whether access must be suspended for it, must not be, or may be either
    (None). A step that leads to its own stage records something and moves nothing.
    """

    action: Action
    source: Stage
    target: Stage
    who: Mapping[Deployment, frozenset[Role]]
    kind: EntryKind
    milestone: Milestone | None = None
    fields: tuple[Field, ...] = ()
    leaf: LeafKind = LeafKind.EVENT
    follow: Action | None = None
    second_person: bool = False
    suspended: bool | None = None


STATES = (
    State(Stage.RECEIVED, N_("Received"), N_("The portal has the sealed petition and gave a receipt.")),
    State(Stage.FILED, N_("Filed"), N_("The official office received the petition: day D0."), (K1,)),
    State(Stage.US_REVIEW, N_("Under review in the United States"), N_("With D0: the screen begins."), (K1,)),
    State(Stage.REQUEST_SENT, N_("Request for review sent to Mexico"), N_("The case was taken up: day R0.")),
    State(Stage.DECLINED, N_("Declined"), N_("The screen ended with a negative answer: day N0.")),
    State(Stage.WITHDRAWN, N_("Withdrawn"), N_("The petitioner took the petition back: day W0.")),
)

_STAFF = dict.fromkeys(Deployment, READERS)
_EITHER = {Deployment.OFFICE: READERS, Deployment.CUSTODIAN: READERS | {Role.HOLDER}}
_PORTAL = {each: frozenset({Role.PORTAL}) for each in Deployment}
_PETITIONER = {Deployment.OFFICE: frozenset({Role.PORTAL}), Deployment.CUSTODIAN: frozenset({Role.HOLDER})}
_HOLDER = dict.fromkeys(Deployment, frozenset({Role.HOLDER}))
_RUNNING = (Stage.US_REVIEW, Stage.REQUEST_SENT, Stage.DECLINED)
_DECIDED = {Stage.REQUEST_SENT: Milestone.R0, Stage.DECLINED: Milestone.N0}
ASKING = (Stage.US_REVIEW, Stage.REQUEST_SENT)
"""The stages in which the office may ask; a question that is open after them lapses, a flag does not."""
_OPEN = (Stage.RECEIVED, Stage.FILED, Stage.US_REVIEW, Stage.REQUEST_SENT)
_READ = (*_OPEN, Stage.DECLINED)
"""The stages in which the office reads: wherever it may see a person it may say so, and a petitioner may settle it."""

TABLE: tuple[Transition, ...] = (
    Transition(
        Action.ACKNOWLEDGE,
        Stage.RECEIVED,
        Stage.FILED,
        _PETITIONER,
        EntryKind.ACKNOWLEDGED,
        Milestone.D0,
        (Field.DAY, Field.REFERENCE),
        follow=Action.BEGIN_REVIEW,
    ),
    Transition(
        Action.ACKNOWLEDGE_FOR,
        Stage.RECEIVED,
        Stage.FILED,
        _STAFF,
        EntryKind.ACKNOWLEDGED,
        Milestone.D0,
        (Field.DAY, Field.REFERENCE, Field.REASON),
        follow=Action.BEGIN_REVIEW,
    ),
    Transition(Action.BEGIN_REVIEW, Stage.FILED, Stage.US_REVIEW, _PORTAL, EntryKind.STAGE_CHANGED),
    Transition(
        Action.DRAFT,
        Stage.US_REVIEW,
        Stage.US_REVIEW,
        _STAFF,
        EntryKind.DECISION_DRAFTED,
        fields=(Field.DAY, Field.OUTCOME),
    ),
    Transition(
        Action.TAKE_UP,
        Stage.US_REVIEW,
        Stage.REQUEST_SENT,
        _STAFF,
        EntryKind.DECISION_APPROVED,
        Milestone.R0,
        (Field.DAY,),
        leaf=LeafKind.DECIDED_TAKEN_UP,
        second_person=True,
    ),
    Transition(
        Action.DECLINE,
        Stage.US_REVIEW,
        Stage.DECLINED,
        _STAFF,
        EntryKind.DECISION_APPROVED,
        Milestone.N0,
        (Field.DAY,),
        leaf=LeafKind.DECIDED_DECLINED,
        second_person=True,
    ),
    *(
        Transition(
            Action.CORRECT_D0,
            stage,
            stage,
            _EITHER,
            EntryKind.CORRECTION,
            Milestone.D0,
            (Field.DAY, Field.REFERENCE, Field.REASON),
        )
        for stage in _RUNNING
    ),
    *(
        Transition(
            Action.CORRECT_DECISION,
            stage,
            stage,
            _STAFF,
            EntryKind.CORRECTION,
            milestone,
            (Field.DAY, Field.REASON),
        )
        for stage, milestone in _DECIDED.items()
    ),
    *(
        Transition(Action.NOTE_CLOCK, stage, stage, _STAFF, EntryKind.CORRECTION, fields=(Field.NOTE, Field.REASON))
        for stage in _RUNNING
    ),
    *(
        Transition(
            Action.ASK,
            stage,
            stage,
            _STAFF,
            EntryKind.QUESTION_ASKED,
            fields=(Field.TEXT, Field.LANGUAGE, Field.UNTIL),
        )
        for stage in ASKING
    ),
    *(
        Transition(
            Action.FLAG,
            stage,
            stage,
            _STAFF,
            EntryKind.PLACE_FLAGGED,
            fields=(Field.TEXT, Field.LANGUAGE, Field.UNTIL, Field.FLAG),
        )
        for stage in _READ
    ),
    *(
        Transition(
            Action.WITHDRAW_QUESTION,
            stage,
            stage,
            _STAFF,
            EntryKind.QUESTION_WITHDRAWN,
            fields=(Field.QUESTION,),
        )
        for stage in _READ
    ),
    *(
        Transition(Action.READ_MESSAGES, stage, stage, _HOLDER, EntryKind.MESSAGES_READ)
        for stage in (*_READ, Stage.WITHDRAWN)
    ),
    *(
        Transition(Action.ANSWER, stage, stage, _HOLDER, EntryKind.QUESTION_ANSWERED, fields=(Field.QUESTION,))
        for stage in _READ
    ),
    *(
        Transition(
            Action.WITHDRAW,
            stage,
            Stage.WITHDRAWN,
            _HOLDER,
            EntryKind.PETITION_WITHDRAWN,
            Milestone.W0,
            leaf=LeafKind.DECIDED_CLOSED,
        )
        for stage in _OPEN
    ),
    *(
        Transition(Action.SUSPEND, stage, stage, _HOLDER, EntryKind.ACCESS_SUSPENDED, suspended=False)
        for stage in _READ
    ),
    *(Transition(Action.LIFT, stage, stage, _HOLDER, EntryKind.ACCESS_RESTORED, suspended=True) for stage in _READ),
    *(Transition(Action.RELEASE, stage, stage, _HOLDER, EntryKind.PUBLIC_RELEASED) for stage in _READ),
    *(
        Transition(Action.RECALL, stage, stage, _HOLDER, EntryKind.PUBLIC_WITHDRAWN)
        for stage in (*_READ, Stage.WITHDRAWN)
    ),
    *(
        Transition(Action.HAND_ON, stage, stage, _STAFF, EntryKind.PUBLIC_HANDED_ON, fields=(Field.NOTE,))
        for stage in _READ
    ),
)


class Outcome(StrEnum):
    """How the screen ends, and by which step."""

    TAKE_UP = "TAKE_UP"
    DECLINE = "DECLINE"

    @property
    def action(self) -> Action:
        """The step that a second person takes."""
        return Action.TAKE_UP if self is Outcome.TAKE_UP else Action.DECLINE


@dataclass(frozen=True)
class ReasonWords:
    """Why, in one language: what was not met, and what would cure it."""

    not_met: str
    cure: str


@dataclass(frozen=True)
class Asked:
    """A question of the office: its words, the language they are in, and the day until which an answer is asked for."""

    text: str
    language: str
    until: date


@dataclass(frozen=True)
class Flagged:
    """A place that may show a person; `hold` keeps everybody of the office from what it is in until that is settled."""

    spot: Spot
    hold: bool


@dataclass(frozen=True)
class Stated:
    """What somebody states with a step; which of it must be there, the table says.

    `question` is the number of the question that a step is about, `sha256` (hex) binds what goes with it: the sealed
    message of a question, the record of an answer, a public version. `session` is the log entry of the sitting in which
    it was taken. `release` is the number of a public version, `audience` to whom it is given.
    """

    day: Dated | None = None
    reference: str = ""
    reason: str = ""
    note: str = ""
    outcome: Outcome | None = None
    codes: tuple[str, ...] = ()
    words: Mapping[str, ReasonWords] = field(default_factory=dict)
    draft: int = 0
    asked: Asked | None = None
    question: int = 0
    sha256: str = ""
    session: int = 0
    flag: Flagged | None = None
    release: int = 0
    audience: str = ""


def find(action: Action, stage: Stage, role: Role, deployment: str, *, suspended: bool = False) -> Transition:
    """Return the row for a step. Raises ProcedureError: step_unlisted, step_not_yours."""
    rows = [row for row in _at(stage, suspended=suspended) if row.action is action]
    if not rows:
        raise ProcedureError("step_unlisted")
    for row in rows:
        if role in row.who[Deployment(deployment)]:
            return row
    raise ProcedureError("step_not_yours")


def possible(stage: Stage, role: Role, deployment: str, *, suspended: bool = False) -> tuple[Action, ...]:
    """Return the steps that a role has at a stage, in the order of the table."""
    rows = _at(stage, suspended=suspended)
    return tuple(row.action for row in rows if role in row.who[Deployment(deployment)])


def _at(stage: Stage, *, suspended: bool) -> list[Transition]:
    return [row for row in TABLE if row.source is stage and row.suspended in {None, suspended}]


def check_stated(row: Transition, stated: Stated, today: date, known: Mapping[Milestone, Dated]) -> None:
    """Compare what is stated with what a step must state. Raises ProcedureError with the field.

    A day may be one later than today in Washington, because it is already tomorrow east of there.
    """
    if Field.DAY in row.fields:
        _check_day(row, stated.day, today, known)
    if Field.REFERENCE in row.fields and not _fits(stated.reference, MOST_REFERENCE, lines=1):
        raise ProcedureError("reference_missing", Field.REFERENCE, limit=MOST_REFERENCE)
    if Field.REASON in row.fields and not _fits(stated.reason, MOST_REASON):
        raise ProcedureError("reason_missing", Field.REASON, limit=MOST_REASON)
    if Field.NOTE in row.fields and not _fits(stated.note, MOST_REASON):
        raise ProcedureError("note_missing", Field.NOTE, limit=MOST_REASON)
    if Field.OUTCOME in row.fields and stated.outcome is None:
        raise ProcedureError("outcome_missing", Field.OUTCOME)
    if Field.TEXT in row.fields:
        _check_asked(stated.asked, today)
    if Field.FLAG in row.fields and not (stated.flag and is_place(stated.flag.spot)):
        raise ProcedureError("flag_place", Field.FLAG)


def _check_asked(asked: Asked | None, today: date) -> None:
    if asked is None or not _fits(asked.text, MOST_QUESTION):
        raise ProcedureError("question_missing", Field.TEXT, limit=MOST_QUESTION)
    if asked.language not in LANGUAGES:
        raise ProcedureError("question_language", Field.LANGUAGE)
    if asked.until <= today:
        raise ProcedureError("until_past", Field.UNTIL)
    if asked.until > today + timedelta(days=MOST_DAYS):
        raise ProcedureError("until_far", Field.UNTIL)


def _check_day(row: Transition, stated: Dated | None, today: date, known: Mapping[Milestone, Dated]) -> None:
    if stated is None:
        raise ProcedureError("day_form", Field.DAY)
    if stated.day > today + timedelta(days=1):
        raise ProcedureError("day_future", Field.DAY)
    if stated.day < FIRST_DAY:
        raise ProcedureError("day_early", Field.DAY)
    is_start = row.milestone is Milestone.D0
    if is_start and any(stated.day > known[each].day for each in _DECIDED.values() if each in known):
        raise ProcedureError("day_after_decision", Field.DAY)
    if not is_start and Milestone.D0 in known and stated.day < known[Milestone.D0].day:
        raise ProcedureError("day_before_clock", Field.DAY)


def _fits(text: str, limit: int, lines: int = MOST_REASON) -> bool:
    """Say whether a text is there, not too long, and readable on at most so many lines."""
    parts = text.split("\n")
    return bool(text.strip()) and len(text) <= limit and len(parts) <= lines and all(map(is_readable, parts))


def check_languages(words: Mapping[str, ReasonWords], languages: Sequence[str]) -> None:
    """Require both texts in every language. Raises ProcedureError: words_missing, at the first that lacks."""
    for language in languages:
        given = words.get(language, ReasonWords("", ""))
        for name in ("not_met", "cure"):
            if not _fits(getattr(given, name), MOST_WORDS):
                raise ProcedureError("words_missing", f"{name}-{language}", limit=MOST_WORDS)


def day_of(text: str, basis: Basis = Basis.RECEIVED) -> Dated:
    """Return a day written as 2026-03-12. Raises ProcedureError: day_form."""
    return Dated(_written_day(text, Field.DAY), basis)


def until_of(text: str) -> date:
    """Return the day until which an answer is asked for. Raises ProcedureError: day_form."""
    return _written_day(text, Field.UNTIL)


def _written_day(text: str, place: Field) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ProcedureError("day_form", place) from error
    if day.isoformat() != text:  # Python also reads 20260312 and 2026-W11-4
        raise ProcedureError("day_form", place)
    return day
