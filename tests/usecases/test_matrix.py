"""Role × action × stage × suspension at the real use cases: what is not listed fails and is logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.chronicle import By, Chronicle
from app.domain.deadlines import Basis, Dated
from app.domain.entities import READERS, Case, Purpose, Role, Stage, answer_name
from app.domain.errors import AccessError, ProcedureError
from app.domain.places import Spot
from app.domain.procedure import Action, Asked, Deployment, Outcome, Stated
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.ask_question import ask_question, withdraw_question
from app.usecases.assign_case import assign_case
from app.usecases.correct_dates import correct_dates
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.flag_place import flag_place
from app.usecases.hand_on_public import hand_on_public
from app.usecases.read_messages import read_messages
from app.usecases.read_redacted import begin_sitting, read_redacted
from app.usecases.release_public import release_public
from app.usecases.revise_petition import revise_petition
from app.usecases.suspend_access import suspend_access
from app.usecases.withdraw_petition import withdraw_petition
from tests.matrix import STATES, may_look, may_step, unlisted
from tests.released import release_note, version_of
from tests.revisions import answer_text
from tests.usecases.desks import Desk, desk_in

Act = Callable[[], object]
PEOPLE = {"Ana": Role.REVIEWER, "Luis": Role.COORDINATOR, "Eva": Role.PANEL, "Ada": Role.AUDITOR, "Olga": Role.OPERATOR}

RECORD_PART = Spot("record", part="summary")


@dataclass
class Board:
    """A desk whose case can be put anywhere, with a draft, an open question and an answered one in its past."""

    desk: Desk
    question: int
    answered: int
    draft: int

    def put(self, stage: Stage, *, suspended: bool) -> Case:
        """Put the case at a stage, as no step could, and return it."""
        since = 1 if suspended else None
        case = self.desk.case
        self.desk.holder.ledger.write(lambda unit: unit.cases.set_stage(case, stage))
        self.desk.holder.ledger.write(lambda unit: unit.cases.set_suspended(case, since))
        return self.desk.stored()

    def attempts_of_staff(self, name: str) -> Mapping[Action, Act]:
        """Return what somebody of the office can try: each step by its use case, others' steps by the nearest one."""
        desk, member = self.desk, self.desk.people[name]
        stated = Stated(Dated(desk.today(), Basis.RECEIVED), "OTLA-8", "Why.", "Note.")
        asked = Asked("¿En qué mes?", "es", desk.today() + timedelta(days=9))
        tried: dict[Action, Act] = {
            action: (lambda action=action: correct_dates(desk.office, member, desk.case, action, stated))  # type: ignore[misc]  # bound now
            for action in Action
        }
        drafted = desk.decision(Outcome.TAKE_UP)
        approve = lambda: approve_decision(desk.office, member, desk.case, self.draft)  # noqa: E731 - one of a table
        return tried | {
            Action.ASK: lambda: ask_question(desk.office, member, desk.case, asked),
            Action.FLAG: lambda: flag_place(
                desk.office, member, desk.case, RECORD_PART, "Un nombre.", "es", hold=False
            ),
            Action.WITHDRAW_QUESTION: lambda: withdraw_question(desk.office, member, desk.case, self.question),
            Action.DRAFT: lambda: draft_decision(desk.office, member, desk.case, drafted),
            Action.TAKE_UP: approve,
            Action.DECLINE: approve,
            Action.HAND_ON: lambda: hand_on_public(desk.office, member, desk.case, "A la empresa."),
        }

    def attempts_of_holder(self) -> Mapping[Action, Act]:
        """Return what a holder can try."""
        desk = self.desk
        day = desk.today().isoformat()
        text = version_of()
        note = release_note(desk.versions.signer(), desk.holder.facts.name, desk.case, text)
        call = desk.versions.call(answer=(self.question, answer_text(self.question)))
        return {
            Action.ACKNOWLEDGE: lambda: acknowledge_petition(desk.holder, desk.case, day, "OTLA-9", "Why."),
            Action.CORRECT_D0: lambda: acknowledge_petition(desk.holder, desk.case, day, "OTLA-9", "Why."),
            Action.READ_MESSAGES: lambda: read_messages(desk.holder, desk.session()),
            Action.ANSWER: lambda: revise_petition(desk.holder, desk.case, call),
            Action.WITHDRAW: lambda: withdraw_petition(desk.holder, desk.case),
            Action.SUSPEND: lambda: suspend_access(desk.holder, desk.case, suspended=True),
            Action.LIFT: lambda: suspend_access(desk.holder, desk.case, suspended=False),
            Action.RELEASE: lambda: release_public(desk.holder, desk.case, text, note),
        }

    def refused(self, before: Case, role: Role, act: Act, name: str = "holder") -> None:
        """Expect a refusal that is one log entry more under the right name, and nothing else."""
        events = self._events()
        newest = self.desk.stored().log_counter
        with pytest.raises((AccessError, ProcedureError)) as caught:
            act()
        assert not caught.value.field, (role, before.stage, caught.value.code)
        after = self.desk.stored()
        opened = 1 if name == "holder" and after.log_counter == newest + 2 else 0  # a session's own entry
        assert after.log_counter == newest + 1 + opened
        assert replace(after, log_counter=0) == replace(before, log_counter=0)
        assert self._events() == events
        last = self._last()
        assert (last["kind"] in {"step_refused", "record_refused"}, last["actor"], last["role"]) == (True, name, role)

    def _events(self) -> int:
        with self.desk.holder.ledger.view() as view:
            return view.events.next_seq(self.desk.case)

    def _last(self) -> dict[str, str]:
        from app.domain.openings import decode_opening

        with self.desk.office.ledger.view() as view:
            index, sealed, owner = view.log.openings_of(self.desk.case)[-1]
        return dict(decode_opening(self.desk.office.vault.open_opening(index, owner, sealed))[1])


@pytest.fixture(scope="module", params=list(Deployment))
def board(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A board of each deployment."""
    folder: Path = tmp_path_factory.mktemp("matrix")
    for desk in desk_in(folder, RESGUARDO_DEPLOYMENT=request.param):
        for name in ("Eva", "Ada"):
            if name == "Ada":
                added = desk.office.ledger.write(lambda unit: unit.staff.add("Ada", Role.AUDITOR, 0))
                desk.people["Ada"] = added.value
            else:
                assign_case(desk.office, name, desk.case)
        if request.param == Deployment.CUSTODIAN:
            desk.acknowledge(3)
        answered = desk.ask()
        desk.answer(answered)
        question = desk.ask("¿Y después?")
        draft_decision(desk.office, desk.people["Luis"], desk.case, desk.decision(Outcome.TAKE_UP))
        with desk.office.ledger.view() as view:
            draft = view.events.next_seq(desk.case) - 1
        yield Board(desk, question, answered, draft)


@pytest.mark.long
@pytest.mark.parametrize("name", PEOPLE)
def test_what_the_table_does_not_give_the_office_fails(board: Board, name: str) -> None:
    """Every step of the table, tried by everybody at every stage, suspended and not, where it is not listed."""
    role = PEOPLE[name]
    attempts = board.attempts_of_staff(name)
    deployment = board.desk.office.facts.deployment
    tried = 0
    for stage, suspended, action in unlisted(role, deployment):
        decides = {Action.TAKE_UP, Action.DECLINE}
        if action in decides and may_step(Action.TAKE_UP, role, stage, deployment, suspended=suspended):
            continue
        before = board.put(stage, suspended=suspended)
        board.refused(before, role, attempts[action], name)
        tried += 1
    assert tried > 100


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_reads_where_nobody_may(board: Board, name: str) -> None:
    """Record and answers open for readers at the stages that are listed, and nowhere else; refusals are logged."""
    desk, role = board.desk, PEOPLE[name]
    member = desk.people[name]
    for stage, suspended in STATES:
        before = board.put(stage, suspended=suspended)
        for record in ("record", answer_name(board.answered)):

            def look(record: str = record) -> Any:
                begin_sitting(desk.office, member, desk.case, Purpose.REVIEW, record)
                return read_redacted(desk.office, member, desk.case, record)

            if may_look(role, stage, suspended=suspended):
                assert look().record
            elif role in READERS:
                board.refused(before, role, look, name)
            else:
                with pytest.raises(AccessError, match="not_allowed"):
                    look()


def test_what_the_table_does_not_give_a_holder_fails(board: Board) -> None:
    """A holder's steps at every stage where they are not listed; suspending what is suspended changes nothing."""
    deployment = board.desk.office.facts.deployment
    attempts = board.attempts_of_holder()
    for stage, suspended, action in unlisted(Role.HOLDER, deployment):
        if action not in attempts or (action, suspended) in {(Action.SUSPEND, True), (Action.LIFT, False)}:
            continue
        if action is Action.WITHDRAW and stage is Stage.WITHDRAWN:
            continue  # said again it changes nothing
        both = {Action.ACKNOWLEDGE, Action.CORRECT_D0}
        if action in both and any(may_step(each, Role.HOLDER, stage, deployment, suspended=suspended) for each in both):
            continue  # one call: which of the two it is, the stage decides
        before = board.put(stage, suspended=suspended)
        board.refused(before, Role.HOLDER, attempts[action])


@pytest.mark.parametrize("role", [Role.HOLDER, Role.PETITIONER, Role.PORTAL, Role.AUDITOR, Role.OPERATOR])
def test_no_use_case_could_take_an_unlisted_step(board: Board, role: Role) -> None:
    """Below all use cases stands one function that takes steps: it refuses whoever asks."""
    desk = board.desk
    deployment = desk.office.facts.deployment
    for stage, suspended, action in unlisted(role, deployment):
        case = replace(desk.stored(), stage=stage, suspended=1 if suspended else None)
        stated = Stated(Dated(desk.today()), "OTLA-8", "Why.", "Note.", Outcome.TAKE_UP, question=board.question)

        def take(case: Case = case, action: Action = action, stated: Stated = stated) -> None:
            desk.holder.ledger.write(lambda unit: Chronicle(desk.holder, unit).take(case, By(role), action, stated))

        with pytest.raises(ProcedureError, match=r"step_unlisted|step_not_yours"):
            take()
