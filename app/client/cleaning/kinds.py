"""What a file is, by its content: names lie, and a polyglot is whatever opens it."""

import io
import zipfile
from typing import Final

from app.client.cleaning.frames import Refused

PICTURE: Final = "picture"
PDF: Final = "pdf"
WORD: Final = "word"
OPEN_TEXT: Final = "open_text"
SHEET: Final = "sheet"
PLAIN: Final = "plain"

_PICTURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"avif"})
_SOUND = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9", b"OggS", b"fLaC", b"#!AMR")
_FILM = (b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba", b"FLV")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MARKUP = (b"<?xml", b"<svg", b"<!doctype", b"<html")
_MIMETYPE = "application/vnd.oasis.opendocument.text"


def kind_of(data: bytes) -> str:
    """Return the kind of a file that can be cleaned. Raises Refused."""
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return PICTURE
    if data[4:8] == b"ftyp":
        if data[8:12] in _HEIF_BRANDS:
            return PICTURE
        raise Refused("sound")
    if data.startswith((*_SOUND, *_FILM)) or (data[:4] == b"RIFF" and data[8:12] in (b"WAVE", b"AVI ")):
        raise Refused("sound")
    if data.startswith(b"PK\x03\x04"):
        return _inside(data)
    return _told_by_text(data)


def _inside(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise Refused("broken") from error
    if "word/document.xml" in names:
        return WORD
    if "xl/workbook.xml" in names:
        return SHEET
    if "mimetype" in names and data[38:].startswith(_MIMETYPE.encode()):
        return OPEN_TEXT
    if "EncryptedPackage" in names:
        raise Refused("locked")
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise Refused("office")
    raise Refused("archive")


def _told_by_text(data: bytes) -> str:
    if data.startswith(_OLD_OFFICE):
        raise Refused("office")
    if data.startswith(b"{\\rtf"):
        raise Refused("office")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP) or b"<svg" in start:
        raise Refused("markup")
    return PLAIN
