"""Who may call a route: every route takes exactly one of these, and a pinned table of all routes is tested.

Access is a parameter type of the handler: a route that forgot it does not pass the test, rather than being open.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from app.domain.entities import HolderSession, Role, StaffSession
from app.domain.errors import AccessError
from app.domain.ports import Portal
from app.usecases.sign_in_holder import holder_session
from app.usecases.sign_in_staff import staff_session
from app.web.sessions import case_cookie, office_cookie


def petitioner_portal(request: Request) -> Portal:
    """Return the portal with the petitioner face's rights."""
    portal: Portal = request.app.state.petitioner
    return portal


def office_portal(request: Request) -> Portal:
    """Return the portal with the office face's rights."""
    portal: Portal = request.app.state.office
    return portal


def is_https(request: Request) -> bool:
    """Tell whether people reach this portal by TLS."""
    return bool(request.app.state.settings.behind_tls)


def _public() -> None:
    """Anyone."""


def _holder(request: Request) -> HolderSession:
    """A holder of one case who opened its key."""
    return holder_session(petitioner_portal(request), case_cookie(https=is_https(request)).read(request))


def _staff(*roles: Role) -> Callable[[Request], StaffSession]:
    """A signed-in member of staff, of one of the roles if any are named."""

    def check(request: Request) -> StaffSession:
        session = staff_session(office_portal(request), office_cookie(https=is_https(request)).read(request))
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
