"""Cosignatures: changed on the way, and a cosigner that fails or is turned."""

from __future__ import annotations

import base64
import shutil

from crypto.note import split
from tests.attacks.detection.baseline import COSIGNER
from tests.attacks.detection.cells import cell
from tests.attacks.detection.files import checkpoint, former, without
from tests.attacks.detection.rows import fork as fork_rows
from tests.attacks.detection.scene import Scene


def with_policy(scene: Scene) -> None:
    """Let the petitioner look with the policy in hand."""
    scene.asks_quorum = True


def _lines(note: str) -> list[str]:
    return [line for line in note.splitlines(keepends=True) if line.startswith(f"— {COSIGNER} ")]


def _with_lines(scene: Scene, lines: list[str]) -> None:
    checkpoint(scene, lambda note: without(note, COSIGNER) + "".join(lines))


def _packed(name: str, data: bytes) -> str:
    return f"— {name} {base64.b64encode(data).decode()}\n"


def _raw(line: str) -> bytes:
    return base64.b64decode(line.rsplit(" ", 1)[1])


@cell("cosigner", "alter", "one bit of a cosignature", arrange=with_policy, lying=True)
def alter(scene: Scene) -> None:
    def flipped(note: str) -> str:
        lines = _lines(note)
        data = _raw(lines[0])
        return without(note, COSIGNER) + _packed(COSIGNER, data[:-1] + bytes([data[-1] ^ 1])) + "".join(lines[1:])

    checkpoint(scene, flipped)


@cell("cosigner", "delete", "the cosignatures are left out", arrange=with_policy, lying=True)
def delete(scene: Scene) -> None:
    _with_lines(scene, [])


@cell("cosigner", "insert", "cosignatures of a made-up key under the cosigner's name, in their place",
      arrange=with_policy, lying=True)  # fmt: skip
def insert(scene: Scene) -> None:
    checkpoint(
        scene,
        lambda note: (
            without(note, COSIGNER) + "".join(_packed(COSIGNER, bytes(4) + _raw(line)[4:]) for line in _lines(note))
        ),
    )


@cell("cosigner", "swap", "the signatures of its two keys change places", arrange=with_policy, lying=True)
def swap(scene: Scene) -> None:
    def exchanged(note: str) -> str:
        first, second = map(_raw, _lines(note))
        return (
            without(note, COSIGNER)
            + _packed(COSIGNER, first[:4] + second[4:])
            + _packed(COSIGNER, second[:4] + first[4:])
        )

    checkpoint(scene, exchanged)


@cell("cosigner", "cut", "a cosignature ends before its end", arrange=with_policy, lying=True)
def cut(scene: Scene) -> None:
    checkpoint(
        scene,
        lambda note: without(note, COSIGNER) + "".join(_packed(COSIGNER, _raw(line)[:-9]) for line in _lines(note)),
    )


@cell(
    "cosigner", "replay", "the cosignatures of the day before under today's checkpoint", arrange=with_policy, lying=True
)
def replay(scene: Scene) -> None:
    _, kept = split(former(scene))
    lines = [f"{line}\n" if not str(line).endswith("\n") else str(line) for line in kept if line.name == COSIGNER]
    _with_lines(scene, lines)


@cell("cosigner", "fork", "a cosigner whose memory was emptied cosigns a second history, and its quorum is reached",
      arrange=with_policy)  # fmt: skip
def fork(scene: Scene) -> None:
    for path in (scene.folder / "cosigner" / "logs").iterdir():
        path.unlink()
    fork_rows(scene)


@cell("cosigner", "roll back", "portal and cosigner are both set back to the day before", arrange=with_policy)
def roll_back(scene: Scene) -> None:
    scene.set_back()
    scene.unguarded = True
    shutil.rmtree(scene.folder / "cosigner")
    shutil.copytree(scene.base.folder / "cosigner-older", scene.folder / "cosigner")


@cell("cosigner", "withhold", "the cosigner does not answer; the portal goes on", arrange=with_policy)
def withhold(scene: Scene) -> None:
    scene.deaf = True
