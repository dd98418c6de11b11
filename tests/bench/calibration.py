"""The machine's own figures, taken first and again beside what they are compared with: disks and neighbours vary.

What needs a core is told per second of processor time, what needs the disk by the clock.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from crypto.age import hybrid_recipient
from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from tests.bench.rows import Bench, Calibration, Row, rate

SECONDS = 1.0


def per_second(work: Callable[[], object], seconds: float = SECONDS) -> float:
    """Return how often a piece of work is done in a second."""
    work()
    count, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        work()
        count += 1
    return count / passed


def per_core_second(work: Callable[[], object], seconds: float = SECONDS) -> float:
    """Return how often a piece of work is done in a second of processor time: neighbours take none of that."""
    work()
    count, start, end = 0, time.process_time(), time.perf_counter() + 3 * seconds
    while (passed := time.process_time() - start) < seconds and time.perf_counter() < end:
        work()
        count += 1
    return count / passed


def transaction_rate(folder: Path, seconds: float = SECONDS) -> float:
    """Return durable one-row transactions in a second: plain SQLite with the pragmas of the portal."""
    path = folder / "calibration.db"
    db = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, data BLOB)")
        data = os.urandom(200)

        def one() -> None:
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO row (data) VALUES (?)", (data,))
            db.execute("COMMIT")

        return per_second(one, seconds)
    finally:
        db.close()


def sync_rate(folder: Path, seconds: float = SECONDS) -> float:
    """Return writes of 256 bytes in place, each made durable, in a second."""
    descriptor = os.open(folder / "calibration.sync", os.O_RDWR | os.O_CREAT, 0o600)
    block = os.urandom(256)

    def one() -> None:
        os.pwrite(descriptor, block, 0)
        os.fdatasync(descriptor)

    try:
        return per_second(one, seconds)
    finally:
        os.close(descriptor)


def measure(bench: Bench) -> list[Row]:
    """Fill the run's calibration and return it as rows."""
    data, pair = os.urandom(1 << 20), os.urandom(65)
    signer, recipient = (
        NoteSigner("calibration", SecretBytes(os.urandom(32))),
        hybrid_recipient(SecretBytes(os.urandom(32))),
    )
    file_key = SecretBytes(os.urandom(16))
    bench.calibration = found = Calibration(
        transactions=transaction_rate(bench.folder),
        syncs=sync_rate(bench.folder),
        sha256_mib=per_core_second(lambda: hashlib.sha256(data).digest()),
        node_hashes=1000 * per_core_second(lambda: [hashlib.sha256(pair).digest() for _ in range(1000)]),
        signatures=per_core_second(lambda: signer.sign(pair)),
        seals=per_core_second(lambda: recipient.wrap(file_key, os.urandom)),
    )
    return [
        Row("calibration: one-row transactions, SQLite WAL, synchronous=FULL", rate(found.transactions)),
        Row("calibration: 256 bytes written in place and synced", rate(found.syncs)),
        Row("calibration: SHA-256, one core", rate(found.sha256_mib, "MiB/s")),
        Row("calibration: SHA-256 of two hashes from Python, one core", rate(found.node_hashes)),
        Row("calibration: Ed25519 signatures, one core", rate(found.signatures)),
        Row("calibration: hybrid HPKE seals of a file key, one core", rate(found.seals)),
    ]
