"""The guided filing page in a real browser, under its real policy, at a real portal."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Route, expect

from app.domain.labels import label
from app.domain.paths import leaves, path_text
from app.i18n import LANGUAGES
from app.web.words import day
from tests import node
from tests.browser.chromium import DESKTOP, PHONE, Watched, draft_written, watched_page
from tests.browser.filing import HIDDEN_NOTE, KEY_NAME, NAMES, PHRASE, STORY, WITNESSES, Filer, photo
from tests.browser.test_story import enrol_and_sign_in, shoot
from tests.browser.weight import begun
from tests.browser.widths import misfits
from tests.portal import RunningPortal

pytestmark = [pytest.mark.browser, pytest.mark.node]
SMALL = {"width": 320, "height": 640}
THEIRS = "nube verde come piedras"
BUDGET = 150 * 1000
REQUESTS = 40
LARGER_THAN_TAKEN = 600 * 1000 * 1000  # bytes, of which none is on the disk
"""Bytes of the page, compressed, before a file is attached."""
STEPS = ("start", "place", "story", "what", "witnesses", "evidence", "review", "keys", "send")
_STORES = """async () => {
    const found = [document.cookie, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })]
    for (const { name } of await indexedDB.databases()) {
        const opened = await new Promise((resolve) => {
            const request = indexedDB.open(name)
            request.onsuccess = () => resolve(request.result)
        })
        for (const store of opened.objectStoreNames) {
            const all = await new Promise((resolve) => {
                const request = opened.transaction(store).objectStore(store).getAll()
                request.onsuccess = () => resolve(request.result)
            })
            for (const entry of all) {
                found.push(JSON.stringify(entry), new TextDecoder().decode(entry.data))
            }
        }
        opened.close()
    }
    return found
}"""


@pytest.fixture
def filer(watched: Watched, shared_portal: RunningPortal, tmp_path: Path) -> Filer:
    """Somebody with a phone."""
    folder = tmp_path / "caso"
    folder.mkdir(mode=0o700)
    return Filer(watched.page, shared_portal, folder)


def _says_no_name(texts: list[str]) -> None:
    assert [text[:80] for text in texts if any(name in text for name in NAMES)] == []


def test_filed_on_a_phone_read_redacted_and_opened_with_the_program(
    watched: Watched, filer: Filer, browser: Browser, tmp_path: Path
) -> None:
    """Laws L2, L6: nothing that leaves the phone names a witness; the names open with the words and the key file."""
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(f"{request.url} {(request.post_data_buffer or b'').decode('latin-1')} {request.headers}")

    watched.page.on("request", note)
    filer.open()
    filer.begin(draft="gato azul lento")
    filer.page.check("[data-field='place.sells'][value=yes]")
    filer.page.locator("#place summary").click()
    filer.page.select_option("#f-place-sector", "manufactured_goods")
    filer.page.fill("#f-place-product", "molduras, tapas de plástico")
    filer.tell()
    filer.name()
    filer.show(photo(watched.page))
    assert filer.settle() >= 1
    seen = seen_before(watched.page)
    filer.go_on("keys")
    key = filer.keep_key()
    assert watched.page.evaluate(_STORES)[3:], "the draft should be kept"
    _says_no_name(watched.page.evaluate(_STORES))
    with watched.page.expect_request("**/api/v1/petitions") as call:
        filer.send()
    assert seen == as_read(json.loads(json.loads(call.value.post_data or "")["record"]))
    shoot(watched.page, "file-done")
    number = filer.take_all()
    _says_no_name([*sent, watched.page.url, *watched.page.evaluate(_STORES)])

    (filer.folder / "palabras.txt").write_text(" ".join(filer.words))
    for shown in (filer.opened(filer.folder / "palabras.txt"), filer.opened(key, PHRASE)):
        assert "Rosaura Ejemplo Muestra" in shown
        assert "Vi la lista negra." in shown
        assert STORY.split("\n")[0] in shown
    [picture] = [
        path for path in (filer.folder / f"files-{key.stem}").rglob("*") if path.is_file() and ".jp" in path.name
    ]
    assert picture.read_bytes()[:2] == b"\xff\xd8"
    assert HIDDEN_NOTE not in picture.read_bytes()
    assert "rosaura" not in picture.name

    _read_by_a_reviewer(browser, filer.portal, number, seen)


_SEEN = """() => [...document.querySelectorAll('#review-record [data-path]')].map(
    (one) => [one.dataset.path, (one.querySelector('.as-read') ?? one).textContent])"""
_CODES = {
    r"language": "word",
    r"facility\.country": "word",
    r"priority_sector\.class": "sector",
    r"denial_types.*": "denial",
    r"evidence.*\.kind": "evidence",
    r"remedy.*\.kind": "remedy",
}


def seen_before(page: Page) -> dict[str, str]:
    """Return every value that the step shows, by its place in the record."""
    # It is drawn after the decision is shown.
    page.evaluate("new Promise((end) => requestAnimationFrame(() => setTimeout(() => setTimeout(end))))")
    return dict(page.evaluate(_SEEN))


def as_read(record: dict[str, Any]) -> dict[str, str]:
    """Return what a record that was sent says, in the words of a Spanish page."""
    held = ((path_text(path), value) for path, value in leaves(record) if path[0] not in {"v", "salt"})
    return {path: _in_words(path, value) for path, value in held}


def _in_words(path: str, value: object) -> str:
    [table] = [table for pattern, table in _CODES.items() if re.fullmatch(pattern, path)] or [""]
    if table:
        return label("es", table, str(value))
    if isinstance(value, bool):
        return label("es", "word", "yes" if value else "no")
    if re.fullmatch(r"\d{4}-\d{2}", str(value)):
        return day("es", str(value))
    return re.sub(r"\[([^a-z\[\]]+)\]", r"\1", str(value))


def _read_by_a_reviewer(browser: Browser, portal: RunningPortal, number: str, seen: dict[str, str]) -> None:
    with watched_page(browser, DESKTOP) as office:
        enrol_and_sign_in(office.page, portal, f"ines {number[:6]}", "reviewer")
        assert portal.cli("staff", "assign", f"ines {number[:6]}", number).returncode == 0
        office.page.goto(f"{portal.url}/office/cases/{number}")
        office.page.locator('input[name="purpose"]').first.check()
        office.page.locator('form[action$="/sitting"] button.button').click()
        expect(office.page).to_have_url(re.compile(r"/record$"))
        read = office.page.locator("main").inner_text()
        _says_no_name([office.page.content()])
        assert "TESTIGO-0" in read
        assert "soldadora" not in read
        assert "no vas a encontrar trabajo" in read
        words = " ".join(read.split())
        assert [one for one in seen.items() if " ".join(one[1].split()) not in words] == []


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_fits_every_width(
    browser: Browser, shared_portal: RunningPortal, tmp_path: Path, language: str
) -> None:
    """From 320 px on, light and dark, in large letters, and axe has nothing to object to (WCAG 2.2 A, AA)."""
    with watched_page(browser, SMALL, locale=language) as small:
        filer = Filer(small.page, shared_portal, tmp_path)
        filer.open()
        filer.begin()
        filer.tell()
        filer.name()
        filer.show(photo(small.page))
        filer.page.wait_for_selector("#review-open li")
        small.page.once("dialog", lambda dialog: dialog.accept())
        for step in STEPS:
            small.page.evaluate("(step) => { location.hash = step }", step)
            filer.arrive(step)
            shoot(small.page, f"file-{step}-{language}")
            assert objections(small.page) == [], step
            assert misfits(small.page) == [], step
            small.page.emulate_media(color_scheme="dark")
            assert objections(small.page) == [], step
        small.page.evaluate("window.onbeforeunload = null")


def objections(page: Page) -> list[str]:
    """Return what axe finds; it goes in through the debugging protocol, since the policy forbids a script tag."""
    source = (node.package("axe-core") / "axe.min.js").read_text()
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": source})
    found = page.evaluate("axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def test_without_scripts_nothing_can_be_written_or_sent(browser: Browser, shared_portal: RunningPortal) -> None:
    """Law L2: the page is inert, says why and names the other doors; no field has a name, no form exists."""
    context = browser.new_context(java_script_enabled=False, locale="es-MX", viewport=PHONE)  # type: ignore[arg-type]  # playwright's own typed dictionary
    page = context.new_page()
    page.goto(f"{shared_portal.url}/file")
    assert "form-action 'none'" in str(
        context.request.get(f"{shared_portal.url}/file").headers["content-security-policy"]
    )
    assert page.locator("input:visible, textarea:visible, select:visible, main button:visible").count() == 0
    assert page.locator("form, [name]:not(meta)").count() == 0
    assert "No se envió nada" in page.locator("main").inner_text()
    context.close()


def test_a_module_that_is_not_whole_opens_no_field(browser: Browser, shared_portal: RunningPortal) -> None:
    """Law L2: one byte more in a library, and nobody can write; the page says what to do."""
    quiet = ("error: ", "pageerror", "warning: ")
    with watched_page(browser, PHONE, quiet=quiet) as watched:

        def longer(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.body() + b"\n")

        watched.page.route(re.compile(r"vendor/age-encryption"), longer)
        watched.page.goto(f"{shared_portal.url}/file")
        watched.page.wait_for_load_state("networkidle")
        assert watched.page.locator("input:visible, textarea:visible").count() == 0
        expect(watched.page.locator("main")).to_contain_text("otros modos")


@pytest.mark.long
def test_a_draft_survives_and_opens_with_its_phrase_only(watched: Watched, filer: Filer) -> None:
    """Reload, wrong phrase, right phrase, second tab, wipe: nothing is lost, and nothing stays."""
    filer.open()
    filer.begin(draft="gato azul lento")
    filer.tell()
    filer.page.click("#witness-add")
    filer.page.locator('[data-part="name"]').fill("Rosaura Ejemplo")
    expect(filer.page.locator("#saved")).not_to_be_empty()
    filer.go_on("evidence")
    draft_written(filer.page)

    second = filer.page.context.new_page()
    second.goto(f"{filer.portal.url}/file")
    expect(second.locator("#broken-why")).to_contain_text("otra pestaña")
    second.close()

    filer.page.reload()
    filer.page.wait_for_selector("#waiting-draft:not([hidden])")
    filer.page.fill("#draft-open", "gato azul rápido")
    filer.page.click("#draft-go")
    expect(filer.page.locator("#draft-wrong")).to_be_visible()
    filer.page.fill("#draft-open", "gato azul lento")
    filer.page.click("#draft-go")
    filer.arrive("evidence")
    filer.page.go_back()
    filer.arrive("start")
    filer.page.evaluate("location.hash = 'witnesses'")
    filer.arrive("witnesses")
    assert filer.page.locator('[data-part="name"]').input_value() == "Rosaura Ejemplo"
    filer.page.locator("#draft-tools summary").click()
    filer.page.locator("#draft-tools [data-wipe]").dblclick()  # a thumb that slips deletes nothing
    filer.page.locator("#draft-tools [data-wipe]", has_text="¿Borrarlo").click()
    expect(filer.page.locator("#saved")).to_contain_text("Se borró")
    assert len(filer.page.evaluate(_STORES)) == 3


@pytest.mark.long
def test_a_key_made_for_a_second_person_on_the_page_opens_the_case(filer: Filer) -> None:
    """Somebody who has only a phone gets a key before there is a case: it opens it, under their phrase alone.

    One's own key is locked with the draft's phrase, which is not typed again: the page has it in memory as long as the
    draft is open, and whoever learns it opens the names in the draft already. A slip in it can be looked at.
    """
    page = filer.page
    filer.open()
    filer.begin(draft=PHRASE)
    filer.tell(story="Despidieron a todo el turno.")
    filer.name()
    filer.go_on("review")
    filer.decide()
    expect(page.locator("#key-same")).to_contain_text(
        "Quien la sepa y tenga este aparato o el archivo lee todos los nombres."
    )
    page.click("#key-look")
    expect(page.locator("#key-seen")).to_have_text(PHRASE)
    own = filer.take("#key-save", KEY_NAME)
    page.locator("#second > summary").click()
    expect(page.locator('#keys [data-go="1"]')).to_have_text("Seguir sin nadie más")
    for phrase, word in ((PHRASE, "tu propia frase"), ("corta", "doce letras")):
        page.fill("#second-phrase", phrase)
        page.fill("#second-again", phrase)
        page.click("#second-save")
        expect(page.locator("#second-wrong")).to_contain_text(word)
    for field in ("#second-phrase", "#second-again"):
        page.fill(field, THEIRS)
    with page.expect_download() as given:
        page.click("#second-save")
    theirs = filer.folder / given.value.suggested_filename
    assert theirs.name.startswith("llave-otra-persona-")
    given.value.save_as(theirs)
    expect(page.locator("#second-phrase")).to_have_value("")
    expect(page.locator("#second-saved")).to_contain_text("el archivo le tiene que llegar")
    expect(page.locator("#second-saved")).not_to_contain_text("frase")
    expect(page.locator('#keys [data-go="1"]')).to_have_text("Continuar")
    filer.go_on("send")
    filer.send()
    expect(page.locator("#save-case-second")).to_be_visible()
    expect(page.locator("#has-key")).to_contain_text(own.name)
    assert page.locator("#finish").is_hidden(), "nobody deletes what is not saved"
    filer.take_all()
    expect(page.locator("#has-case")).to_contain_text("se guardó: caso-")
    expect(page.locator("#finish")).to_be_visible()
    expect(page.locator("#finish")).to_have_accessible_description(re.compile("el borrador.*Se queda lo que guardaste"))
    for key, phrase in ((own, PHRASE), (theirs, THEIRS)):
        assert "Rosaura Ejemplo Muestra" in filer.opened(key, phrase)


@pytest.mark.long
def test_whom_nobody_asked_is_named_once_more_before_it_goes_out(filer: Filer) -> None:
    """No gate: one line for the petitioner alone, a way to each card, and back; nothing where everybody agreed."""
    page = filer.page
    filer.open()
    filer.begin()
    filer.tell(story="Despidieron a todo el turno.")
    filer.name()
    filer.go_on("review")
    filer.decide()
    filer.keep_key()
    line = page.locator("#send-unasked")
    first, second = (one["name"] for one in WITNESSES)
    expect(line.locator("p")).to_have_text(f"No has dicho que lo sepan y acepten: {first}, {second}.")
    expect(line.locator(".mark")).to_have_text("Sellado")
    expect(page.locator("#send-now")).to_be_enabled()
    assert objections(page) == []
    shoot(page, "file-unasked")
    for name, left in ((first, f"No has dicho que lo sepa y acepte: {second}."), (second, "")):
        line.get_by_role("button", name=f"Ir a {name}").click()
        filer.arrive("witnesses")
        card = page.locator("#witness-list > li").nth([first, second].index(name))
        expect(card.locator('[data-part="agreed"]')).to_be_focused()
        card.locator('[data-part="agreed"]').check()
        page.get_by_role("button", name="Volver al último paso").click()
        filer.arrive("send")
        if left:
            expect(line.locator("p")).to_have_text(left)
    expect(line).to_be_hidden()
    page.evaluate("location.hash = 'witnesses'")
    filer.arrive("witnesses")
    page.locator('[data-part="agreed"]').first.uncheck()
    page.evaluate("location.hash = 'send'")
    filer.arrive("send")
    expect(line).to_be_visible()
    filer.send()


@pytest.mark.long
def test_nothing_is_answered_for_anybody(filer: Filer) -> None:
    """Nobody files in a name, is a witness, or shows a copy unless they say so; the mark beside a choice follows it."""
    page = filer.page
    filer.open()
    page.check("#draft-keep")
    page.click('#start [data-go="1"]')
    expect(page.locator("#start")).to_contain_text("Escribe tu frase")
    page.uncheck("#draft-keep")
    filer.begin()
    page.evaluate("location.hash = 'witnesses'")
    filer.arrive("witnesses")
    assert page.locator("#witnesses [type=radio]:checked").count() == 0
    page.click('#witnesses [data-go="1"]')
    expect(page.locator("#witnesses [data-missing]")).to_contain_text("sin ningún nombre")
    page.check("[data-field='who.kind'][value=nobody]")
    page.check("[data-field='who.kind'][value=person]")
    assert page.locator("#witnesses [type=radio]:checked").count() == 1
    page.fill("#f-who-person-name", "Rosaura Ejempl")
    page.check("#own-witness")
    page.fill("#f-who-person-name", "Rosaura Ejemplo")
    cards = page.locator("#witness-list > li")
    expect(cards.locator("h2")).to_have_text(["Tú: Rosaura Ejemplo", "Persona 2"])
    assert page.locator('[data-part="name"]:visible').count() == 1, "nobody writes over their own name"
    page.locator('[data-part="name"]:visible').fill("Heriberto Prueba")
    page.uncheck("#own-witness")
    expect(cards.locator("h2")).to_have_text(["Persona 1"])
    expect(page.locator('[data-part="name"]')).to_have_value("Heriberto Prueba")
    page.locator("#witness-list [data-remove]").click()
    page.evaluate("location.hash = 'evidence'")
    filer.arrive("evidence")
    page.set_input_files("#evidence-file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(page)})
    card = page.locator("#evidence-list > li")
    expect(card.locator(".veiled canvas")).to_be_visible()
    card.locator("[data-peek]").click()
    assert card.locator(".veiled").count() == 0
    mark = card.locator("[data-mark] .mark:visible")
    expect(mark).to_have_text("Sellado")
    card.locator('[data-part="show"]').select_option("yes")
    expect(mark).to_have_text("Oficina")
    card.locator('[data-part="show"]').select_option("")
    expect(mark).to_have_text("Sellado")


@pytest.mark.long
def test_whom_the_story_names_is_offered_and_nothing_is_taken_over_by_itself(filer: Filer) -> None:
    """Law L2: nobody is forgotten; a boss is no witness; whether somebody agrees, and what is theirs, a person says."""
    page = filer.page
    filer.open()
    filer.begin()
    filer.tell(
        "El supervisor Ledesma la amenazó. Rosaura Ejemplo y Heriberto lo oyeron. "
        "El celular de Rosaura es 472 555 0143."
    )
    offered, cards = page.locator("#named button"), page.locator("#witness-list > li")
    all_of_them = "Agregar a todas"
    expect(offered).to_have_text(["Rosaura Ejemplo", "Heriberto", all_of_them])
    assert cards.count() == 0
    offered.first.click()
    expect(cards.locator('[data-part="name"]')).to_have_value("Rosaura Ejemplo")
    expect(cards.locator('[data-part="agreed"]')).to_be_focused()
    expect(cards.locator('[data-part="agreed"]')).not_to_be_checked()
    expect(offered).to_have_text(["Heriberto"])
    theirs, phone = cards.locator("[data-theirs]"), cards.locator('[data-part="phone"]')
    expect(theirs).to_have_text("Es suyo: 472 555 0143")
    expect(phone).to_have_value("")
    theirs.locator("input").check()
    expect(phone).to_have_value("472 555 0143")
    theirs.locator("input").uncheck()
    expect(phone).to_have_value("")
    cards.locator("[data-remove]").click()
    expect(offered).to_have_text(["Rosaura Ejemplo", "Heriberto", all_of_them])
    offered.last.click()
    expect(cards).to_have_count(2)
    expect(cards.first.locator('[data-part="agreed"]')).to_be_focused()
    assert cards.locator('[data-part="agreed"]:checked').count() == 0
    expect(page.locator("#named")).to_be_hidden()


@pytest.mark.long
def test_what_is_answered_beside_the_story_is_not_asked_again(filer: Filer) -> None:
    """Law L6: only the safe answer is given there; a draft keeps it, and it is taken back there or at the review."""
    page, struck = filer.page, "la única soldadora del turno de noche"
    filer.open()
    filer.begin(draft=PHRASE)
    filer.tell("Ella es la única soldadora del turno de noche. En marzo la amenazaron.")
    page.evaluate("location.hash = '#story'")
    filer.arrive("story")
    check = page.locator("#story-check")
    expect(check.locator("q")).to_have_text(struck)
    assert check.locator("[data-do=keep]").count() == 0
    check.locator("[data-strike]").click()
    expect(check).to_contain_text("Esto se tacha.")
    expect(check.locator("[data-unstrike]")).to_be_focused()
    check.locator("[data-unstrike]").click()
    expect(check).to_contain_text("¿Podría tu jefe saber quién es?")
    check.locator("[data-strike]").dblclick()  # a thumb that slips takes nothing back
    expect(check).to_contain_text("Esto se tacha.")
    assert objections(page) == []
    draft_written(page)
    page.reload()
    page.fill("#draft-open", PHRASE)
    page.click("#draft-go")
    filer.arrive("story")
    filer.go_on("what")
    filer.go_on("witnesses")
    filer.go_on("evidence")
    filer.go_on("review")
    read = page.locator("#review-texts .as-read").first
    expect(read).to_contain_text("Ella es [DATO TESTADO]. En marzo la amenazaron.")
    assert page.locator("#review-open .card", has_text=struck).count() == 0
    read.locator(".redacted").click()
    page.locator("#mark-sheet").get_by_role("button", name="Decidir otra vez").click()
    expect(page.locator("#review-open .card")).to_contain_text(struck)


def test_what_the_story_tells_of_is_asked_first_and_nothing_is_ticked_by_itself(filer: Filer) -> None:
    """The rest is one press away; each is one tick by its own person, none for all; what was ticked stays in view."""
    page = filer.page
    filer.open()
    filer.begin()
    page.evaluate("location.hash = '#story'")
    filer.arrive("story")
    page.fill("#f-story-narrative", "Los despidieron. El jefe nos amenazó y nadie nos dio una copia del contrato.")
    page.evaluate("location.hash = '#what'")
    filer.arrive("what")
    denials = page.locator("#what fieldset", has=page.locator("[data-list=denials]"))
    remedies = page.locator("#what fieldset", has=page.locator("[data-list=remedies]"))
    shown = denials.locator(".option:visible")
    expect(shown).to_have_text(["Despidos por el sindicato", "Amenazas o presiones", "No nos dan el contrato"])
    expect(remedies.locator(".option:visible")).to_have_count(4)
    assert page.locator("#what input:checked").count() == 0
    denials.locator("summary").click()
    expect(shown).to_have_count(15)
    denials.locator("[value=BLACKLISTING]").check()
    expect(page.locator("#what").get_by_role("button", name="Marcar")).to_have_count(0)
    denials.locator("[value=THREATS_COERCION]").check()
    assert objections(page) == []
    page.evaluate("location.hash = '#story'")
    filer.arrive("story")
    page.fill("#f-story-narrative", "Es otro relato.")
    page.evaluate("location.hash = '#what'")
    filer.arrive("what")
    expect(denials.locator(".option").first).to_have_text("Despidos por el sindicato")
    expect(denials.locator(":checked")).to_have_count(2)


def test_the_month_that_the_story_names_is_one_press(filer: Filer) -> None:
    """Nothing is taken over by itself; what somebody chose is not offered otherwise."""
    page = filer.page
    filer.open()
    filer.begin()
    page.evaluate("location.hash = '#story'")
    filer.arrive("story")
    page.fill("#f-story-narrative", "El 2 de septiembre de 2025 y desde el 11 de agosto de 2025.")
    offer, field = page.locator("#since-offer"), page.locator("#f-story-since")
    expect(offer).to_have_text("Desde agosto de 2025")
    expect(field).to_have_value("")
    offer.click()
    expect(field).to_have_value("2025-08")
    expect(field).to_be_focused()
    expect(offer).to_be_hidden()


@pytest.mark.long
def test_a_draft_that_was_left_before_sending_is_looked_at_again_and_filed(filer: Filer) -> None:
    """Law L7: what was decided and the key are still there; it is sealed as the review has it, and arrives."""
    page = filer.page
    filer.open()
    filer.begin(draft=PHRASE)
    filer.tell()
    filer.name()
    filer.go_on("review")
    assert filer.decide() > 0
    filer.take("#key-save", KEY_NAME)
    page.wait_for_function("!document.querySelector('#key-save').disabled")
    filer.go_on("send")
    draft_written(page)
    page.reload()
    page.wait_for_selector("#waiting-draft:not([hidden])")
    page.fill("#draft-open", PHRASE)
    page.click("#draft-go")
    filer.arrive("review")
    assert filer.decide() == 0
    filer.go_on("send")
    expect(page.locator("#send-waits")).to_be_visible()
    filer.send()


@pytest.mark.long
def test_what_was_written_behind_the_reviews_back_is_read_before_it_is_sealed(filer: Filer) -> None:
    """Law L2: the browser's own buttons lead past the review; what was written meanwhile is asked about first."""
    page = filer.page
    filer.open()
    filer.begin()
    filer.tell()
    filer.name()
    filer.go_on("review")
    filer.decide()
    filer.keep_key()
    page.evaluate("location.hash = '#story'")
    filer.arrive("story")
    page.locator("#f-story-narrative").press_sequentially(" Zenaida Ejemplo era la única soldadora.")
    page.evaluate("location.hash = '#send'")
    filer.arrive("send")
    page.click("#send-now")
    filer.arrive("review")
    expect(page.locator("#review [data-problems] li")).not_to_have_count(0)
    assert filer.decide() > 0
    filer.go_on("send")
    filer.send()


@pytest.mark.long
def test_a_lost_answer_and_a_second_press_file_once(
    browser: Browser, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """Law L7: the answer is lost on the way, the person presses again, twice: one case, one receipt."""
    with watched_page(browser, PHONE, quiet=("error: Failed to load resource",)) as watched:
        filer = Filer(watched.page, shared_portal, tmp_path)
        manifests: list[str] = []
        lost = 5  # as often as the page itself tries

        def lose(route: Route) -> None:
            manifests.append(json.loads(route.request.post_data or "{}")["manifest"])
            if len(manifests) == 1:
                route.fetch()
            if len(manifests) <= lost:
                route.abort()
            else:
                route.continue_()

        watched.page.route("**/api/v1/petitions", lose)
        filer.open()
        filer.begin()
        filer.tell(story="Despidieron a la mitad del turno.")
        filer.go_on("evidence")
        filer.go_on("review")
        filer.decide()
        filer.keep_key()
        filer.page.click("#send-now")
        expect(filer.page.locator("#send-wrong")).to_contain_text("No se perdió nada")
        assert filer.page.locator("#send-back").is_disabled()
        filer.page.locator("#send-now").dblclick()
        filer.arrive("done")
        assert len(manifests) > lost
        assert len(set(manifests)) == 1
        filer.page.go_back()
        expect(filer.page.locator("#done")).to_be_visible()
        filer.take_all()


def test_files_that_cannot_go_get_a_clear_word(filer: Filer, tmp_path: Path) -> None:
    """Nothing in it, and more than the portal takes; emoji and right-to-left text in names do no harm."""
    filer.open()
    filer.begin()
    filer.tell(story="Despidieron a 😀 مرحبا todo el turno.")
    filer.go_on("evidence")
    filer.page.set_input_files("#evidence-file", {"name": "vacío 😀.pdf", "mimeType": "application/pdf", "buffer": b""})
    expect(filer.page.locator("#evidence-wrong")).to_contain_text("está vacío")
    large = tmp_path / "largo.mp4"
    with large.open("wb") as file:
        file.truncate(LARGER_THAN_TAKEN)
    filer.page.set_input_files("#evidence-file", large)
    expect(filer.page.locator("#evidence-wrong")).to_contain_text("largo.mp4 es muy grande")
    assert filer.page.locator("#evidence-list > li").count() == 0
    filer.page.set_input_files("#evidence-file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(filer.page.locator("#evidence-wrong")).to_contain_text("No", ignore_case=True)
    assert filer.page.locator("#evidence-list > li").count() == 1


def test_leaving_quickly_empties_the_page(watched: Watched, filer: Filer) -> None:
    """Three times Shift, and another page stands there; nothing written is left in this one."""
    filer.page.route("https://www.wikipedia.org/", lambda route: route.fulfill(body="<title>otra</title>"))
    filer.open()
    filer.begin()
    filer.page.fill("#f-place-name", "Muestra")
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    filer.page.on("dialog", note)
    for _ in range(3):
        filer.page.keyboard.press("Shift")
    filer.page.wait_for_url("https://www.wikipedia.org/")
    assert not asked, "who leaves quickly is asked nothing"


def test_by_keyboard_only(filer: Filer) -> None:
    """Each field and button of the short way is reached by Tab and used without a mouse."""
    page = filer.page
    filer.open()
    _press(page, "#start [data-go='1']")
    filer.arrive("place")
    _type(page, "#f-place-name", "Muestra")
    _type(page, "#f-place-municipality", "Silao")
    _focus(page, "#f-place-state")
    page.keyboard.type("Guan")
    _press(page, "#place [data-go='1']")
    filer.arrive("story")
    _type(page, "#f-story-narrative", "Es la única soldadora. Despidieron a todos.")
    page.wait_for_selector("#story-check:not([hidden])")
    for step, following in pairwise(STEPS[2:7]):
        if step == "what":
            _press(page, "[data-list='denials']", " ")
        if step == "witnesses":
            _press(page, "[data-field='who.kind'][value=nobody]", " ")
        _press(page, f"#{step} [data-go='1']")
        filer.arrive(following)
    page.wait_for_selector("#review-open [data-do='hide']")
    while page.locator("#review-open [data-do='hide']").count():
        _press(page, "#review-open [data-do='hide']")
    _press(page, "#review [data-go='1']")
    filer.arrive("keys")


def _focus(page: Page, selector: str) -> None:
    for _ in range(80):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def _press(page: Page, selector: str, key: str = "Enter") -> None:
    _focus(page, selector)
    page.keyboard.press(key)


def _type(page: Page, selector: str, text: str) -> None:
    _focus(page, selector)
    page.keyboard.type(text)


def test_the_page_is_light(watched: Watched, shared_portal: RunningPortal) -> None:
    """What a phone loads until a person can begin: within 150 kB, compressed, and in few turns of a slow line."""
    watched.page.goto(f"{shared_portal.url}/file")
    found = begun(watched.page)
    assert 0 < found.size <= BUDGET, found
    assert len(found.paths) <= REQUESTS, found.paths
    assert not [path for path in found.paths if path.endswith(".json")], "rules and words come later"
