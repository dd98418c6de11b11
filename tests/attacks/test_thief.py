"""Law L1: the thief who has everything the server has opens no identity."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from app.store import tables
from app.store.keyring import read_keyring
from crypto import vault
from crypto.digest import sha256
from crypto.errors import AgeError, CryptoError
from crypto.opening import HybridIdentity, open_bytes
from crypto.secret import SecretBytes
from tests.filings import Filing, make_filing
from tests.portal import RunningPortal
from tests.staff import PASSWORD, enrol


def secrets_of_the_server(portal: RunningPortal) -> Iterator[bytes]:
    """Yield every 32-byte secret that server, vault, log and staff have, and what can be derived at hand."""
    for path in (portal.data / "keys").iterdir():
        yield bytes.fromhex(path.read_text().strip())
    keyring = read_keyring(portal.data)
    for name, wrapped in portal.wrapped_keys().items():
        yield vault.unwrap(keyring.vault, wrapped, name.encode()).reveal()
    yield sha256(PASSWORD.encode())
    for table in tables.PORTAL.tables.values():
        for row in portal.rows(f"SELECT * FROM {table.name}"):
            for value in row:
                yield from _candidates(value)


def _candidates(value: object) -> Iterator[bytes]:
    if isinstance(value, bytes) and len(value) == 32:
        yield value
    if isinstance(value, str):
        for found in re.findall(r"[0-9a-f]{64}", value):
            yield bytes.fromhex(found)


def ciphertexts(portal: RunningPortal) -> dict[str, bytes]:
    """Return every sealed object of every case by kind and hash, put together from its parts."""
    parts = {row.sha256: bytes(row.data) for row in portal.rows("SELECT sha256, data FROM part")}
    rows = portal.rows("SELECT kind, sha256, parts FROM sealed_object")
    return {f"{kind} {sha}": b"".join(parts[part] for part in names.split()) for kind, sha, names in rows}


def test_everything_the_server_has_opens_nothing(new_portal: Callable[..., RunningPortal]) -> None:
    """Data folder, vault, log and statement keys, every staff password: no sealed object opens."""
    portal = new_portal()
    filing: Filing = make_filing(portal.api()["name"])
    assert httpx2.post(f"{portal.url}/api/v1/petitions", json=dict(filing.body)).status_code == 201
    enrol(portal, "ana", "reviewer")
    portal.stop()
    sealed = ciphertexts(portal)
    assert sum(name.startswith("identity") for name in sealed) == 3
    stolen = list(dict.fromkeys(secrets_of_the_server(portal)))
    assert len(stolen) > 10
    identities = [HybridIdentity(SecretBytes(secret)) for secret in stolen]
    for name, data in sealed.items():
        with pytest.raises(AgeError):
            open_bytes(data, identities)
        assert name
    own = HybridIdentity(filing.prepared.case_seed)  # the search above could have found it
    assert all(open_bytes(data, [own]) for name, data in sealed.items() if not name.startswith("case-key"))


def test_moved_vault_ciphertext_does_not_open(tmp_path: Path) -> None:
    """Each ciphertext is bound to its place: a record served as another's, or another version, is refused."""
    key = vault.new_data_key(lambda size: b"\7" * size)
    sealed = vault.encrypt(key, b"record", b"record|case-a|1", lambda size: b"\1" * size)
    for place in (b"record|case-b|1", b"record|case-a|2", b"card|case-a"):
        with pytest.raises(CryptoError):
            vault.decrypt(key, sealed, place)
    assert vault.decrypt(key, sealed, b"record|case-a|1") == b"record"


def test_database_alone_shows_no_record(new_portal: Callable[..., RunningPortal]) -> None:
    """A stolen database without the vault shows neither record nor card: facility and story are encrypted at rest."""
    portal = new_portal()
    filing = make_filing(portal.api()["name"])
    assert httpx2.post(f"{portal.url}/api/v1/petitions", json=dict(filing.body)).status_code == 201
    portal.stop()
    stolen = {path: path.read_bytes() for path in portal.data.glob("portal.db*")}
    stolen |= {path: path.read_bytes() for path in portal.data.glob("blobs/*/*")}
    stolen |= {Path(name): kept for name, kept in portal.table_bytes().items()}
    assert stolen
    for path, kept in stolen.items():
        assert b"Autopartes" not in kept, path
        assert b"narrative" not in kept, path
