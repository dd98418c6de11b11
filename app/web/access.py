"""Who may call a route: every route takes exactly one of these, and a pinned table of all routes is tested.

Access is a parameter type of the handler: a route that forgot it does not pass the test, rather than being open.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from app.domain.entities import HolderSession, Role, StaffSession
from app.domain.errors import AccessError
from app.usecases.sign_in_holder import holder_session
from app.usecases.sign_in_staff import staff_session
from app.web.services import services_of
from app.web.sessions import case_cookie, office_cookie


async def _public() -> None:
    """Anyone; not worth a thread's time, which all others take."""


def _holder(request: Request) -> HolderSession:
    """A holder of one case who opened its key."""
    services = services_of(request)
    return holder_session(services.petitioner, case_cookie(https=services.https).read(request))


def _staff(*roles: Role) -> Callable[[Request], StaffSession]:
    """A signed-in member of staff, of one of the roles if any are named."""

    def check(request: Request) -> StaffSession:
        services = services_of(request)
        session = staff_session(services.office, office_cookie(https=services.https).read(request))
        if roles and session.staff.role not in roles:
            raise AccessError("not_allowed")
        return session

    return check


_any_staff = _staff()
_reader = _staff(Role.REVIEWER, Role.COORDINATOR, Role.PANEL)
_auditor = _staff(Role.AUDITOR)

Public = Annotated[None, Depends(_public)]
Holder = Annotated[HolderSession, Depends(_holder)]
Staff = Annotated[StaffSession, Depends(_any_staff)]
Reader = Annotated[StaffSession, Depends(_reader)]
Auditor = Annotated[StaffSession, Depends(_auditor)]

ACCESS: dict[Callable[..., Any], str] = {
    _public: "public",
    _holder: "holder",
    _any_staff: "staff",
    _reader: "reader",
    _auditor: "auditor",
}
"""The name of each access dependency, for the pinned table."""
