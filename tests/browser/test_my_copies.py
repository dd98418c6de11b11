"""What is struck out of an answer or a supplement and can still be read in a copy that the office sees, in My case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.asked import Kept, ask, open_by_words, reviewed, run
from tests.browser.chromium import Watched
from tests.browser.letters import letter
from tests.browser.test_copies import add, nothing_but_pixels, pages_of, show, tick
from tests.browser.test_my_answer import arrive, looked_at, write_answer
from tests.client.cases import PETITION, write_petition
from tests.portal import RunningPortal

pytestmark = [pytest.mark.node, pytest.mark.timeout(300), pytest.mark.long]
CAUSE = "Por los hechos en el area de soldadora, linea 2."
LETTER = letter(["Carta de despido"], [CAUSE, "Deja la gerencia."])
SHOWN = """evidence:
  - {id: E2, kind: document, title: "Aviso de baja", file: aviso.pdf, show: yes,
     boxes: [{page: 1, x: 0, y: 90, w: 20, h: 5}, {page: 2, x: 0, y: 90, w: 20, h: 5}]}
"""
STORY = "En agosto despidieron a la única soldadora del turno de noche."


def filed(portal: RunningPortal, folder: Path) -> Kept:
    """File a petition of which the office sees a copy, with the command line."""
    path = write_petition(folder / "petition", PETITION.replace("evidence:\n", SHOWN, 1))
    (path.parent / "aviso.pdf").write_bytes(LETTER)
    out = folder / "case"
    said = run("file", path, "--portal", portal.url, "--out", out, "--yes", "--json")
    return Kept(out, json.loads(said)["case"], (out / "words.txt").read_text())


def strike_all(page: Page) -> None:
    """Black out every open place of the review."""
    page.wait_for_selector("#review:not([hidden])", timeout=60_000)
    button = page.locator('#review-open [data-do="hide"]')
    while button.count():
        button.first.click()


def asked(page: Page) -> Locator:
    """Return the cards that ask about copies."""
    return page.locator("#review-carried .card")


def test_a_word_struck_in_a_supplement_is_asked_about_in_the_copy_that_stands(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """Laws L2, L6: nothing goes out before the copy is covered, looked at as a whole, or said to be readable."""
    kept = filed(shared_portal, tmp_path)
    reviewer = reviewed(shared_portal, kept, "Ana Tachada")
    before = pages_of(reviewer, kept.number, 1)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    page.click("#supplement-begin")
    page.wait_for_selector("#supplement:not([hidden])")
    page.fill("#supplement-facts-narrative", STORY)
    page.click("#supplement-review")
    strike_all(page)
    said = "La copia de «Aviso de baja» todavía dice «soldadora» (hoja 2)."
    expect(asked(page).locator(".finding-reason")).to_have_text(said, timeout=30_000)
    looked_at(page, axe, "copy-said")
    page.click("#review-go")
    expect(page.locator("#review-wrong")).to_contain_text(said)

    # It may be read: taken back at once, and from the list.
    asked(page).locator("[data-carry=readable]").click()
    expect(asked(page)).to_have_count(0)
    page.click("#review-undo")
    expect(asked(page)).to_have_count(1)
    asked(page).locator("[data-carry=readable]").click()
    page.locator("#review-carried summary").click()
    page.locator("#review-carried [data-carry=again]").click()
    expect(asked(page)).to_have_count(1)

    asked(page).locator("[data-carry=cover]").click()
    expect(page.locator("#review-carried [role=status]")).to_contain_text("Tapado en la hoja 2")
    expect(asked(page)).to_have_count(0)
    page.click("#review-go")
    expect(page.locator("#review-wrong")).to_contain_text("Faltan: 1, 2")
    page.locator("#review-carried [role=status] button").click()
    card = page.locator("#supplement-copies > li", has_text="Aviso de baja")
    expect(card.locator("[data-where]")).to_contain_text("Hoja 2 de 2", timeout=30_000)
    expect(card.locator("[data-chosen]")).to_contain_text("Caja 2 de 2")
    tick(card, 1)
    looked_at(page, axe, "copy-covered")
    card.locator("[data-before]").click()
    expect(card.locator("[data-where]")).to_contain_text("Hoja 1 de 2")
    tick(card, 2)
    page.click("#supplement-review")
    strike_all(page)
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")
    expect(page.locator("#check-shown")).to_contain_text("Copias nuevas que ve la oficina: 1")
    page.click("#send-now")
    arrive(page)
    pages = pages_of(reviewer, kept.number, 1)
    assert len(pages) == 2
    assert pages != before
    assert "soldadora" not in nothing_but_pixels(pages, tmp_path)


def test_what_was_struck_does_not_come_back_with_an_answer(
    watched: Watched, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """Laws L2, L6: words struck in the petition, too, are asked about in a paper that goes with an answer."""
    folder = tmp_path / "petition"
    path = write_petition(folder, PETITION.replace("Eleuterio Bracamontes Ik lo vio", f"{STORY} Eleuterio lo vio"))
    out = tmp_path / "case"
    said = run("file", path, "--portal", shared_portal.url, "--out", out, "--yes", "--json")
    kept = Kept(out, json.loads(said)["case"], (out / "words.txt").read_text())
    reviewer = reviewed(shared_portal, kept, "Ana Papeles")
    ask(reviewer, kept)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    write_answer(page, "Fue en agosto. La gerencia lo decidió.")
    lines = [CAUSE, "Deja la gerencia.", "", "Se reparte en el comedor."]
    card = add(page, "carta.pdf", "application/pdf", letter(lines))
    show(card)
    tick(card, 1)
    page.click("#answer-review")
    strike_all(page)
    said = "todavía dice «soldadora» (hoja 1)."
    expect(asked(page).locator(".finding-reason")).to_contain_text(said, timeout=30_000)
    page.locator("#review-words > summary").click()
    page.fill("#review-more", "gerencia")
    page.click("#review-add")
    expect(asked(page).locator(".finding-reason")).to_contain_text("«gerencia»")
    page.click("#review-go")
    expect(page.locator("#review-wrong")).to_contain_text("todavía dice")
    asked(page).locator("[data-carry=cover]").click()
    expect(page.locator("#review-carried canvas")).to_have_count(2)
    page.click("#review-undo")
    expect(asked(page)).to_have_count(1)
    asked(page).locator("[data-carry=cover]").click()
    expect(asked(page)).to_have_count(0)
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")
    page.click("#send-now")
    arrive(page)
    read = nothing_but_pixels(pages_of(reviewer, kept.number, 1), tmp_path)
    assert not [word for word in ("soldadora", "gerencia") if word in read]
    assert "comedor" in read

    # The answer is corrected: another word is struck, and its copy stands until it is looked through again.
    page.click("#sent-home")
    write_answer(page, "Fue en agosto. Lo dijeron en el comedor.", word="Corregir")
    page.click("#answer-review")
    strike_all(page)
    page.locator("#review-words").evaluate("(words) => { words.open = true }")
    page.fill("#review-more", "comedor")
    page.click("#review-add")
    expect(asked(page).locator(".finding-reason")).to_contain_text("«comedor» (hoja 1)", timeout=30_000)
    asked(page).locator("[data-carry=cover]").click()
    page.locator("#review-carried [role=status] button").click()
    card = page.locator("#answer-copies > li")
    expect(card.locator("[data-where]")).to_contain_text("Hoja 1 de 1", timeout=30_000)
    tick(card, 1)
    page.click("#answer-review")
    strike_all(page)
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")
    expect(page.locator("#check-shown")).to_contain_text("Copias nuevas que ve la oficina: 1")
    page.click("#send-now")
    arrive(page)
    read = nothing_but_pixels(pages_of(reviewer, kept.number, 1), tmp_path)
    assert not [word for word in ("soldadora", "gerencia", "comedor") if word in read]
