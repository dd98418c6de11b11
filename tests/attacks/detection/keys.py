"""The log's key: another one, none, a second one, one of before."""

from __future__ import annotations

import os
import shutil
from functools import partial

from crypto.log.checkpoint import Checkpoint, LogSigner, sign_checkpoint
from crypto.secret import SecretBytes
from tests.attacks.detection.cells import cell
from tests.attacks.detection.files import checkpoint, former, without
from tests.attacks.detection.scene import Scene, facts


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


@cell("key", "insert", "the portal names a second log key to whoever asks for it", lying=True)
def insert(scene: Scene) -> None:
    scene.lies.append(facts(log_vkey=_stranger(scene).vkey))


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


@cell(
    "key",
    "roll back",
    "the keys folder of the day before is put in place",
    harmless="Keys that were not changed in between are the same keys, and sign the same log.",
)
def roll_back(scene: Scene) -> None:
    shutil.rmtree(scene.data / "keys")
    shutil.copytree(scene.base.folder / "older" / "keys", scene.data / "keys")


@cell(
    "key",
    "withhold",
    "the portal names no key, and leaves out its post-quantum signature",
    harmless="Whoever checks brought the key from elsewhere, and it is still the one that signs. Who has none is "
    "told to ask for one.",
    lying=True,
)
def withhold(scene: Scene) -> None:
    scene.lies.append(facts(log_vkey=None, log_pq_vkey=None, statement_vkey=None))
    checkpoint(scene, partial(_without_pq, name=scene.keys().log_origin))


def _without_pq(note: str, name: str) -> str:
    own = [line for line in note.splitlines(keepends=True) if line.startswith(f"— {name} ")]
    short = min(own, key=len)
    rest = without(note, name)
    text, _, lines = rest.partition("\n\n")
    return f"{text}\n\n{short}{lines}"
