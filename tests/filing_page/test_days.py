"""A day is the one by which the case counts, on every page; an hour is the device’s, and says where the day differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.deadlines import legal_day
from app.i18n import t
from app.resources import STATIC
from tests import node

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("days.mjs")
NIGHT = 1_773_293_400  # 12 March 2026, 05:30 UTC: the 11th in Tijuana, the 12th in Washington
DAY = NIGHT + 13 * 3600
MESSAGES = ("{day} in Washington", "{moment} here, {day}")


def _said(zone: str) -> list[list[str]]:
    moments = [1000 * seconds for seconds in (NIGHT, DAY)]
    words = {message: t("es", message) for message in MESSAGES}
    said: list[list[str]] = node.run(_SCRIPT, {"words": words, "moments": moments}, STATIC=str(STATIC), TZ=zone)
    return [[words.replace("\u202f", " ") for words in one] for one in said]


def test_a_day_is_the_one_by_which_the_case_counts_wherever_the_device_is() -> None:
    """In the evening of Tijuana it is tomorrow where days are counted: both are said."""
    assert legal_day(NIGHT).isoformat() == "2026-03-12"
    night, day = _said("America/Tijuana")
    assert night[0] == "12 de marzo de 2026 en Washington"
    assert night[1].startswith("11 de marzo de 2026")
    assert "10:30" in night[1]
    assert night[1].endswith(" aquí, 12 de marzo de 2026 en Washington")
    assert day[0] == day[2] == "12 de marzo de 2026"
    assert "11:30" in day[1]
    assert "Washington" not in day[1]


def test_nothing_is_added_where_the_device_counts_the_same_day() -> None:
    """Whoever lives by that day reads it once; in UTC it is early the same day."""
    for zone in ("UTC", "America/New_York"):
        night, _ = _said(zone)
        assert night[0] == "12 de marzo de 2026"
        assert "Washington" not in night[1]
