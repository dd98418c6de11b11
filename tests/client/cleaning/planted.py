"""Files with markers planted where a program looks and a reader does not: each must stay behind.

Every marker is `MARKER-nn-` and a word for its place; `SEEN` is what a reader sees, and must come along.
"""

from __future__ import annotations

import base64
import datetime
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
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin, TiffImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Popup, Text
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

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
    writer.add_attachment(marker("pdf-attachment-name"), b"lista")
    writer.add_named_destination(marker("pdf-named-place"), 0)
    _add_scan(writer)
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert('{marker('pdf-script')}')")}
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(name): value for name, value in script.items()}
    )
    named = {**script, "/JS": TextStringObject(f"app.alert('{marker('pdf-named-script')}')")}
    writer._root_object["/Names"][NameObject("/JavaScript")] = DictionaryObject(  # type: ignore[index]  # a dictionary
        {
            NameObject("/Names"): ArrayObject(
                [
                    TextStringObject(marker("pdf-script-name")),
                    DictionaryObject({NameObject(name): value for name, value in named.items()}),
                ]
            )
        }
    )
    writer.add_outline_item(title=marker("pdf-outline"), page_number=0)
    page = writer.pages[0]
    page[NameObject("/Own")] = TextStringObject(marker("pdf-page-key"))
    note = writer.add_annotation(0, Text(rect=(-50, -50, -40, -40), text=marker("pdf-note")))
    writer.add_annotation(0, Popup(rect=(-50, -50, -40, -40), parent=note))
    _add_text(writer, f"3 Tr 30 30 Td ({marker('pdf-invisible')}) Tj")
    _add_text(writer, f"-900 -900 Td ({marker('pdf-outside')}) Tj")
    _add_text(writer, f"1 1 1 rg 30 60 Td ({marker('pdf-white')}) Tj")
    _add_text(writer, f"0.99 0.99 0.99 rg 30 90 Td ({marker('pdf-nearly-white')}) Tj")
    _add_layer(writer)
    page[NameObject("/PieceInfo")] = DictionaryObject(
        {NameObject("/Own"): DictionaryObject({NameObject("/Private"): TextStringObject(marker("pdf-piece"))})}
    )
    thumbnail = DecodedStreamObject()
    thumbnail.set_data(marker("pdf-thumbnail").encode())
    page[NameObject("/Thumb")] = writer._add_object(thumbnail)
    xfa = DecodedStreamObject()
    xfa.set_data(f"<xdp><t>{marker('pdf-xfa')}</t></xdp>".encode())
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/XFA"): writer._add_object(xfa), NameObject("/Fields"): ArrayObject()}
    )
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


def _add_scan(writer: PdfWriter) -> None:
    """Add a white JBIG2 picture as a scanner writes it, with a comment in it and another in what pictures share."""
    page_of_it = struct.pack(">IIIIBH", 64, 64, 0, 0, 0, 0)
    shared = DecodedStreamObject()
    shared.set_data(_jbig2_segment(0, 62, 0, _jbig2_comment("pdf-jbig2-shared")))
    scan = DecodedStreamObject()
    comment = _jbig2_segment(2, 62, 1, _jbig2_comment("pdf-jbig2"))
    scan.set_data(_jbig2_segment(1, 48, 1, page_of_it) + comment + _jbig2_segment(3, 49, 1, b""))
    scan.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(64),
            NameObject("/Height"): NumberObject(64),
            NameObject("/BitsPerComponent"): NumberObject(1),
            NameObject("/ColorSpace"): NameObject("/DeviceGray"),
            NameObject("/Filter"): NameObject("/JBIG2Decode"),
            NameObject("/DecodeParms"): DictionaryObject({NameObject("/JBIG2Globals"): writer._add_object(shared)}),
        }
    )
    page = writer.pages[0]
    page["/Resources"]["/XObject"][NameObject("/Scan")] = writer._add_object(scan)  # type: ignore[index]  # a dictionary
    content = DecodedStreamObject()
    content.set_data(page.get_contents().get_data() + b"\nq 64 0 0 64 400 20 cm /Scan Do Q")  # type: ignore[union-attr]
    page[NameObject("/Contents")] = writer._add_object(content)


def _jbig2_segment(number: int, kind: int, page: int, body: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, page, len(body)) + body


def _jbig2_comment(place: str) -> bytes:
    return struct.pack(">I", 0x20000000) + b"Nota\0" + marker(place).encode() + b"\0\0"


def _add_layer(writer: PdfWriter) -> None:
    """Add a layer that is switched off, with text on it and a name that says whose it is."""
    group = writer._add_object(
        DictionaryObject(
            {NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject(marker("pdf-layer-name"))}
        )
    )
    off = DictionaryObject({NameObject("/OFF"): ArrayObject([group])})
    writer._root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): ArrayObject([group]), NameObject("/D"): off}
    )
    page: Any = writer.pages[0]
    page["/Resources"].get_object()[NameObject("/Properties")] = DictionaryObject({NameObject("/L1"): group})
    _add_text(writer, f"/OC /L1 BDC 30 120 Td ({marker('pdf-layer')}) Tj EMC")


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
    body += [
        _run(marker("marker-pen"), '<w:highlight w:val="black"/>'),
        _run(marker("black-on-black"), '<w:color w:val="101010"/><w:shd w:val="clear" w:fill="000000"/>'),
        _run(marker("paper-theme"), '<w:color w:val="auto" w:themeColor="background1"/>'),
        _run(marker("nearly-white"), '<w:color w:val="FDFDFD"/>'),
        _run(marker("no-fill"), '<w14:textFill xmlns:w14="u:14"><w14:noFill/></w14:textFill>'),
        _run(marker("narrow"), '<w:w w:val="1"/>'),
        (
            '<w:r><w:drawing><p:anchor xmlns:p="u:wp"><p:docPr hidden="1"/><w:txbxContent><w:p>'
            f"{_run(marker('hidden-box'))}</w:p></w:txbxContent></p:anchor></w:drawing></w:r>"
        ),
        f'<w:del><w:r><w:footnoteReference w:id="8"/></w:r></w:del><w:r><w:object>{marker("object")}</w:object></w:r>',
    ]
    row = "<w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>" + _run(marker("hidden-row")) + "</w:p></w:tc></w:tr>"
    styles = (
        '<w:style w:styleId="Oculto"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="Heredado"><w:basedOn w:val="Oculto"/></w:style>'
    )
    row += f"<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{_run(marker('deleted-row'))}</w:p></w:tc></w:tr>"
    for gone in ("cellDel", "vMerge", "hMerge"):
        row += f"<w:tr><w:tc><w:tcPr><w:{gone}/></w:tcPr><w:p>{_run(marker(gone))}</w:p></w:tc></w:tr>"
    text = f"<w:p>{''.join(body)}</w:p><w:tbl>{row}</w:tbl>"
    text += f'<w:p><w:pPr><w:pStyle w:val="Oculto"/></w:pPr>{_run(marker("paragraph-style"))}</w:p>'
    text += '<w:sectPr><w:headerReference w:type="first" xmlns:r="u:r" r:id="rId1"/></w:sectPr>'
    notes = "".join(f'<w:footnote w:id="{at}"><w:p>{_run(marker(f"note-{at}"))}</w:p></w:footnote>' for at in (7, 8))
    comment = f"<w:comment><w:p>{_run(marker('comment'))}</w:p></w:comment>"
    members = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {_W}><w:body>{text}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
        "word/header1.xml": f"<w:hdr {_W}><w:p>{_run(marker('first-head'))}</w:p></w:hdr>",
        "word/header2.xml": f"<w:hdr {_W}><w:p>{_run(marker('old-head'))}</w:p></w:hdr>",
        "word/_rels/document.xml.rels": '<Relationships><r Id="rId1" Target="header1.xml"/></Relationships>',
        "word/footnotes.xml": f"<w:footnotes {_W}>{notes}</w:footnotes>",
        "word/glossary/document.xml": f"<w:document {_W}><w:p>{_run(marker('glossary'))}</w:p></w:document>",
        "word/embeddings/oleObject1.bin": marker("ole"),
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
    names += ' xmlns:draw="u:draw"'
    body = (
        f"<text:tracked-changes><text:p>{marker('odt-deleted')}</text:p></text:tracked-changes>"
        f"<text:p>{SEEN}<office:annotation><text:p>{marker('odt-comment')}</text:p></office:annotation>"
        f'<text:span text:style-name="O">{marker("odt-style")}</text:span>'
        f'<text:span text:style-name="B">{marker("odt-white")}</text:span>'
        f"<text:hidden-text>{marker('odt-hidden-text')}</text:hidden-text>"
        f"<svg:title>{marker('odt-title')}</svg:title><svg:desc>{marker('odt-desc')}</svg:desc></text:p>"
        + "".join(
            f'<text:p><text:span text:style-name="{name}">{marker(f"odt-{name}")}</text:span></text:p>'
            for name in ("resting", "nearly", "black", "small", "clear")
        )
        + f"<text:p><draw:frame><draw:object-ole><office:binary-data>{marker('odt-ole')}</office:binary-data>"
        f"</draw:object-ole><draw:plugin><draw:param>{marker('odt-param')}</draw:param></draw:plugin></draw:frame></text:p>"
        f"<text:p><office:event-listeners>{marker('odt-events')}</office:event-listeners></text:p>"
        f'<text:section text:display="none"><text:p>{marker("odt-section")}</text:p></text:section>'
    )
    styles = (
        '<style:style style:name="O"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="B"><style:text-properties fo:color="#ffffff"/></style:style>'
        '<style:style style:name="resting" style:parent-style-name="O"/>'
        '<style:style style:name="nearly"><style:text-properties fo:color="#fefefe"/></style:style>'
        '<style:style style:name="black"><style:text-properties fo:color="#000000" fo:background-color="#0a0a0a"/>'
        '</style:style><style:style style:name="small"><style:text-properties fo:font-size="1pt"/></style:style>'
        '<style:style style:name="clear"><style:text-properties style:opacity="0%"/></style:style>'
    )
    members = {
        "content.xml": f"<office:c {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:c>",
        "meta.xml": f"<m><creator>{marker('odt-creator')}</creator><user>{marker('odt-user')}</user></m>",
        "settings.xml": f"<s>{marker('odt-printer')}</s>",
        "Thumbnails/thumbnail.png": marker("odt-thumbnail"),
        "manifest.rdf": f"<r>{marker('odt-rdf')}</r>",
    }
    return _open_zip("application/vnd.oasis.opendocument.text", members, marker("odt-zip-comment"))


def ods() -> bytes:
    """A payroll in LibreOffice: hidden sheets, rows, columns and cells, comments, formulas, properties."""
    names = 'xmlns:office="u:office" xmlns:text="u:text" xmlns:style="u:style" xmlns:fo="u:fo" xmlns:table="u:table"'
    names += ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
    styles = (
        '<style:style style:name="T" style:family="table"><style:table-properties table:display="false"/></style:style>'
        '<style:style style:name="B"><style:text-properties fo:color="#FFFFFF"/></style:style>'
        '<number:number-style style:name="N0"/><style:style style:name="F" style:data-style-name="N0"/>'
    )

    def cell(text: str, more: str = "", inside: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p>{inside}</table:table-cell>"

    note = f"<office:annotation><text:p>{marker('ods-comment')}</text:p></office:annotation>"
    white = cell(marker("ods-white"), 'table:style-name="B"')
    unseen = cell(marker("ods-format"), 'table:style-name="F"')
    counted = cell("7", f'table:formula="of:={marker("ods-formula")}"')
    rows = (
        f"<table:table-row>{cell(SEEN, inside=note)}{cell(marker('ods-column'))}{cell('enlace')}</table:table-row>"
        f'<table:table-row table:visibility="collapse">{cell(marker("ods-row"))}</table:table-row>'
        f'<table:table-row table:visibility="filter">{cell(marker("ods-filtered"))}</table:table-row>'
        f'<table:table-row-group table:display="false"><table:table-row>{cell(marker("ods-group"))}'
        "</table:table-row></table:table-row-group>"
        f"<table:table-row>{white}{cell('')}{unseen}</table:table-row><table:table-row>{counted}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    hidden = f'<table:table table:name="{marker("ods-sheet-name")}" table:style-name="T">'
    body = (
        f'<table:table table:name="Nomina">{columns}{rows}</table:table>'
        f"{hidden}<table:table-row>{cell(marker('ods-sheet'))}</table:table-row></table:table>"
        f'<table:named-expressions><table:named-range table:name="{marker("ods-name")}"/></table:named-expressions>'
    )
    content = (
        f"<office:c {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:c>"
    )
    return _open_zip(
        "application/vnd.oasis.opendocument.spreadsheet",
        {"content.xml": content, "meta.xml": f"<m><creator>{marker('ods-creator')}</creator></m>"},
        marker("ods-zip-comment"),
    )


def _open_zip(kind: str, members: Mapping[str, str], comment: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("mimetype", kind, zipfile.ZIP_STORED)
        for name, text in members.items():
            package.writestr(name, text, zipfile.ZIP_DEFLATED)
        package.comment = comment.encode()
    return stream.getvalue()


def scan_in_word() -> bytes:
    """A scan that somebody put into a Word file: one picture and no word, with the picture's own secrets."""
    stream = io.BytesIO(docx())
    drawn = '<w:r><w:drawing><a:blip xmlns:a="u:a" xmlns:r="u:r" r:embed="rId7"/></w:drawing></w:r>'
    hidden = f"<w:r><w:rPr><w:vanish/></w:rPr>{drawn.replace('rId7', 'rId8').removeprefix('<w:r>')}"
    text = f"<w:document {_W}><w:body><w:p>{drawn}{hidden}</w:p></w:body></w:document>"
    targets = '<Relationships><r Id="rId7" Target="media/a.jpeg"/><r Id="rId8" Target="media/b.jpeg"/></Relationships>'
    made = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in ("word/document.xml", "word/_rels/document.xml.rels"):
                new.writestr(name, old.read(name))
        new.writestr("word/document.xml", text)
        new.writestr("word/_rels/document.xml.rels", targets)
        new.writestr("word/media/a.jpeg", jpeg())
        new.writestr("word/media/b.jpeg", picture(64, 64).tobytes() + marker("hidden-picture").encode())
        new.comment = marker("scan-zip-comment").encode()
    return made.getvalue()


def chat() -> bytes:
    """An exported chat: marks of direction, invisible letters and tags between the words."""
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in marker("chat-tags"))
    tags += "\u2764" + "".join(chr(0xE0100 + ord(letter) - 16) for letter in marker("chat-behind-an-emoji"))
    tags += "\u3164\u115f\u034f\ufe01"
    return f"\ufeff12/08/25, 21:04 - \u200e+52: {SEEN}{tags}\u2069\n<Multimedia omitido>\n".encode()


def covered_pdf() -> bytes:
    """A letter whose names somebody hid with black bars, the words still below, and a subset font named after one."""
    writer = PdfWriter()
    stream = io.BytesIO()
    picture(1000, 1300).save(stream, "PDF")
    writer.append(io.BytesIO(stream.getvalue()))
    _add_text(writer, f"30 200 Td ({marker('pdf-under-box')}) Tj ET 0 0 0 rg 20 190 400 24 re f BT")
    fonts: Any = writer.pages[0]["/Resources"]["/Font"]  # type: ignore[index]  # a dictionary
    fonts["/F9"][NameObject("/BaseFont")] = NameObject(f"/ABCDEF+{marker('pdf-font')}")
    stamp = Text(rect=(30, 300, 60, 330), text=marker("pdf-popup"))
    stamp[NameObject("/T")] = TextStringObject(marker("pdf-note-author"))
    stamp[NameObject("/F")] = NumberObject(2)  # hidden
    writer.add_annotation(0, stamp)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


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
    for row, (name, ink, ground) in enumerate(
        (
            ("theme", Color(theme=0), None),
            ("indexed", Color(indexed=9), None),
            ("nearly", Color("FFFEFEFE"), None),
            ("black", Color("FF000000"), "FF000000"),
            ("unsaid", None, "FF050505"),
            ("white-fill", Color("FFFFFFFF"), "FFFFFFFF"),
        ),
        start=20,
    ):
        cell = sheet.cell(row, 1, marker(f"xlsx-{name}"))
        cell.font = Font(color=ink)
        if ground:
            cell.fill = PatternFill("solid", fgColor=ground)
    sheet["A30"], sheet["A31"], sheet["A32"] = marker("xlsx-tiny"), marker("xlsx-low"), marker("xlsx-text-part")
    sheet["A30"].font = Font(size=1)
    sheet.row_dimensions[31].height = 0.75
    sheet["A32"].number_format = "General;General;General;"
    sheet["A33"], sheet["A33"].number_format = marker("xlsx-stars"), "**;**;**;**"
    sheet["H1"], sheet.column_dimensions["H"].width = marker("xlsx-slit"), 0.1
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
    return _with_caches(stream.getvalue())


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _with_caches(book: bytes) -> bytes:
    """Add what a workbook keeps of tables that stand elsewhere: a pivot table's rows, another book's cells, a query."""
    open_with = f'xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"'
    parts = {
        "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition {open_with} r:id="rId1" recordCount="1">'
        f'<cacheSource type="worksheet"><worksheetSource ref="A1" sheet="{marker("xlsx-pivot-source")}"/></cacheSource>'
        f'<cacheFields count="1"><cacheField name="{marker("xlsx-pivot-field")}" numFmtId="0"><sharedItems count="1">'
        f'<s v="{marker("xlsx-pivot-item")}"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>',
        "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords {open_with} count="1"><r>'
        f'<s v="{marker("xlsx-pivot-record")}"/></r></pivotCacheRecords>',
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": _relations(
            ("rId1", "pivotCacheRecords", "pivotCacheRecords1.xml")
        ),
        "xl/externalLinks/externalLink1.xml": f'<externalLink {open_with}><externalBook r:id="rId1"><sheetNames>'
        f'<sheetName val="{marker("xlsx-linked-sheet")}"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1">'
        f'<cell r="A1" t="str"><v>{marker("xlsx-linked-cell")}</v></cell></row></sheetData></sheetDataSet>'
        "</externalBook></externalLink>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": _relations(
            ("rId1", "externalLinkPath", f"file:///C:/{marker('xlsx-linked-path')}.xlsx"), outside=True
        ),
        "xl/connections.xml": f'<connections {open_with}><connection id="1" name="{marker("xlsx-query")}" type="1" '
        'refreshedVersion="6"/></connections>',
    }
    stream, content = io.BytesIO(), "application/vnd.openxmlformats-officedocument.spreadsheetml."
    kinds = "".join(
        f'<Override PartName="/{name}" ContentType="{content}{kind}+xml"/>'
        for name, kind in zip(
            [name for name in parts if "_rels" not in name],
            ("pivotCacheDefinition", "pivotCacheRecords", "externalLink", "connections"),
            strict=True,
        )
    )
    added = _relations(
        ("rIdP", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
        ("rIdE", "externalLink", "externalLinks/externalLink1.xml"),
        ("rIdC", "connections", "connections.xml"),
    )
    caches = '<pivotCaches><pivotCache cacheId="1" r:id="rIdP"/></pivotCaches>'
    links = '<externalReferences><externalReference r:id="rIdE"/></externalReferences>'
    changes = {
        "[Content_Types].xml": ("</Types>", f"{kinds}</Types>"),
        "xl/_rels/workbook.xml.rels": ("</Relationships>", added.partition(">")[2]),
        "xl/workbook.xml": ("</workbook>", f"{caches}</workbook>"),
    }
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            before, after = changes.get(name, ("", ""))
            text = text.replace(before, after) if before else text
            text = text.replace("<definedNames>", f"{links}<definedNames>") if name == "xl/workbook.xml" else text
            new.writestr(name, text)
        for name, text in parts.items():
            new.writestr(name, text)
    return stream.getvalue()


def _relations(*all_of_it: tuple[str, str, str], outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    lines = "".join(
        f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{at}"{mode}/>' for i, kind, at in all_of_it
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'
    )


def seen_docx() -> bytes:
    """A letter whose letters are of every colour, and all seen."""
    body = "".join(
        (
            _run("Amarillo ", '<w:highlight w:val="yellow"/>'),
            _run("Blanco ", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>'),
            _run("Solo ", '<w:shd w:val="clear" w:fill="000000"/>'),
            _run("Rojo", '<w:color w:val="FF0000" w:themeColor="accent2"/>'),
            '<w:r><w:footnoteReference w:id="3"/></w:r>',
        )
    )
    row = f'<w:tr><w:tc><w:p>{_run("Celda")}</w:p></w:tc><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>'
    table = f"<w:tbl>{row}<w:p>{_run('Unida')}</w:p></w:tc></w:tr></w:tbl>"
    section = '<w:sectPr><w:headerReference w:type="default" xmlns:r="u:r" r:id="rId1"/></w:sectPr>'
    note = f'<w:footnotes {_W}><w:footnote w:id="3"><w:p>{_run("Nota")}</w:p></w:footnote></w:footnotes>'
    members = {
        "word/document.xml": f"<w:document {_W}><w:body><w:p>{body}</w:p>{table}{section}</w:body></w:document>",
        "word/header3.xml": f"<w:hdr {_W}><w:p>{_run('Cabeza')}</w:p></w:hdr>",
        "word/footnotes.xml": note,
        "word/_rels/document.xml.rels": '<Relationships><r Id="rId1" Target="header3.xml"/></Relationships>',
    }
    return _zip(members)


def seen_xlsx() -> bytes:
    """A payroll whose cells are all seen."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Nomina"
    sheet.append(["Blanco", -3, datetime.date(2025, 8, 11), datetime.time(12, 30), 0, "texto"])
    sheet["A1"].font, sheet["A1"].fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF000080")
    sheet["B1"].number_format, sheet["E1"].number_format = '#,##0;[Red]-#,##0;"-"', "0"
    sheet["D1"].number_format, sheet["F1"].number_format = "[h]:mm", "@"
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
    "covered pdf": covered_pdf,
    "scan in word": scan_in_word,
}
TEXTS: Mapping[str, Callable[[], bytes]] = {"docx": docx, "odt": odt, "xlsx": xlsx, "ods": ods, "chat": chat}


# what has no copy: its secrets stay with it


def mail() -> bytes:
    """A message with its way through the machines, its sender and an attachment."""
    return (
        f"Received: from {marker('eml-machine')} by mx.example\r\nFrom: {marker('eml-sender')} <a@example.invalid>\r\n"
        f"Subject: Aviso\r\nMIME-Version: 1.0\r\n\r\n{SEEN}\r\n"
    ).encode()


def sound() -> bytes:
    """A voice note with tags of whoever recorded it."""
    name = marker("id3-artist").encode()
    frame = b"TPE1" + struct.pack(">IH", len(name) + 1, 0) + b"\x03" + name
    return b"ID3\x03\x00\x00\x00\x00\x00" + bytes((len(frame),)) + frame + b"\xff\xfb\x90\x00" * 40


def film() -> bytes:
    """A film with the place where it was taken."""
    place = marker("mp4-place").encode()
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + struct.pack(">I", 8 + len(place)) + b"\xa9xyz" + place


def drawing() -> bytes:
    """A drawing with a script and a comment."""
    hidden = f"<!-- {marker('svg-comment')} --><script>{marker('svg-script')}</script>"
    return f'<svg xmlns="http://www.w3.org/2000/svg">{hidden}<text>{SEEN}</text></svg>'.encode()


def page_of_the_web() -> bytes:
    """A page with what is not displayed."""
    return f'<div><p style="display:none">{marker("html-hidden")}</p><p>{SEEN}</p></div>'.encode()


def address_card() -> bytes:
    """Somebody's card."""
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:{marker('vcard')}\nEND:VCARD\n".encode()


def with_a_file_inside() -> bytes:
    """A text with a picture written as letters."""
    return f"{SEEN}\n\n".encode() + base64.encodebytes(jpeg() * 2)


REFUSED: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "eml": ("mail", mail),
    "vcf": ("mail", address_card),
    "mp3": ("sound", sound),
    "mp4": ("sound", film),
    "svg": ("markup", drawing),
    "html": ("markup", page_of_the_web),
    "base64": ("embedded", with_a_file_inside),
}
