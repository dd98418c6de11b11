"""The words are complete: Spanish and French have every message, with the same places."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from tests.catalogues import TRANSLATED, problems, source_messages, translations, updated

with (Path(__file__).parent / "vectors" / "terms.csv").open(encoding="utf-8") as file:
    TERMS = list(csv.DictReader(file))


def test_every_message_is_translated() -> None:
    """No page and no error falls back to English."""
    assert len(source_messages()) > 300
    assert problems() == []


def test_catalogues_hold_the_sources_messages_only() -> None:
    """What is no longer said does not stay."""
    for language in TRANSLATED:
        fresh = {str(message.id) for message in updated(language, {}) if message.id}
        assert fresh == set(translations(language))


def test_terms_of_the_field_are_said_as_the_field_says_them() -> None:
    """One term, one word in each language, as in the agreement's own texts (tests/vectors/terms.csv)."""
    wrong = []
    for language in TRANSLATED:
        for message, text in translations(language).items():
            wrong += [
                (language, term["en"], text)
                for term in TERMS
                if re.search(rf"\b(?i:{term['en'][0]}){term['en'][1:]}\b", message)
                and not re.search(term[language], text, re.IGNORECASE)
            ]
    assert wrong == []
