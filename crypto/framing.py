"""Frames: what a sealed object says, inside, about the place it belongs to, and how its length is hidden.

age proves no author and binds no place: a server could serve the sealed identity of one case, or of one witness, in
the place of another. So the first line inside names the place, and a reader compares it with the place it asked for.

Rules
1. The first line is the head: RFC 8785 JSON with exactly v, portal, case, kind, record, epoch and len, then LF.
2. ``len`` bytes of body follow, then zeros up to the padded size; zeros are checked.
3. Every identity has one size. Everything else is padded to powers of two up to 8 MiB, then to multiples of 8 MiB.
   Padding counts bytes, not characters: Spanish text has more of the former.
4. A kind is registered once and never means something else.

Worked example::

    {"case":"b7p…","epoch":1,"kind":"statement","len":13,"portal":"portal.invalid","record":"9f…","v":1}⏎
    Me despidieron… 0 0 0 0 …

Source: FORMAT.md "Frames".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum, unique

from crypto.age import Source, Target, read_full
from crypto.canonical import canonical_json
from crypto.errors import FrameError

VERSION = 1
KIB = 1024
MIB = 1024 * KIB
IDENTITY_SIZE = 16 * KIB
MIN_SIZE = 4 * KIB  # smaller ones tell a short statement from a shorter one
MAX_DOUBLING = 8 * MIB
MAX_HEAD = 2 * KIB  # names in a head are short; a longer line only fills memory
_ZEROS = bytes(64 * KIB)


@unique
class FrameKind(StrEnum):
    """The registry of what a sealed object can be; a name is never reused."""

    CASE_KEY = "case-key"
    IDENTITY = "identity"
    STATEMENT = "statement"
    ORIGINALS = "originals"
    FILE = "file"
    FILE_INDEX = "file-index"
    MESSAGE = "message"
    ANSWER = "answer"


@dataclass(frozen=True)
class Head:
    """The place of a sealed object; ``length`` is its body's in bytes, None where it is not known yet.

    ``portal`` is the portal's name, ``case`` the case id, ``record`` the object's random id, ``epoch`` that of the
    case key. As an expectation, a length of None fits every body.
    """

    portal: str
    case: str
    kind: str
    record: str
    epoch: int
    length: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a kind that is not registered."""
        FrameKind(self.kind)

    def fits(self, expected: Head) -> bool:
        """Say whether this head is at the expected place."""
        same = (self.portal, self.case, self.kind, self.record, self.epoch) == (
            expected.portal,
            expected.case,
            expected.kind,
            expected.record,
            expected.epoch,
        )
        return same and expected.length in (None, self.length)


def padded_size(length: int) -> int:
    """Return the size to which ``length`` bytes, head included, are padded.

    4 KiB, doubled until it fits, up to 8 MiB; above, the next multiple of 8 MiB.
    """
    if length > MAX_DOUBLING:
        return -(-length // MAX_DOUBLING) * MAX_DOUBLING
    return max(MIN_SIZE, 1 << (length - 1).bit_length()) if length else MIN_SIZE


def frame_head(head: Head) -> bytes:
    """Return the first line of a frame, LF included; ``head.length`` must be known.

    Raises: ValueError without a length, FrameError for a head of more than 2 KiB.
    """
    if head.length is None:
        raise ValueError("a head that is written has a length")
    line = canonical_json(
        {
            "v": VERSION,
            "portal": head.portal,
            "case": head.case,
            "kind": str(head.kind),
            "record": head.record,
            "epoch": head.epoch,
            "len": head.length,
        }
    )
    if len(line) >= MAX_HEAD:
        raise FrameError("the head of a sealed object is too long")
    return line + b"\n"


def frame(head: Head, body: bytes, size: int | None = None) -> bytes:
    """Return head, body and zeros: exactly ``size`` bytes, by default the padded size.

    Raises: FrameError where they do not fit into ``size``; ValueError where ``head.length`` is another than the body's.
    """
    line = frame_head(_with_length(head, len(body)))
    used = len(line) + len(body)
    total = padded_size(used) if size is None else size
    if used > total:
        raise FrameError(f"a sealed object of this kind holds {total - len(line)} bytes, and this one has {len(body)}")
    return b"".join((line, body, bytes(total - used)))


def unframe(data: bytes, expected: Head) -> bytes:
    """Return the body of a frame that is at the expected place and padded with zeros only; raises FrameError."""
    head, start = _parse_head(data[:MAX_HEAD])
    _check_place(head, expected)
    end = start + _length(head)
    if end > len(data):
        raise FrameError("a sealed object is shorter than its head says")
    if data.count(0, end) != len(data) - end:
        raise FrameError("the padding of a sealed object is not zero")
    return data[start:end]


class FramedSource:
    """Reads as head, body and zeros, for sealing a file that does not fit in memory."""

    def __init__(self, head: Head, body: Source) -> None:
        """Take a head whose length is that of what ``body`` will give."""
        line = frame_head(head)
        self._body = body
        self._line = line
        self._left = _length(head)
        self._zeros = padded_size(len(line) + self._left) - len(line) - self._left

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes; raises FrameError where the body is shorter or longer than announced."""
        if self._line:
            data, self._line = self._line[:size], self._line[size:]
        elif self._left:
            data = self._read_body(size)
        else:
            data = _ZEROS[: min(size, self._zeros)]
            self._zeros -= len(data)
        return data

    def _read_body(self, size: int) -> bytes:
        data = read_full(self._body, min(size, self._left))
        if not data:
            raise FrameError("a file became shorter while it was being sealed")
        self._left -= len(data)
        if not self._left and self._body.read(1):
            raise FrameError("a file became longer while it was being sealed")
        return data


class Unframer:
    """Takes a frame in pieces, as they become authentic, and passes the body on; the mirror of FramedSource."""

    def __init__(self, expected: Head, target: Target) -> None:
        """Take the place that is expected, and where the body goes."""
        self._expected = expected
        self._target = target
        self._start = b""
        self._head: Head | None = None
        self._left = 0

    def write(self, data: bytes, /) -> None:
        """Take the next piece; raises FrameError for another place, before any byte of the body is passed on."""
        if self._head is None:
            self._start += data
            if b"\n" not in self._start and len(self._start) < MAX_HEAD:
                return
            self._head, at = _parse_head(self._start)
            _check_place(self._head, self._expected)
            self._left = _length(self._head)
            data, self._start = self._start[at:], b""
        body = data[: self._left]
        self._left -= len(body)
        if body:
            self._target.write(body)
        if data.count(0, len(body)) != len(data) - len(body):
            raise FrameError("the padding of a sealed object is not zero")

    def finish(self) -> Head:
        """Return the head once everything has come; raises FrameError where something is missing."""
        if self._head is None or self._left:
            raise FrameError("a sealed object is shorter than its head says")
        return self._head


def _with_length(head: Head, length: int) -> Head:
    if head.length not in (None, length):
        raise ValueError("the head says another length than the body has")
    return Head(head.portal, head.case, head.kind, head.record, head.epoch, length)


def _length(head: Head) -> int:
    return head.length or 0


def _check_place(head: Head, expected: Head) -> None:
    if not head.fits(expected):
        raise FrameError("a sealed object belongs to another place than the one it was served at")


def _parse_head(data: bytes) -> tuple[Head, int]:
    """Return the head at the beginning of ``data`` and where the body begins."""
    line, newline, _ = data.partition(b"\n")
    try:
        fields = json.loads(line)
        version, length, epoch = fields.pop("v"), fields.pop("len"), fields["epoch"]
        head = Head(**fields, length=length)
        canonical = frame_head(head)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise FrameError("a sealed object has no head, or a malformed one") from None
    if version != VERSION or type(length) is not int or type(epoch) is not int or length < 0:
        raise FrameError("a sealed object has a head of another version")
    if not newline or canonical != line + newline:
        raise FrameError("the head of a sealed object is not in canonical form")
    return head, len(canonical)
