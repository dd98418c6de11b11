"""Logs, cosigners and verifiers that we did not write: ours cosigns theirs, theirs cosigns ours, they accept both."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pymerkle
import pytest
from tlog_scales.backend import HttpBackend, LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import MLDSA44CosignatureSigner, PlainEd25519Signer, Vkey, VkeySet
from tlog_scales.tlog import Checkpoint as ForeignCheckpoint
from tlog_scales.writer import TilesWriter

from app.cosigner.folder import opened
from app.cosigner.server import CosignerServer, serving
from app.cosigner.service import CosigningService
from crypto.log.policy import Policy, judge
from crypto.log.submission import Submission
from tests.conftest import unavailable
from tests.cosigner.running import RunningCosigner
from tests.crypto.log.published import LOG, publish
from tests.portal import RunningPortal, free_port, resguardo


def test_we_cosign_a_log_of_tlog_scales(tmp_path: Path) -> None:
    """A log written, signed and proved by it; our cosignatures verified by it."""
    signer = PlainEd25519Signer("theirs.example/log", b"t" * 32)
    writer = TilesWriter.create(tmp_path / "log", "theirs.example/log")
    reader = TilesReader(LocalBackend(tmp_path / "log"))
    with opened(tmp_path / "cosigner", "ours.example/cosigner", os.urandom) as folder:
        folder.add_log(signer.vkey.serialize())  # type: ignore[no-untyped-call]
        service = CosigningService(folder, lambda: 1_800_000_000)
        with serving(CosignerServer("127.0.0.1", 0, service, "")) as server:
            old = 0
            for size in (3, 300, 700):
                for number in range(old, size):
                    writer.add_leaf(f"leaf {number}".encode())
                writer.commit([signer])
                head = reader.get_checkpoint()
                proof = reader.get_consistency_proof(old, size).node_hashes if old else []
                body = Submission(old, tuple(proof), head.serialize()).to_bytes()
                answer = httpx2.post(f"http://127.0.0.1:{server.server_port}/add-checkpoint", content=body)
                assert answer.status_code == 200
                cosigned = ForeignCheckpoint.from_text(head.serialize() + answer.text)
                keys = [Vkey.from_string(key.vkey) for key in folder.keys.both]
                assert len(VkeySet(*keys).verify(cosigned.signatures, cosigned)) == 2
                old = size


def test_tlog_scales_cosigns_ours(tmp_path: Path) -> None:
    """Its ML-DSA-44 cosignature counts in a policy's quorum."""
    note = publish(tmp_path, [b"one", b"two", b"three"])
    theirs = MLDSA44CosignatureSigner("theirs.example/cosigner", b"c" * 32)
    line = theirs.sign(ForeignCheckpoint.from_text(note))
    policy = Policy.parse(f"log {LOG.vkey}\nwitness theirs {theirs.vkey.serialize()}\nquorum theirs\n".encode())  # type: ignore[no-untyped-call]
    judged = judge(note + line.serialize() + "\n", policy, now=2_000_000_000, max_age=10**9)
    assert judged.fresh


@contextmanager
def stranger(portal: RunningPortal) -> Iterator[TilesReader]:
    """Give tlog-scales on a served log."""
    backend = HttpBackend(f"{portal.url}/log")
    try:
        yield TilesReader(backend)
    finally:
        backend.session.close()


def test_two_strangers_accept_a_served_log(shared_portal: RunningPortal) -> None:
    """tlog-scales: both signatures, root from the tiles, proofs; pymerkle: the root from the entries alone."""
    facts = shared_portal.api()
    keys = [Vkey.from_string(facts[name]) for name in ("log_vkey", "log_pq_vkey")]
    with stranger(shared_portal) as reader:
        head = reader.get_checkpoint()
        assert len(VkeySet(*keys).verify(head.signatures, head)) == 2
        assert reader.calculate_root_hash() == head.root_hash
        tree = pymerkle.InmemoryTree(algorithm="sha256")
        for index in range(head.size):
            tree.append_entry(reader.get_entry(index))
    assert tree.get_root(head.size) == head.root_hash


@pytest.mark.long
def test_a_stranger_accepts_the_cosignatures_of_a_served_log(
    new_portal: Callable[..., RunningPortal], tmp_path: Path
) -> None:
    """A portal asks `resguardo cosign` at its tick; tlog-scales accepts what both of its keys signed."""
    portal = new_portal()
    cosigner = RunningCosigner(tmp_path / "cosigner", logs=(portal.api()["log_vkey"],)).start()
    try:
        shown = httpx2.get(f"{cosigner.url}/").text.split()
        lines = [f"witness {name} {vkey} {cosigner.url}\n" for name, vkey in zip("ab", shown, strict=True)]
        _restart(portal, tmp_path, "".join([*lines, "group both all a b\nquorum both\n"]))
        keys = [Vkey.from_string(vkey) for vkey in shown]
        with stranger(portal) as reader:
            assert _waited(lambda: len(VkeySet(*keys).verify((head := reader.get_checkpoint()).signatures, head)) == 2)
    finally:
        cosigner.stop()


@pytest.mark.long
def test_aics_witness_cosigns_our_portal(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """Another witness, unmodified, in a process of its own: the portal's quorum is reached, and an auditor takes it."""
    program = shutil.which("aics-witness") or ""
    if not program:
        unavailable("aics", "aics-witness (Python 3.12 or later) is not on the path")
    portal, port, config = new_portal(), free_port(), tmp_path / "aics.json"
    first = [program, "init", "--config", str(config), "--name", "aics.example/w1", "--listen", f"127.0.0.1:{port}"]
    vkey = subprocess.run(first, capture_output=True, text=True, check=True).stdout.split()[-1]
    facts = portal.api()
    told = [program, "add-log", "--config", str(config), "--origin", facts["log_origin"], "--vkey", facts["log_vkey"]]
    subprocess.run(told, capture_output=True, check=True)
    with subprocess.Popen([program, "serve", "--config", str(config)], stderr=subprocess.DEVNULL) as witness:
        try:
            policy = _restart(portal, tmp_path, f"witness aics {vkey} http://127.0.0.1:{port}\nquorum aics\n")
            policy.write_text(f"log {facts['log_vkey']}\n{policy.read_text()}")
            assert _waited(lambda: resguardo("audit", portal.url, "--policy", policy).returncode == 0)
        finally:
            witness.terminate()


def _restart(portal: RunningPortal, folder: Path, text: str) -> Path:
    """Let a portal ask the cosigners of a policy, and return the file."""
    policy = folder / "policy"
    policy.write_text(text)
    portal.stop()
    portal.settings["RESGUARDO_COSIGNERS"] = str(policy)
    portal.start()
    return policy


def _waited(done: Callable[[], bool]) -> bool:
    """Tell whether something comes about within a minute."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if done():
            return True
        time.sleep(0.5)
    return False
