"""Asking cosigners for the published checkpoint, by whatever process comes first, and keeping what they say.

The order for each cosigner
  1. Take a turn: is it due, and has nobody asked for this checkpoint in this tick? Note that we ask.
  2. Outside of any transaction: the proof from the size that it cosigned last, the request, its answer.
  3. Asked for another size, prove from there, once. A size that we do not have is an alarm.
  4. Take a turn: keep the cosignature, or what became of it; an alarm in a row of its own.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Engine

from app.domain.cosigners import Alarm, CosignerState, Outcome, Reply, judge_conflict
from app.store.database import Writer
from app.store.failures import told
from app.store.rows.cosigners import SqlCosignerRows
from app.store.rows.log import SqlLogRows
from app.store.tree import TileCache, Tree
from crypto.log.merkle import consistency_proof
from crypto.log.policy import Policy
from crypto.log.submission import Submission, own_signatures

AGAIN_SECONDS = 60
"""After how long a cosigner that did not answer is asked again within the same tick."""
_AT_ONCE = 8


@dataclass(frozen=True)
class Asked:
    """A cosigner as the policy has it: its submission prefix, and each key under which it signs."""

    address: str
    vkeys: tuple[str, ...]


def cosigners_of(policy: Policy) -> Sequence[Asked]:
    """Return the cosigners of a policy that have an address; several keys at one address are one cosigner."""
    found: dict[str, tuple[str, ...]] = {}
    for each in policy.cosigners:
        if each.url:
            found[each.url] = (*found.get(each.url, ()), each.vkey)
    return [Asked(address, vkeys) for address, vkeys in found.items()]


Submit = Callable[[str, Submission, list[str]], Reply]


@dataclass(frozen=True)
class Cosigning:
    """What asking works with; `tick` in seconds, `submit` sends one request."""

    origin: str
    cosigners: Sequence[Asked]
    writer: Writer
    readers: Engine
    tick: int
    clock: Callable[[], int]
    submit: Submit


def ask_all(parts: Cosigning) -> int:
    """Ask every cosigner that is due, side by side; return how many were asked."""
    due = [asked for asked in parts.cosigners if _is_due(parts, asked.address)]
    # 1.
    claimed = [claim for asked in due if (claim := _claim(parts, asked)) is not None]
    if claimed:
        with ThreadPoolExecutor(min(_AT_ONCE, len(claimed))) as pool:
            for claim, reply in zip(claimed, pool.map(partial(_exchange, parts), claimed), strict=True):
                _settle(parts, claim, reply)
    return len(claimed)


def _is_due(parts: Cosigning, address: str) -> bool:
    with told(), parts.readers.connect() as connection:
        publication = SqlLogRows(connection).publication()
        state = SqlCosignerRows(connection, parts.origin).state(address)
    return publication is not None and _due(state, publication.size, parts.clock(), parts.tick)


def _due(state: CosignerState | None, size: int, now: int, tick: int) -> bool:
    if state is None or state.asked_size < size or state.asked < now - now % tick:
        return True
    return state.outcome is Outcome.UNREACHABLE and state.asked + min(AGAIN_SECONDS, tick) <= now


@dataclass(frozen=True)
class _Claim:
    """A cosigner that this process asks: how things stood, and the checkpoint."""

    asked: Asked
    state: CosignerState
    checkpoint: str


def _claim(parts: Cosigning, asked: Asked) -> _Claim | None:
    """Note that we ask, for the newest checkpoint; None if somebody else did meanwhile."""
    now = parts.clock()
    with told(), parts.writer.turn() as connection:
        rows, publication = SqlCosignerRows(connection, parts.origin), SqlLogRows(connection).publication()
        state = rows.state(asked.address)
        if publication is None or not _due(state, publication.size, now, parts.tick):
            return None
        state = state or CosignerState(asked.address, 0, 0, "", 0, 0, Outcome.UNREACHABLE, None)
        state = replace(state, asked=now, asked_size=publication.size)
        rows.put(state)
    return _Claim(asked, state, own_signatures(publication.checkpoint, parts.origin))


def _exchange(parts: Cosigning, claim: _Claim) -> Reply:
    """Return what the cosigner says in the end: cosigned, an alarm, or why not."""
    # 2.
    size, old = claim.state.asked_size, claim.state.size
    reply = _send(parts, claim, old)
    # 3.
    alarm = _alarm(old, size, reply)
    if alarm is None and reply.told is not None:
        old = reply.told
        reply = _send(parts, claim, old)
        alarm = _alarm(old, size, reply)
    return replace(reply, outcome=alarm or reply.outcome)


def _alarm(old: int, size: int, reply: Reply) -> Outcome | None:
    return None if reply.told is None else judge_conflict(old, size, reply.told)


def _send(parts: Cosigning, claim: _Claim, old: int) -> Reply:
    size = claim.state.asked_size
    with told(), parts.readers.connect() as connection:
        tree = Tree(SqlLogRows(connection), TileCache(), size)
        proof = tuple(consistency_proof(min(old, size), size, tree.node))
    submission = Submission(min(old, size), proof, claim.checkpoint)
    return parts.submit(claim.asked.address, submission, list(claim.asked.vkeys))


def _settle(parts: Cosigning, claim: _Claim, reply: Reply) -> None:
    # 4.
    now, state = parts.clock(), claim.state
    new = replace(state, outcome=reply.outcome, told=reply.told)
    if reply.outcome is Outcome.COSIGNED:
        new = replace(new, size=state.asked_size, time=now, lines=reply.lines)
    with told(), parts.writer.turn() as connection:
        rows = SqlCosignerRows(connection, parts.origin)
        rows.put(new)
        if reply.outcome.is_alarm:
            known = state.size if reply.told is None else reply.told
            rows.add_alarm(Alarm(state.address, reply.outcome, state.asked_size, known, now, claim.checkpoint))
