"""What the auditors' pages are given."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.contexts.frame import Page, Problem


@dataclass(frozen=True)
class StepView:
    """A step from an entry to the root: what it is joined with, on which side, and where that is drawn (`y`)."""

    first: int
    last: int
    left: bool
    hash: str
    y: int


@dataclass(frozen=True)
class WayView:
    """The way of an entry to the root; `height` is that of the picture."""

    entry: int
    steps: tuple[StepView, ...]
    height: int


@dataclass(frozen=True)
class FoundView:
    """A rule that found something: its name, its mark, and a sentence for each finding; `more` are left out.

    `older` are those that an auditor knows from before.
    """

    name: str
    rule: str
    sentences: tuple[str, ...]
    more: int
    older: tuple[str, ...] = ()


@dataclass(frozen=True)
class LookView:
    """What the rules found in the entries from the first up to, not including, `size`; `new` is how many of it are new.

    New is what is about entries from `since` on.
    """

    size: int
    found: tuple[FoundView, ...]
    since: int = 0
    new: int = 0


@dataclass(frozen=True)
class FieldView:
    """A committed field of an opened entry: its value, and the hash that the commitment is made of."""

    name: str
    value: str
    hash: str


@dataclass(frozen=True)
class OpenedView:
    """An opened entry; `fits` says that its fields lead to what the log has."""

    entry: int
    fields: tuple[FieldView, ...]
    commitment: str
    fits: bool


@dataclass(frozen=True)
class ServedView:
    """What ran from an entry on: when that was logged, version, hashes, and the settings that changed."""

    entry: int
    since: str
    version: str
    code: str
    modules: str
    changed: tuple[str, ...]


@dataclass(frozen=True)
class AuditPage(Page):
    """`/office/audit`: the log's size and root, who cosigned (size, day and time) and refused (ours, theirs, when).

    `age` is how many minutes ago the newest cosignature was made, None without one; `limits` are how many entries are
    named, drawn and put into a report at most. `since` is the entry at which the auditor's own files end.
    """

    template: ClassVar[str] = "auditor/audit.html"
    forms: ClassVar[bool] = True
    origin: str
    vkey: str
    size: int
    root: str
    publish_every: int
    cosigned: tuple[tuple[int, str], ...] = ()
    age: int | None = None
    alarms: tuple[tuple[int, int, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    since: int = 0
    look: LookView | None = None
    way: WayView | None = None
    opened: OpenedView | None = None
    served: tuple[ServedView, ...] = ()
