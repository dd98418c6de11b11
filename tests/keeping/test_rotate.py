"""Law L5 when keys change: announced under the old key, public before it counts, and old signatures stay good."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.config import Settings
from app.domain.entities import EntryKind, Role
from app.domain.ports import EntryDraft
from app.keeping.errors import KeepingError
from app.keeping.rotate import OVERLAP_DAYS, Stage, announce, finish, look, switch
from app.store.keyring import read_keyring
from app.store.ledger import Publishing, publish
from app.wiring import _publishing, assemble, prepare, published_checkpoint, standing_of
from crypto.errors import CryptoError, UnknownSignerError
from crypto.log.checkpoint import Ed25519Cosigner, parse_verifier, verify_checkpoint
from crypto.log.keychange import leading_from, leading_to, read_all, read_announcement
from crypto.log.proof import LogProof
from crypto.note import NoteType, NoteVerifier, open_typed
from crypto.secret import SecretBytes
from tests.assembled import settings_in

NOW = 1_790_000_000
DRAFT = EntryDraft(EntryKind.PORTAL_STARTED, "portal", Role.PORTAL)


def tick(settings: Settings) -> None:
    """Publish, as the next tick does."""
    with ExitStack() as stack:
        parts = _publishing(settings, read_keyring(settings.data), settings.faces[0], stack)
        publish(Publishing(parts.writer, parts.guard, parts.keys, parts.tick, parts.clock), now_and_here=True)


def proof_and_leaf(settings: Settings) -> tuple[str, bytes, str]:
    """Append an entry; return its receipt's proof, its leaf, and a statement of the same moment."""
    assembly = assemble(settings, publisher=False)
    entry = assembly.public.ledger.write(lambda unit: unit.append(DRAFT)).entries[0]
    said = assembly.public.statements.sign(NoteType.STATUS, {"v": 1})
    proof = assembly.public.ledger.receipt_proof(entry.index)
    assembly.close()
    return proof, entry.leaf, said


def holds(settings: Settings, made: tuple[str, bytes, str], vkeys: tuple[str, str]) -> bool:
    """Say whether proof and statement verify under a log key and a statement key."""
    proof, leaf, said = made
    try:
        LogProof.parse(proof).verify(leaf, read_keyring(settings.data).log_origin, [parse_verifier(vkeys[0])])
        open_typed(said, NoteType.STATUS, [NoteVerifier.parse(vkeys[1])])
    except CryptoError:
        return False
    return True


def vkeys(settings: Settings) -> tuple[str, str]:
    """Return the present keys of log and statements."""
    keyring = read_keyring(settings.data)
    return keyring.log.vkey, keyring.statements.vkey


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A prepared portal that nobody serves."""
    made = settings_in(tmp_path)
    prepare(made)
    return made


def switched(settings: Settings) -> None:
    """Announce new keys, publish that, and let both sign."""
    announce(settings, NOW, os.urandom)
    tick(settings)
    switch(settings)


def test_keys_change_in_three_steps_and_everything_stays_good(settings: Settings) -> None:
    """Announced, side by side, alone: what was signed before holds, what is signed now holds for who followed."""
    old, before = vkeys(settings), proof_and_leaf(settings)
    announced = announce(settings, NOW, os.urandom)
    assert (announced.stage, vkeys(settings)) == (Stage.ANNOUNCED, old), "nothing is signed by an unannounced key"
    with pytest.raises(KeepingError, match="change_not_published"):
        switch(settings)
    tick(settings)
    assert look(settings).stage is Stage.PUBLISHED
    assert switch(settings).stage is Stage.OVERLAP
    new = vkeys(settings)
    assert new != old

    side_by_side = proof_and_leaf(settings)
    assert [holds(settings, side_by_side, each) for each in (old, new)] == [True, True]
    (change,) = read_all(read_keyring(settings.data).announced)
    assert (change.before.log, change.after.log, change.after.statements) == (old[0], *new)
    with pytest.raises(KeepingError, match="change_overlap"):
        finish(settings, NOW)
    with pytest.raises(KeepingError, match="change_unsigned"):
        finish(settings, NOW, at_once=True)
    tick(settings)
    for each in (old, new):
        verify_checkpoint(published_checkpoint(settings), announced.keyring.log_origin, [parse_verifier(each[0])])
    assert finish(settings, NOW + 400 * 86_400).stage is Stage.NONE
    assert sorted(path.name for path in (settings.data / "keys").glob("log*.seed")) == [
        "log-2.seed",
        "log-post-quantum-2.seed",
    ]

    after = proof_and_leaf(settings)
    assert [holds(settings, after, each) for each in (old, new)] == [False, True]
    assert holds(settings, before, old), "old receipts and statements stay good"
    tick(settings)
    with pytest.raises(UnknownSignerError):
        verify_checkpoint(published_checkpoint(settings), announced.keyring.log_origin, [parse_verifier(old[0])])
    assert standing_of(settings) == "whole"


@pytest.mark.long
def test_keys_change_again_and_again(settings: Settings) -> None:
    """Whoever knows the first key is led to the last, and back; the guard and the history stay."""
    first = vkeys(settings)
    for _ in range(2):
        switched(settings)
        tick(settings)
        finish(settings, NOW, at_once=True)
    found = read_all(read_keyring(settings.data).announced)
    assert [each.after.log for each in leading_from(first[0], found)][-1] == vkeys(settings)[0]
    assert leading_to(vkeys(settings)[0], found) == found
    assert standing_of(settings) == "whole"


@pytest.mark.long
def test_a_break_at_each_step_is_mended_by_the_same_command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys and note without their entry: the entry is written. The entry is there: it is not written twice."""
    with monkeypatch.context() as patch:
        patch.setattr("app.keeping.rotate._write", lambda *_: (_ for _ in ()).throw(OSError("power")))
        with pytest.raises(OSError, match="power"):
            announce(settings, NOW, os.urandom)
    following = read_keyring(settings.data).next
    assert look(settings).stage is Stage.NONE
    assert announce(settings, NOW, os.urandom).stage is Stage.ANNOUNCED
    assert read_keyring(settings.data).next == following
    with pytest.raises(KeepingError, match="change_begun"):
        announce(settings, NOW, os.urandom)


@pytest.mark.parametrize(
    ("step", "code"), [(switch, "change_not_announced"), (lambda s: finish(s, NOW), "change_not_switched")]
)
def test_no_step_comes_before_its_turn(settings, step, code):
    """Nothing was announced: there is nothing to switch to, and nothing to finish."""
    with pytest.raises(KeepingError, match=code):
        step(settings)


@pytest.mark.long
def test_an_uncosigned_announcement_is_not_switched_to(settings: Settings, tmp_path: Path) -> None:
    """With cosigners, whoever asks for their quorum must be able to follow."""
    policy = tmp_path / "policy"
    union = Ed25519Cosigner("union.example/cosigner", SecretBytes(b"u" * 32))
    policy.write_text(f"witness union {union.vkey} https://cosigner.example\nquorum union\n")
    announce(settings, NOW, os.urandom)
    tick(settings)
    asking = settings_in(tmp_path, RESGUARDO_COSIGNERS=str(policy))
    with pytest.raises(KeepingError, match="change_not_cosigned"):
        switch(asking)


@pytest.mark.long
def test_the_overlap_lasts(settings: Settings) -> None:
    """Thirty days from the announcement, so that who looks once a month learns the new key while the old one counts."""
    switched(settings)
    until = look(settings).until
    assert until is not None
    with pytest.raises(KeepingError, match="change_overlap"):
        finish(settings, until - 1)
    assert OVERLAP_DAYS == 30
    assert json.loads((settings.data / "portal.json").read_text())["leaving"] == 1
    assert read_announcement(read_keyring(settings.data).announced[0]).portal == read_keyring(settings.data).name
