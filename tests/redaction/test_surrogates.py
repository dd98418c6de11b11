"""Surrogates: one width, numbers at random, never a length or an order of the original."""

from collections import Counter
from random import Random

from app.domain.redaction import Mark, Surrogates, apply
from app.domain.redaction.surrogates import surrogate_pattern


def _surrogates(count: int, seed: int, language: str = "es") -> Surrogates:
    random = Random(seed)
    return Surrogates([f"W{number}" for number in range(count)], language, random.randbytes)


def _mark(start: int, end: int, identity: str | None = "W0", label: str = "PERSON") -> Mark:
    return Mark(start, end, label, identity, "name", "certain", "")


def test_numbers_are_a_permutation_of_one_width() -> None:
    """Every witness has another number; all are equally wide."""
    for count, width in ((3, 2), (99, 2), (120, 3)):
        surrogates = _surrogates(count, 1)
        shown = [surrogates.for_identity(f"W{number}") for number in range(count)]
        assert sorted(shown) == [f"[TESTIGO-{number:0{width}d}]" for number in range(1, count + 1)]


def test_the_first_witness_gets_any_number() -> None:
    """The order of the petition says nothing about the numbers."""
    seen = Counter(_surrogates(4, seed).for_identity("W0") for seed in range(400))
    assert len(seen) == 4
    assert min(seen.values()) > 60


def test_words_are_of_the_language() -> None:
    """Spanish, English and French."""
    assert [_surrogates(1, 1, language).for_identity("W0") for language in ("es", "en", "fr")] == [
        "[TESTIGO-01]",
        "[WITNESS-01]",
        "[TÉMOIN-01]",
    ]
    assert _surrogates(1, 1, "fr").for_mark(_mark(0, 1, None, "PHONE")) == "[TÉLÉPHONE]"


def test_everything_written_is_recognised_again() -> None:
    """The pattern of surrogates matches each of them whole."""
    for language in ("es", "en", "fr"):
        surrogates = _surrogates(120, 2, language)
        for label in ("PERSON", "DETAIL", "CURP", "EMPLOYEE_NO", "ADDRESS", "IDENTIFIER", "unheard-of"):
            assert surrogate_pattern().fullmatch(surrogates.for_label(label))
        assert surrogate_pattern().fullmatch(surrogates.for_identity("W7"))


def test_a_witness_s_identifier_shows_its_kind_only() -> None:
    """A CURP of a witness is not linked to the witness's number."""
    assert _surrogates(2, 3).for_mark(_mark(0, 4, "W1", "CURP")) == "[CURP]"


def test_what_stays_is_cleaned() -> None:
    """Format characters and look-alike letters around the marks do not reach the office."""
    text = "a\u200bb Ana с\u0430sa \u202ex\r\n"
    assert apply(text, [_mark(4, 7)], _surrogates(1, 1)) == "ab [TESTIGO-01] сasa x\n".replace("с", "c")
