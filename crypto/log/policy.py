"""Policy files (c2sp.org/tlog-policy): which logs and cosigners are known, and how many of them must have signed.

Rules of trust
  1. A policy reaches its reader by a way that the log does not control; everything here is taken at its word.
  2. A key stands in it once, under whatever name: one cosigner with two names must not make a quorum of two, and a
     log must not be its own cosigner.
  3. A name is a member of one group at most, and groups know only names above them: each cosigner counts in one way.
  4. A cosignature counts while it is fresh: it says that nothing larger was seen *at its time*, so that a log which
     is frozen, or shown in an older state, is found out when its cosignatures grow old. One from the future does
     not count either.
  5. A cosignature by a known key that does not fit rejects the checkpoint (rule 3 of :mod:`crypto.note`).

Worked example, two of three::

    log portal.example/log+1e0b3cb4+AY…
    witness union union.example/cosigner+0c9d2f8a+BD…
    witness university university.example/cosigner+5a1f77c0+BK…
    witness newspaper newspaper.example/cosigner+77aa01f3+BF…
    group enough 2 union university newspaper
    quorum enough

Source: c2sp.org/tlog-policy, c2sp.org/tlog-cosignature; FORMAT.md, section "Cosigners".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from crypto.errors import NoteError, PolicyError, UnknownSignerError
from crypto.log.checkpoint import (
    ED25519_COSIGNATURE,
    MLDSA44_COSIGNATURE,
    Ed25519CosignatureVerifier,
    LogVerifier,
    MlDsaVerifier,
    cosignature_times,
    parse_verifier,
)
from crypto.note import ED25519, decode_vkey

NONE = "none"
"""The quorum that asks for nobody."""
MAX_POLICY_SIZE = 1024 * 1024
MAX_DEFINITIONS = 256
"""Lines of one kind; the specification asks for at least 32."""
CLOCK_SKEW = 300
"""Seconds that a cosigner's clock may be ahead of the reader's."""

_FORBIDDEN = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_SPACE = re.compile(r"[ \t]+")
_LOG_TYPES = frozenset({ED25519, MLDSA44_COSIGNATURE})
_COSIGNER_TYPES = frozenset({ED25519_COSIGNATURE, MLDSA44_COSIGNATURE})


@dataclass(frozen=True)
class PolicyLog:
    """A log that is known: its key, named as its origin, and where it is; ``url`` may be empty."""

    vkey: str
    url: str = ""


@dataclass(frozen=True)
class PolicyCosigner:
    """A cosigner that is known: its name in this file, its key, and its submission prefix; ``url`` may be empty."""

    name: str
    vkey: str
    url: str = ""


@dataclass(frozen=True)
class PolicyGroup:
    """Names of which at least ``threshold`` must have signed."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A policy as it stands in a file; make one from its parts or by :meth:`parse`."""

    logs: tuple[PolicyLog, ...] = ()
    cosigners: tuple[PolicyCosigner, ...] = ()
    groups: tuple[PolicyGroup, ...] = ()
    quorum: str = NONE

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a policy file; raises ``PolicyError`` with the number of the line."""
        if len(data) > MAX_POLICY_SIZE or _FORBIDDEN.search(data):
            raise PolicyError("a policy is lines of text", 0)
        reading = _Reading()
        for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), start=1):
            words = [word for word in _SPACE.split(line) if word]
            if words and not words[0].startswith("#"):
                reading.take(number, words)
        if reading.quorum is None:
            raise PolicyError("a policy says what its quorum is", 0)
        return cls(tuple(reading.logs), tuple(reading.cosigners), tuple(reading.groups), reading.quorum)

    def to_text(self) -> str:
        """Return the policy as a file."""
        lines = [f"log {log.vkey} {log.url}".rstrip() for log in self.logs]
        lines += [f"witness {each.name} {each.vkey} {each.url}".rstrip() for each in self.cosigners]
        lines += [f"group {each.name} {each.threshold} {' '.join(each.members)}" for each in self.groups]
        return "\n".join([*lines, f"quorum {self.quorum}", ""])

    def log_verifiers(self, origin: str) -> list[LogVerifier]:
        """Return the keys of one log."""
        found = [parse_verifier(log.vkey) for log in self.logs]
        return [verifier for verifier in found if verifier.name == origin]

    def reached_by(self, names: Collection[str]) -> bool:
        """Say whether the cosigners of these names make the quorum."""
        reached = {NONE, *names}
        for group in self.groups:
            if sum(member in reached for member in group.members) >= group.threshold:
                reached.add(group.name)
        return self.quorum in reached


@dataclass
class _Reading:
    """What was read of a policy so far."""

    logs: list[PolicyLog] = field(default_factory=list)
    cosigners: list[PolicyCosigner] = field(default_factory=list)
    groups: list[PolicyGroup] = field(default_factory=list)
    quorum: str | None = None
    _free: set[str] = field(default_factory=set)
    _defined: set[str] = field(default_factory=lambda: {NONE})
    _keys: set[bytes] = field(default_factory=set)

    def take(self, number: int, words: list[str]) -> None:
        """Read one line; raises ``PolicyError``."""
        readers: dict[str, Callable[..., None]] = {
            "log": self._log,
            "witness": self._cosigner,
            "group": self._group,
            "quorum": self._quorum,
        }
        try:
            readers[words[0]](*words[1:])
        except KeyError as error:
            raise PolicyError("an unknown kind of line", number) from error
        except (TypeError, ValueError, NoteError) as error:
            raise PolicyError(f"malformed: {words[0]}", number) from error
        if max(len(self.logs), len(self.cosigners), len(self.groups)) > MAX_DEFINITIONS:
            raise PolicyError("too many lines of one kind", number)

    def _log(self, vkey: str, url: str = "") -> None:
        self._add_key(vkey, _LOG_TYPES)
        self.logs.append(PolicyLog(vkey, url))

    def _cosigner(self, name: str, vkey: str, url: str = "") -> None:
        self._define(name)
        self._add_key(vkey, _COSIGNER_TYPES)
        self.cosigners.append(PolicyCosigner(name, vkey, url))

    def _group(self, name: str, threshold: str, *members: str) -> None:
        count = {"all": len(members), "any": 1}.get(threshold)
        if count is None:
            count = _decimal(threshold)
        if not 1 <= count <= len(members) or len(set(members)) != len(members):
            raise ValueError("a threshold is from one to the number of members")
        if not self._free.issuperset(members):
            raise ValueError("a member is unknown, or is one of another group")
        self._free.difference_update(members)
        self._define(name)
        self.groups.append(PolicyGroup(name, count, members))

    def _quorum(self, name: str) -> None:
        if self.quorum is not None or name not in self._defined:
            raise ValueError("one quorum, of a name above")
        self.quorum = name

    def _define(self, name: str) -> None:
        if name in self._defined:
            raise ValueError("the name is taken")
        self._defined.add(name)
        self._free.add(name)

    def _add_key(self, vkey: str, types: Collection[int]) -> None:
        _, signature_type, public = decode_vkey(vkey)
        parse_verifier(vkey)
        if signature_type not in types or public in self._keys:
            raise ValueError("a key of another type, or one that is there already")
        self._keys.add(public)


def _decimal(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text, re.ASCII):
        raise ValueError("not a number")
    return int(text)


@dataclass(frozen=True)
class Judgement:
    """What a policy's cosigners said of a checkpoint: when each of them signed (Unix seconds), and what that makes.

    ``reached``: the quorum, by cosignatures of any age; ``fresh``: the quorum, by those that are not too old (rule 4).
    """

    times: Mapping[str, int]
    reached: bool
    fresh: bool


def judge(signed: str, policy: Policy, *, now: int, max_age: int) -> Judgement:
    """Return what the policy's cosigners said of a checkpoint; whether the log signed is not looked at here.

    ``now`` in Unix seconds; ``max_age`` in seconds.

    Raises:
        BadSignatureError, NoteError: a cosignature by a known key does not fit, or the note is malformed.
    """
    times = dict(_times(signed, policy))
    fresh = [name for name, time in times.items() if now - max_age <= time <= now + CLOCK_SKEW]
    return Judgement(times, policy.reached_by(times), policy.reached_by(fresh))


def _times(signed: str, policy: Policy) -> Iterator[tuple[str, int]]:
    for each in policy.cosigners:
        verifier = parse_verifier(each.vkey)
        assert isinstance(verifier, Ed25519CosignatureVerifier | MlDsaVerifier)
        try:
            times = cosignature_times(signed, [verifier])
        except UnknownSignerError:
            continue
        yield each.name, times[verifier.name]
