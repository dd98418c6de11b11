"""What happened to a case in the procedure: one event per step, appended and never edited.

An event's texts (reference, reasons, words) are encrypted under the case's data key; its bytes are salted and their
hash stands in the step's log entry, so that a changed event no longer fits the log (law L5).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.deadlines import Basis, Dated, Milestone, Precision
from app.domain.entities import CaseId, Role, Stage
from app.domain.places import Spot
from app.domain.procedure import Action, Asked, Flagged, Outcome, ReasonWords, Stated
from crypto.canonical import canonical_json
from crypto.secret import Random

SALT_BYTES = 16


@dataclass(frozen=True)
class StoredEvent:
    """An event as the store has it: `seq` counts a case's events from 1, `recorded` is in unix seconds.

    `staff` is the account that took the step, None for holders and the portal. `dated` is the day that the step states.
    """

    case: CaseId
    seq: int
    action: Action
    stage: Stage
    milestone: Milestone | None
    dated: Dated | None
    role: Role
    staff: int | None
    recorded: int
    entry_index: int
    body_sealed: bytes


@dataclass(frozen=True)
class CaseEvent:
    """An event with what was stated."""

    seq: int
    action: Action
    stage: Stage
    milestone: Milestone | None
    role: Role
    staff: int | None
    recorded: int
    entry_index: int
    stated: Stated


def encode(stated: Stated, random: Random) -> bytes:
    """Return the bytes of what was stated, with a salt so that their hash tells nothing."""
    day, asked, flag = stated.day, stated.asked, stated.flag
    about = {
        "asked": [asked.text, asked.language, asked.until.isoformat()] if asked else None,
        "question": stated.question,
        "sha256": stated.sha256,
        "session": stated.session,
        "flag": {**flag.spot.to_json(), "hold": flag.hold} if flag else None,
        "release": stated.release,
        "audience": stated.audience,
    }
    return canonical_json(
        {
            **{name: value for name, value in about.items() if value},
            "v": 1,
            "salt": random(SALT_BYTES).hex(),
            "day": [day.day.isoformat(), day.basis.value, day.precision.value] if day else None,
            "reference": stated.reference,
            "reason": stated.reason,
            "note": stated.note,
            "outcome": stated.outcome.value if stated.outcome else None,
            "codes": list(stated.codes),
            "words": {language: [words.not_met, words.cure] for language, words in stated.words.items()},
            "draft": stated.draft,
        }
    )


def decode(stored: StoredEvent, body: bytes) -> CaseEvent:
    """Return an event with what its bytes state."""
    value: Mapping[str, Any] = json.loads(body)
    stated = Stated(
        day=_dated(value["day"]),
        reference=value["reference"],
        reason=value["reason"],
        note=value["note"],
        outcome=Outcome(value["outcome"]) if value["outcome"] else None,
        codes=tuple(value["codes"]),
        words={language: ReasonWords(*texts) for language, texts in value["words"].items()},
        draft=value["draft"],
        asked=_asked(value.get("asked")),  # events of before there were questions have none of these
        question=value.get("question", 0),
        sha256=value.get("sha256", ""),
        session=value.get("session", 0),
        flag=_flagged(value.get("flag")),
        release=value.get("release", 0),
        audience=value.get("audience", ""),
    )
    return CaseEvent(
        stored.seq,
        stored.action,
        stored.stage,
        stored.milestone,
        stored.role,
        stored.staff,
        stored.recorded,
        stored.entry_index,
        stated,
    )


def _flagged(value: Mapping[str, Any] | None) -> Flagged | None:
    if value is None:
        return None
    place = {name: part for name, part in value.items() if name != "hold"}
    return Flagged(Spot(**place), hold=value["hold"])


def _asked(value: Sequence[str] | None) -> Asked | None:
    if value is None:
        return None
    text, language, until = value
    return Asked(text, language, date.fromisoformat(until))


def _dated(value: Sequence[str] | None) -> Dated | None:
    if value is None:
        return None
    day, basis, precision = value
    return Dated(date.fromisoformat(day), Basis(basis), Precision(precision))
