"""Moments as text and back; time itself is always a parameter."""

from datetime import UTC, datetime

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def rfc3339(seconds: int) -> str:
    """Return unix seconds as RFC 3339 in UTC, such as `2026-01-30T09:15:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime(_FORM)


def seconds(text: str) -> int:
    """Return unix seconds of such a text. Raises ValueError."""
    return int(datetime.strptime(text, _FORM).replace(tzinfo=UTC).timestamp())
