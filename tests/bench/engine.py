"""Rows of the log engine, in this process: durable appends, proofs in a log of a million, restart, full audit."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Engine

from app.audit.finding import Findings
from app.audit.leaves import LeafRules
from app.audit.tree import TreeAudit
from app.config import Settings
from app.domain.entities import EntryKind, Purpose, Role
from app.domain.ports import EntryDraft, Face
from app.store.ledger import SqlLedger
from app.store.rows.log import Head, SqlLogRows
from app.store.sqlite import SqliteDatabase
from app.store.tree import TileCache, Tree, read_tile
from app.wiring import assemble
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.merkle import inclusion_proof, joined_root, leaf_hash
from crypto.log.tiles import WIDTH, bundles_of_size, encode_bundle, tiles_of_size
from tests.assembled import assembled, settings_in
from tests.bench.calibration import transaction_rate
from tests.bench.rows import Bench, Row, against, millis, rate
from tests.bench.served import OwnProgram, worker_memory
from tests.portal import RunningPortal

WAITING = 64
MILLION = 1_000_000
ROUNDS = 3
_AT_ONCE = 10_000
DRAFT = EntryDraft(EntryKind.RECORD_READ, "Ana Ejemplo", Role.REVIEWER, purpose=Purpose.REVIEW, record="record")


def appends(bench: Bench) -> list[Row]:
    """Durable appends with 64 waiting and one by one, each beside a fresh calibration of the disk."""
    many: list[tuple[float, list[float]]] = []
    single: list[tuple[float, float]] = []
    with assembled(settings_in(bench.folder / "appends")) as assembly:
        ledger = assembly.faces[Face.OFFICE].ledger
        assert isinstance(ledger, SqlLedger)
        for _ in range(ROUNDS):
            machine = transaction_rate(bench.folder)
            single.append((_one_by_one(ledger, bench.amount(1, 5)), machine))
            many.append(_with_waiting(ledger, bench.amount(6_000, 60_000)))
    rates = sorted(rate_ for rate_, _ in many)
    times = sorted(seconds for _, all_ in many for seconds in all_)
    middle, p50 = rates[len(rates) // 2], times[len(times) // 2]
    share = sorted(ours / machine for ours, machine in single)[len(single) // 2]
    ours = sorted(one for one, _ in single)[len(single) // 2]
    beside = sorted(machine for _, machine in single)[len(single) // 2]
    met = middle >= 20_000 and p50 <= 0.003
    return [
        Row(
            "log engine: durable appends, 64 waiting",
            rate(middle),
            "≥ 20,000/s, p50 ≤ 3 ms",
            met,
            against(middle, beside, "one-row transactions"),
            f"p50 {millis(p50)}, best round {rate(rates[-1])}",
        ),
        Row(
            "log engine: durable appends, one by one",
            rate(ours),
            "≥ 60 % of one-row transactions",
            share >= 0.6,
            f"{share:.2f} × one-row transactions",
            f"beside {rate(beside)}; an append is two durable writes, database and guard",
        ),
    ]


def _one_by_one(ledger: SqlLedger, seconds: float) -> float:
    count, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        ledger.write(lambda unit: unit.append(DRAFT))
        count += 1
    return count / passed


def _with_waiting(ledger: SqlLedger, count: int) -> tuple[float, list[float]]:
    waiting: deque[Future[Any]] = deque()
    times: list[float] = []
    start = time.perf_counter()
    for _ in range(count):
        if len(waiting) == WAITING:
            waiting.popleft().result()
        begun = time.perf_counter()
        future = ledger._sequencer.submit(lambda unit: unit.append(DRAFT))
        future.add_done_callback(lambda _, begun=begun: times.append(time.perf_counter() - begun))  # type: ignore[misc]  # a default holds this turn's value
        waiting.append(future)
    while waiting:
        waiting.popleft().result()
    return count / (time.perf_counter() - start), times


@dataclass(frozen=True)
class Million:
    """A log of a million synthetic entries in a data folder, and its files as an auditor fetches them."""

    files: dict[str, bytes]
    root: bytes


def _leaves(first: int, last: int, moment: int) -> Iterator[bytes]:
    drawn = io.BytesIO(os.urandom(96 * (last - first)))
    for _ in range(first, last):
        yield Leaf(LeafKind.EVENT, moment, drawn.read(32), drawn.read(32), drawn.read(32)).to_bytes()


def fill_log(owner: Engine, size: int) -> int:
    """Lengthen a log to `size` entries below the sequencer, which would take much longer; return its size before."""
    with owner.begin() as connection:
        rows = SqlLogRows(connection)
        head = rows.head()
        edge, moment = head.edge.copy(), head.last_time
        for start in range(head.size, size, _AT_ONCE):
            part = list(_leaves(start, min(start + _AT_ONCE, size), moment))
            rows.add_entries({start + at: leaf for at, leaf in enumerate(part)})
            for leaf in part:
                for level, index, root in edge.append(leaf_hash(leaf)):
                    if level and level % 8 == 0:
                        rows.add_tile(level // 8 - 1, index, root, read_tile(rows, level // 8 - 1, index))
        rows.set_head(Head(edge, moment))
        rows.add_batch(edge.size, edge.root())
    return head.size


def _filled(folder: Path) -> Million:
    """Return the log of a prepared data folder, lengthened to a million."""
    owner = SqliteDatabase(folder).owner()
    fill_log(owner, MILLION)
    with owner.connect() as connection:
        rows = SqlLogRows(connection)
        log = Million(_published(rows.leaves(0, MILLION)), rows.head().edge.root())
    owner.dispose()
    return log


def _published(entries: Sequence[bytes]) -> dict[str, bytes]:
    """Return tiles and bundles by path, hashed here and not by what is measured."""
    files = {}
    level: list[bytes] = [leaf_hash(entry) for entry in entries]
    levels = []
    while level:
        levels.append(level)
        level = [joined_root(b"".join(level[at : at + WIDTH])) for at in range(0, len(level) - WIDTH + 1, WIDTH)]
    for tile in tiles_of_size(len(entries)):
        start = tile.index * WIDTH
        files[tile.path()] = b"".join(levels[tile.level][start : start + tile.width])
    for bundle in bundles_of_size(len(entries)):
        start = bundle.index * WIDTH
        files[bundle.path()] = encode_bundle(entries[start : start + bundle.width])
    return files


class _Memory:
    """A log's files in memory: the audit's own work is measured, not a network."""

    workers = 1
    live = False

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def read(self, path: str, limit: int) -> bytes:
        """Return a file."""
        return self._files[path]


def million(bench: Bench) -> list[Row]:
    """Proofs, restart and audit at a million entries."""
    settings = settings_in(bench.folder / "million")
    with assembled(settings):
        pass
    log = _filled(settings.data)
    return [*_proofs(bench, settings), _audit(bench, log), _audit_over_http(bench, settings)]


def _proofs(bench: Bench, settings: Any) -> list[Row]:
    before = time.perf_counter()
    assembly = assemble(settings, publisher=False)
    restart = time.perf_counter() - before
    try:
        ledger = assembly.public.ledger
        assert isinstance(ledger, SqlLedger)
        indexes = [int.from_bytes(os.urandom(4), "big") % MILLION for _ in range(bench.amount(100, 1000))]
        cold = [_proof_time(ledger, index, TileCache()) for index in indexes]
        shared = TileCache()
        hot = [min(_proof_time(ledger, index, shared) for _ in range(3)) for index in indexes[:50]]
        receipts = [_receipt_time(ledger, index) for index in indexes[:50] for _ in range(2)][1::2]
    finally:
        assembly.close()
    cold_one, hot_one = sorted(cold)[len(cold) // 2], sorted(hot)[len(hot) // 2]
    receipt = sorted(receipts)[len(receipts) // 2]
    return [
        Row("inclusion proof at 10⁶, cold", millis(cold_one), "≤ 1.5 ms", cold_one <= 0.0015),
        Row(
            "inclusion proof at 10⁶, hot",
            millis(hot_one),
            "≤ 0.1 ms",
            hot_one <= 0.0001,
            detail=f"as a signed receipt, root checked, guard read: {millis(receipt)}",
        ),
        Row("restart at 10⁶", millis(restart), "≤ 100 ms", restart <= 0.1, detail="faces assembled, root recomputed"),
    ]


def _proof_time(ledger: SqlLedger, index: int, cache: TileCache) -> float:
    with ledger.view() as view:
        tree = Tree(view.log, cache, MILLION)
        before = time.perf_counter()
        inclusion_proof(index, MILLION, tree.node)
        return time.perf_counter() - before


def _receipt_time(ledger: SqlLedger, index: int) -> float:
    before = time.perf_counter()
    ledger.receipt_proof(index)
    return time.perf_counter() - before


def _audit_over_http(bench: Bench, settings: Settings) -> Row:
    """Audit the million as a stranger does, from a process of its own, beside the same audit of a small log."""
    small = OwnProgram(bench.folder / "small")
    large = OwnProgram(settings.data, settings={"RESGUARDO_GUARD": str(settings.guard)})
    seconds, peaks = 0.0, []
    for portal, size in ((small, 1), (large, MILLION)):
        portal.start()
        try:
            wait_for_size(portal, size)
            before = worker_memory(portal)
            begun = time.perf_counter()
            peaks.append(_audited(portal))
            seconds = time.perf_counter() - begun
            grown = worker_memory(portal) - before
        finally:
            portal.stop()
    an_entry = (peaks[1] - peaks[0]) * 1024 / MILLION
    return Row(
        "10⁶ entries audited over HTTP",
        f"{MILLION / seconds:,.0f} leaves/s",
        "auditor ≤ 256 MiB, portal flat",
        peaks[1] <= 256 * 1024 and grown <= 32,
        detail=f"{seconds:.0f} s; peak {peaks[1] / 1024:.0f} MiB, {an_entry:.0f} bytes an entry above that of "
        f"an empty log; the portal's process grew by {grown:.0f} MiB",
    )


def _audited(portal: RunningPortal) -> int:
    """Return the largest resident size, in KiB, of an audit that held.

    What the system tells of an ended child would count this process too, from which it was forked.
    """
    words = [sys.executable, "-m", "app.cli", "audit", portal.url, "--trust-portal-key"]
    audit = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while audit.poll() is None:
        told = Path(f"/proc/{audit.pid}/status").read_text()
        peak = max(peak, *(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmHWM")), 0)
        time.sleep(0.02)
    assert audit.returncode == 0
    return peak


def wait_for_size(portal: RunningPortal, size: int) -> None:
    """Wait until a tick has let out so many entries."""
    deadline = time.monotonic() + 60
    while int(httpx2.get(f"{portal.url}/log/checkpoint").text.split("\n")[1]) < size:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _audit(bench: Bench, log: Million) -> Row:
    findings = Findings()
    rules = LeafRules(1, findings)
    wall, cpu = time.perf_counter(), time.process_time()
    TreeAudit(_Memory(log.files), MILLION, log.root, rules=rules, findings=findings).run()
    rules.finish()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert not list(findings), list(findings)[:3]
    speed = MILLION / cpu
    ratio = against(speed, bench.calibration.node_hashes, "hashes from Python")
    detail = f"{rate(MILLION / wall)} by the clock; rules, hashes and tiles of 10⁶ leaves"
    return Row("full audit, per core", f"{speed:,.0f} leaves/s", "≥ 200,000 leaves/s", speed >= 200_000, ratio, detail)
