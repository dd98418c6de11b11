"""Where a case stands: a statement that the portal signs, checked before it is shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.client.errors import NetworkError, TamperingError
from app.client.transport import RefusedError, Transport
from app.domain.typed_text import is_readable
from crypto.errors import KeyTextError, NoteError
from crypto.keys import normalise_status_code
from crypto.note import NoteType, NoteVerifier, open_typed

_NOT_FOUND = 404
_MORE = ("received", "clocks", "decision", "question", "suspended", "corrections", "destroyed_from")
"""What newer portals state beside the first contract; programs get it as it was signed."""


@dataclass(frozen=True)
class Clock:
    """A deadline as the portal counted it; days are dates such as 2026-03-12, None where there is none."""

    state: str
    start: str | None
    due: str | None
    rolled: str | None
    end: str | None
    left: int | None
    late: int | None
    note: str


@dataclass(frozen=True)
class Correction:
    """A day or note that was put right, and why."""

    what: str
    before: str
    now: str
    by: str
    reason: str
    recorded: str


@dataclass(frozen=True)
class Question:
    """That a question of the office waits: its number, and days such as 2026-03-12. Its words are sealed."""

    number: int
    asked: str
    until: str
    overdue: bool


@dataclass(frozen=True)
class Status:
    """What a status note says; days are RFC 3339. `due` is None while no clock runs.

    `suspended` is the day since which the office has no access, None while it has.
    `words` are (what was not met, what would cure it) by language; `more` is what else was signed, for programs.
    """

    portal: str
    deployment: str
    case: str
    stage: str
    since: str
    due: str | None
    overdue: bool
    reasons: tuple[str, ...]
    clock: Clock | None = None
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    question: Question | None = None
    suspended: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return what programs get."""
        first = {"stage": self.stage, "since": self.since, "due": self.due, "overdue": self.overdue}
        return {**first, "reasons": list(self.reasons), **self.more}


def fetch_status(transport: Transport, code: str, vkeys: Collection[str]) -> Status:
    """Return the status that a code leads to, after one of the statement keys was found to have signed it.

    Raises:
        NetworkError: the code is malformed or unknown, or the portal is not reached.
        TamperingError: the statement is not signed by such a key.
    """
    try:
        shown = normalise_status_code(code)
    except KeyTextError:
        raise NetworkError("code_malformed") from None
    try:
        answer = transport.post("/api/v1/status", {"code": shown}, repeatable=True)
    except RefusedError as error:
        if error.status != _NOT_FOUND:
            raise
        raise NetworkError("code_not_found") from None
    try:
        verifiers = [NoteVerifier.parse(vkey) for vkey in vkeys]
        if "certificate" in answer:
            gone = open_typed(answer["certificate"], NoteType.CERTIFICATE, verifiers)
            raise NetworkError("case_destroyed", day=_line(gone["destroyed"])[:10], rule=_line(gone["rule"]))
        body = open_typed(answer["note"], NoteType.STATUS, verifiers)
        return _read(body)
    except (NoteError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise TamperingError("status") from error


def _read(body: dict[str, Any]) -> Status:
    texts = {name: _line(body[name]) for name in ("portal", "deployment", "case", "stage", "since")}
    overdue, clocks, decision = body["overdue"], body.get("clocks") or [], body.get("decision") or {}
    if not isinstance(overdue, bool):
        raise TypeError("overdue is yes or no")
    datetime.fromisoformat(texts["since"])
    return Status(
        **texts,
        due=_day(body["due"]),
        overdue=overdue,
        reasons=tuple(_line(reason) for reason in body["reasons"]),
        clock=_clock(clocks[-1]) if clocks else None,
        words={language: _pair(words) for language, words in (decision.get("words") or {}).items()},
        corrections=tuple(_correction(each) for each in body.get("corrections") or []),
        question=_question(body["question"]) if body.get("question") else None,
        suspended=_day(body.get("suspended")),
        more={name: body[name] for name in _MORE if name in body},
    )


def _line(value: object) -> str:
    if not isinstance(value, str) or not is_readable(value):
        raise TypeError("a field of the statement has another type")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a field of the statement has another type")
    return value


def _day(value: object) -> str | None:
    if value is not None:
        datetime.fromisoformat(_line(value))
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    if value is not None and type(value) is not int:
        raise TypeError("a count of days is a number")
    return value if isinstance(value, int) else None


def _clock(body: Mapping[str, Any]) -> Clock:
    start, end = body["start"] or {}, body["end"] or {}
    return Clock(
        state=_line(body["state"]),
        start=_day(start.get("day")),
        due=_day(body["due"]),
        rolled=_day(body["rolled"]),
        end=_day(end.get("day")),
        left=_number(body["days_left"]),
        late=_number(body["days_late"]),
        note=_text(body["note"]),
    )


def _question(body: Mapping[str, Any]) -> Question:
    number, overdue = body["number"], body["overdue"]
    if type(number) is not int or not isinstance(overdue, bool):
        raise TypeError("a field of the statement has another type")
    days = {name: _line(body[name]) for name in ("asked", "until")}
    for text in days.values():
        date.fromisoformat(text)
    return Question(number, days["asked"], days["until"], overdue)


def _pair(body: Mapping[str, Any]) -> tuple[str, str]:
    return _text(body["not_met"]), _text(body["cure"])


def _correction(body: Mapping[str, Any]) -> Correction:
    recorded = _line(body["recorded"])
    date.fromisoformat(recorded)
    lines = {name: _line(body[name]) for name in ("what", "by")}
    texts = {name: _text(body[name]) for name in ("before", "now", "reason")}
    return Correction(**lines, **texts, recorded=recorded)
