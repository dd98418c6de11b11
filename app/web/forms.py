"""Reading ordinary forms, bounded and in memory only.

Starlette's own form parser writes large parts to disk in plaintext, so it is not used: these pages take
`application/x-www-form-urlencoded` bodies of at most 16 KiB and nothing else. The pages of assisted intake bring more,
in bodies that their door has read (assisted_door.py); files come by multipart.py.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

FORM_BYTES = 16 * 1024
FORM_FIELDS = 256
_MEDIA_TYPE = "application/x-www-form-urlencoded"


class Form:
    """The fields of one submitted form; the values never show in a representation."""

    def __init__(self, fields: dict[str, str], repeated: dict[str, tuple[str, ...]] | None = None) -> None:
        self._fields = fields
        self._repeated = repeated or {}

    def __repr__(self) -> str:
        """Name the fields, not what was typed into them."""
        return f"Form({sorted(self._fields)})"

    def text(self, name: str) -> str:
        """Return a field without the blanks around it, or the empty text."""
        return self._fields.get(name, "").strip()

    def many(self, name: str) -> tuple[str, ...]:
        """Return what was chosen of a field that may stand more than once."""
        return self._repeated.get(name, ())

    def names(self, start: str) -> list[str]:
        """Return what follows a start in the names of the fields that have it."""
        return [name.removeprefix(start) for name in self._fields if name.startswith(start)]

    def raw(self, name: str) -> str:
        """Return a field exactly as typed, for passwords."""
        return self._fields.get(name, "")


def number_in(text: str) -> int:
    """Return a number of an account as forms and addresses carry it, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def named(fields: Iterable[str], start: str) -> frozenset[int]:
    """Return the numbers at the end of those names that have a start, such as 7 of `to-7`."""
    found = {number_in(name.removeprefix(start)) for name in fields if name.startswith(start)}
    return frozenset(found - {0})


def numbers_of(form: Form, start: str) -> frozenset[int]:
    """Return the numbers at the end of the names of a form's fields."""
    return named((f"{start}{name}" for name in form.names(start)), start)


async def _bounded_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            raise HTTPException(413)
    return bytes(body)


def parse_form(body: bytes, *, fields: int = FORM_FIELDS, repeatable: Collection[str] = ()) -> Form:
    """Return the form in a body; `repeatable` may stand more than once. Raises HTTPException 422 for anything else."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=fields, errors="strict")
    except ValueError:
        raise HTTPException(422) from None
    return form_of(pairs, repeatable)


def form_of(pairs: Sequence[tuple[str, str]], repeatable: Collection[str] = ()) -> Form:
    """Return a form of names and values. Raises HTTPException 422 for a name that stands twice and may not."""
    single = [(name, value) for name, value in pairs if name not in repeatable]
    if len({name for name, _ in single}) != len(single):
        raise HTTPException(422)
    many = {name: tuple(value for found, value in pairs if found == name) for name in repeatable}
    return Form(dict(single), many)


async def read_form(request: Request) -> Form:
    """Read the form of a request. Raises HTTPException 413, 415 or 422."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _MEDIA_TYPE:
        raise HTTPException(415)
    return parse_form(await _bounded_body(request))


SubmittedForm = Annotated[Form, Depends(read_form)]
