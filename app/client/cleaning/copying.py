"""From a file to the office's copy of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from PIL import Image

from app.client.cleaning.drawing import Rectangle, cover, encoded, image_of
from app.client.cleaning.errors import CleaningError
from app.client.cleaning.finding import names_left, needs_of
from app.client.cleaning.frames import MIB, Drawn, Word, Written
from app.client.cleaning.reading import Reader
from app.client.cleaning.supervision import decode
from app.domain.pages import PageProblem
from app.domain.pages.form import PNG_MAGIC
from app.domain.petition.model import Box
from app.domain.redaction import Engine

MOST_BYTES = 64
"""MiB of all pages of a copy."""
_ROUNDS = 3
"""How often what was read back is covered and read again, before it is given up."""


@dataclass(frozen=True)
class Cleaned:
    """What the office may see of a file: pages as pictures, or a text that is still to be settled.

    `boxes` were drawn; `read_back` tells whether a machine looked for names in the result; `left_out` is how many
    pictures of a document did not come along with its text.
    """

    pages: tuple[bytes, ...] = field(default=(), repr=False)
    text: str | None = field(default=None, repr=False)
    boxes: int = 0
    read_back: bool = False
    left_out: int = 0


def copy_of(data: bytes, boxes: Sequence[Box], engine: Engine, reader: Reader | None) -> Cleaned:
    """Return the copy of a file. Raises CleaningError."""
    made = Cleaned(read_back=reader is not None)
    for number, seen in enumerate(decode(data), start=1):
        if isinstance(seen, Written):
            return _text_copy(seen, boxes)
        picture, drawn = _page(seen, [box for box in boxes if box.page == number], engine, reader)
        made = replace(made, pages=(*made.pages, picture), boxes=made.boxes + drawn)
        if sum(map(len, made.pages)) > MOST_BYTES * MIB:
            raise CleaningError("too_many", limit=MOST_BYTES)
    if any(not 0 < box.page <= len(made.pages) for box in boxes):
        raise CleaningError("box_page")
    if not made.pages:
        raise CleaningError("empty")
    return made


def _text_copy(written: Written, boxes: Sequence[Box]) -> Cleaned:
    if boxes:
        raise CleaningError("box_page")
    if not written.text.strip():
        raise CleaningError("empty")
    return Cleaned(text=written.text, left_out=written.pictures)


def _page(page: Drawn, boxes: Sequence[Box], engine: Engine, reader: Reader | None) -> tuple[bytes, int]:
    """Return a page as a picture, and how many boxes are on it."""
    image = image_of(page)
    drawn = cover(image, [*(_by_hand(box, page) for box in boxes), *needs_of(engine, page.words)])
    if reader is not None:
        drawn += _read_back(image, engine, reader)
    try:
        return encoded(image), len(drawn)
    except PageProblem as problem:
        raise CleaningError("broken") from problem


def _by_hand(box: Box, page: Drawn) -> Rectangle:
    """Return the pixels of a box that is given in percent of the original's page."""
    left, top, right, bottom = page.area
    across, down = (right - left) / 100, (bottom - top) / 100
    return Rectangle(
        left + round(box.x * across),
        top + round(box.y * down),
        left + round((box.x + box.w) * across),
        top + round((box.y + box.h) * down),
    )


def _read_back(image: Image.Image, engine: Engine, reader: Reader) -> list[Rectangle]:
    """Cover what a machine reads on the page, until it reads nobody. Raises CleaningError: name_left."""
    drawn: list[Rectangle] = []
    words: tuple[Word, ...] = reader.words(image)
    for _ in range(_ROUNDS):
        needs = needs_of(engine, words)
        if not needs:
            return drawn
        drawn += cover(image, needs)
        words = reader.words(image)
    if names_left(engine, words):
        raise CleaningError("name_left")
    return drawn


def pictures(pages: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the end of a file's name and the content, for a person who looks at pages before they are sent."""
    for number, page in enumerate(pages, start=1):
        ending = "png" if page.startswith(PNG_MAGIC) else "jpg"
        yield f"page-{number}.{ending}", page
