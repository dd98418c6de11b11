"""Who can open a case, changed in a real browser: one more, another key, one out; the program opens what comes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asked import Kept, ask, file_case, open_by_words, reviewed, run
from tests.browser.chromium import Watched
from tests.browser.test_my_answer import arrive, looked_at
from tests.cli.test_questions import WORDS
from tests.portal import RunningPortal, resguardo

pytestmark = [pytest.mark.node, pytest.mark.long]
PHRASE = "cuatro gatos leen despacio"  # a synthetic person's


def take(page: Page, button: str, folder: Path) -> Path:
    """Press a button that hands over a file, and keep it under its own name."""
    with page.expect_download() as given:
        page.click(button)
    path = folder / given.value.suggested_filename
    given.value.save_as(path)
    return path


def opens(folder: Path, key: Path) -> bool:
    """Tell whether the program opens the case of a folder with a key."""
    environment = {**os.environ, "RESGUARDO_PASSPHRASE": PHRASE}
    done = resguardo("open", "--case", folder, "--key", key, "--json", environment=environment)
    assert done.returncode == 0 or "words" in done.stdout, (done.stdout, done.stderr)
    return bool(done.returncode == 0)


def send(page: Page) -> None:
    """Agree to what is shown, and wait until it arrived and was tried."""
    page.wait_for_selector("#check:not([hidden])")
    page.click("#send-now")
    arrive(page)


def test_one_more_another_key_and_one_out(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """Laws L1, L7: made and tried on this page, opened by the program; who is out opens nothing, a question stays."""
    kept = file_case(shared_portal, tmp_path)
    ask(reviewed(shared_portal, kept, "Ana Llaves"), kept)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    expect(page.locator("#alone")).to_be_visible()
    page.click("#holder-begin")
    page.select_option("#holder-way", "here")
    page.fill("#maker-phrase", PHRASE)
    page.fill("#maker-again", PHRASE)
    key = take(page, "#maker-save", tmp_path)
    page.wait_for_function("!document.querySelector('#maker-save').disabled")
    expect(page.locator("#maker-saved")).to_contain_text(key.name)
    looked_at(page, axe, "holder-add")
    page.click("#holder-next")
    send(page)
    expect(page.locator("#sent-more")).to_contain_text("la llave nueva abre el caso")
    looked_at(page, axe, "holder-sent")
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    with page.expect_download() as given:
        page.locator("#sent-more button").click()
    given.value.save_as(theirs / "case.json")
    assert opens(theirs, key)
    page.click("#sent-home")
    expect(page.locator("#holders li")).to_have_count(2)
    other = page.locator("#holders li", has=page.locator("button"))  # the places of a roster are in no order
    letters = other.inner_text().split("…")[1].split()[0][-6:]
    assert key.name == f"llave-otra-persona-{letters}.age"
    expect(page.locator("#alone")).to_be_hidden()

    page.click("#words-begin")
    page.select_option("#maker-way", "words")
    words = page.locator("#maker-words li").all_inner_texts()
    page.click("#words-next")
    expect(page.locator("#maker-wrong")).to_contain_text("no son correctas")
    for field in page.locator("#maker-check [data-word]").all():
        field.fill(words[int(field.get_attribute("data-word") or "0")])
    looked_at(page, axe, "words-new")
    page.click("#words-next")
    send(page)
    expect(page.locator("#sent-more")).to_contain_text("la llave nueva abre el caso")
    page.click("#sent-home")
    page.wait_for_selector("#history > li")
    assert page.locator("#history-findings").inner_text() == ""
    new = tmp_path / "new.txt"
    new.write_text(" ".join(words))
    assert opens(kept.folder, new)
    assert opens(theirs, key)
    assert not opens(kept.folder, kept.folder / "words.txt")

    page.locator("#holders button").click()
    page.wait_for_selector("#holder-remove:not([hidden])")
    looked_at(page, axe, "holder-remove")
    page.click("#remove-next")
    send(page)
    assert not opens(theirs, key)
    page.click("#sent-home")
    page.click("#questions-fetch")
    expect(page.locator("#questions")).to_contain_text(WORDS)
    expect(page.locator("#witnesses")).to_contain_text("Ximena")
    assert page.locator("#history .no-tick").count() == 0
    told = json.loads(run("messages", "--case", kept.folder, "--key", new, "--json"))
    assert [question["text"] for question in told] == [WORDS]
    files = tmp_path / "files"
    run("open", "--case", kept.folder, "--key", new, "--files", files)
    assert (files / "carta.pdf").read_bytes().startswith(b"%PDF-1.7 carta ficticia")
    page.click("#close")
    page.wait_for_selector("#door:not([hidden])")
    open_by_words(page, shared_portal, Kept(kept.folder, kept.number, ""), " ".join(words), code=status_code(kept))


def status_code(kept: Kept) -> str:
    """Return the code that whoever changed their words needs beside them."""
    return str(json.loads((kept.folder / "case.json").read_text())["status_code"])
