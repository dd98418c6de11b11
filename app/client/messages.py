"""The office's questions: fetched sealed, believed only if the log has them, and opened on this machine.

Rules
  1. A question counts when its entry is in the log under the pinned key, is about this case, and says that it was
     asked.
  2. The ciphertext is the one whose hash that entry holds: a portal can seal any text to the case, and cannot make the
     log say so afterwards. Or a holder sealed it anew to a later case key: then the signed manifest names it.
  3. It opens with the case key and names its place; number and day inside are those of the entry.
  4. That it was answered or taken back counts when an entry proves it.

Worked example: somebody at the portal writes "Send us the names" and seals it to the case. Served without an entry it
is refused by rule 1, under another question's entry by rule 2. Asked through the office, it stands in the log for ever,
under the role that asked.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from app.client.errors import NetworkError, TamperingError
from app.client.history import check_history
from app.client.proofs import ProvedEntry, keep
from app.client.signin import Clock, signed_in
from app.client.steps import prove_all
from app.client.transport import Transport
from app.client.trust import Listed, OpenedCase, open_object
from app.i18n import N_
from crypto.digest import sha256_hex
from crypto.errors import CryptoError, NoMatchError
from crypto.framing import FrameKind, Head
from crypto.note import strict_base64
from crypto.opening import open_framed

_ASKING = ("question_asked", "place_flagged")
_CLOSING = {"question_answered": {"ANSWERED", "ANSWERED_LATE"}, "question_withdrawn": {"WITHDRAWN"}}
OPEN = frozenset({"WAITING", "OVERDUE"})
_MOST = 1000
_STATES = OPEN | {"LAPSED"} | {state for states in _CLOSING.values() for state in states}


class MessageError(TamperingError):
    """A message that the log does not vouch for."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "message": N_(
            "The portal serves a question that its log does not have, or not in these words. Nothing of it is shown. "
            "Keep this folder: it may be evidence."
        ),
    }


@dataclass(frozen=True)
class OfficeFlag:
    """A place that may show a person: a version such as `evidence-3/2`, page and hundredths, or a part."""

    record: str
    page: int
    across: int
    down: int
    part: str
    hold: bool


@dataclass(frozen=True)
class OfficeQuestion:
    """A question, opened and proved. Days are such as 2026-03-12; `language` is that of the words.

    `state` is WAITING, OVERDUE, ANSWERED, ANSWERED_LATE, WITHDRAWN or LAPSED; `role` asked it.
    """

    number: int
    text: str
    language: str
    asked: str
    until: str
    state: str
    role: str
    entry: ProvedEntry
    record: str
    """The mark of its object, the same after it was sealed anew."""
    content: bytes = field(repr=False)
    """What it held, as it was sealed."""
    flag: OfficeFlag | None = None
    """Where a person may be seen, if that is what it says."""

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self.state in OPEN

    def plain(self) -> dict[str, object]:
        """Return what programs get."""
        names = ("number", "state", "language", "text", "asked", "until", "role")
        flag = vars(self.flag) if self.flag else None
        return {name: getattr(self, name) for name in names} | {"entry_index": self.entry.index, "flag": flag}


def readers_of_flagged(opened: OpenedCase, folder: Path, transport: Transport, version: str) -> tuple[ProvedEntry, ...]:
    """Return who has seen the version that a flag is about, from the proved history of a holder who is signed in."""
    served = transport.get_json("/api/v1/case/history").get("entries")
    if not isinstance(served, list):
        raise NetworkError("answer", host=transport.host)
    history = check_history(opened, folder, served)
    return tuple(entry for entry in history.entries if _shows(entry.fields, version))


def _shows(fields: Mapping[str, str], version: str) -> bool:
    return fields.get("kind") in {"record_read", "evidence_read"} and fields.get("record") == version


def fetch_messages(transport: Transport, opened: OpenedCase, clock: Clock, folder: Path) -> tuple[OfficeQuestion, ...]:
    """Return the office's questions in order; the portal notes in its log that they were fetched.

    Raises:
        NetworkError: the portal refuses or is not reached.
        MessageError, UnprovedError: something does not verify; nothing is returned.
    """
    with signed_in(transport, opened, clock):
        return read_messages(transport, opened, folder)


def read_messages(transport: Transport, opened: OpenedCase, folder: Path) -> tuple[OfficeQuestion, ...]:
    """Return them as `fetch_messages` does, for a holder who is signed in."""
    served = transport.get_json("/api/v1/case/messages").get("messages")
    if not isinstance(served, list):
        raise NetworkError("answer", host=transport.host)
    found = tuple(_opened(opened, line) for line in served)
    for question in found:
        keep(folder, question.entry)
    return found


def _opened(opened: OpenedCase, line: Any) -> OfficeQuestion:
    try:
        (entry,) = prove_all(opened, [line["asked"]])  # 1
        said = _said(entry, *_ASKING)
        record, sealed = _text(line["record"]), strict_base64(line["body"])
        whole = _unsealed(opened, record, sealed, said["sha256"])  # 2, 3
        content = json.loads(whole)
        if (str(content["question"]), content["until"]) != (said["question"], said["until"]):
            raise MessageError("message")
        flag = _flag(content.get("flag"), said)
        state = _state(opened, line, said["question"])  # 4
        texts = {name: _text(content[name]) for name in ("text", "language", "asked", "until")}
    except (CryptoError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise MessageError("message") from error
    number, role = int(said["question"]), entry.fields["role"]
    return OfficeQuestion(
        **texts, number=number, state=state, role=role, entry=entry, record=record, content=whole, flag=flag
    )


def _unsealed(opened: OpenedCase, record: str, sealed: bytes, sha256: str) -> bytes:
    """Return what a message holds; `sha256` is that of the ciphertext which its entry names."""
    anew = next((item for item in opened.manifest.of_kind(FrameKind.MESSAGE) if item.record == record), None)
    if anew is not None:
        return _anew(opened, anew, sealed)
    if sha256_hex(sealed) != sha256:
        raise MessageError("message")
    for epoch, identity in opened.epochs:
        place = Head(opened.case.portal, opened.case.case, FrameKind.MESSAGE, record, epoch)
        try:
            return open_framed(sealed, [identity], place)
        except NoMatchError:
            continue
    raise MessageError("message")


def _anew(opened: OpenedCase, listed: Listed, sealed: bytes) -> bytes:
    try:
        return open_object(opened, listed, sealed)
    except TamperingError as error:
        raise MessageError("message") from error


def _flag(value: Any, said: Mapping[str, str]) -> OfficeFlag | None:
    """Return the place that a flag is about; its entry says which version it is in, and whether that is held back."""
    if value is None and "flag" not in said:
        return None
    flag = OfficeFlag(*(value[name] for name in ("record", "page", "across", "down", "part", "hold")))
    numbers = (flag.page, flag.across, flag.down)
    if (flag.record, "yes" if flag.hold else "no") != (said["flag"], said["held"]) or not all(map(_is_small, numbers)):
        raise MessageError("message")
    _text(flag.part)
    return flag


def _is_small(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _MOST


def _said(entry: ProvedEntry, *kinds: str) -> Mapping[str, str]:
    """Return what an entry's detail says in pairs of words, after the step and its stage."""
    if entry.fields["kind"] not in kinds:
        raise MessageError("message")
    words = entry.fields["detail"].split(" ")[2:]
    return dict(zip(words[::2], words[1::2], strict=True))


def _state(opened: OpenedCase, line: Mapping[str, Any], number: str) -> str:
    state, closed = _text(line["state"]), line["closed"]
    if state not in _STATES:
        raise MessageError("message")
    if closed is None:
        if state not in OPEN | {"LAPSED"}:
            raise MessageError("message")
        return state
    (entry,) = prove_all(opened, [closed])
    kind = entry.fields["kind"]
    if state not in _CLOSING.get(kind, set()) or _said(entry, kind)["question"] != number:
        raise MessageError("message")
    return state


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a field of a message has another type")
    return value
