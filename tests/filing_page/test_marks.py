"""The mark beside a field says what the office reads of it: the text as written, as the review left it, or nothing."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.domain.confidentiality import Confidentiality, classes, rule_of
from app.domain.petition import load
from app.resources import STATIC
from tests import node
from tests.portal import RunningPortal

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("petition.mjs")
SEALED, OFFICE, REDACTED = "Sealed", "Office", "Office, after blacking out"
TITLE = "evidence.title"


class _Marks(HTMLParser):
    """Reads which mark stands beside each field of the page that a person writes into."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.choices: dict[str, str] = {}
        self._mark: list[str] | None = None
        self._last = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in {"label", "legend"} and "option" not in (said.get("class") or ""):
            self._last = ""
        if "mark" in (said.get("class") or "").split():
            self._mark = []
        name = said.get("data-field") or (TITLE if said.get("data-part") == "title" else "")
        writes = tag == "textarea" or (tag == "input" and said.get("type") in {"text", "email", "tel"})
        if name and writes:
            self.found[name] = self._last
        if name and said.get("type") == "radio":
            self.choices[name] = self._last

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._mark is not None:
            self._last, self._mark = "".join(self._mark).strip(), None

    def handle_data(self, data: str) -> None:
        if self._mark is not None:
            self._mark.append(data)


def _marks(portal: RunningPortal) -> _Marks:
    marks = _Marks()
    marks.feed(httpx2.get(f"{portal.url}/file", headers={"Accept-Language": "en"}).text)
    return marks


def _written(fields: list[str], kind: str) -> dict[str, Any]:
    """Return answers with the name of its field in each."""
    who = {"kind": kind, "organization": {"type": "union"}}
    answers: dict[str, Any] = {"place": {"state": "Guanajuato"}, "who": who}
    for name in fields:
        *groups, last = name.split(".")
        inside = answers
        for group in groups:
            inside = inside.setdefault(group, {})
        inside[last] = f"Field {name}"
    answers["evidence"] = [{"kind": "document", "file": "f1", **answers["evidence"]}]
    return answers


def _reaches(petition: dict[str, Any], name: str) -> str:
    held = load(json.dumps(petition).encode()).petition
    [(path, level)] = [(path, level) for path, value, level in classes(held) if value == f"Field {name}"]
    if level is Confidentiality.SEALED:
        return SEALED
    rule = rule_of(path)
    return REDACTED if rule and rule.free_text else OFFICE


def test_each_mark_says_what_the_office_reads(shared_portal: RunningPortal) -> None:
    """Law L2: "after blacking out" stands beside those texts that the review reads, and beside no other."""
    marks = _marks(shared_portal).found
    answers = [_written(list(marks), kind) for kind in ("person", "organization")]
    made = node.run(_SCRIPT, {"answers": answers, "petitions": []}, STATIC=str(STATIC))["petitions"]
    person, organization = made
    asked = {name: _reaches(organization if "organization" in name else person, name) for name in marks}
    assert asked == marks
    assert {name for name, mark in marks.items() if mark == REDACTED} == {"story.narrative", "wish", TITLE}


def test_the_office_learns_who_files_by_kind_alone(shared_portal: RunningPortal) -> None:
    """Beside "my name is sealed" no mark says that the office reads it: what is chosen is what it learns."""
    assert _marks(shared_portal).choices["who.kind"] == "Office: what you tick here"
