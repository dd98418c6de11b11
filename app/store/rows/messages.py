"""Messages to petitioners: ciphertext that the office adds and cannot read, and the public key it is sealed to."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from app.domain.entities import CaseId, CaseRecipient, SealedMessage
from app.store import tables
from app.store.prepared import Change

_MESSAGE, _RECIPIENT = tables.message, tables.case_recipient
_ADD_RECIPIENT = Change(insert(_RECIPIENT), "case_id", "epoch", "recipient")
_FIND_RECIPIENT = select(_RECIPIENT).where(_RECIPIENT.c.case_id == bindparam("case"))


class SqlMessageRows:
    """`MessageRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_recipient(self, case: CaseId, recipient: CaseRecipient) -> None:
        """Note to which key a new case's messages are sealed."""
        row = {"case_id": case, "epoch": recipient.epoch, "recipient": recipient.recipient}
        _ADD_RECIPIENT.run(self._connection, row)

    def set_recipient(self, case: CaseId, recipient: CaseRecipient) -> None:
        """Note to which key a case's messages are sealed from now on."""
        row = {"epoch": recipient.epoch, "recipient": recipient.recipient}
        if self.recipient(case) is None:
            self.add_recipient(case, recipient)
        else:
            self._connection.execute(update(_RECIPIENT).where(_RECIPIENT.c.case_id == case).values(row))

    def recipient(self, case: CaseId) -> CaseRecipient | None:
        """Return the key to which a case's messages are sealed."""
        row = self._connection.execute(_FIND_RECIPIENT, {"case": case}).first()
        return CaseRecipient(row.recipient, row.epoch) if row else None

    def add(self, message: SealedMessage) -> None:
        """Insert a message."""
        self._connection.execute(
            insert(_MESSAGE),
            {
                "case_id": message.case,
                "question": message.question,
                "epoch": message.epoch,
                "record": message.record,
                "sha256": message.sha256,
                "body": message.body,
            },
        )

    def seal_anew(self, case: CaseId, epoch: int, hashes: Mapping[str, str]) -> None:
        """Let messages, by their marks, be objects of these hashes from now on: the ciphertexts of before go."""
        for record, sha256 in hashes.items():
            place = (_MESSAGE.c.case_id == case) & (_MESSAGE.c.record == record)
            row = {"epoch": epoch, "sha256": sha256, "body": b""}
            self._connection.execute(update(_MESSAGE).where(place).values(row))

    def of(self, case: CaseId) -> Sequence[SealedMessage]:
        """Return a case's messages in the order in which they were written."""
        rows = select(_MESSAGE).where(_MESSAGE.c.case_id == case).order_by(_MESSAGE.c.question)
        return [
            SealedMessage(CaseId(row.case_id), row.question, row.epoch, row.record, row.sha256, row.body)
            for row in self._connection.execute(rows)
        ]
