"""PDFs as people have them, for copies that a browser makes: a letter with names, a scan with its words below it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from tests.client.cleaning.planted import _add_text

_WIDTH, _HEIGHT = 827, 1170
"""Pixels of A4 at 100 dots an inch."""


def letter(*pages: Sequence[str]) -> bytes:
    """Return a PDF of A4 pages with lines of text, in a font that is not inside."""
    whole = PdfWriter()
    for lines in pages:
        one = _with_picture(Image.new("L", (_WIDTH, _HEIGHT), 255))
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        _add_text(one, f"/F9 14 Tf 60 760 Td 18 TL {shown}")
        whole.append(io.BytesIO(_written(one)))
    return _written(whole)


def scan(words: str) -> bytes:
    """Return a PDF whose page is a picture of words, with the same as text lying below it unseen."""
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    ImageDraw.Draw(picture).text((80, 60), words, fill="black", font=ImageFont.load_default(28))
    writer = _with_picture(picture)
    _add_text(writer, f"/F9 20 Tf 3 Tr 58 {842 - 63} Td ({words}) Tj")
    return _written(writer)


def jpx_scan(words: str) -> bytes:
    """Return a PDF whose page is a picture of words in JPEG 2000, as some scanners write them."""
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, _WIDTH, 40), fill="black")
    ImageDraw.Draw(picture).text((80, 60), words, fill="black", font=ImageFont.load_default(28))
    stream = io.BytesIO()
    picture.save(stream, "JPEG2000")
    writer = _with_picture(picture)
    [held] = writer.pages[0]["/Resources"]["/XObject"].values()  # type: ignore[index]  # dictionaries all the way down
    image = held.get_object()
    image._data = stream.getvalue()
    image[NameObject("/Filter")] = NameObject("/JPXDecode")
    return _written(writer)


def _with_picture(picture: Image.Image) -> PdfWriter:
    stream = io.BytesIO()
    picture.save(stream, "PDF", resolution=100)
    return PdfWriter(clone_from=PdfReader(stream))


def _written(writer: PdfWriter) -> bytes:
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
