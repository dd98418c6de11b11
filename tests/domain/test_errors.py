"""Refusals speak three languages and repeat no value."""

import string

import pytest

from app.domain import errors
from app.domain.errors import AdmissionError, DomainError, PetitionError, PetitionRefusedError

FAMILIES = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DomainError)]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_words_with_known_places(family):
    """Each message can be filled from a field and named values, and from nothing that is a petition's text."""
    allowed = {"field", "line", "limit", "nearest", "kind", "count", "number", "minimum", "seconds"}
    for words in family.MESSAGES.values():
        assert {name for _, name, _, _ in string.Formatter().parse(words) if name} <= allowed


def test_undeclared_code_cannot_be_raised():
    """A code without words is a mistake in the program, not a silent refusal."""
    with pytest.raises(KeyError):
        AdmissionError("never_declared")


def test_refusal_lists_problems_in_the_order_of_the_file():
    """Problems with a line come in its order, others after them."""
    problems = [
        PetitionError("missing", "kind"),
        PetitionError("not_text", "b", line=9),
        PetitionError("syntax", line=2),
    ]
    words = PetitionRefusedError(problems).text("en").splitlines()
    assert words[1].strip().startswith("Line 2 cannot be read")
    assert words[2].strip() == "Line 9: b must be text."
    assert words[3].strip().startswith("kind is missing")
    assert str(problems[0]) == "missing: kind"
    assert str(PetitionError("empty")) == "empty"
