"""Forms that bring files, taken apart in memory that somebody has bounded already (law L2).

Starlette's parser spools parts over 1 MB to disk in plaintext, so this one works on the whole body and copies each part
once. It reads what browsers send and refuses the rest: every part is named, none is nested, none is transfer-encoded.

Source: RFC 7578; the WHATWG's "multipart/form-data encoding algorithm" for how names are escaped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request

MAX_PARTS = 600
MAX_HEAD = 4 * 1024
"""Bytes of one part's header lines; a file's name stands there."""
_BOUNDARY = re.compile(r'(?i)multipart/form-data;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))\s*\Z')
_DISPOSITION = re.compile(
    rb'(?i)content-disposition:\s*form-data;\s*name="([^"\r\n]*)"(?:;\s*filename="([^"\r\n]*)")?\s*\Z'
)
_ESCAPES = ((b"%22", b'"'), (b"%0D", b"\r"), (b"%0A", b"\n"))


@dataclass(frozen=True)
class Upload:
    """A file of a form: the field it was chosen in, its name on the sender's device, and its content."""

    place: str
    name: str = field(repr=False)
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Parts:
    """What a form brought: names and values in order, and files; fields in which no file was chosen are left out."""

    pairs: tuple[tuple[str, str], ...] = field(repr=False)
    files: tuple[Upload, ...] = field(repr=False)


def boundary_of(request: Request) -> bytes:
    """Return what separates the parts of a request's body. Raises HTTPException: 415."""
    found = _BOUNDARY.match(request.headers.get("content-type", "").strip())
    if found is None:
        raise HTTPException(415)
    return (found[1] or found[2]).encode("latin-1")


def parse_multipart(body: bytearray, boundary: bytes) -> Parts:
    """Return the parts of a body. Raises HTTPException: 422 for what no browser sends."""
    pairs, files = [], []
    for name, file_name, data in _parts(body, boundary):
        if file_name is None:
            pairs.append((name, _text(data)))
        elif file_name or data:
            files.append(Upload(name, file_name, data))
    return Parts(tuple(pairs), tuple(files))


def _parts(body: bytearray, boundary: bytes) -> Iterator[tuple[str, str | None, bytes]]:
    """Yield name, file name and content of each part."""
    between = b"\r\n--" + boundary
    if not body.startswith(between[2:]):
        raise HTTPException(422)
    place = len(between) - 2
    for _ in range(MAX_PARTS):
        if body.startswith(b"--", place):
            return
        end = body.find(between, place)
        head_end = body.find(b"\r\n\r\n", place, place + MAX_HEAD)
        if not body.startswith(b"\r\n", place) or end < 0 or not 0 <= head_end < end:
            raise HTTPException(422)
        name, file_name = _named(bytes(body[place:head_end]))
        yield name, file_name, bytes(memoryview(body)[head_end + 4 : end])
        place = end + len(between)
    raise HTTPException(422)


def _named(head: bytes) -> tuple[str, str | None]:
    found = [match for line in head.split(b"\r\n") if (match := _DISPOSITION.match(line))]
    if len(found) != 1 or b"content-transfer-encoding" in head.lower():
        raise HTTPException(422)
    name, file_name = found[0].groups()
    return _unescaped(name), None if file_name is None else _unescaped(file_name)


def _unescaped(raw: bytes) -> str:
    for escape, plain in _ESCAPES:
        raw = raw.replace(escape, plain)
    return _text(raw)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise HTTPException(422) from None
