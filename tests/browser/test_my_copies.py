"""What is struck out of an answer or a supplement and can still be read in a copy that the office sees, in My case."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.asked import Kept, ask, open_by_words, reviewed, run
from tests.browser.chromium import Watched
from tests.browser.letters import letter
from tests.browser.test_copies import add, nothing_but_pixels, pages_of, show, tick
from tests.browser.test_my_answer import arrive, looked_at, write_answer
from tests.client.cases import PETITION, write_petition
from tests.portal import RunningPortal

pytestmark = [pytest.mark.node, pytest.mark.long]
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
    page.wait_for_selector("#review:not([hidden])")
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
    expect(asked(page).locator(".finding-reason")).to_have_text(said)
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
    expect(card.locator("[data-where]")).to_contain_text("Hoja 2 de 2")
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
    expect(asked(page).locator(".finding-reason")).to_contain_text(said)
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
    expect(asked(page).locator(".finding-reason")).to_contain_text("«comedor» (hoja 1)")
    asked(page).locator("[data-carry=cover]").click()
    page.locator("#review-carried [role=status] button").click()
    card = page.locator("#answer-copies > li")
    expect(card.locator("[data-where]")).to_contain_text("Hoja 1 de 1")
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


def _given(page: Page) -> None:
    """Go on from the review until the version arrived."""
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")
    page.click("#send-now")
    arrive(page)


def test_a_word_struck_in_an_answer_is_covered_in_the_petitions_copy_and_one_of_an_answer_in_a_supplement(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """Laws L2, L6: what is struck anywhere is looked for in every standing copy, and covered in one version with it."""
    kept = filed(shared_portal, tmp_path)
    reviewer = reviewed(shared_portal, kept, "Ana Enlazada")
    ask(reviewer, kept)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    write_answer(page, STORY)
    card = add(page, "nota.pdf", "application/pdf", letter(["Se reparte con las firmas."]))
    show(card)
    tick(card, 1)
    page.click("#answer-review")
    strike_all(page)
    said = "La copia de «Aviso de baja» todavía dice «soldadora» (hoja 2)."
    expect(asked(page).locator(".finding-reason")).to_have_text(said, timeout=30_000)
    page.click("#review-go")
    expect(page.locator("#review-wrong")).to_contain_text(said)
    asked(page).locator("[data-carry=cover]").click()
    page.locator("#review-carried [role=status] button").click()
    foreign = page.locator("#answer-copies > li", has_text="Aviso de baja")
    expect(foreign.locator("[data-where]")).to_contain_text("Hoja 2 de 2", timeout=30_000)
    tick(foreign, 1)
    looked_at(page, axe, "copy-of-another-text")
    foreign.locator("[data-before]").click()
    expect(foreign.locator("[data-where]")).to_contain_text("Hoja 1 de 2")
    tick(foreign, 2)
    page.click("#answer-review")
    strike_all(page)
    expect(asked(page)).to_have_count(0)
    _given(page)
    assert "soldadora" not in nothing_but_pixels(pages_of(reviewer, kept.number, 1), tmp_path)
    assert "firmas" in nothing_but_pixels(pages_of(reviewer, kept.number, 2), tmp_path)

    # The other way: struck in the petition, read in the copy that went with the answer. What may be read stays said.
    page.click("#sent-home")
    page.click("#supplement-begin")
    page.wait_for_selector("#supplement:not([hidden])")
    page.click("#supplement-review")
    strike_all(page)
    expect(asked(page)).to_have_count(0)
    page.locator("#review-words").evaluate("(words) => { words.open = true }")
    page.fill("#review-more", "firmas")
    page.click("#review-add")
    page.click("#review-go")
    expect(page.locator("#review-wrong")).to_contain_text("«firmas»")
    said = "todavía dice «firmas» (hoja 1)."
    expect(asked(page).locator(".finding-reason")).to_contain_text(said, timeout=30_000)


def test_what_may_be_read_in_a_copy_is_not_asked_again_by_the_next_version(
    watched: Watched, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """Said once, it is sealed with the copy: who is asked the same again presses on without reading."""
    kept = filed(shared_portal, tmp_path)
    reviewer = reviewed(shared_portal, kept, "Ana Preguntona")
    ask(reviewer, kept)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    write_answer(page, STORY)
    page.click("#answer-review")
    strike_all(page)
    asked(page).locator("[data-carry=readable]").click()
    expect(asked(page)).to_have_count(0)
    _given(page)
    page.click("#sent-home")
    write_answer(page, f"{STORY} Fue en la gerencia.", word="Corregir")
    page.click("#answer-review")
    strike_all(page)
    expect(page.locator("#review-carried summary")).to_contain_text("Lo que puede leerse en las copias", timeout=30_000)
    expect(asked(page)).to_have_count(0)


def board() -> bytes:
    """Return a picture without words."""
    kept = io.BytesIO()
    Image.new("RGB", (400, 300), "#c8d0c0").save(kept, "PNG")
    return kept.getvalue()


UNREAD = """evidence:
  - {id: E3, kind: photo, title: "Foto del tablero", file: tablero.png, show: yes}
  - {id: E4, kind: document, title: "Lista de turnos", file: turnos.txt, show: yes}
"""


def test_copies_that_are_no_pdf_are_searched_as_texts_or_looked_at_by_a_person(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """Laws L2, L6: a text is searched; for a picture somebody is asked, with the way to it, and nothing goes before."""
    path = write_petition(tmp_path / "petition", PETITION.replace("evidence:\n", UNREAD, 1))
    (path.parent / "tablero.png").write_bytes(board())
    (path.parent / "turnos.txt").write_text("Lista de turnos.\nLínea 2: la\u00a0soldadora va de noche.\n")
    out = tmp_path / "case"
    said = run("file", path, "--portal", shared_portal.url, "--out", out, "--yes", "--json")
    kept = Kept(out, json.loads(said)["case"], (out / "words.txt").read_text())
    page = watched.page
    open_by_words(page, shared_portal, kept)
    page.click("#supplement-begin")
    page.wait_for_selector("#supplement:not([hidden])")
    page.fill("#supplement-facts-narrative", "En agosto despidieron a la única soldadora del turno de noche.")
    page.click("#supplement-review")
    strike_all(page)
    expect(asked(page)).to_have_count(2, timeout=30_000)
    picture = asked(page).filter(has_text="Foto del tablero")
    text = asked(page).filter(has_text="Lista de turnos")
    expect(picture.locator(".finding-reason")).to_contain_text("es una imagen (hoja 1): aquí no podemos buscar en ella")
    expect(picture.locator(".finding-reason")).to_contain_text("soldadora")
    expect(text.locator(".finding-reason")).to_contain_text("quizá todavía dice «turnos», «soldadora», «noche».")
    looked_at(page, axe, "copies-unread")
    page.click("#review-go")
    expect(page.locator("#review-wrong")).to_contain_text("Foto del tablero")

    text.locator("[data-carry=back]").click()
    expect(asked(page)).to_have_count(1)
    page.click("#review-undo")
    expect(asked(page)).to_have_count(2)
    text.locator("[data-carry=back]").click()
    expect(asked(page)).to_have_count(1)
    picture.get_by_role("button", name="Mirar la hoja 1").click()
    card = page.locator("#supplement-copies > li", has_text="Foto del tablero")
    card.locator("[data-canvas]").wait_for()
    card.locator("select").select_option("stay")
    page.click("#supplement-review")
    strike_all(page)
    asked(page).locator("[data-carry=looked]").click()
    expect(asked(page)).to_have_count(0)
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")
    expect(page.locator("#check-shown")).to_contain_text("Copias quitadas y destruidas en la oficina: 1")
    page.click("#send-now")
    arrive(page)

    page.click("#sent-home")
    page.click("#supplement-begin")
    page.wait_for_selector("#supplement:not([hidden])")
    page.click("#supplement-review")
    strike_all(page)
    page.click("#review-go")
    expect(page.locator("#review-wrong")).to_contain_text("No cambiaría nada")
