"""Role × action × stage × suspension, from the table of the procedure and from policy, for documents and tests."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.entities import READERS, Case, CaseId, Role, Stage
from app.domain.policy import closed_to_office
from app.domain.procedure import Action, Deployment, possible

LOOKS = ("record", "answer")
"""What is read and not done: the petition's redacted record, and the answers to questions."""
STATES = tuple((stage, suspended) for stage in Stage for suspended in (False, True))


def case_at(stage: Stage, *, suspended: bool) -> Case:
    """Return a case at a stage, as policy looks at it."""
    return Case(CaseId(""), "", "", stage, 0, 0, 0, 1, 1 if suspended else None)


def may_step(action: Action, role: Role, stage: Stage, deployment: str, *, suspended: bool) -> bool:
    """Tell whether a role may take a step; a reader is one to whom the case is assigned."""
    if role in READERS and closed_to_office(case_at(stage, suspended=suspended)):
        return False
    return action in possible(stage, role, deployment, suspended=suspended)


def may_look(role: Role, stage: Stage, *, suspended: bool) -> bool:
    """Tell whether a role may read record and answers; holders read their own record always."""
    if role is Role.HOLDER:
        return True
    return role in READERS and not closed_to_office(case_at(stage, suspended=suspended))


def roles_for(action: Action, stage: Stage, deployment: Deployment, *, suspended: bool) -> tuple[Role, ...]:
    """Return the roles that may take a step, in the order in which roles are declared."""
    return tuple(role for role in Role if may_step(action, role, stage, deployment, suspended=suspended))


def lookers(stage: Stage, *, suspended: bool) -> tuple[Role, ...]:
    """Return the roles that may read record and answers."""
    return tuple(role for role in Role if may_look(role, stage, suspended=suspended))


def unlisted(role: Role, deployment: str) -> Iterator[tuple[Stage, bool, Action]]:
    """Yield every (stage, suspended, action) that a role does not have."""
    for stage, suspended in STATES:
        for action in Action:
            if not may_step(action, role, stage, deployment, suspended=suspended):
                yield stage, suspended, action
