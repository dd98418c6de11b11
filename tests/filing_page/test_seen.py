"""What the page shows of a record before it goes out, against the office's own view of the same record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.filing.record import build_record
from app.domain.paths import leaves, path_text
from app.domain.record_view import Fact, Happening, RecordView, view_of
from app.resources import STATIC
from tests import node
from tests.domain.petitions import SALT
from tests.filing_page.test_record import blackened, petitions

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("seen.mjs")
Rows = list[tuple[str, list[str]]]


def records() -> list[dict[str, Any]]:
    """Return the records of petitions that together use every rule."""
    return [build_record(petition, blackened, SALT, "es") for petition in petitions().values()]


def _rows(parts: dict[str, Any], part: str, *, without: Iterable[str] = ()) -> Rows:
    found = [(key, [value for path, value in values if not path.endswith(tuple(without) or "\0")])
             for key, values in parts.get(part, [])]  # fmt: skip
    return [(key, values) for key, values in found if values]


def _facts(facts: tuple[Fact, ...]) -> Rows:
    return [(fact.key, list(fact.values)) for fact in facts]


def _values(parts: dict[str, Any], part: str, group: str) -> list[set[str]]:
    rows = [values for _, values in parts.get(part, []) if values[0][0].startswith(group)]
    return [{value for _, value in values} for values in rows]


def _said(*values: object) -> set[str]:
    written = (value.isoformat() if isinstance(value, date) else str(value) for value in values)
    return {value for value in written if value not in {"", "0", "False"}}


def _happenings(items: tuple[Happening, ...]) -> list[set[str]]:
    return [_said(item.day, item.kind, item.words) for item in items]


def test_every_value_of_a_record_is_shown_once() -> None:
    """Law L6: nothing of a record goes out unseen, whatever part it belongs to."""
    made = records()
    for record, parts in zip(made, node.run(_SCRIPT, made, STATIC=str(STATIC)), strict=True):
        shown = [path for rows in parts.values() for _, values in rows for path, _ in values]
        held = [path_text(path) for path, _ in leaves(record) if path[0] not in {"v", "salt"}]
        assert sorted(shown) == sorted(held)


def test_parts_and_their_order_are_the_offices() -> None:
    """The page's parts hold what the office's page holds, in its order; the rest of the record comes after them."""
    made = records()
    for record, parts in zip(made, node.run(_SCRIPT, made, STATIC=str(STATIC)), strict=True):
        _compared(view_of(record), parts)


def _compared(view: RecordView, parts: dict[str, Any]) -> None:
    assert _rows(parts, "workplace") == _facts(view.facility)
    coverage = _rows(parts, "coverage")
    assert [row for row in coverage if row[0] != "business_confidential"] == _facts(view.coverage)
    assert dict(coverage).get("business_confidential", []) == list(view.business_confidential)
    assert _rows(parts, "contact") == _facts(view.contact)
    assert dict(_rows(parts, "denial")) == {
        key: list(values) for key, values in (("denial_types", view.denial_types), ("laws", view.laws)) if values
    }
    unions = [(key, values) for key, values in _rows(parts, "unions") if key != "events"]
    assert unions == _facts(view.unions)
    assert _values(parts, "unions", "unions.events") == _happenings(view.union_events)
    assert _values(parts, "timeline", "facts.timeline") == _happenings(view.timeline)
    counted = [(key, values) for key, values in _rows(parts, "witnesses") if key not in dict(view.role_classes)]
    assert counted == _facts(view.attestation)
    assert [(key, values[0]) for key, values in _rows(parts, "witnesses")[len(counted) :]] == list(view.role_classes)
    for one, item in zip(_values(parts, "evidence", "evidence"), view.evidence, strict=True):
        assert _said(item.id, item.kind, item.title, item.when, item.copy) <= one
    for one, who in zip(_values(parts, "petitioners", "petitioners"), view.petitioners, strict=True):
        assert _said(who.shown, who.type, who.country) <= one
    asked = [_said(item.kind, item.detail) for item in view.remedy]
    assert _values(parts, "remedy", "remedy") == asked
    bodies = [_said(item.kind, item.detail) for item in view.proceedings]
    assert all(given <= one for given, one in zip(bodies, _values(parts, "remedy", "proceedings"), strict=True))
