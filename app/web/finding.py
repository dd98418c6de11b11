"""Which routes a path can mean at all, by its first segments: a path is tried on a few of our routes, not on all.

What a path says of somebody (the number of a case, the name of a part) is no key here, and nothing of it is kept: the
keys are segments of the routes themselves. Where none of the few fits, the router decides as it always does: between
what is not there, what is there for another method, and what only lacks a slash.
"""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Match, Route, Router
from starlette.types import Receive, Scope, Send

_DEEPEST = 3  # segments; as many as `/api/v1/status` has
Key = tuple[str, ...]


class Finding:
    """ASGI application before a router that finds the routes of most requests by their first segments."""

    def __init__(self, router: Router) -> None:
        self._router = router
        routes = [(route, _segments(route)) for route in router.routes]
        self._few: dict[Key, Sequence[BaseRoute]] = {
            key: [route for route, segments in routes if _may_begin(segments, key)]
            for key in {key for _, segments in routes for key in _keys(segments)}
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and not scope.get("root_path"):
            for route in self._candidates(scope["path"]):
                match, child_scope = route.matches(scope)
                if match is Match.FULL:
                    scope.setdefault("router", self._router)
                    scope.update(child_scope)
                    await route.handle(scope, receive, send)
                    return
        await self._router.app(scope, receive, send)

    def _candidates(self, path: str) -> Sequence[BaseRoute]:
        segments = tuple(path.split("/", _DEEPEST + 1)[1 : _DEEPEST + 1])
        for depth in range(len(segments), 0, -1):
            few = self._few.get(segments[:depth])
            if few is not None:
                return few
        return ()


def _segments(route: BaseRoute) -> Key | None:
    """Return the segments of a route's path, None of what is no plain route and may take any path."""
    return tuple(route.path.split("/")[1:]) if isinstance(route, Route) else None


def _keys(segments: Key | None) -> list[Key]:
    """Return each beginning of a path that a route spells out."""
    keys: list[Key] = []
    for depth in range(1, min(len(segments or ()), _DEEPEST) + 1):
        assert segments is not None
        if "{" in segments[depth - 1]:
            break
        keys.append(segments[:depth])
    return keys


def _may_begin(segments: Key | None, key: Key) -> bool:
    """Tell whether a route can match a path that begins with these segments."""
    if segments is None:
        return True
    for place, wanted in enumerate(key):
        if place >= len(segments):
            return False
        if ":path}" in segments[place]:
            return True
        if "{" not in segments[place] and segments[place] != wanted:
            return False
    return True
