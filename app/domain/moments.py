"""Moments as text; time itself is always a parameter."""

from datetime import UTC, datetime


def rfc3339(seconds: int) -> str:
    """Return unix seconds as RFC 3339 in UTC, such as `2026-01-30T09:15:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
