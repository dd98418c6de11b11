"""The public log as static-looking addresses (c2sp.org/tlog-tiles): no login, no cookie, no trace of who asks."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response

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


@router.get("/log/keys", response_class=JSONResponse)
def give_key_changes(request: Request, _: Public) -> Response:
    """Return how the log's keys changed: the announcements (`crypto.log.keychange`), oldest first."""
    changes = list(services_of(request).public.facts.key_changes)
    return JSONResponse(changes, headers={"cache-control": _FRESH})


@router.get("/log/tile/{path:path}", response_class=Response)
def give_tile(request: Request, path: str, _: Public) -> Response:
    """Return a tile or an entry bundle that a publication tick has let out."""
    return _tile(request, path)


@router.get("/log/before/{number}/checkpoint", response_class=PlainTextResponse)
def give_former_checkpoint(request: Request, number: int, _: Public) -> Response:
    """Return the last published checkpoint of a log that this one succeeded; 1 is the first log."""
    former = services_of(request).public.facts.before[number - 1 : number] if number > 0 else ()
    if not former or former[0].checkpoint is None:
        raise HTTPException(404)
    return PlainTextResponse(former[0].checkpoint, headers={"cache-control": _FRESH})


@router.get("/log/before/{number}/tile/{path:path}", response_class=Response)
def give_former_tile(request: Request, number: int, path: str, _: Public) -> Response:
    """Return a tile or bundle of a former log: the present one's tree begins with it."""
    if not 0 < number <= len(services_of(request).public.facts.before):
        raise HTTPException(404)
    return _tile(request, path)


def _tile(request: Request, path: str) -> Response:
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
