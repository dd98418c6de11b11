"""The process in which foreign files are decoded: `python -P -m app.client.cleaning.workshop`.

1. The content comes over standard input, whole; everything that decoding needs is loaded.
2. From then on it opens nothing: no file, no connection, no process of its own; and memory and time are bounded.
3. It answers in frames (`app.client.cleaning.frames`): pages in raw pixels, or one text, or a refusal.

A bug in a decoder of PDF or HEIC then costs one file, and what runs in here finds no way out but pixels and letters.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import IO

from PIL import Image

from app.client.cleaning import kinds
from app.client.cleaning.frames import MIB, Refused, Word, Written, write_frame
from app.client.cleaning.open_sheet import text_of_open_sheet
from app.client.cleaning.open_text import pictures_of_open_text, text_of_open_text
from app.client.cleaning.pdf import draw_pdf
from app.client.cleaning.pictures import MOST_PAGES, draw_picture
from app.client.cleaning.plain import reflowed, text_of_plain
from app.client.cleaning.word import pictures_of_word, text_of_word

MEMORY = 1536 * MIB
"""Bytes of address space: two pictures of the most pixels, and the libraries."""
PROCESSOR_SECONDS = 240
_Reads = Callable[[bytes], Written]
_TEXTS: Mapping[str, _Reads] = {
    kinds.WORD: text_of_word,
    kinds.OPEN_TEXT: text_of_open_text,
    kinds.OPEN_SHEET: text_of_open_sheet,
    kinds.PLAIN: text_of_plain,
}
_PICTURES: Mapping[str, Callable[[bytes], list[bytes]]] = {
    kinds.WORD: pictures_of_word,
    kinds.OPEN_TEXT: pictures_of_open_text,
}
_NOTHING: tuple[Word, ...] = ()


def main() -> None:
    """Clean one file (rules 1 to 3)."""
    data = sys.stdin.buffer.read()
    answers = os.fdopen(os.dup(1), "wb", buffering=MIB)
    os.dup2(2, 1)  # whatever a library prints does not get between the frames
    texts = _texts_for(data)
    confine()
    try:
        _answer(data, texts, answers)
    except Refused as refusal:
        write_frame(answers, {"refused": refusal.code})
    except MemoryError:
        write_frame(answers, {"refused": "bomb"})


def confine() -> None:
    """Bound memory and time, and open nothing any more (rule 2)."""
    with contextlib.suppress(ImportError):  # Windows has no such bounds; there the parent's clock is the only one
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _texts_for(data: bytes) -> Mapping[str, _Reads]:
    """Return what reads texts; that of workbooks takes longer to load than ten pages to be drawn."""
    if not data.startswith(kinds.PACKAGE):
        return _TEXTS
    from app.client.cleaning.workbook import text_of_workbook

    return {**_TEXTS, kinds.SHEET: text_of_workbook}


def _answer(data: bytes, texts: Mapping[str, _Reads], answers: IO[bytes]) -> None:
    kind = kinds.kind_of(data)
    if kind in texts:
        written = texts[kind](data)
        text = reflowed(written.text)
        if text or not written.pictures or kind not in _PICTURES:
            write_frame(answers, {"text": True, "pictures": written.pictures}, text.encode("utf-8", "replace"))
            return
    for page, area, words in _pages(kind, data):
        line = {
            "mode": page.mode,
            "size": page.size,
            "area": area,
            "words": [(word.text, word.left, word.top, word.right, word.bottom) for word in words],
        }
        write_frame(answers, line, page.tobytes())
    write_frame(answers, {"done": True})


def _pages(kind: str, data: bytes) -> Iterator[tuple[Image.Image, tuple[int, int, int, int], tuple[Word, ...]]]:
    if kind == kinds.PDF:
        yield from draw_pdf(data)
        return
    # A document of nothing but pictures, as a scan is that was put into one, is its pictures.
    pictures = _PICTURES[kind](data) if kind in _PICTURES else [data]
    if len(pictures) > MOST_PAGES:
        raise Refused("pages")
    for picture in pictures:
        for page, area in draw_picture(picture):
            yield page, area, _NOTHING


if __name__ == "__main__":
    main()
