"""Tell whoever has the status code where the case stands, in a signed statement."""

from dataclasses import dataclass
from typing import Any

from app.domain.chronicle import read_events
from app.domain.deadlines import Dated, Deadline, legal_day
from app.domain.entities import Case
from app.domain.errors import AccessError
from app.domain.moments import rfc3339
from app.domain.ports import Portal
from app.domain.questions import Question, QuestionState, waiting
from app.domain.reasons import received
from app.domain.retention import Announced
from app.domain.standing import Correction, Decision, Standing, standing
from crypto.errors import KeyTextError
from crypto.keys import normalise_status_code, status_hash
from crypto.note import NoteType


@dataclass(frozen=True)
class Status:
    """A case's stage in words that programs read; `note` is the signed statement of the same, `standing` its parts.

    `since` and `due` are days (RFC 3339 full-date); `due` is None while no clock runs. `overdue` stays true when an
    answer came late.
    """

    stage: str
    since: str
    due: str | None
    overdue: bool
    reasons: tuple[str, ...]
    deployment: str
    note: str
    body: dict[str, Any]
    standing: Standing


def tell_status(portal: Portal, code: str) -> Status:
    """Return the status that a code leads to. Raises AccessError: code_unknown."""
    try:
        wanted = status_hash(normalise_status_code(code))
    except KeyTextError as error:
        raise AccessError("code_unknown") from error
    with portal.ledger.view() as view:
        case = view.cases.by_status_hash(wanted)
        if case is None:
            raise AccessError("code_unknown")
        announced = view.retention.announced(case.id)
        events = read_events(portal, view, case.id)
    found = standing(case, events, legal_day(portal.clock()))
    return _statement(portal, case, found, announced)


def tell_certificate(portal: Portal, code: str) -> str | None:
    """Return the certificate under the status code of a destroyed case, None for any other code."""
    try:
        wanted = status_hash(normalise_status_code(code))
    except KeyTextError:
        return None
    with portal.ledger.view() as view:
        found = view.retention.by_status_hash(wanted)
    return found.certificate if found else None


def _statement(portal: Portal, case: Case, found: Standing, announced: Announced | None) -> Status:
    """Before D0 no clock runs: `due` stays empty until the procedure knows the official intake's date."""
    body: dict[str, Any] = {
        "v": 1,
        "portal": portal.facts.name,
        "deployment": portal.facts.deployment,
        "case": case.id,
        "stated": rfc3339(portal.clock()),
        "received": rfc3339(case.received_at),
        **statement_of(found),
        "destroyed_from": announced.day.isoformat() if announced else None,
    }
    note = portal.statements.sign(NoteType.STATUS, body)
    return Status(
        stage=body["stage"],
        since=body["since"],
        due=body["due"],
        overdue=body["overdue"],
        reasons=tuple(body["reasons"]),
        deployment=portal.facts.deployment,
        note=note,
        body=body,
        standing=found,
    )


def statement_of(found: Standing) -> dict[str, Any]:
    """Return a standing as the statement has it; of a question only that it waits: its words are sealed."""
    clock, decision, question = found.clock, found.decision, waiting(found.questions)
    return {
        "stage": found.stage.value,
        "since": found.since.isoformat(),
        "due": clock.due.isoformat() if clock.due else None,
        "overdue": clock.overdue,
        "reasons": list(decision.codes) if decision else [],
        "clocks": [_clock(each) for each in found.clocks],
        "decision": _decision(decision) if decision else None,
        "question": _question(question) if question else None,
        "suspended": found.suspended.isoformat() if found.suspended else None,
        "corrections": [_correction(each) for each in found.corrections],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "number": question.number,
        "asked": question.asked.isoformat(),
        "until": question.until.isoformat(),
        "overdue": question.state is QuestionState.OVERDUE,
    }


def _dated(dated: Dated | None) -> dict[str, str] | None:
    if dated is None:
        return None
    return {"day": dated.day.isoformat(), "basis": dated.basis.value, "precision": dated.precision.value}


def _clock(clock: Deadline) -> dict[str, Any]:
    return {
        "clock": clock.clock,
        "state": clock.state.value,
        "start": _dated(clock.start),
        "length": clock.length,
        "due": clock.due.isoformat() if clock.due else None,
        "rolled": clock.rolled.isoformat() if clock.rolled else None,
        "end": _dated(clock.end),
        "elapsed": clock.elapsed,
        "days_left": clock.left,
        "days_late": clock.late,
        "note": clock.note,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome.value,
        "day": _dated(decision.dated),
        "codes": list(decision.codes),
        "reasons_received": received(decision.codes),
        "words": {
            language: {"not_met": words.not_met, "cure": words.cure} for language, words in decision.words.items()
        },
    }


def _correction(correction: Correction) -> dict[str, str]:
    return {
        "what": correction.what,
        "before": correction.before,
        "now": correction.now,
        "by": correction.role.value,
        "reason": correction.reason,
        "recorded": correction.recorded.isoformat(),
    }
