"""What every answer says to the browser, whatever route or error made it.

1. Nothing is loaded, framed, submitted or run unless this list names it (CSP from `default-src 'none'`).
2. A page submits forms only if it has forms: with `'self'` everywhere, an injected form could carry away what is typed.
3. Strings never become script (Trusted Types): a page of ours that tried would fail instead.
4. No address of ours reaches another site (`no-referrer`), and no other site's window reaches ours (COOP, CORP).
5. Nothing is kept by caches, unless the route that made the answer says otherwise.

A route may set a header itself; this middleware then leaves it alone. The answer to a crash is made outside of all
middleware, so errors.py protects that one itself.
"""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
_DENIED_FEATURES: Final = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
_DAY: Final = 24 * 60 * 60
HSTS: Final = f"max-age={2 * 365 * _DAY}; includeSubDomains"


def content_security_policy(*, forms: bool, sealed: bool = False) -> str:
    """Return the policy of a page that has ordinary forms, or of one that has none; `sealed` ones have our worker.

    A worker's address is script in the sense of Trusted Types: each policy that is named here lets one address through
    (app/static/seal/crew.js; app/static/copies/reader.js).
    """
    if forms and sealed:
        raise ValueError("a sealed page submits no form")
    policy = {**_POLICY, "form-action": "'self'" if forms else "'none'"}
    if sealed:
        policy |= {"worker-src": "'self'", "trusted-types": "resguardo-worker resguardo-pages"}
    return "; ".join(f"{name} {value}" for name, value in policy.items())


STANDARD: Final = {
    "content-security-policy": content_security_policy(forms=False),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in _DENIED_FEATURES),
    "cache-control": "no-store",
}


SUBRESOURCE: Final = {"content-security-policy": "default-src 'none'; frame-ancestors 'none'", "permissions-policy": ""}
"""For files that pages load: none is a page, so that less stands in each of many answers over a slow line."""
PICTURE: Final = {"content-security-policy": "default-src 'none'; img-src data:; frame-ancestors 'none'"}
"""For a page of evidence in its reader's mark: a drawing that holds its picture, and loads nothing."""
FOR_WORKER: Final = {**SUBRESOURCE, "content-security-policy": "default-src 'none'; script-src 'self'"}
"""For the sealing worker, which holds what is secret, and the one that reads PDFs, which strangers wrote: each loads
its modules and reaches nothing else, not even us."""


def protect(headers: MutableHeaders, *, https: bool) -> None:
    """Add the headers that an answer does not have yet; `https` says that TLS stands in front."""
    for name, value in STANDARD.items():
        headers.setdefault(name, value)
    if https:
        headers.setdefault("strict-transport-security", HSTS)


class ProtectiveHeaders:
    """ASGI application around another one that adds the headers above; `https` says that TLS stands in front."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), https=self._https)
            await send(message)

        await self._app(scope, receive, send_protected)
