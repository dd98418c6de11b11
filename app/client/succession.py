"""A portal whose log changed its keys, or was succeeded after a loss: which keys are believed, and what is said of it.

Rules
  1. Changed keys are believed when the log announced them under the log key that this machine knows already
     (`crypto.log.keychange`). The keys before stay believed for what they signed.
  2. After a loss the new log's keys are believed because a note says so that the statement key signed which this
     machine knows; the new statement key signed it too.
  3. Both kinds are kept in case.json, in order, and verified anew each time. A key that none of them leads to is
     another key: nothing goes on.
  4. It is never silent: whoever follows is told when, and after a loss how much was kept, and is known to be lost.
  5. What this machine proved of entries beyond the kept ones stays proved: it is evidence of the loss.

Worked example: case.json names key A. The portal shows key C, an announcement of B that A's checkpoint proves, and one
of C that B's proves: both are kept, C is believed, what A signed still counts. It shows D with nothing that leads
there: refused, whatever else it says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.client.case import CaseFile
from app.client.errors import TamperingError
from app.client.transport import Transport
from app.i18n import N_, t
from crypto.errors import CryptoError, NoteError
from crypto.log.keychange import read_announcement
from crypto.log.proof import HEADER
from crypto.note import NoteType, NoteVerifier, open_typed

_MOST = 64
_LOST = N_(
    "On {day} this portal said that it lost data. Its log went on under another name ({origin}) with new keys, after "
    "the first {kept} entries. Known to be lost: {lost} entries. Keep this folder: what it proves stays proved."
)
_CHANGED = N_(
    "On {day} this portal's log announced new keys, under the ones that you know: entry {index}. What was signed "
    "before stays good. The new key of the log: {key}"
)


@dataclass(frozen=True)
class LogKeys:
    """One set of keys of a portal's log; `kept`: so many entries are in the next log, if there is one.

    `day` is when what is here ended; `announced` is the entry that announces the next keys, None after a loss.
    """

    origin: str
    log_vkey: str
    statement_vkey: str
    kept: int | None = None
    day: str = ""
    lost: int = 0
    announced: int | None = None


def logs_of(case: CaseFile) -> tuple[LogKeys, ...]:
    """Return the keys of a case's portal, those of the filing first, the present ones last (rules 1 and 2).

    Raises CryptoError for something in case.json that does not verify.
    """
    logs = [LogKeys(case.log_origin, case.log_vkey, case.statement_vkey)]
    for link in case.successors:
        step = _changed if link.startswith(HEADER) else _succeeded
        logs[-1:] = step(case, logs[-1], link)
    return tuple(logs)


def log_keys(case: CaseFile) -> Mapping[str, Sequence[str]]:
    """Return the log keys that are believed, by the log's name."""
    found: dict[str, list[str]] = {}
    for each in logs_of(case):
        found.setdefault(each.origin, []).append(each.log_vkey)
    return found


def _changed(case: CaseFile, last: LogKeys, text: str) -> tuple[LogKeys, LogKeys]:
    said = read_announcement(text)
    known = (case.portal, last.origin, last.log_vkey, last.statement_vkey)
    if (said.portal, said.origin, said.before.log, said.before.statements) != known:
        raise NoteError("the announcement is about another log")
    new = LogKeys(said.origin, said.after.log, said.after.statements)
    return replace(last, day=said.time[:10], announced=said.index), new


def _succeeded(case: CaseFile, last: LogKeys, note: str) -> tuple[LogKeys, LogKeys]:
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
    """Return the case with what leads to the portal's present keys; what is new is kept in case.json.

    Raises:
        TamperingError: the portal shows keys that nothing leads to (rule 3).
    """
    said = transport.get_json("/api/v1/portal")
    found = case
    links = [link for link in _served(said) if link not in case.successors]
    while links:  # in whatever order they come: each leads on from the one before
        longer = next((longer for link in links if (longer := _with(found, link)) is not None), None)
        if longer is None:
            break
        found = longer
        links.remove(found.successors[-1])
    if found is not case:
        found.save(folder)
    _check_shown(said, logs_of(found))
    return found


def _served(said: Mapping[str, Any]) -> list[str]:
    """Return the links that a portal serves: notes about losses, announcements of keys."""
    before, changes = said.get("before"), said.get("key_changes")
    notes = [each.get("note") for each in before[:_MOST] if isinstance(each, dict)] if isinstance(before, list) else []
    texts = changes[:_MOST] if isinstance(changes, list) else []
    return [link for link in [*texts, *notes] if isinstance(link, str)]


def _with(case: CaseFile, link: str) -> CaseFile | None:
    """Return the case with one more link, None where it does not lead on from the last one."""
    longer = replace(case, successors=(*case.successors, link))
    try:
        logs_of(longer)
    except CryptoError:
        return None
    return longer


def _check_shown(said: Mapping[str, Any], logs: Sequence[LogKeys]) -> None:
    """Compare the keys that the portal shows with those that are believed: a host may be behind, none elsewhere."""
    shown = said.get("log_vkey"), said.get("statement_vkey")
    if shown != (None, None) and shown not in [(each.log_vkey, each.statement_vkey) for each in logs]:
        raise TamperingError("key_unannounced", key=str(shown[0])[:300])


def words(case: CaseFile, language: str) -> Sequence[str]:
    """Return what is to be said of each change and each succession (rule 4)."""
    return [_words(before, after, language) for before, after in pairwise(logs_of(case))]


def _words(before: LogKeys, after: LogKeys, language: str) -> str:
    if before.announced is not None:
        return t(language, _CHANGED, day=before.day, index=before.announced, key=after.log_vkey)
    return t(language, _LOST, day=before.day, origin=after.origin, kept=before.kept, lost=before.lost)
