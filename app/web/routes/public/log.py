"""The public log as static-looking addresses (c2sp.org/tlog-tiles): no login, no cookie, no trace of who asks."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from app.web.access import Public
from app.web.services import services_of
from crypto.errors import TileError
from crypto.log.tiles import EntryBundle, parse_path

router = APIRouter()
_IMMUTABLE = "public, max-age=31536000, immutable"
_FRESH = "public, max-age=2"


@router.get("/log/checkpoint", response_class=PlainTextResponse)
def give_checkpoint(request: Request, _: Public) -> Response:
    """Return the newest published checkpoint."""
    checkpoint = services_of(request).public.log.checkpoint()
    return PlainTextResponse(checkpoint, headers={"cache-control": _FRESH})


@router.get("/log/tile/{path:path}", response_class=Response)
def give_tile(request: Request, path: str, _: Public) -> Response:
    """Return a tile or an entry bundle that a publication tick has let out."""
    log = services_of(request).public.log
    try:
        place = parse_path(f"tile/{path}")
    except TileError as error:
        raise HTTPException(404) from error
    if isinstance(place, EntryBundle):
        data = log.bundle(place.index, place.width)
    else:
        data = log.tile(place.level, place.index, place.width)
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type="application/octet-stream", headers={"cache-control": _IMMUTABLE})
