"""From the code on a leaked page to the sitting in which it was shown; needs the operator's half and the auditor's key.

1. The operator's file opens with the auditor's key: neither of the two reads it alone. 2. Each sitting's other share
opens with the same key. 3. Both together give the code; the sitting whose code it is, is found. 4. What the sitting's
log entry must say follows from both shares: an opening of that entry with another commitment convicts whoever
exchanged them.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.client.errors import ClientError
from app.domain.marks import FORMAT
from app.i18n import N_
from crypto.errors import CryptoError, KeyTextError, NoMatchError
from crypto.mark import MarkShares, code_of, commitment_of, normalise_code
from crypto.opening import HybridIdentity, open_bytes
from crypto.secret import SecretBytes


class TraceError(ClientError):
    """A code leads nowhere."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "code": N_("The code on a page has 16 letters and digits in four groups. Check each group."),
        "other_key": N_("This file was made for another auditor's key."),
        "unreadable": N_("This is no file of “resguardo marks”, or it was changed."),
        "not_found": N_(
            "No sitting of these days has this code. Ask the operator for other days. A sitting of a case that was "
            "destroyed is not found any more."
        ),
    }


@dataclass(frozen=True)
class Traced:
    """The sitting that a code leads to; `started` in unix seconds, `commitment` is what its log entry says."""

    entry: int
    case: str
    reader: str
    role: str
    record: str
    started: int
    commitment: str


def trace(file: bytes, code: str, identity: HybridIdentity) -> Traced:
    """Return the sitting in which a page with this code was shown. Raises TraceError."""
    try:
        wanted = normalise_code(code)
    except KeyTextError as error:
        raise TraceError("code") from error
    try:
        body = json.loads(open_bytes(file, [identity]))  # 1
        if body["format"] != FORMAT:
            raise ValueError("another format")
        found = next((each for each in body["marks"] if _code(each, identity) == wanted), None)
        if found is None:
            raise TraceError("not_found")
        names = ("entry", "case", "reader", "role", "record", "started")
        return Traced(**{name: found[name] for name in names}, commitment=commitment_of(_shares(found, identity)))  # 4
    except NoMatchError as error:
        raise TraceError("other_key") from error
    except (CryptoError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise TraceError("unreadable") from error


def _code(mark: Mapping[str, Any], identity: HybridIdentity) -> str:
    return code_of(_shares(mark, identity), mark["reader"], mark["case"], mark["record"], mark["started"])  # 3


def _shares(mark: Mapping[str, Any], identity: HybridIdentity) -> MarkShares:
    sealed = base64.b64decode(mark["sealed"], validate=True)
    auditor = SecretBytes(open_bytes(sealed, [identity]))  # 2
    return MarkShares(SecretBytes(bytes.fromhex(mark["share"])), auditor)
