"""Laws of redaction over arbitrary texts: once is twice, nothing known survives, nothing crashes or hangs."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.redaction import Engine, KnownIdentity, Surrogates, guard
from app.domain.redaction.engine import redact
from app.domain.redaction.normalise import clean, fold, fold_text

WITNESSES = [
    KnownIdentity("1", given="María Guadalupe", surname1="Zárate", surname2="Olmedo", aliases=("la Güera",)),
    KnownIdentity("2", given="Édgar Iván", surname1="Ollervides", identifiers=(("nss", "00149520835"),)),
]
ENGINE = Engine(WITNESSES, ["Sindicato Olmedo Unido"])
SURROGATES = Surrogates(["1", "2"], "es", bytes)

PIECES = [
    "Zárate", "ZARATE", "Lupe", "Guadalupe", "Olmedo", "Ollervides", "la Güera", "güera", "Édgar", "M. G.", "de", "y",
    "00149520835", "00 14 95 2083 5", "476 000 01 36", "OETE951103HJCLPD94", "calle", "Calle", "colonia", "Nuevo León",
    "Sindicato", "Olmedo Unido", "[TESTIGO-01]", "[CURP]", "[TESTIGO-", "]", "señora", "Juan Pérez", "a@b.mx", "arroba",
    "@", "_", ".", ",", "«", "»", "**", "<b>", "&#225;", "\u200b", "\ud800", "\n", "-\n", "12", "él", "la única mujer",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=14).flatmap(
    lambda parts: st.sampled_from([" ", "", ", "]).map(lambda glue: glue.join(parts))
)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_redacting_twice_is_redacting_once(text: str) -> None:
    """A redacted text has nothing left to redact."""
    once = redact(ENGINE, text, SURROGATES)
    assert redact(ENGINE, once, SURROGATES) == once


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_marks_are_ordered_and_never_overlap(text: str) -> None:
    """Marks lie inside the text, in order, apart; no question lies inside a mark."""
    analysis = ENGINE.analyse(text)
    edges = [edge for mark in analysis.marks for edge in (mark.start, mark.end)]
    assert edges == sorted(edges)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in analysis.marks)
    for item in analysis.suggestions:
        assert all(item.end <= mark.start or mark.end <= item.start for mark in analysis.marks)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["Zárate", "ollervides", "Olmedo", "00149520835", "Éd\u200bgar", "hola", ",", "\n"])))
def test_no_known_token_survives_the_folding_of_the_output(words: list[str]) -> None:
    """Whatever stands around, a name or number of the list is gone."""
    folded = fold(redact(ENGINE, " ".join(words), SURROGATES)).text
    assert not any(token in folded for token in ("zarate", "ollervides", "olmedo", "00149520835", "edgar"))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    """Offsets of the folded text map into the original, in order."""
    folded = fold(text)
    spans = [folded.span(place, place + 1) for place in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=127, categories=["L"]), max_size=12))
def test_a_plain_word_is_folded_alike_with_its_offsets_and_without(word: str) -> None:
    """Words of pages are folded without a look at what is irregular in them: nothing may be."""
    assert fold_text(word) == fold(word).text


@given(st.text(alphabet=st.characters(), max_size=60))
def test_cleaning_satisfies_the_guard(text: str) -> None:
    """What was cleaned on the device holds no hidden character and no mixed word."""
    kinds = {hit.kind for hit in guard.check({"x": clean(text)})}
    assert not kinds & {"FORMAT_CHARACTER", "MIXED_SCRIPT"}
    assert clean(clean(text)) == clean(text)


def test_the_same_text_gives_the_same_answer() -> None:
    """Two engines of the same case agree."""
    text = "Zárate, Lupe Olmedo y el 00 14 95 2083 5 en la calle Zárate. " * 5
    assert Engine(WITNESSES).analyse(text) == Engine(WITNESSES).analyse(text)


LINES = {
    "letters": "a" * 10_000_000,
    "digits": "7" * 10_000_000,
    "spaced digits": "1 " * 2_000_000,
    "spaced letters": "z a " * 1_000_000,
    "capitals": "Aa Bb " * 800_000,
    "signs": "@._-" * 1_000_000,
    "entities": "&#225;" * 500_000,
    "marks": "é" + "\u0301" * 3_000_000,
    "angles": "<<" * 2_000_000,
    "quotes": "Sindicato «" * 200_000,
    "names": "Zárate " * 150_000,
    "commas": "Zárate," * 150_000,
    "streets": "calle a " * 300_000,
    "only": "la única " * 300_000,
}


@pytest.mark.long
@pytest.mark.parametrize("name", LINES)
def test_a_line_of_ten_megabytes_is_bounded(name: str) -> None:
    """No pattern runs away on a long line without an end."""
    began = time.process_time()
    ENGINE.analyse(LINES[name])
    guard.check({"x": LINES[name]})
    assert time.process_time() - began < 180


@pytest.mark.parametrize("name", LINES)
def test_a_long_line_takes_time_in_proportion(name: str) -> None:
    """A hundredth of those lines takes a moment."""
    line = LINES[name][:60_000]
    began = time.process_time()
    ENGINE.analyse(line)
    assert time.process_time() - began < 8


def test_who_speaks_in_a_chat_is_taken_out_once() -> None:
    """A line of an exported chat that begins with a surrogate is not marked again, else no copy could be shown."""
    engine = Engine([KnownIdentity("W", "Zenaida", "Olmedo", "Barrientos")], (), "es")
    surrogates = Surrogates(["W"], "es", bytes)
    once = redact(engine, "12/08/25, 21:04 - Zenaida Olmedo: ya\n12/08/25, 21:05 - Ana P.: no\n", surrogates)
    assert "Zenaida" not in once
    assert engine.analyse(once).marks == ()
    assert redact(engine, once, surrogates) == once


def test_a_plate_that_is_hidden_makes_no_plate_of_the_next_number() -> None:
    """Law: redacting twice is redacting once, also where a surrogate is shorter than what stood there."""
    engine, surrogates = Engine([]), Surrogates([], "fr", bytes)
    once = redact(engine, "Plaque du camion : GNA-733-B. Lot 0092-11.", surrogates)
    assert redact(engine, once, surrogates) == once
