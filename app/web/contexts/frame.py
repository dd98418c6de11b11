"""What surrounds every page: who is signed in, the portal, what is wrong with a form, and the page of an error."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.language import LanguageLink


@dataclass(frozen=True)
class Person:
    """The member of staff who is signed in."""

    name: str
    role: str


@dataclass(frozen=True)
class Frame:
    """What every page is framed with; `deployment` is `office` or `custodian`, `url` where the portal is reached.

    `notice` says why the portal is read-only, empty while it is not. `signing`: whether readers' devices sign.
    """

    language: str
    languages: tuple[LanguageLink, ...]
    portal: str
    deployment: str
    url: str
    person: Person | None = None
    form_token: str = ""
    notice: str = ""
    signing: str = "off"


@dataclass(frozen=True)
class Problem:
    """Something wrong with one field of a form; the empty field means the form as a whole."""

    field: str
    message: str


class Page:
    """A page: the template that draws it, whether it has forms, or seals on the device and has none.

    One that is `improved` works without its script and is handier with it.
    """

    template: ClassVar[str]
    forms: ClassVar[bool] = False
    sealed: ClassVar[bool] = False
    improved: ClassVar[bool] = False


@dataclass(frozen=True)
class ErrorPage(Page):
    """Something went wrong, in words: what happened, and what to do now."""

    template = "errors/error.html"
    status: int
    title: str
    detail: str
    next_step: str
    home: str
