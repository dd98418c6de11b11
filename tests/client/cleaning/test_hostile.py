"""Files made to harm: bounded, refused with a reason, and never more than one file's loss."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from app.client.cleaning.copying import Eyes, copy_of
from app.client.cleaning.errors import CleaningError
from app.client.cleaning.supervision import decode
from app.domain.redaction import Engine
from tests.client.cleaning import planted

NOBODY = Engine((), (), "es")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def huge_png() -> bytes:
    """A picture that declares 60,000 by 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 9999))
        + _chunk(b"IEND", b"")
    )


def zip_bomb() -> bytes:
    """A Word file that unfolds to 300 MB."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 300_000_000)
    return stream.getvalue()


def lying_zip() -> bytes:
    """A Word file that unfolds to more than it declares."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<w>" + b" " * 60_000_000 + b"</w>")
    data = bytearray(stream.getvalue())
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 1000)
    return bytes(data)


def entities() -> bytes:
    """A Word file with a billion laughs and an external entity."""
    bomb = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]><d>&b;&x;</d>'
    return planted._zip({"word/document.xml": bomb})


def deep_xml() -> bytes:
    """A Word file nested a hundred thousand deep."""
    return planted._zip({"word/document.xml": "<a>" * 100_000 + "</a>" * 100_000})


def many_pages() -> bytes:
    """A PDF of ten thousand pages."""
    writer, stream = PdfWriter(), io.BytesIO()
    for _ in range(10_000):
        writer.add_blank_page(72, 72)
    writer.write(stream)
    return stream.getvalue()


def locked() -> bytes:
    """A PDF with a password."""
    stream = io.BytesIO()
    planted.picture().save(stream, "PDF")
    writer = PdfWriter(clone_from=PdfReader(stream))
    writer.encrypt("secreto", algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def moving() -> bytes:
    """An animation."""
    stream = io.BytesIO()
    frames = [Image.new("L", (64, 64), shade) for shade in (0, 90, 180)]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    return stream.getvalue()


def looping_pages() -> bytes:
    """A PDF whose tree of pages is its own branch."""
    return _pdf(b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999999 /Parent 2 0 R >>")


def looping_drawing() -> bytes:
    """A PDF whose page draws a form that draws itself."""
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources << /XObject << /X 4 0 R >> >> /Length 5 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R"
    page += b" /Resources << /XObject << /X 4 0 R >> >> >>"
    return _pdf(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, form + b"\nstream\n/X Do\nendstream")


def inflating_stream() -> bytes:
    """A PDF whose page inflates to 150 MB of drawing orders."""
    squeezer = zlib.compressobj(9)
    data = b"".join(squeezer.compress(b"q Q " * 250_000) for _ in range(150)) + squeezer.flush()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>"
    head = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(data)
    return _pdf(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, head + data + b"\nendstream")


def huge_image_in_pdf() -> bytes:
    """A PDF whose image declares 100,000 by 100,000 pixels."""
    image = b"<< /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Length 3 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 5 0 R"
    page += b" /Resources << /XObject << /X 4 0 R >> >> >>"
    draw = b"<< /Length 18 >>\nstream\n99 0 0 99 0 0 cm /X Do\nendstream"
    return _pdf(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, image + b"\nstream\nabc\nendstream", draw)


def _pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects, numbered from 2 on, with a table of where they stand."""
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate((b"<< /Type /Catalog /Pages 2 0 R >>", *objects), start=1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    end = b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def inflating_png() -> bytes:
    """A small picture whose pixels inflate to 300 MB."""
    squeezer = zlib.compressobj(9)
    data = b"".join(squeezer.compress(bytes(1_000_000)) for _ in range(300)) + squeezer.flush()
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def many_frames() -> bytes:
    """A scan of three hundred pages."""
    stream = io.BytesIO()
    pages = [Image.new("1", (8, 8)) for _ in range(300)]
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:])
    return stream.getvalue()


def locked_zip() -> bytes:
    """A Word file in a ZIP with a password."""
    data = bytearray(planted._zip({"word/document.xml": "<w/>"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def full_sheet() -> bytes:
    """A sheet whose one full cell is repeated over all rows and columns."""
    cell = '<t:table-cell t:number-columns-repeated="16384"><x:p>a</x:p></t:table-cell>'
    rows = f'<t:table t:name="a"><t:table-row t:number-rows-repeated="1048576">{cell}</t:table-row></t:table>'
    text = f'<o:c xmlns:o="u:office" xmlns:t="u:table" xmlns:x="u:text"><o:body>{rows}</o:body></o:c>'
    return planted._open_zip("application/vnd.oasis.opendocument.spreadsheet", {"content.xml": text}, "")


def wide_sheet() -> bytes:
    """A workbook that says it has a million rows of sixteen thousand columns."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.cell(1_048_576, 16_384, "a")
    book.save(stream)
    return stream.getvalue()


def many_members() -> bytes:
    """A Word file of six thousand parts."""
    return planted._zip({"word/document.xml": "<w/>", **{f"word/{number}.xml": "" for number in range(6000)}})


QUICK: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a picture of 60,000 by 60,000": ("broken", huge_png),
    "an external entity": ("broken", entities),
}
LONG: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a ZIP bomb": ("bomb", zip_bomb),
    "a ZIP that lies": ("broken", lying_zip),
    "deep XML": ("broken", deep_xml),
    "ten thousand pages": ("pages", many_pages),
    "a password": ("locked", locked),
    "a ZIP with a password": ("locked", locked_zip),
    "a PDF that is its own branch": ("broken", looping_pages),
    "a scan of three hundred pages": ("pages", many_frames),
    "a full sheet": ("bomb", full_sheet),
    "a wide sheet": ("bomb", wide_sheet),
    "six thousand parts": ("bomb", many_members),
    "an animation": ("moving", moving),
    "a truncated photograph": ("broken", lambda: planted.jpeg()[:6000]),
    "a truncated PDF": ("broken", lambda: planted.pdf()[:900]),
    "a page of the web": ("markup", lambda: b"<!DOCTYPE html><script>1</script>"),
    "a drawing": ("markup", lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    "an archive": ("archive", lambda: planted._zip({"a.txt": "hola"})),
    "an old Word file": ("office", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 999),
    "a recording": ("sound", lambda: b"OggS" + b"\0" * 99),
    "a film": ("sound", lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 99),
    "a program": ("unknown", lambda: b"\x7fELF" + bytes(range(256)) * 99),
    "nothing": ("empty", lambda: b""),
    "only spaces": ("empty", lambda: b"  \n \n"),
}
_CASES = [*QUICK, *(pytest.param(name, marks=pytest.mark.long) for name in LONG)]


@pytest.mark.parametrize("name", _CASES)
def test_a_hostile_or_unknown_file_is_refused_with_its_reason(name: str) -> None:
    """Whatever a file is, its maker gets words and the next step, and the program goes on."""
    code, make = {**QUICK, **LONG}[name]
    with pytest.raises(CleaningError) as refused:
        copy_of(make(), (), NOBODY, Eyes())
    assert refused.value.code == code


@pytest.mark.long
@pytest.mark.parametrize("make", [looping_drawing, inflating_stream, huge_image_in_pdf, inflating_png])
def test_a_hostile_page_is_flattened_or_refused_within_its_bounds(make: Callable[[], bytes]) -> None:
    """Drawn as far as it goes, on one sheet, or refused with a reason: the child's memory and time end it."""
    try:
        copy = copy_of(make(), (), NOBODY, Eyes())
    except CleaningError as error:
        assert error.code in {"broken", "bomb", "time"}  # noqa: PT017 - either end is right, each within its bounds
    else:
        assert len(copy.pages) == 1


@pytest.mark.long
def test_macros_and_fields_stay_behind() -> None:
    """A Word file with macros is the text that a reader sees."""
    copy = copy_of(planted.docx(), (), NOBODY, Eyes())
    assert copy.text is not None
    assert "MARKER" not in copy.text


@pytest.mark.long
def test_a_polyglot_is_drawn_as_what_it_begins_as() -> None:
    """A picture that is an archive too comes as its pixels only."""
    data = planted.jpeg() + planted._zip({"word/document.xml": "<w>MARKER-ZIP</w>"})
    (page,) = copy_of(data, (), NOBODY, Eyes()).pages
    assert b"MARKER" not in page
    assert b"PK\x03\x04" not in page


@pytest.mark.long
def test_a_decoder_that_does_not_end_is_ended() -> None:
    """The parent's clock ends a child that takes too long."""
    with pytest.raises(CleaningError):
        list(decode(planted.jpeg(), seconds=0.01))


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are those of POSIX")
def test_the_child_opens_no_file_and_no_connection() -> None:
    """Once a foreign file is decoded, neither a file nor a socket nor much memory can be had in that process."""
    code = (
        "import socket\n"
        "from app.client.cleaning.workshop import confine\n"
        "confine()\n"
        "said = []\n"
        "for what in (lambda: open('/etc/passwd'), socket.socket, lambda: bytearray(2 ** 31)):\n"
        "    try:\n"
        "        what(); said.append('open')\n"
        "    except (OSError, MemoryError):\n"
        "        said.append('shut')\n"
        "print(*said)\n"
    )
    run = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, env=os.environ, check=True)
    assert run.stdout.split() == ["shut", "shut", "shut"]


@pytest.mark.long
def test_a_module_laid_beside_the_evidence_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of evidence is not a place from which the child takes its libraries."""
    (tmp_path / "PIL").mkdir()
    (tmp_path / "PIL" / "__init__.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    assert len(copy_of(planted.gif(), (), NOBODY, Eyes()).pages) == 1
