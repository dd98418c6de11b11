"""The strict form of a page: pixels and nothing else, told without the libraries that write pictures."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.domain.pages import DOCUMENT, PICTURE, PageProblem, form_of, read_page, sheet_for
from app.domain.pages.form import PNG_MAGIC, PROBLEMS


@cache
def jpeg(mode: str = "RGB", **options: object) -> bytes:
    """Return a page as a JPEG."""
    stream = io.BytesIO()
    Image.new(mode, DOCUMENT, 190).save(stream, "JPEG", **options)
    return stream.getvalue()


@cache
def noisy() -> bytes:
    """Return a page whose scan has bytes that look like the beginning of a marker."""
    stream = io.BytesIO()
    Image.effect_noise(DOCUMENT, 90).save(stream, "JPEG")
    assert b"\xff\x00" in stream.getvalue()
    return stream.getvalue()


@cache
def png(mode: str = "L", size: tuple[int, int] = DOCUMENT, **options: object) -> bytes:
    """Return a page as a PNG."""
    stream = io.BytesIO()
    Image.new(mode, size, 1).save(stream, "PNG", **options)
    return stream.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def made(stream: bytes, width: int = DOCUMENT.width, height: int = DOCUMENT.height, *rest: int) -> bytes:
    """Return a PNG of a stream of pixels."""
    header = struct.pack(">IIBBBBB", width, height, *(rest or (8, 0, 0, 0, 0)))
    return PNG_MAGIC + chunk(b"IHDR", header) + chunk(b"IDAT", stream) + chunk(b"IEND", b"")


def segment(kind: int, body: bytes) -> bytes:
    """Return a JPEG segment."""
    return bytes((0xFF, kind)) + struct.pack(">H", len(body) + 2) + body


PIXELS = (b"\0" * (DOCUMENT.width + 1)) * DOCUMENT.height
GREY = bytes(zlib.compress(PIXELS))


def problem(data: bytes) -> str:
    """Return what is wrong with a page."""
    with pytest.raises(PageProblem) as found:
        read_page(data)
    assert found.value.kind in PROBLEMS
    return found.value.kind


@pytest.mark.parametrize("page", [jpeg(), jpeg("L"), noisy(), png(), png("RGB"), png("L", PICTURE.lying), made(GREY)])
def test_a_page_of_pixels_has_the_form(page: bytes) -> None:
    """Both kinds, grey and colour, upright and lying."""
    form = read_page(page)
    with Image.open(io.BytesIO(page)) as image:
        assert (tuple(form.sheet), form.channels) == (image.size, len(image.getbands()))
    assert form.media == ("image/png" if page.startswith(PNG_MAGIC) else "image/jpeg")


BROKEN = {
    "another type": ("type", b"%PDF-1.7"),
    "nothing": ("type", b""),
    "bytes behind a PNG": ("trailing", png() + b"x"),
    "bytes behind a JPEG": ("trailing", jpeg() + b"x"),
    "pixels behind the pixels": ("trailing", made(zlib.compress(PIXELS + b"MARKER"))),
    "bytes behind the stream": ("trailing", made(GREY + b"MARKER")),
    "too few pixels": ("broken", made(zlib.compress(PIXELS[:-1]))),
    "a stream that is none": ("broken", made(b"no")),
    "a filter that is none": ("broken", made(zlib.compress(b"\7" + PIXELS[1:]))),
    "a text chunk": ("metadata", png()[:33] + chunk(b"tEXt", b"Author\0X") + png()[33:]),
    "a wrong checksum": ("broken", png()[:40] + bytes((png()[40] ^ 1,)) + png()[41:]),
    "no pixels at all": ("broken", PNG_MAGIC + chunk(b"IHDR", b"\0" * 13) + chunk(b"IEND", b"")),
    "a short header": ("broken", PNG_MAGIC + chunk(b"IHDR", b"\0") + chunk(b"IDAT", b"") + chunk(b"IEND", b"")),
    "a chunk cut off": ("broken", png()[:-3]),
    "a palette": ("pixels", made(GREY, *DOCUMENT, 8, 3, 0, 0, 0)),
    "an interlaced picture": ("pixels", made(GREY, *DOCUMENT, 8, 0, 0, 0, 1)),
    "another size": ("sheet", png("L", (640, 480))),
    "another size of a JPEG": (
        "sheet",
        jpeg()[: jpeg().index(b"\xff\xc0") + 5] + b"\0\x10\0\x10" + jpeg()[jpeg().index(b"\xff\xc0") + 9 :],
    ),
    "a comment": ("metadata", jpeg(comment=b"MARKER")),
    "EXIF": ("metadata", jpeg()[:2] + segment(0xE1, b"Exif\0\0MARKER") + jpeg()[2:]),
    "a JFIF thumbnail": ("metadata", jpeg()[:18] + b"\1\1" + jpeg()[20:]),
    "a progressive JPEG": ("pixels", jpeg(progressive=True)),
    "no JFIF header": ("broken", jpeg()[:2] + jpeg()[20:]),
    "a marker in the scan": ("metadata", jpeg()[:-2] + b"\xff\xfe\0\4MA\xff\xd9"),
    "a JPEG without its end": ("broken", jpeg()[:-2]),
    "a JPEG cut in its tables": ("broken", jpeg()[:60]),
    "a JPEG cut between segments": ("broken", jpeg()[:20]),
    "a hundred tables": ("metadata", jpeg()[:20] + segment(0xDB, b"MARKER") * 100 + jpeg()[20:]),
    "other bits a pixel": ("pixels", jpeg().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_page_with_anything_else_is_refused_by_kind(name: str) -> None:
    """Metadata, something behind the end, other pixels, other sizes, broken ones: each by its kind."""
    kind, data = BROKEN[name]
    assert problem(data) == kind


@given(st.integers(2, len(png()) - 1), st.integers(1, 255))
def test_a_changed_byte_of_a_png_is_never_taken(place: int, change: int) -> None:
    """Every byte of a PNG page is under a checksum or has one value."""
    data = bytearray(png())
    data[place] ^= change
    assert problem(bytes(data))


@given(st.binary(max_size=300))
def test_nothing_but_a_problem_comes_of_any_bytes(data: bytes) -> None:
    """Whatever begins like a page, the reader says what is wrong and nothing else."""
    for start in (b"", PNG_MAGIC, b"\xff\xd8", jpeg()[:20]):
        assert problem(start + data)


def test_a_sheet_lies_where_the_picture_is_wide() -> None:
    """Two sheets, upright and lying, for everything."""
    assert sheet_for(DOCUMENT, 3, 2) == DOCUMENT.lying
    assert sheet_for(DOCUMENT, 2, 3) == DOCUMENT


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_the_form_of_an_admitted_page_is_read_from_its_head(form: str) -> None:
    """What shows a page need not inflate it; what is no page is refused."""
    stream = io.BytesIO()
    Image.new("RGB", DOCUMENT.lying, 7).save(stream, form)
    assert form_of(stream.getvalue()) == read_page(stream.getvalue())
    with pytest.raises(PageProblem, match="type"):
        form_of(b"GIF89a")
