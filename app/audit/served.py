"""What the portal ran, and since when: version, code, modules of its pages and settings, from the log's own entries.

An entry of the kind *portal version* stands in the open: its subject tag is the SHA-256 of the manifest of modules. Its
opening says the rest, and anyone gets it from the portal (`/api/v1/served`), in the form of a file of openings.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.audit.entries import Entry
from app.audit.finding import Code, Report
from crypto.log.leaf import Leaf, LeafKind

_WORDS = ("modules", "version", "code", "configuration")


@dataclass(frozen=True)
class Served:
    """What ran from an entry on; `time` is the leaf's, everything but `modules` is empty where it is not open."""

    index: int
    time: int
    modules: str
    version: str = ""
    code: str = ""
    configuration: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether the entry says more than its modules."""
        return bool(self.version)


def served_from(leaves: Mapping[int, bytes], entries: Sequence[Entry], report: Report, *, asked: bool) -> list[Served]:
    """Return what ran when, in order; with `asked` the portal was asked, and owes the opening of each change."""
    opened = {entry.index: entry for entry in entries if entry.leaf.kind is LeafKind.PORTAL_VERSION}
    found = []
    for index, data in sorted(leaves.items()):
        leaf = Leaf.from_bytes(data)
        told = opened.get(index)
        if told is None and asked:
            report.findings.add(Code.SERVED_WITHHELD, index=index)
        found.append(_served(index, leaf, told, report))
    return found


def _served(index: int, leaf: Leaf, told: Entry | None, report: Report) -> Served:
    plain = Served(index, leaf.time, leaf.subject_tag.hex())
    if told is None:
        return plain
    said = _said(told.detail)
    if said.get("modules") != plain.modules:
        report.findings.add(Code.SERVED_FALSE, index=index)
    try:
        configuration = json.loads(said.get("configuration", "{}"))
    except ValueError:
        configuration = {}
    settings = configuration if isinstance(configuration, dict) else {}
    return Served(index, leaf.time, plain.modules, said.get("version", ""), said.get("code", ""), settings)


def _said(detail: str) -> dict[str, str]:
    """Return what `modules … version … code … configuration {…}` says; older entries say the first alone."""
    words = detail.split(" ", 2 * len(_WORDS) - 1)
    pairs = zip(words[::2], words[1::2], strict=False)
    return {name: value for name, value in pairs if name in _WORDS}
