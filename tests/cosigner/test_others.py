"""Logs and cosigners that we did not write: ours cosigns theirs, theirs cosigns ours."""

from __future__ import annotations

import os
from pathlib import Path

import httpx2
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import MLDSA44CosignatureSigner, PlainEd25519Signer, Vkey, VkeySet
from tlog_scales.tlog import Checkpoint as ForeignCheckpoint
from tlog_scales.writer import TilesWriter

from app.cosigner.folder import opened
from app.cosigner.server import CosignerServer, serving
from app.cosigner.service import CosigningService
from crypto.log.policy import Policy, judge
from crypto.log.submission import Submission
from tests.crypto.log.published import LOG, publish


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
