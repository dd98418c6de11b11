"""A question on its way to the petitioner: sealed to the case, so that only its holders read it, and bound by the log.

The office's side makes it and can never open it again (law L1: sealing needs a public key only). The log entry of the
question holds the ciphertext's hash, so that a client believes no message that the log does not have.
"""

import json
from datetime import date

from app.domain.entities import CaseId, CaseRecipient, SealedMessage
from app.domain.ports import Portal
from app.domain.procedure import Asked, Flagged
from crypto.age import HybridRecipient, seal
from crypto.digest import sha256_hex
from crypto.framing import FrameKind, Head, frame

RECORD_ID_SIZE = 8


def seal_message(
    portal: Portal,
    case: CaseId,
    recipient: CaseRecipient,
    question: int,
    asked: Asked,
    day: date,
    flag: Flagged | None = None,
) -> SealedMessage:
    """Return a question, or a flag with its place, sealed to a case's holders; `day` is when it is asked."""
    record = portal.random(RECORD_ID_SIZE).hex()
    body: dict[str, object] = {
        "v": 1,
        "question": question,
        "language": asked.language,
        "text": asked.text,
        "asked": day.isoformat(),
        "until": asked.until.isoformat(),
    }
    if flag is not None:
        body["flag"] = {**flag.spot.to_json(), "hold": flag.hold}
    head = Head(portal.facts.name, case, FrameKind.MESSAGE, record, recipient.epoch)
    framed = frame(head, json.dumps(body, ensure_ascii=False).encode())
    sealed = seal(framed, [HybridRecipient.parse(recipient.recipient)], random=portal.random)
    return SealedMessage(case, question, recipient.epoch, record, sha256_hex(sealed), sealed)
