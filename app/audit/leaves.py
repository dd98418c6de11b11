"""What every leaf must be: 106 bytes, a registered version and kind, time that does not run back, a tag of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.audit.finding import Code, Findings
from crypto.log.leaf import FORM, LEAF_SIZE, VERSION, LeafKind
from crypto.log.totals import Totals

_KINDS = frozenset(LeafKind)
_NO_TAG = bytes(16)
_INDEX = 4
_CHANGE = bytes([LeafKind.PORTAL_VERSION])
_TAG_KEPT = 16
"""Bytes of a case tag that are remembered: no petitioner can make two of their own tags collide in so many."""


@dataclass(frozen=True)
class Dates:
    """Between which times entries can be: those from ``size`` on not before ``earliest``, none after ``latest``."""

    size: int = 0
    earliest: int = 0
    latest: int = 2**63

    def is_early(self, index: int, time: int) -> bool:
        """Say whether an entry is dated before the log was seen without it."""
        return index >= self.size and time < self.earliest


class LeafRules:
    """Checks the leaves of a log from the first to the last; remembers their tags, 20 bytes an entry."""

    def __init__(
        self, tick: int, findings: Findings, totals: Totals | None = None, dates: "Dates | None" = None
    ) -> None:
        """``tick`` in seconds, 0 when it is not known; ``totals`` counts along, if given; ``dates`` bound the times."""
        self._dates = dates or Dates()
        self._totals = totals
        self._tick = tick
        self._findings = findings
        self._tags = [bytearray() for _ in range(256)]
        self.changes: dict[int, bytes] = {}
        """Entries that say that the portal runs something else from then on."""
        self._latest = 0
        self.off_tick: list[int] = []
        """Indexes of leaves whose time is between ticks; the caller judges them, since a tick may be changed."""
        self.early: list[int] = []
        """Indexes of leaves that are dated before a time at which the log did not have them."""
        self.ahead: list[int] = []
        """Indexes of leaves that are dated after now."""

    def check(self, first: int, entries: Sequence[bytes]) -> None:
        """Check the entries from index ``first`` on: a bundle at once, and one by one only where something is odd."""
        if self._totals is not None:
            self._totals.add(entries)
        for place, entry in enumerate(entries):
            if entry[1:2] == _CHANGE and len(entry) == LEAF_SIZE and entry[0] == VERSION:
                self.changes[first + place] = entry
        if not self._plain(first, entries):
            for place, entry in enumerate(entries):
                self._check_one(first + place, entry)

    def _plain(self, first: int, entries: Sequence[bytes]) -> bool:
        if not entries or set(map(len, entries)) != {LEAF_SIZE}:
            return False
        versions, kinds, times, tags, _, _ = zip(*map(FORM.unpack, entries), strict=True)
        known = set(versions) == {VERSION} and _KINDS.issuperset(kinds)
        ordered = times[0] >= self._latest and list(times) == sorted(times)
        on_tick = not self._tick or not any(time % self._tick for time in set(times))
        last = first + len(entries) - 1
        dated = not self._dates.is_early(last, times[0]) and times[-1] <= self._dates.latest
        if not (known and ordered and on_tick and dated):
            return False
        for index, tag in enumerate(tags, first):
            self._tags[tag[0]] += tag[:_TAG_KEPT] + index.to_bytes(_INDEX, "big")
        self._latest = times[-1]
        return True

    def _check_one(self, index: int, entry: bytes) -> None:
        if len(entry) != LEAF_SIZE:
            self._findings.add(Code.LEAF_LENGTH, index=index)
            return
        version, kind, time, tag, _, _ = FORM.unpack(entry)
        if version != VERSION:
            self._findings.add(Code.LEAF_VERSION, index=index)
            return
        if kind not in _KINDS:
            self._findings.add(Code.LEAF_KIND, index=index)
        if time < self._latest:
            self._findings.add(Code.TIME_DECREASING, index=index)
        self._latest = max(self._latest, time)
        if self._tick and time % self._tick:
            self.off_tick.append(index)
        if self._dates.is_early(index, time):
            self.early.append(index)
        if time > self._dates.latest:
            self.ahead.append(index)
        self._tags[tag[0]] += tag[:_TAG_KEPT] + index.to_bytes(_INDEX, "big")

    def finish(self) -> None:
        """Tell which tags stand twice, once every entry was seen."""
        size = _TAG_KEPT + _INDEX
        for kept in self._tags:
            seen: set[bytes] = set()
            for at in range(0, len(kept), size):
                tag = bytes(kept[at : at + _TAG_KEPT])
                if tag != _NO_TAG and tag in seen:
                    self._findings.add(Code.TAG_DOUBLED, index=int.from_bytes(kept[at + _TAG_KEPT : at + size], "big"))
                seen.add(tag)
            kept.clear()
