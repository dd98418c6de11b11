"""Say what the portal ran, and since when: the openings of its own entries about that, which concern nobody."""

from app.domain.openings import decode_opening, opening_for_auditor
from app.domain.ports import Portal

MOST = 1000
"""Changes that are told, the newest: a portal that restarts with other settings each day fills three years."""


def tell_served(portal: Portal) -> dict[str, object]:
    """Return the openings of the published entries of the kind portal version, as a file of openings."""
    indexes = portal.log.changes()[-MOST:]
    openings = []
    with portal.ledger.view() as view:
        for index in indexes:
            for _, sealed, owner in view.log.openings(index, index + 1):
                entry_key, fields = decode_opening(portal.vault.open_opening(index, owner, sealed))
                openings.append(opening_for_auditor(index, entry_key, fields).to_json())
    return {"v": 1, "origin": portal.facts.log_origin, "indexes": list(indexes), "openings": openings}
