"""A petition file is read without being believed: traps of YAML and JSON, sizes, words of refusals."""

import json
import time

import pytest
import yaml

from app.domain.errors import PetitionRefusedError, RoutedElsewhereError
from app.domain.petition import load, load_values, reading
from app.domain.petition.model import contact_identifiers_of, identifiers_of
from app.domain.petition.reading import MAX_FILE, Source, _line_of_error
from tests.domain.petitions import EXAMPLES, MINIMUM, example, full, with_lines


def refusal(data: bytes) -> PetitionRefusedError:
    with pytest.raises(PetitionRefusedError) as caught:
        load(data)
    return caught.value


def codes(data: bytes) -> list[str]:
    return [problem.code for problem in refusal(data).problems]


def test_norway_octal_and_dates_stay_text():
    """YAML's guesses about NO, 04417, 1_000, 12:30:00 and dates change nobody's name or number."""
    lines = (
        "witnesses:",
        "  - name: {given: NO, surname1: Null, surname2: Yes}",
        "    aliases: [04417, 1e3, .inf, 0x1F, on]",
        "    identifiers: {employee_number: 04417, birth_date: 1988-04-09, phone: 12:30:00, nss: 1_000}",
    )
    witness = load(with_lines(*lines)).petition.witnesses[0]
    assert (witness.name.given, witness.name.surname1, witness.name.surname2) == ("NO", "Null", "Yes")
    assert witness.aliases == ("04417", "1e3", ".inf", "0x1F", "on")
    assert witness.identifiers == {
        "employee_number": "04417",
        "birth_date": "1988-04-09",
        "phone": "12:30:00",
        "nss": "1_000",
    }


def test_absent_values_are_absent():
    """An empty value, a tilde and a lower-case null mean that a field is not there."""
    petition = load(with_lines("laws: ~", "remedy:", "urgency: null", "denial_types: ''", "witnesses: [~]")).petition
    assert (petition.laws, petition.remedy, petition.urgency, petition.denial_types) == ((), (), None, ())
    assert petition.witnesses == ()


@pytest.mark.parametrize("language", EXAMPLES)
def test_yaml_and_json_give_the_same_petition(language):
    """The same petition written in JSON is the same petition."""
    loaded = load(example(language))
    values = loaded.petition.plain()
    assert load(json.dumps(values).encode()).petition == loaded.petition
    assert load_values(values).petition == loaded.petition
    assert loaded.completeness.score == 100
    assert loaded.completeness.helps == ()
    assert loaded.warnings == ()


def test_every_field_of_the_model_is_read():
    """A petition that fills every field is read whole, and its coerced fields have their types."""
    petition = load(json.dumps(full()).encode()).petition
    assert petition.facility.country == "MX"
    assert petition.facility.headcount == 640
    assert petition.covered_basis is not None
    assert petition.covered_basis.traded is True
    assert petition.covered_basis.competes is False
    assert petition.evidence[0].exact_date is False
    assert petition.witness_attestation is not None
    assert petition.witness_attestation.role_classes == {"producción": 4, "almacén": 2, "mantenimiento": 1}


BAD_SHAPES = {
    "alias": b"kind: &a rapid_response\nlaws: *a",
    "tag": b"kind: !!python/object/apply:os.system [echo]",
    "several_documents": b"kind: a\n---\nkind: b",
    "duplicate": b"kind: a\nkind: b",
    "key": b"? [a, b]\n: c",
    "syntax": b"kind: [a",
    "not_a_mapping": b"- kind\n- facility",
    "too_deep": b"laws: " + b"[" * 40 + b"]" * 40,
    "empty": b" \n ",
    "encoding": "kind: Zárate".encode("latin-1"),
    "characters": b'kind: "\\ud800"',
}


@pytest.mark.parametrize("code", BAD_SHAPES)
def test_bad_yaml_is_refused_by_its_fault(code):
    """Each trick and each fault of YAML has its own refusal."""
    if code == "characters":
        assert codes(BAD_SHAPES[code])[0] in ("characters", "syntax")  # libyaml refuses the escape itself
    else:
        assert codes(BAD_SHAPES[code]) == [code]


BAD_JSON = {
    "json_syntax": b'{"kind": \n "a",,}',
    "duplicate": b'{"kind": "a", "kind": "b"}',
    "not_a_mapping": b'["kind"]',
    "too_deep": b'{"laws":' + b"[" * 200_000,
    "characters": b'{"laws": ["\\ud800"]}',
}


@pytest.mark.parametrize("code", BAD_JSON)
def test_bad_json_is_refused_by_its_fault(code):
    """JSON is read as strictly as YAML."""
    assert codes(BAD_JSON[code]) == [code]


def test_json_constants_are_refused():
    """NaN and Infinity are no JSON."""
    assert codes(b'{"facility": {"headcount": NaN}}') == ["json_syntax"]


def test_half_a_character_pair_in_a_name_is_refused():
    """A lone surrogate in a field's name cannot crash what prints the refusal."""
    words = refusal(b'{"a\\ud800": 1}').text("en")
    assert words.encode()


def test_alias_bomb_costs_nothing():
    """A billion laughs is refused at its first anchor."""
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    )
    began = time.process_time()
    assert codes(bomb.encode()) == ["alias"]
    assert time.process_time() - began < 10, "of the processor; whoever unfolds it takes hours"


def test_flood_of_values_is_refused():
    """A file of brackets within the size limit is counted, not believed."""
    assert codes(b"laws: [" + b"a," * 250_000 + b"]") == ["too_many"]


def test_too_large_a_file_is_refused_before_it_is_parsed():
    """More than 20 MB is not read at all."""
    assert codes(b"x" * (MAX_FILE + 1)) == ["too_large"]


def test_narrative_has_a_limit_that_is_said():
    """A 10 MB narrative is refused with its limit; one of almost 1 MB is read."""
    narrative = "a" * 10_000_000
    error = refusal(MINIMUM.encode() + f"  narrative: {narrative}\n".encode())
    assert [(problem.code, problem.field) for problem in error.problems] == [("too_long", "facts.narrative")]
    assert error.problems[0].params["limit"] == 1_000_000
    assert load(MINIMUM.encode() + b"  narrative: " + "ñ".encode() * 499_000).petition.facts.narrative
    assert codes(MINIMUM.encode() + b"  narrative: " + "ñ".encode() * 501_000) == ["too_long"]


def test_byte_order_mark_is_no_fault():
    """A file saved by a Windows editor as UTF-8 is read."""
    assert load(b"\xef\xbb\xbf" + MINIMUM.encode()).petition.kind == "rapid_response"


HARD = {
    "kind": "kind: rapid_response\n",
    "facility.legal_name": "  legal_name: Muestra\n",
    "facility.municipality": "  municipality: Silao\n",
    "facility.state": "  state: Guanajuato\n",
    "facility.country": "  country: MX\n",
    "facts.narrative": "  summary: Despidieron a la mitad del turno.\n",
}


@pytest.mark.parametrize("field", HARD)
def test_each_part_of_the_hard_minimum_is_needed(field):
    """Without any one of the few hard fields the petition is refused, and with all of them it is not."""
    assert load(MINIMUM.encode()).petition.facility.legal_name == "Muestra"
    error = refusal(MINIMUM.replace(HARD[field], "").encode())
    assert [problem.field for problem in error.problems] == [field]
    assert refusal(b"language: es").text("es")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("kind: complaint", "wrong_kind"),
        ("schema_version: 2", "wrong_version"),
        ("intake_kind: LETTER", "wrong_intake"),
    ],
)
def test_another_sort_of_document_is_refused(line, code):
    """Another kind, version or intake is refused by name."""
    text = MINIMUM.replace("kind: rapid_response", "") if line.startswith("kind") else MINIMUM
    assert codes((text + line + "\n").encode()) == [code]


def test_facility_outside_mexico_is_refused():
    """The mechanism covers Mexico; NO is Norway, and no falsehood."""
    assert codes(MINIMUM.replace("country: MX", "country: NO").encode()) == ["wrong_country"]


@pytest.mark.parametrize("kind", ["labor_chapter", "Labour Chapter", "labor-chapter"])
def test_labor_chapter_petition_is_told_where_to_go(kind):
    """A petition for the other procedure is sent to OTLA, however it is spelt."""
    with pytest.raises(RoutedElsewhereError) as caught:
        load(f"kind: {kind}".encode())
    assert "OTLA" in caught.value.text("en")
    assert "USMCA-petitions@dol.gov" in caught.value.text("es")


@pytest.mark.parametrize("line", ["intake_kind: TIP", "kind: tip"])
def test_tip_is_told_where_to_go(line):
    """A tip starts no clock; the hotline takes it."""
    with pytest.raises(RoutedElsewhereError) as caught:
        load(line.encode())
    assert caught.value.code == "tip"


@pytest.mark.parametrize(
    ("line", "shown", "nearest"),
    [
        ("witneses: []", "witneses", "witnesses"),
        ("Testigos: []", "Testigos", None),
        ("urgency: {raison: vote}", "urgency.raison", "urgency.reason"),
        ("evidence: [{titel: x}]", "evidence[0].titel", "evidence[0].title"),
        ("unions: {events: [{notes: x}]}", "unions.events[0].notes", "unions.events[0].note"),
        ("witnesses: [{consent: {givn: true}}]", "witnesses[0].consent.givn", "witnesses[0].consent.given"),
        ("priority_sector: {clas: mining}", "priority_sector.clas", "priority_sector.class"),
        ("confidentiality: {P1: {}}", "confidentiality.P1", "confidentiality.personal_identity"),
        ("confidentiality: {P1: {public: true}}", "confidentiality.P1.public", None),
    ],
)
def test_unknown_field_names_the_nearest(line, shown, nearest):
    """A misspelt field is refused, at every depth, with the name that was probably meant."""
    problem = refusal(with_lines(line)).problems[0]
    assert (problem.code, problem.field) == ("unknown_field", shown)
    if nearest:
        assert problem.params["nearest"] == nearest
        assert nearest in problem.text("en")


def test_unknown_name_that_may_be_a_person_is_not_repeated():
    """A name typed in the place of a field, under a witness or anywhere as a sentence, is not shown again."""
    words = refusal(
        with_lines("witnesses:", "  - Wendolin Arce: testigo", "  - Wendolin: x", "Dijo Wendolin Arce: hola")
    )
    assert "Wendolin" not in words.text("en")
    assert "witnesses[0].…" in words.text("en")


def test_refusals_name_the_line_and_never_the_value():
    """Each line of a refusal says where in the file; no value of the file stands in it."""
    data = with_lines("laws: {a: SECRETO}", "witnesses:", "  - relation: [SECRETO]", "    consent: {given: SECRETO}")
    error = refusal(data)
    words = error.text("en")
    assert "SECRETO" not in words
    assert "SECRETO" not in repr(error)
    assert [getattr(problem, "line", 0) for problem in error.problems if problem.field == "witnesses[0].relation"] == [
        11
    ]
    assert "Line 11: witnesses[0].relation must be text." in words


WRONG_TYPES = {
    "facility: x": "duplicate",
    "witnesses: {a: b}": "not_a_list",
    "witnesses: [x]": "not_a_group",
    "denial_types: {a: b}": "not_a_list",
    "laws: [[a]]": "not_text",
    "covered_basis: {traded: maybe}": "not_yes_or_no",
    "covered_basis: {traded: [true]}": "not_yes_or_no",
    "witness_attestation: {count: three}": "not_a_number",
    "witness_attestation: {count: [3]}": "not_a_number",
    "witness_attestation: {role_classes: x}": "not_a_group",
    "witness_attestation: {role_classes: {x: ~}}": "not_a_number",
    "witness_attestation: {role_classes: {x: many}}": "not_a_number",
    "urgency: {date: 14/08/2025}": "not_a_date",
    "urgency: {date: 2025-02-30}": "not_a_date",
    "urgency: {date: 2025-13}": "not_a_date",
    "urgency: {date: '0000'}": "not_a_date",
    "urgency: {date: [2025]}": "not_a_date",
    "evidence: [{id: carta de Wendolin}]": "not_an_id",
    "evidence: [{id: E1}, {id: E1}]": "repeated_id",
    "language: castellano": "not_a_language",
    "contact: {petitioner: P9}": "unknown_petitioner",
    "translations: {en: {narative: x}}": "unknown_path",
    "translations: {en: {facility.legal_name: x}}": "unknown_path",
    "translations: {en: {'': x}}": "unknown_path",
    "translations: {en: {'evidence[0].title': x}}": "unknown_path",
    "translations: {en: {'facts.summary.x': x}}": "unknown_path",
    "witnesses: [{identifiers: {a: {b: {c: {d: {e: {f: x}}}}}}}]": "too_deep",
    "witnesses: [{contact: x}]": "not_a_group",
    "witnesses: [{name: [x]}]": "not_a_group",
    "laws: [" + "a, " * 1001 + "]": "too_many_entries",
    "witness_attestation: {role_classes: {" + ", ".join(f"a{n}: 1" for n in range(1001)) + "}}": "too_many_entries",
    "laws: [" + "a" * 3000 + "]": "too_long",
}


@pytest.mark.parametrize("line", WRONG_TYPES, ids=lambda line: line[:40])
def test_wrong_type_says_what_the_field_wants(line):
    """A value of another kind is refused in words for the kind that the field wants."""
    assert codes(with_lines(line)) == [WRONG_TYPES[line]]
    assert refusal(with_lines(line)).text("en")


def test_confidentiality_entry_of_the_wrong_kind_is_refused():
    """What is said about a petitioner must be yes or no."""
    lines = ("petitioners: [{id: P1, type: union, name: X}]", "confidentiality: {P1: {identity_requested: maybe}}")
    assert codes(with_lines(*lines)) == ["not_yes_or_no"]
    assert codes(with_lines(lines[0], "confidentiality: {P2: {}, personal_identity: []}")) == ["unknown_field"]


def test_unforeseen_finding_has_words_too(monkeypatch):
    """A check that has no words of its own still refuses in words."""
    monkeypatch.setattr("app.domain.petition.loading._PYDANTIC", {})
    assert codes(with_lines("contact: {petitioner: P1}", "unions: x")) == ["invalid"]


def test_open_maps_keep_what_people_write():
    """Identifiers and contacts are open: any name, lists, groups, a plain list of strings."""
    lines = (
        "witnesses:",
        "  - name: Wendolin Arce",
        "    identifiers: {curp: X1, tatuajes: [ancla 3, rosa 4], plates: {auto: AAA-000-A}, n: ~, listed: true}",
        "    contact: {phone: 55 0000 0000, channel: llamada 1, handle: '@wen', donde: en su casa}",
        "  - identifiers: [CURP1234, '04417']",
        "  - identifiers: CURP1234",
    )
    first, second, third = load(with_lines(*lines)).petition.witnesses
    assert first.name.whole == "Wendolin Arce"
    found = [(identifier.kind, identifier.value) for identifier in identifiers_of(first)]
    assert found == [("tatuajes", "ancla 3"), ("tatuajes", "rosa 4"), ("auto", "AAA-000-A")]
    assert [identifier.value for identifier in contact_identifiers_of(first)] == ["55 0000 0000", "@wen"]
    assert [identifier.value for identifier in identifiers_of(second)] == ["CURP1234", "04417"]
    assert third.identifiers == ("CURP1234",)


def test_absent_values_inside_groups_are_absent():
    """A field that is named and left empty is as if it were not named, whatever it holds."""
    lines = (
        "urgency: {date: ~, reason: ~}",
        "covered_basis: {traded: ~}",
        "witness_attestation: {count: ~}",
        "contact: {language: ~, petitioner: ~}",
        "language: ~",
    )
    petition = load(with_lines(*lines)).petition
    assert petition.language is None
    assert petition.urgency is not None
    assert petition.urgency.date is None


def test_slow_parser_is_as_strict(monkeypatch):
    """Where libyaml is missing, the parser in Python gives the same values and the same refusals."""
    monkeypatch.setattr(reading, "_LOADER", yaml.BaseLoader)
    assert load(example("es")).petition.facility.postal_code == "36300"
    for code, data in BAD_SHAPES.items():
        assert codes(data)[0] in (code, "syntax")
    assert refusal(b"kind: a\nlaws: \x01").problems[0].params["line"] == 2


def test_parser_that_names_no_line_is_answered_with_the_first():
    """A fault without a place is one of the first line."""
    assert _line_of_error(yaml.YAMLError(), "a\nb") == 1
    assert _line_of_error(yaml.reader.ReaderError("x", 2, 1, "utf-8", "why"), "a\nb") == 2


def test_line_of_a_place_that_has_none_is_that_around_it():
    """A problem in something that was not written points to what is around it."""
    source = Source({}, {("facts",): 7})
    assert source.line_of(("facts", "narrative")) == 7
    assert source.line_of(("urgency",)) == 0
