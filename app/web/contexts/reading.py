"""What an open sitting shows: the record, its evidence, and answers."""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.record_view import EvidenceLine, RecordView
from app.web.contexts.desk import NotesView
from app.web.contexts.frame import Page, Problem
from app.web.contexts.procedure import QuestionView


@dataclass(frozen=True)
class Reading:
    """This look at a record: whose, why, when, where the log says so, and the code of the reader's mark."""

    reader: str
    role: str
    purpose: str
    started: datetime
    until: datetime
    entry_index: int
    proof: str
    code: str = ""


@dataclass(frozen=True)
class AnswerPage(Page):
    """`/office/cases/{case}/answers/{number}`: an answer beside its question; before a sitting, what to read it for.

    `answer` are the paragraphs, None before there is a `reading`.
    """

    template = "office/answer.html"
    forms = True
    improved = True
    case: str
    facility: str
    question: QuestionView
    purposes: tuple[str, ...]
    sitting_minutes: int
    language: str = ""
    answer: tuple[str, ...] | None = None
    evidence: tuple[EvidenceLine, ...] = ()
    reading: Reading | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Handed:
    """That the office gave a public version on: when, and to whom in its own words."""

    time: datetime
    to: str


@dataclass(frozen=True)
class PublicPage(Page):
    """`/office/cases/{case}/public`: what petitioners released; before a sitting, what to read it for.

    `statement` is the portal's signed word about it, `typed` what a refused form held.
    """

    template = "office/public.html"
    forms = True
    improved = True
    case: str
    facility: str
    purposes: tuple[str, ...]
    sitting_minutes: int
    audience: str
    released: date
    sha256: str
    statement: str
    handed: tuple[Handed, ...]
    longest: int
    typed: str = ""
    record: RecordView | None = None
    reading: Reading | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class EvidencePage(Page):
    """`/office/cases/{case}/evidence/{number}`: a copy of evidence; before a sitting, what to look at it for.

    `text` are the paragraphs of a copy that is one text, `pages` the numbers of those that are pictures; `line` is what
    its index says of the evidence, None while neither the record nor the answer that has it is open to the reader;
    `question` is that of the answer, 0 where the petition itself names the copy. `zoom` is in hundredths of
    the place that there is; `before` and `after` are the numbers of other copies, 0 without one; `record` stands beside
    the copy where the reader wants it and may see it.
    """

    template = "office/evidence.html"
    forms = True
    improved = True
    case: str
    facility: str
    number: int
    purposes: tuple[str, ...]
    sitting_minutes: int
    language: str = ""
    text: tuple[str, ...] | None = None
    pages: tuple[int, ...] = ()
    line: EvidenceLine | None = None
    question: int = 0
    reading: Reading | None = None
    problems: tuple[Problem, ...] = ()
    version: int = 0
    zoom: int = 100
    before: int = 0
    after: int = 0
    record: RecordView | None = None
    beside: bool = False
    notes: NotesView | None = None


@dataclass(frozen=True)
class RecordPage(Page):
    """`/office/cases/{case}/record`: the redacted record, with the notes that point into it; nothing is `beside` it."""

    template = "office/record.html"
    forms = True
    improved = True
    case: str
    record: RecordView
    reading: Reading
    version: int = 0
    notes: NotesView | None = None
    beside: bool = False
