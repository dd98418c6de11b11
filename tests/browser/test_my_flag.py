"""A flag in a real browser: a reader saw a person in a photo; the petitioner sees where, covers it, and who saw it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.asked import Kept, open_by_words, reviewed, run
from tests.browser.chromium import Watched
from tests.browser.test_copies import pages_of, tick
from tests.browser.test_my_answer import looked_at
from tests.browser.test_my_supplement import _send
from tests.cli.test_evidence import written
from tests.portal import RunningPortal
from tests.staff import token_in

pytestmark = [pytest.mark.node, pytest.mark.long]
WORDS = "En el reflejo de la ventana se ve una cara."


def test_a_flagged_photo_is_covered_and_its_readers_are_listed(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """Laws L4, L6, L8: held back at once, told with its place, covered by a new version; who saw it is said."""
    out = tmp_path / "case"
    said = run("file", written(tmp_path / "petition"), "--portal", shared_portal.url, "--out", out, "--yes", "--json")
    kept = Kept(out, json.loads(said)["case"], (out / "words.txt").read_text())
    reviewer = reviewed(shared_portal, kept, "Ana Avisa")
    [picture] = pages_of(reviewer, kept.number, 1)
    at = f"/office/cases/{kept.number}"
    spot = {"record": "evidence-1/1", "page": "1", "across": "40", "down": "70"}
    flag = {"form_token": token_in(reviewer.client.get(at).text), "act": "send", "hold": "yes", **spot}
    assert reviewer.client.post(f"{at}/flag", data={**flag, "text": WORDS, "language": "es"}).status_code == 303
    assert reviewer.client.get(f"{at}/evidence/1").status_code == 409

    page = watched.page
    open_by_words(page, shared_portal, kept)
    page.click("#questions-fetch")
    told = page.locator("#questions > li").first
    expect(told).to_contain_text(WORDS)
    for part in ("40 %", "70 %", "Una persona revisora"):
        expect(told).to_contain_text(part)
    looked_at(page, axe, "flag")
    page.click("#supplement-begin")
    page.wait_for_selector("#supplement:not([hidden])")
    photo = page.locator("#supplement-copies > li", has_text="Foto de la lista")
    photo.locator("select").select_option("again")
    photo.locator("[data-canvas]").wait_for()
    photo.locator("summary").click()
    photo.locator("[data-add]").click()
    tick(photo, 1)
    _send(page, "Copias nuevas que ve la oficina: 1")
    page.click("#sent-home")
    [covered] = pages_of(reviewer, kept.number, 1)
    assert covered != picture
    page.click("#questions-fetch")
    expect(told).to_contain_text("Una persona revisora")
    assert page.locator("#history .no-tick").count() == 0
