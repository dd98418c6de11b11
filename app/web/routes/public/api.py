"""What programs may know of the portal without signing in."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from app.usecases.tell_served import tell_served
from app.usecases.tell_succession import tell_succession
from app.web.access import Public
from app.web.bodies import FILING, PART
from app.web.language import language_of
from app.web.offline import published
from app.web.services import services_of
from app.web.words import standing_words

router = APIRouter()


@router.get("/api/v1/portal")
def describe_portal(request: Request, _: Public) -> dict[str, Any]:
    """Return name, keys, limits and versions."""
    services = services_of(request)
    facts = services.public.facts
    return {
        "name": facts.name,
        "deployment": facts.deployment,
        "url": facts.url,
        "log_origin": facts.log_origin,
        "log_vkey": facts.log_vkey,
        "log_pq_vkey": facts.log_pq_vkey,
        "statement_vkey": facts.statement_vkey,
        "publish_every": facts.publish_every,
        "trace_to": facts.trace_to,
        "reports_to": facts.reports_to,
        "languages": ["es", "en", "fr"],
        "versions": {"api": 1, "manifest": 1, "record": 1},
        "limits": {"part": PART, "call": FILING, "upload": services.upload_limit},
        "sealed": True,
        "standing": services.standing,
        "before": tell_succession(services.public),
        "key_changes": list(facts.key_changes),
        "signed_requests": facts.signed_requests,
        "assisted": services.assisted.described(),
        "cosigners": [
            {"size": state.size, "time": state.time, "outcome": state.outcome}
            for state in services.public.log.cosigners()
        ],
        "alarms": [
            {"kind": alarm.outcome, "size": alarm.size, "told": alarm.told, "time": alarm.at}
            for alarm in services.public.log.alarms()
        ],
    }


@router.get("/api/v1/modules", response_class=Response)
def list_modules(_: Public) -> Response:
    """Return the manifest of the modules that pages load, byte for byte as its hash stands in the log."""
    return Response(published().manifest, media_type="application/json")


@router.get("/api/v1/served")
def list_served(request: Request, _: Public) -> dict[str, Any]:
    """Return the openings of the log's entries about what the portal runs, as a file of openings."""
    return tell_served(services_of(request).public)


@router.get("/health")
async def tell_health(request: Request, _: Public) -> JSONResponse:
    """Say whether the portal takes new work: 200, or 503 when it is read-only."""
    standing = services_of(request).standing
    healthy = standing == "whole"
    body = {"status": "ok" if healthy else "read-only", "log": standing}
    if not healthy:
        body["detail"] = standing_words(language_of(request), standing)
    return JSONResponse(body, status_code=200 if healthy else 503)
