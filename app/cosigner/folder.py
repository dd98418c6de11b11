"""What a cosigner keeps in its folder; everything is a small text file that a person can read.

    cosigner.json          name, and since when
    keys/*.seed            the two private keys; nobody else may read them
    policy                 the logs that are cosigned, in the form of c2sp.org/tlog-policy
    logs/<id>.checkpoint   the newest checkpoint of each log that was cosigned, with the cosignatures; id is the SHA-256
                           of the log's name
    evidence/              requests that contradict a checkpoint that was cosigned before

Rules
  1. A file is replaced whole: written beside, fsync, renamed, folder fsync; a crash leaves the old or the new one, and
     what was begun is swept away when the folder is opened.
  2. A folder with keys and without `logs` has lost its memory, and is refused: the same key would cosign a fork of what
     it cosigned before. The way on is a new folder, with new keys, told to those who name them in their policies.
  3. One process at a time works in a folder.
  4. A log has one key of a kind here. Another comes only by an announcement under the one before, and takes its place:
     who steals the old one later is not cosigned.
"""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from app.domain.errors import DomainError
from app.i18n import N_
from crypto.digest import sha256_hex
from crypto.errors import CryptoError, NoteError, PolicyError
from crypto.log.checkpoint import (
    Checkpoint,
    Ed25519Cosigner,
    LogVerifier,
    MlDsaCosigner,
    cosignature_times,
    parse_verifier,
)
from crypto.log.keychange import leading_from, read_all
from crypto.log.policy import Policy, PolicyLog
from crypto.note import check_name, decode_vkey
from crypto.secret import Random, SecretBytes

MAX_EVIDENCE = 1000
"""Pieces of evidence that are kept; each has at most 80 kB, and the log's own signature."""

_ABOUT, _POLICY, _LOGS, _KEYS, _EVIDENCE = "cosigner.json", "policy", "logs", "keys", "evidence"
_SEEDS = ("ed25519", "mldsa44")
_LIMIT = 1024 * 1024


class CosignerError(DomainError):
    """A cosigner's folder cannot be used."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "name": N_("Give the new cosigner a name with --name, such as example.org/cosigner."),
        "bad_name": N_("A cosigner's name has no spaces and no plus signs; a log's name is its own."),
        "renamed": N_("This folder's cosigner has another name. A new name needs a new folder."),
        "memory_lost": N_(
            "{path} holds keys and no memory of what they cosigned. The same keys must not cosign again: begin in a "
            "new folder, and tell those who name the old ones in their policies."
        ),
        "damaged": N_("{path} is damaged. Nothing is cosigned before it is settled what it said."),
        "running": N_("Another process cosigns in {path}."),
        "log_key": N_("A log's verifier key cannot be read: {line}"),
        "log_known": N_(
            "This log is known here under another key. Give what announces the new one with --announcement; a key that "
            "its log did not announce is not taken: {line}"
        ),
        "announcement": N_("This announces no keys of a log, or is not signed by the keys that it names."),
        "announcement_other": N_(
            "This announces keys of a log that is not cosigned here, or not under this key: {line}"
        ),
        "no_log": N_("There is no log to cosign yet. Give its verifier key with --log."),
        "policy": N_("The policy file cannot be read: line {line}."),
        "address": N_("Cannot listen on {host}, port {port}: {reason}."),
        "folder": N_("{path} cannot be written or read."),
    }


@dataclass(frozen=True)
class Cosigners:
    """The two keys of one cosigner, Ed25519 (type 04) and ML-DSA-44 (type 06), under one name."""

    ed25519: Ed25519Cosigner
    mldsa: MlDsaCosigner

    @property
    def name(self) -> str:
        """The name under which both sign."""
        return self.ed25519.name

    @property
    def both(self) -> tuple[Ed25519Cosigner, MlDsaCosigner]:
        """The keys in the order in which they sign."""
        return self.ed25519, self.mldsa

    def verifiers(self) -> list[LogVerifier]:
        """Return what checks their cosignatures."""
        return [parse_verifier(key.vkey) for key in self.both]


@dataclass(frozen=True)
class Known:
    """The newest checkpoint of a log that was cosigned, and when (Unix seconds)."""

    checkpoint: Checkpoint
    signed: str
    time: int


class CosignerFolder:
    """A cosigner's keys, logs and memory; use `opened`."""

    def __init__(self, path: Path, keys: Cosigners, policy: Policy) -> None:
        """Use `opened` instead, which also holds the folder's lock."""
        self.path = path
        self.keys = keys
        self.policy = policy

    @property
    def logs(self) -> Sequence[str]:
        """The names of the logs that are cosigned."""
        return list(dict.fromkeys(verifier.name for verifier in self._verifiers()))

    def _verifiers(self) -> list[LogVerifier]:
        return [parse_verifier(log.vkey) for log in self.policy.logs]

    def verifiers(self, origin: str) -> list[LogVerifier]:
        """Return the keys of a log; none if it is not one of ours."""
        return self.policy.log_verifiers(origin)

    def add_log(self, vkey: str) -> None:
        """Cosign one more log from now on, durably. Raises CosignerError."""
        if vkey in [log.vkey for log in self.policy.logs]:
            return
        if any(_same_kind(vkey, log.vkey) for log in self.policy.logs):
            raise CosignerError("log_known", line=vkey[:80])
        self._put_logs((*self.policy.logs, PolicyLog(vkey)), vkey)

    def follow(self, texts: Sequence[str]) -> None:
        """Know logs by the keys that they announce, instead of those before, durably (rule 4). Raises CosignerError."""
        announced = read_all(list(texts))
        if not announced:
            raise CosignerError("announcement")
        logs = [log.vkey for log in self.policy.logs]
        steps = [step for vkey in logs for step in leading_from(vkey, announced)]
        for step in steps:
            new = {step.before.log: step.after.log, step.before.log_pq: step.after.log_pq}
            logs = [new.get(vkey, vkey) for vkey in logs]
        if not steps and announced[-1].after.log not in logs:
            raise CosignerError("announcement_other", line=announced[-1].before.log[:80])
        self._put_logs(tuple(map(PolicyLog, logs)), announced[-1].after.log)

    def _put_logs(self, logs: tuple[PolicyLog, ...], vkey: str) -> None:
        try:
            self.policy = Policy.parse(replace(self.policy, logs=logs).to_text().encode())
        except PolicyError as error:
            raise CosignerError("log_key", line=vkey[:80]) from error
        self._write(self.path / _POLICY, self.policy.to_text())

    def known(self, origin: str) -> Known | None:
        """Return what was last cosigned of a log. Raises CosignerError when the file does not bear our signatures."""
        path = self._checkpoint_path(origin)
        try:
            signed = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        try:
            times = cosignature_times(signed, self.keys.verifiers())
            checkpoint = Checkpoint.of_note(signed)
        except CryptoError as error:
            raise CosignerError("damaged", path=path) from error
        if checkpoint.origin != origin:
            raise CosignerError("damaged", path=path)
        return Known(checkpoint, signed, times[self.keys.name])

    def by_id(self, log_id: str) -> str | None:
        """Return the newest cosigned checkpoint of the log whose name has a SHA-256; None for none."""
        origin = next((name for name in self.logs if log_id_of(name) == log_id), None)
        known = None if origin is None else self.known(origin)
        return known.signed if known else None

    def remember(self, origin: str, signed: str) -> None:
        """Make a cosigned checkpoint durable, before anybody gets the cosignature."""
        self._write(self._checkpoint_path(origin), signed)

    def keep_evidence(self, kind: str, about: Mapping[str, object], request: bytes, known: str) -> Path | None:
        """Keep a signed contradiction once; return where, or None when it is there already or there are too many."""
        folder = self.path / _EVIDENCE
        path = folder / f"{kind}-{sha256_hex(json.dumps(about, sort_keys=True).encode())[:16]}"
        if path.exists() or sum(1 for _ in folder.iterdir()) >= MAX_EVIDENCE:
            return None
        beside = folder / f".{path.name}.{os.getpid()}"
        beside.mkdir(mode=0o700)
        for name, text in (("request", request.decode("utf-8", "replace")), ("known.checkpoint", known)):
            self._write(beside / name, text)
        self._write(beside / "finding.json", json.dumps({"kind": kind, **about}, indent=1) + "\n")
        beside.rename(path)
        _sync(folder)
        return path

    def evidence(self) -> list[dict[str, object]]:
        """Return what the kept pieces of evidence are about, each with its folder."""
        files = sorted((self.path / _EVIDENCE).glob("[!.]*/finding.json"))
        return [{**json.loads(path.read_text(encoding="utf-8")), "folder": str(path.parent)} for path in files]

    def _checkpoint_path(self, origin: str) -> Path:
        return self.path / _LOGS / f"{log_id_of(origin)}.checkpoint"

    @staticmethod
    def _write(path: Path, text: str) -> None:
        _write(path, text)


def _same_kind(one: str, other: str) -> bool:
    """Say whether two keys are of one log and of one type; what is no key is of no kind."""
    try:
        return decode_vkey(one)[:2] == decode_vkey(other)[:2]
    except NoteError:
        return False


def log_id_of(origin: str) -> str:
    """Return the name of a log's file: the SHA-256 of its origin in hex."""
    return sha256_hex(origin.encode())


@contextlib.contextmanager
def opened(path: Path, name: str | None, random: Random) -> Iterator[CosignerFolder]:
    """Give a cosigner's folder, made if it is new, for this process alone (rules 2 and 3). Raises CosignerError."""
    with contextlib.ExitStack() as stack:
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            stack.enter_context(_alone(path))
            if not (path / _ABOUT).exists():
                _make(path, name, random)
            folder = _read(path, name)
        except OSError as error:
            raise CosignerError("folder", path=error.filename or path) from error
        yield folder


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    descriptor = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise CosignerError("running", path=path) from error
    try:
        yield
    finally:
        os.close(descriptor)


def _make(path: Path, name: str | None, random: Random) -> None:
    """Make keys and an empty memory; `cosigner.json` comes last, so that a break begins anew."""
    if not name:
        raise CosignerError("name")
    try:
        check_name(name)
    except NoteError as error:
        raise CosignerError("bad_name") from error
    if any((path / _KEYS).glob("*.seed")) and not (path / _LOGS).is_dir():
        raise CosignerError("memory_lost", path=path)
    for folder in (_LOGS, _EVIDENCE, _KEYS):
        (path / folder).mkdir(exist_ok=True, mode=0o700)
    for each in _SEEDS:
        _write(path / _KEYS / f"{each}.seed", random(32).hex() + "\n")
    _write(path / _POLICY, Policy().to_text())
    _write(path / _ABOUT, json.dumps({"v": 1, "name": name}) + "\n")


def _read(path: Path, name: str | None) -> CosignerFolder:
    if not (path / _LOGS).is_dir() or not (path / _EVIDENCE).is_dir():
        raise CosignerError("memory_lost", path=path)
    try:
        known = json.loads(_bounded(path / _ABOUT))["name"]
        seeds = [SecretBytes(bytes.fromhex(_bounded(path / _KEYS / f"{each}.seed"))) for each in _SEEDS]
        keys = Cosigners(Ed25519Cosigner(known, seeds[0]), MlDsaCosigner(known, seeds[1]))
        policy = Policy.parse(_bounded(path / _POLICY).encode())
    except (ValueError, KeyError, TypeError, CryptoError) as error:
        raise CosignerError("damaged", path=path) from error
    if name not in {None, known}:
        raise CosignerError("renamed")
    for begun in (path / _EVIDENCE).glob(".*"):  # its name may come again with the process number
        shutil.rmtree(begun)
    return CosignerFolder(path, keys, policy)


def _bounded(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_LIMIT).decode()


def _write(path: Path, text: str) -> None:
    """Replace a file whole, of mode 0600 (rule 1)."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
