"""The portal's own keys and its name, as files of the data folder that only its user reads.

None of them opens an identity (law L1). The name is set once: case numbers, signatures and the log rest on it.

After a loss the log goes on under a successor's name with keys of its own (`app.keeping.recover`): `portal.json` then
has a generation above 1, and `before` tells of each log that came before.

A log's keys can be changed (`app.keeping.rotate`). Each set of keys has a number, which the seeds carry: `keys` is the
present one, `leaving` the one that still signs beside it, `next` the one that the log announces. `announced` are the
announcements that were followed, those of former logs too.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.domain.entities import FormerLog
from crypto.digest import sha256
from crypto.log.checkpoint import LogSigner, MlDsaCosigner
from crypto.log.keychange import KeySet, read_announcement
from crypto.note import NoteSigner
from crypto.secret import Random, SecretBytes

SEED_BYTES = 32
_VAULT = "vault"
_OF_A_LOG = ("log", "log-post-quantum", "statements")
_SEEDS = (*_OF_A_LOG, _VAULT)


@dataclass(frozen=True)
class SigningKeys:
    """One set of a log's keys."""

    log: LogSigner
    log_pq: MlDsaCosigner
    statements: NoteSigner

    @property
    def public(self) -> KeySet:
        """The verifier keys."""
        return KeySet(self.log.vkey, self.log_pq.vkey, self.statements.vkey)


@dataclass(frozen=True)
class NextKeys:
    """Keys that the log announces: the number of their set, and the note about them; they sign nothing else yet."""

    number: int
    note: str


@dataclass(frozen=True)
class Keyring:
    """Everything the portal signs and encrypts with; `number` is that of the present set of keys."""

    name: str
    log_origin: str
    keys: SigningKeys
    vault: SecretBytes
    generation: int = 1
    number: int = 1
    before: tuple[FormerLog, ...] = ()
    announced: tuple[str, ...] = ()
    leaving: tuple[int, SigningKeys] | None = None
    next: NextKeys | None = None

    @property
    def log(self) -> LogSigner:
        """The present Ed25519 key of the log."""
        return self.keys.log

    @property
    def log_pq(self) -> MlDsaCosigner:
        """The present ML-DSA-44 key of the log."""
        return self.keys.log_pq

    @property
    def statements(self) -> NoteSigner:
        """The present key of statements."""
        return self.keys.statements

    @property
    def signing(self) -> tuple[SigningKeys, ...]:
        """All sets that sign at present: the new one first, and the one that leaves, while it does."""
        return (self.keys,) if self.leaving is None else (self.keys, self.leaving[1])

    @property
    def trusted(self) -> tuple[tuple[str, str], ...]:
        """Origin and log key of this log and of those before it: whose checkpoints may be in the database."""
        own = [(self.log_origin, keys.log.vkey) for keys in self.signing]
        former = [(each.origin, each.log_vkey) for each in self.before]
        changed = [(each.origin, each.before.log) for each in map(read_announcement, self.announced)]
        return (*own, *former, *changed)


def make_keyring(folder: Path, name: str | None, random: Random) -> None:
    """Create name and keys in an empty data folder; what is there stays."""
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if not (folder / "portal.json").exists():
        chosen = name or f"{sha256(random(SEED_BYTES)).hex()[:16]}.invalid"
        about = {"name": chosen, "log_origin": f"{chosen}/log"}
        _write_once(folder / "portal.json", json.dumps(about, indent=2).encode() + b"\n")
    if _number(json.loads((folder / "portal.json").read_text())) == 1:  # later ones are made before they are named
        _make_seeds(folder, _SEEDS, 1, random)


def stored_name(folder: Path) -> str | None:
    """Return the portal's name, None in an empty folder."""
    try:
        return str(json.loads((folder / "portal.json").read_text())["name"])
    except FileNotFoundError:
        return None


def read_keyring(folder: Path) -> Keyring:
    """Return name and keys of a data folder. Raises FileNotFoundError for one without."""
    about = json.loads((folder / "portal.json").read_text())
    origin, leaving, following = about["log_origin"], about.get("leaving"), about.get("next")
    return Keyring(
        name=about["name"],
        log_origin=origin,
        keys=read_keys(folder, origin, _number(about)),
        vault=_read_seed(_seed_path(folder, _VAULT, 1)),
        generation=about.get("generation", 1),
        number=_number(about),
        before=tuple(FormerLog(**each) for each in about.get("before", [])),
        announced=tuple(about.get("announced", [])),
        leaving=None if leaving is None else (leaving, read_keys(folder, origin, leaving)),
        next=None if following is None else NextKeys(**following),
    )


def _number(about: Mapping[str, Any]) -> int:
    """Return the number of the present keys; before keys could be changed, each log had one set."""
    return int(about.get("keys", about.get("generation", 1)))


def read_keys(folder: Path, origin: str, number: int) -> SigningKeys:
    """Return one set of a log's keys."""
    log, log_pq, statements = (_read_seed(_seed_path(folder, seed, number)) for seed in _OF_A_LOG)
    return SigningKeys(
        LogSigner(origin, log), MlDsaCosigner(origin, log_pq), NoteSigner(f"{origin}/statements", statements)
    )


def _seed_path(folder: Path, seed: str, number: int) -> Path:
    return folder / "keys" / (f"{seed}.seed" if number == 1 or seed == _VAULT else f"{seed}-{number}.seed")


def _make_seeds(folder: Path, seeds: Sequence[str], number: int, random: Random) -> None:
    """Make the seeds of a set; those that an earlier attempt made stay."""
    for seed in seeds:
        path = _seed_path(folder, seed, number)
        if not path.exists():
            _write_once(path, random(SEED_BYTES).hex().encode() + b"\n")


def make_keys(folder: Path, now: Keyring, random: Random) -> int:
    """Make one more set of keys and return its number; nothing rests on it yet."""
    number = max(now.number, now.next.number if now.next else 0) + 1
    _make_seeds(folder, _OF_A_LOG, number, random)
    return number


def destroy_keys(folder: Path, number: int) -> None:
    """Destroy a set of keys that signs no more, as far as a disk can."""
    for seed in _OF_A_LOG:
        _seed_path(folder, seed, number).unlink(missing_ok=True)


def put_keyring(folder: Path, keyring: Keyring) -> None:
    """Let a keyring be the portal's, in one step."""
    about: dict[str, Any] = {"name": keyring.name, "log_origin": keyring.log_origin}
    about |= {"generation": keyring.generation, "keys": keyring.number}
    about |= {"before": [asdict(each) for each in keyring.before], "announced": list(keyring.announced)}
    if keyring.leaving is not None:
        about["leaving"] = keyring.leaving[0]
    if keyring.next is not None:
        about["next"] = asdict(keyring.next)
    _write_once(folder / "portal.json", json.dumps(about, indent=2).encode() + b"\n")


def make_successor(folder: Path, now: Keyring, random: Random) -> Keyring:
    """Make new log keys beside the present ones and return them; nothing rests on them until `put_successor`."""
    number, generation = make_keys(folder, now, random), now.generation + 1
    origin = f"{now.name}/log/{generation}"
    keys = read_keys(folder, origin, number)
    return replace(now, log_origin=origin, keys=keys, generation=generation, number=number, leaving=None, next=None)


def put_successor(folder: Path, now: Keyring, successor: Keyring, last: FormerLog) -> None:
    """Let the successor's keys be the portal's, in one step; the keys of the log before are destroyed after it."""
    put_keyring(folder, replace(successor, before=(*now.before, last)))
    gone = (now.number, now.leaving[0] if now.leaving else None, now.next.number if now.next else None)
    for number in gone:
        if number is not None:
            destroy_keys(folder, number)


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
