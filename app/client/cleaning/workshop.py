"""The process in which foreign files are decoded: `python -P -m app.client.cleaning.workshop`.

1. The content comes over standard input, whole; everything that decoding needs is loaded.
2. From then on it opens nothing: no file, no connection, no process of its own; and memory and time are bounded.
3. It answers in frames (`app.client.cleaning.frames`): pages in raw pixels, or one text, or a refusal.

A bug in a decoder of PDF or HEIC then costs one file, and what runs in here finds no way out but pixels and letters.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import IO

from PIL import Image

from app.client.cleaning import kinds
from app.client.cleaning.frames import MIB, Refused, Word, write_frame
from app.client.cleaning.open_text import text_of_open_text
from app.client.cleaning.pdf import draw_pdf
from app.client.cleaning.pictures import draw_picture
from app.client.cleaning.plain import reflowed, text_of_plain
from app.client.cleaning.word import text_of_word
from app.client.cleaning.workbook import text_of_workbook

MEMORY = 1536 * MIB
"""Bytes of address space: two pictures of the most pixels, and the libraries."""
PROCESSOR_SECONDS = 240
_TEXTS = {
    kinds.WORD: text_of_word,
    kinds.OPEN_TEXT: text_of_open_text,
    kinds.SHEET: text_of_workbook,
    kinds.PLAIN: text_of_plain,
}
_NOTHING: tuple[Word, ...] = ()


def main() -> None:
    """Clean one file (rules 1 to 3)."""
    data = sys.stdin.buffer.read()
    answers = os.fdopen(os.dup(1), "wb", buffering=MIB)
    os.dup2(2, 1)  # whatever a library prints does not get between the frames
    confine()
    try:
        _answer(data, answers)
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


def _answer(data: bytes, answers: IO[bytes]) -> None:
    kind = kinds.kind_of(data)
    if kind in _TEXTS:
        write_frame(answers, {"text": True}, reflowed(_TEXTS[kind](data)).encode("utf-8", "replace"))
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
    else:
        for page, area in draw_picture(data):
            yield page, area, _NOTHING


if __name__ == "__main__":
    main()
