"""A public version in a real browser: made from an open case, signed off, given out, read, handed on, called back."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import expect

from tests.browser.asked import file_case, office_reads, open_by_words, reviewed
from tests.browser.chromium import Watched
from tests.browser.test_my_answer import looked_at
from tests.portal import RunningPortal
from tests.staff import token_in

pytestmark = [pytest.mark.node, pytest.mark.long]


def test_a_public_version_is_made_given_out_and_called_back(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """Laws L2, L4, L6, L8: nobody is in it, every text is signed off, its readers are named, and it goes again."""
    kept = file_case(shared_portal, tmp_path)
    reviewer = reviewed(shared_portal, kept, "Ana Versiones")
    page = watched.page
    open_by_words(page, shared_portal, kept)
    page.click("#public-begin")
    page.wait_for_selector("#review:not([hidden])")
    button = page.locator('#review-open [data-do="hide"]')
    while button.count():
        button.first.click()
    page.click("#review-go")
    page.wait_for_selector("#public:not([hidden])")
    looked_at(page, axe, "public")
    for name in ("Ximena", "Arrayán", "Eleuterio", "Bracamontes", "77123", "TESTIGO-0"):
        expect(page.locator("#public")).not_to_contain_text(name)
    page.click("#public-go")
    expect(page.locator("#public-wrong")).to_contain_text("Lee cada texto")
    for box in page.locator("[data-sign-off]").all():
        box.check()
    page.click("#public-go")
    expect(page.locator("#public-wrong")).to_contain_text("segunda persona")
    page.check("#public-second")
    page.click("#public-go")
    expect(page.locator("#step-done")).to_contain_text("Entregada")
    expect(page.locator("#public-state li")).to_contain_text("oficina")

    shown = office_reads(reviewer, kept, "public")
    assert "TESTIGO" in shown
    assert "Ximena" not in shown
    at = f"/office/cases/{kept.number}/public"
    form = {"form_token": token_in(reviewer.client.get(at).text), "note": "Jurídico de la planta"}
    assert reviewer.client.post(f"{at}/handed", data=form).status_code == 303
    assert reviewer.client.get(f"{at}/document").content.startswith(b"%PDF")
    published = httpx2.get(f"{shared_portal.url}/released/{kept.number}")
    assert published.status_code == 404, "for the office alone"

    page.click("#history-again")
    page.click("#ask-recall")
    looked_at(page, axe, "public-recall")
    page.click("#do-recall")
    expect(page.locator("#step-done")).to_contain_text("Retirada")
    expect(page.locator("#public-readers")).to_contain_text("Jurídico de la planta")
    expect(page.locator("#public-readers")).to_contain_text("leyó la versión pública")
    assert page.locator("#history .no-tick").count() == 0
    assert reviewer.client.get(at).status_code == 404
