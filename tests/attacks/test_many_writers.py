"""Law L7 with several processes on each engine: one history, nothing lost, nothing doubled, whoever is killed."""

from __future__ import annotations

import contextlib
import itertools
import json
import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.wiring import database_of
from crypto.log.checkpoint import parse_verifier
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.merkle import CompactRange, leaf_hash
from crypto.log.proof import LogProof
from tests.engine import NO_ADDRESSES
from tests.filings import make_filing
from tests.portal import RunningPortal
from tests.postgres import Cluster, addresses
from tests.store.storage import PostgresStorage, Storage

CLIENTS = 16
FILINGS = 2000
KILLS = 30
FILED_UNDER_FIRE = 600
ORIGIN = "many-writers.invalid"
PROCESSES = 2
WORKERS = 2

pytestmark = [pytest.mark.long]

Answer = Mapping[str, Any]


@pytest.fixture(scope="module")
def filings(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """Sealed filings as files, made once for both engines by as many processes as there are cores: it takes longest."""
    folder = tmp_path_factory.mktemp("filings")
    paths = [folder / f"{number}.json" for number in range(FILINGS)]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(write_filing, paths, chunksize=20))
    return paths


def write_filing(path: Path) -> None:
    """Seal an example petition for the portal of these tests and write the body of its filing call."""
    path.write_text(json.dumps(dict(make_filing(ORIGIN).body)))


def wait_for(portal: RunningPortal) -> None:
    """Wait until a portal answers; two that start beside sixteen busy clients may take their time."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx2.TransportError):
            httpx2.get(f"{portal.url}/health", timeout=10)
            return
        if portal.process is not None and portal.process.poll() is not None:
            portal.start(wait=False)  # cut off while it started; whoever keeps services running does so
        time.sleep(0.1)
    raise AssertionError(portal.log_file.read_text())


@pytest.fixture
def portals(storage: Storage) -> Iterator[list[RunningPortal]]:
    """Two portals of two workers each over one storage, as two hosts would be."""
    settings = {**NO_ADDRESSES, "RESGUARDO_GUARD": str(storage.settings.guard), "RESGUARDO_ORIGIN": ORIGIN}
    if isinstance(storage, PostgresStorage):
        settings |= addresses(storage.cluster, storage.name)
    made = [RunningPortal(storage.settings.data, workers=WORKERS, settings=settings) for _ in range(PROCESSES)]
    try:
        for each in made:
            each.start(wait=False)
        for each in made:
            wait_for(each)
        yield made
    finally:
        for each in made:
            each.stop()


class Clients:
    """Sixteen filers who repeat until they have a receipt, each time at the next portal."""

    def __init__(self, portals: Sequence[RunningPortal]) -> None:
        self._urls = [portal.url for portal in portals]
        self._local = threading.local()
        self._opened: list[httpx2.Client] = []
        self.attempts = itertools.count()
        self.repeated = Counter[str]()

    def file(self, filing: Path) -> Answer:
        """File until it is acknowledged and return the answer."""
        deadline, body = time.monotonic() + 600, filing.read_bytes()
        for number in itertools.count(random.randrange(len(self._urls))):
            next(self.attempts)
            try:
                url = self._urls[number % len(self._urls)]
                answer = self._client().post(f"{url}/api/v1/petitions", content=body)
            except httpx2.TransportError as error:
                self.repeated[type(error).__name__] += 1
                time.sleep(0.2)  # as a client waits that finds nobody
                continue
            if answer.status_code in {200, 201}:
                return dict(answer.json())
            assert answer.status_code == 503, answer.text
            self.repeated[answer.json()["type"]] += 1
            assert time.monotonic() < deadline, "no portal took it in two minutes"
        raise AssertionError

    def _client(self) -> httpx2.Client:
        if not hasattr(self._local, "client"):
            self._local.client = httpx2.Client(timeout=600, headers={"content-type": "application/json"})
            self._opened.append(self._local.client)
        client: httpx2.Client = self._local.client
        return client

    def close(self) -> None:
        """Close every connection."""
        for client in self._opened:
            client.close()


@pytest.fixture
def clients(portals: list[RunningPortal]) -> Iterator[Clients]:
    """The filers of both portals."""
    made = Clients(portals)
    yield made
    made.close()


def stored(storage: Storage, statement: str) -> list[Any]:
    """Return rows, as the storage's owner."""
    engine = database_of(storage.settings).owner()  # type: ignore[attr-defined]  # both engines' own
    with engine.connect() as connection:
        found = list(connection.execute(text(statement)).all())
    engine.dispose()
    return found


def check_one_history(storage: Storage, portal: RunningPortal, answers: Sequence[Answer]) -> None:
    """Compare receipts with what is stored: every index once, every receipt over the one tree, every case once."""
    leaves = [bytes(row.leaf) for row in stored(storage, "SELECT idx, leaf FROM log_entry ORDER BY idx")]
    indexes = [row.idx for row in stored(storage, "SELECT idx FROM log_entry ORDER BY idx")]
    assert indexes == list(range(len(leaves)))
    cases = {row.id: row.entry_index for row in stored(storage, "SELECT id, entry_index FROM petition_case")}
    assert cases == {answer["case"]: answer["entry_index"] for answer in answers}
    assert sorted(cases.values()) == received(leaves)
    about = portal.api()
    key, roots = parse_verifier(about["log_vkey"]), roots_by_size(leaves)
    for answer in answers:
        proof = LogProof.parse(answer["receipt"])
        checkpoint = proof.verify(leaves[answer["entry_index"]], about["log_origin"], [key])
        assert checkpoint.root == roots[checkpoint.size]


def received(leaves: Sequence[bytes]) -> list[int]:
    """Return the places of the entries of receipt; the others are what the portal says of itself when it starts."""
    return [index for index, leaf in enumerate(leaves) if Leaf.from_bytes(leaf).kind is LeafKind.RECEIVED]


def roots_by_size(leaves: Sequence[bytes]) -> dict[int, bytes]:
    """Return the tree's root after each entry."""
    edge, roots = CompactRange(), {}
    for size, leaf in enumerate(leaves, start=1):
        edge.append(leaf_hash(leaf))
        roots[size] = edge.root()
    return roots


def test_two_thousand_filings_on_four_workers(
    storage: Storage, portals: list[RunningPortal], clients: Clients, filings: Sequence[Path]
) -> None:
    """None lost, none doubled, one history."""
    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(clients.file, filings))
    seconds = time.monotonic() - began
    print(f"{storage.engine_name}: {FILINGS} filings in {seconds:.1f} s, {FILINGS / seconds:.0f}/s")
    assert not clients.repeated, "nothing was cut off, so nobody is asked to come again"
    check_one_history(storage, portals[0], answers)


def test_kill_at_thirty_moments_loses_no_receipt(
    storage: Storage, portals: list[RunningPortal], clients: Clients, filings: Sequence[Path]
) -> None:
    """kill -9 of workers and of whole portals, cut connections: each receipt holds, each filing is there once."""
    filings, done = filings[:FILED_UNDER_FIRE], threading.Event()
    waiting, answers = iter(filings), dict[str, Answer]()
    lock = threading.Lock()

    def keep_filing() -> None:
        while not done.is_set():
            with lock:
                filing = next(waiting, None) or random.choice(filings)
            answer = clients.file(filing)
            with lock:
                known = answers.setdefault(answer["case"], answer)
            assert known == answer, "the same manifest brings the same receipt"

    with ThreadPoolExecutor(CLIENTS) as pool:
        filers = [pool.submit(keep_filing) for _ in range(CLIENTS)]
        try:
            kills = [kill_something(storage, portals) for _ in range(KILLS)]
        finally:
            done.set()
        for each in filers:
            each.result()
    print(f"{storage.engine_name}: {Counter(kills)}, {next(clients.attempts)} calls, {len(answers)} filed")
    for portal in portals:
        wait_for(portal)
    for filing in filings:
        answer = clients.file(filing)
        assert answers.setdefault(answer["case"], answer) == answer
    check_one_history(storage, portals[0], list(answers.values()))


def kill_something(storage: Storage, portals: Sequence[RunningPortal]) -> str:
    """Wait a random moment, kill something with -9 and say what it was."""
    portal = random.choice(portals)
    wait_for(portal)
    time.sleep(random.uniform(0.1, 1.5))
    ways: list[Callable[[], str]] = [lambda: kill_worker(portal)] * 3 + [lambda: kill_portal(portal)]
    if isinstance(storage, PostgresStorage):
        ways.append(lambda: cut_connections(storage.cluster, storage.name))
    return random.choice(ways)()


def kill_worker(portal: RunningPortal) -> str:
    """Kill one worker; its portal starts another."""
    workers = portal.workers_now
    if workers:  # none while they start
        os.kill(random.choice(workers), signal.SIGKILL)
    return "worker"


def kill_portal(portal: RunningPortal) -> str:
    """Kill a portal with all its workers and start it again."""
    portal.kill()
    portal.start(wait=False)
    return "portal"


def cut_connections(cluster: Cluster, database: str) -> str:
    """End every connection to the database, as a failing network or server would."""
    with cluster.connected() as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            (database,),
        )
    return "connections"
