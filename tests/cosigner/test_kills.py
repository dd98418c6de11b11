"""kill -9 of `resguardo cosign` at random moments: never two histories, nothing forgotten that it signed."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from app.cosigner.folder import log_id_of, opened
from crypto.log import merkle
from crypto.log.checkpoint import Checkpoint, cosignature_times, parse_verifier, sign_checkpoint, verify_checkpoint
from crypto.log.submission import Submission
from tests.cosigner.running import RunningCosigner
from tests.crypto.log.published import LOG, ORIGIN, checkpoint_of, node_of

KILLS = 32
LIARS = 3
STATE = f"/{log_id_of(ORIGIN)}/checkpoint"


@dataclass
class Histories:
    """Every history that was offered, by its root, and what was answered with a cosignature."""

    offered: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    signed: list[tuple[Checkpoint, int]] = field(default_factory=list)
    now: tuple[bytes, ...] = ()
    lock: threading.Lock = field(default_factory=threading.Lock)

    def longer(self, chance: random.Random) -> tuple[bytes, ...]:
        """Return one that goes on from the one that was signed last, as nobody else's does."""
        with self.lock:
            rows = (*self.now, *(chance.randbytes(8) for _ in range(chance.randint(1, 5))))
            self.offered[checkpoint_of(rows).root] = rows
            return rows


def submission(rows: Sequence[bytes], old: int) -> tuple[str, bytes]:
    """Return the log's note over rows and a request for its cosignature."""
    leaves = [merkle.leaf_hash(row) for row in rows]
    note = sign_checkpoint(checkpoint_of(rows), [LOG])
    return note, Submission(old, tuple(merkle.consistency_proof(old, len(leaves), node_of(leaves))), note).to_bytes()


def lie(url: str, histories: Histories, done: threading.Event, seed: int) -> None:
    """Offer one history after another, each of them beside those of the others, until told to stop."""
    chance = random.Random(seed)
    with closing(httpx2.Client()) as client:
        while not done.is_set():
            old = len(histories.now)
            rows = histories.longer(chance)
            note, body = submission(rows, min(old, len(rows)))
            try:
                answer = client.post(f"{url}/add-checkpoint", content=body)
            except httpx2.TransportError:
                time.sleep(0.02)
                continue
            if answer.status_code == 200:
                keep(histories, note + answer.text, rows)


def keep(histories: Histories, signed: str, rows: tuple[bytes, ...]) -> None:
    """Note a cosignature that came; the longest cosigned history is the one that all go on from."""
    checkpoint = Checkpoint.of_note(signed)
    with histories.lock:
        histories.signed.append((checkpoint, max(times_of(signed).values())))
        if len(rows) > len(histories.now):
            histories.now = rows


VKEYS: list[str] = []


def times_of(signed: str) -> dict[str, int]:
    """Return when both of the cosigner's keys signed; fails where one of them did not."""
    verify_checkpoint(signed, ORIGIN, [parse_verifier(LOG.vkey)])
    for vkey in VKEYS:
        assert cosignature_times(signed, [parse_verifier(vkey)])
    return cosignature_times(signed, [parse_verifier(vkey) for vkey in VKEYS])


def look(url: str, histories: Histories) -> None:
    """After a restart: what it remembers was offered, and is at least all that it signed."""
    with histories.lock:
        before = list(histories.signed)  # the liars go on meanwhile
    answer = httpx2.get(f"{url}{STATE}")
    if answer.status_code == 404:
        assert not before, "it forgot"
        return
    times_of(answer.text)
    known = Checkpoint.of_note(answer.text)
    rows = histories.offered[known.root]
    assert all(checkpoint.size <= known.size for checkpoint, _ in before), "it forgot"
    with histories.lock:
        histories.now = max(histories.now, rows, key=len)


@pytest.mark.long
def test_a_killed_cosigner_never_signs_two_histories(tmp_path: Path) -> None:
    """Three logs of one key, each lying to the others; thirty-two kills; it restarts by itself, with its memory."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance, histories, done = random.Random(seed), Histories(), threading.Event()
    cosigner = RunningCosigner(tmp_path / "cosigner", logs=(LOG.vkey,)).start()
    VKEYS[:] = httpx2.get(f"{cosigner.url}/").text.split()
    liars = [
        threading.Thread(target=lie, args=(cosigner.url, histories, done, chance.randrange(2**32)))
        for _ in range(LIARS)
    ]
    began = time.monotonic()
    for each in liars:
        each.start()
    try:
        for _ in range(KILLS):
            wait_until_it_signs(histories)  # a process takes longer to start than to be killed
            time.sleep(chance.uniform(0, 0.5))
            cosigner.stop(signal.SIGKILL)
            cosigner.start()
            look(cosigner.url, histories)
        wait_until_it_signs(histories)
    finally:
        done.set()
        for each in liars:
            each.join()
        look(cosigner.url, histories)
        cosigner.stop()
    check_one_history(histories)
    seconds, offered = time.monotonic() - began, len(histories.offered)
    signed, rows = len(histories.signed), len(histories.now)
    print(f"{KILLS} kills in {seconds:.0f} s: {signed} of {offered} offers cosigned, {rows} rows")


def wait_until_it_signs(histories: Histories) -> None:
    """Wait until one more checkpoint has been cosigned."""
    before, deadline = len(histories.signed), time.monotonic() + 600
    while len(histories.signed) <= before:
        assert time.monotonic() < deadline, "it signs no more"
        time.sleep(0.01)


def check_one_history(histories: Histories) -> None:
    """All that was ever signed is a state of the one history; times do not run back."""
    assert len(histories.signed) > KILLS
    for checkpoint, _ in histories.signed:
        assert checkpoint == checkpoint_of(histories.now[: checkpoint.size])
    ordered = sorted(histories.signed, key=lambda each: each[0].size)
    assert [time for _, time in ordered] == sorted(time for _, time in ordered)


def test_what_a_kill_left_half_written_is_swept_away(tmp_path: Path) -> None:
    """A piece of evidence that was begun does not stand in the way of the next one with its name."""
    folder = tmp_path / "cosigner"
    with opened(folder, "union.example/cosigner", bytes):
        pass
    begun = folder / "evidence" / ".fork-0123456789abcdef.1"
    begun.mkdir()
    (begun / "request").write_text("half")
    (folder / "logs" / ".x.checkpoint.new").write_text("half")
    with opened(folder, None, bytes) as again:
        assert not begun.exists()
        assert again.evidence() == []
