"""The export of a case in a real browser: a document and a proof, verified by the program without the portal's word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.browser.asked import file_case, open_by_words, run
from tests.browser.chromium import Watched
from tests.browser.test_my_answer import NAMES, looked_at
from tests.browser.test_my_holders import take
from tests.portal import RunningPortal, resguardo

pytestmark = [pytest.mark.node, pytest.mark.long]


def test_export_is_verified_by_the_program(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """Laws L5, L6: without the receipt at hand; the second version's record; a changed document does not fit."""
    kept = file_case(shared_portal, tmp_path)
    (tmp_path / "more.yaml").write_text('facts: {timeline: [{date: "2025-08-12", what: "Nos juntaron."}]}')
    run("supplement", "--case", kept.folder, "--add", tmp_path / "more.yaml", "--yes")
    page = watched.page
    open_by_words(page, shared_portal, kept)
    page.click("#export-make")
    page.wait_for_selector("#export:not([hidden])")
    looked_at(page, axe, "export")
    document = take(page, "#export-document", tmp_path / "petition.html")
    proof = take(page, "#export-bundle", tmp_path / "petition.json")
    text = document.read_text()
    assert "Nos juntaron." in text
    assert not [name for name in NAMES if name in text or name in proof.read_text()]
    key = json.loads((kept.folder / "case.json").read_text())["log_vkey"]
    said = json.loads(run("verify", proof, "--pdf", document, "--key", key, "--json"))
    assert (said["ok"], said["record_included"], said["pdf_compared"]) == (True, True, True)
    document.write_text(text.replace("juntaron", "reunieron"))
    assert resguardo("verify", proof, "--pdf", document, "--key", key).returncode == 1
    assert page.locator("#history .no-tick").count() == 0
