"""What the auditors' pages show, drawn from the log as it is published and from openings that were handed out."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from app.audit.conduct import judge_conduct
from app.audit.entries import Entry, opened
from app.audit.finding import Act, Report
from app.audit.openings import known_until
from app.audit.picture import way_up
from app.audit.reporting.contents import changes, utc
from app.audit.rules import Rules
from app.audit.served import Served, served_from
from app.audit.source import WithheldError
from app.audit.words import RULES, act_sentence
from app.domain.ports import Log
from app.i18n import t
from app.web.contexts.auditor import FieldView, FoundView, LookView, OpenedView, ServedView, StepView, WayView
from crypto.errors import LogError
from crypto.log.checkpoint import Checkpoint
from crypto.log.commitments import Opening, field_hash
from crypto.log.leaf import Leaf
from crypto.log.tiles import WIDTH, EntryBundle, decode_bundle, parse_path

LISTED = 50
"""Findings of one rule on the page; all of them are in the report."""
_STEP = 46
"""Height of one step of the picture."""


class PublishedFiles:
    """A portal's published log as the files that it serves: a `Source` for the auditor's own code."""

    workers = 1
    live = False

    def __init__(self, log: Log) -> None:
        self._log = log
        self._bundle: tuple[str, list[bytes]] = ("", [])

    def read(self, path: str, limit: int) -> bytes:
        """Return a tile or a bundle; raises ``WithheldError`` for what is not out."""
        place = parse_path(path)
        if isinstance(place, EntryBundle):
            data = self._log.bundle(place.index, place.width)
        else:
            data = self._log.tile(place.level, place.index, place.width)
        if data is None or len(data) > limit:
            raise WithheldError(path)
        return data

    def leaf(self, index: int, size: int) -> bytes:
        """Return an entry of a log of a size."""
        bundle = index // WIDTH
        width = min(WIDTH, size - bundle * WIDTH)
        path = EntryBundle(bundle, width).path()
        if self._bundle[0] != path:
            self._bundle = (path, decode_bundle(self.read(path, 1 << 20), width))
        return self._bundle[1][index % WIDTH]


def way_of(files: PublishedFiles, checkpoint: Checkpoint, index: int) -> WayView:
    """Return the way of an entry to the root, the lowest step last."""
    steps = way_up(files, checkpoint, index)
    height = (len(steps) + 1) * _STEP
    drawn = tuple(
        StepView(each.first, each.last, each.left, base64.b64encode(each.hash).decode(), height - (at + 1) * _STEP)
        for at, each in enumerate(steps)
    )
    return WayView(index, drawn, height)


def look_of(files: PublishedFiles, size: int, openings: Sequence[Any], language: str, since: int = 0) -> LookView:
    """Return what the rules find in openings of everything so far, what is about entries from `since` on first."""
    entries = list(_entries(files, size, openings))
    acts = judge_conduct(entries, Rules(), known_until(entries, size))
    found = [
        _found(t(language, name), rule, [act for act in acts if act.rule is rule], language, since)
        for rule, (name, _) in RULES.items()
    ]
    told = sorted((each for each in found if each.sentences or each.older), key=lambda each: not each.sentences)
    return LookView(size, tuple(told), since, sum(len(each.sentences) + each.more for each in told))


def _found(name: str, rule: str, acts: Sequence[Act], language: str, since: int) -> FoundView:
    new = [act_sentence(language, act) for act in acts if act.entries[-1] >= since]
    older = [act_sentence(language, act) for act in acts if act.entries[-1] < since]
    return FoundView(name, rule, tuple(new[:LISTED]), max(len(new) - LISTED, 0), tuple(older[-LISTED:]))


def _entries(files: PublishedFiles, size: int, openings: Sequence[Any]) -> Sequence[Entry]:
    read = [Opening.from_json(item) for item in openings]
    return [opened(each, files.leaf(each.index, size)) for each in read if each.index < size]


def opened_of(files: PublishedFiles, size: int, openings: Sequence[Any]) -> OpenedView | None:
    """Return one entry field by field, None where its opening ended with its case."""
    if not openings:
        return None
    opening = Opening.from_json(openings[0])
    leaf = Leaf.from_bytes(files.leaf(opening.index, size))
    fields = tuple(
        FieldView(name, value, base64.b64encode(field_hash(salt, name, value)).decode())
        for name, (salt, value) in sorted(opening.fields.items())
    )
    try:
        opened(opening, leaf.to_bytes())
        fits = True
    except LogError:
        fits = False
    return OpenedView(opening.index, fields, base64.b64encode(leaf.commitment).decode(), fits)


def served_of(files: PublishedFiles, size: int, told: Mapping[str, Any]) -> tuple[ServedView, ...]:
    """Return what ran when, the newest first."""
    leaves = {index: files.leaf(index, size) for index in told["indexes"] if index < size}
    entries = _entries(files, size, told["openings"])
    served = served_from(leaves, entries, Report(), asked=True)
    changed = dict(changes(served))
    rows = [_served(each, tuple(changed.get(each.index, ()))) for each in served]
    return tuple(reversed(rows))


def _served(each: Served, changed: tuple[str, ...]) -> ServedView:
    return ServedView(each.index, utc(each.time), each.version, each.code, each.modules, changed)
