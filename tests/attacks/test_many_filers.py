"""Law L7 under load and under kill -9: what was acknowledged is never lost, and nothing is filed twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from crypto.log.checkpoint import parse_verifier
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.proof import LogProof
from tests.filings import Filing, make_filing
from tests.portal import RunningPortal

CLIENTS = 8
FILINGS = 200


def file_all(
    portal: RunningPortal,
    filings: Sequence[Filing],
    why: list[str] | None = None,
    held: threading.Event | None = None,
) -> list[dict[str, Any] | None]:
    """File all from several clients and return the answers, None where there was none.

    `why` collects the reasons; with `held` the second half is not sent before that.
    """
    told = [] if why is None else why

    def one(place: int, filing: Filing) -> dict[str, Any] | None:
        if held and place >= len(filings) // 2:
            held.wait()
        try:
            answer = httpx2.post(f"{portal.url}/api/v1/petitions", json=dict(filing.body))
        except httpx2.TransportError as error:
            told.append(repr(error))
            return None
        if answer.status_code in {200, 201}:
            return dict(answer.json())
        told.append(f"{answer.status_code} {answer.text}")
        return None

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, range(len(filings)), filings))


def indexes_in_log(portal: RunningPortal) -> dict[str, int]:
    """Return each case's entry index as the database has it."""
    return {row.id: row.entry_index for row in portal.rows("SELECT id, entry_index FROM petition_case")}


def received_in_log(portal: RunningPortal) -> list[int]:
    """Return the places of the log's entries of receipt."""
    rows = portal.rows("SELECT idx, leaf FROM log_entry ORDER BY idx")
    return [row.idx for row in rows if Leaf.from_bytes(bytes(row.leaf)).kind is LeafKind.RECEIVED]


def check_receipts(portal: RunningPortal, answers: Sequence[dict[str, Any]]) -> None:
    """Verify every receipt against the log's key and the database's leaves."""
    about = portal.api()
    key = parse_verifier(about["log_vkey"])
    leaves = {row.idx: bytes(row.leaf) for row in portal.rows("SELECT idx, leaf FROM log_entry")}
    for answer in answers:
        proof = LogProof.parse(answer["receipt"])
        assert proof.index == answer["entry_index"]
        proof.verify(leaves[proof.index], about["log_origin"], [key])


@pytest.mark.long
def test_many_clients_on_two_workers_lose_and_double_nothing(new_portal: Callable[..., RunningPortal]) -> None:
    """200 filings from 8 clients on two workers: 200 receipts, cases and entries."""
    portal = new_portal(workers=2)
    filings = [make_filing(portal.api()["name"]) for _ in range(FILINGS)]
    answers = file_all(portal, filings)
    assert None not in answers
    known = indexes_in_log(portal)
    assert known == {answer["case"]: answer["entry_index"] for answer in answers if answer}
    assert sorted(known.values()) == received_in_log(portal)
    assert len(known) == FILINGS
    check_receipts(portal, [answer for answer in answers if answer])
    assert file_all(portal, filings) == answers  # the same manifests bring the same receipts
    assert indexes_in_log(portal) == known


@pytest.mark.long
def test_kill_in_the_middle_loses_no_receipt(new_portal: Callable[..., RunningPortal]) -> None:
    """kill -9 while 200 are being filed: every issued receipt is in the log afterwards, and all can be repeated."""
    portal = new_portal(workers=2)
    filings = [make_filing(portal.api()["name"]) for _ in range(FILINGS)]
    killed = threading.Event()
    killer = threading.Thread(target=_kill_when_busy, args=(portal, killed))
    killer.start()
    answers = file_all(portal, filings, held=killed)
    killer.join()
    assert None in answers, "half of them came after the end of the portal"
    issued = [answer for answer in answers if answer]
    assert issued, "the portal was killed too early to prove anything"
    portal.start()
    known = indexes_in_log(portal)
    assert all(known[answer["case"]] == answer["entry_index"] for answer in issued)
    check_receipts(portal, issued)
    why: list[str] = []
    again = file_all(portal, filings, why)
    assert None not in again, why
    assert [new for new, old in zip(again, answers, strict=True) if old] == issued
    assert sorted(indexes_in_log(portal).values()) == received_in_log(portal)
    assert len(indexes_in_log(portal)) == FILINGS


def _kill_when_busy(portal: RunningPortal, killed: threading.Event) -> None:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if len(indexes_in_log(portal)) >= FILINGS // 4:
            break
        time.sleep(0.01)
    portal.kill()
    killed.set()
