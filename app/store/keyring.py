"""The portal's own keys and its name, as files of the data folder that only its user reads.

None of them opens an identity (law L1). The name is set once: case numbers, signatures and the log rest on it.

After a loss the log goes on under a successor's name with keys of its own (`app.keeping.recover`): `portal.json` then
has a generation above 1, the seeds carry its number, and `before` tells of each log that came before.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from app.domain.entities import FormerLog
from crypto.digest import sha256
from crypto.log.checkpoint import LogSigner, MlDsaCosigner
from crypto.note import NoteSigner
from crypto.secret import Random, SecretBytes

SEED_BYTES = 32
_VAULT = "vault"
_OF_A_LOG = ("log", "log-post-quantum", "statements")
_SEEDS = (*_OF_A_LOG, _VAULT)


@dataclass(frozen=True)
class Keyring:
    """Everything the portal signs and encrypts with."""

    name: str
    log_origin: str
    log: LogSigner
    log_pq: MlDsaCosigner
    statements: NoteSigner
    vault: SecretBytes
    generation: int = 1
    before: tuple[FormerLog, ...] = ()

    @property
    def trusted(self) -> tuple[tuple[str, str], ...]:
        """Origin and log key of this log and of those before it: whose checkpoints may be in the database."""
        return ((self.log_origin, self.log.vkey), *((each.origin, each.log_vkey) for each in self.before))


def make_keyring(folder: Path, name: str | None, random: Random) -> None:
    """Create name and keys in an empty data folder; what is there stays."""
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if not (folder / "portal.json").exists():
        chosen = name or f"{sha256(random(SEED_BYTES)).hex()[:16]}.invalid"
        about = {"name": chosen, "log_origin": f"{chosen}/log"}
        _write_once(folder / "portal.json", json.dumps(about, indent=2).encode() + b"\n")
    generation = json.loads((folder / "portal.json").read_text()).get("generation", 1)
    for seed in _SEEDS if generation == 1 else ():  # a successor's keys were made before its name
        if not _seed_path(folder, seed, generation).exists():
            _write_once(_seed_path(folder, seed, generation), random(SEED_BYTES).hex().encode() + b"\n")


def stored_name(folder: Path) -> str | None:
    """Return the portal's name, None in an empty folder."""
    try:
        return str(json.loads((folder / "portal.json").read_text())["name"])
    except FileNotFoundError:
        return None


def read_keyring(folder: Path) -> Keyring:
    """Return name and keys of a data folder. Raises FileNotFoundError for one without."""
    about = json.loads((folder / "portal.json").read_text())
    before = tuple(FormerLog(**each) for each in about.get("before", []))
    return _keyring(folder, about["name"], about["log_origin"], about.get("generation", 1), before)


def _keyring(folder: Path, name: str, origin: str, generation: int, before: tuple[FormerLog, ...]) -> Keyring:
    seeds = {seed: _read_seed(_seed_path(folder, seed, generation)) for seed in _SEEDS}
    return Keyring(
        name=name,
        log_origin=origin,
        log=LogSigner(origin, seeds["log"]),
        log_pq=MlDsaCosigner(origin, seeds["log-post-quantum"]),
        statements=NoteSigner(f"{origin}/statements", seeds["statements"]),
        vault=seeds[_VAULT],
        generation=generation,
        before=before,
    )


def _seed_path(folder: Path, seed: str, generation: int) -> Path:
    number = "" if generation == 1 or seed == _VAULT else f"-{generation}"
    return folder / "keys" / f"{seed}{number}.seed"


def make_successor(folder: Path, now: Keyring, random: Random) -> Keyring:
    """Make new log keys beside the present ones and return them; nothing rests on them until `put_successor`."""
    generation = now.generation + 1
    for seed in _OF_A_LOG:
        path = _seed_path(folder, seed, generation)
        if not path.exists():  # an earlier attempt made it
            _write_once(path, random(SEED_BYTES).hex().encode() + b"\n")
    return _keyring(folder, now.name, f"{now.name}/log/{generation}", generation, now.before)


def put_successor(folder: Path, now: Keyring, successor: Keyring, last: FormerLog) -> None:
    """Let the successor's keys be the portal's, in one step; the keys of the log before are destroyed after it."""
    about = {
        "name": successor.name,
        "log_origin": successor.log_origin,
        "generation": successor.generation,
        "before": [asdict(each) for each in (*now.before, last)],
    }
    _write_once(folder / "portal.json", json.dumps(about, indent=2).encode() + b"\n")
    for seed in _OF_A_LOG:
        _seed_path(folder, seed, now.generation).unlink(missing_ok=True)


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
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
