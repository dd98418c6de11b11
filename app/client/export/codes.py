"""A proof as QR codes: plain text, cut into as many codes as it needs; read one after the other they are the proof.

Each code is dense enough for few pages and coarse enough for a telephone's camera on paper: at most version 25, with
error correction M. No cut falls beside white space, which some readers trim.
"""

import io
from collections.abc import Iterator

import segno

MAX_BYTES = 900
"""Bytes of one code: version 25 with error correction M holds 997."""


def pieces(text: str) -> Iterator[str]:
    """Yield the pieces of a text, each of at most `MAX_BYTES` bytes, that make it when joined."""
    rest = text
    while len(rest.encode()) > MAX_BYTES:
        end = MAX_BYTES
        while len(rest[:end].encode()) > MAX_BYTES or rest[end - 1].isspace() or rest[end].isspace():
            end -= 1
        yield rest[:end]
        rest = rest[end:]
    yield rest


def svg(piece: str) -> str:
    """Return a QR code as an SVG image with its quiet zone; without size, so that the page decides."""
    out = io.BytesIO()
    code = segno.make_qr(piece.encode(), error="m", boost_error=False)
    code.save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4)
    return out.getvalue().decode()
