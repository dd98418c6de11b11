"""Where a case stands: decisions, corrections and questions, as the petitioner's and the office's pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Words:
    """Why a petition was declined, in one language, by paragraphs."""

    language: str
    not_met: tuple[str, ...]
    cure: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """An answer of the screen, drafted or approved; `outcome` is TAKE_UP or DECLINE."""

    outcome: str
    day: date
    codes: tuple[str, ...]
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Change:
    """A day, or the note (`what` is D0, R0, N0 or note), that was put right; the earlier entry stays beside it."""

    what: str
    before: date | str
    now: date | str
    role: str
    reason: str
    recorded: date


@dataclass(frozen=True)
class WaitingQuestion:
    """That a question waits for the petitioner: since when and until when, and nothing of its words."""

    number: int
    asked: date
    until: date
    overdue: bool


@dataclass(frozen=True)
class StepForm:
    """A form of the card for one step of the procedure: the fields that it states, and what was typed into them."""

    action: str
    fields: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(frozen=True)
class PlaceView:
    """A place: in a part of the record, or on a page of a copy in hundredths of its width and height."""

    version: int
    copy: int = 0
    page: int = 0
    across: int = 0
    down: int = 0
    part: str = ""


@dataclass(frozen=True)
class QuestionView:
    """A question to the petitioner and what became of it; `state` is one of app.domain.questions.

    `read` is the day on which the petitioner fetched it, `closed` that of the answer or of its withdrawal. `flag` is
    the place where it says that a person may be seen; `holds` keeps everybody from what that is in while it is open.
    """

    number: int
    language: str
    paragraphs: tuple[str, ...]
    asked: date
    until: date
    state: str
    is_open: bool
    read: date | None = None
    closed: date | None = None
    flag: PlaceView | None = None
    holds: bool = False


@dataclass(frozen=True)
class Procedure:
    """Where a case stands in the procedure, and what its reader may do; `draft_number` is that of the draft to approve.

    `codes` are the reasons to choose from, empty when the reader has no decision to draft.
    """

    reference: str
    decision: Decision | None
    draft: Decision | None
    draft_number: int
    may_approve: bool
    codes: tuple[str, ...]
    forms: tuple[StepForm, ...]
    changes: tuple[Change, ...]
    questions: tuple[QuestionView, ...] = ()
    may_ask: bool = False
