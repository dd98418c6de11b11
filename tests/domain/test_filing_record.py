"""The redacted record: built from the table's open rows, its small rules, its strict form."""

import json

import pytest
import rfc8785

from app.domain.confidentiality import CARD, OFFICE, rule_of
from app.domain.errors import AdmissionError, FilingError
from app.domain.filing import build_record, card
from app.domain.filing.form import MAX_RECORD
from app.domain.filing.record import (
    business_confidential,
    free_texts_of_record,
    merged_classes,
    parse_record,
    petitioner_label,
    read_record,
)
from app.domain.paths import leaves, path_text
from app.domain.petition import load
from app.domain.petition.model import Petition
from tests.domain.petitions import EXAMPLES, MINIMUM, SALT, example, full, with_lines


def as_written(_path, text):
    """Leave every text as it is: what enters then shows what the table lets in."""
    return text


def record_of(*lines: str):
    return build_record(load(with_lines(*lines)).petition, as_written, SALT)


def full_petition() -> Petition:
    return load(json.dumps(full()).encode()).petition


def test_only_card_and_office_leaves_reach_the_record():
    """No sealed and no never-sent value of a petition that fills every field is in its record, names of fields too."""
    text = rfc8785.dumps(build_record(full_petition(), as_written, SALT)).decode()
    assert "SEALED" not in text
    assert "NEVER" not in text


@pytest.mark.parametrize("language", EXAMPLES)
def test_every_leaf_of_a_record_has_an_open_row(language):
    """Whatever stands in a record stands there by a row of the table, or is made by the record's own rules."""
    made = {"v", "salt", "name", "public", "month", "business_confidential"}
    for path, _ in leaves(build_record(load(example(language)).petition, as_written, SALT)):
        rule = rule_of(path)
        assert (rule is not None and rule.level in (CARD, OFFICE)) or made & set(path), path_text(path)


def test_no_sealed_leaf_of_the_examples_is_in_their_record():
    """Hashes, holders, custodians, statements and identifiers of the examples stay out."""
    for language in EXAMPLES:
        petition = load(example(language)).petition
        text = rfc8785.dumps(build_record(petition, as_written, SALT)).decode()
        sealed = [item.sha256 for item in petition.evidence]
        sealed += [witness.statement for witness in petition.witnesses] + [
            entry.key_custodian for entry in petition.petitioners
        ]
        assert not [value for value in sealed if value and value in text]


def test_free_and_named_texts_pass_the_redactor_and_nothing_else_does():
    """Each free or named text enters as the redactor gives it, with the path that it was asked for."""
    seen = {}

    def blackened(path, text):
        seen[path_text(path)] = text
        return "#"

    record = build_record(full_petition(), blackened, SALT)
    assert set(free_texts_of_record(record).values()) == {"#"}
    assert record["remedy"][0]["kind"] == "#"
    assert record["witness_attestation"]["role_classes"] == {"#": 4}
    assert record["facility"]["legal_name"] == "Planta Ficticia, S.A. de C.V."
    assert "facility.legal_name" not in seen


def test_evidence_is_dated_by_month_unless_the_day_is_asked_for():
    """The day of a piece of evidence tells who was there; it enters only on request."""
    lines = (
        "evidence:",
        "  - {id: E1, date: 2025-09-23}",
        "  - {id: E2, date: 2025-09-23, exact_date: yes}",
        "  - {id: E3, date: 2025}",
    )
    evidence = record_of(*lines)["evidence"]
    assert evidence[0] == {"id": "E1", "month": "2025-09"}
    assert evidence[1] == {"id": "E2", "month": "2025-09", "date": "2025-09-23"}
    assert evidence[2] == {"id": "E3", "month": "2025"}


@pytest.mark.parametrize(
    ("classes", "merged"),
    [
        ({"a": 1, "b": 1, "c": 1}, {"other": 3}),
        ({"a": 4, "b": 2, "c": 1}, {"other": 3, "a": 4}),
        ({"a": 5, "b": 1}, {"other": 6}),
        ({"a": 5, "b": 3, "c": 1}, {"other": 4, "a": 5}),
        ({"a": 3}, {"a": 3}),
        ({"a": 1}, {"other": 1}),
        ({}, {}),
    ],
)
def test_role_classes_of_fewer_than_three_are_merged(classes, merged):
    """A class of one or two is never shown, nor can it be told from a merged class of one or two."""
    assert merged_classes(classes) == merged


WORKERS = [(3, 2, False), (6, 3, True), (6, 6, True), (6, 1, False), ("~", 4, False), (6, "~", False)]


@pytest.mark.parametrize(("count", "current", "shown"), WORKERS)
def test_number_of_current_workers_tells_nobody_apart(count, current, shown):
    """Who still works there is shown only if neither those who do nor those who do not are one or two."""
    record = record_of(f"witness_attestation: {{count: {count}, current_workers: {current}}}")
    assert ("current_workers" in record.get("witness_attestation", {})) is shown


def test_persons_who_petition_are_labels():
    """A natural person is a label and nothing else, an organization keeps its name and says whether it is public."""
    record = build_record(full_petition(), as_written, SALT)
    label = petitioner_label(1, "es")
    union = {"id": "P1", "name": "Sindicato Ficticio (SIFI)", "type": "union", "country": "MX", "lead": True}
    person = {"id": label, "name": label, "type": "person", "public": False}
    assert record["petitioners"] == [{**union, "public": True}, person]
    assert record["contact"]["petitioner"] == "P1"


@pytest.mark.parametrize(
    ("visibility", "public"),
    [
        ("{identity_requested: true, public_name_consent: true}", False),
        ("{identity_requested: false, public_name_consent: true}", True),
        ("{identity_requested: false}", False),
        ("{}", False),
    ],
)
def test_organization_is_public_only_with_consent_and_without_a_request(visibility, public):
    """A name is for the public only if its owner said so; silence means no."""
    lines = ("petitioners: [{id: P1, name: X, type: union}]", f"confidentiality: {{P1: {visibility}}}")
    assert record_of(*lines)["petitioners"][0]["public"] is public


def test_anonymous_petition_has_no_petitioners_and_no_contact():
    """Without petitioners a contact is a person's, and stays out."""
    record = record_of("contact: {email: alguien@correo.example}")
    assert "petitioners" not in record
    assert "contact" not in record


def test_unnamed_organization_is_shown_by_its_mark():
    """An organization without a name is shown by its mark."""
    record = record_of("petitioners: [{id: P1, type: union}]")
    assert record["petitioners"][0]["name"] == "P1"


def test_business_confidential_paths_are_listed():
    """Listed references and flags on items are written as paths; what leads nowhere or to sealed fields is dropped."""
    lines = (
        "trade: {us_customers: [X]}",
        "evidence: [{id: E1, title: x}]",
        "remedy: [{detail: x, business_confidential: true}]",
        "witnesses: [{relation: x, business_confidential: true}]",
        "confidentiality: {business_confidential: [trade.us_customers, evidence.E1, x, witnesses, '', evidence.9]}",
    )
    petition = load(with_lines(*lines)).petition
    assert business_confidential(petition) == ["evidence[0]", "remedy[0]", "trade.us_customers"]
    assert build_record(petition, as_written, SALT)["business_confidential"] == business_confidential(petition)


def test_business_confidential_paths_name_places_of_the_record():
    """A list closes up over an entry of which nothing is shown: the path moves with the entry that it marks."""
    evidence = "evidence: [{holder: P1}, {id: E2, title: x}, {id: E3, title: y}]"
    record = record_of(evidence, "confidentiality: {business_confidential: [evidence.E3, 'evidence[0]']}")
    assert [item["id"] for item in record["evidence"]] == ["E2", "E3"]
    assert record["business_confidential"] == ["evidence[1]"]


def test_translations_stand_under_the_path_of_their_text():
    """However a translation names its text, the record names the path."""
    record = build_record(full_petition(), as_written, SALT)
    assert record["translations"] == {
        "en": {"facts.narrative": "The firm pressed the workers.", "evidence[0].title": "Receipt"}
    }


def test_card_is_made_of_the_record():
    """The card takes what queue and search show; without urgency and sector it stays empty there."""
    shown = card(build_record(full_petition(), as_written, SALT))
    assert shown.facility == "Planta Ficticia, S.A. de C.V."
    assert (shown.municipality, shown.state, shown.sector) == ("Silao", "Guanajuato", "manufactured_goods")
    assert shown.denial_types == ("UNION_DISMISSAL",)
    assert (shown.urgency_reason, shown.urgency_date) == ("vote", "2026-03-19")
    plain = card(build_record(load(MINIMUM.replace("legal_name", "trade_name").encode()).petition, as_written, SALT))
    assert (plain.facility, plain.sector, plain.urgency_reason) == ("Muestra", "", "")


def test_record_is_read_back_from_its_canonical_text_only():
    """Another spelling, a second reading of a key, a float, another size: refused."""
    record = build_record(full_petition(), as_written, SALT)
    text = rfc8785.dumps(record).decode()
    assert parse_record(text) == record
    for bad in (
        text + " ",
        "[]",
        "{",
        text.replace('"v":1', '"v":1,"v":1'),
        "[" * 100_000,
        '{"a":1e400}',
        "x" * (MAX_RECORD + 1),
    ):
        with pytest.raises(AdmissionError) as caught:
            parse_record(bad)
        assert caught.value.code == "record_form"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"witnesses": []}, "witnesses"),
        ({"v": 2}, "v"),
        ({"salt": "00"}, "salt"),
        ({"salt": SALT.hex().upper()}, "salt"),
        ({"language": "Spanish"}, "language"),
        ({"evidence": [{"sha256": "00"}]}, "evidence[0].sha256"),
        ({"evidence": [{"month": "2025-09-23"}]}, "evidence[0].month"),
        ({"evidence": [{}] * 1001}, "evidence"),
        ({"facts": {"narrative": "a" * 2_000_001}}, "facts.narrative"),
        ({"facility": {"municipality": 1, "state": "x", "country": "MX"}}, "facility.municipality"),
        ({"witness_attestation": {"role_classes": {"a": "3"}}}, "witness_attestation.role_classes.a"),
    ],
)
def test_record_of_another_form_is_refused_by_field(change, place):
    """Unknown fields, other types and sizes are refused, and named; the value is not."""
    with pytest.raises(AdmissionError) as caught:
        read_record({**build_record(load(MINIMUM.encode()).petition, as_written, SALT), **change})
    assert (caught.value.code, caught.value.field) == ("record_field", place)


def test_record_larger_than_the_portal_takes_is_refused_before_filing():
    """Several narratives in several languages may be too much together."""
    text = "a" * 999_000
    lines = ["translations:"] + [f"  {language}: {{summary: {text}}}" for language in ("en", "fr", "de", "it", "pt")]
    with pytest.raises(FilingError) as caught:
        record_of(*lines)
    assert caught.value.code == "record_too_large"
