"""Faces on photographs are suggested where the models are installed; where not, it is said that nothing looked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from app.cli import clean
from app.cli.language import use_language
from app.client.cleaning.copying import Cleaned, Eyes, copy_of
from app.client.cleaning.drawing import Rectangle
from app.client.cleaning.faces import FaceFinder
from app.domain.filing import Copy
from app.domain.redaction import Engine
from tests.client.cleaning.planted import picture
from tests.conftest import unavailable

NOBODY = Engine((), (), "es")


def portrait(size: int) -> Image.Image:
    """Draw a face in pencil: of nobody, and enough of one for a machine."""
    image = Image.new("L", (size, size), 235)
    pen = ImageDraw.Draw(image)

    def oval(left: int, top: int, right: int, bottom: int, shade: int) -> None:
        pen.ellipse([edge * size // 100 for edge in (left, top, right, bottom)], fill=shade)

    def bar(left: int, top: int, right: int, bottom: int, shade: int) -> None:
        pen.rectangle([edge * size // 100 for edge in (left, top, right, bottom)], fill=shade)

    oval(14, 0, 86, 80, 60)
    oval(22, 10, 78, 96, 205)
    for side in (0, 26):
        bar(30 + side, 34, 44 + side, 37, 70)
        oval(29 + side, 39, 45 + side, 50, 150)
        oval(33 + side, 41, 42 + side, 48, 40)
    oval(44, 62, 56, 67, 150)
    oval(38, 73, 62, 80, 90)
    return image.filter(ImageFilter.GaussianBlur(size / 90))


def photograph() -> bytes:
    """Two people before a wall, as a picture."""
    image, stream = Image.new("L", (1400, 1000), 200), io.BytesIO()
    image.paste(portrait(300), (250, 300))
    image.paste(portrait(160), (900, 200))
    image.save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def finder() -> FaceFinder:
    """Return the finder; the test is skipped where OpenCV is not installed."""
    found = FaceFinder()
    if found.faces(Image.new("L", (60, 60))) is None:
        unavailable("faces", "OpenCV with its cascades is not installed")
    return found


def middle(copy: Cleaned, across: float, down: float) -> object:
    """Return the pixel of a photograph's page at a place of the original, as shares of it."""
    with Image.open(io.BytesIO(copy.pages[0])) as page:
        height = page.width * 1000 / 1400
        top = (page.height - height) / 2
        return page.convert("L").getpixel((int(page.width * across), int(top + height * down)))


def test_faces_are_covered_unless_a_person_says_otherwise(finder: FaceFinder) -> None:
    """Both drawn faces are suggested; covered by the careful choice, left where somebody chose so; none elsewhere."""
    asked: list[int] = []

    def leave(page: int, faces: object) -> tuple[Rectangle, ...]:
        asked.append(page)
        return ()

    covered = copy_of(photograph(), (), NOBODY, Eyes(finder=finder))
    left = copy_of(photograph(), (), NOBODY, Eyes(finder=finder, choose=leave))
    assert (covered.faces, covered.boxes, left.faces, left.boxes, asked) == (2, 2, 2, 0, [1])
    for across, down in ((400 / 1400, 450 / 1000), (980 / 1400, 280 / 1000)):
        assert middle(covered, across, down) == 0
        assert middle(left, across, down) not in (0, 1, 2)
    stream = io.BytesIO()
    picture(1400, 1000).save(stream, "PNG")
    assert copy_of(stream.getvalue(), (), NOBODY, Eyes(finder=finder)).faces == 0


def test_without_models_it_is_said_that_nothing_looked_for_faces(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No promise by silence: whoever reads the list of copies is told to look, and how to get suggestions."""
    use_language(["--lang", "en"], {})
    made = copy_of(photograph(), (), NOBODY, Eyes())
    assert (made.faces, made.boxes) == (None, 0)
    clean._tell_copy("E1", Copy(1, made.pages), made)
    said = capsys.readouterr().err
    assert "Nothing looked for faces" in said
    assert "resguardo[faces]" in said
    document = Path(__file__).parents[3] / "pyproject.toml"
    assert "faces = [" in document.read_text()
