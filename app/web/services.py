"""What the routes find at `request.app.state.services`: the portal as each face may use it, and how to draw pages."""

from dataclasses import dataclass

from starlette.requests import Request

from app.domain.ports import Faces
from app.web.assets import Assets
from app.web.assisted_door import AssistedDoor
from app.web.limits import Limits
from app.web.pages import Pages


@dataclass(frozen=True, kw_only=True)
class Services(Faces):
    """One running portal. Each face has its own `Portal`, with its own rights; `https` says that TLS stands in front.

    `standing` is how database and rollback guard fit (`whole`, or why the portal is read-only), `addresses` are those
    that a signed sign-in text may name, `upload_limit` is in bytes, `assisted` is the other door of law L2.
    """

    pages: Pages
    assets: Assets
    https: bool
    standing: str
    addresses: frozenset[str]
    upload_limit: int
    assisted: AssistedDoor
    limits: Limits


def services_of(request: Request) -> Services:
    """Return the services of the application that serves a request."""
    services: Services = request.app.state.services
    return services
