"""Tokens in forms, so that another site cannot submit them in somebody's name.

The token is an HMAC under the browser's own cookie value (the session token, or before sign-in the form cookie):
another site can neither read that cookie nor compute the token, and the portal stores nothing. What the browser says
itself in `Sec-Fetch-Site` is heard too. The `Origin` header is not: under `no-referrer` browsers send `null`.
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.web.forms import Form
from crypto.digest import equal, hmac_sha256
from crypto.secret import SecretBytes

FIELD = "form_token"
_LABEL = b"resguardo/form-token/v1"


def form_token(cookie_value: str) -> str:
    """Return the token that forms of the browser with this cookie carry: 64 hex digits."""
    return hmac_sha256(SecretBytes(cookie_value.encode()), _LABEL).hex()


def check_form(request: Request, form: Form, cookie_value: str | None) -> None:
    """Raise HTTPException 403 unless the form was made for the browser that sends it."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(403)
    if cookie_value is None or not equal(form_token(cookie_value).encode(), form.text(FIELD).encode()):
        raise HTTPException(403)
