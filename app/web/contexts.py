"""What each page is given: one frozen class per template, and the frame around all of them.

A template uses exactly the names of its class, `frame`, and the words of pages.py; a test compares them. `forms` says
that the page has ordinary forms, which decides its Content-Security-Policy (headers.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.domain.petition import vocabulary
from app.domain.record_view import EvidenceLine, RecordView
from app.web.language import LanguageLink
from crypto.log.totals import Month


@dataclass(frozen=True)
class Person:
    """The member of staff who is signed in."""

    name: str
    role: str


@dataclass(frozen=True)
class Frame:
    """What every page is framed with; `deployment` is `office` or `custodian`, `url` where the portal is reached.

    `notice` says why the portal is read-only, empty while it is not.
    """

    language: str
    languages: tuple[LanguageLink, ...]
    portal: str
    deployment: str
    url: str
    person: Person | None = None
    form_token: str = ""
    notice: str = ""


@dataclass(frozen=True)
class Problem:
    """Something wrong with one field of a form; the empty field means the form as a whole."""

    field: str
    message: str


class Page:
    """A page: the template that draws it, whether it has forms, or seals on the device and has none."""

    template: ClassVar[str]
    forms: ClassVar[bool] = False
    sealed: ClassVar[bool] = False


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
    """A card: what queue and card page show of a case before its record is opened.

    `suspended` is the day since which the petitioner lets nobody of the office in.
    """

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
    suspended: date | None = None


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
class Count:
    """So many of something, and the address that shows them."""

    number: int
    words: str
    address: str


@dataclass(frozen=True)
class Paging:
    """Where one page stands among all; the addresses of its neighbours are empty where there is none."""

    number: int
    count: int
    first: int
    last: int
    fitting: int
    before: str
    after: str


@dataclass(frozen=True)
class View:
    """A queue that somebody saved under a name; `address` is its query."""

    id: str
    name: str
    address: str


@dataclass(frozen=True)
class ColleagueView:
    """Somebody who reads cases; `state` is one of invited, active, on_leave, disabled."""

    id: int
    name: str
    role: str
    state: str
    open_cases: int


@dataclass(frozen=True)
class HomePage(Page):
    """`/`: what this is, for whom, what it cannot protect, first steps."""

    template = "public/home.html"


@dataclass(frozen=True)
class RightsPage(Page):
    """`/rights`: rights at work and the mechanism, in plain words."""

    template = "public/rights.html"


@dataclass(frozen=True)
class LimitsPage(Page):
    """`/limits`: what we cannot protect, then how it works."""

    template = "public/limits.html"


@dataclass(frozen=True)
class ReceiptPage(Page):
    """`/receipt`: a receipt, checked in the page."""

    template = "public/verify.html"
    sealed = True


@dataclass(frozen=True)
class SelfCheckPage(Page):
    """`/self-check`: keys, hashes of every module, headers of a sealed page; none of it proof of itself."""

    template = "public/self_check.html"
    log_origin: str
    log_vkey: str
    statement_vkey: str
    fingerprint: str
    hashes: tuple[tuple[str, str], ...]
    offline: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RegisterPage(Page):
    """`/register`: what was received and decided by month, as the log of `size` entries has it."""

    template = "public/register.html"
    size: int
    months: tuple[Month, ...]


@dataclass(frozen=True)
class CasePage(Page):
    """`/case`: what a petitioner does with the program; `assisted` says that the other door is open."""

    template = "petitioner/case.html"
    assisted: bool = False


@dataclass(frozen=True)
class CertificatePage(Page):
    """What is left of a destroyed case: the signed note that says so."""

    template: ClassVar[str] = "petitioner/certificate.html"
    certificate: str


@dataclass(frozen=True)
class FilePage(Page):
    """`/file`: the guided filing, sealed on the device.

    `portal`: what the page must know of its portal, as JSON; `offline`: in a file of its own; the rest are the codes of
    each choice.
    """

    template = "petitioner/file.html"
    sealed = True
    portal: str
    offline: bool = False
    states: tuple[str, ...] = vocabulary.STATES_OF_MEXICO
    sectors: tuple[str, ...] = vocabulary.SECTORS
    denials: tuple[str, ...] = vocabulary.DENIAL_TYPES
    remedies: tuple[str, ...] = vocabulary.REMEDY_KINDS
    urgencies: tuple[str, ...] = vocabulary.URGENCY_REASONS
    organizations: tuple[str, ...] = vocabulary.ORGANIZATION_TYPES
    evidences: tuple[str, ...] = vocabulary.EVIDENCE_KINDS


@dataclass(frozen=True)
class PackagePage(Page):
    """`/package`: a sealed package of the offline edition, handed in; `portal` as on `/file`."""

    template = "petitioner/package.html"
    sealed = True
    portal: str


@dataclass(frozen=True)
class MyCasePage(Page):
    """`/mycase`: a case opened on the device with its key; `tables` of words for the codes that may be shown there.

    Bytes of all files of one answer or supplement together, as in filing.
    """

    template = "petitioner/mycase.html"
    sealed = True
    upload_limit: int
    evidences: tuple[str, ...] = vocabulary.EVIDENCE_KINDS
    tables: tuple[str, ...] = (
        *("stage", "reasons", "question", "fact", "denial", "remedy", "evidence", "union_event", "urgency"),
        *("petitioner", "sector", "word"),
    )


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
class WaitingQuestion:
    """That a question waits for the petitioner: since when and until when, and nothing of its words."""

    number: int
    asked: date
    until: date
    overdue: bool


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
    question: WaitingQuestion | None = None
    suspended: date | None = None


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
    """`/office/account`: how many recovery codes are left, or a new set, shown this once; leave, for who reads.

    `leave` is None for who has no cases, else whether they are on leave.
    """

    template = "office/account.html"
    forms = True
    codes_left: int
    by_recovery: bool = False
    codes: tuple[str, ...] = ()
    leave: bool | None = None
    account: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class QueuePage(Page):
    """`/office`: the cards of one page, with filters, order and page in the address.

    `kept` are the parts of the address that the filters' form carries along; `query` is the whole of it, to be saved.
    """

    template = "office/queue.html"
    forms = True
    rows: tuple[CardView, ...]
    total: int
    filters: tuple[Filter, ...]
    search: str
    columns: tuple[Column, ...]
    filtered: bool
    paging: Paging
    counts: tuple[Count, ...]
    kept: tuple[tuple[str, str], ...] = ()
    query: str = ""
    views: tuple[View, ...] = ()
    since: datetime | None = None
    coordinates: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class ViewsPage(Page):
    """`/office/views`: one's saved views; `gone` are those whose deletion can be taken back."""

    template = "office/views.html"
    forms = True
    views: tuple[View, ...]
    gone: tuple[View, ...]
    longest: int
    problems: tuple[Problem, ...] = ()
    query: str = ""


@dataclass(frozen=True)
class AssignmentPage(Page):
    """`/office/cases/{case}/assignment`: who has a case, and who could get it; `drafter` wrote the draft that waits."""

    template = "office/assignment.html"
    forms = True
    card: CardView
    readers: tuple[ColleagueView, ...]
    others: tuple[ColleagueView, ...]
    drafter: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class TakeAwayPage(Page):
    """`/office/cases/{case}/assignment/{reader}`: asks before a case is taken away."""

    template = "office/take_away.html"
    forms = True
    card: CardView
    reader: ColleagueView
    last: bool
    drafter: str


@dataclass(frozen=True)
class GivenBack:
    """A hand-over that can still be taken back."""

    number: int
    giver: str
    receivers: tuple[str, ...]
    cases: int
    until: datetime


@dataclass(frozen=True)
class TeamPage(Page):
    """`/office/team`: who works here, who is away, how many open cases each has; `done` says what just happened."""

    template = "office/team.html"
    forms = True
    colleagues: tuple[ColleagueView, ...]
    recent: tuple[GivenBack, ...]
    done: str = ""


@dataclass(frozen=True)
class ColleaguePage(Page):
    """`/office/team/{colleague}`: one of the team, and what a coordinator can do for them."""

    template = "office/colleague.html"
    forms = True
    colleague: ColleagueView
    oneself: bool


@dataclass(frozen=True)
class PlannedView:
    """One case of a hand-over: its card, who would get it, and what hangs on it: a draft, a question, other readers."""

    card: CardView
    receiver: int
    drafter: str
    others: tuple[str, ...]
    asked: bool


@dataclass(frozen=True)
class HandOverPage(Page):
    """`/office/team/{colleague}/hand-over`: who gets the cases, then which case goes to whom."""

    template = "office/hand_over.html"
    forms = True
    giver: ColleagueView
    receivers: tuple[ColleagueView, ...]
    chosen: tuple[int, ...]
    cases: tuple[PlannedView, ...]
    left: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class WayBackPage(Page):
    """`/office/team/{colleague}/way-back`: a coordinator vouches; then the one-time link, shown this once."""

    template = "office/way_back.html"
    forms = True
    colleague: ColleagueView
    link_hours: int
    link: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class StepForm:
    """A form of the card for one step of the procedure: the fields that it states, and what was typed into them."""

    action: str
    fields: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(frozen=True)
class QuestionView:
    """A question to the petitioner and what became of it; `state` is one of app.domain.questions.

    `read` is the day on which the petitioner fetched it, `closed` that of the answer or of its withdrawal.
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


@dataclass(frozen=True)
class NoteView:
    """A note of the office; `corrects` and `corrected_by` are numbers of other notes, 0 without one."""

    number: int
    author: str
    written: datetime
    lines: tuple[str, ...]
    corrects: int
    corrected_by: int


@dataclass(frozen=True)
class NotesView:
    """The notes on a case: how many there are, and those that an open sitting shows until `until`.

    `typed` is what a refused note held, `longest` its limit in characters.
    """

    count: int
    longest: int
    until: datetime | None = None
    notes: tuple[NoteView, ...] = ()
    typed: str = ""


@dataclass(frozen=True)
class CardPage(Page):
    """`/office/cases/{case}`: the card, and the purpose to state before the record; `withdrawn` cases are closed.

    `earlier` is the number of the case that this one refiles.
    """

    template = "office/card.html"
    forms = True
    card: CardView
    may_read: bool
    sitting_until: datetime | None
    sitting_minutes: int
    purposes: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    procedure: Procedure | None = None
    notes: NotesView | None = None
    coordinates: bool = False
    withdrawn: bool = False
    earlier: str = ""


@dataclass(frozen=True)
class QuestionPage(Page):
    """`/office/cases/{case}/question`: a question to the petitioner, before anybody but its writer sees it."""

    template = "office/question.html"
    forms = True
    case: str
    facility: str
    usual: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    text: str
    until: str
    longest: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class QuestionPreviewPage(Page):
    """The same question as the petitioner will see it, to be confirmed."""

    template = "office/question_preview.html"
    forms = True
    case: str
    facility: str
    language: str
    text: str
    paragraphs: tuple[str, ...]
    until: date


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
class AnswerPage(Page):
    """`/office/cases/{case}/answers/{number}`: an answer beside its question; before a sitting, what to read it for.

    `answer` are the paragraphs, None before there is a `reading`.
    """

    template = "office/answer.html"
    forms = True
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
class EvidencePage(Page):
    """`/office/cases/{case}/evidence/{number}`: a copy of evidence; before a sitting, what to look at it for.

    `text` are the paragraphs of a copy that is one text, `pages` the numbers of those that are pictures; `line` is what
    the record says of the evidence, None while the record itself is not open to the reader.
    """

    template = "office/evidence.html"
    forms = True
    case: str
    facility: str
    number: int
    purposes: tuple[str, ...]
    sitting_minutes: int
    language: str = ""
    text: tuple[str, ...] | None = None
    pages: tuple[int, ...] = ()
    line: EvidenceLine | None = None
    reading: Reading | None = None
    problems: tuple[Problem, ...] = ()


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
class RecordPage(Page):
    """`/office/cases/{case}/record`: the redacted record."""

    template = "office/record.html"
    forms = True
    case: str
    record: RecordView
    reading: Reading


@dataclass(frozen=True)
class AuditPage(Page):
    """`/office/audit`: the log's size and root, who cosigned (size, day and time) and refused (ours, theirs, when)."""

    template = "auditor/audit.html"
    forms = True
    origin: str
    vkey: str
    size: int
    root: str
    publish_every: int
    cosigned: tuple[tuple[int, str], ...] = ()
    alarms: tuple[tuple[int, int, str], ...] = ()
    problems: tuple[Problem, ...] = ()


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
    RightsPage,
    LimitsPage,
    ReceiptPage,
    SelfCheckPage,
    RegisterPage,
    CasePage,
    MyCasePage,
    CertificatePage,
    FilePage,
    PackagePage,
    StatusFormPage,
    StatusPage,
    SignInPage,
    EnrolPage,
    EnrolDonePage,
    AccountPage,
    QueuePage,
    ViewsPage,
    AssignmentPage,
    TakeAwayPage,
    TeamPage,
    ColleaguePage,
    HandOverPage,
    WayBackPage,
    CardPage,
    QuestionPage,
    QuestionPreviewPage,
    AnswerPage,
    EvidencePage,
    DecisionPage,
    RecordPage,
    AuditPage,
    AssistedStartPage,
    AssistedOffPage,
    AssistedTasksPage,
    AssistedStepPage,
    AssistedListPage,
    AssistedCheckPage,
    AssistedReviewPage,
    AssistedSeenPage,
    AssistedWordsPage,
    AssistedTypedPage,
    AssistedConfirmPage,
    AssistedReceiptPage,
    AssistedLeftPage,
    ErrorPage,
)

Values = Mapping[str, object]
