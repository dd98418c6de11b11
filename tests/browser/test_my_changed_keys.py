"""Law L5 when keys change, in a real browser: My case follows what the log announced, and opens under no other key."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chromium import Watched
from tests.browser.test_my_case import door, opened
from tests.keeping.test_recover import file_with_client, keeper_size, wait_for_size
from tests.keeping.test_rotated_portal import changed, finished
from tests.portal import RunningPortal, resguardo

pytestmark = [pytest.mark.node, pytest.mark.long]


def bring(page: Page, portal: RunningPortal, folder: Path) -> None:
    """Open a case with its file and words."""
    door(page, portal)
    page.set_input_files("#case-file", folder / "case.json")
    page.set_input_files("#key", folder / "words.txt")
    page.click("#open")


def test_my_case_and_the_receipt_page_follow_announced_keys(
    watched: Watched, new_portal: Callable[..., RunningPortal], tmp_path: Path
) -> None:
    """Filed under the first keys; the portal signs with others; the case, its receipt and its export hold."""
    portal, folder, page = new_portal(), tmp_path / "case", watched.page
    file_with_client(portal, folder)
    first = portal.api()["log_vkey"]
    wait_for_size(portal, keeper_size(portal))
    second = changed(portal)
    finished(portal)

    bring(page, portal, folder)
    opened(page)
    page.wait_for_selector("#history-whole:not([hidden])")
    expect(page.locator("#history-wrong")).to_be_hidden()
    expect(page.locator("body")).to_contain_text("anunció claves nuevas, bajo las que conoces")
    with page.expect_download() as given:
        page.click("#case-save")
    saved = json.loads(Path(given.value.path()).read_text())
    assert saved["log_vkey"] == first
    assert len(saved["successors"]) == 1
    (folder / "case.json").write_text(json.dumps(saved))
    assert resguardo("history", "--case", folder).returncode == 0, "the program reads the file that the page saved"

    page.goto(f"{portal.url}/receipt")
    page.fill("#receipt-text", (folder / "receipt.tlog-proof").read_text())
    page.click("#check")
    expect(page.locator("#right")).to_be_visible()
    expect(page.locator("#facts")).to_contain_text(second)


def test_my_case_opens_nothing_under_a_key_that_was_not_announced(
    watched: Watched, new_portal: Callable[..., RunningPortal], tmp_path: Path
) -> None:
    """The portal shows this browser another key than case.json has, and nothing that leads there."""
    portal, folder, page = new_portal(), tmp_path / "case", watched.page
    file_with_client(portal, folder)
    said = portal.api()
    stranger = new_portal("stranger").api()
    keys = {name: stranger[name] for name in ("log_origin", "log_vkey", "statement_vkey")}

    def lie(route: Route) -> None:
        route.fulfill(status=200, content_type="application/json", body=json.dumps(said | keys))

    page.route(f"{portal.url}/api/v1/portal", lie)
    bring(page, portal, folder)
    expect(page.locator("#door-wrong")).to_contain_text("nada en la bitácora la anuncia")
