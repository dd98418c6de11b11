"""Cookies of both faces, each with its own.

All are `HttpOnly` and `SameSite=Strict`: the session, and, for forms before there is one, a random value to
which the form's token is bound (csrf.py). With TLS in front they carry the `__Host-` prefix, so that no neighbouring
host can set them.
"""

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from crypto.secret import Random

TOKEN_BYTES = 32
_TOKEN = re.compile(r"[0-9a-f]{64}")


def new_token(random: Random) -> str:
    """Return a new token: 32 random bytes as 64 hex digits, like the session tokens of the use cases."""
    return random(TOKEN_BYTES).hex()


@dataclass(frozen=True)
class Cookie:
    """One cookie of ours; `https` says that TLS stands in front."""

    base_name: str
    https: bool

    @property
    def name(self) -> str:
        """Return the name that the browser keeps it under."""
        return f"__Host-{self.base_name}" if self.https else self.base_name

    def read(self, request: Request) -> str | None:
        """Return the token that the browser sent, or None if there is none of the right form."""
        value = request.cookies.get(self.name, "")
        return value if _TOKEN.fullmatch(value) else None

    def set(self, response: Response, token: str) -> None:
        """Give the browser a token, until it is closed."""
        response.set_cookie(self.name, token, path="/", secure=self.https, httponly=True, samesite="strict")

    def clear(self, response: Response) -> None:
        """Take the token away."""
        response.delete_cookie(self.name, path="/", secure=self.https, httponly=True, samesite="strict")


def office_cookie(*, https: bool) -> Cookie:
    """Return the cookie of a signed-in member of staff."""
    return Cookie("resguardo_office", https)


def form_cookie(*, https: bool) -> Cookie:
    """Return the cookie of forms before sign-in."""
    return Cookie("resguardo_form", https)


def case_cookie(*, https: bool) -> Cookie:
    """Return the cookie of a holder who opened a case."""
    return Cookie("resguardo_case", https)


def challenge_cookie(*, https: bool) -> Cookie:
    """Return the cookie that binds a sign-in challenge to whoever asked for it."""
    return Cookie("resguardo_challenge", https)
