"""Pages bound into a PDF: a typesetter sets everything but the pictures, and the pictures take their places here.

Rules
    1. The frame holds, for each page, a picture of one row of pixels, as wide as the page's number. Nothing else in it
       is a picture.
    2. A page comes in as it is: a JPEG is what PDF calls DCTDecode, the rows of a PNG are what it calls FlateDecode
       with PNG's predictors. Nothing is decoded, one page is in memory at a time.
    3. Objects keep their numbers and their order; the table of their places is written anew.

Worked example: a frame of 40 pages is some 90 kB. Its objects are copied one by one; at the object `/Width 7/Height 1`
the seventh page is fetched, written in its place, and let go.

Source: ISO 32000-1, 7.4.4.4 (predictors), 7.4.8 (DCT), 7.5.4 (cross-reference table).
"""

import re
from collections.abc import Callable, Iterator

from app.domain.pages.form import JPEG_TYPE, chunks, form_of

_TABLE = re.compile(rb"xref\r?\n0 (\d+)\r?\n")
_TABLE_LINE = 20
_IMAGE = re.compile(
    rb"\d+ 0 obj\n<</Length \d+/Type/XObject/Subtype/Image/Filter/FlateDecode/Width (\d+)/Height 1"
    rb"(/ColorSpace [^/<>]+)/BitsPerComponent 8>>\nstream\n"
)


def bound(frame: bytes, page: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield the PDF in pieces; `page` returns the picture of a page, from 1 on. Raises ValueError for another frame."""
    start = frame.rindex(b"startxref") + len(b"startxref")
    table = int(frame[start:].split()[0])
    head = _TABLE.match(frame, table)
    if head is None:
        raise ValueError("the frame has no table of places")
    count = int(head[1])
    lines = [frame[at : at + _TABLE_LINE] for at in range(head.end(), head.end() + count * _TABLE_LINE, _TABLE_LINE)]
    places = {number: int(line[:10]) for number, line in enumerate(lines) if line[17:18] == b"n"}
    order = sorted(places, key=lambda number: places[number])
    ends = [places[number] for number in order[1:]] + [table]
    yield frame[: places[order[0]]]
    at, moved = places[order[0]], dict[int, int]()
    for number, end in zip(order, ends, strict=True):
        piece = _object(frame[places[number] : end], page)
        moved[number] = at
        at += len(piece)
        yield piece
    yield _table(lines, moved)
    yield frame[head.end() + count * _TABLE_LINE : start] + b"\n%d\n%%%%EOF" % at


def _object(data: bytes, page: Callable[[int], bytes]) -> bytes:
    """Return an object as it is, or with the page that takes its place (rules 1 and 2)."""
    found = _IMAGE.match(data)
    if found is None:
        return data
    picture = page(int(found[1]))
    form = form_of(picture)
    if form.media == JPEG_TYPE:
        coding, stream = b"/Filter/DCTDecode", picture
    else:
        colours = b"/Colors %d/Columns %d" % (form.channels, form.sheet.width)
        coding = b"/Filter/FlateDecode/DecodeParms<</Predictor 15/BitsPerComponent 8" + colours + b">>"
        stream = b"".join(body for kind, body in chunks(picture) if kind == b"IDAT")
    size = b"/Width %d/Height %d" % form.sheet
    number = data[: data.index(b"<<")]
    entries = b"<</Length %d/Type/XObject/Subtype/Image" % len(stream) + coding + size + found[2]
    return number + entries + b"/BitsPerComponent 8>>\nstream\n" + stream + b"\nendstream\nendobj\n"


def _table(lines: list[bytes], moved: dict[int, int]) -> bytes:
    """Return the table with the places that the objects have now (rule 3)."""
    entries = (b"%010d" % moved[number] + line[10:] if number in moved else line for number, line in enumerate(lines))
    return b"xref\n0 %d\n" % len(lines) + b"".join(entries)
