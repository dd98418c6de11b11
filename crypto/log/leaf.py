"""The entry of our log: 106 bytes, always, so that its length tells nothing.

``version ‖ kind ‖ time ‖ case tag ‖ subject tag ‖ commitment`` = 1 + 1 + 8 + 32 + 32 + 32 bytes. In the open stand
only the kinds below; whatever else happened is ``EVENT`` with its real kind committed. The time is a whole number of
publication ticks: a finer one would tell the minute of a filing, to be compared with who was absent.

Source: design.md section 6; FORMAT.md, section "Notes and the log".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Self

from crypto.errors import LogError

VERSION = 1
TAG_SIZE = 32
FORM = struct.Struct(">BBQ32s32s32s")
"""version, kind, time, case tag, subject tag, commitment."""
LEAF_SIZE = FORM.size


@unique
class LeafKind(IntEnum):
    """What stands in the open about an entry; a number is never used for a second meaning."""

    EVENT = 0
    RECEIVED = 1
    DECIDED_TAKEN_UP = 2
    DECIDED_DECLINED = 3
    DECIDED_CLOSED = 4
    LOG_OPENED = 16
    PORTAL_VERSION = 17
    SUCCESSOR = 18
    KEYS_CHANGED = 19


@dataclass(frozen=True)
class Leaf:
    """One entry. ``time``: Unix seconds, a whole number of ticks; tags and commitment: 32 bytes each."""

    kind: LeafKind
    time: int
    case_tag: bytes
    subject_tag: bytes
    commitment: bytes
    version: int = VERSION

    def __post_init__(self) -> None:
        """Raises ``LogError`` for parts that the fixed form cannot hold."""
        if self.version != VERSION or not 0 <= self.time < 2**63:
            raise LogError("a leaf of an unknown version, or with an impossible time")
        if any(len(part) != TAG_SIZE for part in (self.case_tag, self.subject_tag, self.commitment)):
            raise LogError("a leaf holds two tags and a commitment of 32 bytes each")

    def to_bytes(self) -> bytes:
        """Return the 106 bytes that are hashed into the tree."""
        return FORM.pack(self.version, self.kind, self.time, self.case_tag, self.subject_tag, self.commitment)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a leaf; raises ``LogError`` for another length, version or kind."""
        if len(data) != LEAF_SIZE:
            raise LogError("a leaf has 106 bytes")
        version, kind, time, case_tag, subject_tag, commitment = FORM.unpack(data)
        try:
            known = LeafKind(kind)
        except ValueError as error:
            raise LogError("a leaf of an unknown kind") from error
        return cls(known, time, case_tag, subject_tag, commitment, version)
