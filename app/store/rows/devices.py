"""Readers' devices, nonces that were used, and since when signing is required."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from app.domain.entities import ReaderDevice
from app.store import tables

_DEVICE, _NONCE, _RULE = tables.reader_device, tables.request_nonce, tables.signing_rule
# Asked at each look that a device signed: built once, since building one costs several times what running it does.
_OF = select(_DEVICE).where(_DEVICE.c.staff_id == bindparam("staff")).order_by(_DEVICE.c.entry_index)
_AT = select(_DEVICE).where(_DEVICE.c.entry_index == bindparam("index"))
_REAP = delete(_NONCE).where(_NONCE.c.expires < bindparam("now"))
_USED = select(_NONCE).where(_NONCE.c.nonce_hash == bindparam("nonce_hash"))
_USE = insert(_NONCE)


class SqlDeviceRows:
    """`DeviceRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, device: ReaderDevice) -> None:
        """Insert a device."""
        row = {
            "entry_index": device.entry_index,
            "staff_id": device.staff,
            "vkey": device.vkey,
            "label": device.label,
            "note": device.note,
            "created": device.created,
        }
        self._connection.execute(insert(_DEVICE), row)

    def of(self, staff: int) -> Sequence[ReaderDevice]:
        """Return an account's devices in order, those that were switched off too."""
        return [_device(row) for row in self._connection.execute(_OF, {"staff": staff})]

    def at(self, entry_index: int) -> ReaderDevice | None:
        """Return the device whose key an entry of the log brought."""
        row = self._connection.execute(_AT, {"index": entry_index}).first()
        return _device(row) if row else None

    def all(self) -> Sequence[ReaderDevice]:
        """Return every device in order."""
        return [_device(row) for row in self._connection.execute(select(_DEVICE).order_by(_DEVICE.c.entry_index))]

    def end(self, entry_index: int, now: int) -> bool:
        """Switch a device off; return False where it was off already."""
        where = (_DEVICE.c.entry_index == entry_index) & _DEVICE.c.ended.is_(None)
        return self._connection.execute(update(_DEVICE).where(where).values(ended=now)).rowcount == 1

    def use_nonce(self, nonce_hash: str, expires: int, now: int) -> bool:
        """Use a nonce up, once; forget those that expired."""
        self._connection.execute(_REAP, {"now": now})
        if self._connection.execute(_USED, {"nonce_hash": nonce_hash}).first():
            return False
        self._connection.execute(_USE, {"nonce_hash": nonce_hash, "expires": expires})
        return True

    def rules(self) -> Sequence[tuple[int, str]]:
        """Return (entry, rule) of each change of the rule, in order."""
        return [(row.entry_index, row.rule) for row in self._connection.execute(select(_RULE).order_by("entry_index"))]

    def add_rule(self, entry_index: int, rule: str) -> None:
        """Note that a rule holds from an entry on."""
        self._connection.execute(insert(_RULE), {"entry_index": entry_index, "rule": rule})


def _device(row: Row[Any]) -> ReaderDevice:
    return ReaderDevice(row.entry_index, row.staff_id, row.vkey, row.label, row.note, row.created, row.ended)
