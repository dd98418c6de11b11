"""docs/story-evidence.md, typed line by line: a letter, a photograph, a chat and a voice note for the government."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typst
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter

from app.client.cleaning.reading import Reader
from tests.architecture.documents import documents
from tests.architecture.test_stories import Stranger, read_in_the_office
from tests.cli.test_evidence import picture_in
from tests.portal import RunningPortal
from tests.staff import Colleague, token_in

STORY = "docs/story-evidence.md"
NAMES = ("Zenaida", "Olmedo", "Barrientos", "Eleuterio", "Cazares", "Zena")
LETTER = """= Aviso
Silao, Guanajuato, a 11 de agosto de 2025.

Por medio de la presente se comunica a Zenaida Olmedo Barrientos que su contrato termina hoy.
Recibió la llave del casillero Eleuterio Cazares Ik.
"""
CHAT = """12/08/25, 21:04 - Zenaida Olmedo: ¿Ya firmaron todos?
12/08/25, 21:05 - Eleuterio Cazares: Zena, la lista sigue en la pared
12/08/25, 21:06 - Eleuterio Cazares: <Multimedia omitido>
"""
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SAID = "Habla Eleuterio. Vi cómo sacaron a la Zena por la puerta tres."


def laid_out(folder: Path) -> None:
    """Lay the union's files into its folder, each with what would have told who spoke."""
    folder.mkdir()
    writer, letter = PdfWriter(clone_from=PdfReader(io.BytesIO(typst.compile(LETTER.encode())))), io.BytesIO()
    writer.add_metadata({"/Author": "MARKER Zenaida Olmedo"})
    writer.write(letter)
    (folder / "letter.pdf").write_bytes(letter.getvalue())
    photo = Image.new("RGB", (1200, 900), (236, 232, 220))
    ImageDraw.Draw(photo).multiline_text(
        (80, 90), "Lista de despidos\n\nZenaida Olmedo\nEleuterio Cazares", "black", ImageFont.load_default(52)
    )
    exif = Image.Exif()
    exif[0x013B] = "MARKER Zenaida"
    exif.get_ifd(0x8825)[29] = "MARKER place"
    photo.save(folder / "list.jpg", exif=exif, comment=b"MARKER telephone")
    (folder / "chat.txt").write_text(CHAT)
    (folder / "voice.ogg").write_bytes(b"OggS" + b"MARKER voice" * 40)
    (folder / "voice.txt").write_text(SAID)
    (found,) = (body for language, body in _FENCE.findall(documents()[STORY]) if language == "yaml")
    (folder / "petition.yaml").write_text(found)


def story() -> Iterator[str]:
    """Yield the story's lines for the shell, in order."""
    for language, body in _FENCE.findall(documents()[STORY]):
        yield from body.splitlines() if not language else ()


@pytest.mark.long
@pytest.mark.skipif(Reader.find() is None, reason="the story says: with tesseract")
def test_a_union_prepares_its_evidence_from_the_page_alone(
    new_portal: Callable[..., RunningPortal], tmp_path: Path
) -> None:
    """What the page promises is there: copies without names, originals whole, every look in the history."""
    folder = tmp_path / "stranger"
    folder.mkdir()
    stranger = Stranger(new_portal(), folder)
    laid_out(folder / "union")
    seen: dict[str, str] = {}
    for line in story():
        if line.startswith("resguardo history"):
            looked_at(stranger, folder)
        if line.startswith("rm "):
            for name in ("letter.pdf", "list.jpg", "chat.txt", "voice.ogg"):
                assert (folder / "originals" / name).read_bytes() == (folder / "union" / name).read_bytes()
        seen[line] = stranger.type(line)
        if line.startswith("resguardo clean"):
            names = sorted(path.name for path in (folder / "look").iterdir())
            assert names == ["evidence-1-page-1.png", "evidence-2-page-1.jpg", "evidence-3.txt", "evidence-4.txt"]
            without_names(folder / "look")
    history = next(text for line, text in seen.items() if line.startswith("resguardo history"))
    assert history.count("looked at a piece of evidence") == 4, history
    assert not (folder / "look").exists()


def without_names(folder: Path) -> None:
    """Look at copies with readers that share no code with ours."""
    reader = Reader.find()
    assert reader is not None
    for path in folder.iterdir():
        data = path.read_bytes()
        assert b"MARKER" not in data
        text = data.decode() if path.suffix == ".txt" else _read(reader, data)
        assert [name for name in NAMES if name.lower() in text.lower()] == [], (path, text)
        if path.suffix != ".txt" and (program := shutil.which("exiftool")):
            said = subprocess.run([program, "-a", "-u", "-G1", path], capture_output=True, text=True, check=True).stdout
            assert "MARKER" not in said
            assert "GPS" not in said
    assert "TESTIGO" in (folder / "evidence-3.txt").read_text()
    assert "puerta tres" in (folder / "evidence-4.txt").read_text()


def _read(reader: Reader, data: bytes) -> str:
    with Image.open(io.BytesIO(data)) as image:
        return " ".join(word.text for word in reader.words(image.convert("L")))


def looked_at(stranger: Stranger, folder: Path) -> None:
    """Have the office open the record and each copy, and compare what it gets with what was looked at before."""
    page = read_in_the_office(stranger)
    rosa = stranger.rosa
    assert rosa is not None
    assert set(re.findall(r"/evidence/(\d+)\"", page)) == {"1", "2", "3", "4"}
    for number in range(1, 5):
        seen = opened(rosa, stranger.case, number)
        assert [name for name in NAMES if name in seen] == []
        (path,) = (folder / "case" / "shown").glob(f"evidence-{number}*")
        if path.suffix == ".txt":
            continue
        shown = rosa.client.get(f"/office/cases/{stranger.case}/evidence/{number}/pages/1").content
        assert picture_in(shown) == path.read_bytes()


def opened(rosa: Colleague, case: str, number: int) -> str:
    """Open a copy for a purpose and return its page."""
    path = f"/office/cases/{case}/evidence/{number}"
    door = rosa.client.get(path).text
    return rosa.client.post(path, data={"form_token": token_in(door), "purpose": "REVIEW"}, follow_redirects=True).text
