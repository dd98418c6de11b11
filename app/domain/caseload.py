"""The office's own order: which cases are open, how a colleague's are shared out, what notes and views hold. Pure.

Rules
    1. A case is open until its procedure has ended; only open cases move in a hand-over.
    2. A case goes to the receiver who has the fewest then, so that a long list is shared evenly, and before that to one
       who does not read it yet, so that two people remain. A person may choose otherwise for each case.
    3. A hand-over can be taken back for a while, by a coordinator: what was moved goes back, and a receiver who read
       the case before keeps it.
    4. A note is appended, never edited. A correction is a new note that names the old one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.entities import CaseId, Stage

_ENDS = ("DECLINED", "WITHDRAWN", "CLOSED_IN_SCREEN", "RESOLVED", "FACILITY_CLOSED", "DESTROYED")
CLOSED = frozenset(stage for stage in Stage if stage.value in _ENDS)
"""Stages in which nothing is expected of the office any more."""
UNDO_SECONDS = 60 * 60
MOST_MOVED = 200
"""Cases in one hand-over: what one form carries."""
MOST_NOTE = 2000
MOST_VIEWS = 30
MOST_VIEW_NAME = 60


@dataclass(frozen=True)
class Move:
    """One case of a hand-over; `had_it` says that its receiver read the case already."""

    case: CaseId
    receiver: int
    had_it: bool = False


@dataclass(frozen=True)
class HandOver:
    """A hand-over as the store has it: accounts by number, times in unix seconds."""

    number: int
    giver: int
    made_by: int
    made: int
    moves: tuple[Move, ...]
    undone: int | None = None


@dataclass(frozen=True)
class StoredNote:
    """A note as the store has it: `seq` counts a case's notes from 1, `corrects` is the number of an older one."""

    case: CaseId
    seq: int
    staff: int
    written: int
    corrects: int | None
    entry_index: int
    body_sealed: bytes


@dataclass(frozen=True)
class StoredView:
    """A saved view as the store has it; `deleted` in unix seconds while it can still be taken back."""

    id: str
    staff: int
    created: int
    deleted: int | None
    body_sealed: bytes


def may_be_undone(made: HandOver, now: int) -> bool:
    """Tell whether a hand-over can still be taken back at once."""
    return made.undone is None and now < made.made + UNDO_SECONDS


def shared_out(
    reading: Mapping[CaseId, Collection[int]], receivers: Sequence[int], loads: Mapping[int, int]
) -> dict[CaseId, int]:
    """Return a receiver for each case by rule 2; `reading` says who reads which case, in order."""
    have = {receiver: loads.get(receiver, 0) for receiver in receivers}
    chosen = {}
    for case, readers in reading.items():
        least = min([each for each in receivers if each not in readers] or receivers, key=lambda each: have[each])
        have[least] += least not in readers
        chosen[case] = least
    return chosen
