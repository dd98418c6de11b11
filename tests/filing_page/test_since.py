"""Since when: the month that a story names first is offered, in the year that it can only mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.resources import STATIC
from tests import node

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("since.mjs")
TODAY = "2026-02-10T12:00:00"
CASES = {
    ("El 11 de agosto juntamos firmas. El 2 de septiembre la corrieron.", "es"): "2025-08",
    ("En enero la corrieron.", "es"): "2026-01",
    ("El 3 de noviembre de 2024 y en AGOSTO.", "es"): "2024-11",
    ("Votamos el 19 de marzo de 2026, dicen.", "es"): "",
    ("Somos de la colonia Marzolino. Nadie nos oyó.", "es"): "",
    ("They may march. It began on May 3.", "en"): "2025-05",
    ("It began on May 3, 2023.", "en"): "2023-05",
    ("It began in December of 2024.", "en"): "2024-12",
    ("Le 4 août, puis en février.", "fr"): "2025-08",
}


def test_first_month_of_a_story() -> None:
    """Earliest of all months that have begun; a month to come and a word that only looks like one are none."""
    found = node.run(_SCRIPT, [[text, spoken, TODAY] for text, spoken in CASES], STATIC=str(STATIC))
    assert dict(zip(CASES, found, strict=True)) == CASES
