"""The words are complete: Spanish and French have every message, with the same places."""

from __future__ import annotations

from tests.catalogues import TRANSLATED, problems, source_messages, translations, updated


def test_every_message_is_translated() -> None:
    """No page and no error falls back to English."""
    assert len(source_messages()) > 300
    assert problems() == []


def test_catalogues_hold_the_sources_messages_only() -> None:
    """What is no longer said does not stay."""
    for language in TRANSLATED:
        fresh = {str(message.id) for message in updated(language, {}) if message.id}
        assert fresh == set(translations(language))
