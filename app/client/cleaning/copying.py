"""From a file to the office's copy of it."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from PIL import Image

from app.client.cleaning.drawing import Rectangle, cover, encoded, image_of
from app.client.cleaning.errors import CleaningError
from app.client.cleaning.faces import Choose, FaceFinder, cover_all
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
    pictures of a document did not come along with its text. `faces` are the places that may be faces, covered or not,
    None where pictures were looked at by no machine for them. `words` can be read on each page.
    """

    pages: tuple[bytes, ...] = field(default=(), repr=False)
    text: str | None = field(default=None, repr=False)
    boxes: int = 0
    read_back: bool = False
    left_out: int = 0
    faces: int | None = 0
    words: tuple[tuple[Word, ...], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Eyes:
    """The machines that look at pages: `reader` for names, `finder` for faces, which `choose` then covers or not."""

    reader: Reader | None = None
    finder: FaceFinder | None = None
    choose: Choose = cover_all


def copy_of(data: bytes, boxes: Sequence[Box], engine: Engine, eyes: Eyes) -> Cleaned:
    """Return the copy of a file. Raises CleaningError."""
    made = Cleaned(read_back=eyes.reader is not None)
    for number, seen in enumerate(decode(data), start=1):
        if isinstance(seen, Written):
            return _text_copy(seen, boxes)
        made = _with_page(made, seen, [box for box in boxes if box.page == number], engine, eyes)
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


def _with_page(made: Cleaned, page: Drawn, boxes: Sequence[Box], engine: Engine, eyes: Eyes) -> Cleaned:
    """Return a copy with one more page."""
    image = image_of(page)
    faces = _faces(image, page, eyes)
    chosen = eyes.choose(len(made.pages) + 1, faces) if faces else ()
    drawn = cover(image, [*(_by_hand(box, page) for box in boxes), *chosen, *needs_of(engine, page.words)])
    read = page.words
    if eyes.reader is not None:
        more, seen_words = _read_back(image, engine, eyes.reader)
        drawn += more
        read = read or seen_words
    seen = None if faces is None or made.faces is None else made.faces + len(faces)
    words = (*made.words, _beside(read, drawn))
    return replace(made, pages=(*made.pages, _written(image)), boxes=made.boxes + len(drawn), faces=seen, words=words)


def _written(image: Image.Image) -> bytes:
    try:
        return encoded(image)
    except PageProblem as problem:
        raise CleaningError("broken") from problem


def _beside(words: Sequence[Word], boxes: Sequence[Rectangle]) -> tuple[Word, ...]:
    """Return the words that are under no box."""
    lines = {(word.top, word.bottom) for word in words}
    covering = {line: [box for box in boxes if _reaches(box.top, box.bottom, *line)] for line in lines}
    return tuple(word for word in words if not any(_is_under(word, box) for box in covering[word.top, word.bottom]))


def _is_under(word: Word, box: Rectangle) -> bool:
    """Tell whether the letters are under a box that is as high; around them a word has some room."""
    room = (word.bottom - word.top) / 5
    return box.left <= word.left + room and box.right >= word.right - room


def _reaches(top: int, bottom: int, highest: int, lowest: int) -> bool:
    """Tell whether a box is as high as a line of words."""
    room = (lowest - highest) / 5
    return top <= highest + room and bottom >= lowest - room


def covered(made: Cleaned, page: int, words: Sequence[Word]) -> Cleaned:
    """Return a copy with more words of a page, counted from 0, under boxes. Raises CleaningError."""
    with Image.open(io.BytesIO(made.pages[page])) as picture:
        image = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    drawn = cover(image, [Rectangle(word.left, word.top, word.right, word.bottom) for word in words])
    pages, read = [*made.pages], [*made.words]
    pages[page] = _written(image)
    read[page] = _beside(read[page], drawn)
    return replace(made, pages=tuple(pages), words=tuple(read), boxes=made.boxes + len(drawn))


def _faces(image: Image.Image, page: Drawn, eyes: Eyes) -> Sequence[Rectangle] | None:
    """Return where faces may be, None where there is nobody to tell; a page with words of its own is no photograph."""
    if page.words:
        return ()
    return eyes.finder.faces(image) if eyes.finder is not None else None


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


def _read_back(image: Image.Image, engine: Engine, reader: Reader) -> tuple[list[Rectangle], tuple[Word, ...]]:
    """Cover what a machine reads, until it reads nobody; and what it read last. Raises CleaningError: name_left."""
    drawn: list[Rectangle] = []
    words: tuple[Word, ...] = reader.words(image)
    for _ in range(_ROUNDS):
        needs = needs_of(engine, words)
        if not needs:
            return drawn, words
        drawn += cover(image, needs)
        words = reader.words(image)
    if names_left(engine, words):
        raise CleaningError("name_left")
    return drawn, words


def pictures(pages: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the end of a file's name and the content, for a person who looks at pages before they are sent."""
    for number, page in enumerate(pages, start=1):
        ending = "png" if page.startswith(PNG_MAGIC) else "jpg"
        yield f"page-{number}.{ending}", page
