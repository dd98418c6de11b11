"""The smallest story between two sequences of hashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.compare import differences
from app.audit.finding import Code

rows = st.lists(st.binary(min_size=2, max_size=2), min_size=2, max_size=40, unique=True)


@given(rows)
def test_equal_sequences_have_no_story(before):
    """Nothing happened, nothing is told."""
    assert differences(before, list(before)) == []


@given(rows, st.integers(0, 100))
def test_one_altered_row_is_named(before, place):
    """At its offset."""
    at = place % len(before)
    after = [*before[:at], b"new", *before[at + 1 :]]
    assert [(d.code, d.offset) for d in differences(before, after)] == [(Code.ENTRY_ALTERED, at)]


@given(rows, st.integers(0, 100))
def test_a_deleted_row_is_named(before, place):
    """Whether or not what follows moved in from behind."""
    at = place % len(before)
    after = [*before[:at], *before[at + 1 :]]
    assert [(d.code, d.offset) for d in differences(before, after)] == [(Code.ROW_DELETED, at)]
    if at < len(before) - 1:
        assert [(d.code, d.offset) for d in differences(before, [*after, b"next"])] == [(Code.ROW_DELETED, at)]


@given(rows, st.integers(0, 100), st.booleans())
def test_an_inserted_or_doubled_row_is_named(before, place, cut):
    """Whether or not the last one moved out."""
    at = place % (len(before) - 1)
    for new, code, offset in ((b"new", Code.ROW_INSERTED, at), (before[at], Code.ROW_DOUBLED, at + 1)):
        after = [*before[:offset], new, *before[offset:]]
        if cut and offset < len(before) - 1:
            after = after[:-1]
        assert [(d.code, d.offset) for d in differences(before, after)] == [(code, offset)]


@given(rows, st.integers(0, 100), st.integers(0, 100))
def test_swapped_rows_are_named(before, first, second):
    """Both of them."""
    one, two = sorted((first % len(before), second % len(before)))
    if one == two:
        return
    after = list(before)
    after[one], after[two] = after[two], after[one]
    told = differences(before, after)
    assert [(d.code, d.offset, d.other) for d in told] == [(Code.ROWS_SWAPPED, one, two)]


@pytest.mark.parametrize(("before", "after"), [(b"abcdef", b"axcxef"), (b"abcdef", b"xxxdef"), (b"abcd", b"wxyz")])
def test_several_altered_rows_are_each_named(before, after):
    """Where no simpler story fits."""
    old, new = [bytes([c]) for c in before], [bytes([c]) for c in after]
    told = differences(old, new)
    assert {d.code for d in told} == {Code.ENTRY_ALTERED}
    assert [d.offset for d in told] == [n for n, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
