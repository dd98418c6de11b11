"""What an export is made of: fetched from the portal, and believed only after it was compared with what was filed.

1. The holder signs in; the portal logs it. 2. The manifests behind the sign-in are those that were verified. 3. The
redacted record is fetched, which the portal logs as well, and has the hash that the manifest commits to. 4. Its form
is the strict one. 5. The receipt of the case folder verifies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from app.client.case import RECEIPT_FILE
from app.client.errors import ClientError, NetworkError, TamperingError
from app.client.folder import read_file
from app.client.opening import check_overview
from app.client.receipt import check_receipt
from app.client.signin import Clock, signed_in
from app.client.transport import Transport
from app.client.trust import OpenedCase
from app.domain.errors import AdmissionError
from app.domain.filing.record import parse_record
from app.i18n import N_
from crypto.digest import sha256_hex
from crypto.log.proof import MAX_PROOF_SIZE


class RecordError(TamperingError):
    """The portal's redacted record is not the one that was filed."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "record": N_("The portal serves another redacted record than the one that was filed. Nothing was written."),
    }


class ExportError(ClientError):
    """An export cannot be made from this folder, or was not wanted."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "no_receipt": N_(
            "There is no receipt in {path}. Copy receipt.tlog-proof from the folder of whoever filed, and try again."
        ),
        "stopped": N_("Stopped. Nothing was written."),
        "same_file": N_("PDF and bundle need two different names."),
    }


@dataclass(frozen=True)
class Material:
    """A case's redacted record, manifests and receipt, all verified."""

    opened: OpenedCase
    manifests: tuple[str, ...]
    record_text: str
    record: Mapping[str, Any]
    receipt: str
    received: str
    deployment: str
    entry_index: int

    @property
    def record_sha256(self) -> str:
        """The hash to which the manifest commits."""
        return sha256_hex(self.record_text.encode())

    @property
    def confidential(self) -> tuple[str, ...]:
        """The paths of the record that its author marks as business confidential."""
        return tuple(self.record.get("business_confidential", ()))


def fetch_material(transport: Transport, opened: OpenedCase, clock: Clock, folder: Path) -> Material:
    """Return what an export is made of (1. to 5.).

    Raises:
        ExportError: the folder has no receipt.
        TamperingError: a piece is not what was filed.
        NetworkError: the portal is not reached.
    """
    receipt = _read_receipt(folder)
    with signed_in(transport, opened, clock):  # 1
        manifests = check_overview(transport, opened)  # 2
        answer = transport.get_json("/api/v1/case/record")  # 3
    text, entry = answer.get("record"), answer.get("entry_index")
    if not isinstance(text, str) or type(entry) is not int:
        raise NetworkError("answer", host=transport.host)
    record = _check_record(opened, text)
    checked = check_receipt(opened.case, opened.filed, opened.case_log_key, receipt, str(folder / RECEIPT_FILE))  # 5
    return Material(opened, tuple(manifests), text, record, receipt, checked.received, checked.deployment, entry)


def _read_receipt(folder: Path) -> str:
    path = folder / RECEIPT_FILE
    if not path.exists():
        raise ExportError("no_receipt", path=str(folder))
    return read_file(path, MAX_PROOF_SIZE).decode("utf-8", "replace")


def _check_record(opened: OpenedCase, text: str) -> dict[str, Any]:
    """Return the record's values (3. and 4.)."""
    try:
        if sha256_hex(text.encode()) != opened.manifest.record:
            raise RecordError("record")
        return parse_record(text)  # 4
    except (AdmissionError, UnicodeEncodeError) as error:
        raise RecordError("record") from error
