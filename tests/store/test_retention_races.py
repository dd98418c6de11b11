"""Law L8 beside L7: what waits while a case is destroyed harms nobody, and makes no entry that nobody can open."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest

from app.domain.entities import CaseId, EntryKind, Role, Stage
from app.domain.errors import AccessError
from app.domain.ports import EntryDraft, Unit
from app.domain.retention import Announced, Plan
from app.store.ledger import SqlLedger
from app.usecases.destroy_cases import announce, destroy
from app.usecases.file_petition import file_petition
from app.wiring import Assembly
from crypto.keys import status_hash
from tests.filings import make_filing

TODAY = date(2026, 3, 1)


def filed(portal: Assembly) -> CaseId:
    """File a petition."""
    return CaseId(file_petition(portal.petitioner, make_filing(portal.petitioner.facts.name).body).case)


def due(portal: Assembly, case: CaseId) -> Plan:
    """Let a case have been withdrawn and announced long ago."""
    plan = Plan(case, Stage.WITHDRAWN, TODAY, TODAY, "WITHDRAWN+1", Announced(case, 0, TODAY, "WITHDRAWN+1"))

    def work(unit: Unit) -> None:
        unit.cases.set_stage(case, Stage.WITHDRAWN)
        assert plan.announced
        unit.retention.announce(plan.announced)

    portal.petitioner.ledger.write(work)
    return plan


def attempt(case: CaseId) -> Callable[[Unit], int]:
    """Return the entry of a refused step, as it is written after the refusal."""
    draft = EntryDraft(EntryKind.STEP_REFUSED, "Ana", Role.REVIEWER, case, detail="draft not_assigned")
    return lambda unit: unit.append(draft)


def one_batch(portal: Assembly, works: list[Callable[[Unit], Any]]) -> list[Future[Any]]:
    """Have the sequencer find all of these waiting at once."""
    gate, entered = threading.Event(), threading.Event()
    ledger = portal.petitioner.ledger
    assert isinstance(ledger, SqlLedger)

    def hold(_: Unit) -> None:
        entered.set()
        gate.wait()

    held = ledger._sequencer.submit(hold)
    entered.wait()
    futures: list[Future[Any]] = [ledger._sequencer.submit(work) for work in works]
    gate.set()
    held.result()
    return futures


def test_an_attempt_at_a_destroyed_case_harms_no_neighbour(portal: Assembly) -> None:
    """Its keys are gone, so its entry cannot be made: it alone hears so; who waited beside it is served."""
    gone, stays = filed(portal), filed(portal)
    assert destroy(portal.petitioner, due(portal, gone))
    before, late, after = one_batch(portal, [attempt(stays), attempt(gone), attempt(stays)])
    with pytest.raises(AccessError, match="case_unknown"):
        late.result()
    first, last = before.result().entries[0].index, after.result().entries[0].index
    assert last == first + 1


def test_an_entry_between_the_certificate_and_the_destruction(portal: Assembly) -> None:
    """The certificate lists the openings that end with the case: with another one since, it is for a next run."""
    case = filed(portal)
    plan, ledger = due(portal, case), portal.petitioner.ledger

    class Between:
        """The ledger, with an attempt that comes just before the next work."""

        view, let_go = ledger.view, ledger.let_go

        @staticmethod
        def write(work: Callable[[Unit], Any]) -> Any:
            ledger.write(attempt(case))
            return ledger.write(work)

    assert destroy(replace(portal.petitioner, ledger=cast(Any, Between)), plan) is None
    with ledger.view() as view:
        assert view.cases.get(case) is not None
    assert destroy(portal.petitioner, plan)
    with pytest.raises(AccessError, match="case_unknown"):
        ledger.write(attempt(case))


def test_a_case_is_destroyed_once(portal: Assembly) -> None:
    """Two operators at once: one certificate, which the status code still finds; no announcement of what is gone."""
    filing = make_filing(portal.petitioner.facts.name)
    case = CaseId(file_petition(portal.petitioner, filing.body).case)
    plan = due(portal, case)
    certificate = destroy(portal.petitioner, plan)
    assert destroy(portal.petitioner, plan) is None
    announce(portal.petitioner, [replace(plan, announced=None)], TODAY)
    with portal.petitioner.ledger.view() as view:
        assert view.retention.all_announced() == []
        left = view.retention.by_status_hash(status_hash(filing.prepared.status_code))
    assert left is not None
    assert left.certificate == certificate
