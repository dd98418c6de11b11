"""The public log as a petitioner's machine checks it: at the portal, or in any copy of it.

Rules
  1. The checkpoint is believed under the log key that this machine has known since the filing, or that of a successor
     it followed; with a policy, under its quorum of fresh cosignatures besides.
  2. Every checkpoint that this machine ever proved something under must be an earlier state of that log. One that is
     larger waits for the next publication, and at the portal itself no longer: what was proved two ticks ago is out.
  3. The entries of a case carry the tags HMAC(case log key, 0), 1, 2 …. Whoever has the key finds them in any whole
     copy: each once, none skipped, in the order of the log. What is in the log and was not shown was withheld.
  4. From which entry on readers' devices had to sign is in the log, too, under a tag that anyone knows. A rule that the
     portal did not show was withheld, and looks are judged by the rules of the log.

Worked example: the portal shows a history without the reading of Sunday and has cut its own list of entries, too. The
union's mirror has tag 3 at entry 517: finding *not_shown*. The portal burnt tag 3 on something that it never logged:
tag 4 is at 530 and tag 3 nowhere: finding *skipped*.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.audit.finding import CannotCheckError
from app.audit.quorum import MAX_AGE, await_quorum, load_policy
from app.audit.source import Located, UnreachableError, WithheldError, locate_folder, locate_portal, new_client
from app.audit.view import LogView
from app.client.case import CaseFile
from app.client.errors import CopyError, TamperingError
from app.client.history import Finding
from app.client.proofs import ProvedEntry
from app.client.signatures import lacks_signature
from app.client.succession import log_keys
from crypto.access_request import RULES, rule_tag
from crypto.errors import CryptoError, NoteError, ProofError
from crypto.log.checkpoint import Checkpoint, LogVerifier, parse_verifier, verify_checkpoint
from crypto.log.commitments import case_tag
from crypto.log.keychange import read_announcement
from crypto.log.policy import Policy, judge
from crypto.log.proof import HEADER
from crypto.secret import SecretBytes

_TAG = slice(10, 42)
"""Where an entry has its case tag."""
_SUBJECT = slice(42, 74)
"""Where it has its subject tag."""
_RULES = {rule_tag(rule): rule for rule in RULES}
_LONGEST_TICK = 86_400
"""A portal that says it publishes less often is not believed: it could hold anything back."""
_CLOCKS = 600
"""Seconds by which this machine's clock may be ahead."""
_AHEAD = 4096
"""How many tags past the last known one are looked for in a small log."""
_MOST = 1024 * 1024
"""Tags looked for at most, as many as the log has entries: no honest case has more. 110 MB and 2 s at a million.

Whoever burns more numbers than that might as well log a read under a random tag: against that stand openings.
"""
_SHORT = 8
"""Bytes of a tag by which it is looked up; what is found is compared as a whole."""


def parse_policy(path: Path) -> Policy:
    """Read a policy file. Raises CopyError."""
    try:
        return load_policy(path)
    except CannotCheckError as error:
        raise CopyError("policy", path=str(path)) from error


@dataclass(frozen=True)
class Demand:
    """What a reader asks of a log: `policy` its cosigners, `max_age` in seconds, `now` in unix seconds."""

    now: int
    policy: Path | None = None
    max_age: int = MAX_AGE
    proxy: str | None = None


@dataclass(frozen=True)
class PublicLog:
    """A log whose checkpoint was believed, and the names of the cosigners that signed it."""

    view: LogView
    cosigned: tuple[str, ...]
    tick: int = 0
    """Seconds between publications, where this is the portal's own log; 0 for a copy, which may be behind."""

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that everything is compared with."""
        return self.view.checkpoint


@contextmanager
def public_log(
    where: str,
    verifiers_of: Callable[[str], Sequence[LogVerifier]],
    demand: Demand,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[PublicLog]:
    """Give a log at an address or in a folder (rule 1); `verifiers_of` gives the keys that are known for an origin.

    Raises:
        CopyError: there is none, or not under these keys or this quorum.
        TamperingError: its checkpoint bears a false signature.
    """
    with new_client(demand.proxy) as client:
        try:
            policy = parse_policy(demand.policy) if demand.policy else None
            remote = where.startswith(("http://", "https://"))
            located = locate_portal(where, client) if remote else locate_folder(Path(where))
            yield _believed(located, verifiers_of, policy, demand, pause)
        except (WithheldError, UnreachableError, UnicodeDecodeError) as error:
            raise CopyError("no_log", where=where) from error


def _believed(
    located: Located,
    verifiers_of: Callable[[str], Sequence[LogVerifier]],
    policy: Policy | None,
    demand: Demand,
    pause: Callable[[float], None],
) -> PublicLog:
    note = located.checkpoint.decode()
    if policy is not None:
        note = await_quorum(note, policy, located.source, pause)
    try:
        origin = Checkpoint.of_note(note).origin
        checkpoint = verify_checkpoint(note, origin, verifiers_of(origin))
        said = judge(note, policy or Policy(), now=demand.now, max_age=demand.max_age)
    except NoteError as error:
        raise TamperingError("log_key") from error
    except CryptoError as error:
        raise CopyError("no_log", where="") from error
    if not said.fresh:
        raise CopyError("no_quorum" if not said.reached else "old_cosignatures")
    return PublicLog(LogView(located.source, checkpoint), tuple(sorted(said.times)), _tick_of(located))


def _tick_of(located: Located) -> int:
    told = located.portal.get("publish_every")
    return min(told, _LONGEST_TICK) if type(told) is int and told > 0 else 0


def keys_of_case(case: CaseFile) -> Callable[[str], Sequence[LogVerifier]]:
    """Return what gives the keys that a case's folder knows for an origin."""
    keys = log_keys(case)
    return lambda origin: [parse_verifier(key) for key in keys.get(origin, [])]


def check_changes(case: CaseFile, demand: Demand) -> None:
    """Check that each announced change of keys bears the quorum of a policy, as of any time.

    Raises:
        CopyError: somebody announced keys that too few of the policy's cosigners saw.
    """
    policy = parse_policy(demand.policy) if demand.policy else Policy()
    for link in case.successors:
        if link.startswith(HEADER):
            said = read_announcement(link)
            if not judge(said.checkpoint_note, policy, now=demand.now, max_age=demand.now).reached:
                raise CopyError("key_not_cosigned", key=said.after.log)


def check_states(log: PublicLog, entries: Iterable[ProvedEntry]) -> Iterator[Finding]:
    """Yield a finding for each state of this log that something was proved under and that is none of it (rule 2)."""
    states = {entry.checkpoint for entry in entries if entry.checkpoint.origin == log.checkpoint.origin}
    for state in sorted(states, key=lambda each: each.size):
        if state.size > log.checkpoint.size:
            continue
        try:
            log.view.check_prefix(state)
        except ProofError:
            yield Finding("other_history", state.size)


def check_published(log: PublicLog, entries: Iterable[ProvedEntry], now: int) -> Iterator[Finding]:
    """Yield a finding for the first entry that was proved too long ago not to be public (rule 2)."""
    end = now - 2 * log.tick - min(log.tick, _CLOCKS)
    size, origin = log.checkpoint.size, log.checkpoint.origin
    late = [
        each.index
        for each in entries
        if each.index >= size and each.checkpoint.origin == origin and each.leaf.time < end
    ]
    if log.tick and late:
        yield Finding("unpublished", min(late))


@dataclass(frozen=True)
class Place:
    """An entry of the case in a copy of the log: its number in the case, its index, its bytes."""

    number: int
    index: int
    entry: bytes


@dataclass(frozen=True)
class Walked:
    """A case's entries in a copy, what is wrong with their numbers, and the signing rules: (entry, rule)."""

    found: list[Place]
    findings: list[Finding]
    rules: list[tuple[int, str]]


def find_case(log: PublicLog, key: SecretBytes, known: int, progress: Callable[[int, int], None]) -> Walked:
    """Return what a whole copy of the log has of a case (rules 3 and 4).

    `known`: how many entries of the case were ever shown here.

    Raises:
        TamperingError: the copy is not whole, or not what its checkpoint says.
    """
    ahead = max(_AHEAD, min(log.checkpoint.size, _MOST))
    numbers = {case_tag(key, number)[:_SHORT]: number for number in range(known + ahead)}
    found: list[Place] = []
    rules: list[tuple[int, str]] = []
    try:
        for index, entry in log.view.entries(progress):
            tag = entry[_TAG]  # whatever version or kind the entry calls itself
            number = numbers.get(tag[:_SHORT])
            if number is not None and tag == case_tag(key, number):
                found.append(Place(number, index, entry))
            if rule := _RULES.get(entry[_SUBJECT]):
                rules.append((index, rule))
    except ProofError as error:
        raise TamperingError("log_entries") from error
    return Walked(found, list(_check_numbers(found)), rules)


def check_rules(walked: Walked, shown: Iterable[ProvedEntry], told: Collection[int], size: int) -> Iterator[Finding]:
    """Yield the rules that the log has and the portal did not tell, and the looks that lack a signature (rule 4).

    `told`: the entries that the portal's own list of rules names; `size` of the copy.
    """
    for index, _ in walked.rules:
        if index not in told:
            yield Finding("rule_not_shown", index)
    for entry in shown:
        if entry.index < size and lacks_signature(entry, walked.rules):
            yield Finding("unsigned", entry.index)


def _check_numbers(found: Sequence[Place]) -> Iterator[Finding]:
    seen: set[int] = set()
    for place in found:
        if place.number in seen:
            yield Finding("doubled", place.number)
        elif place.number < max(seen, default=-1):
            yield Finding("late", place.number)
        seen.add(place.number)
    for number in sorted(set(range(max(seen, default=-1) + 1)) - seen):
        yield Finding("skipped", number)


def compare_shown(log: PublicLog, found: Sequence[Place], shown: Iterable[ProvedEntry]) -> Iterator[Finding]:
    """Yield what the copy has and nobody was shown, and what was shown and the copy has not, up to its size."""
    in_log = {place.index: place.entry for place in found}
    told = {entry.index: entry for entry in shown}
    for index, entry in told.items():
        same_log = entry.checkpoint.origin == log.checkpoint.origin
        if same_log and index < log.checkpoint.size and in_log.get(index) != entry.entry:
            yield Finding("not_in_log", index)
    for index in sorted(in_log.keys() - told.keys()):
        yield Finding("not_shown", index)
