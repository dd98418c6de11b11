"""The public version: stricter than what the office reads, by fields, days, labels and everything doubtful."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import pytest

from app.domain.errors import FilingError
from app.domain.filing.public import canonical, months, public_version, review_for_public
from app.domain.filing.told import NOTHING, Told
from app.domain.petition import load
from tests.filings import PETITIONS

NAMES = {
    name: load((PETITIONS / name).read_bytes()).petition.plain()
    for name in ("petition_example_es.yaml", "petition_example_en.yaml")
}


def made(petition: dict[str, Any], language: str, told: Told = NOTHING) -> dict[str, Any]:
    """Return the public version with everything doubtful hidden."""
    return public_version(review_for_public(petition, language, os.urandom, told).all_hidden().record)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_public_version_names_nobody_and_counts_nobody(name: str) -> None:
    """No witness, no number of one, no role class, no evidence, contact or address; only what is on the list."""
    petition = NAMES[name]
    version = made(petition, str(petition["language"]))
    text = canonical({**version, "salt": ""}).decode()  # five digits stand in a salt by chance
    for witness in petition["witnesses"]:
        assert f"{witness['name']['given']} {witness['name']['surname1']}" not in text
        assert not any(str(value) in text for value in witness.get("identifiers", {}).values())
    assert set(version) <= {
        "v",
        "salt",
        "language",
        "facility",
        "denial_types",
        "laws",
        "facts",
        "remedy",
        "petitioners",
    }
    assert set(version["facility"]) <= {"legal_name", "trade_name", "municipality", "state", "country"}
    assert re.search(r"\[(?:TESTIGO|WITNESS)\]", text)
    assert not re.search(r"\[(?:TESTIGO|WITNESS)-", text), "a number joins two things that the same person saw"
    assert not re.search(r"\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}", text)


def test_days_become_months_in_three_languages() -> None:
    """What happened on a day tells who was there; a month that was written stays as it is."""
    said = {
        "El 11 de agosto de 2025, a las 21:40 horas": "En agosto de 2025, a las …",
        "la votación del 8 de marzo": "la votación de marzo",
        "On 3 June 2025 and on July 14th, at 9:30 p.m.": "In June 2025 and in July, at …",
        "Le 1er août 2025": "En août 2025",
        "entre agosto y enero de 2026": "entre agosto y enero de 2026",
        "12/08/2025, 12/08/25": "2025, …",
        "the 640 persons of line 4": "the 640 persons of line 4",
    }
    assert {text: months(text) for text in said} == said
    assert months({"date": "2025-08-11", "n": [3, "2025-09"]}) == {"date": "2025-08", "n": [3, "2025-09"]}


def test_nothing_doubtful_is_settled_by_default_and_every_text_is_signed_off() -> None:
    """With an open place, or a text that nobody signed off, there is no public version."""
    review = review_for_public(NAMES["petition_example_es.yaml"], "es", os.urandom, NOTHING)
    assert review.open
    assert {"facts.narrative", "facts.summary", "remedy[0].detail"} <= set(review.sign_offs)
    with pytest.raises(FilingError, match="open_questions"):
        review.settle()
    with pytest.raises(FilingError, match="not_signed_off"):
        review.settle({finding.id: "redact" for finding in review.open})


def test_what_was_hidden_from_the_office_stays_hidden() -> None:
    """A stretch that a person blacked out by hand when filing is not in the public version either."""
    petition = NAMES["petition_example_es.yaml"]
    assert "lista de simpatizantes" in json.dumps(made(petition, "es"), ensure_ascii=False)
    told = Told(by_hand=frozenset({"lista de simpatizantes"}))
    assert "lista de simpatizantes" not in json.dumps(made(petition, "es", told), ensure_ascii=False)


def test_only_organizations_that_may_be_public_are_named() -> None:
    """A union that asked the office to keep its name, and a person who petitions, stay unnamed."""
    petition = {
        **NAMES["petition_example_es.yaml"],
        "petitioners": [
            {"id": "P1", "name": "Sindicato Callado", "type": "union", "country": "MX"},
            {"id": "P2", "name": "Olga Persona Ficticia", "type": "person", "country": "MX"},
            {"id": "P3", "name": "Federación Abierta", "type": "federation", "country": "MX"},
        ],
        "confidentiality": {
            "P1": {"identity_requested": True, "public_name_consent": True},
            "P3": {"identity_requested": False, "public_name_consent": True},
        },
    }
    version = made(petition, "es")
    shown = json.dumps(version, ensure_ascii=False)
    assert [each["name"] for each in version["petitioners"]] == ["Federación Abierta"]
    assert "Olga" not in shown
