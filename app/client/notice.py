"""Being told by e-mail that something waits: an address for the case, given and taken back, proved in the log.

1. The holder signs in. 2. The address is sent, or taken back. 3. The log entry that this made is proved on this
machine, is about this case, and holds no address. 4. Its proof is kept in the case folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from app.client.errors import NetworkError, TamperingError
from app.client.proofs import ProvedEntry, keep, prove
from app.client.signin import Clock, signed_in
from app.client.transport import Transport, printable
from app.client.trust import OpenedCase
from app.i18n import N_
from crypto.errors import CryptoError
from crypto.note import strict_base64

PATH = "/api/v1/case/notice"
_LONGEST = 254


class UnprovedNoticeError(TamperingError):
    """The portal took the change and did not prove that its log has it."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "unproved": N_(
            "The portal took the change, and what it shows of its log does not prove it. "
            "Keep this folder and run “resguardo history”."
        ),
    }


@dataclass(frozen=True)
class Notice:
    """Whether somebody is told by e-mail, and from which address, None where the portal sends none."""

    on: bool
    sender: str | None
    entries: tuple[ProvedEntry, ...] = ()


def show_notice(transport: Transport, opened: OpenedCase, clock: Clock) -> Notice:
    """Return how it stands. Raises NetworkError."""
    with signed_in(transport, opened, clock):
        return _read(transport, transport.get_json(PATH))


def change_notice(transport: Transport, opened: OpenedCase, clock: Clock, folder: Path, address: str | None) -> Notice:
    """Set the address, or clear it with None; keep the proofs in the folder.

    Raises:
        NetworkError: the portal refuses or is not reached. UnprovedNoticeError: its answer proves nothing.
    """
    kind = "notice_cleared" if address is None else "notice_set"
    with signed_in(transport, opened, clock):  # 1
        answer = transport.delete_json(PATH) if address is None else transport.put_json(PATH, {"address": address})  # 2
        told = _read(transport, transport.get_json(PATH))
    try:
        entries = tuple(_proved(opened, line, kind) for line in answer["entries"])  # 3
    except (CryptoError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnprovedNoticeError("unproved") from error
    if told.on is not (address is not None):
        raise UnprovedNoticeError("unproved")
    for entry in entries:
        keep(folder, entry)  # 4
    return Notice(told.on, told.sender, entries)


def _read(transport: Transport, answer: Mapping[str, Any]) -> Notice:
    on, sender = answer.get("on"), answer.get("from")
    if not isinstance(on, bool) or not (sender is None or isinstance(sender, str)):
        raise NetworkError("answer", host=transport.host)
    return Notice(on, None if sender is None else printable(sender, _LONGEST))


def _proved(opened: OpenedCase, line: Mapping[str, Any], kind: str) -> ProvedEntry:
    entry = prove(opened.case, line["proof"], strict_base64(line["leaf"]), line["opening"])
    fits = (entry.fields["case"], entry.fields["kind"]) == (opened.case.case, kind)
    if not fits or "@" in "".join(entry.fields.values()):
        raise ValueError("the entry is about something else, or says the address")
    return entry
