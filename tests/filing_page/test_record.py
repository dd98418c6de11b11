"""Two implementations of the redacted record check each other: the page's and the program's, to the byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from app.domain.confidentiality import free_texts, named_texts
from app.domain.filing.record import build_record
from app.domain.paths import path_text
from app.domain.petition import load
from app.domain.petition.model import Petition
from app.resources import STATIC
from tests import node
from tests.domain.petitions import EXAMPLES, MINIMUM, SALT, example, full, with_lines
from tests.field_table import FILE, module_text

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("record.mjs")


def test_the_page_has_the_tables_rows() -> None:
    """A field that is sealed in Python is sealed in the browser: the page's table is made from the one table."""
    assert FILE.read_text() == module_text()


def petitions() -> dict[str, Petition]:
    """Return petitions that together use every rule of the record."""
    flagged = [
        "petitioners:",
        "  - {id: P1, name: Federación Ejemplo, type: federation}",
        "  - {id: P2, name: Ana Ejemplo, type: person}",
        "confidentiality: {P1: {public_name_consent: yes, identity_requested: no}, business_confidential: [trade, E2]}",
        "trade: {products: [molduras], business_confidential: yes}",
        "evidence:",
        "  - {file: a.jpg}",
        "  - {id: E2, kind: photo, title: Foto, date: 2025-08-11, business_confidential: yes}",
        "  - {id: E3, title: Carta 😀, date: 2025-08-11, exact_date: yes}",
        "witness_attestation: {count: 5, current_workers: 4, role_classes: {soldadura: 1, almacén: 1, línea 4: 3}}",
        "translations: {en: {summary: In English}}",
        'contact: {email: "a@b.example", channel: por teléfono}',
    ]
    found = {language: load(example(language)).petition for language in EXAMPLES}
    found["minimum"] = load(with_lines()).petition
    found["full"] = load(json.dumps(full()).encode()).petition
    found["flags"] = load(with_lines(*flagged)).petition
    return found


def blackened(path: tuple[str | int, ...], text: str) -> str:
    """Return something else for every text, with what JSON must escape."""
    return f'[{path_text(path)}] {text[::-1]} \u2028 \x7f "\\'


def test_the_page_builds_the_same_record() -> None:
    """Same petition, same decisions: the same bytes, whatever rule is at work."""
    asked: list[dict[str, Any]] = []
    expected = []
    for petition in petitions().values():
        shown: dict[str, str] = {}

        def redact(path: tuple[str | int, ...], text: str, shown: dict[str, str] = shown) -> str:
            shown[path_text(path)] = blackened(path, text)
            return shown[path_text(path)]

        record = build_record(petition, redact, SALT, "fr")
        expected.append(
            {
                "record": rfc8785.dumps(record).decode(),
                "free": [path_text(path) for path, _ in free_texts(petition)],
                "named": [path_text(path) for path, _ in named_texts(petition)],
            }
        )
        asked.append({"petition": petition.plain(), "shown": shown, "salt": SALT.hex(), "labels": "fr"})
    assert MINIMUM
    assert node.run(_SCRIPT, asked, STATIC=str(STATIC)) == expected
