"""How dates, deadlines and redactions are written for people, in the three languages."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

from babel.dates import format_date, format_skeleton
from markupsafe import Markup, escape

from app.i18n import N_, t
from app.web.contexts.cards import Clock

_LOCALES = {"es": "es_MX", "en": "en", "fr": "fr_CA"}
_DAYS = 4096
"""Days whose words are kept: working them out takes a hundred times as long as looking them up."""
_BRACKETED = re.compile(r"\[(?P<words>[^\[\]\n]{2,40})\]")
_PLACES = {
    "NOT_STARTED": N_("Not started"),
    "STOPPED": N_("Stopped"),
    "MET": N_("Met in time"),
    "MET_LATE": N_("Met late"),
}
_STANDINGS = {
    "behind": N_(
        "This portal is read-only: its data are older than what it has already signed, as after a restored backup. "
        "You can look at the status of a case and at the public log. Nothing new is accepted until its operator has "
        "settled publicly what was lost."
    ),
    "restored": N_(
        "This portal was restored from a backup and is read-only. You can look at the status of a case and at the "
        "public log. What was filed or done after the backup may be missing: keep your receipts. Nothing new is "
        "accepted until its operator has settled publicly what was lost."
    ),
    "other": N_(
        "This portal is read-only: its data are not what it has signed. Keep your receipts. Nothing new is accepted "
        "until its operator has mended this."
    ),
}


def standing_words(language: str, standing: str) -> str:
    """Return why a portal is read-only, empty for one that is whole."""
    return "" if standing == "whole" else t(language, _STANDINGS.get(standing, _STANDINGS["other"]))


def day(language: str, value: date | str) -> str:
    """Return a day in words, such as `12 de marzo de 2026`; a month as a month; other text stays as it is."""
    return _month(language, value) if isinstance(value, str) else _in_words(language, value, "long")


def short_day(language: str, value: date | str) -> str:
    """Return a day in few letters, such as `12 mar 2026`, for tables."""
    return _month(language, value) if isinstance(value, str) else _in_words(language, value, "medium")


def _month(language: str, value: str) -> str:
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        return value
    return _month_in_words(language, first)


@lru_cache(_DAYS)
def _in_words(language: str, value: date, form: str) -> str:
    return format_date(value, form, locale=_LOCALES[language])


@lru_cache(_DAYS)
def _month_in_words(language: str, first: date) -> str:
    return format_skeleton("yMMMM", first, locale=_LOCALES[language])


def moment(language: str, value: datetime) -> str:
    """Return a time in words, in UTC and saying so: the server does not know where its reader is."""
    at = value.astimezone(UTC) if value.tzinfo else value
    return f"{_in_words(language, at.date(), 'd MMM y')}, {at:%H:%M} UTC"


def clock_words(language: str, clock: Clock) -> str:
    """Return a deadline in words, such as `9 days left` or `3 days overdue`."""
    days = clock.days or 0
    if clock.state == "MET_LATE" and days:
        return t(language, N_("Met 1 day late")) if days == 1 else t(language, N_("Met {days} days late"), days=days)
    if clock.state in _PLACES:
        return t(language, _PLACES[clock.state])
    if clock.state == "OVERDUE":
        return t(language, N_("1 day overdue")) if days == 1 else t(language, N_("{days} days overdue"), days=days)
    if days == 0:
        return t(language, N_("Due today"))
    return t(language, N_("1 day left")) if days == 1 else t(language, N_("{days} days left"), days=days)


def redactions(text: str) -> Markup:
    """Return text with its surrogates, such as `[TESTIGO-03]`, set apart; everything else is escaped.

    A surrogate is capitals in square brackets: `[sic]` and an author's own remarks stay as they are.
    """
    return Markup("").join(_pieces(text)) if "[" in text else escape(text)


def _pieces(text: str) -> Iterator[Markup]:
    end = 0
    for found in _BRACKETED.finditer(text):
        if not found["words"].isupper():
            continue
        yield escape(text[end : found.start()])
        yield Markup(f'<span class="redacted">{escape(found["words"])}</span>')  # noqa: S704 - the words are escaped
        end = found.end()
    yield escape(text[end:])
