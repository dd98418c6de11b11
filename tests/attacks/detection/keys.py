"""The log's key: another one, none, a second one, one of before."""

from __future__ import annotations

import os
import shutil
import time

import httpx2

from app.cosigner.folder import opened
from app.domain.moments import rfc3339
from crypto.log.checkpoint import Checkpoint, LogSigner, sign_checkpoint
from crypto.log.keychange import KeySet, announcing_note, make_announcement, read_announcement, subject_of
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.merkle import inclusion_proof, joined_root, leaf_hash
from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from tests.attacks.detection.baseline import COSIGNER
from tests.attacks.detection.cells import cell
from tests.attacks.detection.files import checkpoint, former, without
from tests.attacks.detection.scene import Scene, facts
from tests.attacks.detection.watchers import staged, wait_until_it_holds
from tests.filings import make_filing
from tests.portal import RunningPortal


def _seed(scene: Scene, name: str, text: str) -> None:
    path = scene.data / "keys" / f"{name}.seed"
    path.chmod(0o600)
    path.write_text(text)


def _stranger(scene: Scene) -> LogSigner:
    """Return another key under the log's name."""
    return LogSigner(scene.keys().log_origin, SecretBytes(os.urandom(32)))


@cell("key", "alter", "a new log key in place of the old one; what is published is signed anew with it")
def alter(scene: Scene) -> None:
    _seed(scene, "log", os.urandom(32).hex() + "\n")
    scene.rewrite(scene.rows())


@cell("key", "delete", "the file of the log key is deleted")
def delete(scene: Scene) -> None:
    (scene.data / "keys" / "log.seed").unlink()


@cell("key", "insert", "the portal tells of another log key, by an announcement that its log does not have", lying=True)
def insert(scene: Scene) -> None:
    made = _announced_beside(scene)
    scene.lies.append(facts(log_vkey=read_announcement(made).after.log, key_changes=[made]))


def _announced_beside(scene: Scene) -> str:
    """Return an announcement that is perfect in itself, in a history that nobody was shown."""
    keys, new = scene.keys(), _stranger(scene)
    statements = NoteSigner(f"{new.name}/statements", SecretBytes(os.urandom(32)))
    after = KeySet(new.vkey, keys.log_pq.vkey, statements.vkey)
    note = announcing_note(
        keys.name, new.name, rfc3339(int(time.time())), (keys.keys.public, after), [keys.statements, statements]
    )
    leaf = Leaf(LeafKind.KEYS_CHANGED, int(time.time()), os.urandom(32), subject_of(note), os.urandom(32)).to_bytes()
    leaves = [leaf_hash(each) for each in [*scene.leaves(), leaf]]
    index = len(leaves) - 1

    def node(level: int, at: int) -> bytes:
        return joined_root(b"".join(leaves[at << level : (at + 1) << level]))

    signed = scene.sign(len(leaves), joined_root(b"".join(leaves)))
    return make_announcement(note, leaf, index, inclusion_proof(index, len(leaves), node), signed, new)


@cell("key", "swap", "log key and statement key change places")
def swap(scene: Scene) -> None:
    log, statements = (scene.data / "keys" / f"{name}.seed" for name in ("log", "statements"))
    first, second = log.read_text(), statements.read_text()
    _seed(scene, "log", second)
    _seed(scene, "statements", first)


@cell("key", "cut", "the file of the log key is cut short")
def cut(scene: Scene) -> None:
    _seed(scene, "log", os.urandom(20).hex() + "\n")


@cell("key", "replay", "the log key's signatures of the day before, under today's checkpoint", lying=True)
def replay(scene: Scene) -> None:
    origin = scene.keys().log_origin
    kept = [line for line in former(scene).splitlines(keepends=True) if line.startswith(f"— {origin} ")]

    def again(note: str) -> str:
        text, _, rest = without(note, origin).partition("\n\n")
        return f"{text}\n\n{''.join(kept)}{rest}"

    checkpoint(scene, again)


@cell("key", "fork", "to these readers the same log is shown under another key", lying=True)
def fork(scene: Scene) -> None:
    other = _stranger(scene)

    def signed(note: str) -> str:
        known = Checkpoint.of_note(note)
        return sign_checkpoint(known, [other])

    checkpoint(scene, signed)
    scene.lies.append(facts(log_vkey=other.vkey))


def rotated(scene: Scene) -> None:
    """Change the log's keys as its operator does: announced, cosigned, side by side, the new ones alone; all follow."""
    with staged(scene) as stage:
        stage.portal.cli_json("log", "rotate", "--announce")
        _until(stage.portal, "--switch")
    with staged(scene) as stage:
        _until(stage.portal, "--finish", "--at-once")
    with opened(scene.folder / "cosigner", COSIGNER, os.urandom) as held:
        held.follow(scene.keys().announced)
    with staged(scene):
        filing = make_filing(scene.keys().name)  # an entry, so that there is something to publish
        httpx2.post(f"{scene.url}/api/v1/petitions", json=dict(filing.body)).raise_for_status()
        _until_the_new_keys_sign_alone(scene)
        wait_until_it_holds(scene)


def _until_the_new_keys_sign_alone(scene: Scene) -> None:
    """Wait for a publication with two lines of the log's own: Ed25519 and ML-DSA-44 of the new keys."""
    own, deadline = f"— {scene.keys().log_origin} ", time.monotonic() + 600
    while sum(line.startswith(own) for line in scene.published().splitlines()) != 2:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _until(portal: RunningPortal, *step: str) -> None:
    """Take a step as soon as what was published lets it be taken."""
    deadline = time.monotonic() + 600
    while (done := portal.cli("log", "rotate", *step)).returncode:
        assert time.monotonic() < deadline, done.stderr
        time.sleep(0.2)


@cell(
    "key", "roll back", "the keys were changed in the open, and those of the day before are put back", arrange=rotated
)
def roll_back(scene: Scene) -> None:
    shutil.rmtree(scene.data / "keys")
    shutil.copytree(scene.base.folder / "older" / "keys", scene.data / "keys")
    shutil.copyfile(scene.base.folder / "older" / "portal.json", scene.data / "portal.json")


@cell(
    "key", "withhold", "the keys were changed in the open, and what announced the new ones is withheld", arrange=rotated
)
def withhold(scene: Scene) -> None:
    scene.lies.append(facts(key_changes=[]))
    scene.lie(r"/log/keys", lambda _: 404)
