"""The card of a case, as both the queue's and the procedure's routes answer with it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.requests import Request

from app.domain.entities import SITTING_SECONDS, CaseId, Purpose, StaffMember, Stage
from app.domain.policy import may_coordinate
from app.domain.procedure import Action
from app.usecases.hand_on_public import show_office_copy
from app.usecases.keep_notes import show_notes
from app.usecases.list_queue import show_card
from app.usecases.refile_case import show_earlier
from app.usecases.show_procedure import show_procedure
from app.usecases.show_sitting import show_sitting
from app.web import procedure_view
from app.web.cards import view_of
from app.web.contexts.desk import CardPage
from app.web.contexts.frame import Problem
from app.web.desk_view import notes_view
from app.web.services import services_of

READERS_PURPOSES = (
    Purpose.REVIEW,
    Purpose.CLARIFICATION,
    Purpose.REPRISAL_RESPONSE,
    Purpose.CORRECTION,
    Purpose.EXPORT,
    Purpose.LEGAL_ORDER,
)


def card_page(
    request: Request,
    member: StaffMember,
    case: CaseId,
    *problems: Problem,
    typed: Mapping[Action, Mapping[str, str]] | None = None,
    note: str = "",
) -> CardPage:
    """Return a case's card for a reader; `typed` and `note` are what a refused form of the procedure or note held."""
    office = services_of(request).office
    card = view_of(show_card(office, member, case), member.name)
    sitting = show_sitting(office, member, case) if card.mine else None
    procedure = show_procedure(office, member, case)
    return CardPage(
        card=card,
        may_read=procedure.may_read,
        sitting_until=datetime.fromtimestamp(sitting.started + SITTING_SECONDS, UTC) if sitting else None,
        sitting_minutes=SITTING_SECONDS // 60,
        purposes=READERS_PURPOSES,
        problems=problems,
        procedure=procedure_view.view_of(procedure, office.facts.deployment, typed or {}),
        notes=notes_view(show_notes(office, member, case), note),
        coordinates=may_coordinate(member),
        withdrawn=card.stage == Stage.WITHDRAWN,
        earlier=show_earlier(office, member, case) or "",
        public=show_office_copy(office, member, case) is not None,
    )
