"""The words are complete: Spanish and French have every message, with the same places."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from app.i18n import page_words, t
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
    """One term, one word in each language, as in the agreement's own texts (tests/vectors/terms.csv).

    A file's name is no term.
    """
    wrong = []
    for language in TRANSLATED:
        for message, text in translations(language).items():
            wrong += [
                (language, term["en"], text)
                for term in TERMS
                if re.search(rf"\b(?i:{term['en'][0]}){term['en'][1:]}\b(?!\.\w)", message)
                and not re.search(term[language], text, re.IGNORECASE)
            ]
    assert wrong == []


def test_no_line_of_french_begins_with_its_colon() -> None:
    """The space before high punctuation does not break, wherever the message is said; addresses stay as they are."""
    assert t("fr", "Case number: {case}", case="a:b") == "Numéro du cas\N{NO-BREAK SPACE}: a:b"
    loose = re.compile(r" [:;?!»]|« |\w'\w")
    said = [t("fr", message) for message in source_messages()] + list(page_words("fr").values())
    assert [text for text in said if loose.search(text)] == []
    assert "\N{NO-BREAK SPACE}" not in t("es", "Case number: {case}", case="a")


def test_french_says_vous() -> None:
    """Nobody is spoken to as a child is: no word of the singular, and no order in it."""
    pronoun = re.compile(r"\b(?:tu|toi|te|ton|ta|tes)\b", re.IGNORECASE)
    order = re.compile(r"\b(?!vous)(?!\w*(?:ez|tes)-)\w{3,}-(?:le|la|les|moi|y|en)\b", re.IGNORECASE)
    told = translations("fr").values()
    assert [text for text in told if pronoun.search(text) or order.search(text)] == []
