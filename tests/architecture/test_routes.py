"""Every route takes exactly one access dependency, and the table of all of them is pinned here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fastapi.routing import APIRoute

from app.web.access import ACCESS
from app.web.application import ROUTES

PINNED = Path(__file__).parent / "routes.txt"


def routes() -> Iterator[APIRoute]:
    """Yield every route of every router that the application includes."""
    for module in ROUTES:
        for route in module.router.routes:
            assert isinstance(route, APIRoute), route
            yield route


def access_of(route: APIRoute) -> list[str]:
    """Return the names of the access dependencies that a route takes."""
    return [ACCESS[found.call] for found in route.dependant.dependencies if found.call in ACCESS]


def table() -> list[str]:
    """Return method, path and access of each route, a line each."""
    lines = []
    for route in routes():
        for method in sorted(route.methods or ()):
            lines.append(f"{method:<7}{route.path:<41} {' '.join(access_of(route))}")
    return sorted(lines, key=lambda line: line.split()[1::-1])


def test_every_route_has_exactly_one_access() -> None:
    """A route that forgot its access would be open; FastAPI's default is inverted here."""
    found = list(routes())
    assert len(found) >= 25
    assert [(route.path, access_of(route)) for route in found if len(access_of(route)) != 1] == []


def test_the_table_of_routes_is_the_pinned_one() -> None:
    """A new or changed route is seen in review: write its line into routes.txt."""
    assert table() == PINNED.read_text().splitlines()


def test_openapi_document_is_committed() -> None:
    """Programs of others rely on it: a difference is a decision (python -m tests.openapi writes it)."""
    from tests.openapi import COMMITTED, document

    assert document() == COMMITTED.read_text()
