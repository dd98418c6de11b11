"""This look at a record, as its page says it: whose, why, until when, and where the log has it."""

from datetime import UTC, datetime

from app.domain.entities import SITTING_SECONDS, StaffMember
from app.usecases.read_redacted import RedactedRecord
from app.web.contexts.reading import Reading


def reading_of(member: StaffMember, found: RedactedRecord) -> Reading:
    """Return what a page says of a look."""
    return Reading(
        reader=member.name,
        role=member.role,
        purpose=found.purpose,
        started=datetime.fromtimestamp(found.started, UTC),
        until=datetime.fromtimestamp(found.started + SITTING_SECONDS, UTC),
        entry_index=found.entry_index,
        proof=found.proof,
        code=found.code,
    )
