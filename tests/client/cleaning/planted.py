"""Files with markers planted where a program looks and a reader does not: each must stay behind.

Every marker is `MARKER-nn-` and a word for its place; `SEEN` is what a reader sees, and must come along.
"""

from __future__ import annotations

import io
import itertools
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import pillow_heif
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin, TiffImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Popup, Text
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

SEEN = "Se despidio a quien firmo"
_numbers = itertools.count(1)


def marker(place: str) -> str:
    """Return a new marker for a place."""
    return f"MARKER-{next(_numbers):02d}-{place}"


def picture(width: int = 640, height: int = 480) -> Image.Image:
    """Draw what a reader sees."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).text((20, 60), SEEN, fill=(20, 20, 90), font=ImageFont.load_default(28))
    return image


# pictures


def _exif(image: Image.Image) -> Image.Exif:
    exif = Image.Exif()
    for tag, place in ((0x010E, "description"), (0x013B, "artist"), (0x013C, "host"), (0x8298, "copyright")):
        exif[tag] = marker(f"exif-{place}")
    exif[0x9C9B] = marker("xp-title").encode("utf-16-le")
    inside = exif.get_ifd(0x8769)
    inside[0x9286] = b"ASCII\x00\x00\x00" + marker("user-comment").encode()
    inside[0x927C] = marker("maker-note").encode()
    inside[0xA431] = marker("serial")
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (25.0, 40.0, 12.5), "W", (100.0, 18.0, 4.0)
    gps[29] = marker("gps-date")
    return exif


def _xmp(place: str) -> bytes:
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a b="{marker(place)}"/></x:xmpmeta>'.encode()


def _segment(kind: int, body: bytes) -> bytes:
    return bytes((0xFF, kind)) + struct.pack(">H", len(body) + 2) + body


def jpeg() -> bytes:
    """A photograph: EXIF with GPS, thumbnail, XMP, IPTC, comment, profile, unknown segments, bytes after the end."""
    image, stream = picture(), io.BytesIO()
    small = io.BytesIO()
    image.resize((160, 120)).save(small, "JPEG", comment=marker("thumbnail").encode())
    profile = b"\x00" * 128 + marker("profile").encode()
    image.save(
        stream, "JPEG", exif=_exif(image), icc_profile=profile, comment=marker("comment").encode(), xmp=_xmp("xmp")
    )
    data = stream.getvalue()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + marker("iptc").encode()
    more = _segment(0xED, iptc) + _segment(0xEB, marker("app11").encode()) + _segment(0xE5, small.getvalue())
    return data[:2] + more + data[2:] + marker("after-the-end").encode()


def png() -> bytes:
    """A screenshot: texts of all kinds, EXIF, time, a chunk of a program's own, bytes after the end."""
    image, stream, texts = picture(), io.BytesIO(), PngImagePlugin.PngInfo()
    texts.add_text("Comment", marker("text"))
    texts.add_text("Author", marker("ztxt"), zip=True)
    texts.add_itxt("XML:com.adobe.xmp", _xmp("itxt").decode(), zip=True)
    image.save(stream, "PNG", pnginfo=texts, exif=_exif(image))
    data = stream.getvalue()
    own = b"prVt" + marker("private-chunk").encode()
    chunk = struct.pack(">I", len(own) - 4) + own + struct.pack(">I", zlib.crc32(own))
    return data[:-12] + chunk + data[-12:] + marker("after-png").encode()


def tiff() -> bytes:
    """A scan: tags of the scanner and of whoever used it."""
    tags, stream = TiffImagePlugin.ImageFileDirectory_v2(), io.BytesIO()
    for tag in (270, 271, 305, 315, 316, 285, 269):
        tags[tag] = marker(f"tiff-{tag}")
    picture().save(stream, "TIFF", tiffinfo=tags)
    return stream.getvalue()


def webp() -> bytes:
    """A picture from a chat."""
    image, stream = picture(), io.BytesIO()
    image.save(stream, "WEBP", exif=_exif(image), xmp=_xmp("webp-xmp"))
    return stream.getvalue()


def gif() -> bytes:
    """A picture with a comment."""
    stream = io.BytesIO()
    picture().save(stream, "GIF", comment=marker("gif-comment").encode())
    return stream.getvalue()


def heic() -> bytes:
    """A photograph of a newer telephone."""
    pillow_heif.register_heif_opener()
    image, stream = picture(), io.BytesIO()
    image.save(stream, "HEIF", exif=_exif(image).tobytes(), xmp=_xmp("heic-xmp"))
    return stream.getvalue()


# PDF


def pdf() -> bytes:
    """A letter: properties, XMP, attachment, script, outline, text that nobody sees, comments, an earlier save."""
    stream = io.BytesIO()
    picture(1000, 1300).save(stream, "PDF", title=marker("pdf-title"), author=marker("pdf-author"))
    writer = PdfWriter(clone_from=PdfReader(stream))
    writer.add_metadata({"/Keywords": marker("pdf-keywords"), "/Own": marker("pdf-own-key")})
    writer.add_attachment("lista.txt", marker("pdf-attachment").encode())
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert('{marker('pdf-script')}')")}
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(name): value for name, value in script.items()}
    )
    writer.add_outline_item(title=marker("pdf-outline"), page_number=0)
    page = writer.pages[0]
    page[NameObject("/Own")] = TextStringObject(marker("pdf-page-key"))
    note = writer.add_annotation(0, Text(rect=(-50, -50, -40, -40), text=marker("pdf-note")))
    writer.add_annotation(0, Popup(rect=(-50, -50, -40, -40), parent=note))
    _add_text(writer, f"3 Tr 30 30 Td ({marker('pdf-invisible')}) Tj")
    _add_text(writer, f"-900 -900 Td ({marker('pdf-outside')}) Tj")
    _add_text(writer, f"1 1 1 rg 30 60 Td ({marker('pdf-white')}) Tj")
    metadata = DecodedStreamObject()
    metadata.set_data(_xmp("pdf-xmp"))
    writer._root_object[NameObject("/Metadata")] = writer._add_object(metadata)
    first = io.BytesIO()
    writer.write(first)
    again = PdfWriter(io.BytesIO(first.getvalue()), incremental=True)
    again.add_metadata({"/Subject": marker("pdf-second-save")})
    second = io.BytesIO()
    again.write(second)
    return second.getvalue() + f"\n% {marker('pdf-trailing')}\n".encode()


def _add_text(writer: PdfWriter, what: str) -> None:
    page: Any = writer.pages[0]
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = page["/Resources"].get_object().setdefault(NameObject("/Font"), DictionaryObject())
    fonts.get_object()[NameObject("/F9")] = font
    stream = DecodedStreamObject()
    stream.set_data(f"\nq BT /F9 9 Tf {what} ET Q\n".encode())
    old = page["/Contents"]
    before = list(old) if isinstance(old, ArrayObject) else [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject([*before, writer._add_object(stream)])


# documents


def _zip(members: Mapping[str, str], comment: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            package.writestr(name, text)
        package.comment = comment.encode()
    return stream.getvalue()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _run(text: str, properties: str = "", tag: str = "t") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:{tag}>{text}</w:{tag}></w:r>"


def docx() -> bytes:
    """A letter in Word: tracked changes, comments, hidden text of every sort, properties, template, custom XML."""
    body = [
        _run(SEEN),
        f"<w:del>{_run(marker('deleted'), tag='delText')}</w:del>",
        f"<w:moveFrom>{_run(marker('moved'))}</w:moveFrom>",
        _run(marker("vanish"), "<w:vanish/>"),
        _run(marker("hidden-style"), '<w:rStyle w:val="Oculto"/>'),
        _run(marker("based-style"), '<w:rStyle w:val="Heredado"/>'),
        _run(marker("white"), '<w:color w:val="FFFFFF"/>'),
        _run(marker("tiny"), '<w:sz w:val="2"/>'),
        _run(marker("field"), tag="instrText"),
        f'<w:r><w:drawing><d xmlns="u:wp" descr="{marker("alt")}" name="{marker("drawing")}"/></w:drawing></w:r>',
        f'<w:hyperlink w:tooltip="{marker("tooltip")}">{_run("aqui")}</w:hyperlink>',
        f'<w:bookmarkStart w:name="{marker("bookmark")}"/>',
    ]
    row = "<w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>" + _run(marker("hidden-row")) + "</w:p></w:tc></w:tr>"
    styles = (
        '<w:style w:styleId="Oculto"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="Heredado"><w:basedOn w:val="Oculto"/></w:style>'
    )
    text = f"<w:p>{''.join(body)}</w:p><w:tbl>{row}</w:tbl>"
    comment = f"<w:comment><w:p>{_run(marker('comment'))}</w:p></w:comment>"
    members = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {_W}><w:body>{text}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
        "word/comments.xml": f"<w:comments {_W}>{comment}</w:comments>",
        "word/people.xml": f'<w:people {_W} a="{marker("people")}"/>',
        "word/settings.xml": f'<w:settings {_W}><w:docVar w:val="{marker("variable")}"/></w:settings>',
        "word/_rels/settings.xml.rels": f'<R><r Target="file:///C:/Users/{marker("template")}/x.dotm"/></R>',
        "word/media/" + marker("media-name") + ".png": marker("media"),
        "word/vbaProject.bin": marker("macro"),
        "docProps/core.xml": f"<c><creator>{marker('creator')}</creator><by>{marker('modified-by')}</by></c>",
        "docProps/app.xml": f"<a><Company>{marker('company')}</Company></a>",
        "docProps/custom.xml": f"<c><v>{marker('custom-property')}</v></c>",
        "customXml/item1.xml": f"<i>{marker('custom-xml')}</i>",
    }
    return _zip(members, marker("docx-zip-comment"))


def odt() -> bytes:
    """A letter in LibreOffice."""
    names = 'xmlns:office="u:office" xmlns:text="u:text" xmlns:style="u:style" xmlns:fo="u:fo" xmlns:svg="u:svg"'
    body = (
        f"<text:tracked-changes><text:p>{marker('odt-deleted')}</text:p></text:tracked-changes>"
        f"<text:p>{SEEN}<office:annotation><text:p>{marker('odt-comment')}</text:p></office:annotation>"
        f'<text:span text:style-name="O">{marker("odt-style")}</text:span>'
        f'<text:span text:style-name="B">{marker("odt-white")}</text:span>'
        f"<text:hidden-text>{marker('odt-hidden-text')}</text:hidden-text>"
        f"<svg:title>{marker('odt-title')}</svg:title><svg:desc>{marker('odt-desc')}</svg:desc></text:p>"
        f'<text:section text:display="none"><text:p>{marker("odt-section")}</text:p></text:section>'
    )
    styles = (
        '<style:style style:name="O"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="B"><style:text-properties fo:color="#ffffff"/></style:style>'
    )
    members = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:c {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:c>",
        "meta.xml": f"<m><creator>{marker('odt-creator')}</creator><user>{marker('odt-user')}</user></m>",
        "settings.xml": f"<s>{marker('odt-printer')}</s>",
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, text in members.items():
            package.writestr(name, text, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
        package.comment = marker("odt-zip-comment").encode()
    return stream.getvalue()


def xlsx() -> bytes:
    """A payroll: hidden sheets, rows and columns, hidden cells, comments, names, formulas, properties."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Nomina"
    sheet["A1"] = SEEN
    sheet["A2"], sheet["B1"], sheet["E1"] = marker("xlsx-row"), marker("xlsx-column"), marker("xlsx-group")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions.group("D", "F", hidden=True)
    sheet["A3"], sheet["A4"] = marker("xlsx-format"), marker("xlsx-white")
    sheet["A3"].number_format = ";;;"
    sheet["A4"].font = Font(color="FFFFFFFF")
    sheet["A5"] = f'=IF(1=1,"x","{marker("xlsx-formula")}")'
    sheet["A1"].comment = Comment(marker("xlsx-comment"), marker("xlsx-comment-author"))
    sheet["A6"] = "enlace"
    sheet["A6"].hyperlink = f"https://example.invalid/{marker('xlsx-link')}"
    for state in ("hidden", "veryHidden"):
        other = book.create_sheet(marker(f"xlsx-{state}-name"))
        other["A1"], other.sheet_state = marker(f"xlsx-{state}"), state
    book.defined_names["oculto"] = DefinedName("oculto", attr_text=f'"{marker("xlsx-defined")}"')
    book.properties.creator, book.properties.lastModifiedBy = marker("xlsx-creator"), marker("xlsx-by")
    book.properties.keywords = marker("xlsx-keywords")
    book.save(stream)
    return stream.getvalue()


PICTURES: Mapping[str, Callable[[], bytes]] = {
    "jpeg": jpeg,
    "png": png,
    "tiff": tiff,
    "webp": webp,
    "gif": gif,
    "heic": heic,
    "pdf": pdf,
}
TEXTS: Mapping[str, Callable[[], bytes]] = {"docx": docx, "odt": odt, "xlsx": xlsx}
