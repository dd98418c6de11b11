"""Which language an answer is in: the one in the address, the one chosen before, or what the browser prefers."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from app.i18n import LANGUAGE_NAMES, LANGUAGES, accepted_languages, choose_language

COOKIE = "resguardo_language"
PLACE = frozenset({"q", "stage", "assigned", "due", "waits", "sector", "denial", "urgent", "sort", "order", "page"})
"""What of an address is its place. Anything else, such as a status code put there by mistake, is not repeated."""
_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class LanguageLink:
    """A language one can change to, and the address of the same place in it."""

    code: str
    name: str
    address: str
    current: bool


def language_of(request: Request) -> str:
    """Return the language in which to answer."""
    chosen = (request.query_params.get("lang", ""), request.cookies.get(COOKIE, ""))
    for code in chosen:
        if code in LANGUAGES:
            return code
    return choose_language(accepted_languages(request.headers.get("accept-language", "")))


def language_links(request: Request) -> tuple[LanguageLink, ...]:
    """Return the languages with addresses that keep the place: same path, same filters."""
    current = language_of(request)
    kept = [(name, value) for name, value in request.query_params.multi_items() if name in PLACE]
    return tuple(
        LanguageLink(code, LANGUAGE_NAMES[code], "?" + urlencode([*kept, ("lang", code)]), code == current)
        for code in LANGUAGES
    )


def remember_language(request: Request, response: Response, *, https: bool) -> None:
    """Keep a language that the person chose; whoever chooses none gets no cookie."""
    code = request.query_params.get("lang", "")
    if code in LANGUAGES and request.cookies.get(COOKIE) != code:
        response.set_cookie(COOKIE, code, max_age=_YEAR, httponly=True, samesite="lax", secure=https)
