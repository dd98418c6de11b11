"""Which language an answer is in, and that choosing one keeps the place."""

from __future__ import annotations

import pytest

from tests.web.conftest import Site


@pytest.mark.parametrize(
    ("header", "language"),
    [("es-MX", "es"), ("fr-CA,en;q=0.8", "fr"), ("de, en;q=0.1", "en"), ("", "es"), ("zh", "es"), ("x" * 9000, "es")],
)
def test_browser_preference_is_heard(header: str, language: str, site: Site) -> None:
    """Spanish comes first for whoever prefers nothing that we speak."""
    answer = site.browser().get("/", **{"accept-language": header})
    assert f'<html lang="{language}">' in answer.text
    assert "set-cookie" not in answer.headers


def test_choice_is_kept_and_keeps_the_place(site: Site) -> None:
    """The address decides, the cookie remembers, filters stay."""
    browser = site.browser()
    first = browser.get("/status?lang=fr&q=1&code=SECRET")
    assert '<html lang="fr">' in first.text
    assert 'href="?q=1&amp;lang=en"' in first.text
    assert "SECRET" not in first.text
    assert '<html lang="fr">' in browser.get("/case").text
    assert '<html lang="en">' in browser.get("/case?lang=en").text


@pytest.mark.parametrize("value", ["xx", "../es", "<script>", "es "])
def test_unknown_choice_changes_nothing(value: str, site: Site) -> None:
    """What is not a language of ours is neither used, kept nor shown."""
    answer = site.browser().client.get("/", params={"lang": value}, headers={"accept-language": "en"})
    assert '<html lang="en">' in answer.text
    assert "set-cookie" not in answer.headers
    assert value not in answer.text or value == "es "
