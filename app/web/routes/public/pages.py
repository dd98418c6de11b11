"""Pages for anyone: the start page."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from app.web.access import Public
from app.web.contexts import HomePage
from app.web.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def show_home(request: Request, _: Public) -> Response:
    """Say what this is, for whom, and what it cannot protect."""
    return services_of(request).pages.render(request, HomePage())
