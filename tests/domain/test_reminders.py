"""The calendar file: RFC 5545, and nothing in it that tells what it is about."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reminders import LOOK_AGAIN_DAYS, _escaped, _folded, file_name, reminder_days, reminder_file
from app.i18n import LANGUAGES

TODAY = date(2026, 3, 3)
TELLING = re.compile(r"(?i)resguardo|portal|cas[eo]|petici|petition|centro|office|oficina|t-mec|usmca|dossier")


def unfolded(data: bytes) -> list[str]:
    """Return the lines of a calendar file as a calendar reads them."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    return data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_calendar_file_tells_a_day_and_nothing_else(language: str) -> None:
    """Whoever sees a shared calendar learns of a day: no portal, case, facility, nor the word petition."""
    data = reminder_file([date(2026, 3, 12), date(2026, 4, 1)], language, TODAY, os.urandom)
    lines = unfolded(data)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20260312" in lines
    assert "DTEND;VALUE=DATE:20260313" in lines
    assert len({line for line in lines if line.startswith("UID:")}) == 2
    assert not TELLING.search(data.decode() + file_name(language))


def test_calendar_files_of_two_cases_differ_in_their_marks_only() -> None:
    """Size and wording say nothing about a case."""
    first, second = (reminder_file([date(2026, 3, 12)], "es", TODAY, os.urandom) for _ in range(2))
    marks = [re.sub(rb"UID:[0-9a-f-]+", b"UID:", data) for data in (first, second)]
    assert first != second
    assert marks[0] == marks[1]
    assert len(first) == len(second)


def test_days_that_passed_are_no_reminder() -> None:
    """The clock's day and a question's, in order; with neither there is the day to look again."""
    again = (TODAY + timedelta(days=LOOK_AGAIN_DAYS),)
    assert reminder_days(None, None, TODAY) == again
    assert reminder_days("2026-03-02", {"until": "2026-02-01"}, TODAY) == again
    assert reminder_days("2026-03-12", {"until": "2026-03-05"}, TODAY) == (date(2026, 3, 5), date(2026, 3, 12))
    assert reminder_days("2026-03-12", {"until": "2026-03-12"}, TODAY) == (date(2026, 3, 12),)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_folded_lines_are_short_and_whole(text: str) -> None:
    """RFC 5545, 3.1: no line has more than 75 octets, and unfolding gives the text again."""
    folded = _folded(text)
    assert all(len(line) <= 75 for line in folded.split(b"\r\n"))
    assert folded.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode() == text


def test_text_values_are_escaped() -> None:
    """RFC 5545, 3.3.11."""
    assert _escaped("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne"
