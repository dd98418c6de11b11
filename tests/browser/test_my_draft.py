"""What is written in My case and not sent yet: a draft that survives full devices, private windows and two tabs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.asked import Kept, ask, file_case, open_by_words, reviewed, run
from tests.browser.chromium import PHONE, Watched, draft_written, until, watched_page
from tests.browser.test_filing_page import _STORES
from tests.browser.test_my_answer import arrive, looked_at, settle
from tests.portal import RunningPortal
from tests.staff import Colleague

pytestmark = [pytest.mark.node, pytest.mark.long]
MB = 1024 * 1024
STRANGE = "مرحبا بالعالم 👷🏽‍♀️ «ñ» 𝒳"
STRANGER = "يوسف ☀️ Ñandú"
_STORED = "indexedDB.databases().then((all) => all.map((one) => one.name))"
ONE, TWO = "Gumersinda lo vio en la caseta.", "Lo segundo lo vio Petronila."


@pytest.fixture(scope="module")
def asked(shared_portal: RunningPortal, tmp_path_factory: pytest.TempPathFactory) -> tuple[Kept, Colleague]:
    """A case whose reviewer can ask."""
    kept = file_case(shared_portal, tmp_path_factory.mktemp("drafted"))
    return kept, reviewed(shared_portal, kept, "Ana Borrador")


def begin(page: Page, place: int) -> None:
    """Go to the answer of one of the questions that are open."""
    if page.locator("#case").is_hidden():
        page.locator("#answer [data-back]").click()
        page.wait_for_selector("#case:not([hidden])")
    if not page.locator("#questions > li").count():
        page.click("#questions-fetch")
    page.locator("#questions [data-answer]", has_text="Responderla").nth(place).click()
    page.wait_for_selector("#answer:not([hidden])")


def test_two_answers_and_what_was_decided_of_them_survive_a_reload_and_a_lost_line(
    watched: Watched, shared_portal: RunningPortal, asked: tuple[Kept, Colleague], axe: str
) -> None:
    """Law L7: each answer that was begun is there again after the line broke and the page was loaded anew."""
    kept, reviewer = asked
    ask(reviewer, kept)
    ask(reviewer, kept)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    begin(page, 0)
    page.check("#keep-draft")
    page.fill("#answer-text", ONE)
    begin(page, 1)
    expect(page.locator("#answer-text")).to_have_value("")
    page.fill("#answer-text", TWO)
    begin(page, 0)
    expect(page.locator("#answer-text")).to_have_value(ONE)
    page.context.set_offline(True)
    page.fill("#answer-text", f"{ONE} Fue en agosto.")
    expect(page.locator("#kept")).to_contain_text("cerrado con tu llave")
    draft_written(page)
    page.context.set_offline(False)
    page.click("#answer-review")
    page.wait_for_selector("#review:not([hidden])")
    page.locator('#review-open [data-do="hide"]').first.click()
    draft_written(page)
    stores = page.evaluate(_STORES)
    assert not [text[:60] for text in stores if any(word in text for word in ("Gumersinda", "Petronila", kept.number))]
    page.reload()
    page.wait_for_selector("#left-drafts:not([hidden])")
    looked_at(page, axe, "door-draft")
    open_by_words(page, shared_portal, kept)
    begin(page, 0)
    expect(page.locator("#kept")).to_contain_text("quedó guardado")
    expect(page.locator("#answer-text")).to_have_value(f"{ONE} Fue en agosto.")
    page.click("#answer-review")
    page.wait_for_selector("#review:not([hidden])")
    expect(page.locator("#review-texts .redacted").first).to_be_visible()
    page.go_back()
    page.wait_for_selector("#answer:not([hidden])")
    settle(page)
    page.click("#send-now")
    arrive(page)
    page.click("#sent-home")
    page.wait_for_selector("#case:not([hidden])")
    begin(page, 0)
    expect(page.locator("#answer-text")).to_have_value(TWO)
    expect(page.locator("#keep-draft")).to_be_checked()
    page.uncheck("#keep-draft")
    expect(page.locator("#kept")).to_be_empty()
    until(page, _STORED, [])


def test_a_second_tab_writes_no_draft_over_the_first_and_anyone_can_delete_it(
    browser: Browser, shared_portal: RunningPortal, asked: tuple[Kept, Colleague]
) -> None:
    """Law L7: of two tabs the first has the draft; the other says so. Without the key it can be deleted, not read."""
    kept, reviewer = asked
    ask(reviewer, kept)
    with watched_page(browser, PHONE) as watched:
        first = watched.page
        open_by_words(first, shared_portal, kept)
        begin(first, 0)
        first.check("#keep-draft")
        first.fill("#answer-text", ONE)
        expect(first.locator("#kept")).to_contain_text("cerrado con tu llave")
        draft_written(first)
        second = first.context.new_page()
        open_by_words(second, shared_portal, kept)
        begin(second, 0)
        expect(second.locator("#kept")).to_contain_text("otra pestaña")
        expect(second.locator("#keep-draft")).not_to_be_checked()
        second.locator("#keep-draft").click()
        expect(second.locator("#keep-draft")).not_to_be_checked()
        second.close()
        first.goto(f"{shared_portal.url}/mycase")
        first.locator("#left-drafts > summary").click()
        first.click("#left-delete")
        expect(first.locator("#left-told")).to_contain_text("borr")
        until(first, _STORED, [])


def test_a_device_that_fills_up_or_keeps_nothing_says_so_and_the_answer_goes_on(
    browser: Browser, shared_portal: RunningPortal, asked: tuple[Kept, Colleague]
) -> None:
    """A full device, and a private window: a clear word, nobody leaves unasked, and the answer arrives all the same."""
    kept, reviewer = asked
    ask(reviewer, kept)
    ask(reviewer, kept)
    dialogs: list[str] = []

    def stay(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.dismiss()

    with watched_page(browser, PHONE) as watched:
        page = watched.page
        session = page.context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": shared_portal.url, "quotaSize": 2 * MB})
        open_by_words(page, shared_portal, kept)
        begin(page, 0)
        page.check("#keep-draft")
        page.fill("#answer-text", ONE)
        expect(page.locator("#kept")).to_contain_text("cerrado con tu llave")
        video = {"name": "v.mp4", "mimeType": "video/mp4", "buffer": bytes(4 * MB)}
        page.set_input_files("#evidence-file", video)  # type: ignore[arg-type]  # playwright's own typed dictionary
        page.locator('#evidence-list [data-part="title"]').fill("Video de la puerta")
        expect(page.locator("#kept")).to_contain_text("no todos los archivos")
        page.on("dialog", stay)
        with page.expect_event("dialog"):
            page.close(run_before_unload=True)
        assert dialogs == ["beforeunload"]
        settle(page)
        page.click("#send-now")
        arrive(page)
    with watched_page(browser, PHONE) as watched:
        page = watched.page
        page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }")
        open_by_words(page, shared_portal, kept)
        begin(page, 0)
        page.locator("#keep-draft").click()
        expect(page.locator("#kept")).to_contain_text("no guarda nada")
        expect(page.locator("#keep-draft")).not_to_be_checked()
        page.fill("#answer-text", TWO)
        settle(page)
        page.click("#send-now")
        arrive(page)


def test_other_scripts_and_emoji_in_every_field_of_my_case_arrive(
    watched: Watched, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """Right-to-left text and emoji in each field of an answer and a supplement: opened as they were written."""
    kept = file_case(shared_portal, tmp_path)
    reviewer = reviewed(shared_portal, kept, "Ana Emoji")
    ask(reviewer, kept)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    begin(page, 0)
    page.fill("#answer-text", STRANGE)
    paper = {"name": f"{STRANGE}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    page.set_input_files("#evidence-file", paper)  # type: ignore[arg-type]  # playwright's own typed dictionary
    page.locator('#evidence-list [data-part="title"]').fill(STRANGE)
    settle(page)
    page.click("#send-now")
    arrive(page)
    page.click("#sent-home")
    page.click("#supplement-begin")
    page.wait_for_selector("#supplement:not([hidden])")
    page.fill("#supplement-facts-narrative", STRANGE)
    page.click("#witness-add")
    page.locator("#witness-list summary").click()
    for field in page.locator("#witness-list :is(input[type=text], textarea):visible").all():
        field.fill(STRANGER)
    page.click("#supplement-review")
    page.wait_for_selector("#review:not([hidden])")
    button = page.locator('#review-open [data-do="hide"]')
    while button.count():
        button.first.click()
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")
    page.click("#send-now")
    arrive(page)
    story = json.loads(run("open", "--case", kept.folder, "--json"))
    assert story["answers"][0]["text"] == STRANGE
    told = json.dumps(story, ensure_ascii=False)
    assert told.count(STRANGE) >= 2
    assert STRANGER in told
