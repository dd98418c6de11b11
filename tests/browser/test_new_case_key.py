"""My case after a new case key that the program made: the page reads what was sealed anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Watched
from tests.browser.test_my_case import Kept, open_by_words
from tests.cli.test_questions import WORDS, asks, run
from tests.client.cases import write_petition
from tests.portal import RunningPortal, resguardo
from tests.staff import enrol

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.long]


def test_a_question_sealed_anew_is_shown(watched: Watched, shared_portal: RunningPortal, tmp_path: Path) -> None:
    """Asked before the union changed its words: the signed manifest vouches for it, and the log that it was asked."""
    case, new = tmp_path / "case", tmp_path / "new"
    assert resguardo("key", "new", "--out", str(new)).returncode == 0
    petition = write_petition(tmp_path / "petition")
    number = run("file", petition, "--portal", shared_portal.url, "--out", case, "--yes")["case"]
    run("acknowledged", "--case", case, "--date", "2026-03-12", "--ref", "OTLA-4")
    ana = enrol(shared_portal, "Ana Sellada", "reviewer")
    ana.sign_in()
    assert shared_portal.cli("staff", "assign", ana.name, number).returncode == 0
    assert asks(ana, number).status_code == 303
    assert run("holders", "words", "--case", case, "--new-key", new, "--new-code", "--yes")["version"] == 2
    kept = Kept(case, json.loads((case / "case.json").read_text())["case"], (new / "words.txt").read_text())
    open_by_words(watched.page, shared_portal, kept)
    watched.page.click("#questions-fetch")
    expect(watched.page.locator("#questions")).to_contain_text(WORDS)
