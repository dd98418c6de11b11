"""Pages that anyone reads."""

from dataclasses import dataclass

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
