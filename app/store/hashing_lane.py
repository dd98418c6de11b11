"""Argon2id in one lane per host: 64 MiB once, however many people, or attackers, sign in at a time."""

from app.store.locks import HostLock
from crypto.passwords import UNKNOWN_ACCOUNT, hash_password, verify_password
from crypto.secret import SecretBytes


class HashingLane:
    """`Passwords` behind a host-wide lock."""

    def __init__(self, lock: HostLock) -> None:
        self._lock = lock

    def hash(self, password: SecretBytes) -> str:
        """Return a password's hash with its parameters."""
        with self._lock.held():
            return hash_password(password)

    def verify(self, stored: str | None, password: SecretBytes) -> bool:
        """Tell whether a password fits; an unknown account costs the same time and never fits."""
        with self._lock.held():
            fits = verify_password(UNKNOWN_ACCOUNT if stored is None else stored, password)
        return fits and stored is not None
