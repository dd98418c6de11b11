"""Entries whose openings were verified: what they say of who did what, as the rules and the reports read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crypto.errors import LogError
from crypto.log.commitments import FIELDS, Opening, verify_opening
from crypto.log.leaf import Leaf

_FORM = "%Y-%m-%dT%H:%M:%SZ"

READS = frozenset({"record_read", "answer_read", "evidence_read", "notes_read"})
"""Kinds by which somebody of the office sees something of a case beyond its card."""
STEPS = frozenset(
    {"note_written", "question_asked", "question_withdrawn", "decision_drafted", "decision_approved", "place_flagged"}
)
"""Kinds that only somebody takes who has the case."""
STAFF = frozenset({"reviewer", "coordinator", "panel", "auditor", "operator"})
OPERATOR = "operator"
"""Who works at the server's command line, without an account."""


@dataclass(frozen=True)
class Entry:
    """One entry with its verified opening; `fields` are those that are shown."""

    index: int
    leaf: Leaf
    opening: Opening
    fields: Mapping[str, str]

    @property
    def whole(self) -> bool:
        """Whether every field is shown."""
        return len(self.fields) == len(FIELDS)

    @property
    def kind(self) -> str:
        """What happened; the empty text if that is hidden."""
        return self.fields.get("kind", "")

    @property
    def actor(self) -> str:
        """Who did it."""
        return self.fields.get("actor", "")

    @property
    def case(self) -> str:
        """The number of the case, the empty text for the portal's own entries."""
        return self.fields.get("case", "")

    @property
    def detail(self) -> str:
        """What else the entry says."""
        return self.fields.get("detail", "")

    @property
    def record(self) -> str:
        """What was read, or the hash of what was written."""
        return self.fields.get("record", "")

    @property
    def moment(self) -> int | None:
        """The committed time in unix seconds, None where it is hidden or is no time."""
        try:
            return int(datetime.strptime(self.fields["time"], _FORM).replace(tzinfo=UTC).timestamp())
        except (KeyError, ValueError):
            return None

    @property
    def by_staff(self) -> bool:
        """Whether an account of the office did it."""
        return self.fields.get("role") in STAFF and self.actor != OPERATOR


def opened(opening: Opening, data: bytes) -> Entry:
    """Return an entry whose opening fits; raises ``LogError`` for one that does not, or is no leaf."""
    leaf = Leaf.from_bytes(data)
    return Entry(opening.index, leaf, opening, verify_opening(opening, leaf.commitment))


def named_entries(entry: Entry) -> set[int]:
    """Return the entries that an opened *case_destroyed* names: their openings ended with the case."""
    if entry.kind != "case_destroyed":
        return set()
    words = entry.detail.rpartition(" ")[2].split(",")
    return {int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19}


__all__ = ["OPERATOR", "READS", "STAFF", "STEPS", "Entry", "LogError", "named_entries", "opened"]
