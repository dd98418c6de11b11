"""What a reader's browser sends along with a request for a record: the note that its device signed."""

from starlette.requests import Request

from app.domain.signed_requests import Brought, Session
from app.web.forms import Form
from app.web.office_pages import session_token

FIELD = "request"


def session_of(request: Request) -> Session:
    """Return the session to which nonces of this browser are bound."""
    return Session(session_token(request))


def brought_by(request: Request, form: Form) -> Brought:
    """Return the signed request in a form, empty where there is none; browsers send line ends as CR LF."""
    return Brought(form.raw(FIELD).replace("\r\n", "\n"), session_of(request))
