"""Drawing pages of the office: with the session's form token and name, or before there is a session."""

from starlette.requests import Request
from starlette.responses import Response

from app.domain.entities import StaffMember
from app.web.contexts.frame import Page, Person
from app.web.csrf import form_token
from app.web.services import services_of
from app.web.sessions import form_cookie, new_token, office_cookie


def session_token(request: Request) -> str:
    """Return the session token of a request that an access dependency has already let in."""
    return office_cookie(https=services_of(request).https).read(request) or ""


def render_for_staff(request: Request, member: StaffMember, page: Page, *, status: int = 200) -> Response:
    """Return a page for a signed-in member of staff."""
    person = Person(member.name, member.role)
    token = form_token(session_token(request))
    return services_of(request).pages.render(request, page, status=status, person=person, form_token=token)


def render_before_sign_in(request: Request, page: Page, *, status: int = 200) -> Response:
    """Return a page with a form for somebody who has no session; the browser gets a form cookie if it has none."""
    services = services_of(request)
    cookie = form_cookie(https=services.https)
    known = cookie.read(request)
    value = known or new_token(services.office.random)
    response = services.pages.render(request, page, status=status, form_token=form_token(value))
    if known is None:
        cookie.set(response, value)
    return response
