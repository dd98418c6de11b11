"""PDF to pixels, at 150 dots an inch, with the words of its text layer where they stand. Runs in the child only.

What is drawn is what a reader of the PDF sees: annotations too, since somebody may have covered a name with one.
"""

import codecs
import ctypes
import math
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as api
from PIL import Image

from app.client.cleaning.frames import Refused, Word
from app.client.cleaning.pictures import MOST_PAGES, greyed
from app.domain.pages import DOCUMENT, Sheet, sheet_for

_MOST_SCALE = 300 / 72
"""Pixels a point: a small receipt is not blown up without end."""
_MOST_LETTERS = 20_000
"""Letters of a page that are looked at; a page with more is not a page of text."""
_SMALLEST_SIDE = 1.0
_FAR = 10_000.0
"""Points from the origin to where a page's place on the sheet is measured: pixels are whole there too."""
_PARTED = "\x02"
"""What PDFium has where a hyphen at the end of a line parts a word, U+FFFE in a whole text."""
_WORD = re.compile(rf"[^\s{_PARTED}]+{_PARTED}?")
_UTF16 = "utf-16-le"
codecs.lookup(_UTF16)  # else looked for on the disk once the child has no files left

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
    size = (min(math.ceil(width * scale), sheet.width), min(math.ceil(height * scale), sheet.height))
    left, top = (sheet.width - size[0]) // 2, (sheet.height - size[1]) // 2
    whole = _drawn(page, sheet, (left, top, *size))
    words = tuple(_words(page, _Place(page, size, left, top)))
    return whole, (left, top, left + size[0], top + size[1]), words


def _drawn(page: pdfium.PdfPage, sheet: Sheet, place: tuple[int, int, int, int]) -> Image.Image:
    """Draw a page, its annotations and what was typed into its forms, at its place on a white sheet."""
    bitmap = pdfium.PdfBitmap.new_native(sheet.width, sheet.height, api.FPDFBitmap_BGR, rev_byteorder=True)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, sheet.width, sheet.height)
    flags = api.FPDF_ANNOT | api.FPDF_REVERSE_BYTE_ORDER
    api.FPDF_RenderPageBitmap(bitmap, page, *place, 0, flags)
    if page.formenv:
        api.FPDF_FFLDraw(page.formenv, bitmap, page, *place, 0, flags)
    return _grey(bitmap) or greyed(bitmap.to_pil())


def _grey(bitmap: pdfium.PdfBitmap) -> Image.Image | None:
    """Return a page without any colour in one channel, which is that of most letters; None for others."""
    size = (bitmap.width, bitmap.height)
    red, green, blue = Image.frombuffer("RGB", size, bitmap.buffer, "raw", "RGB", bitmap.stride, 1).split()
    pixels = red.tobytes()
    return red if pixels == green.tobytes() == blue.tobytes() else None


class _Place:
    """Where on the sheet a point of a page is drawn: straight lines stay straight, so three points tell of all."""

    def __init__(self, page: pdfium.PdfPage, size: tuple[int, int], left: int, top: int) -> None:
        (x, y), (x1, y1), (x2, y2) = (_far(page, size, *point) for point in ((0, 0), (_FAR, 0), (0, _FAR)))
        self._across = ((x1 - x) / _FAR, (x2 - x) / _FAR, left + x)
        self._down = ((y1 - y) / _FAR, (y2 - y) / _FAR, top + y)

    def edges(self, one: api.FS_RECTF, other: api.FS_RECTF) -> tuple[int, int, int, int]:
        """Return the pixels around two rectangles of the page, rounded outwards."""
        xs, ys = (one.left, one.right, other.left, other.right), (one.bottom, one.top, other.bottom, other.top)
        (a, b, c), (d, e, f) = self._across, self._down
        across = [a * x + b * y + c for x, y in zip(xs, ys, strict=True)]
        down = [d * x + e * y + f for x, y in zip(xs, ys, strict=True)]
        return math.floor(min(across)), math.floor(min(down)), math.ceil(max(across)), math.ceil(max(down))


def _far(page: pdfium.PdfPage, size: tuple[int, int], x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    api.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value, down.value


def _words(page: pdfium.PdfPage, place: _Place) -> Iterator[Word]:
    text = page.get_textpage()
    letters = _letters(text)
    first, last = api.FS_RECTF(), api.FS_RECTF()
    for found in _WORD.finditer(letters):
        start, end = found.span()
        word = found[0].rstrip(_PARTED)
        # Of its first and last letter: each box is as high as its line.
        boxed = (_box(text, start, first), _box(text, start + max(1, len(word)) - 1, last))
        if not all(boxed):
            raise pdfium.PdfiumError("a letter that is nowhere")  # it could be anybody's: nothing of the page is shown
        yield Word(word + "-" * (end - start > len(word)), *place.edges(first, last))


def _box(text: pdfium.PdfTextPage, place: int, into: api.FS_RECTF) -> bool:
    return bool(api.FPDFText_GetLooseCharBox(text, place, ctypes.byref(into)))


def _letters(text: pdfium.PdfTextPage) -> str:
    """Return the letters of a page, each at its own place in PDFium's list, also where one has no character."""
    count = max(0, min(text.count_chars(), _MOST_LETTERS))
    together = _together(text, count)
    letters = together or "".join(chr(api.FPDFText_GetUnicode(text, place) or 32) for place in range(count))
    return "".join(letter if letter.isprintable() or letter == _PARTED else " " for letter in letters)


def _together(text: pdfium.PdfTextPage, count: int) -> str:
    """Return the letters by one call; none where it left one out, joined or split one: then places would be wrong."""
    room = ctypes.create_string_buffer(2 * count + 2)
    written = api.FPDFText_GetText(text, 0, count, ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)))
    letters = room.raw[: 2 * count].decode(_UTF16, "replace") if written == count + 1 else ""
    letters = letters.replace("\ufffe", _PARTED)
    firsts = (found.start() for found in _WORD.finditer(letters))
    whole = len(letters) == count and all(api.FPDFText_GetUnicode(text, at) == ord(letters[at]) for at in firsts)
    return letters if whole else ""
