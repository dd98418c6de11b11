"""The public cases played at a portal, as far as this procedure reaches: acknowledged, waited for, answered by two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.deadlines import Dated, Milestone, Precision
from app.domain.entities import CaseId
from app.domain.procedure import Action, Outcome, Stated
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.assign_case import assign_case
from app.usecases.correct_dates import correct_dates
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.file_petition import file_petition
from tests.domain.test_deadlines import CASES, ELAPSED, milestones
from tests.filings import make_filing
from tests.revisions import Versions
from tests.usecases.desks import WORDS, Desk, desk_in

FILED = [name for name in CASES if Milestone.D0 in milestones(name)]
SHORT = ("goodyear-slp-2023", "atento-pachuca-2024")
LATE = {name: days - 30 for name, days in ELAPSED.items() if days > 30} | {"camino-rojo-2024": 36}
"""Days after day 30, as documented; Camino Rojo by a date of filing that is marked unverified."""
MONDAYS = {"goodyear-slp-2023": "2023-05-22", "industrias-tecnos-2024": "2024-06-24"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A custodian's portal for all of them."""
    yield from desk_in(tmp_path_factory.mktemp("public-cases"))


@pytest.fixture
def desk(office: Desk) -> Desk:
    """A petition of its own at that portal."""
    filing = make_filing(office.holder.facts.name)
    case = CaseId(file_petition(office.holder, filing.body).case)
    for name in ("Ana", "Luis"):
        assign_case(office.office, name, case)
    seed = filing.prepared.case_seed
    return replace(office, case=case, code=filing.prepared.status_code, seed=seed, versions=Versions.of(filing))


def acknowledge(desk: Desk, day: Dated) -> None:
    """State D0: as a holder, or by the office where the intake's letter gives no more than the month."""
    if day.precision is Precision.DAY:
        acknowledge_petition(desk.holder, desk.case, day.day.isoformat(), "OTLA-1")
        return
    stated = Stated(day, "OTLA-1", "The release names the month.")
    correct_dates(desk.office, desk.people["Ana"], desk.case, Action.ACKNOWLEDGE_FOR, stated)


def decide(desk: Desk, outcome: Outcome, day: Dated) -> None:
    """Draft and approve, two persons."""
    declined = outcome is Outcome.DECLINE
    stated = Stated(
        day=day, outcome=outcome, codes=("INSUFFICIENT_EVIDENCE",) if declined else (), words=WORDS if declined else {}
    )
    draft_decision(desk.office, desk.people["Ana"], desk.case, stated)
    draft = desk.status().standing.draft
    assert draft is not None
    approve_decision(desk.office, desk.people["Luis"], desk.case, draft.seq)


def clock_on(desk: Desk, day: date) -> dict[str, object]:
    """Return the signed statement's clock as it would have been said on a day, at noon in Washington."""
    moment = int(datetime(day.year, day.month, day.day, 17, tzinfo=UTC).timestamp())
    body = desk.status(replace(desk.holder, clock=lambda: moment)).body
    clock: dict[str, object] = body["clocks"][0]
    return clock | {"due_of_case": body["due"], "overdue": body["overdue"], "stage": body["stage"]}


def test_every_case_with_a_first_day_is_played() -> None:
    """None is left out: 26 of the 43 say when they were filed, the others begin nothing here."""
    assert len(FILED) == 26
    assert set(ELAPSED) <= set(FILED)


@pytest.mark.parametrize("name", [pytest.param(one, marks=() if one in SHORT else pytest.mark.long) for one in FILED])
def test_a_public_case_is_told_as_it_was(desk: Desk, name: str) -> None:
    """No clock before D0; while it waits it is late by the documented days, and stays so once it is answered."""
    days = milestones(name)
    outcome = Outcome.DECLINE if Milestone.N0 in days else Outcome.TAKE_UP
    end = days.get(Milestone.N0) or days.get(Milestone.R0)
    assert clock_on(desk, days[Milestone.D0].day)["state"] == "NOT_STARTED"
    acknowledge(desk, days[Milestone.D0])
    if end is None:
        assert clock_on(desk, days[Milestone.D0].day)["days_left"] == 30
        return
    waiting, late = clock_on(desk, end.day), LATE.get(name)
    if Precision.DAY is days[Milestone.D0].precision is end.precision:
        assert (waiting["days_late"], waiting["overdue"], waiting["rolled"]) == (late, bool(late), MONDAYS.get(name))
    decide(desk, outcome, end)
    told = clock_on(desk, date(2026, 6, 1))
    assert told["stage"] == ("DECLINED" if outcome is Outcome.DECLINE else "REQUEST_SENT")
    assert (told["state"], told["days_late"], told["overdue"]) == ("MET_LATE" if late else "MET", late, bool(late))
    assert told["elapsed"] == (ELAPSED.get(name) or (30 + late if late else None))
    assert (told["due_of_case"] is None) == (days[Milestone.D0].precision is not Precision.DAY)
