"""A browser without scripts, for tests: it fills in the form of a page and presses one of its buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

STORY = {
    "workplace-name": "Autopartes Ejemplo del Bajío, S.A. de C.V.",
    "workplace-municipality": "San Francisco del Rincón",
    "workplace-state": "Guanajuato",
}


class Form(HTMLParser):
    """The one form of a page: its fields as they stand, its buttons, and what is chosen so far."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = self.kind = ""
        self.fields: dict[str, list[str]] = {}
        self.files: set[str] = set()
        self.offered: dict[str, list[str]] = {}
        self.buttons: dict[str, dict[str, str]] = {}
        self._open = False
        self._area = self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms, fields and buttons."""
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open, self.action = True, at["action"]
            self.kind = at.get("enctype", "application/x-www-form-urlencoded")
        elif self._open and tag == "input":
            self._input(at, checked="checked" in at)
        elif tag == "textarea":
            self._area = at["name"]
            self.fields[self._area] = [""]
        elif tag == "select":
            self._select = at["name"]
            self.fields.setdefault(self._select, [""])
        elif tag == "option":
            self.offered.setdefault(self._select, []).append(at["value"])
            if "selected" in at:
                self.fields[self._select] = [at["value"]]
        elif self._open and tag == "button":
            self.buttons.setdefault(at.get("value", ""), at)

    def _input(self, at: dict[str, str], *, checked: bool) -> None:
        if at["type"] in {"radio", "checkbox"}:
            self.offered.setdefault(at["name"], []).append(at["value"])
            if checked:
                self.fields.setdefault(at["name"], []).append(at["value"])
        elif at["type"] == "file":
            self.files.add(at["name"])
        else:
            self.fields[at["name"]] = [at.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or an area."""
        self._open = self._open and tag != "form"
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        """Take up what stands in an area."""
        if self._area:
            self.fields[self._area][0] += data


@dataclass
class Reader:
    """Somebody who goes through the assisted pages; `client` is an HTTP client with a jar of cookies."""

    client: Any
    page: str = ""
    seen: list[bytes] = field(default_factory=list)
    status: int = 0
    sent: tuple[str, Any] = ("", None)

    def start(self, language: str = "es") -> Form:
        """Open the first page."""
        self._take(self.client.get("/assisted", headers={"accept-language": language}))
        return self.form

    @property
    def form(self) -> Form:
        """The form of the page at hand."""
        return Form(self.page)

    def press(
        self, button: str, files: dict[str, tuple[str, bytes]] | None = None, /, **typed: str | list[str]
    ) -> Form | None:
        """Type into fields (`_` for `-`), choose files, and press the button with a value."""
        form = self.form
        at = form.buttons[button]
        fields: dict[str, Any] = {**form.fields, "go": button}
        for name, value in typed.items():
            known = name.replace("_", "-")
            assert known in form.fields or known in form.offered, known
            fields[known] = value if isinstance(value, list) else [value]
        kind = at.get("formenctype", form.kind)
        options: dict[str, Any] = {"data": fields}
        if kind == "multipart/form-data":
            chosen = dict.fromkeys(form.files, ("", b"")) | (files or {})
            options["files"] = {name: (*content, "application/octet-stream") for name, content in chosen.items()} or {
                "none": ("", b"")
            }
        self.sent = (at.get("formaction", form.action), options)
        return self.again()

    def again(self) -> Form | None:
        """Send the same once more, as a browser does that loads the page again."""
        path, options = self.sent
        self._take(self.client.post(path, headers={"sec-fetch-site": "same-origin"}, **options))
        return self.form if "<form" in self.page else None

    def _take(self, answer: Any) -> None:
        self.status, self.page = answer.status_code, answer.text
        self.seen.append(answer.content)

    def tell(self, **more: str) -> None:
        """Answer what is needed, from the first page to the list of tasks."""
        self.start()
        self.press("tasks")
        self.press("workplace")
        self.press("next", **{name.replace("-", "_"): value for name, value in STORY.items()})
        told = {"story_happened": "Nos amenazaron por pedir el contrato.\r\nDespidieron a dos personas.", **more}
        self.press("next", **told)
        self.press("tasks")

    def settle(self, choice: str = "redact") -> None:
        """Go from the list of tasks to the words, deciding every mark."""
        self.press("check")
        form = self.press("next")
        assert form is not None
        marks = [name for name in form.offered if name.startswith("mark-")]
        self.press("next", **{name.replace("-", "_"): choice for name in marks})
        self.press("next")

    def words(self) -> list[str]:
        """Return the twelve words of the page that shows them."""
        return [piece.split("</li>")[0] for piece in self.page.split('<li translate="no">')[1:]]

    def copy_words(self) -> list[str]:
        """Type back the words that are asked for, and come to the last page."""
        words = self.words()
        form = self.press("next")
        assert form is not None
        asked = [name for name in form.fields if name.startswith("word-")]
        self.press("next", **{name.replace("-", "_"): words[int(name[5:]) - 1].upper() for name in asked})
        return words
