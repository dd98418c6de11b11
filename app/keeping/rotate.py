"""`resguardo log rotate`: the log's and the statements' keys are changed in the open (law L5).

Three steps, each the operator's own, so that nobody meets a key that was not announced:
    announce   new keys are made; an entry of the log commits to a note that names them, signed by both statement keys.
    switch     once that entry is published under the old key, and cosigned where cosigners are asked: what proves it is
               kept, and from now on old and new keys sign side by side.
    finish     after an overlap: the new keys sign alone, the old ones are destroyed. An entry says so.

The procedure
    1. Announce: keys, note, both into portal.json; then the entry, unless a run that broke off wrote it.
    2. Switch: prove the entry under the published checkpoint, read the proof as its readers will, put it and the new
       keys into portal.json in one step.
    3. Finish: look that the published checkpoint bears the new key; entry; portal.json; then destroy.
A crash leaves the step before, and the same command again finishes it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.config import Settings, cosigning_policy
from app.domain.entities import CaseId, EntryKind, Role
from app.domain.moments import rfc3339
from app.domain.ports import EntryDraft, Unit, View
from app.keeping.errors import KeepingError
from app.store.keyring import (
    Keyring,
    NextKeys,
    destroy_keys,
    make_keys,
    put_keyring,
    read_keyring,
    read_keys,
    stored_name,
)
from app.store.rows.log import SqlLogRows
from app.store.standing import WHOLE
from app.store.tree import TileCache, Tree
from app.wiring import Assembly, assemble, database_of, prepare, published_checkpoint
from crypto.digest import sha256_hex
from crypto.errors import CryptoError
from crypto.log.checkpoint import Checkpoint, LogSigner, parse_verifier, verify_checkpoint
from crypto.log.keychange import Announcement, announcing_note, make_announcement, read_announcement, subject_of
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.merkle import inclusion_proof
from crypto.log.policy import judge
from crypto.secret import Random

OVERLAP_DAYS = 30
"""How long both sets of keys sign: who looks once a month learns the new ones while the old ones still count."""
_DAY = 86_400
_EVER = 2**62


class Stage(StrEnum):
    """How far a change of keys is."""

    NONE = "none"
    ANNOUNCED = "announced"
    PUBLISHED = "published"
    OVERLAP = "overlap"


@dataclass(frozen=True)
class Change:
    """How things stand: `index` of the announcing entry, `cosigned` whether the quorum signed it, `until` (unix
    seconds) for how long the overlap is to last; each None where it does not apply.
    """

    stage: Stage
    keyring: Keyring
    index: int | None = None
    cosigned: bool | None = None
    until: int | None = None


def look(settings: Settings) -> Change:
    """Return how far a change of keys is. Raises KeepingError where there is no portal that may sign."""
    if stored_name(settings.data) is None:
        raise KeepingError("no_portal", path=str(settings.data))
    prepare(settings)
    return _stands(settings)


def _stands(settings: Settings) -> Change:
    keyring = read_keyring(settings.data)
    if keyring.next is None:
        if keyring.leaving is None:
            return Change(Stage.NONE, keyring)
        return Change(Stage.OVERLAP, keyring, index=_last(keyring).index, until=_until(_last(keyring)))
    assembly = assemble(settings, publisher=False)
    try:
        index = _index_of(assembly, keyring.next.note)
    finally:
        assembly.close()
    if index is None:
        return Change(Stage.NONE, keyring)
    note = published_checkpoint(settings)
    if Checkpoint.of_note(note).size <= index:
        return Change(Stage.ANNOUNCED, keyring, index=index)
    cosigned = judge(note, cosigning_policy(settings), now=0, max_age=_EVER).reached
    return Change(Stage.PUBLISHED if cosigned else Stage.ANNOUNCED, keyring, index=index, cosigned=cosigned)


def _last(keyring: Keyring) -> Announcement:
    return read_announcement(keyring.announced[-1])


def _until(announced: Announcement) -> int:
    return Leaf.from_bytes(announced.leaf).time + OVERLAP_DAYS * _DAY


def _index_of(assembly: Assembly, note: str) -> int | None:
    with assembly.public.ledger.view() as view:
        return _announced_at(view, note)


def _announced_at(view: View, note: str) -> int | None:
    """Return where the log announces a note, None where it does not."""
    for index, _, _ in reversed(view.log.openings_of(CaseId(""))):
        leaf = Leaf.from_bytes(view.log.leaf(index) or b"")
        if leaf.kind is LeafKind.KEYS_CHANGED and leaf.subject_tag == subject_of(note):
            return index
    return None


def announce(settings: Settings, now: int, random: Random) -> Change:
    """Make new keys and let the log announce them (step 1). Raises KeepingError."""
    found = look(settings)
    if found.stage is not Stage.NONE:
        raise KeepingError("change_begun")
    keyring = found.keyring
    if keyring.next is None:
        number = make_keys(settings.data, keyring, random)
        new = read_keys(settings.data, keyring.log_origin, number)
        keys = (keyring.keys.public, new.public)
        note = announcing_note(
            keyring.name, keyring.log_origin, rfc3339(now), keys, [keyring.statements, new.statements]
        )
        keyring = replace(keyring, next=NextKeys(number, note))
        put_keyring(settings.data, keyring)
    assert keyring.next is not None
    _write(settings, _announcing(keyring.next.note, keyring.log_origin))
    return _stands(settings)


def _announcing(note: str, origin: str) -> EntryDraft:
    return EntryDraft(
        EntryKind.LOG_KEYS_ANNOUNCED,
        "operator",
        Role.OPERATOR,
        open_kind=LeafKind.KEYS_CHANGED,
        record=sha256_hex(note.encode()),
        detail=origin,
        subject=subject_of(note),
    )


def _write(settings: Settings, draft: EntryDraft) -> None:
    assembly = assemble(settings, publisher=False)
    try:
        if assembly.standing != WHOLE:
            raise KeepingError("change_read_only")

        def work(unit: Unit) -> None:
            unit.append(draft)

        assembly.public.ledger.write(work)
    finally:
        assembly.close()


def switch(settings: Settings) -> Change:
    """Let the new keys sign beside the old ones (step 2). Raises KeepingError while the announcement is not public."""
    found = look(settings)
    if found.stage is Stage.ANNOUNCED:
        raise KeepingError("change_not_cosigned" if found.cosigned is False else "change_not_published")
    if found.stage is not Stage.PUBLISHED or found.index is None or found.keyring.next is None:
        raise KeepingError("change_not_announced")
    keyring, following = found.keyring, found.keyring.next
    new = read_keys(settings.data, keyring.log_origin, following.number)
    text = _proved(settings, following.note, found.index, new.log)
    announced = read_announcement(text)
    if (announced.before, announced.after) != (keyring.keys.public, new.public):
        raise KeepingError("change_damaged")
    put_keyring(
        settings.data,
        replace(
            keyring,
            keys=new,
            number=following.number,
            leaving=(keyring.number, keyring.keys),
            announced=(*keyring.announced, text),
            next=None,
        ),
    )
    return _stands(settings)


def _proved(settings: Settings, note: str, index: int, new: LogSigner) -> str:
    """Return the announcement under the published checkpoint, with the cosignatures that it has and the new key's."""
    checkpoint = published_checkpoint(settings)
    size = Checkpoint.of_note(checkpoint).size
    engine = database_of(settings).readers(settings.faces[0])
    try:
        with engine.connect() as connection:
            rows = SqlLogRows(connection)
            hashes = inclusion_proof(index, size, Tree(rows, TileCache(), size).node)
            leaf = rows.leaf(index)
    finally:
        engine.dispose()
    if leaf is None:
        raise KeepingError("change_damaged")
    return make_announcement(note, leaf, index, hashes, checkpoint, new)


def finish(settings: Settings, now: int, *, at_once: bool = False) -> Change:
    """Let the new keys sign alone and destroy the old ones (step 3). Raises KeepingError before the overlap's end."""
    found = look(settings)
    keyring = found.keyring
    if found.stage is not Stage.OVERLAP or keyring.leaving is None or found.until is None:
        raise KeepingError("change_not_switched")
    if now < found.until and not at_once:
        raise KeepingError("change_overlap", day=rfc3339(found.until)[:10])
    try:
        verify_checkpoint(published_checkpoint(settings), keyring.log_origin, [parse_verifier(keyring.log.vkey)])
    except CryptoError as error:
        raise KeepingError("change_unsigned") from error
    number, old = keyring.leaving
    draft = EntryDraft(EntryKind.LOG_KEYS_ENDED, "operator", Role.OPERATOR, detail=old.log.key_id.hex())
    _write(settings, draft)
    put_keyring(settings.data, replace(keyring, leaving=None))
    destroy_keys(settings.data, number)
    return _stands(settings)
