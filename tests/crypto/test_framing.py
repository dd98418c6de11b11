"""Frames: the place inside, the padding outside."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto.errors import FrameError
from crypto.framing import (
    IDENTITY_SIZE,
    MAX_HEAD,
    FramedSource,
    FrameKind,
    Head,
    Unframer,
    frame,
    frame_head,
    padded_size,
    unframe,
)

KIB = 1024
MIB = 1024 * KIB
PLACE = Head("portal.invalid", "c" * 26, FrameKind.STATEMENT, "0011223344556677", 1)

names = st.text(st.characters(codec="utf-8"), max_size=40)
heads = st.builds(Head, names, names, st.sampled_from(list(FrameKind)), names, st.integers(0, 2**53 - 1))


@given(heads, st.binary(max_size=6000))
def test_unframe_undoes_frame(head, body):
    """Any names, any body, bodies that look like padding or like a head too."""
    data = frame(head, body)
    assert unframe(data, head) == body
    assert len(data) == padded_size(len(frame_head(replace(head, length=len(body)))) + len(body))


@given(heads, heads, st.binary(max_size=50))
def test_every_part_of_the_place_is_compared(head, other, body):
    """A frame of one place is refused at every other."""
    assume(head != other)
    with pytest.raises(FrameError):
        unframe(frame(head, body), other)


@given(heads, st.binary(max_size=300), st.data())
def test_any_changed_byte_of_a_frame_fails_or_is_body(head, body, data):
    """Outside the body, a frame has no byte that can be changed."""
    framed = frame(head, body)
    start = len(frame_head(replace(head, length=len(body))))
    at = data.draw(st.one_of(st.integers(0, start - 1), st.integers(start + len(body), len(framed) - 1)))
    changed = framed[:at] + bytes([framed[at] ^ data.draw(st.integers(1, 255))]) + framed[at + 1 :]
    with pytest.raises(FrameError):
        unframe(changed, head)


@pytest.mark.parametrize(
    ("length", "size"),
    [
        (0, 4 * KIB),
        (1, 4 * KIB),
        (4 * KIB, 4 * KIB),
        (4 * KIB + 1, 8 * KIB),
        (MIB, MIB),
        (MIB + 1, 2 * MIB),
        (8 * MIB, 8 * MIB),
        (8 * MIB + 1, 16 * MIB),
        (16 * MIB, 16 * MIB),
        (16 * MIB + 1, 24 * MIB),
        (24 * MIB + 1, 32 * MIB),
    ],
)
def test_padded_sizes(length, size):
    """Powers of two up to 8 MiB, then multiples of 8 MiB."""
    assert padded_size(length) == size


@given(st.integers(0, 2**40))
def test_padding_never_cuts_and_never_tells_more_than_a_step(length):
    """It fits, its size is one of the list, and it is the smallest of them."""
    size = padded_size(length)
    assert size >= length
    assert size % (8 * MIB) == 0 if size > 8 * MIB else size >= 4 * KIB and size & (size - 1) == 0
    assert padded_size(size) == size


@given(st.binary(max_size=2000))
def test_every_identity_has_one_size(body):
    """A long name and a short one are sealed to the same length."""
    assert len(frame(replace(PLACE, kind="identity"), body, IDENTITY_SIZE)) == IDENTITY_SIZE


def test_identity_that_does_not_fit_is_refused():
    """Refused clearly, with what fits, and never sealed in a size of its own."""
    room = IDENTITY_SIZE - len(frame_head(replace(PLACE, length=16000)))
    assert len(frame(PLACE, bytes(room), IDENTITY_SIZE)) == IDENTITY_SIZE
    with pytest.raises(FrameError, match=f"holds {room} bytes, and this one has {room + 1}"):
        frame(PLACE, bytes(room + 1), IDENTITY_SIZE)


def test_length_is_known_and_right():
    """A head that says another length than its body is a mistake of the caller."""
    assert frame(replace(PLACE, length=3), b"abc") == frame(PLACE, b"abc")
    with pytest.raises(ValueError, match="another length"):
        frame(replace(PLACE, length=4), b"abc")
    with pytest.raises(ValueError, match="has a length"):
        frame_head(PLACE)


def test_expected_length_is_compared_where_it_is_known():
    """None fits every body, a number only its own."""
    assert unframe(frame(PLACE, b"abc"), replace(PLACE, length=3)) == b"abc"
    with pytest.raises(FrameError):
        unframe(frame(PLACE, b"abc"), replace(PLACE, length=4))


def test_unregistered_kind_is_refused():
    """A kind is registered before it is written."""
    with pytest.raises(ValueError, match="not a valid FrameKind"):
        Head("p", "c", "letter", "r", 1)


def test_too_long_head_is_refused():
    """A reader gives up after 2 KiB; a writer does not get that far."""
    with pytest.raises(FrameError):
        frame(replace(PLACE, portal="p" * MAX_HEAD), b"")


def head_line(**changes: object) -> bytes:
    fields = json.loads(frame_head(replace(PLACE, length=3))) | changes
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"abc",
        b"[]\n",
        b"null\n",
        b'{"v":1}\n',
        b"[" * 2000,
        b"x" * 3000,
        head_line(v=2),
        head_line(v=True),
        head_line(v="1"),
        head_line(len=-1),
        head_line(len="3"),
        head_line(len=None),
        head_line(len=3.5),
        head_line(epoch=True),
        head_line(epoch="1"),
        head_line(kind="letter"),
        head_line(kind=["statement"]),
        head_line(more=1),
        head_line()[:-1],
        b" " + head_line(),
        head_line().replace(b":1,", b":1.0,"),
        head_line().replace(b'"v":1', b'"v":1,"v":1'),
        head_line().replace(b"portal.", b"portal\\u002e"),
        head_line() + b"ab",
        head_line() + b"abc\x01",
        head_line() + b"abc\0\0\x01\0",
    ],
)
def test_malformed_frame_is_refused(data):
    """No head, another version, another spelling, a missing body, padding that is not zero."""
    with pytest.raises(FrameError):
        unframe(data, PLACE)
    unframer = Unframer(PLACE, io.BytesIO())
    with pytest.raises(FrameError):
        _feed(unframer, data, 7)


def _feed(unframer: Unframer, data: bytes, piece: int) -> Head:
    for at in range(0, len(data), piece):
        unframer.write(data[at : at + piece])
    return unframer.finish()


@given(heads, st.binary(max_size=3000), st.integers(1, 5000))
def test_pieces_unframe_to_the_same(head, body, piece):
    """Wherever the pieces are cut, the body is the same as in one."""
    target = io.BytesIO()
    found = _feed(Unframer(head, target), frame(head, body), piece)
    assert (target.getvalue(), found) == (body, replace(head, length=len(body)))


@given(st.binary(max_size=10_000), st.integers(1, 5000))
def test_framed_source_reads_as_frame(body, piece):
    """Streaming makes the same bytes as the call for bytes."""
    source = FramedSource(replace(PLACE, length=len(body)), io.BytesIO(body))
    data = b"".join(iter(lambda: source.read(piece), b""))
    assert data == frame(PLACE, body)


@pytest.mark.parametrize("length", [2, 4])
def test_file_that_changes_while_it_is_sealed_is_refused(length):
    """Shorter or longer than announced: no object with a wrong head is made."""
    source = FramedSource(replace(PLACE, length=length), io.BytesIO(b"abc"))
    with pytest.raises(FrameError):
        b"".join(iter(lambda: source.read(100), b""))
