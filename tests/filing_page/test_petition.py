"""What the page makes of a person's answers is a petition that the program reads, and nobody in it is overlooked."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from app.domain.filing.people import kept_names, known_people
from app.domain.petition import load
from app.resources import STATIC
from tests import node
from tests.filing_page.test_record import petitions

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("petition.mjs")
LEAST: dict[str, Any] = {
    "place": {"name": "  Muestra,\n S.A. ", "municipality": "Silao", "state": "Guanajuato"},
    "story": {"narrative": " Despidieron a Rosa.\n\nNadie dijo por qué. "},
}
PERSON = {"name": "Rosa Ejemplo", "email": "rosa@correo.example", "phone": "+52 476 000 01 10"}
FULL: dict[str, Any] = {
    **LEAST,
    "place": {**LEAST["place"], "address": "Calle 1", "sector": "mining", "product": "zinc; plomo", "sells": "yes"},
    "denials": ["UNION_DISMISSAL", "OTHER"],
    "story": {**LEAST["story"], "since": "2025-08"},
    "unions": {"incumbent": "Sindicato Ejemplo"},
    "who": {"kind": "person", "person": PERSON, "organization": {"name": "No debe ir", "type": "union"}},
    "urgency": {"reason": "vote", "date": "2026-03-19"},
    "remedies": ["reinstatement"],
    "witnesses": [
        {"name": "Ana Ejemplo", "aliases": "la Güera, Anita", "phone": "476 000 02 20", "agreed": True},
        {"name": "Beto", "relation": "almacén", "statement": "Lo vi.", "identifier": "04417"},
    ],
    "evidence": [{"title": "Carta", "kind": "document", "month": "2025-09", "file": "f1"}],
}
ORGANIZATION: dict[str, Any] = {
    **LEAST,
    "who": {
        "kind": "organization",
        "person": PERSON,
        "organization": {"name": "Federación Ejemplo", "type": "federation", "email": "a@b.example", "public": True},
    },
}


def _answer(answers: list[Any], plain: list[Any]) -> Any:
    return node.run(_SCRIPT, {"answers": answers, "petitions": plain}, STATIC=str(STATIC))


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _without_empty(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in ({}, [], None)}
    return [_without_empty(inner) for inner in value] if isinstance(value, list | tuple) else value


def test_the_program_reads_what_the_page_writes() -> None:
    """Least, full and an organization's: loaded without a change, so that page and program mean the same petition."""
    made = _answer([LEAST, FULL, ORGANIZATION], [])["petitions"]
    for petition in made:
        text = json.dumps(petition, ensure_ascii=False)
        assert _without_empty(load(text.encode()).petition.plain()) == petition
    assert made[1]["petitioners"][0]["type"] == "person"
    assert "No debe ir" not in json.dumps(made)  # an answer to a question that was not asked in the end
    assert PERSON["email"] not in json.dumps(made[2])


def test_the_page_names_what_a_petition_needs_at_least() -> None:
    """Nothing else is a gate."""
    assert _answer([{}, LEAST], [])["missing"] == [
        ["#f-place-name", "#f-place-municipality", "#f-place-state", "#f-story-narrative"],
        [],
    ]


def test_page_and_program_look_for_the_same_people_and_keep_the_same_names() -> None:
    """A person whom only one of the two knows would stay readable in the other's record."""
    known = list(petitions().values())
    found = _answer([], [petition.plain() for petition in known])
    assert found["people"] == [json.loads(json.dumps([asdict(one) for one in known_people(each)])) for each in known]
    assert found["kept"] == [list(kept_names(each)) for each in known]
