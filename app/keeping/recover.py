"""`resguardo log recover`: the way out of read-only, in the open (law L5).

What is signed is signed: a log that lost entries which somebody holds a receipt for must not sign others in their
places. So there are two ways, and the operator chooses:
    continue   only where this host's guard knows what was signed, and the data reach it: nothing is missing. An entry
               says that the log was restored.
    successor  the log goes on under another name, with new keys. Its tree begins with every entry that was kept, so
               that old receipts and histories still prove themselves; the entry behind them says that a log was
               succeeded. A signed note (`resguardo/successor/v1`, FORMAT.md) names the last state that is known, the
               one that was kept, and both logs' keys; the entry commits to that note. Auditors report it as a finding.

The procedure of a successor
    1. Gather what is known of the log: the guard, the backup's own state, what was published, checkpoints that others
       kept. Each must be the log's, and what lies within the data must agree with them.
    2. Make new keys. 3. Sign the note with the old and the new statement key. 4. Put both into portal.json, in one
    step; destroy the old log keys. 5. Take the mark of a restored folder away. 6. Write the successor's first entry
    and publish.
A crash leaves the old portal read-only before step 4, and is mended by the next start after it.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.config import Settings
from app.domain.entities import EntryKind, FormerLog, Role
from app.domain.moments import rfc3339
from app.domain.ports import EntryDraft, Face
from app.keeping.errors import KeepingError
from app.store.keyring import Keyring, make_successor, put_successor, read_keyring, stored_name
from app.store.locks import HostLock
from app.store.restored import read_mark, take_mark_away
from app.store.rows.log import SqlLogRows
from app.store.standing import RESTORED, WHOLE
from app.store.tree import TileCache, Tree
from app.wiring import assemble, database_of, guard_of, prepare, standing_of
from crypto.errors import CryptoError
from crypto.log.checkpoint import parse_verifier, verify_checkpoint
from crypto.log.merkle import EMPTY_ROOT, range_hash
from crypto.note import NoteType, sign_typed
from crypto.secret import Random

_RECOVERABLE = (RESTORED, "behind")
_LIMIT = 1024 * 1024


@dataclass(frozen=True)
class Known:
    """A state of the log that somebody knows: whose word it is, size and root."""

    source: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Situation:
    """How things stand: what is kept here, what is known, and whether the log may simply go on."""

    standing: str
    keyring: Keyring
    kept: Known
    known: tuple[Known, ...]
    published: str | None
    continuable: bool

    @property
    def last(self) -> Known:
        """The largest state that anyone knows of."""
        return max((self.kept, *self.known), key=lambda each: each.size)

    @property
    def lost(self) -> int:
        """How many entries are known to be missing here; more may be that nobody knows of."""
        return self.last.size - self.kept.size


def assess(settings: Settings, checkpoints: Sequence[Path] = ()) -> Situation:
    """Return the situation of a read-only portal (step 1). Raises KeepingError where there is no way out from here."""
    if stored_name(settings.data) is None:
        raise KeepingError("no_portal", path=str(settings.data))
    prepare(settings)
    keyring, found = read_keyring(settings.data), standing_of(settings)
    if found == WHOLE:
        raise KeepingError("nothing_to_recover")
    if found not in _RECOVERABLE:
        raise KeepingError("not_recoverable", path=str(settings.data), standing=found)
    guarded = _guarded(settings, keyring)
    given = [_read_checkpoint(path, keyring) for path in checkpoints]
    engine = database_of(settings).readers(Face.PETITIONER)
    try:
        with engine.connect() as connection:
            rows = SqlLogRows(connection)
            publication = rows.publication()
            published = publication.checkpoint if publication else None
            kept, known = _settle(rows, [*guarded, *given])
    finally:
        engine.dispose()
    reached = bool(guarded) and all(each.size <= kept.size for each in known)
    return Situation(found, keyring, kept, tuple(known), published, continuable=reached)


def _guarded(settings: Settings, keyring: Keyring) -> list[Known]:
    with guard_of(settings, keyring) as guard:
        state = guard.read()
    return [Known("guard", state.size, state.root)] if state is not None and state.size else []


def _read_checkpoint(path: Path, keyring: Keyring) -> Known:
    try:
        note = path.read_bytes()[:_LIMIT].decode()
        found = verify_checkpoint(note, keyring.log_origin, [parse_verifier(keyring.log.vkey)])
    except (OSError, ValueError, CryptoError) as error:
        raise KeepingError("bad_checkpoint", path=str(path)) from error
    return Known(str(path), found.size, found.root)


def _settle(rows: SqlLogRows, known: list[Known]) -> tuple[Known, list[Known]]:
    """Return what is kept, and what is known, after each state within the data was compared with them."""
    size = rows.head().size
    node = Tree(rows, TileCache(), size).node
    for each in known:
        if each.size <= size and range_hash(0, each.size, node) != each.root:
            raise KeepingError("checkpoint_differs", path=each.source, size=each.size)
    return Known("data", size, range_hash(0, size, node) if size else EMPTY_ROOT), known


def go_on(settings: Settings, situation: Situation) -> None:
    """Let the log go on: nothing that this host signed is missing. Raises KeepingError where that is not so."""
    if not situation.continuable:
        raise KeepingError("not_continuable")
    take_mark_away(settings.data)
    draft = EntryDraft(EntryKind.LOG_RESTORED, "operator", Role.OPERATOR, detail=f"{situation.kept.size}")
    assembly = assemble(settings, publisher=False)
    try:
        assembly.public.ledger.write(lambda unit: unit.append(draft))
    finally:
        assembly.close()


def make_successor_log(settings: Settings, situation: Situation, now: int, random: Random) -> Keyring:
    """Let a successor take the log's place (steps 2 to 6), and return its keys."""
    lock = HostLock(settings.data / "start.lock")
    try:
        with lock.held():
            # 2.
            old = situation.keyring
            new = make_successor(settings.data, old, random)
            # 3.
            note = sign_typed(NoteType.SUCCESSOR, _statement(situation, new, now), [old.statements, new.statements])
            # 4.
            last = FormerLog(
                origin=old.log_origin,
                log_vkey=old.log.vkey,
                log_pq_vkey=old.log_pq.vkey,
                statement_vkey=old.statements.vkey,
                kept=situation.kept.size,
                checkpoint=situation.published,
                note=note,
            )
            put_successor(settings.data, old, new, last)
    finally:
        lock.close()
    # 5.
    if read_mark(settings.data) is not None:
        take_mark_away(settings.data)
    # 6.
    prepare(settings)
    return read_keyring(settings.data)


def _statement(situation: Situation, new: Keyring, now: int) -> dict[str, object]:
    old = situation.keyring
    return {
        "v": 1,
        "portal": old.name,
        "reason": "loss",
        "time": rfc3339(now),
        "known": _state(situation.last),
        "kept": _state(situation.kept),
        "from": {"origin": old.log_origin, "log": old.log.vkey, "statements": old.statements.vkey},
        "to": {
            "origin": new.log_origin,
            "log": new.log.vkey,
            "log_pq": new.log_pq.vkey,
            "statements": new.statements.vkey,
        },
    }


def _state(known: Known) -> dict[str, object]:
    return {"size": known.size, "root": base64.b64encode(known.root).decode()}
