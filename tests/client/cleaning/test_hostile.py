"""Files made to harm: bounded, refused with a reason, and never more than one file's loss."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from app.client.cleaning.copying import copy_of
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
        copy_of(make(), (), NOBODY, None)
    assert refused.value.code == code


@pytest.mark.long
def test_a_polyglot_is_drawn_as_what_it_begins_as() -> None:
    """A picture that is an archive too comes as its pixels only."""
    data = planted.jpeg() + planted._zip({"word/document.xml": "<w>MARKER-ZIP</w>"})
    (page,) = copy_of(data, (), NOBODY, None).pages
    assert b"MARKER" not in page
    assert b"PK\x03\x04" not in page


@pytest.mark.long
def test_a_decoder_that_does_not_end_is_ended() -> None:
    """The parent's clock ends a child that takes too long."""
    begun = time.monotonic()
    with pytest.raises(CleaningError):
        list(decode(planted.jpeg(), seconds=0.01))
    assert time.monotonic() - begun < 60


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
    assert len(copy_of(planted.gif(), (), NOBODY, None).pages) == 1
