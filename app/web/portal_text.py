"""What a page of ours carries of its portal: name and public keys, which a filing is sealed for and checked against."""

import json

from app.domain.entities import PortalFacts

_KEYS = ("name", "deployment", "log_origin", "log_vkey", "statement_vkey")


def portal_text(facts: PortalFacts, upload_limit: int, url: str) -> str:
    """Return the facts as JSON without `<`; the keys have the names of `GET /api/v1/portal`.

    `upload_limit`: bytes of all files together; `url`: where the portal is reached.
    """
    said = {name: getattr(facts, name) for name in _KEYS} | {"upload_limit": upload_limit, "url": url}
    return json.dumps(said, separators=(",", ":")).replace("<", "\\u003c")
