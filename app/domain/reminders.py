"""A calendar file that reminds somebody of a day, and tells whoever sees the calendar nothing.

Rules
    1. One wording for everybody: it names no portal, case, workplace, office or petition, and no product.
    2. Whole days only, and the time of making rounded to a day: the file does not say when somebody looked.
    3. Each entry has a random mark: two files of one case have nothing in common but the day.
    4. There is always an entry. Without a day to wait for it is the day on which to look again, so that having a file
       says nothing about the case.

Source: RFC 5545, sections 3.1 (lines of 75 octets, CRLF), 3.3.4, 3.6.1, 3.6.6; RFC 7986, 5.3 (UID).
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from app.i18n import N_, t
from crypto.secret import Random

MEDIA_TYPE = "text/calendar; charset=utf-8"
LOOK_AGAIN_DAYS = 14
_LINE_OCTETS = 75
_UUID_BYTES = 16
_WORDING = N_("Reminder")
_FILE_NAMES = {"es": "recordatorio.ics", "en": "reminder.ics", "fr": "rappel.ics"}


def reminder_days(due: str | None, question: Mapping[str, object] | None, today: date) -> tuple[date, ...]:
    """Return the days to be reminded of: the clock's and a waiting question's, if they have not passed (rule 4)."""
    said = (_day(due), _day(question.get("until")) if question else None)
    days = {day for day in said if day is not None and day >= today}
    return tuple(sorted(days)) or (today + timedelta(days=LOOK_AGAIN_DAYS),)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def reminder_file(days: Iterable[date], language: str, today: date, random: Random) -> bytes:
    """Return the calendar with one whole-day entry for each day, and an alarm on the morning before."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//-//-//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for day in days:
        lines += _entry(day, t(language, _WORDING), today, random)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def file_name(language: str) -> str:
    """Return the file's name, which says no more than its content."""
    return _FILE_NAMES[language]


def _entry(day: date, wording: str, today: date, random: Random) -> list[str]:
    text = _escaped(wording)
    return [
        "BEGIN:VEVENT",
        f"UID:{uuid.UUID(bytes=random(_UUID_BYTES), version=4)}",
        f"DTSTAMP:{today:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{text}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{text}",
        "TRIGGER:-PT15H",
        "END:VALARM",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for plain in ("\\", ";", ","):
        text = text.replace(plain, "\\" + plain)
    return text.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Return a line in pieces of at most 75 octets, none of which cuts a character."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > _LINE_OCTETS:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
