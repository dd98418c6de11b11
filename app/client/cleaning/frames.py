"""What the child that decodes foreign files says to its parent: frames of a JSON line and bytes.

A frame: length of the line (4 bytes, big-endian), the line, length of the bytes (4 bytes), the bytes. The parent
trusts neither: it checks every number, and takes bytes only as text or as raw pixels of the size that it computes.
"""

import json
import struct
from dataclasses import dataclass, field
from typing import IO, Any

MIB = 1024 * 1024
_LINE_LIMIT = 8 * MIB
_BYTES_LIMIT = 64 * MIB


class Refused(Exception):  # noqa: N818 - a verdict, which the parent turns into an error with words
    """A file of which no copy can be made, with the code of the reason."""

    def __init__(self, code: str) -> None:
        """Take the code of a message of `CleaningError`."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Word:
    """A word that can be read on a page and where it stands, in pixels."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Written:
    """The text that a reader of a file sees, and how many pictures stand in it, which do not come along."""

    text: str = field(repr=False)
    pictures: int = 0


@dataclass(frozen=True)
class Drawn:
    """A page in pixels: `mode` L or RGB; `area` is what of the sheet the original covers (left, top, right, bottom)."""

    mode: str
    size: tuple[int, int]
    area: tuple[int, int, int, int]
    words: tuple[Word, ...]
    pixels: bytes = field(repr=False)


def write_frame(stream: IO[bytes], line: Any, data: bytes = b"") -> None:
    """Write a frame."""
    text = json.dumps(line).encode()
    stream.write(struct.pack(">I", len(text)) + text + struct.pack(">I", len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[Any, bytes] | None:
    """Return a frame, None at the end. Raises ValueError for a broken or oversized one."""
    first = stream.read(4)
    if not first:
        return None
    line = json.loads(_exactly(stream, struct.unpack(">I", first)[0], _LINE_LIMIT))
    return line, _exactly(stream, struct.unpack(">I", _exactly(stream, 4, 4))[0], _BYTES_LIMIT)


def _exactly(stream: IO[bytes], size: int, limit: int) -> bytes:
    data = stream.read(size) if size <= limit else b""
    if len(data) != size:
        raise ValueError("a broken frame")
    return data


def drawn_of(line: Any, pixels: bytes) -> Drawn:
    """Return a page as a frame gives it. Raises ValueError, KeyError, TypeError."""
    mode, (width, height) = line["mode"], line["size"]
    left, top, right, bottom = (int(edge) for edge in line["area"])
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise ValueError("a page with an area outside itself")
    if len(pixels) != width * height * {"L": 1, "RGB": 3}[mode]:
        raise ValueError("a page of another size")
    words = tuple(Word(str(text), *(int(edge) for edge in edges)) for text, *edges in line["words"])
    return Drawn(mode, (width, height), (left, top, right, bottom), words, pixels)
