"""What is hidden in a file stays behind: planted markers, looked for by readers that share no code with ours."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from app.client.cleaning.copying import Cleaned, Eyes, copy_of
from app.client.cleaning.drawing import BOX_WIDTHS, Rectangle, encoded, widened
from app.client.cleaning.errors import CleaningError
from app.client.cleaning.finding import names_left, needs_of
from app.client.cleaning.pdf import draw_pdf
from app.client.cleaning.reading import Reader
from app.domain.pages import DOCUMENT, read_page
from app.domain.petition.model import Box
from app.domain.redaction import Engine, KnownIdentity
from tests.browser.letters import BROKEN, broken
from tests.client.cleaning import planted

NOBODY = Engine((), (), "es")
_LONG = pytest.mark.long
_HIDDEN_IN_PDF = ("pdf-invisible", "pdf-outside", "pdf-white")


def _kinds(names: object, quick: str) -> list[object]:
    return [name if name == quick else pytest.param(name, marks=_LONG) for name in list(names)]  # type: ignore[call-overload]


def _strings(data: bytes) -> bytes:
    """Return everything readable in a picture: its bytes, and every stream in it that inflates."""
    found = [data]
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        inflater = zlib.decompressobj()
        try:
            found.append(inflater.decompress(data[match.start() :], 32 * 1024 * 1024))
        except zlib.error:
            continue
    return b"\n".join(found)


def _has_marker(data: bytes) -> bool:
    plain = _strings(data)
    return b"MARKER" in plain or "MARKER".encode("utf-16-le") in plain or "MARKER".encode("utf-16-be") in plain


@pytest.mark.parametrize("name", _kinds(planted.PICTURES, "jpeg"))
def test_nothing_planted_in_a_picture_or_pdf_comes_along(name: str, tmp_path: Path) -> None:
    """Pages hold pixels: no metadata, thumbnail, comment, attachment, script, second save or trailing bytes."""
    data = planted.PICTURES[name]()
    assert _has_marker(data)
    copy = copy_of(data, (), NOBODY, Eyes())
    assert len(copy.pages) == 1
    for page in copy.pages:
        assert not _has_marker(page)
        read_page(page)
        with Image.open(io.BytesIO(page)) as image:
            assert not image.getexif()
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
        _look_with_exiftool(page, tmp_path)


def _look_with_exiftool(page: bytes, tmp_path: Path) -> None:
    program = shutil.which("exiftool")
    if program is None:
        return
    path = tmp_path / "page"
    path.write_bytes(page)
    said = subprocess.run([program, "-a", "-u", "-G1", str(path)], capture_output=True, text=True, check=True).stdout
    groups = {line[1 : line.index("]")] for line in said.splitlines() if line.startswith("[")}
    assert groups <= {"ExifTool", "System", "File", "PNG", "JFIF", "Composite"}, said
    assert "MARKER" not in said


@pytest.mark.parametrize("name", _kinds(planted.TEXTS, "docx"))
def test_nothing_hidden_in_a_document_comes_along(name: str) -> None:
    """Of a document comes what its reader sees: no tracked change, comment, hidden run, row, sheet or property."""
    copy = copy_of(planted.TEXTS[name](), (), NOBODY, Eyes())
    assert copy.text is not None
    assert planted.SEEN in copy.text
    assert "MARKER" not in copy.text


@pytest.mark.long
def test_what_is_seen_on_another_ground_stays() -> None:
    """White letters on black, heads of pages and called notes are seen: what hides nothing is not dropped with it."""
    docx = copy_of(planted.seen_docx(), (), NOBODY, Eyes()).text
    assert docx is not None
    assert docx.split("\n") == ["Cabeza", "Amarillo Blanco Solo Rojo", "Celda | Unida", "Nota"]
    xlsx = copy_of(planted.seen_xlsx(), (), NOBODY, Eyes()).text
    assert xlsx == "[Nomina]\nBlanco | -3 | 2025-08-11 | 12:30:00 | 0 | texto"


def test_what_is_nearly_white_is_white_and_what_is_nearly_black_black() -> None:
    """Letters a shade off their paper, or off the box below them, are no pixels: no program brings them out again."""
    page = Image.new("L", DOCUMENT, "white")
    pen = ImageDraw.Draw(page)
    pen.text((90, 120), planted.SEEN, fill=251, font_size=60)
    pen.rectangle((90, 300, 900, 400), fill=0)
    pen.text((100, 310), planted.SEEN, fill=5, font_size=60)
    with Image.open(io.BytesIO(encoded(page))) as image:
        assert {level for level, count in enumerate(image.histogram()) if count} == {0, 255}


@pytest.mark.parametrize("name", _kinds(planted.REFUSED, "eml"))
def test_what_cannot_be_cleaned_is_refused_with_what_to_do(name: str) -> None:
    """Messages, sound, film, drawings, pages, cards, files in letters: refused by what they are, never half shown."""
    code, make = planted.REFUSED[name]
    with pytest.raises(CleaningError) as refused:
        copy_of(make(), (), NOBODY, Eyes())
    assert refused.value.code == code


@pytest.mark.long
def test_pictures_in_a_document_are_told_and_a_scan_in_one_is_drawn() -> None:
    """Nothing stays behind in silence: the person is told how many pictures a text left, and a scan comes as pages."""
    data = planted.scan_in_word()
    copy = copy_of(data, (), NOBODY, Eyes())
    assert (len(copy.pages), copy.text) == (1, None)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<w:p>", b"<w:p>" + planted._run("Aviso").encode(), 1))
    with_text = copy_of(stream.getvalue(), (), NOBODY, Eyes())
    assert (with_text.text, with_text.left_out, with_text.pages) == ("Aviso", 1, ())


@pytest.mark.long
def test_there_are_at_least_sixty_markers() -> None:
    """The files above carry at least sixty places where something hides, and each marker is really in its file."""
    before = next(planted._numbers)
    accepted = [make() for make in (*planted.PICTURES.values(), *planted.TEXTS.values())]
    assert next(planted._numbers) - before > 140
    refused = [make() for _, make in planted.REFUSED.values()]
    assert (len(accepted), len(refused)) == (14, 7)


@pytest.mark.long
@pytest.mark.skipif(Reader.find() is None, reason="needs tesseract")
def test_text_that_a_pdf_hides_is_not_drawn() -> None:
    """Invisible, white and outside text of a PDF is no pixel: tesseract reads what a person reads."""
    reader = Reader.find()
    assert reader is not None
    (page,) = copy_of(planted.pdf(), (), NOBODY, Eyes()).pages
    with Image.open(io.BytesIO(page)) as image:
        words = " ".join(word.text for word in reader.words(image.convert("L")))
    assert "despidio" in words
    assert "MARKER" not in words


def test_a_box_by_hand_leaves_no_pixel_of_what_it_covers() -> None:
    """A box is solid: below it every pixel is black, and it is one of three widths."""
    box = Box.model_validate({"page": "1", "x": "10", "y": "10", "w": "20", "h": "20"})
    copy: Cleaned = copy_of(planted.png(), (box,), NOBODY, Eyes())
    assert copy.boxes == 1
    with Image.open(io.BytesIO(copy.pages[0])) as image:
        width, height = image.size
        grey = image.convert("L")
    scale = min(width / 640, height / 480)
    left, top = (width - 640 * scale) / 2, (height - 480 * scale) / 2
    across, down = 640 * scale, 480 * scale
    covered = (left + across * 0.1, top + down * 0.1, left + across * 0.3, top + down * 0.3)
    inside = grey.crop(tuple(round(edge) for edge in covered))  # type: ignore[arg-type]  # four edges
    darkest, brightest = inside.getextrema()
    assert float(str(brightest)) < 16, (darkest, brightest)


@pytest.mark.long
def test_names_in_the_text_of_a_pdf_are_covered_also_across_lines() -> None:
    """Every known name in a text layer lies under a box: read back, none is left."""
    import typst

    people = [KnownIdentity("w1", "María Guadalupe", "Hernández", "López"), KnownIdentity("w2", "Eva", "Paz", "Cruz")]
    names = [f"{person.given} {person.surname1} {person.surname2}" for person in people]
    text = " ".join(f"Fue {name} el {n}." for n in range(40) for name in names)
    engine = Engine(people, (), "es")
    drawn = copy_of(typst.compile(text.encode()), (), engine, Eyes())
    assert drawn.boxes >= 80
    reader = Reader.find()
    if reader is not None:
        with Image.open(io.BytesIO(drawn.pages[0])) as image:
            assert not names_left(engine, reader.words(image.convert("L")))


@pytest.mark.parametrize("how", BROKEN)
def test_a_name_that_a_pdf_writes_apart_is_covered(how: str) -> None:
    """Law L2: hyphens, line ends, columns, gaps and spaced letters hide no name; what stands beside it stays."""
    engine = Engine([KnownIdentity("w", "Aurelio", "Bracamontes", "Ik")], (), "es")
    [(_, _, words)] = draw_pdf(broken(how))
    needs = needs_of(engine, words)
    hidden = [
        word.text.rstrip("-\u2013")
        for word in words
        if any(
            need.left <= word.left and word.right <= need.right and need.top <= word.top and word.bottom <= need.bottom
            for need in needs
        )
    ]
    assert "".join(hidden) == ("AurelioBracamontes" if "name over" in how else "Aurelio")


@given(st.integers(0, 1274), st.integers(0, 1753), st.integers(0, 1274), st.integers(0, 1753))
def test_boxes_have_three_widths_and_cover_what_they_are_for(left: int, top: int, width: int, height: int) -> None:
    """A box as wide as a name tells whose it is: whatever is covered, there are three widths."""
    need = Rectangle(left, top, min(1274, left + width), min(1753, top + height))
    box = widened(need, 1275, 1754)
    assert box.right - box.left + 1 in {share * 1275 // 100 for share in BOX_WIDTHS}
    assert 0 <= box.left <= need.left
    assert need.right <= box.right < 1275
    assert box.top <= need.top
    assert need.bottom <= box.bottom
