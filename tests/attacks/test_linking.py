"""Law L5, no personal data: which entries are of one case is not told by their size, order and time."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.domain.entities import Case, CaseId, EntryKind, Role, Stage
from app.domain.ports import EntryDraft, Face, Portal, Unit
from app.store.ledger import SqlLedger
from crypto.log.leaf import LEAF_SIZE, Leaf, LeafKind
from crypto.secret import SecretBytes
from tests.assembled import assembled, settings_in
from tests.attacks.linking.attacker import ATTEMPTS, YEARS, Entry, PublicLog, Question, Score, learned, questions, score
from tests.attacks.linking.lives import HOUR, NOBODY, OPEN, Event, year

BEGUN = 1_767_225_600
_KINDS = {"received": LeafKind.RECEIVED, "decided": LeafKind.DECIDED_DECLINED}


def seen(events: Sequence[Event]) -> list[Entry]:
    """Return what the public log shows of a year, as the model has it."""
    return [(event.time // HOUR, OPEN.get(event.kind, 0)) for event in events]


def asked(events: Sequence[Event], count: int, *, next_only: bool = False) -> list[Question]:
    """Return questions about a year whose cases are known."""
    cases = [event.case for event in events]
    ticks = [event.time // HOUR for event in events]
    return questions(cases, ticks, [event.kind for event in events], 7, count, next_only=next_only)


def written(events: Sequence[Event], folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Live a year through the real sequencer, tick by tick, and return the entries of the public log."""
    now = [BEGUN]
    monkeypatch.setattr("app.wiring.clock", lambda: now[0])
    with assembled(settings_in(folder, RESGUARDO_PUBLISH_EVERY=str(HOUR))) as assembly:
        portal = assembly.faces[Face.PETITIONER]
        assert isinstance(portal.ledger, SqlLedger)
        with portal.ledger.view() as view:
            first = view.log.head().size
        waiting: list[Future[Any]] = []
        for event in events:
            if BEGUN + event.time // HOUR * HOUR != now[0]:
                _ended(waiting)
                now[0] = BEGUN + event.time // HOUR * HOUR
            waiting.append(portal.ledger._sequencer.submit(partial(_live, event, portal)))
        _ended(waiting)
        with portal.ledger.view() as view:
            return list(view.log.leaves(first, first + len(events)))


def _ended(waiting: list[Future[Any]]) -> None:
    for future in waiting:
        future.result()
    waiting.clear()


def _live(event: Event, portal: Portal, unit: Unit) -> None:
    """Do what makes an event's entry; a case begins with its keys."""
    case = None if event.case == NOBODY else CaseId(f"case{event.case:022}")
    if case is not None and event.kind == "received":
        keys = portal.vault.new_case_keys(case, SecretBytes(os.urandom(32)))
        unit.keep_keys(keys.wrapped)
        unit.cases.add(Case(case, "", "", Stage.RECEIVED, event.time, 0, 0, 1), str(case), b"")
    kind = _KINDS.get(event.kind, LeafKind.EVENT)
    unit.append(EntryDraft(EntryKind.RECORD_READ, "rosa", Role.REVIEWER, case=case, open_kind=kind))


def test_the_public_log_shows_tick_and_open_kind_and_nothing_else(tmp_path, monkeypatch):
    """One size; the time is the tick; what differs otherwise is random bytes, each different from all others."""
    events = year(5, cases=4, days=20)[:40]
    leaves = written(events, tmp_path, monkeypatch)
    assert {len(leaf) for leaf in leaves} == {LEAF_SIZE}
    read = [Leaf.from_bytes(leaf) for leaf in leaves]
    assert [((leaf.time - BEGUN) // HOUR, leaf.time % HOUR) for leaf in read] == [(t, 0) for t, _ in seen(events)]
    assert [leaf.kind for leaf in read] == [_KINDS.get(event.kind, LeafKind.EVENT) for event in events]
    parts = [part for leaf in read for part in (leaf.case_tag, leaf.subject_tag, leaf.commitment)]
    assert len(set(parts)) == len(parts)


def played(attempt: int, known: Sequence[Sequence[Event]], log: PublicLog, test: Sequence[Event], *, next_only: bool,
           count: int) -> Score:  # fmt: skip
    """Learn from known years, and ask about another one."""
    years = [(PublicLog(seen(events)), asked(events, count, next_only=next_only)) for events in known]
    return score(learned(years, attempt), log, asked(test, count, next_only=next_only), attempt)


@pytest.mark.long
@pytest.mark.parametrize(("days", "bound"), [(90, 0.55), (365, 0.57)], ids=["a quarter", "a year"])
def test_entries_of_one_case_are_hardly_told_from_their_neighbours(tmp_path, monkeypatch, days, bound):
    """Five hundred cases through the real log, any two entries of one, the coin beside; the fewer, the more is told."""
    test = year(2, days=days)
    leaves = [Leaf.from_bytes(leaf) for leaf in written(test, tmp_path, monkeypatch)]
    kinds = {number: OPEN[name] for name, number in _KINDS.items()}
    log = PublicLog([((leaf.time - BEGUN) // HOUR, kinds.get(leaf.kind, 0)) for leaf in leaves])
    assert log.entries == seen(test)
    known = [year(11 + number, days=days) for number in range(3)]
    assert played(6, known, log, test, next_only=False, count=2500).of_two <= bound


def main() -> None:
    """Print every attempt against both kinds of questions, as SECURITY.md has it."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.test_linking")
    parser.add_argument("attempts", nargs="*", type=int, default=range(1, ATTEMPTS + 1))
    parser.add_argument("--count", type=int, default=4000, help="questions a year")
    chosen = parser.parse_args()
    test = year(2)
    for next_only in (False, True):
        for attempt in chosen.attempts:
            known = [year(11 + number) for number in range(YEARS.get(attempt, 3))]
            log = PublicLog(seen(test))
            found = played(attempt, known, log, test, next_only=next_only, count=chosen.count)
            print("next" if next_only else "any", attempt, f"{found.of_two:.3f} {found.of_all:.3f}", flush=True)


if __name__ == "__main__":
    main()
