"""Announce a draw by lot: an entry of the log, before anyone can know which entries it will draw."""

from app.domain.entities import EntryKind, Purpose, StaffMember
from app.domain.errors import AccessError
from app.domain.openings import opening_for_auditor
from app.domain.policy import may_fetch_openings
from app.domain.ports import EntryDraft, Portal

MOST = 2000


def announce_draw(portal: Portal, member: StaffMember, count: int) -> dict[str, object]:
    """Log that so many of the entries so far are to be drawn, and return the draw's file. Raises AccessError."""
    if not may_fetch_openings(member):
        raise AccessError("not_allowed")
    if not 0 < count <= MOST:
        raise AccessError("draw_count", "count", limit=MOST)
    draft = EntryDraft(
        EntryKind.DRAW_ANNOUNCED, actor=member.name, role=member.role, purpose=Purpose.AUDIT, detail=str(count)
    )
    (entry,) = portal.ledger.write(lambda unit: unit.append(draft)).entries
    opening = opening_for_auditor(entry.index, entry.entry_key, entry.fields)
    return {"v": 1, "origin": portal.facts.log_origin, "opening": opening.to_json()}
