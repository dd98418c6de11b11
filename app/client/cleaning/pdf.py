"""PDF to pixels, at 150 dots an inch, with the words of its text layer where they stand. Runs in the child only.

What is drawn is what a reader of the PDF sees: annotations too, since somebody may have covered a name with one.
"""

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as api
from PIL import Image

from app.client.cleaning.frames import Refused, Word
from app.client.cleaning.pictures import MOST_PAGES, greyed
from app.domain.pages import DOCUMENT, sheet_for

_MOST_SCALE = 300 / 72
"""Pixels a point: a small receipt is not blown up without end."""
_MOST_LETTERS = 20_000
"""Letters of a page that are looked at; a page with more is not a page of text."""
_SMALLEST_SIDE = 1.0

Drawing = tuple[Image.Image, tuple[int, int, int, int], tuple[Word, ...]]


def draw_pdf(data: bytes) -> Iterator[Drawing]:
    """Yield each page on its sheet, what of it the page covers, and its words. Raises Refused."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = "assword" in str(error) or "ecurity" in str(error)
        raise Refused("locked" if locked else "broken") from error
    if not 0 < len(document) <= MOST_PAGES:
        raise Refused("pages" if len(document) else "broken")
    if document.get_formtype():
        document.init_forms()  # else what was typed into a form is not drawn
    for number in range(len(document)):
        try:
            page = document[number]
            yield _draw(page)
            page.close()
        except pdfium.PdfiumError as error:
            raise Refused("broken") from error


def _draw(page: pdfium.PdfPage) -> Drawing:
    width, height = page.get_size()
    if min(width, height) < _SMALLEST_SIDE:
        raise Refused("broken")
    sheet = sheet_for(DOCUMENT, width, height)
    scale = min(sheet.width / width, sheet.height / height, _MOST_SCALE)
    drawn = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
    size = (min(drawn.width, sheet.width), min(drawn.height, sheet.height))
    left, top = (sheet.width - size[0]) // 2, (sheet.height - size[1]) // 2
    whole = Image.new("RGB", sheet, "white")
    whole.paste(drawn, (left, top))  # what a rounded pixel is too much falls off the sheet
    words = tuple(_words(page, size, left, top))
    return greyed(whole), (left, top, left + size[0], top + size[1]), words


def _words(page: pdfium.PdfPage, size: tuple[int, int], left: int, top: int) -> Iterator[Word]:
    text = page.get_textpage()
    letters = [chr(api.FPDFText_GetUnicode(text, place) or 32) for place in range(_most(text.count_chars()))]
    start = 0
    for place, letter in enumerate([*letters, " "]):
        if letter.isprintable() and not letter.isspace():
            continue
        if place > start:
            # Of its first and last letter: each box is as high as its line.
            boxes = (text.get_charbox(start, loose=True), text.get_charbox(place - 1, loose=True))
            corners = [_point(page, x, y, size) for box in boxes for x, y in (box[:2], box[2:])]
            xs, ys = zip(*corners, strict=True)
            edges = (left + min(xs), top + min(ys), left + max(xs), top + max(ys))
            yield Word("".join(letters[start:place]), *edges)
        start = place + 1


def _most(letters: int) -> int:
    return max(0, min(letters, _MOST_LETTERS))


def _point(page: pdfium.PdfPage, x: float, y: float, size: tuple[int, int]) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    api.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value, down.value
