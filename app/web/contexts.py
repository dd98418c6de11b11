"""What each page is given: one frozen class per template, and the frame around all of them.

A template uses exactly the names of its class, `frame`, and the words of pages.py; a test compares them. `forms` says
that the page has ordinary forms, which decides its Content-Security-Policy (headers.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.domain.record_view import RecordView
from app.web.language import LanguageLink


@dataclass(frozen=True)
class Person:
    """The member of staff who is signed in."""

    name: str
    role: str


@dataclass(frozen=True)
class Frame:
    """What every page is framed with; `deployment` is `office` or `custodian`, `url` where the portal is reached."""

    language: str
    languages: tuple[LanguageLink, ...]
    portal: str
    deployment: str
    url: str
    person: Person | None = None
    form_token: str = ""


@dataclass(frozen=True)
class Problem:
    """Something wrong with one field of a form; the empty field means the form as a whole."""

    field: str
    message: str


class Page:
    """A page: the template that draws it, and whether it has forms."""

    template: ClassVar[str]
    forms: ClassVar[bool] = False


@dataclass(frozen=True)
class Clock:
    """A deadline as people read it: `days` left, or past when overdue; `share` is how much has run, 0 to 100.

    `state` is one of NOT_STARTED, RUNNING, DUE_SOON, OVERDUE, MET, MET_LATE, STOPPED. `rolled` is the Monday after a
    due date on a weekend, `start` and `end` are the days between which it runs, `note` what the office says of it.
    """

    state: str
    days: int | None = None
    due: date | None = None
    share: int = 0
    rolled: date | None = None
    start: date | None = None
    end: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Urgency:
    """Why a case presses, and until when."""

    reason: str
    day: date | None


@dataclass(frozen=True)
class CardView:
    """A card: what queue and card page show of a case before its record is opened."""

    case: str
    facility: str
    place: str
    sector: str
    denial_types: tuple[str, ...]
    stage: str
    received: datetime
    clock: Clock
    urgency: Urgency | None
    assigned: tuple[str, ...]
    mine: bool


@dataclass(frozen=True)
class Choice:
    """One option of a filter or a list; `code` is what the address carries."""

    code: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One filter of the queue."""

    name: str
    words: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Column:
    """A column by which the queue can be ordered; `order` is ascending, descending or none."""

    name: str
    words: str
    address: str
    order: str


@dataclass(frozen=True)
class HomePage(Page):
    """`/`: what this is, for whom, what it cannot protect, first steps."""

    template = "public/home.html"


@dataclass(frozen=True)
class CasePage(Page):
    """`/case`: what a petitioner does with the program."""

    template = "petitioner/case.html"


@dataclass(frozen=True)
class StatusFormPage(Page):
    """`/status`: asks for the code."""

    template = "petitioner/status.html"
    forms = True
    problems: tuple[Problem, ...] = ()


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
class StatusPage(Page):
    """`/status` answered: where the case stands, and the portal's signed word for it."""

    template = "petitioner/status_result.html"
    stage: str
    since: date
    clock: Clock
    reasons: tuple[str, ...]
    note: str
    words: Words | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class SignInPage(Page):
    """`/office/sign-in`: name, password, six digits; or with `recovery`, a recovery code in their place."""

    template = "office/sign_in.html"
    forms = True
    problems: tuple[Problem, ...] = ()
    name: str = ""
    signed_out: bool = False
    recovery: bool = False


@dataclass(frozen=True)
class EnrolPage(Page):
    """`/office/enrol/{token}`: password, authenticator and its first code, on one page that needs no script."""

    template = "office/enrol.html"
    forms = True
    name: str
    role: str
    secret: str
    qr_path: str
    qr_size: int
    link_hours: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class EnrolDonePage(Page):
    """Enrolment is complete; the recovery codes are shown this once."""

    template = "office/enrol_done.html"
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class AccountPage(Page):
    """`/office/account`: how many recovery codes are left, or a new set, shown this once."""

    template = "office/account.html"
    forms = True
    codes_left: int
    by_recovery: bool = False
    codes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class QueuePage(Page):
    """`/office`: the cards, with filters in the address."""

    template = "office/queue.html"
    forms = True
    rows: tuple[CardView, ...]
    total: int
    filters: tuple[Filter, ...]
    search: str
    columns: tuple[Column, ...]
    filtered: bool


@dataclass(frozen=True)
class StepForm:
    """A form of the card for one step of the procedure: the fields that it states, and what was typed into them."""

    action: str
    fields: tuple[str, ...]
    values: Mapping[str, str]


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


@dataclass(frozen=True)
class CardPage(Page):
    """`/office/cases/{case}`: the card, and the purpose to state before the record."""

    template = "office/card.html"
    forms = True
    card: CardView
    may_read: bool
    sitting_until: datetime | None
    sitting_minutes: int
    purposes: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    procedure: Procedure | None = None


@dataclass(frozen=True)
class DecisionPage(Page):
    """`/office/cases/{case}/decision`: the draft of an answer; `texts` are what stands in its fields, by name."""

    template = "office/decision.html"
    forms = True
    case: str
    facility: str
    outcome: str
    codes: tuple[str, ...]
    languages: tuple[str, ...]
    texts: Mapping[str, str]
    longest: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reading:
    """This look at a record: whose, why, when, and where the log says so."""

    reader: str
    role: str
    purpose: str
    started: datetime
    until: datetime
    entry_index: int
    proof: str


@dataclass(frozen=True)
class RecordPage(Page):
    """`/office/cases/{case}/record`: the redacted record."""

    template = "office/record.html"
    forms = True
    case: str
    record: RecordView
    reading: Reading


@dataclass(frozen=True)
class AuditPage(Page):
    """`/office/audit`: the log's size and root, and the openings for an auditor."""

    template = "auditor/audit.html"
    forms = True
    origin: str
    vkey: str
    size: int
    root: str
    publish_every: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class ErrorPage(Page):
    """Something went wrong, in words: what happened, and what to do now."""

    template = "errors/error.html"
    status: int
    title: str
    detail: str
    next_step: str
    home: str


PAGES: tuple[type[Page], ...] = (
    HomePage,
    CasePage,
    StatusFormPage,
    StatusPage,
    SignInPage,
    EnrolPage,
    EnrolDonePage,
    AccountPage,
    QueuePage,
    CardPage,
    DecisionPage,
    RecordPage,
    AuditPage,
    ErrorPage,
)

Values = Mapping[str, object]
