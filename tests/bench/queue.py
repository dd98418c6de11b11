"""The officers' queue with many cards: how long its page takes, when cards are opened and when not."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.domain.entities import Case, CaseId, Role, StaffMember, StaffSession, StaffState, Stage
from app.domain.ports import Unit
from app.usecases.list_queue import list_queue
from app.wiring import Assembly
from crypto.secret import SecretBytes
from tests.assembled import assembled, settings_in

ADDRESSES: dict[str, dict[str, str]] = {
    "the first page": {},
    "mine, overdue first": {"assigned": "mine", "sort": "due"},
    "the last page": {"page": "999"},
    "a text in the name": {"q": "rincon"},
    "by the name": {"sort": "facility"},
}


@contextmanager
def queue_of(folder: Path, count: int) -> Iterator[tuple[Assembly, StaffMember]]:
    """Give a portal with so many cards, a tenth of them a reader's."""
    with assembled(settings_in(folder)) as assembly:
        office, petitioner = assembly.office, assembly.petitioner
        member = office.ledger.write(lambda unit: unit.staff.add("Ana", Role.REVIEWER, 0)).value
        for start in range(0, count, 500):
            petitioner.ledger.write(lambda unit, s=start: _add(assembly, unit, range(s, min(s + 500, count))))  # type: ignore[misc]  # bound now
        with office.ledger.view() as view:
            cases = [entry.case.id for entry in view.cases.queue()][::10]
        office.ledger.write(lambda unit: _assign(unit, cases, member.id))
        yield assembly, StaffMember(member.id, member.name, member.role, StaffState.ACTIVE)


def _assign(unit: Unit, cases: list[CaseId], reader: int) -> None:
    for case in cases:
        unit.cases.assign(case, reader, 0)


def _add(assembly: Assembly, unit: Unit, numbers: range) -> None:
    vault = assembly.petitioner.vault
    for number in numbers:
        case = CaseId(f"{number:026d}")
        keys = vault.new_case_keys(case, SecretBytes(bytes(32)))
        unit.keep_keys(keys.wrapped)
        card: dict[str, Any] = {
            "facility": f"Autopartes Ejemplo {number % 997} del Rincón",
            "municipality": "San Francisco del Rincón",
            "state": "Guanajuato",
            "sector": "manufactured_goods",
            "denial_types": ["UNION_DISMISSAL", "BLACKLISTING"],
        }
        sealed = vault.seal_card(case, json.dumps(card).encode(), keys)
        row = Case(case, "", "", Stage.RECEIVED, 1_700_000_000 + number, 0, 0, 1)
        unit.cases.add(row, f"{number:064d}", sealed)


def measure(folder: Path, count: int, rounds: int = 5) -> dict[str, float]:
    """Return the median seconds of each address."""
    found = {}
    with queue_of(folder, count) as (assembly, member):
        session = StaffSession("", member, 0, 0)
        for name, asked in ADDRESSES.items():
            times = []
            for _ in range(rounds):
                start = time.perf_counter()
                list_queue(assembly.office, session, asked)
                times.append(time.perf_counter() - start)
            found[name] = sorted(times)[rounds // 2]
    return found


if __name__ == "__main__":
    import sys
    import tempfile

    warnings.simplefilter("ignore")
    for size in (1000, 5000):
        with tempfile.TemporaryDirectory() as made:
            for name, seconds in measure(Path(made), size).items():
                sys.stdout.write(f"{size} cards, {name}: {seconds * 1000:.0f} ms\n")
