"""Pages of those who file, and of whoever asks for a status."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.domain.petition import vocabulary
from app.web.contexts.cards import Clock
from app.web.contexts.frame import Page, Problem
from app.web.contexts.procedure import Change, WaitingQuestion, Words


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

    `portal`: what the page must know of its portal, as JSON; `offline`: in a file of its own; `tables`: whose words the
    office's page has for codes; the rest are the codes of each choice.
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
    tables: tuple[str, ...] = (
        *("part", "fact", "denial", "remedy", "evidence", "urgency", "petitioner", "sector", "word"),
    )


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
        *("petitioner", "sector", "word", "part"),
    )


@dataclass(frozen=True)
class StatusFormPage(Page):
    """`/status`: asks for the code."""

    template = "petitioner/status.html"
    forms = True
    problems: tuple[Problem, ...] = ()


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
