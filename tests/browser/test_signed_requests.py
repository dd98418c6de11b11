"""A reader's device signs each look, in a real browser under the real headers (laws L4, L5)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.store.keyring import read_keyring
from crypto.log.checkpoint import Checkpoint, sign_checkpoint
from tests.browser.chromium import DESKTOP, PHONE, watched_page
from tests.browser.test_story import enrol_and_sign_in, no_sideways_scroll, shoot
from tests.client.cases import write_petition
from tests.portal import RunningPortal, resguardo
from tests.staff import PASSWORD, code_of

pytestmark = [pytest.mark.node]
_REFUSED = ("error: Failed to load resource",)
_KEPT = """async () => {
  const done = (r) => new Promise((resolve) => { r.onsuccess = () => resolve(r.result) })
  const open = await done(indexedDB.open("resguardo-device", 1))
  const store = open.transaction("devices").objectStore("devices")
  const [keys, values] = [await done(store.getAllKeys()), await done(store.getAll())]
  open.close()
  const plain = values.map((one) => ({ ...one, key: one.key.extractable }))
  return JSON.stringify([keys, plain, { ...localStorage }, { ...sessionStorage }, document.cookie])
}"""


def _file(portal: RunningPortal, tmp_path: Path) -> str:
    petition = write_petition(tmp_path / "petition")
    out = tmp_path / "case"
    assert resguardo("file", petition, "--portal", portal.url, "--out", out, "--yes").returncode == 0
    return str(json.loads((out / "case.json").read_text())["case"])


class _Reader:
    """Somebody of the office with an authenticator, on one browser page."""

    def __init__(self, page: Page, portal: RunningPortal, name: str, case: str) -> None:
        self.page, self.portal, self.name = page, portal, name
        enrol_and_sign_in(page, portal, name, "reviewer")
        assert portal.cli("staff", "assign", name, case).returncode == 0

    def enrol_device(self, label: str, secret: str) -> None:
        """Enrol the browser's device with the next code."""
        page = self.page
        page.goto(f"{self.portal.url}/office/account")
        page.fill("#label", label)
        page.fill("#device_password", PASSWORD)
        page.fill("#device_code", code_of(secret, page.evaluate("Date.now()") / 1000 + 30))
        page.click("#device-form button")
        expect(page.locator("#device-here")).to_be_visible()

    def ask(self, case: str) -> None:
        """Give a purpose for the record."""
        self.page.goto(f"{self.portal.url}/office/cases/{case}")
        self.page.locator('input[name="purpose"]').first.check()
        self.page.locator('form[action$="/sitting"] button.button').click()


def _enrolling(page: Page) -> list[str]:
    """Return a list that gets the authenticator's secret when the enrolment page is shown."""
    found: list[str] = []

    def look(_: Any) -> None:
        if "/office/enrol/" in page.url and page.locator("code.key").count():
            found.append(page.locator("code.key").inner_text().replace(" ", ""))

    page.on("domcontentloaded", look)
    return found


def _history(portal: RunningPortal, folder: Path) -> list[dict[str, Any]]:
    done = resguardo("history", "--case", folder / "case", "--key", folder / "case" / "words.txt", "--json")
    assert done.returncode == 0, (done.stdout, done.stderr)
    entries: list[dict[str, Any]] = json.loads(done.stdout)
    return entries


def test_an_enrolled_device_signs_and_keeps_nothing_of_the_case(
    browser: Browser, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """The key cannot be taken out; the log commits to what was signed; the browser knows of no case afterwards."""
    case = _file(shared_portal, tmp_path)
    with watched_page(browser, PHONE) as watched:
        page = watched.page
        secrets = _enrolling(page)
        rosa = _Reader(page, shared_portal, f"rosa {case[:5]}", case)
        rosa.enrol_device("portátil de Rosa", secrets[0])
        words = page.locator("#device-own").inner_text()
        expect(page.locator("li[data-vkey] .code").first).to_have_text(words)
        shoot(page, "device-es-phone")
        no_sideways_scroll(page)
        rosa.ask(case)
        expect(page).to_have_url(re.compile(r"/record$"))
        page.wait_for_function("indexedDB.databases().then((all) => all.length === 1)")
        expect(page.locator("#log-alarm")).to_have_count(0)
        kept = page.evaluate(_KEPT)
    (device,) = json.loads(kept)[1]
    assert device["key"] is False, "the private key is not extractable"
    for told in (case, "REVIEW", "San Francisco", "record", "TESTIGO"):
        assert told not in kept
    read = next(line for line in _history(shared_portal, tmp_path) if line["kind"] == "record_read")
    assert read["signed"] is True


@pytest.mark.long
def test_a_device_without_a_key_opens_nothing_where_it_is_required(
    browser: Browser, new_portal: Callable[..., RunningPortal], tmp_path: Path
) -> None:
    """The page says why and what to do; a second device signs too; one that was switched off does not."""
    portal = new_portal(settings={"RESGUARDO_SIGNED_REQUESTS": "required"})
    case = _file(portal, tmp_path)
    with watched_page(browser, DESKTOP, quiet=_REFUSED) as watched:
        page = watched.page
        secrets = _enrolling(page)
        rosa = _Reader(page, portal, "Rosa", case)
        page.goto(f"{portal.url}/office/cases/{case}")
        expect(page.locator("[data-unsigned]")).to_be_visible()
        shoot(page, "unsigned-es-desktop")
        page.set_viewport_size({"width": 390, "height": 844})
        no_sideways_scroll(page)
        shoot(page, "unsigned-es-phone")
        page.set_viewport_size({"width": 1280, "height": 900})
        with page.expect_response(re.compile("/sitting$")) as answer:
            page.locator('input[name="purpose"]').first.check()
            page.locator('form[action$="/sitting"] button.button').click()
        assert answer.value.status == 403
        expect(page.locator("main")).to_contain_text("solo se abren con una solicitud firmada")
        shoot(page, "refused-es-desktop")
        rosa.enrol_device("escritorio", secrets[0])
        shoot(page, "device-es-desktop")
        rosa.ask(case)
        expect(page).to_have_url(re.compile(r"/record$"))
        page.goto(f"{portal.url}/office/account")
        page.locator('form[action$="/off"] button').click()
        expect(page.locator("li[data-ended]")).to_have_count(1)
        expect(page.locator("#device-new")).to_be_visible()


@pytest.mark.long
def test_a_portal_with_two_histories_is_told_apart_by_the_device(
    browser: Browser, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """A state that the log's own key signed for this device alone: the page raises the alarm, and nothing opens."""
    case = _file(shared_portal, tmp_path)
    keyring = read_keyring(shared_portal.data)
    other = sign_checkpoint(Checkpoint(keyring.log_origin, 1, b"\x05" * 32), [keyring.log])
    with watched_page(browser, PHONE, quiet=_REFUSED) as watched:
        page = watched.page
        secrets = _enrolling(page)
        reader = _Reader(page, shared_portal, f"nora {case[:5]}", case)
        reader.enrol_device("teléfono", secrets[0])
        page.evaluate(
            """async (known) => {
              const done = (r) => new Promise((resolve) => { r.onsuccess = () => resolve(r.result) })
              const open = await done(indexedDB.open("resguardo-device", 1))
              const store = open.transaction("devices", "readwrite").objectStore("devices")
              const [key] = await done(store.getAllKeys())
              await done(store.put({ ...(await done(store.get(key))), known }, key))
              open.close()
            }""",
            other,
        )
        before = len(shared_portal.api()["alarms"])
        reader.ask(case)
        expect(page.locator("main")).to_contain_text("conoce un estado de la bitácora")
        shoot(page, "contradicted-es-phone")
        assert len(shared_portal.api()["alarms"]) == before + 1
