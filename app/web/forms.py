"""Reading ordinary forms, bounded and in memory only.

Starlette's own form parser writes large parts to disk in plaintext, so it is not used: these pages take
`application/x-www-form-urlencoded` bodies of at most 16 KiB and nothing else.
"""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

FORM_BYTES = 16 * 1024
FORM_FIELDS = 64
_MEDIA_TYPE = "application/x-www-form-urlencoded"


class Form:
    """The fields of one submitted form; the values never show in a representation."""

    def __init__(self, fields: dict[str, str]) -> None:
        self._fields = fields

    def __repr__(self) -> str:
        """Name the fields, not what was typed into them."""
        return f"Form({sorted(self._fields)})"

    def text(self, name: str) -> str:
        """Return a field without the blanks around it, or the empty text."""
        return self._fields.get(name, "").strip()

    def raw(self, name: str) -> str:
        """Return a field exactly as typed, for passwords."""
        return self._fields.get(name, "")


async def _bounded_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            raise HTTPException(413)
    return bytes(body)


def parse_form(body: bytes) -> Form:
    """Return the form in a body. Raises HTTPException 422 for what no browser sends."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FORM_FIELDS, errors="strict")
    except ValueError:
        raise HTTPException(422) from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise HTTPException(422)
    return Form(dict(pairs))


async def read_form(request: Request) -> Form:
    """Read the form of a request. Raises HTTPException 413, 415 or 422."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _MEDIA_TYPE:
        raise HTTPException(415)
    return parse_form(await _bounded_body(request))


SubmittedForm = Annotated[Form, Depends(read_form)]
