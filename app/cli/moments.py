"""Days and times as people write them, in their language and in this machine's time zone."""

from datetime import datetime

from babel.dates import format_date, format_time

from app.cli.language import language


def day(moment: str) -> str:
    """Return the day of an RFC 3339 moment, such as "12 de marzo de 2026"."""
    return format_date(datetime.fromisoformat(moment).astimezone(), "long", locale=language())


def day_and_time(moment: str) -> str:
    """Return day and time of an RFC 3339 moment, such as "12 de marzo de 2026, 09:41"."""
    local = datetime.fromisoformat(moment).astimezone()
    return f"{day(moment)}, {format_time(local, 'HH:mm', locale=language())}"
