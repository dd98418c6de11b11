"""Pages of the auditor."""

from dataclasses import dataclass

from app.web.contexts.frame import Page, Problem


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
