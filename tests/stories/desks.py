"""Somebody of the office at work, over plain HTTP or in a real Chromium: the same pages, the same forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Protocol

import httpx2
from playwright.sync_api import Page

from tests.staff import PASSWORD, Colleague

Fields = Mapping[str, str | tuple[str, ...]]


class Desk(Protocol):
    """What a person of the office does; `seen` is the HTML of every page that was shown to them."""

    seen: list[str]

    def sign_in(self) -> None:
        """Sign in with password and one-time code."""
        ...

    def look(self, path: str) -> str:
        """Open a page and return its HTML."""
        ...

    def submit(self, path: str, action: str, fields: Fields, press: tuple[str, str] | None = None) -> str:
        """Fill in the form that goes to `action` (an address's end), send it, return the page after it.

        The form is on the page at `path`, or on the one that is shown now if that is empty.
        """
        ...


class _Forms(HTMLParser):
    """The forms that a page sends: where each goes, and what it holds before anybody typed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, list[str]]]] = []
        self._open: dict[str, list[str]] | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, a field, an option."""
        given = dict(attrs)
        if tag == "form" and given.get("method") == "post":
            self._open = {}
            self.found.append((given.get("action") or "", self._open))
        elif self._open is not None and tag in {"input", "textarea"} and (name := given.get("name")):
            kind = given.get("type")
            if kind not in {"radio", "checkbox", "submit"} or "checked" in given:
                self._open.setdefault(name, []).append(given.get("value") or "")
            self._area = name if tag == "textarea" else None

    def handle_data(self, data: str) -> None:
        """Note what stands in a text area."""
        if self._open is not None and self._area is not None:
            self._open[self._area] = [data]

    def handle_endtag(self, tag: str) -> None:
        """Leave a text area, or the form."""
        if tag == "textarea":
            self._area = None
        elif tag == "form":
            self._open = None


@dataclass
class HttpDesk:
    """A desk over HTTP: what a browser without scripts would send."""

    person: Colleague
    seen: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        """Sign in through the form."""
        self.person.client.cookies.clear()
        self.person.sign_in()

    def look(self, path: str) -> str:
        """Open a page."""
        return self._note(self.person.client.get(path, follow_redirects=True))

    def submit(self, path: str, action: str, fields: Fields, press: tuple[str, str] | None = None) -> str:
        """Send a form as it stands on its page, with what was filled in."""
        forms = _Forms()
        forms.feed(self.look(path) if path else self.seen[-1])
        target, held = next((one for one in forms.found if one[0].endswith(action)), ("", {}))
        assert target, (path, action, [one[0] for one in forms.found])
        filled = {name: [value] if isinstance(value, str) else list(value) for name, value in fields.items()}
        body = held | filled | ({press[0]: [press[1]]} if press else {})
        return self._note(self.person.client.post(target, data=body, follow_redirects=True))

    def _note(self, answer: httpx2.Response) -> str:
        self.seen.append(answer.text)
        assert answer.status_code == httpx2.codes.OK, (answer.status_code, answer.text)
        return answer.text


@dataclass
class BrowserDesk:
    """A desk in Chromium: fields are found by their form, as a person finds them, and buttons are pressed."""

    person: Colleague
    page: Page
    url: str
    seen: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        """Sign in through the page."""
        self.page.context.clear_cookies()
        self.page.goto(f"{self.url}/office/sign-in")
        self.page.fill("[name=name]", self.person.name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.fill("[name=code]", self.person.next_code())
        with self.page.expect_navigation():
            self.page.click("form[action$='/office/sign-in'] button")
        assert self.page.url.rstrip("/").endswith("/office"), self.page.content()

    def look(self, path: str) -> str:
        """Open a page."""
        self.page.goto(self.url + path)
        return self._note()

    def submit(self, path: str, action: str, fields: Fields, press: tuple[str, str] | None = None) -> str:
        """Fill in and press."""
        if path:
            self.look(path)
        form = self.page.locator(f"form[method=post][action$='{action}']").first
        for name, value in fields.items():
            self._fill(form, name, (value,) if isinstance(value, str) else value)
        button = f"button[name='{press[0]}'][value='{press[1]}']" if press else "button"
        with self.page.expect_navigation():
            form.locator(button).first.click()
        return self._note()

    @staticmethod
    def _fill(form: object, name: str, values: tuple[str, ...]) -> None:
        for value in values:
            place = form.locator(f"[name='{name}']")  # type: ignore[attr-defined]  # a locator
            kind = place.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind in {"radio", "checkbox"}:
                form.locator(f"[name='{name}'][value='{value}']").check()  # type: ignore[attr-defined]  # as above
            elif kind == "select":
                place.first.select_option(value)
            elif kind != "hidden":
                place.first.fill(value)

    def _note(self) -> str:
        self.seen.append(self.page.content())
        return self.seen[-1]
