"""Events of the procedure on each engine: appended by both faces with their own rights, in order, and never doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.deadlines import Basis, Dated, Milestone, legal_day
from app.domain.entities import CaseId, Role, StaffSession
from app.domain.ports import Portal
from app.domain.procedure import Action, Outcome, Stated
from app.store.failures import DatabaseProblem
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.assign_case import assign_case
from app.usecases.correct_dates import correct_dates
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.file_petition import file_petition
from app.usecases.list_queue import list_queue
from app.usecases.tell_status import tell_status
from app.wiring import Assembly
from tests.filings import make_filing


def test_both_faces_write_one_history_of_a_case(portal: Assembly) -> None:
    """The petitioner face acknowledges, the office face decides and corrects; both read all of it."""
    filing = make_filing(portal.petitioner.facts.name)
    case = CaseId(file_petition(portal.petitioner, filing.body).case)
    people = [
        portal.office.ledger.write(lambda unit, n=name: unit.staff.add(n, Role.REVIEWER, 0)).value  # type: ignore[misc]  # bound now
        for name in ("Ana", "Luis")
    ]
    for person in people:
        assign_case(portal.office, person.name, case)
    today = legal_day(portal.office.clock())
    day = today - timedelta(days=31)
    acknowledge_petition(portal.petitioner, case, day.isoformat(), "OTLA-7")
    draft_decision(portal.office, people[0], case, Stated(day=Dated(today), outcome=Outcome.TAKE_UP))
    approve_decision(portal.office, people[1], case, 3)
    earlier = Stated(Dated(day - timedelta(days=1), Basis.RECEIVED), "OTLA-7", "Stamped before.")
    correct_dates(portal.office, people[0], case, Action.CORRECT_D0, earlier)
    for face in (portal.petitioner, portal.office):
        with face.ledger.view() as view:
            events = view.events.of(case)
            assert view.events.all_days()[case] == view.events.days(case)
            assert view.events.days(case)[Milestone.D0] == earlier.day
        assert [event.seq for event in events] == [1, 2, 3, 4, 5]
        assert [event.staff for event in events] == [None, None, people[0].id, people[1].id, people[0].id]
    status = tell_status(portal.petitioner, filing.prepared.status_code)
    assert (status.stage, status.standing.clock.late) == ("REQUEST_SENT", 2)
    (card,) = list_queue(portal.office, StaffSession("", people[0], 0, 0), {}).cards
    assert card.clock.late == 2


def test_a_number_is_given_once(portal: Assembly) -> None:
    """Two events with one number would be two histories: the database itself refuses the second."""
    filing = make_filing(portal.petitioner.facts.name)
    case = CaseId(file_petition(portal.petitioner, filing.body).case)
    acknowledge_petition(portal.petitioner, case, "2026-01-05", "OTLA-7")
    with portal.petitioner.ledger.view() as view:
        first = view.events.of(case)[0]

    def again(face: Portal) -> None:
        face.ledger.write(lambda unit: unit.events.add(first))

    with pytest.raises(DatabaseProblem):
        again(portal.petitioner)
