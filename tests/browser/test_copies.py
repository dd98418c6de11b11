"""Copies of evidence made in a page: what the office gets is pixels, looked at page by page by whoever files."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from app.client.cleaning.reading import Reader
from app.domain.pages import read_page
from tests.browser.asked import run
from tests.browser.chromium import Watched, draft_written
from tests.browser.filing import NAMES, Filer
from tests.browser.letters import jpx_scan, letter, scan
from tests.browser.test_filing_page import _STORES
from tests.browser.test_my_answer import looked_at
from tests.cli.test_evidence import opened
from tests.client.cleaning import planted
from tests.portal import RunningPortal
from tests.staff import Colleague, enrol

pytestmark = [pytest.mark.node]
DRAFT = "gato azul lento"
LETTER = letter(
    ["Lista de despidos", "Rosaura Ejemplo Muestra", "La empresa reparte premios."],
    ["La segunda hoja no dice quien."],
)

CAUSE = "Por los hechos en el area de soldadora, linea 2."
_BLACK = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
    return data.filter((value, at) => at % 4 === 0 && value === 0).length / (data.length / 4)
}"""


@pytest.fixture
def filer(watched: Watched, shared_portal: RunningPortal, tmp_path: Path) -> Filer:
    """Somebody with a phone who is at the step of photos and papers."""
    folder = tmp_path / "caso"
    folder.mkdir(mode=0o700)
    filer = Filer(watched.page, shared_portal, folder)
    filer.open()
    filer.begin(draft=DRAFT)
    filer.tell()
    filer.name()
    return filer


def add(page: Page, name: str, kind: str, content: bytes) -> Locator:
    """Choose a file and return its card."""
    page.set_input_files("#evidence-file", {"name": name, "mimeType": kind, "buffer": content})
    return page.locator("#evidence-list > li").last


def show(card: Locator) -> None:
    """Have a copy shown, and wait until its first page is there."""
    card.locator('[data-part="show"]').select_option("yes")
    card.locator("[data-canvas]").wait_for()


def tick(card: Locator, looked: int) -> None:
    """Say that the page was looked at, as often as the page brings more of it to the screen; wait until it is kept."""
    box = card.locator("[data-looked]")
    for _ in range(20):
        box.click()
        if box.is_checked():
            break
    expect(card.locator("[data-where]")).to_contain_text(f"miradas: {looked}")


def taken_in(filer: Filer, tmp_path: Path) -> tuple[Colleague, str]:
    """Go on from the review to the receipt; return a reviewer to whom the case is assigned, and its number."""
    filer.decide()
    filer.keep_key()
    filer.send()
    number = filer.take_all()
    reviewer = enrol(filer.portal, f"Ana {tmp_path.name[5:50]}", "reviewer")
    reviewer.sign_in()
    assert filer.portal.cli("staff", "assign", reviewer.name, number).returncode == 0
    return reviewer, number


def pages_of(reviewer: Colleague, number: str, copy: int) -> list[bytes]:
    """Read a copy at the office and return its pages."""
    shown = opened(reviewer, number, copy)
    assert "Rosaura" not in shown
    found: list[bytes] = []
    while page := page_of(reviewer, number, copy, len(found) + 1):
        found.append(page)
    return found


def page_of(reviewer: Colleague, number: str, copy: int, page: int) -> bytes:
    """Return a page without its reader's mark, nothing where there is none."""
    answer = reviewer.client.get(f"/office/cases/{number}/evidence/{copy}/pages/{page}")
    held = re.search(rb"data:image/\w+;base64,([\w+/=]+)", answer.content)
    return base64.b64decode(held[1]) if held and answer.status_code == 200 else b""


def nothing_but_pixels(pages: list[bytes], folder: Path) -> str:
    """Check pages with readers of others; return what a machine reads on them."""
    reader, read = Reader.find(), []
    for number, page in enumerate(pages):
        read_page(page)
        assert b"MARKER" not in page
        path = folder / f"page-{number}"
        path.write_bytes(page)
        with Image.open(io.BytesIO(page)) as image:
            image.load()
            assert not image.getexif()
            assert not {"exif", "comment", "xmp", "icc_profile", "Comment"} & set(image.info)
            read += [word.text for word in (reader.words(image.convert("RGB")) if reader else ())]
        if exiftool := shutil.which("exiftool"):
            told = json.loads(subprocess.check_output([exiftool, "-json", "-a", "-G1", path]))[0]
            kinds = {name.partition(":")[0] for name in told} - {"SourceFile"}
            assert kinds <= {"ExifTool", "System", "File", "PNG", "JFIF", "Composite"}, told
    return " ".join(read)


def _white(image: Image.Image, place: tuple[int, int]) -> bool:
    return image.convert("L").getpixel(place) > 200  # type: ignore[operator]  # of a grey picture, a number


@pytest.mark.long
def test_a_photo_is_shown_as_pixels_with_boxes_drawn_by_keyboard_alone(
    watched: Watched, filer: Filer, axe: str, tmp_path: Path
) -> None:
    """Laws L2, L6: of a photo with GPS and comments the office gets a sheet of pixels, covered as somebody said."""
    page = watched.page
    sent: list[bytes] = []
    page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    card = add(page, "rosaura.jpg", "image/jpeg", planted.jpeg())
    show(card)
    expect(card.locator("[data-found]")).to_have_text("Aquí no se pueden buscar nombres: tápalos tú.")
    filer.press()
    page.wait_for_selector("#review:not([hidden])")
    page.locator('#review [data-go="1"]').click()
    expect(page.locator("#review [data-problems]")).to_contain_text("mira cada hoja")
    page.locator("#review [data-problems] button").click()
    page.wait_for_selector("#evidence:not([hidden])")

    card = page.locator("#evidence-list > li")
    card.locator("[data-canvas]").wait_for()
    card.locator("[data-canvas]").focus()
    for key in ("Enter", "ArrowUp", "Shift+ArrowUp", "Enter", "ArrowDown", "Space", "Delete"):
        page.keyboard.press(key)
    expect(card.locator("[data-chosen]")).to_contain_text("Caja 1 de 1")
    page.keyboard.press("Tab")
    tick(card, 1)
    looked_at(page, axe, "copy-photo")
    card.locator("[data-desk] summary").click()
    card.locator("[data-move=left]").click()
    expect(card.locator("[data-looked]")).not_to_be_checked()
    tick(card, 1)
    while card.locator("[data-farther]").is_enabled():
        card.locator("[data-farther]").click()
    page.evaluate("document.querySelector('[data-canvas]').scrollIntoView({ block: 'center' })")
    frame = card.locator("[data-canvas]").bounding_box()
    assert frame
    page.mouse.move(frame["x"] + 5, frame["y"] + frame["height"] - 40)
    page.mouse.down()
    page.mouse.move(frame["x"] + 60, frame["y"] + frame["height"] - 8, steps=3)
    page.mouse.up()
    expect(card.locator("[data-looked]")).not_to_be_checked()
    tick(card, 1)
    stored = page.evaluate(_STORES)
    assert [text[:60] for text in stored if "MARKER" in text or any(name in text for name in NAMES)] == []

    draft_written(page)
    page.reload()
    page.wait_for_selector("#waiting-draft:not([hidden])")
    page.fill("#draft-open", DRAFT)
    page.click("#draft-go")
    page.wait_for_selector("#evidence:not([hidden])")
    card.locator("[data-canvas]").wait_for()
    expect(card.locator("[data-looked]")).to_be_checked()
    filer.go_on("review")
    page.locator("#review-copies summary").click()
    expect(page.locator("#review-copies canvas")).to_be_visible()
    reviewer, number = taken_in(filer, tmp_path)

    [picture] = pages_of(reviewer, number, 1)
    assert planted.SEEN.split()[1] in nothing_but_pixels([picture], tmp_path)
    with Image.open(io.BytesIO(picture)) as image:
        assert not _white(image, (round(0.5 * image.width), round(0.44 * image.height)))
        assert not _white(image, (round(0.08 * image.width), round(0.95 * image.height)))
        assert _white(image, (round(0.8 * image.width), round(0.8 * image.height)))
    assert picture not in b"".join(sent), "pages travel encrypted"
    assert b"MARKER" not in b"".join(sent)

    # The command line goes on with the case: the copy stands as it is, and opens with its boxes.
    (tmp_path / "palabras.txt").write_text(" ".join(filer.words))
    assert "Rosaura Ejemplo Muestra" in run("open", "--case", filer.folder, "--key", tmp_path / "palabras.txt")
    (tmp_path / "more.yaml").write_text('facts: {timeline: [{date: "2025-08-12", what: "Nos juntaron."}]}')
    added = ["--add", tmp_path / "more.yaml", "--key", tmp_path / "palabras.txt"]
    run("supplement", "--case", filer.folder, *added, "--yes")
    assert page_of(reviewer, number, 1, 1) == picture


@pytest.mark.long
def test_a_pdf_is_shown_page_by_page_and_nothing_of_it_comes_along(
    watched: Watched, filer: Filer, axe: str, tmp_path: Path
) -> None:
    """Laws L2, L6: names in a text layer, also an unseen one, are covered; what a PDF hides stays behind."""
    page = watched.page
    page.set_input_files("#evidence-file", _pdf("carta.pdf", LETTER))
    first = page.locator("#evidence-list > li").nth(0)
    expect(first.locator('[data-part="show"] option[value=yes]')).to_contain_text("kB")
    assert not [url for url in watched.requested if "vendor/pdf.js" in url]
    show(first)
    expect(first.locator("[data-found]")).to_contain_text("Hallado y tapado: ")
    tick(first, 1)
    filer.press()
    page.wait_for_selector("#review:not([hidden])")
    page.locator('#review [data-go="1"]').click()
    expect(page.locator("#review [data-problems]")).to_contain_text("Faltan: 2")
    page.locator("#review [data-problems] button").click()
    page.wait_for_selector("#evidence:not([hidden])")
    expect(first.locator("[data-where]")).to_contain_text("Hoja 2 de 2")
    tick(first, 2)

    # Somebody is named after the pages were looked at: the page on which they stand must be looked at once more.
    page.evaluate("history.back()")
    page.wait_for_selector("#review:not([hidden])")
    page.evaluate("location.hash = '#witnesses'")
    page.wait_for_selector("#witnesses:not([hidden])")
    page.click("#witness-add")
    page.locator("#witness-list > li").last.locator('[data-part="name"]').fill("Lista Despidos")
    filer.go_on("evidence")
    filer.go_on("review")
    page.locator('#review [data-go="1"]').click()
    expect(page.locator("#review [data-problems]")).to_contain_text("Faltan: 1")
    page.locator("#review [data-problems] button", has_text="Faltan").click()
    page.wait_for_selector("#evidence:not([hidden])")
    first.locator("[data-canvas]").wait_for()
    tick(first, 2)

    for at, (name, content) in enumerate(
        {"escaneo.pdf": scan("Heriberto Prueba estuvo"), "x.pdf": planted.pdf()}.items(), 1
    ):
        page.set_input_files("#evidence-file", _pdf(name, content))
        card = page.locator("#evidence-list > li").nth(at)
        show(card)
        tick(card, 1)
    page.set_input_files("#evidence-file", _pdf("rota.pdf", b"%PDF-1.7 nothing of one"))
    broken = page.locator("#evidence-list > li").nth(3)
    broken.locator('[data-part="show"]').select_option("yes")
    expect(broken.locator("[data-told]")).to_contain_text("Queda sellado")
    looked_at(page, axe, "copy-pdf")
    filer.go_on("review")
    reviewer, number = taken_in(filer, tmp_path)

    read = ""
    for copy, pages in ((1, 2), (2, 1), (3, 1)):
        found = pages_of(reviewer, number, copy)
        assert len(found) == pages
        read += nothing_but_pixels(found, tmp_path)
    for hidden in ("Rosaura", "Ejemplo", "Heriberto", "Prueba", "Despidos", "MARKER"):
        assert hidden not in read
    assert {"premios", "segunda", "firmo"} <= set(re.findall(r"\w+", read))


def _pdf(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


@pytest.mark.long
def test_a_page_is_ticked_after_all_of_it_was_on_the_screen_and_could_be_read(filer: Filer) -> None:
    """Law L6: on a phone a whole page has letters of five pixels; the tick brings what was not seen, part by part."""
    page = filer.page
    line = "Se reparten premios a quien llega temprano y cuida su lugar, dice la empresa aqui."
    card = add(page, "aviso.pdf", "application/pdf", letter([line] * 36))
    show(card)
    box, canvas, smaller = (card.locator(f"[data-{name}]") for name in ("looked", "canvas", "farther"))
    wide = "(canvas) => canvas.getBoundingClientRect().width"
    expect(smaller).to_be_enabled()
    assert canvas.evaluate(wide) >= 540, "64 pixels of the screen an inch"
    while smaller.is_enabled():
        smaller.click()
    assert canvas.evaluate(wide) < 400
    box.click()
    expect(box).not_to_be_checked()
    told = card.locator("[data-unseen]")
    expect(told).to_contain_text("Todavía no viste toda la hoja")
    expect(told).to_be_in_viewport()
    assert canvas.evaluate(wide) >= 540
    presses = 1
    while not box.is_checked() and presses < 20:
        box.click()
        presses += 1
    assert 2 < presses < 20
    expect(card.locator("[data-where]")).to_contain_text("miradas: 1")
    expect(told).to_be_hidden()


@pytest.mark.long
def test_a_word_struck_in_the_story_is_still_readable_in_a_copy(filer: Filer) -> None:
    """Law L2: a phrase struck at the review is asked about in the copies that say it, and covered there for good."""
    page = filer.page
    card = add(page, "carta.pdf", "application/pdf", letter(["Carta de despido"], [CAUSE, "Deja la gerencia."]))
    card.locator('[data-part="title"]').fill("Carta de despido")
    show(card)
    tick(card, 1)
    card.locator("[data-after]").click()
    expect(card.locator("[data-where]")).to_contain_text("Hoja 2 de 2")
    tick(card, 2)
    filer.go_on("review")
    filer.settle()
    asked = page.locator("#review-carried .card")
    expect(asked.locator(".finding-reason")).to_have_text(
        "La copia de «Carta de despido» todavía dice «soldadora» (hoja 2)."
    )
    expect(asked.locator(".finding-quote")).to_contain_text("area de soldadora")
    page.locator('#review [data-go="1"]').click()
    expect(page.locator("#review [data-problems]")).to_contain_text("todavía dice «soldadora»")
    expect(page.locator("#review-counter")).to_contain_text("Por decidir: 1")
    asked.locator("[data-carry=cover]").click()
    expect(page.locator("#review-carried canvas")).to_be_visible()
    expect(asked).to_have_count(0)
    assert page.locator("#review-carried canvas").evaluate(_BLACK) > 0.05
    expect(page.locator("#review-counter")).to_contain_text("No hallamos más")

    # Another word, and it may be read: said once.
    page.locator("#review-words > summary").click()
    page.fill("#review-more", "línea")
    page.click("#review-add")
    expect(asked.locator(".finding-reason")).to_contain_text("todavía dice «linea» (hoja 2)")
    asked.locator("[data-carry=readable]").click()
    expect(asked).to_have_count(0)
    page.click("#review-undo")
    expect(asked.locator(".finding-reason")).to_contain_text("«linea»")
    asked.locator("[data-carry=readable]").click()
    page.locator("#review-carried summary").click()
    page.locator("#review-carried [data-carry=again]").click()
    asked.locator("[data-carry=readable]").click()
    expect(asked).to_have_count(0)
    filer.go_on("keys")


def test_one_button_walks_through_a_page_in_the_order_of_reading(filer: Filer) -> None:
    """Law L6: part after part by one key, nothing beside what is written, then the tick; the next page begins anew."""
    page = filer.page
    line = "Se reparten premios a quien llega temprano y cuida su lugar, dice la empresa aqui."
    card = add(page, "aviso.pdf", "application/pdf", letter([line] * 36, [line]))
    show(card)
    walk, part, box = (card.locator(f"[data-{name}]") for name in ("walk", "walked", "looked"))
    place = "(stage) => [stage.scrollLeft, stage.scrollTop].map(Math.round)"
    stage = card.locator(".stage")
    expect(part).to_have_text("Parte 1 de 4")
    stage.evaluate("(stage) => stage.scrollIntoView({ block: 'center' })")
    walk.focus()
    places = [stage.evaluate(place)]
    for said in ("Parte 2 de 4", "Parte 3 de 4", "Todo visto"):
        page.keyboard.press("Enter")
        expect(part).to_have_text(said)
        expect(walk).to_be_in_viewport()
        places.append(stage.evaluate(place))
    (left, top), (right, lower) = places[0], places[-1]
    assert places == [[left, top], [right, top], [left, lower], [right, lower]]
    assert (left, top) < (right, lower)
    expect(walk).to_be_disabled()
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    expect(card.locator("[data-where]")).to_contain_text("miradas: 1")
    card.locator("[data-after]").click()
    expect(part).to_have_text("Parte 1 de 2")
    assert stage.evaluate(place)[0] == left, "a new page begins at its left"
    box.click()
    expect(box).not_to_be_checked()
    expect(part).to_have_text("Todo visto")


@pytest.mark.long
def test_pictures_that_a_browser_may_not_read_are_drawn_or_refused_in_plain_words(filer: Filer) -> None:
    """A scan in JPEG 2000 is drawn by the reader of PDFs; a HEIC photo is said to stay sealed, and what to do."""
    page = filer.page
    card = add(page, "escaneo.pdf", "application/pdf", jpx_scan("Lista de despidos"))
    show(card)
    canvas = card.locator("[data-canvas]")
    dark = canvas.evaluate(
        """(canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
            return data.filter((value, at) => at % 4 === 0 && value < 64).length / (data.length / 4)
        }"""
    )
    assert 0.02 < dark < 0.2, "the black edge of the scan, and no black page"
    for kind in ("image/heic", ""):
        card = add(page, "IMG_0042.HEIC", kind, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64))
        expect(page.locator("#evidence-wrong")).to_contain_text("IMG_0042.HEIC")
        expect(page.locator("#evidence-wrong")).to_contain_text("guárdalo antes como JPEG")
        card.locator('[data-part="show"]').select_option("yes")
        expect(card.locator("[data-told]")).to_contain_text("Guárdalo como JPEG o PDF")
        expect(card.locator('[data-part="show"]')).to_have_value("")
    expect(page.locator("#evidence-list > li")).to_have_count(3)
