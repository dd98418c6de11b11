"""Pages for workers are written in plain Spanish: Fernández-Huerta of 70 or more, "fairly easy" and easier."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx2
import pytest
import textstat

from tests.portal import RunningPortal

PAGES = ("/", "/file", "/mycase", "/rights", "/limits", "/status", "/receipt", "/self-check")
_PARTS = frozenset(["p", "li", "h1", "h2", "h3", "dt", "dd", "div", "label", "legend", "tr", "summary", "button"])
_NOT_READ = frozenset(("script", "style", "svg", "select"))
_WORDS_OF_A_SENTENCE = 4  # fewer are a label, which would only flatter


class _Reader(HTMLParser):
    """Reads a page as a person does: part by part, without what is drawn or run."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in _NOT_READ
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _NOT_READ
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.text.append(data)

    def _part(self, tag: str) -> None:
        if tag in _PARTS:
            self.text.append("\n")


def sentences(page: str) -> list[str]:
    """Return what the main part of a page says, sentence by sentence."""
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main
    reader = _Reader()
    reader.feed(main[0])
    lines = (" ".join(line.split()) for line in "".join(reader.text).split("\n"))
    return [line if line[-1] in ".!?:" else f"{line}." for line in lines if len(line.split()) >= _WORDS_OF_A_SENTENCE]


def plainness(text: str) -> float:
    """Return the Fernández-Huerta score of a Spanish text: 60 is a newspaper, 100 is for children."""
    textstat.set_lang("es")
    return float(textstat.fernandez_huerta(text))


def test_the_measure_tells_a_statute_from_a_letter() -> None:
    """A check that cannot fail is none."""
    statute = (
        "La determinación administrativa correspondiente producirá la suspensión de la liquidación aduanera "
        "respecto de las importaciones provenientes de establecimientos presuntamente incumplidores de obligaciones."
    )
    assert plainness(statute) < 40 < 90 < plainness("Tu jefe no ve esto. Solo lo ves tú. Guarda las doce palabras.")


@pytest.mark.parametrize("path", PAGES)
def test_workers_pages_are_plain(path: str, shared_portal: RunningPortal) -> None:
    """Reading age about twelve, on every page that a worker may need."""
    page = httpx2.get(shared_portal.url + path, headers={"Accept-Language": "es"}).text
    assert plainness(" ".join(sentences(page))) >= 70
