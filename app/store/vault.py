"""The vault: the one module in which what the service may read is opened.

Rules
    1. A record opens only against an `AccessTicket`, which policy makes from a durable log entry (law L4).
    2. Every case has its own data key, wrapped under the vault key, in a store of its own; destroying that row makes
       everything under it unreadable (law L8).
    3. Each ciphertext is bound to its place (kind, case, version or index): moved, it does not open.
    4. Identities, originals and files never pass here; they are sealed to the case's holders.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from app.domain.ports import AccessTicket, CaseKeys
from app.store import tables
from app.store.database import KeyEngines
from app.store.failures import told
from app.store.insertion import insert_missing
from crypto import vault
from crypto.secret import Random, SecretBytes

_FIND = select(tables.data_key).where(tables.data_key.c.name.in_(bindparam("names", expanding=True)))
SYSTEM = "system"
"""Name of the data key for what belongs to no case."""


def _case_name(case: str) -> str:
    return f"case/{case}" if case else SYSTEM


def _log_name(case: str) -> str:
    return f"log/{case}"


class KeyStore:
    """Wrapped keys by name, in a database or schema of their own."""

    def __init__(self, engines: KeyEngines, master: SecretBytes, random: Random) -> None:
        self._engines = engines
        self._master = master
        self._random = random

    def wrap(self, name: str, key: SecretBytes) -> bytes:
        """Return a key wrapped for its name."""
        return vault.wrap(self._master, key, name.encode(), self._random)

    def keep(self, wrapped: Mapping[str, bytes]) -> None:
        """Store wrapped keys durably; a name that is there already keeps its key."""
        with self._engines.writing.begin() as connection:
            rows = [{"name": name, "wrapped": value} for name, value in wrapped.items()]
            insert_missing(connection, tables.data_key, rows)

    def get(self, *names: str) -> list[SecretBytes]:
        """Return the keys under the names. Raises KeyError for one that is not, or no longer, there."""
        with told(), self._engines.reading.connect() as connection:
            found = {row.name: row.wrapped for row in connection.execute(_FIND, {"names": names})}
        return [vault.unwrap(self._master, found[name], name.encode()) for name in names]


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
        """Store a case's wrapped keys durably, before the commit that needs them."""
        self._keys.keep(wrapped)

    def new_case_keys(self, case: str, case_log_key: SecretBytes) -> CaseKeys:
        """Return a new data key and its wrapped forms; they hold once the unit of work keeps them."""
        data_key = vault.new_data_key(self._random)
        wrapped = {
            _case_name(case): self._keys.wrap(_case_name(case), data_key),
            _log_name(case): self._keys.wrap(_log_name(case), case_log_key),
        }
        return CaseKeys(data_key, wrapped)

    def seal_record(self, case: str, version: int, body: bytes, keys: CaseKeys | None = None) -> bytes:
        """Encrypt a version of the redacted record."""
        return self._encrypt(self._data_key(case, keys), body, f"record|{case}|{version}")

    def open_record(self, ticket: AccessTicket, sealed: bytes) -> bytes:
        """Decrypt the version of the record that a ticket is for."""
        return self._decrypt(self._data_key(ticket.case), sealed, f"record|{ticket.case}|{ticket.version}")

    def seal_card(self, case: str, body: bytes, keys: CaseKeys | None = None) -> bytes:
        """Encrypt a card."""
        return self._encrypt(self._data_key(case, keys), body, f"card|{case}")

    def open_card(self, case: str, sealed: bytes) -> bytes:
        """Decrypt a card, which is not the record and needs no log entry."""
        return self._decrypt(self._data_key(case), sealed, f"card|{case}")

    def seal_event(self, case: str, seq: int, body: bytes, keys: CaseKeys | None = None) -> bytes:
        """Encrypt what an event of the procedure states."""
        return self._encrypt(self._data_key(case, keys), body, f"event|{case}|{seq}")

    def open_event(self, case: str, seq: int, sealed: bytes) -> bytes:
        """Decrypt what an event states; its days stand on the card, so it needs no log entry of its own."""
        return self._decrypt(self._data_key(case), sealed, f"event|{case}|{seq}")

    def log_keys(self, cases: Collection[str]) -> Mapping[str, LogKeys]:
        """Return each case's data key and log key, for the sequencer; one look-up for a whole batch."""
        names = [name for case in cases for name in (_case_name(case), _log_name(case))]
        keys = iter(self._keys.get(*names)) if names else iter(())
        return {case: LogKeys(next(keys), next(keys)) for case in cases}

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
