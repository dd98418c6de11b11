"""The queue, the card of a case, and what is asked and decided there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.web.contexts.cards import CardView, Choice, Column, Count, Filter, Paging, View
from app.web.contexts.frame import Page, Problem
from app.web.contexts.procedure import PlaceView, Procedure


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
class NoteView:
    """A note of the office; `corrects` and `corrected_by` are numbers of other notes, 0 without one.

    `language` is that of a translation of the place.
    """

    number: int
    author: str
    written: datetime
    lines: tuple[str, ...]
    corrects: int
    corrected_by: int
    place: PlaceView | None = None
    language: str = ""


def _page_of(place: PlaceView) -> tuple[int, int, int]:
    return place.copy, place.version, place.page


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

    def on_page(self, copy: int, version: int, page: int) -> tuple[NoteView, ...]:
        """Return the notes that point at a page of a version of a copy, 0 for the copy as a whole."""
        wanted = (copy, version, page)
        return tuple(each for each in self.notes if each.place and _page_of(each.place) == wanted)

    def on_part(self, part: str) -> tuple[NoteView, ...]:
        """Return the notes that point at a part of the record."""
        return tuple(each for each in self.notes if each.place and each.place.part == part and part)


@dataclass(frozen=True)
class FlagPage(Page):
    """`/office/cases/{case}/flag`: a place that may show a person, before the petitioner is told of it."""

    template = "office/flag.html"
    forms = True
    case: str
    facility: str
    record: str
    place: PlaceView
    languages: tuple[Choice, ...]
    text: str
    hold: bool
    longest: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class CardPage(Page):
    """`/office/cases/{case}`: the card, and the purpose to state before the record; `withdrawn` cases are closed.

    `earlier` is the number of the case that this one refiles; `public` that a public version of it is in force.
    """

    template = "office/card.html"
    forms = True
    improved = True
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
    public: bool = False


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
