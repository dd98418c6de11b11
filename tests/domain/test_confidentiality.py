"""The field table: every leaf has exactly one class, and what is not listed is sealed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.confidentiality import (
    CARD,
    NEVER,
    OFFICE,
    SEALED,
    TABLE,
    Rule,
    classes,
    classify,
    free_texts,
    free_texts_in,
    named_texts,
    rows_of,
)
from app.domain.paths import Path, leaves, parse_path, path_text, pattern_of
from app.domain.petition import load
from app.domain.petition.model import Petition
from tests.domain.petitions import EXAMPLES, example, full, with_lines

FREE_TEXTS = {
    "covered_basis.detail",
    "covered_basis.burden_note",
    "unions.events[0].note",
    "facts.summary",
    "facts.timeline[0].what",
    "facts.narrative",
    "evidence[0].title",
    "witness_attestation.statement",
    "remedy[0].detail",
    "proceedings[0].note",
    "urgency.note",
}


def full_petition() -> Petition:
    return load(json.dumps(full()).encode()).petition


@pytest.mark.parametrize("petition", [*EXAMPLES, "full"])
def test_every_leaf_has_exactly_one_row(petition):
    """No leaf of the examples or of a petition that fills every field is listed twice or forgotten."""
    loaded = full_petition() if petition == "full" else load(example(petition)).petition
    flags = ("business_confidential", "personal_identity")
    for path, _, _ in classes(loaded):
        assert len(rows_of(path)) == (0 if path[-1] in flags else 1), path_text(path)


def test_every_row_is_met_by_the_full_petition():
    """No row of the table is dead: a field that was renamed would otherwise fall back to sealed unnoticed."""
    met = {rule.shape for path, _, _ in classes(full_petition()) for rule in rows_of(path)}
    assert {rule.shape for rule in TABLE} - met == {("fixture",)}


def test_what_is_not_listed_is_sealed():
    """A field that nobody thought of goes nowhere."""
    assert classify(parse_path("witnesses[0].nickname")) is SEALED
    assert classify(parse_path("facility.owner_home_address")) is SEALED
    assert classify(parse_path("brand_new")) is SEALED
    assert classify(parse_path("facts.narrative.deeper")) is SEALED


def test_sealed_and_never_values_have_their_class():
    """Every value that the full petition calls sealed or never sent is classed so."""
    for path, value, level in classes(full_petition()):
        if isinstance(value, str) and value.startswith("SEALED"):
            assert level is SEALED, path_text(path)
        if isinstance(value, str) and value.startswith("NEVER"):
            assert level is NEVER, path_text(path)


def test_person_who_petitions_is_sealed_with_all_fields():
    """Nothing of a natural person who petitions is for the office, an organization's name is."""
    seen = {path_text(path): level for path, _, level in classes(full_petition())}
    assert {level for path, level in seen.items() if path.startswith(("petitioners[1]", "confidentiality.P2"))} == {
        SEALED
    }
    assert seen["petitioners[0].name.full"] is OFFICE
    assert seen["petitioners[0].key_custodian"] is SEALED
    assert seen["contact.email"] is OFFICE


@pytest.mark.parametrize(
    ("lines", "level"),
    [
        (["contact: {email: a@b.example}"], SEALED),
        (["petitioners: [{id: P1, name: X, type: union}]", "contact: {email: a@b.example}"], OFFICE),
        (["petitioners: [{id: P1, name: X}]", "contact: {email: a@b.example}"], SEALED),
        (["petitioners: [{id: P1, name: X, type: Law-Firm}]", "contact: {petitioner: P1, email: a@b.example}"], OFFICE),
        (["petitioners: [{id: P1, name: X, type: person}]", "contact: {petitioner: P1, email: a@b.example}"], SEALED),
        (["petitioners: [{name: X, type: union}, {name: Y, type: person}]", "contact: {email: a@b.example}"], SEALED),
    ],
)
def test_contact_is_for_the_office_only_if_an_organization_has_it(lines, level):
    """A contact is a person's, and sealed, unless it plainly belongs to an organization."""
    petition = load(with_lines(*lines)).petition
    seen = {path_text(path): level for path, _, level in classes(petition)}
    assert seen["contact.email"] is level


def test_petitioner_of_an_unknown_type_is_protected():
    """Whoever is not plainly an organization is a person; a group of workers is people."""
    for kind in ("~", "person", "group_of_workers", "fellowship"):
        petition = load(with_lines(f"petitioners: [{{id: P1, name: X, type: {kind}}}]")).petition
        assert petition.petitioners[0].is_person
    assert load(with_lines("petitioners: [{name: X, type: fellowship}]")).warnings[0].code == "treated_as_person"


def test_free_texts_are_these():
    """The list of free texts: a new one is added here and nowhere else."""
    found = {path_text(path) for path, _ in free_texts(full_petition())}
    assert found == FREE_TEXTS | {"translations.en.narrative", "translations.en.evidence.E1.title"}
    assert not found & {path_text(path) for path, _ in named_texts(full_petition())}


def test_card_is_name_place_sector_codes_and_urgency():
    """The card shows these fields and no others."""
    found = {".".join(rule.shape) for rule in TABLE if rule.level is CARD}
    assert found == {
        "facility.legal_name",
        "facility.trade_name",
        "facility.municipality",
        "facility.state",
        "facility.country",
        "priority_sector.class",
        "priority_sector.subsector",
        "denial_types.[]",
        "urgency.reason",
        "urgency.date",
    }


def test_leaves_leave_out_what_is_absent():
    """A walk meets every value once and no absent one."""
    assert dict(leaves({"a": [1, {"b": None, "c": "x"}], "d": {}})) == {("a", 0): 1, ("a", 1, "c"): "x"}


def _rows_by_definition(path: Path) -> set[Rule]:
    """Return the rows whose shape fits a path, row by row."""

    def fits(shape: tuple[str, ...], steps: tuple[str, ...]) -> bool:
        if not shape or not steps:
            return not shape and not steps
        if shape[0] == "**":
            return True
        return (shape[0] == "*" or (shape[0] == steps[0] != "**")) and fits(shape[1:], steps[1:])

    return {rule for rule in TABLE if fits(rule.shape, pattern_of(path))}


_NAMES = sorted({name for rule in TABLE for name in rule.shape} | {"other"})
_VALUES = st.recursive(
    st.text(max_size=2) | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
    max_leaves=12,
)
_TEXTS = st.fixed_dictionaries(
    {},
    optional={
        "facts": st.fixed_dictionaries({}, optional={"narrative": _VALUES, "timeline": _VALUES}),
        "translations": st.dictionaries(st.sampled_from(["en", "*", "**", "[]"]), _VALUES, max_size=2),
        "remedy": st.lists(st.dictionaries(st.sampled_from(["kind", "detail"]), _VALUES, max_size=2), max_size=2),
        "**": _VALUES,
    },
)


@given(_TEXTS | _VALUES)
def test_walking_the_table_finds_what_its_rows_say(values: Any) -> None:
    """The table's steps are walked beside the values; the rows, looked at one by one, say the same."""
    found = leaves(values) if isinstance(values, dict | list) else ()
    free = []
    for path, value in found:
        rows = _rows_by_definition(path)
        assert set(rows_of(path)) == rows
        if isinstance(value, str) and any(rule.free_text for rule in rows):
            free.append((path, value))
    assert list(free_texts_in(values)) == free
