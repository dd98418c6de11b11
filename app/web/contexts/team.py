"""Who has which case, and who works here."""

from dataclasses import dataclass
from datetime import datetime

from app.web.contexts.accounts import DeviceView
from app.web.contexts.cards import CardView, ColleagueView
from app.web.contexts.frame import Page, Problem


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
    devices: tuple[DeviceView, ...] = ()


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
