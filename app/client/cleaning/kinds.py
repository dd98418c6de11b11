"""What a file is, by its content: names lie, and a polyglot is whatever opens it."""

import io
import re
import zipfile
from typing import Final

from app.client.cleaning.frames import Refused

PICTURE: Final = "picture"
PDF: Final = "pdf"
WORD: Final = "word"
OPEN_TEXT: Final = "open_text"
SHEET: Final = "sheet"
OPEN_SHEET: Final = "open_sheet"
PLAIN: Final = "plain"

PACKAGE: Final = b"PK\x03\x04"
"""With which documents of offices begin, and archives."""
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
_OPEN = {
    b"application/vnd.oasis.opendocument.text": OPEN_TEXT,
    b"application/vnd.oasis.opendocument.spreadsheet": OPEN_SHEET,
}
_MARKED = re.compile(rb"\s*<[a-z!?/][^<>]*>", re.IGNORECASE)
_CARDS = (b"begin:vcard", b"begin:vcalendar")
_HEADER = re.compile(rb"(?:From [^\n]+\n)?(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_OF_MAIL = re.compile(
    rb"^(?:received|return-path|message-id|mime-version|delivered-to|dkim-signature|content-transfer-encoding"
    rb"|x-[a-z-]+|in-reply-to|reply-to|references):",
    re.IGNORECASE | re.MULTILINE,
)
"""Lines of a message that its reader does not see: how it came, by which machines, from whom in truth."""


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
    if data.startswith(PACKAGE):
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
    if "mimetype" in names and (kind := _open_kind(data)):
        return kind
    if "EncryptedPackage" in names:
        raise Refused("locked")
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise Refused("office")
    raise Refused("archive")


def _open_kind(data: bytes) -> str:
    """Return what a package of LibreOffice is: its first member says so, stored as it is; none for other ones."""
    start = 30 + int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    said = data[start : start + 64]
    return next((kind for mark, kind in _OPEN.items() if said.startswith(mark) and said[len(mark) :][:1] != b"-"), "")


def _told_by_text(data: bytes) -> str:
    if data.startswith(_OLD_OFFICE):
        raise Refused("office")
    if data.startswith(b"{\\rtf"):
        raise Refused("office")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP) or b"<svg" in start or (_MARKED.match(start) and b"</" in data[:65536]):
        raise Refused("markup")
    if start.startswith(_CARDS) or _is_mail(data):
        raise Refused("mail")
    return PLAIN


def _is_mail(data: bytes) -> bool:
    head = _HEADER.match(data[:65536].lstrip(b"\xef\xbb\xbf\r\n").replace(b"\r\n", b"\n"))
    return head is not None and _OF_MAIL.search(head[0]) is not None
