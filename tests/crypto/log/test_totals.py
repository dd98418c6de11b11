"""Monthly totals from leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crypto.log.leaf import Leaf, LeafKind
from crypto.log.totals import Month, Totals, to_csv


def leaf(kind: LeafKind, *day: int) -> bytes:
    """An entry of a kind at a moment."""
    time = int(datetime(*day, tzinfo=UTC).timestamp())  # type: ignore[arg-type, misc]
    return Leaf(kind, time, b"t" * 32, b"s" * 32, b"c" * 32).to_bytes()


def test_only_what_stands_in_the_open_is_counted():
    """Received and decided by month; events, the log's own entries, and what is no leaf count as nothing."""
    totals = Totals()
    totals.add(
        [
            leaf(LeafKind.LOG_OPENED, 2026, 1, 1),
            leaf(LeafKind.RECEIVED, 2026, 3, 31, 23, 59),
            leaf(LeafKind.RECEIVED, 2026, 4, 1),
            leaf(LeafKind.EVENT, 2026, 4, 1),
            leaf(LeafKind.DECIDED_TAKEN_UP, 2026, 4, 2),
            b"",
            b"\1\1 too short",
        ]
    )
    totals.add([leaf(LeafKind.DECIDED_DECLINED, 2026, 4, 3), leaf(LeafKind.DECIDED_CLOSED, 2026, 4, 3)])
    totals.add([Leaf(LeafKind.RECEIVED, 2**62, b"t" * 32, b"s" * 32, b"c" * 32).to_bytes()])
    assert totals.months() == (Month("2026-03", 1), Month("2026-04", 1, 1, 1, 1))
    assert to_csv(totals.months()) == ("month,received,taken_up,declined,closed\n2026-03,1,0,0,0\n2026-04,1,1,1,1\n")
    assert to_csv([]) == "month,received,taken_up,declined,closed\n"


@given(st.lists(st.sampled_from(list(LeafKind))), st.integers(0, 20))
def test_the_way_of_counting_does_not_matter(kinds, cut):
    """Property: entries counted at once or in parts make the same totals."""
    entries = [leaf(kind, 2026, 1 + place % 12, 1) for place, kind in enumerate(kinds)]
    once, parts = Totals(), Totals()
    once.add(entries)
    parts.add(entries[cut:])
    parts.add(entries[:cut])
    assert once.months() == parts.months()
    assert sum(month.received for month in once.months()) == kinds.count(LeafKind.RECEIVED)
