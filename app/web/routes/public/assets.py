"""Our static files, which the pages of both faces need."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.web.access import Public
from app.web.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/static/{address:path}")
def serve_asset(request: Request, _: Public, address: str) -> Response:  # noqa: ARG001 - the request's own path is looked up
    """Serve a file of ours at the address that names its content. Raises HTTPException 404."""
    answer = services_of(request).assets.answer(request)
    if answer is None:
        raise HTTPException(404)
    return answer
