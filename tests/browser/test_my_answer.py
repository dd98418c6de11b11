"""Answering the office in a real browser: read, written, settled, seen as the office will see it, sealed, proved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.asked import Kept, ask, file_case, office_reads, open_by_words, reviewed, run
from tests.browser.chromium import PHONE, Watched, watched_page
from tests.browser.test_accessibility import found
from tests.browser.test_filing_page import _STORES as _KEPT
from tests.browser.test_story import no_sideways_scroll, shoot
from tests.browser.widths import misfits
from tests.portal import RunningPortal
from tests.staff import Colleague

pytestmark = [pytest.mark.node]
NAMES = ("Ximena", "Arrayán", "Eleuterio", "Bracamontes")
ANSWER = "Fue en agosto. Lo vio Eleuterio Bracamontes, es la única soldadora del turno de noche."
_STORES = """async () => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, history.state,
    location.href, document.title, await indexedDB.databases(), await caches.keys()])"""


@pytest.fixture(scope="module")
def asked(shared_portal: RunningPortal, tmp_path_factory: pytest.TempPathFactory) -> tuple[Kept, Colleague]:
    """A case whose reviewer can ask."""
    kept = file_case(shared_portal, tmp_path_factory.mktemp("answered"))
    return kept, reviewed(shared_portal, kept, "Ana Respuesta")


def looked_at(page: Page, axe: str, name: str) -> None:
    """The checker finds nothing, in the light and in the dark; all fits at every width; a picture is kept."""
    page.evaluate(axe)
    assert [*found(page, "dark"), *found(page, "light")] == []
    no_sideways_scroll(page)
    shoot(page, f"mycase-{name}-es-phone")
    assert misfits(page) == []


def write_answer(page: Page, text: str = ANSWER, *, word: str = "Responderla") -> None:
    """Open the last question's answer and write it."""
    page.click("#questions-fetch")
    page.locator("#questions [data-answer]", has_text=word).last.click()
    page.wait_for_selector("#answer:not([hidden])")
    page.fill("#answer-text", text)


def settle(page: Page, how: str = "hide") -> None:
    """Go on to the review and settle every open place alike."""
    page.click("#answer-review")
    page.wait_for_selector("#review:not([hidden])")
    button = page.locator(f'#review-open [data-do="{how}"]')
    while button.count():
        button.first.click()
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")


def arrive(page: Page) -> None:
    """Wait until it arrived and the case was checked again."""
    page.wait_for_selector("#sent:not([hidden])")


@pytest.mark.long
def test_a_question_is_answered_in_the_page(
    watched: Watched, shared_portal: RunningPortal, asked: tuple[Kept, Colleague], axe: str, tmp_path: Path
) -> None:
    """Laws L1, L2, L5, L6, L7: names stay sealed, the office reads what was shown, the command line opens the rest."""
    kept, reviewer = asked
    ask(reviewer, kept)
    page = watched.page
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(f"{request.url} {(request.post_data_buffer or b'').decode('latin-1')} {request.headers}")

    page.on("request", note)
    open_by_words(page, shared_portal, kept)
    write_answer(page)
    number = page.locator("#answer-question h3").inner_text().split()[2].rstrip(".")
    (tmp_path / "Ximena en la puerta.pdf").write_bytes(b"%PDF-1.7 recibo ficticio")
    page.set_input_files("#evidence-file", tmp_path / "Ximena en la puerta.pdf")
    page.locator('#evidence-list [data-part="title"]').fill("Recibo de Ximena Arrayán")
    looked_at(page, axe, "answer-write")
    page.click("#answer-review")
    page.wait_for_selector("#review:not([hidden])")
    looked_at(page, axe, "answer-review")
    page.click("#review-go")
    expect(page.locator("#review-wrong")).to_contain_text("por decidir")
    button = page.locator('#review-open [data-do="hide"]')
    while button.count():
        button.first.click()
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")
    shown = page.locator("#check-shown").inner_text()
    assert "TESTIGO-0" in shown
    assert not [name for name in NAMES if name in shown]
    looked_at(page, axe, "answer-check")
    page.dblclick("#send-now")
    arrive(page)
    looked_at(page, axe, "answer-sent")
    page.click("#sent-home")
    expect(page.locator("#history")).to_contain_text("contestó una pregunta")
    assert page.locator("#history .no-tick").count() == 0
    assert page.locator("#history-findings").inner_text() == ""
    stores = page.evaluate(_STORES)
    assert [text[:90] for text in (*sent, *watched.requested, stores) if any(name in text for name in NAMES)] == []
    assert len([line for line in sent if "/case/revisions" in line]) == 1
    office = office_reads(reviewer, kept, f"answers/{number}")
    assert "Fue en agosto" in office
    assert not [name for name in NAMES if name in office]
    story = json.loads(run("open", "--case", kept.folder, "--files", tmp_path / "files", "--json"))
    assert story["answers"][0]["text"] == ANSWER
    assert (tmp_path / "files" / "Ximena en la puerta.pdf").read_bytes() == b"%PDF-1.7 recibo ficticio"


@pytest.mark.long
def test_lost_and_overtaken_answers_count_once(
    browser: Browser, shared_portal: RunningPortal, asked: tuple[Kept, Colleague], tmp_path: Path
) -> None:
    """Law L7: a lost receipt counts once; where another holder was faster nothing is lost."""
    kept, reviewer = asked
    ask(reviewer, kept)
    calls: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        calls.append(route.request.method)
        if len(calls) == 2:  # the first one was behind
            route.fetch()
            route.abort("connectionreset")
        else:
            route.fallback()

    with watched_page(browser, PHONE, quiet=("error: Failed to load resource",)) as watched:
        page = watched.page
        open_by_words(page, shared_portal, kept)
        write_answer(page, "Fue en septiembre.")
        settle(page)
        (tmp_path / "more.yaml").write_text('facts: {timeline: [{date: "2025-08-12", what: "Nos juntaron."}]}')
        run("supplement", "--case", kept.folder, "--add", tmp_path / "more.yaml", "--yes")
        page.route("**/api/v1/case/revisions", lose_the_first_answer)
        page.click("#send-now")
        page.wait_for_selector("#review:not([hidden])")
        expect(page.locator("#review-wrong")).to_contain_text("lo cambió entretanto")
        page.click("#review-go")
        page.context.set_offline(True)
        page.click("#send-now")
        expect(page.locator("#send-wrong")).to_contain_text("cuenta una sola vez")
        page.go_back()
        page.wait_for_selector("#check:not([hidden])")
        page.context.set_offline(False)
        page.click("#send-now")
        arrive(page)
        page.click("#sent-home")
        page.wait_for_selector("#history > li")
    story = json.loads(run("open", "--case", kept.folder, "--json"))
    assert [answer["text"] for answer in story["answers"]].count("Fue en septiembre.") == 1


@pytest.mark.long
def test_a_slipped_name_is_pulled(
    watched: Watched, shared_portal: RunningPortal, asked: tuple[Kept, Colleague]
) -> None:
    """Law L8: a corrected answer takes the place of the first, which is destroyed; who had read it is named."""
    kept, reviewer = asked
    ask(reviewer, kept)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    write_answer(page, "Lo sabe la güera de la puerta cuatro.")
    number = page.locator("#answer-question h3").inner_text().split()[2].rstrip(".")
    settle(page, "keep")
    page.click("#send-now")
    arrive(page)
    page.click("#sent-home")
    assert "güera" in office_reads(reviewer, kept, f"answers/{number}")
    write_answer(page, "Lo sabe una persona de la línea.", word="Corregir")
    settle(page, "keep")
    page.click("#send-now")
    arrive(page)
    expect(page.locator("#sent-more")).to_contain_text("Una persona revisora")
    assert "güera" not in office_reads(reviewer, kept, f"answers/{number}")
    page.click("#sent-home")
    assert page.locator("#history .no-tick").count() == 0


@pytest.mark.long
def test_an_answer_is_kept_for_its_key_alone_and_goes_when_it_was_sent(
    watched: Watched, shared_portal: RunningPortal, asked: tuple[Kept, Colleague]
) -> None:
    """Laws L2, L7: a draft of an answer waits on the device for who opens the case; nothing of it can be read there."""
    kept, reviewer = asked
    ask(reviewer, kept)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    write_answer(page, "Gumersinda Quetzal lo vio y nadie más.")
    page.set_input_files("#evidence-file", {"name": "n.txt", "mimeType": "text/plain", "buffer": b"Gumersinda estuvo"})
    page.check("#keep-draft")
    expect(page.locator("#kept")).to_contain_text("cerrado con tu llave")
    assert not [text[:60] for text in page.evaluate(_KEPT) if "Gumersinda" in text or kept.number in text]
    page.reload()
    open_by_words(page, shared_portal, kept)
    page.click("#questions-fetch")
    page.locator("#questions [data-answer]", has_text="Responderla").last.click()
    expect(page.locator("#answer-text")).to_have_value("Gumersinda Quetzal lo vio y nadie más.")
    expect(page.locator("#evidence-list > li")).to_have_count(1)
    settle(page)
    page.click("#send-now")
    arrive(page)
    assert not page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
