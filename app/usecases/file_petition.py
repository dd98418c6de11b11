"""Take a sealed filing: all of it in one transaction with its log entry, or nothing (laws L5, L7).

1. the same manifest again gets the same receipt; 2. admission checks every rule; 3. parts, rows and entry go into one
unit of work, and where the office itself receives, the first step of the procedure with them: D0 is our receipt;
4. it is durable; 5. the receipt proves it.
"""

from collections.abc import Mapping
from typing import Any

from app.domain.intake import Filed, Intake, admitted_call, known_filing, receipt_of
from app.domain.ports import Portal
from crypto.digest import sha256_hex


def file_petition(portal: Portal, call: Mapping[str, Any]) -> Filed:
    """File a sealed petition. Raises AdmissionError, ServiceError: case_conflict, storage_full, storage_busy."""
    known = known_filing(portal, sha256_hex(str(call.get("manifest", "")).encode()))  # 1
    if known is not None:
        return receipt_of(portal, known)
    intake = Intake(portal, admitted_call(portal, call))  # 2
    committed = portal.ledger.write(intake.store)  # 3, 4
    return receipt_of(portal, committed.value, committed.entries)  # 5
