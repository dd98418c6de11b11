"""PDFs as people have them, for copies that a browser makes: a letter with names, a scan with its words below it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

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


BROKEN: Mapping[str, str] = {
    "a hyphen at the end of a line": "(Lo vio Aure-) Tj T* (lio ayer.) Tj",
    "a hyphen and a space": "(Lo vio Aure- ) Tj T* (lio ayer.) Tj",
    "another hyphen": "(Lo vio Aure\\261) Tj T* (lio ayer.) Tj",
    "no hyphen": "(Lo vio Aure) Tj T* (lio ayer.) Tj",
    "a name over two lines": "(Lo vio Aurelio) Tj T* (Bracamontes ayer.) Tj",
    "letters with spaces": "(Lo vio A u r e l i o ayer.) Tj",
    "letters far apart": "(Lo vio ) Tj 9 Tc (Aurelio) Tj 0 Tc ( ayer.) Tj",
    "letters very far apart": "(Lo vio ) Tj 18 Tc (Aurelio) Tj 0 Tc ( ayer.) Tj",
    "letters one by one": "(Lo vio ) Tj (A) Tj (u) Tj (r) Tj (e) Tj (l) Tj (i) Tj (o) Tj ( ayer.) Tj",
    "letters each placed": "(Lo vio) Tj 60 0 Td (A) Tj 10 0 Td (ur) Tj 13 0 Td (e) Tj 8 0 Td (l) Tj 4 0 Td (io) Tj",
    "two halves beside each other": "(Lo vio Aure) Tj (lio ayer.) Tj",
    "two halves, moved together": "[(Lo vio Aure) 60 (lio ayer.)] TJ",
    "two halves, moved apart": "[(Lo vio Aure) -180 (lio ayer.)] TJ",
    "two halves with a gap": "[(Lo vio Aure) -400 (lio ayer.)] TJ",
    "two halves in different fonts": "(Lo vio Aure) Tj /F9 15 Tf (lio) Tj /F9 14 Tf ( ayer.) Tj",
    "over two columns": "(Lo vio Aure-) Tj 250 0 Td (Otra columna) Tj -250 -18 Td (lio ayer.) Tj 250 0 Td (sigue.) Tj",
}
"""What breaks a name in a PDF: the text of a page, by how it is broken."""


def broken(how: str) -> bytes:
    """Return a PDF of one page on which the name Aurelio is broken."""
    page = _with_picture(Image.new("L", (_WIDTH, _HEIGHT), 255))
    _add_text(page, f"/F9 14 Tf 60 760 Td 18 TL {BROKEN[how]}")
    return _written(page)


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
