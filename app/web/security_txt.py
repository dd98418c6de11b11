"""Where flaws of this portal are reported, as scanners and researchers look for it. Source: RFC 9116."""

from datetime import UTC, datetime, timedelta
from typing import Final

from app.domain.entities import PortalFacts

ADDRESS: Final = "/.well-known/security.txt"
_VALID: Final = timedelta(days=180)  # RFC 9116 recommends less than a year


def security_txt(facts: PortalFacts, url: str, now: int) -> str | None:
    """Return the file of a portal at a URL, None where its operator named no address; `now` in unix seconds."""
    if facts.reports_to is None:
        return None
    day = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0)
    lines = (
        f"Contact: {facts.reports_to}",
        f"Expires: {day + _VALID:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: es, en, fr",
        f"Canonical: {url}{ADDRESS}",
        f"Policy: {url}/limits#reports",
    )
    return "\n".join(lines) + "\n"
