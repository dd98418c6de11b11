"""Say which logs this portal's log succeeded after a loss, with all that proves it to a stranger."""

import base64
from typing import Any

from app.domain.openings import decode_opening, opening_for_auditor
from app.domain.ports import Portal


def tell_succession(portal: Portal) -> list[dict[str, Any]]:
    """Return each former log, oldest first: keys, note, and entry and opening of its successor's first own entry."""
    if not portal.facts.before:
        return []
    told = []
    with portal.ledger.view() as view:
        for former in portal.facts.before:
            leaf = view.log.leaf(former.kept)
            rows = list(view.log.openings(former.kept, former.kept + 1))
            about: dict[str, Any] = {
                "origin": former.origin,
                "log_vkey": former.log_vkey,
                "log_pq_vkey": former.log_pq_vkey,
                "statement_vkey": former.statement_vkey,
                "kept": former.kept,
                "note": former.note,
            }
            if leaf is not None and rows:
                index, sealed, case = rows[0]
                opening = opening_for_auditor(index, *decode_opening(portal.vault.open_opening(index, case, sealed)))
                about |= {"leaf": base64.b64encode(leaf).decode(), "opening": opening.to_json()}
            told.append(about)
    return told
