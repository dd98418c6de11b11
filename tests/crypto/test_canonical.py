"""Canonical JSON is RFC 8785's, byte for byte, whichever way it was written."""

from __future__ import annotations

import enum
import math
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from crypto.canonical import CanonicalizationError, canonical_json

_WHOLE = st.sampled_from([0, 1, -1, 2**53 - 1, 2**53, 2**53 + 1, 1 - 2**53, -(2**53), 10**30]) | st.integers()
_LETTER = st.characters(codec=None) | st.sampled_from(
    '\x00\x1f\x7f"\\/\n\u2028\ud7ff\ud800\udfff\ue000\uffff\U0001f600é'
)
_TEXT = st.text(_LETTER, max_size=4)
_SCALAR = st.none() | st.booleans() | _WHOLE | st.floats() | _TEXT | st.binary(max_size=1)
_NAME = _TEXT | st.integers(0, 2) | st.none() | st.booleans()


def _within(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, max_size=4)
    return lists | lists.map(tuple) | st.dictionaries(_TEXT, inner, max_size=5) | st.dictionaries(_NAME, inner)


def _outcome(write: Any, value: Any) -> bytes | type[Exception]:
    try:
        return bytes(write(value))
    except (CanonicalizationError, UnicodeError, TypeError) as error:
        return type(error)


@given(st.recursive(_SCALAR, _within, max_leaves=12))
def test_both_ways_write_the_same(value: Any) -> None:
    """Whatever the library writes or refuses, ours writes or refuses too."""
    assert _outcome(canonical_json, value) == _outcome(rfc8785.dumps, value)


class _Word(enum.StrEnum):
    """A text of a type of its own."""

    HERE = "aquí"


class _Number(enum.IntEnum):
    """A number of a type of its own."""

    TWO = 2


class _Renamed(dict[str, int]):
    """A group that shows other contents to whoever asks for its items."""

    def items(self) -> Any:
        return {"other": 1}.items()


@pytest.mark.parametrize(
    "value",
    [
        {"\ue000": 1, "\U0001f600": 2},  # in UTF-16 the astral one is first
        {"\U0001f600": 1, "a": {"\uffff": 2, "\U00010000": 3}},
        {"b": 1, "a": 2, "é": 3, "z": [True, False, None, {}, [], ""]},
        {_Word.HERE: _Word.HERE, "n": _Number.TWO, "t": (1, 2)},
        {"f": [1.0, 1e21, 1e-7, -0.0, 0.1]},
        _Renamed(a=1),
        {"a": {1: 2}},
        {True: 1},
        {"a": "\ud800"},
        {"\udfff": 1},
        {"a": math.nan},
        {"a": math.inf},
        {"a": 2**53},
        {"a": -(2**53)},
        {"a": 2**53 - 1, "b": 1 - 2**53},
        {"a": b"bytes"},
        {"a": {1, 2}},
    ],
)
def test_what_the_standard_encoder_would_write_otherwise(value: Any) -> None:
    """Each case in which the two could differ goes the library's way."""
    assert _outcome(canonical_json, value) == _outcome(rfc8785.dumps, value)


@pytest.mark.parametrize("depth", [400, 100_000])
def test_depth(depth: int) -> None:
    """Deep nesting is written where the library writes it, and refused where it would end the stack."""
    value: Any = []
    for _ in range(depth):
        value = [value]
    if depth < 1000:
        assert canonical_json(value) == b"[" * (depth + 1) + b"]" * (depth + 1)
        return
    with pytest.raises(RecursionError):
        canonical_json(value)
