"""A portal's name and public keys, as a page of ours carries them: what a filing is sealed and checked against."""

import json

from app.domain.entities import PortalFacts

_NAMES = ("name", "deployment", "log_origin", "log_vkey", "statement_vkey")


def portal_text(facts: PortalFacts) -> str:
    """Return the facts as JSON, with the names of `GET /api/v1/portal`."""
    return json.dumps({name: getattr(facts, name) for name in _NAMES}, separators=(",", ":"))
