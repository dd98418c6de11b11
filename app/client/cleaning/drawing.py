"""Boxes on pages, and pages as pictures that carry nothing but their pixels."""

import io
import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image, ImageDraw

from app.client.cleaning.frames import MIB, Drawn
from app.domain.pages import PICTURE, Sheet, read_page
from app.domain.pages.form import PNG_MAGIC

BOX_WIDTHS = (16, 34, 100)
"""The only widths of boxes, in percent of a sheet: a box as wide as what it covers tells whose name it is."""
_ROUND = 3
"""Pixels that a box is larger than what it covers, on each side."""
_QUALITY = 82
_LARGEST_PNG = MIB
_FAINT = 8
_LEVELS = [0 if level < _FAINT else 255 if level > 255 - _FAINT else level for level in range(256)]
"""White for nearly white and black for nearly black: what nobody sees there, a program would bring out again."""


class Rectangle(NamedTuple):
    """Edges in pixels of a sheet."""

    left: int
    top: int
    right: int
    bottom: int


def image_of(page: Drawn) -> Image.Image:
    """Return a page as an image of ours: pixels, and nothing that a file brought along."""
    return Image.frombytes(page.mode, page.size, page.pixels)


def cover(image: Image.Image, needs: Iterable[Rectangle]) -> list[Rectangle]:
    """Draw a solid box over each rectangle, of one of three widths; return the boxes."""
    boxes = [widened(need, image.width, image.height) for need in needs]
    pen = ImageDraw.Draw(image)
    for box in boxes:
        pen.rectangle(box, fill=0 if image.mode == "L" else (0, 0, 0))
    return boxes


def widened(need: Rectangle, width: int, height: int) -> Rectangle:
    """Return the box for what must be covered, inside a sheet."""
    wanted = need.right - need.left + 2 * _ROUND
    widths = [share * width // 100 for share in BOX_WIDTHS]
    chosen = next((each for each in widths if each >= wanted), width)
    left = min(max(0, (need.left + need.right - chosen) // 2), width - chosen)
    top, bottom = max(0, need.top - _ROUND), min(height - 1, need.bottom + _ROUND)
    return Rectangle(left, top, left + chosen - 1, max(top, bottom))


def encoded(image: Image.Image) -> bytes:
    """Return a page as a picture of the strict form; raises PageProblem where a library writes another one."""
    data, image = b"", image.point(_LEVELS * len(image.getbands()))
    if Sheet(*image.size) not in (PICTURE, PICTURE.lying):
        data = _png(image)
    if not data or len(data) > _LARGEST_PNG:
        data = _jpeg(image)
    read_page(data)
    return data


def _png(image: Image.Image) -> bytes:
    """Return a PNG of three chunks, rows unfiltered: letters pack as well so, in half the time of a library."""
    pixels, row = image.tobytes(), image.width * len(image.getbands())
    rows = b"".join([b"\0" + pixels[start : start + row] for start in range(0, len(pixels), row)])
    header = struct.pack(">IIBBBBB", *image.size, 8, 0 if image.mode == "L" else 2, 0, 0, 0)
    return b"".join((PNG_MAGIC, _chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows, 1)), _chunk(b"IEND", b"")))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return stream.getvalue()
