"""My case in a real browser, under its real policy: opened with a key, names here only, every access proved."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from app.client.keyring import read_words, write_protected
from crypto.secret import SecretBytes
from tests.browser.chromium import Watched
from tests.browser.test_story import no_sideways_scroll, shoot
from tests.client.cases import write_petition
from tests.client.loopback import altered
from tests.portal import RunningPortal, resguardo

pytestmark = [pytest.mark.node]
PHRASE = "cuatro gatos leen despacio"  # a synthetic person's
NAMES = ("Ximena", "Arrayán", "Eleuterio", "Bracamontes")
_STORES = """async () => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, history.state,
    location.href, document.title, await indexedDB.databases(), await caches.keys()])"""


@dataclass(frozen=True)
class Kept:
    """What the person who filed with the command line keeps."""

    folder: Path
    number: str
    words: str


@pytest.fixture(scope="module")
def kept(shared_portal: RunningPortal, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A case with two witnesses and a file, filed by the command line; its words are protected beside it."""
    folder = tmp_path_factory.mktemp("filed")
    petition = write_petition(folder / "petition")
    out = folder / "case"
    done = resguardo("file", petition, "--portal", shared_portal.url, "--out", out, "--yes", "--json")
    assert done.returncode == 0, (done.stdout, done.stderr)
    case = json.loads((out / "case.json").read_text())
    return Kept(out, case["case"], (out / "words.txt").read_text())


@pytest.fixture(scope="module")
def key_file(kept: Kept) -> Path:
    """The same words under a phrase, as `resguardo key protect` leaves them."""
    folder = kept.folder.parent / "key"
    folder.mkdir(mode=0o700)
    return write_protected(folder, read_words(kept.words), "es", SecretBytes(PHRASE.encode()), os.urandom)


def door(page: Page, portal: RunningPortal) -> None:
    """Go to the page and wait until it has checked itself."""
    page.goto(f"{portal.url}/mycase")
    page.wait_for_selector("#door:not([hidden])")


def open_by_words(page: Page, portal: RunningPortal, kept: Kept) -> None:
    """Type the number and the words."""
    door(page, portal)
    page.fill("#number", kept.number)
    page.select_option("#way", "words")
    page.fill("#words", _bare(kept.words))
    page.click("#open")
    opened(page)


def opened(page: Page) -> None:
    """Wait until the case stands there and its history was checked."""
    page.wait_for_selector("#case:not([hidden])")
    page.wait_for_selector("#history > li")


def _bare(words: str) -> str:
    lines = [line for line in words.splitlines() if not line.startswith("#")]
    return " ".join(re.findall(r"[^\W\d]+", " ".join(lines)))


def _says_no_name(texts: list[str]) -> None:
    assert [text[:90] for text in texts if any(name in text for name in NAMES)] == []


def test_opened_by_words_shows_names_and_proved_history(
    watched: Watched, shared_portal: RunningPortal, kept: Kept
) -> None:
    """Laws L1, L4, L5: names open here, every access has its tick, and no name leaves or stays anywhere."""
    page = watched.page
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(f"{request.url} {(request.post_data_buffer or b'').decode('latin-1')} {request.headers}")

    page.on("request", note)
    open_by_words(page, shared_portal, kept)
    shown = page.locator("#witnesses").inner_text()
    assert "Ximena Arrayán Pedroza" in shown
    assert "Me citaron a solas" in shown
    expect(page.locator("#stage")).to_have_text("Recibida")
    assert page.locator("#history-findings").inner_text() == ""
    lines = page.locator("#history > li")
    assert page.locator("#history .tick").count() == lines.count() >= 2
    assert page.locator("#history .no-tick").count() == 0
    page.click("#record-show")
    page.wait_for_selector("#record h3, #record-wrong:not([hidden])")
    assert page.locator("#record-wrong").inner_text() == ""
    office = page.locator("#record").inner_text()
    _says_no_name([office])
    assert "TESTIGO-0" in office
    assert "undefined" not in office
    expect(page.locator("#history")).to_contain_text("leyó el expediente")
    page.click("#questions-fetch")
    page.wait_for_selector("#no-question:not([hidden])")
    no_sideways_scroll(page)
    shoot(page, "mycase-es-phone")
    page.set_viewport_size({"width": 320, "height": 640})
    no_sideways_scroll(page)
    _says_no_name([*sent, *watched.requested, page.evaluate(_STORES)])
    assert page.evaluate("history.length") <= 3


@pytest.mark.long
def test_opened_by_key_file_and_case_file(
    watched: Watched, shared_portal: RunningPortal, kept: Kept, key_file: Path
) -> None:
    """A key file under its phrase and case.json are enough; a wrong phrase is told, and the fields are emptied."""
    page = watched.page
    door(page, shared_portal)
    page.set_input_files("#case-file", kept.folder / "case.json")
    page.set_input_files("#key", key_file)
    expect(page.locator("#number")).to_have_value(kept.number)
    page.fill("#phrase", "otra frase cualquiera")
    page.click("#open")
    expect(page.locator("#door-wrong")).to_contain_text("no abre")
    page.fill("#phrase", PHRASE)
    page.click("#open")
    opened(page)
    assert "Eleuterio Bracamontes Ik" in page.locator("#witnesses").inner_text()
    assert page.input_value("#phrase") == ""
    page.set_input_files("#receipt", kept.folder / "receipt.tlog-proof")
    page.wait_for_selector("#history-whole:not([hidden])")
    expect(page.locator("#history-wrong")).to_be_hidden()


def test_saves_an_original_file(watched: Watched, shared_portal: RunningPortal, kept: Kept) -> None:
    """The letter comes back as it was given, opened here."""
    page = watched.page
    open_by_words(page, shared_portal, kept)
    page.get_by_text("Tu propio texto y tus archivos").click()
    with page.expect_download() as given:
        page.locator("#own-files button").click()
    assert given.value.suggested_filename == "carta.pdf"
    assert Path(given.value.path()).read_bytes().startswith(b"%PDF-1.7 carta ficticia")


def test_wrong_word_is_told_with_its_place(watched: Watched, shared_portal: RunningPortal, kept: Kept) -> None:
    """The word is named by its place with words near to it, and nothing was asked of the portal about the case."""
    page = watched.page
    door(page, shared_portal)
    page.fill("#number", kept.number)
    page.select_option("#way", "words")
    words = _bare(kept.words).split()
    page.fill("#words", " ".join([*words[:2], "zzzzzz", *words[3:]]))
    page.click("#open")
    expect(page.locator("#door-wrong")).to_contain_text("palabra 3")
    page.fill("#words", " ".join(words[:11]))
    page.click("#open")
    expect(page.locator("#door-wrong")).to_contain_text("doce palabras")
    assert not [url for url in watched.requested if "/api/v1/cases/" in url]
    page.locator("#door-wrong button").click()
    expect(page.locator("#words")).to_be_focused()


def _lie(page: Page, portal: RunningPortal, change: Callable[[dict[str, Any]], object]) -> None:
    lie = altered(change)

    def answer(route: Route) -> None:
        honest = route.fetch()
        status, kind, body = lie((honest.status, "application/json", honest.body()))
        route.fulfill(status=status, content_type=kind, body=body)

    page.route(f"{portal.url}/api/v1/case/history", answer)


def test_history_withheld_entry_is_found(watched: Watched, shared_portal: RunningPortal, kept: Kept) -> None:
    """Law L5: a line left out of the middle is said aloud; what is there stays ticked."""
    page = watched.page
    _lie(page, shared_portal, lambda body: body["entries"].pop(1))
    open_by_words(page, shared_portal, kept)
    page.click("#record-show")
    page.wait_for_selector("#record h3")
    expect(page.locator("#history-wrong")).to_be_visible()
    expect(page.locator("#history-findings")).to_contain_text("Falta la entrada")
    expect(page.locator("#history-whole")).to_be_hidden()
    shoot(page, "mycase-lie-es-phone")


def test_history_altered_entry_has_no_tick(watched: Watched, shared_portal: RunningPortal, kept: Kept) -> None:
    """Law L5: who and why of a line changed by the portal are not shown, and the line has no tick."""
    page = watched.page

    def other(body: dict[str, Any]) -> None:
        body["entries"][0]["opening"]["fields"]["role"] = "operator"
        body["entries"][0]["leaf"], body["entries"][-1]["leaf"] = (
            body["entries"][-1]["leaf"],
            body["entries"][0]["leaf"],
        )

    _lie(page, shared_portal, other)
    open_by_words(page, shared_portal, kept)
    assert page.locator("#history .no-tick").count() == 2
    expect(page.locator("#history-wrong")).to_be_visible()
    expect(page.locator("#history")).not_to_contain_text("recibió la petición")


def test_suspend_lift_and_withdraw_by_keyboard(watched: Watched, shared_portal: RunningPortal, tmp_path: Path) -> None:
    """Each step is explained, asked for, proved and undone or not, with the keyboard alone."""
    petition = write_petition(tmp_path / "petition")
    out = tmp_path / "case"
    assert resguardo("file", petition, "--portal", shared_portal.url, "--out", out, "--yes").returncode == 0
    kept = Kept(out, json.loads((out / "case.json").read_text())["case"], (out / "words.txt").read_text())
    page = watched.page
    door(page, shared_portal)
    _press_to(page, "number")
    page.keyboard.type(kept.number)
    _press_to(page, "way")
    page.keyboard.press("ArrowDown")
    _press_to(page, "words")
    page.keyboard.type(_bare(kept.words))
    _press_to(page, "open")
    page.keyboard.press("Enter")
    opened(page)
    expect(page.locator("#stage")).to_be_focused()
    _step(page, "suspend", "Suspendido")
    expect(page.locator("#standing")).to_contain_text("Lo suspendiste")
    expect(page.locator("#history")).to_contain_text("suspendió el acceso")
    _step(page, "lift", "tiene acceso de nuevo")
    _press_to(page, "ask-withdraw")
    page.keyboard.press("Enter")
    shoot(page, "mycase-withdraw-es-phone")
    _press_to(page, "do-withdraw")
    page.keyboard.press("Enter")
    expect(page.locator("#sure-withdraw")).to_be_focused()
    page.keyboard.press("Space")
    _press_to(page, "do-withdraw")
    page.keyboard.press("Enter")
    expect(page.locator("#stage")).to_have_text("Retirada")
    expect(page.locator("#ask-withdraw")).to_be_hidden()
    assert page.locator("#history .no-tick").count() == 0


def _press_to(page: Page, target: str) -> None:
    for _ in range(80):
        if page.evaluate("document.activeElement?.id") == target:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach #{target}")


def _step(page: Page, name: str, done: str) -> None:
    _press_to(page, f"ask-{name}")
    page.keyboard.press("Enter")
    _press_to(page, f"do-{name}")
    page.keyboard.press("Enter")
    expect(page.locator("#step-done")).to_contain_text(done)


def test_leaving_ends_the_session_and_empties_the_page(
    watched: Watched, shared_portal: RunningPortal, kept: Kept
) -> None:
    """Shift three times: no name is in the page, and the portal's session is over; going back shows the door."""
    page = watched.page
    page.route("https://www.wikipedia.org/", lambda route: route.fulfill(status=200, body="x"))
    open_by_words(page, shared_portal, kept)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.wikipedia.org/")
    page.goto(f"{shared_portal.url}/mycase")
    page.wait_for_selector("#door:not([hidden])")
    assert page.evaluate("fetch('/health').then(() => true)")
    cookies = [cookie for cookie in page.context.cookies() if "case" in cookie["name"]]
    assert cookies == []
    _says_no_name([page.content()])


def test_without_scripts_nothing_can_be_sent(browser: Browser, shared_portal: RunningPortal) -> None:
    """No field has a name, there is no form, and the page says what to do."""
    context = browser.new_context(locale="es-MX", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{shared_portal.url}/mycase")
    html = page.content()
    context.close()
    assert "<form" not in html
    assert not re.search(r"<(input|textarea|select)[^>]* name=", html)
    assert "No escribas tus palabras" in html


def test_receipt_is_checked_in_the_page(watched: Watched, shared_portal: RunningPortal, kept: Kept) -> None:
    """A good receipt is told with what it proves; one changed letter is not; neither is sent."""
    page = watched.page
    page.goto(f"{shared_portal.url}/receipt")
    page.wait_for_selector("#ready:not([hidden])")
    text = (kept.folder / "receipt.tlog-proof").read_text()
    page.fill("#receipt-text", text)
    page.click("#check")
    expect(page.locator("#facts")).to_contain_text(kept.number)
    page.fill("#receipt-text", text.replace("index 0", "index 1") if "index 0" in text else text[:-9] + "AAAAAAA=\n")
    page.click("#check")
    expect(page.locator("#wrong")).to_be_visible()
    expect(page.locator("#right")).to_be_hidden()
    assert {url.split("/")[3] for url in watched.requested} <= {"receipt", "static", "api"}
    assert {url for url in watched.requested if "/api/" in url} == {f"{shared_portal.url}/api/v1/portal"}
