"""The strict form of a page: a PNG or a baseline JPEG with pixels and nothing else.

Rules
    1. The content says which of the two it is; a name or a declared type counts nothing.
    2. PNG: IHDR, IDAT, IEND, each with its checksum; grey or colour at 8 bits, no palette, not interlaced; the pixels
       inflate to exactly what width and height say, and nothing follows them, in the stream or in the file.
    3. JPEG: one JFIF header without a thumbnail, tables, one baseline frame, one scan, the end. No application
       data, no comment, no second picture, nothing after the end.
    4. Width and height are those of one of the sheets.

Worked example: a telephone's picture saved again "without metadata" keeps an APP1 segment of 4 kB: `metadata`.

Source: PNG (W3C, third edition), JPEG (ITU-T T.81), JFIF 1.02.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.pages.sheets import SHEETS, Sheet
from app.i18n import N_

PNG_TYPE, JPEG_TYPE = "image/png", "image/jpeg"
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8"
_CHANNELS = {0: 1, 2: 3}
"""Channels by PNG colour type: grey, and red, green and blue."""
_JFIF = b"JFIF\x00"
_APP0, _DQT, _SOF0, _DHT, _SOS, _EOI = 0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9
_MOST_TABLES = 8
_PNG_HEAD = 8 + 8 + 13
"""Bytes of a PNG up to the end of its IHDR: magic, length and name, body."""

PROBLEMS = {
    "type": N_("is neither a PNG nor a JPEG picture"),
    "broken": N_("is broken or incomplete"),
    "metadata": N_("carries something besides its pixels"),
    "trailing": N_("has something behind its end"),
    "pixels": N_("has pixels of another kind than a page"),
    "sheet": N_("has another size than a page"),
    "too_large": N_("is too large"),
}


class PageProblem(Exception):  # noqa: N818 - what is wrong with a page, told by whoever asked
    """Something that a page must not be; `kind` is one of PROBLEMS."""

    def __init__(self, kind: str) -> None:
        """Take the kind."""
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class PageForm:
    """A page that has the form: its media type, its sheet, and channels of a pixel."""

    media: str
    sheet: Sheet
    channels: int


def read_page(data: bytes) -> PageForm:
    """Return the form of a page. Raises PageProblem."""
    if data.startswith(PNG_MAGIC):  # 1
        form = _read_png(data)
    elif data.startswith(JPEG_MAGIC):
        form = _read_jpeg(data)
    else:
        raise PageProblem("type")
    if form.sheet not in SHEETS:  # 4
        raise PageProblem("sheet")
    return form


def form_of(data: bytes) -> PageForm:
    """Return the form of a page that was admitted, from its head alone. Raises PageProblem for anything else."""
    if data.startswith(PNG_MAGIC) and len(data) > _PNG_HEAD:
        width, height, _, colour = struct.unpack_from(">IIBB", data, len(PNG_MAGIC) + 8)
        return PageForm(PNG_TYPE, Sheet(width, height), _CHANNELS[colour])
    if data.startswith(JPEG_MAGIC):
        return _read_jpeg(data)
    raise PageProblem("type")


# 2.


def _read_png(data: bytes) -> PageForm:
    found = list(chunks(data))
    kinds = [kind for kind, _ in found]
    if any(kind not in (b"IHDR", b"IDAT", b"IEND") for kind in kinds):
        raise PageProblem("metadata")
    if len(kinds) < 3 or kinds[0] != b"IHDR" or kinds[-1] != b"IEND" or set(kinds[1:-1]) != {b"IDAT"}:
        raise PageProblem("broken")
    if len(found[0][1]) != 13 or found[-1][1]:
        raise PageProblem("broken")
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", found[0][1])
    if depth != 8 or colour not in _CHANNELS or any(rest):
        raise PageProblem("pixels")
    if Sheet(width, height) not in SHEETS:
        raise PageProblem("sheet")  # before anything is inflated
    _check_pixels(b"".join(body for kind, body in found if kind == b"IDAT"), width * _CHANNELS[colour] + 1, height)
    return PageForm(PNG_TYPE, Sheet(width, height), _CHANNELS[colour])


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and body of each chunk of a PNG. Raises PageProblem."""
    place, kind = len(PNG_MAGIC), b""
    while place < len(data):
        if kind == b"IEND":
            raise PageProblem("trailing")
        size = int.from_bytes(data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + size]
        end = place + 12 + size
        if end > len(data) or int.from_bytes(data[end - 4 : end]) != zlib.crc32(kind + body):
            raise PageProblem("broken")
        yield kind, body
        place = end


def _check_pixels(stream: bytes, row: int, height: int) -> None:
    inflater = zlib.decompressobj()
    try:
        pixels = inflater.decompress(stream, row * height)
        more = inflater.decompress(inflater.unconsumed_tail, 1)
    except zlib.error:
        pixels, more = b"", b""
    if more or inflater.unused_data or inflater.unconsumed_tail:
        raise PageProblem("trailing")
    if len(pixels) != row * height or not inflater.eof or any(filtering > 4 for filtering in pixels[::row]):
        raise PageProblem("broken")


# 3.


def _read_jpeg(data: bytes) -> PageForm:
    frame = b""
    kinds: list[int] = []
    place = len(JPEG_MAGIC)
    while not kinds or kinds[-1] != _SOS:
        kind, body, place = _segment(data, place)
        kinds.append(kind)
        if kind == _SOF0:
            frame = body
    _check_order(kinds, frame)
    _check_end(data, place)
    height, width, channels = struct.unpack(">HHB", frame[1:6])
    if frame[0] != 8 or channels not in (1, 3) or len(frame) != 6 + 3 * channels:
        raise PageProblem("pixels")
    return PageForm(JPEG_TYPE, Sheet(width, height), channels)


def _segment(data: bytes, place: int) -> tuple[int, bytes, int]:
    """Return the marker and the body of a segment, and where the next one begins."""
    if place + 4 > len(data) or data[place] != 0xFF:
        raise PageProblem("broken")
    kind, size = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
    body = data[place + 4 : place + 2 + size]
    if size < 2 or len(body) != size - 2:
        raise PageProblem("broken")
    if kind == _APP0 and (len(body) != 14 or not body.startswith(_JFIF) or body[-2:] != b"\x00\x00"):
        raise PageProblem("metadata")
    if kind not in (_APP0, _DQT, _SOF0, _DHT, _SOS):
        # Progressive frames too: one scan has one meaning, several could hide a picture below another.
        raise PageProblem("pixels" if 0xC0 < kind < 0xD0 else "metadata")
    return kind, body, place + 2 + size


def _check_order(kinds: list[int], frame: bytes) -> None:
    singles = (_APP0, _SOF0, _SOS)
    if any(kinds.count(kind) != 1 for kind in singles) or kinds[0] != _APP0 or len(frame) < 6:
        raise PageProblem("broken")
    if len(kinds) > len(singles) + _MOST_TABLES:
        raise PageProblem("metadata")


def _check_end(data: bytes, place: int) -> None:
    """Check that the scan ends the file: in it every FF is followed by 00 or is the end."""
    end = data.find(b"\xff", place)
    while end >= 0 and data[end + 1 : end + 2] == b"\x00":
        end = data.find(b"\xff", end + 2)
    if end < 0 or end + 2 > len(data):
        raise PageProblem("broken")
    if data[end + 1] != _EOI:
        raise PageProblem("metadata")
    if end + 2 != len(data):
        raise PageProblem("trailing")
