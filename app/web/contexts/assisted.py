"""Assisted intake: each step of the pages that need no script."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.record_view import RecordView
from app.web.contexts.cards import Choice
from app.web.contexts.frame import Page, Problem


@dataclass(frozen=True)
class AssistedStartPage(Page):
    """`/assisted`: what this page cannot do, before anything is typed; `files` and `file` are limits in megabytes."""

    template = "petitioner/assisted_start.html"
    forms = True
    file: int
    files: int


@dataclass(frozen=True)
class AssistedOffPage(Page):
    """`/assisted` where assisted intake is off: what else to do."""

    template = "petitioner/assisted_off.html"


@dataclass(frozen=True)
class Task:
    """One task of the list; `state` is done, needed or optional."""

    name: str
    words: str
    state: str


@dataclass(frozen=True)
class AssistedTasksPage(Page):
    """The list of what can be told; `kept` is everything said so far, as it travels in each form."""

    template = "petitioner/assisted_tasks.html"
    forms = True
    kept: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Asked:
    """A question with its answer; `kind` is that of app.domain.assisted_form, `sees` office or sealed."""

    name: str
    words: str
    hint: str
    kind: str
    sees: str
    longest: int
    value: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class AssistedStepPage(Page):
    """One page of questions; `place` says which, `entry` is the number of an entry of a list or 0."""

    template = "petitioner/assisted_step.html"
    forms = True
    kept: str
    place: str
    back: str
    title: str
    lead: str
    questions: tuple[Asked, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class AssistedListPage(Page):
    """What stands in a list so far: each entry by number and words; `full` when no more fit."""

    template = "petitioner/assisted_list.html"
    forms = True
    kept: str
    place: str
    title: str
    lead: str
    entries: tuple[tuple[int, str], ...]
    full: bool


@dataclass(frozen=True)
class Answered:
    """A page of questions as the check page shows it: words and answer by question."""

    name: str
    title: str
    lines: tuple[tuple[str, str], ...]
    sealed: bool


@dataclass(frozen=True)
class AssistedCheckPage(Page):
    """Check your answers."""

    template = "petitioner/assisted_check.html"
    forms = True
    kept: str
    sections: tuple[Answered, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class MarkChoice:
    """A place that somebody must decide: the text around it, why it was found, and what was chosen so far."""

    name: str
    before: str
    quote: str
    after: str
    reason: str
    chosen: str


@dataclass(frozen=True)
class Hidden:
    """A place that is hidden in any case, and why."""

    quote: str
    reason: str


@dataclass(frozen=True)
class AssistedReviewPage(Page):
    """Every mark with its reason and a choice; nothing unsure is settled beforehand."""

    template = "petitioner/assisted_review.html"
    forms = True
    kept: str
    marks: tuple[MarkChoice, ...]
    hidden: tuple[Hidden, ...]
    left: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class AssistedSeenPage(Page):
    """What the government will see."""

    template = "petitioner/assisted_seen.html"
    forms = True
    kept: str
    record: RecordView


@dataclass(frozen=True)
class AssistedWordsPage(Page):
    """The twelve words and the status code, before anything is filed."""

    template = "petitioner/assisted_words.html"
    forms = True
    kept: str
    words: tuple[str, ...]
    case: str
    status_code: str


@dataclass(frozen=True)
class AssistedTypedPage(Page):
    """Some of the words typed back; `numbers` says which."""

    template = "petitioner/assisted_typed.html"
    forms = True
    kept: str
    numbers: tuple[int, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class AssistedConfirmPage(Page):
    """The last page: files are chosen here (number and title of each entry), and this form files."""

    template = "petitioner/assisted_confirm.html"
    forms = True
    kept: str
    evidence: tuple[tuple[int, str], ...]
    file: int
    files: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class AssistedReceiptPage(Page):
    """Filed: case number, code, and files that the page itself holds (addresses of links)."""

    template = "petitioner/assisted_receipt.html"
    case: str
    status_code: str
    received: datetime
    case_json: str
    receipt: str
    calendar: str
    calendar_name: str


@dataclass(frozen=True)
class AssistedLeftPage(Page):
    """Left: nothing of it is on the server, and going back sends nothing any more."""

    template = "petitioner/assisted_left.html"
