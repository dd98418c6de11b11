"""The review: what stops a filing until a person has decided, and what no decision can let through."""

import json

import pytest
import yaml

from app.domain import filing
from app.domain.errors import FilingError
from app.domain.filing.leftovers import leftovers
from app.domain.filing.people import kept_names, known_people
from app.domain.filing.record import petitioner_label
from app.domain.filing.review import Decision, Review, _uncovered
from app.domain.filing.review import review as review_petition
from app.domain.filing.told import told_of
from app.domain.petition import load
from app.domain.redaction import KnownIdentity, Mark, Suggestion
from tests.domain.cases import Counter, file, settle
from tests.domain.petitions import EXAMPLES, example, fixture, full, with_lines
from tests.domain.test_confidentiality import FREE_TEXTS

KEEP: Decision = "keep"
WITNESS = "witnesses: [{id: W1, name: {given: Wendolin, surname1: Arce, surname2: Toledano}, aliases: [la Güera Wen]}]"


def review_of(*lines: str) -> filing.Review:
    petition = load(with_lines(*lines)).petition
    return review_petition(petition, petition.language or "es", Counter())


@pytest.mark.parametrize("language", EXAMPLES)
def test_careful_choice_on_the_examples(language):
    """With the careful choice all that must go is gone, in every text; what must stay stays."""
    settled = settle(load(example(language)).petition)
    text = json.dumps(settled.record, ensure_ascii=False)
    assert not [span["text"] for span in fixture(language)["must_redact"] if span["text"] in text]
    assert not [span for span in fixture(language)["must_keep"] if span not in text]
    assert len(set(settled.surrogates.values())) == 3


@pytest.mark.parametrize("language", EXAMPLES)
def test_phrases_that_tell_who_someone_is_are_asked_about(language):
    """Unique roles are questions; the careful choice takes them out."""
    petition = load(example(language)).petition
    asked = [review_petition(petition, language, Counter())]
    quotes = [asked[0].quote(finding) for finding in asked[0].findings]
    narrative = settle(petition).record["facts"]["narrative"]
    for phrase in fixture(language)["needs_human"]:
        assert any(quote in phrase or phrase in quote for quote in quotes), phrase
        assert phrase not in narrative


def test_examples_are_filed_and_admitted():
    """Both examples go all the way: settled, sealed, admitted; no name and no number of theirs is in what is sent."""
    for language in EXAMPLES:
        filed = file(example(language))
        assert filed.admit().case == filed.prepared.case
        sent = filed.everything().decode()
        for witness in yaml.safe_load(example(language))["witnesses"]:
            secrets = [*witness["name"].values(), *witness["identifiers"].values(), witness["contact"]["phone"]]
            keep = ("Guadalupe", "Hidalgo")
            assert not [text for text in secrets if text in sent and not any(word in text for word in keep)]


def put(values, path: str, text: str) -> None:
    """Write a text at a path of plain values."""
    *steps, last = path.replace("]", "").replace("[", ".").split(".")
    for step in steps:
        values = values[int(step)] if step.isdigit() else values[step]
    values[last] = text


@pytest.mark.parametrize("path", sorted(FREE_TEXTS))
def test_listed_alias_in_any_free_text_reaches_nobody(path):
    """An alias, a name, an identifier of a witness written into any free text is not in what is sent."""
    values = full()
    values["witnesses"][0] = {
        "name": {"given": "Wendolin", "surname1": "Zurbarán"},
        "aliases": ["Xochiquetzalina"],
        "identifiers": {"curp": "BOXW310820HNERXN09", "employee_number": "70417-QZ"},
    }
    put(values, path, "Dijo Xochiquetzalina, o sea Wendolin Zurbarán (BOXW310820HNERXN09), que no.")
    values["evidence"][0]["file"] = "/home/yo/Xochiquetzalina.jpg"
    source = filing.MemoryFile("Xochiquetzalina.jpg", b"Xochiquetzalina" * 1000)
    filed = file(load(json.dumps(values).encode()).petition, files={"evidence[0]": source})
    sent = filed.everything().decode()
    assert filed.admit().case == filed.prepared.case
    for sentinel in ("Xochiquetzalina", "Zurbarán", "BOXW310820HNERXN09", "70417-QZ", "SEALED", "NEVER-"):
        assert sentinel not in sent
        assert sentinel not in repr(filed.submission.body())


def test_listed_alias_in_a_translation_reaches_nobody():
    """Translations are free texts like any other."""
    lines = (WITNESS, "translations: {en: {summary: 'Wendolin Arce Toledano said so.'}}")
    record = review_of(*lines).settle(careful=True).record
    assert record["translations"]["en"]["facts.summary"].startswith("[TESTIGO-01]")


def test_names_and_codes_lose_what_belongs_to_a_known_person():
    """A witness named in an open code, a law or a proceeding's body does not reach the office."""
    lines = (WITNESS, "laws: [Ley de Wendolin Arce Toledano]", "remedy: [{kind: reinstate Wendolin Arce Toledano}]")
    record = review_of(*lines).settle(careful=True).record
    assert record["laws"] == ["Ley de [TESTIGO-01]"]
    assert record["remedy"][0]["kind"] == "reinstate [TESTIGO-01]"


def test_person_who_petitions_has_one_label_everywhere():
    """A natural person as petitioner is the same label in the list and in the texts."""
    lines = (
        "petitioners: [{id: P1, name: Wendolin Arce Toledano, type: person}]",
        "urgency: {note: Amenazaron a Wendolin Arce Toledano}",
    )
    settled = review_of(*lines).settle(careful=True)
    label = settled.record["petitioners"][0]["name"]
    assert settled.record["urgency"]["note"] == f"Amenazaron a {label}"
    assert settled.surrogates == {"petitioners[0]": label}


def test_typed_field_that_shows_a_person_stops_the_filing():
    """A whole name or number in a typed field, which nobody redacts, is refused by path and kind."""
    witness = "witnesses: [{name: Wendolin Arce Toledano, identifiers: {phone: 55 0000 0199}}]"
    union = "petitioners: [{id: P1, name: SIFI, type: union}]"
    for contact, place in (
        ("phone: +52 55 0000 0199", "contact.phone"),
        ("postal: a c. de Wendolin Arce Toledano", "contact.postal"),
    ):
        with pytest.raises(FilingError) as caught:
            review_of(witness, union, f"contact: {{petitioner: P1, {contact}}}").settle(careful=True)
        assert (caught.value.code, caught.value.field) == ("known_token_left", place)
        assert "Wendolin" not in caught.value.text("en")


def with_question(*lines: str) -> filing.Review:
    """Return a review that has a question."""
    return review_of(
        WITNESS,
        *lines,
        "covered_basis: {detail: 'La única mujer de la línea 4 del turno de noche, la soldadora, lo vio.'}",
    )


def test_open_question_stops_the_filing():
    """Nobody files with a question open; each must be decided, or the careful choice taken."""
    review = with_question()
    assert review.open
    with pytest.raises(FilingError) as caught:
        review.settle()
    assert caught.value.code == "open_questions"
    assert caught.value.params["count"] == len(review.open)


def test_decision_is_kept_and_listed_without_its_text():
    """What a person keeps stays readable; the manifest says where and of which kind, never what."""
    review = with_question()
    settled = review.settle(dict.fromkeys([finding.id for finding in review.open], KEEP))
    assert "La única mujer" in settled.record["covered_basis"]["detail"]
    assert [entry["path"] for entry in settled.summary["kept"]] == [finding.path for finding in review.open]
    assert "soldadora" not in json.dumps(settled.summary)
    assert settled.summary["careful"] is False
    redacted = review.settle({finding.id: "redact" for finding in review.open})
    assert "única mujer" not in redacted.record["covered_basis"]["detail"]
    assert redacted.summary["kept"] == []
    assert {entry["decision"] for entry in redacted.decisions} == {"redact"}


def test_decision_on_what_was_not_asked_is_refused():
    """A certain mark cannot be decided away, nor an unknown one."""
    with pytest.raises(FilingError) as caught:
        with_question().settle({"facts.summary:0-3:name": "keep"}, careful=True)
    assert caught.value.code == "unknown_decision"


def test_flagged_text_must_be_signed_off():
    """A text that its author marked as telling who someone is needs a signature, even if nothing was found."""
    lines = (
        "evidence: [{id: E1, title: Carta, personal_identity: true}, {id: E2, title: Foto}]",
        "confidentiality: {personal_identity: [facts.summary, witnesses, nowhere, evidence.E2]}",
    )
    review = review_of(*lines)
    assert set(review.sign_offs) == {"facts.summary", "evidence[0].title", "evidence[1].title"}
    with pytest.raises(FilingError) as caught:
        review.settle({finding.id: "redact" for finding in review.open})
    assert caught.value.code == "not_signed_off"
    decided = dict.fromkeys([finding.id for finding in review.open], KEEP)
    assert review.settle(decided, signed_off=review.sign_offs).record["evidence"][0]["title"] == "Carta"


def test_identifier_of_nobody_in_particular_is_taken_out_or_stops_the_filing():
    """An identifier by pattern, of whoever, is a certain mark."""
    record = review_of("urgency: {note: 'Su CURP es BOXW310820HNERXN09.'}").settle(careful=True).record
    assert "BOXW" not in record["urgency"]["note"]


def test_guard_that_finds_something_stops_the_filing(monkeypatch):
    """If the guard sees what the engine missed, nothing leaves, and the words do not repeat it."""
    hit = type("Hit", (), {"path": "facts.summary", "kind": "curp"})()
    monkeypatch.setattr("app.domain.filing.review.guard.check", lambda _texts: (hit,))
    with pytest.raises(FilingError) as caught:
        review_of("laws: [LFT]").settle(careful=True)
    assert (caught.value.code, caught.value.field) == ("guard_hit", "facts.summary")


def test_certain_mark_that_survives_stops_the_filing(monkeypatch):
    """If redaction itself failed, the second look of the engine sees it."""
    monkeypatch.setattr("app.domain.filing.review.apply", lambda text, _marks, _labels: text)
    with pytest.raises(FilingError) as caught:
        review_of(WITNESS, "urgency: {note: Vino Wendolin Arce Toledano.}").settle(careful=True)
    assert (caught.value.code, caught.value.field) == ("known_token_left", "urgency.note")


def test_suggestion_is_cut_around_marks():
    """Where a question and a mark meet, neither covers the other twice."""
    item = Suggestion(0, 20, "quasi_identifier", "")
    marks = [Mark(5, 8, "PERSON", "w", "name", "certain", ""), Mark(18, 25, "PERSON", "w", "name", "certain", "")]
    assert [(mark.start, mark.end) for mark in _uncovered(item, marks)] == [(0, 5), (8, 18)]
    assert [(mark.start, mark.end) for mark in _uncovered(item, [])] == [(0, 20)]
    assert _uncovered(Suggestion(5, 8, "x", ""), marks) == []


def test_known_people_are_witnesses_persons_and_keepers():
    """Whoever is protected or keeps something is looked for; organizations, offices and marks are not people."""
    lines = (
        WITNESS,
        "petitioners:",
        "  - {id: P1, name: Sindicato Ficticio, type: union, key_custodian: secretaría de actas}",
        "  - {id: P2, name: Pilar Solís Rentería, type: person, key_custodian: Pilar Solís Rentería}",
        "evidence:",
        "  - {id: E1, holder: P1}",
        "  - {id: E2, holder: Ulises Pardo Quiroz}",
        "  - {id: E3, holder: ulises pardo quiroz}",
        "  - {id: E4, holder: Ulises Pardo Quiroz}",
        "  - {id: E5, holder: Sindicato Ficticio}",
    )
    petition = load(with_lines(*lines)).petition
    assert [person.id for person in known_people(petition)] == ["witnesses[0]", "petitioners[1]", "evidence[1].holder"]


def test_kept_names_are_those_of_firms_unions_and_places():
    """What must stay readable, also without what stands in parentheses, and acronyms apart."""
    names = kept_names(load(json.dumps(full()).encode()).petition)
    for name in (
        "Planta Ficticia",
        "Silao, Guanajuato",
        "SIFI",
        "Sindicato Ficticio",
        "Grupo Ficticio",
        "Otro Sindicato",
        "CFCRL",
    ):
        assert name in names
    assert not any("SEALED" in name for name in names)


PERSON = KnownIdentity(
    "w",
    given="José",
    surname1="Núñez",
    surname2="Arce",
    aliases=("el Güero", "Pepe"),
    identifiers=(
        ("phone", "+52 476 000 01 36"),
        ("employee_number", "04417"),
        ("birth_date", "1979"),
        ("", "XA-12-34-567"),
        ("note", "alta"),
    ),
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("vino JOSE NUÑEZ arce.", "name"),
        ("NÚÑEZ ARCE, JOSÉ", "name"),
        ("con El  Güero\u200b mismo", "name"),
        ("al 476-0000136", "phone"),
        ("xa1234567", "identifier"),
        ("No. 04417", "employee_number"),
        ("No. 104417", None),
        ("Pepe, en 1979, de alta", None),
        ("José y Arce", None),
    ],
)
def test_leftovers_see_through_spelling(text, kind):
    """Case, accents, order, separators and invisible characters hide nothing; single common words are not hunted."""
    found = list(leftovers({"facts": {"summary": text}}, [PERSON]))
    assert {found_kind for _, found_kind in found} == ({kind} if kind else set())
    assert all(path == "facts.summary" for path, _ in found)


def test_leftovers_look_into_names_of_open_groups():
    """A role class named after a person is found, and its name not repeated."""
    record = {"witness_attestation": {"role_classes": {"José Núñez Arce": 3}}, "v": 1, "laws": ["x"]}
    assert list(leftovers(record, [PERSON])) == [("witness_attestation.role_classes.…", "name")]


def test_texts_in_a_language_without_rules_are_read_by_those_of_spanish():
    """A petition in Nahuatl is still searched for its witnesses, and says that it is in Nahuatl."""
    lines = (WITNESS, "language: nah", "urgency: {note: Wendolin Arce Toledano}")
    petition = load(with_lines(*lines)).petition
    record = review_petition(petition, "es", Counter()).settle(careful=True).record
    assert (record["language"], record["urgency"]["note"]) == ("nah", "[TESTIGO-01]")


@pytest.mark.parametrize("screen", ["es", "en", "fr"])
def test_labels_follow_the_petition_and_not_the_screen(screen):
    """Whoever files a Spanish petition from an English screen files a Spanish text, with one label per person."""
    lines = (
        WITNESS,
        "language: es",
        "petitioners: [{name: Pilar Solís Rentería, type: person}]",
        "urgency: {note: 'Wendolin Arce Toledano y Pilar Solís Rentería'}",
    )
    petition = load(with_lines(*lines)).petition
    record = review_petition(petition, screen, Counter()).settle(careful=True).record
    label = petitioner_label(1, "es")
    assert record["urgency"]["note"] == f"[TESTIGO-01] y {label}"
    assert record["petitioners"][0]["name"] == label


def test_petition_that_names_no_language_takes_the_callers():
    """Without a language in the petition the caller's counts, in the record too."""
    petition = load(with_lines(WITNESS, "urgency: {note: Wendolin Arce Toledano}")).petition
    record = review_petition(petition, "fr", Counter()).settle(careful=True).record
    assert (record["language"], record["urgency"]["note"]) == ("fr", "[TÉMOIN-01]")


JUANA = "witnesses: [{id: W1, name: Juana Ramírez López}, {id: W2, name: Heriberto Prueba}]"
BOSS = "urgency: {note: 'El supervisor Ramírez amenazó. Juana Ramírez López oyó. CURP RALJ900315MGTMPN00.'}"


def of_boss() -> tuple[filing.Review, dict[str, str]]:
    """Return a review in which a boss has a witness's surname, and the ids of its findings by their words."""
    review = review_of(JUANA, BOSS)
    return review, {review.quote(finding): finding.id for finding in review.findings}


def test_boss_with_a_witnesss_surname_becomes_another_person():
    """Law L6: what a surname alone says is a question, and its answer has a label of its own, also the next time."""
    review, ids = of_boss()
    assert "Ramírez" in [review.quote(finding) for finding in review.open]
    settled = review.settle(careful=True, otherwise={ids["Ramírez"]: "other:1"})
    assert settled.record["urgency"]["note"].startswith("El supervisor [PERSONA-01] amenazó. [TESTIGO-0")
    told = told_of(settled.decisions, review._petition.plain())
    again = Review(review._petition, "es", Counter(), settled.surrogates, told=told).settle(careful=True)
    assert again.record["urgency"]["note"] == settled.record["urgency"]["note"]


def test_settled_mark_is_said_otherwise():
    """A certain mark can be another witness's, or no more than a detail."""
    review, ids = of_boss()
    other = review.settle(careful=True, otherwise={ids["Juana Ramírez López"]: "is:witnesses[1]"})
    assert other.surrogates["witnesses[1]"] in other.record["urgency"]["note"]
    detail = review.settle(careful=True, otherwise={ids["Juana Ramírez López"]: "detail"})
    assert "[DATO TESTADO] oyó" in detail.record["urgency"]["note"]


@pytest.mark.parametrize("words", ["Juana Ramírez López", "RALJ900315MGTMPN00"])
def test_no_haste_lets_a_whole_name_or_a_number_stay(words):
    """What is certain and whole cannot be said to stay, whatever a program asks for."""
    review, ids = of_boss()
    with pytest.raises(FilingError) as caught:
        review.settle(careful=True, otherwise={ids[words]: "keep"})
    assert caught.value.code == "unknown_decision"


def test_half_a_name_that_is_certain_may_stay_and_is_told():
    """Half a name, which others have too, stays where a person says so; the manifest says that it did."""
    review = review_of(JUANA, "urgency: {note: 'Vieron a Ramírez.'}")
    (finding,) = [one for one in review.findings if review.quote(one) == "Ramírez"]
    settled = review.settle(careful=True, otherwise={finding.id: "keep"})
    assert settled.record["urgency"]["note"] == "Vieron a Ramírez."
    assert {"path": "urgency.note", "kind": "name"} in settled.summary["kept"]


def test_careful_choice_leaves_what_the_petition_is_about():
    """Of a witness's dismissal and its day the month and the harm stay; a next version says the same again."""
    review = review_of(WITNESS, "urgency: {note: 'El 9 de octubre despidieron a Wendolin Arce, la única soldadora.'}")
    settled = review.settle(careful=True)
    note = settled.record["urgency"]["note"]
    assert note == f"En octubre perjudicaron a {settled.surrogates['witnesses[0]']}, [DATO TESTADO]."
    told = told_of(settled.decisions, review._petition.plain())
    again = Review(review._petition, "es", Counter(), settled.surrogates, told=told).settle(careful=True)
    assert again.record["urgency"]["note"] == note
