"""Pages that anyone reads."""

from dataclasses import dataclass
from datetime import date

from app.domain.record_view import RecordView
from app.web.contexts.frame import Page
from crypto.log.totals import Month


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
    """`/limits`: what we cannot protect, how it works, and to which URI a flaw is reported, if one is set."""

    template = "public/limits.html"
    reports_to: str | None


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
class ReleasedLine:
    """A public version in a list: the case's number, the workplace, and its hash."""

    case: str
    title: str
    place: str
    released: date
    sha256: str


@dataclass(frozen=True)
class ReleasedPage(Page):
    """`/released`: what petitioners published."""

    template = "public/released.html"
    forms = True
    lines: tuple[ReleasedLine, ...]


@dataclass(frozen=True)
class ReleasedVersionPage(Page):
    """`/released/{case}`: one public version with the portal's signed statement about it."""

    template = "public/released_version.html"
    line: ReleasedLine
    record: RecordView
    statement: str


@dataclass(frozen=True)
class CheckedRelease:
    """What the portal knows of a hash; `withdrawn` is the day on which its petitioners called it back."""

    case: str
    audience: str
    released: date
    withdrawn: date | None
    sha256: str
    statement: str


@dataclass(frozen=True)
class ReleasedCheckPage(Page):
    """`/released/check`: whether a document in hand is one that was released here; `asked` is what somebody typed."""

    template = "public/released_check.html"
    forms = True
    asked: str
    found: CheckedRelease | None
