"""Two implementations of the public version check each other: the page's and the program's."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.client.export.omission import leave_out
from app.domain.filing.public import months, public_version, review_for_public
from app.domain.filing.told import NOTHING
from app.domain.petition import load
from app.resources import STATIC
from tests import node
from tests.filings import PETITIONS

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("public.mjs")
TEXTS = [
    "El 11 de agosto de 2025, a las 21:40 horas",
    "la votación del 8 de marzo y la del primero de MAYO",
    "On 3 June 2025 and on July 14th, at 9:30 p.m., the 2nd of March",
    "Le 1er août 2025, vers 14 heures, le 3 décembre",
    "entre agosto y enero de 2026; 12/08/2025, 12/08/25; 2025-08-11",
    "El 3 4 de mayo, martes 13; línea 4, turno 2; maya 3; 10 am y 10 pm; él 5 de junio",
]


def test_page_and_program_leave_out_the_same() -> None:
    """Days, hours, numbers on labels, what is business confidential: what one hides, the other hides."""
    records = []
    for name in ("petition_example_es.yaml", "petition_example_en.yaml"):
        petition = load((PETITIONS / name).read_bytes()).petition.plain()
        review = review_for_public(petition, str(petition["language"]), os.urandom, NOTHING)
        records.append({**review.all_hidden().record, "business_confidential": ["facts.summary", "laws[0]"]})
    told = node.run(_SCRIPT, {"texts": TEXTS, "records": json.loads(json.dumps(records))}, STATIC=str(STATIC))
    assert told["texts"] == months(TEXTS)
    marked = [leave_out(record, record["business_confidential"]) for record in records]
    assert told["versions"] == [public_version(record) for record in marked]
