"""The portal's own keys and its name, as files of the data folder that only its user reads.

None of them opens an identity (law L1). The name is set once: case numbers, signatures and the log rest on it.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from crypto.digest import sha256
from crypto.log.checkpoint import LogSigner, MlDsaCosigner
from crypto.note import NoteSigner
from crypto.secret import Random, SecretBytes

SEED_BYTES = 32
_SEEDS = ("log", "log-post-quantum", "statements", "vault")


@dataclass(frozen=True)
class Keyring:
    """Everything the portal signs and encrypts with."""

    name: str
    log_origin: str
    log: LogSigner
    log_pq: MlDsaCosigner
    statements: NoteSigner
    vault: SecretBytes


def make_keyring(folder: Path, name: str | None, random: Random) -> None:
    """Create name and keys in an empty data folder; what is there stays."""
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if not (folder / "portal.json").exists():
        chosen = name or f"{sha256(random(SEED_BYTES)).hex()[:16]}.invalid"
        about = {"name": chosen, "log_origin": f"{chosen}/log"}
        _write_once(folder / "portal.json", json.dumps(about, indent=2).encode() + b"\n")
    for seed in _SEEDS:
        if not (keys / f"{seed}.seed").exists():
            _write_once(keys / f"{seed}.seed", random(SEED_BYTES).hex().encode() + b"\n")


def stored_name(folder: Path) -> str | None:
    """Return the portal's name, None in an empty folder."""
    try:
        return str(json.loads((folder / "portal.json").read_text())["name"])
    except FileNotFoundError:
        return None


def read_keyring(folder: Path) -> Keyring:
    """Return name and keys of a data folder. Raises FileNotFoundError for one without."""
    about = json.loads((folder / "portal.json").read_text())
    seeds = {seed: _read_seed(folder / "keys" / f"{seed}.seed") for seed in _SEEDS}
    origin = about["log_origin"]
    return Keyring(
        name=about["name"],
        log_origin=origin,
        log=LogSigner(origin, seeds["log"]),
        log_pq=MlDsaCosigner(origin, seeds["log-post-quantum"]),
        statements=NoteSigner(f"{origin}/statements", seeds["statements"]),
        vault=seeds["vault"],
    )


def _read_seed(path: Path) -> SecretBytes:
    return SecretBytes(bytes.fromhex(path.read_text().strip()))


def _write_once(path: Path, data: bytes) -> None:
    partial = path.with_suffix(".partial")
    fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(fd, data)
        os.fsync(fd)
    finally:
        os.close(fd)
    partial.rename(path)
