"""A portal whose log was succeeded after a loss: which keys of it are believed from now on, and what is said of it.

Rules
  1. The new keys are believed because a note says so that the statement key signed which this machine has known since
     the filing; the new statement key signed it too. Each note is kept in case.json and verified anew each time.
  2. It is never silent: whoever follows is told when, how much was kept, and how much is known to be lost.
  3. What this machine proved of entries beyond the kept ones stays proved: it is evidence of the loss.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from app.client.case import CaseFile
from app.client.transport import Transport
from app.i18n import N_, t
from crypto.errors import NoteError
from crypto.note import NoteType, NoteVerifier, open_typed

_MOST = 64
_TOLD = N_(
    "On {day} this portal said that it lost data. Its log went on under another name ({origin}) with new keys, after "
    "the first {kept} entries. Known to be lost: {lost} entries. Keep this folder: what it proves stays proved."
)


@dataclass(frozen=True)
class LogKeys:
    """One log of a portal and the keys under which its answers are checked; `kept` entries of it are in the next."""

    origin: str
    log_vkey: str
    statement_vkey: str
    kept: int | None = None
    day: str = ""
    lost: int = 0


def logs_of(case: CaseFile) -> tuple[LogKeys, ...]:
    """Return the logs of a case's portal, the one of the filing first, the present one last (rule 1).

    Raises NoteError for a note in case.json that does not verify.
    """
    logs = [LogKeys(case.log_origin, case.log_vkey, case.statement_vkey)]
    for note in case.successors:
        logs[-1:] = _step(case, logs[-1], note)
    return tuple(logs)


def _step(case: CaseFile, last: LogKeys, note: str) -> tuple[LogKeys, LogKeys]:
    body = open_typed(note, NoteType.SUCCESSOR, [NoteVerifier.parse(last.statement_vkey)])
    try:
        after, before = body["to"], body["from"]
        kept, known = _count(body["kept"]["size"]), _count(body["known"]["size"])
        open_typed(note, NoteType.SUCCESSOR, [NoteVerifier.parse(after["statements"])])
        if (body["portal"], before["log"], before["statements"]) != (case.portal, last.log_vkey, last.statement_vkey):
            raise NoteError("the note is about another log")
        new = LogKeys(str(after["origin"]), str(after["log"]), str(after["statements"]))
        if NoteVerifier.parse(new.log_vkey).name != new.origin:
            raise NoteError("the key is not named after the log")
        return replace(last, kept=kept, day=str(body["time"])[:10], lost=max(known - kept, 0)), new
    except (KeyError, TypeError, ValueError) as error:
        raise NoteError("the note has another form") from error


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("not a count")
    return value


def follow(transport: Transport, case: CaseFile, folder: Path) -> CaseFile:
    """Return the case with the successions that its portal tells of and that verify; new ones are kept in case.json."""
    served = transport.get_json("/api/v1/portal").get("before")
    notes = [each.get("note") for each in served[:_MOST] if isinstance(each, dict)] if isinstance(served, list) else []
    found = case
    for note in notes:
        if isinstance(note, str) and note not in found.successors:
            found = _with(found, note)
    if found is not case:
        found.save(folder)
    return found


def _with(case: CaseFile, note: str) -> CaseFile:
    longer = replace(case, successors=(*case.successors, note))
    try:
        logs_of(longer)
    except NoteError:
        return case  # whatever rests on it will not verify, and be told
    return longer


def words(case: CaseFile, language: str) -> Sequence[str]:
    """Return what is to be said of each succession (rule 2)."""
    return [
        t(language, _TOLD, day=before.day, origin=after.origin, kept=before.kept, lost=before.lost)
        for before, after in pairwise(logs_of(case))
    ]
