"""The vault: the one module in which what the service may read is opened.

Rules
    1. A record opens only against an `AccessTicket`, which policy makes from a durable log entry (law L4).
    2. Every case has its own data key, wrapped under the vault key, in a store of its own, and so has every version of
       every readable record; destroying such a row makes everything under it unreadable (law L8).
    3. Each ciphertext is bound to its place (kind, case, version or index): moved, it does not open.
    4. Identities, originals and files never pass here; they are sealed to the case's holders.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.domain.entities import CaseId, RecordPlace
from app.domain.ports import AccessTicket, CaseKeys, RecordKey
from app.store import tables
from app.store.database import KeyEngines
from app.store.failures import told
from app.store.insertion import insert_missing
from app.store.key_names import RECORDS, record_name
from app.store.prepared import Change, Prepared
from app.store.remains import let_go
from crypto import vault
from crypto.errors import VaultError
from crypto.secret import Random, SecretBytes

_FIND = select(tables.data_key).where(tables.data_key.c.name.in_(bindparam("names", expanding=True)))
_FIND_ONE = Prepared(select(tables.data_key.c.wrapped).where(tables.data_key.c.name == bindparam("name")))
_FORGET = Change(delete(tables.data_key).where(tables.data_key.c.name == bindparam("gone")))
_KEEP = Change(insert(tables.data_key), "name", "wrapped")
_AT_ONCE = 500
"""Keys asked for in one statement: engines bound how many values one may carry."""
SYSTEM = "system"
"""Name of the data key for what belongs to no case."""


def _case_name(case: str) -> str:
    return f"case/{case}" if case else SYSTEM


def _log_name(case: str) -> str:
    return f"log/{case}"


def _record_context(place: RecordPlace) -> str:
    return f"{RECORDS}{place.case}|{place.record}|{place.version}"


def _page_context(place: RecordPlace, page: int) -> str:
    return f"{_record_context(place)}|{page}"


class KeyStore:
    """Wrapped keys by name, in a database or schema of their own."""

    def __init__(self, engines: KeyEngines, master: SecretBytes, random: Random) -> None:
        self._engines = engines
        self._master = master
        self._random = random

    def wrap(self, name: str, key: SecretBytes) -> bytes:
        """Return a key wrapped for its name."""
        return vault.wrap(self._master, key, name.encode(), self._random)

    def unwrap(self, name: str, wrapped: bytes) -> SecretBytes:
        """Return the key that was wrapped for a name."""
        return vault.unwrap(self._master, wrapped, name.encode())

    def keep(self, wrapped: Mapping[str, bytes]) -> None:
        """Store wrapped keys durably; a name that is there already keeps its key."""
        with self._engines.writing.begin() as connection:
            rows = [{"name": name, "wrapped": value} for name, value in wrapped.items()]
            insert_missing(connection, tables.data_key, rows)

    def replace(self, wrapped: Mapping[str, bytes]) -> None:
        """Store wrapped keys durably; a name that is there already gets the new key.

        For a batch whose rows are not committed yet: a name that is there was kept for an earlier attempt whose rows
        never came, and what the new rows hold is encrypted under the new key.
        """
        with self._engines.writing.begin() as connection:
            _FORGET.run(connection, *({"gone": name} for name in wrapped))
            _KEEP.run(connection, *({"name": name, "wrapped": value} for name, value in wrapped.items()))

    def forget(self, names: Collection[str]) -> None:
        """Destroy keys, and what an engine keeps of deleted rows as far as it lets us."""
        if not names:
            return
        with told(), self._engines.writing.begin() as connection:
            _FORGET.run(connection, *({"gone": name} for name in names))
        let_go(self._engines.reading)

    def beginning(self, prefix: str) -> list[str]:
        """Return the names that begin with a prefix."""
        names = select(tables.data_key.c.name).where(tables.data_key.c.name.startswith(prefix, autoescape=True))
        with told(), self._engines.reading.connect() as connection:
            return list(connection.scalars(names))

    def get(self, *names: str) -> list[SecretBytes]:
        """Return the keys under the names. Raises KeyError for one that is not, or no longer, there."""
        found = self.find(*names)
        return [found[name] for name in names]

    def find(self, *names: str) -> dict[str, SecretBytes]:
        """Return those of the keys under the names that are there."""
        with told(), self._engines.reading.connect() as connection:
            found = _found(connection, names)
        return {name: self.unwrap(name, wrapped) for name, wrapped in found.items()}


def _found(connection: Connection, names: Sequence[str]) -> dict[str, bytes]:
    if len(names) > 1:
        return {row.name: row.wrapped for row in connection.execute(_FIND, {"names": names})}
    found = {name: _FIND_ONE.scalar(connection, {"name": name}) for name in names}
    return {name: wrapped for name, wrapped in found.items() if wrapped is not None}


def case_of(name: str) -> str:
    """Return the case that a key belongs to by its name, such as `case/…`, `log/…` or `record/…/…`; "" for none."""
    return name.split("/")[1] if "/" in name else ""


def opens(master: SecretBytes, name: str, wrapped: bytes) -> bool:
    """Tell whether a wrapped key opens under a vault key and for its name; the key itself stays here."""
    try:
        vault.unwrap(master, wrapped, name.encode())
    except VaultError:
        return False
    return True


@dataclass(frozen=True)
class LogKeys:
    """What the sequencer needs to enter something about a case."""

    data_key: SecretBytes
    log_key: SecretBytes


class StoreVault:
    """`Vault` over a key store."""

    def __init__(self, keys: KeyStore, random: Random) -> None:
        self._keys = keys
        self._random = random
        self._system: SecretBytes | None = None

    def make_system_key(self) -> None:
        """Create the data key for what belongs to no case, once per portal."""
        self._keys.keep({SYSTEM: self._keys.wrap(SYSTEM, vault.new_data_key(self._random))})

    def keep(self, wrapped: Mapping[str, bytes]) -> None:
        """Store wrapped keys durably, before the commit that needs them."""
        self._keys.replace(wrapped)

    def new_case_keys(self, case: str, case_log_key: SecretBytes) -> CaseKeys:
        """Return a new data key and its wrapped forms; they hold once the unit of work keeps them."""
        data_key = vault.new_data_key(self._random)
        wrapped = {
            _case_name(case): self._keys.wrap(_case_name(case), data_key),
            _log_name(case): self._keys.wrap(_log_name(case), case_log_key),
        }
        return CaseKeys(data_key, wrapped)

    def new_record_key(self, place: RecordPlace) -> RecordKey:
        """Return a new key for one version of one record; it holds once the unit of work keeps it."""
        key, name = vault.new_data_key(self._random), record_name(place)
        return RecordKey(place, key, {name: self._keys.wrap(name, key)})

    def seal_record(self, key: RecordKey, body: bytes) -> bytes:
        """Encrypt a version of a redacted record under its own key."""
        return self._encrypt(key.key, body, _record_context(key.place))

    def open_record(self, ticket: AccessTicket, sealed: bytes) -> bytes:
        """Decrypt the version of the record that a ticket is for. Raises KeyError where its key was destroyed."""
        (key,) = self._keys.get(record_name(ticket.place))
        return self._decrypt(key, sealed, _record_context(ticket.place))

    def seal_page(self, key: RecordKey, page: int, body: bytes) -> bytes:
        """Encrypt a page of a copy under the key of the copy's version."""
        return self._encrypt(key.key, body, _page_context(key.place, page))

    def open_page(self, ticket: AccessTicket, page: int, sealed: bytes) -> bytes:
        """Decrypt a page of the copy that a ticket is for. Raises KeyError where its key was destroyed."""
        (key,) = self._keys.get(record_name(ticket.place))
        return self._decrypt(key, sealed, _page_context(ticket.place, page))

    def destroy_records(self, places: Sequence[RecordPlace]) -> None:
        """Destroy the keys of versions of records: wherever a copy of one lies, it does not open any more (law L8)."""
        self._keys.forget([record_name(place) for place in places])

    def destroy_records_except(self, kept: Collection[RecordPlace]) -> None:
        """Finish what a crash between commit and destruction left; call inside a writer's turn."""
        names = {record_name(place) for place in kept}
        self._keys.forget([name for name in self._keys.beginning(RECORDS) if name not in names])

    def destroy_case(self, case: str) -> None:
        """Destroy every key of a case: its own, its log's, and those of its records (law L8)."""
        names = [_case_name(case), _log_name(case), *self._keys.beginning(f"{RECORDS}{case}/")]
        self._keys.forget([name for name in names if self._keys.find(name)])

    def seal_card(self, case: str, body: bytes, keys: CaseKeys | None = None) -> bytes:
        """Encrypt a card."""
        return self._encrypt(self._data_key(case, keys), body, f"card|{case}")

    def open_cards(self, sealed: Mapping[CaseId, bytes]) -> Mapping[CaseId, bytes]:
        """Decrypt cards, which are not the record and need no log entry; one look-up of keys for many of them."""
        cases, opened = list(sealed), dict[CaseId, bytes]()
        for start in range(0, len(cases), _AT_ONCE):
            some = cases[start : start + _AT_ONCE]
            keys = self._keys.get(*map(_case_name, some))
            opened |= {
                case: self._decrypt(key, sealed[case], f"card|{case}") for case, key in zip(some, keys, strict=True)
            }
        return opened

    def seal_event(self, case: str, seq: int, body: bytes, keys: CaseKeys | None = None) -> bytes:
        """Encrypt what an event of the procedure states."""
        return self._encrypt(self._data_key(case, keys), body, f"event|{case}|{seq}")

    def open_events(self, case: str, sealed: Mapping[int, bytes]) -> Mapping[int, bytes]:
        """Decrypt what a case's events state, by number; its days stand on the card: no log entry of their own."""
        if not sealed:
            return {}
        key = self._data_key(case)
        return {seq: self._decrypt(key, body, f"event|{case}|{seq}") for seq, body in sealed.items()}

    def seal_note(self, case: str, seq: int, body: bytes) -> bytes:
        """Encrypt a note of the office."""
        return self._encrypt(self._data_key(case), body, f"note|{case}|{seq}")

    def open_note(self, case: str, seq: int, sealed: bytes) -> bytes:
        """Decrypt a note; the sitting under which it is read stands in the log."""
        return self._decrypt(self._data_key(case), sealed, f"note|{case}|{seq}")

    def seal_mark(self, case: str, index: int, kind: str, body: bytes) -> bytes:
        """Encrypt the code of an open sitting, or the operator's share of it; `index` is the sitting's log entry."""
        return self._encrypt(self._data_key(case), body, f"mark|{case}|{index}|{kind}")

    def open_mark(self, case: str, index: int, kind: str, sealed: bytes) -> bytes:
        """Decrypt such a code or share. Raises KeyError where the case's key was destroyed."""
        return self._decrypt(self._data_key(case), sealed, f"mark|{case}|{index}|{kind}")

    def seal_notice(self, case: str, address: bytes) -> bytes:
        """Encrypt the address to which a case's holders are told that something waits."""
        return self._encrypt(self._data_key(case), address, f"notice|{case}")

    def open_notice(self, case: str, sealed: bytes) -> bytes:
        """Decrypt such an address. Raises KeyError where the case's key was destroyed."""
        return self._decrypt(self._data_key(case), sealed, f"notice|{case}")

    def log_keys(self, cases: Collection[str], kept: Mapping[str, bytes]) -> Mapping[str, LogKeys]:
        """Return each case's data key and log key, for the sequencer; one look-up for a whole batch.

        `kept` are the wrapped keys that this batch kept itself: what a case founded in it needs stands there.
        """
        names = [name for case in cases for name in (_case_name(case), _log_name(case))]
        keys = {name: self._keys.unwrap(name, kept[name]) for name in names if name in kept}
        if missing := [name for name in names if name not in keys]:
            keys |= zip(missing, self._keys.get(*missing), strict=True)
        return {case: LogKeys(keys[_case_name(case)], keys[_log_name(case)]) for case in cases}

    def seal_opening(self, index: int, case: str, body: bytes, data_key: SecretBytes | None = None) -> bytes:
        """Encrypt the opening of an entry; case "" is the portal's own."""
        key = self._data_key(case) if data_key is None else data_key
        return self._encrypt(key, body, f"opening|{case}|{index}")

    def open_opening(self, index: int, case: str, sealed: bytes) -> bytes:
        """Decrypt the opening of an entry."""
        return self._decrypt(self._data_key(case), sealed, f"opening|{case}|{index}")

    def seal_system(self, label: str, plaintext: bytes) -> bytes:
        """Encrypt a secret of the portal's own, such as a TOTP secret."""
        return self._encrypt(self._data_key(""), plaintext, f"system|{label}")

    def open_system(self, label: str, sealed: bytes) -> bytes:
        """Decrypt a secret of the portal's own."""
        return self._decrypt(self._data_key(""), sealed, f"system|{label}")

    def _data_key(self, case: str, keys: CaseKeys | None = None) -> SecretBytes:
        if keys is not None:
            return keys.data_key
        return self._keys.get(_case_name(case))[0] if case else self._system_key()

    def _system_key(self) -> SecretBytes:
        if self._system is None:
            (self._system,) = self._keys.get(SYSTEM)
        return self._system

    def _encrypt(self, key: SecretBytes, plaintext: bytes, place: str) -> bytes:
        return vault.encrypt(key, plaintext, place.encode(), self._random)

    @staticmethod
    def _decrypt(key: SecretBytes, sealed: bytes, place: str) -> bytes:
        return vault.decrypt(key, sealed, place.encode())
