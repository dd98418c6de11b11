"""Finding a route by its first segments finds what trying all of them finds."""

from __future__ import annotations

import re

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match

from app.web.application import ROUTES
from app.web.finding import Finding

ROUTER = APIRouter(routes=[route for module in ROUTES for route in module.router.routes])
FINDING = Finding(ROUTER)
STRANGE = ["/", "//", "/api", "/api/", "/api/v1", "/office//cases", "/nowhere/at/all/it/is", "/log/tile/0/x001/067"]


def first(routes: object, method: str, path: str) -> BaseRoute | None:
    """Return the first of the routes that takes a request."""
    assert isinstance(routes, list | tuple)
    scope = {"type": "http", "method": method, "path": path, "root_path": ""}
    return next((route for route in routes if route.matches(scope)[0] is Match.FULL), None)


def test_each_path_leads_where_the_router_leads() -> None:
    """Every route with values in its path, and with a value that is spelled as a segment of another route."""
    others = [re.sub(r"\{.*?\}", "x", route.path) for route in ROUTER.routes if isinstance(route, APIRoute)]
    for route in ROUTER.routes:
        assert isinstance(route, APIRoute)
        for value in ("ABCD", "status", "new"):
            path = re.sub(r"\{.*?\}", value, route.path)
            for method in route.methods or ():
                assert first(FINDING._candidates(path), method, path) is first(ROUTER.routes, method, path)
    for path in [*STRANGE, *others]:
        assert first(FINDING._candidates(path), "GET", path) is first(ROUTER.routes, "GET", path)


def test_no_value_of_a_path_is_a_key() -> None:
    """Case numbers and names stand in paths; what the portal remembers of paths is its own."""
    spelled = {segment for route in ROUTER.routes for segment in getattr(route, "path", "").split("/")}
    assert {segment for key in FINDING._few for segment in key} <= spelled


@pytest.mark.parametrize("path", ["/api/v1/status", "/office/cases/ABCD/record"])
def test_few_are_tried(path: str) -> None:
    """It would be no use otherwise."""
    assert 0 < len(FINDING._candidates(path)) < len(ROUTER.routes) / 4
