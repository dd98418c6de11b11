"""The review before filing, on a phone: who is meant is asked, what is settled can be changed, haste tells no name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Watched, watched_page
from tests.browser.filing import Filer
from tests.browser.test_accessibility import found
from tests.browser.test_story import no_sideways_scroll, shoot
from tests.browser.widths import misfits
from tests.node import package
from tests.portal import RunningPortal

pytestmark = [pytest.mark.browser, pytest.mark.node]
PHONE = {"width": 390, "height": 844}
STORY = (
    "En agosto juntamos firmas. El supervisor Ramírez nos amenazó: dijo que Ramírez manda. Juana Ramírez López lo oyó."
    "\n\nElla es la única soldadora del turno de noche y la corrieron el 20 de agosto. Su CURP es RALJ900315MGTMPN00."
)
WITNESSES = ({"name": "Juana Ramírez López"}, {"name": "Heriberto Prueba Ficticio"})
CARD, SHEET, COUNTER = "#review-open .card", "#mark-sheet", "#review-counter"


@pytest.fixture(params=[pytest.param(False, id="light"), pytest.param(True, id="dark", marks=pytest.mark.long)])
def watched(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """A phone in Spanish; any console message fails."""
    with watched_page(browser, PHONE, dark=request.param) as page:
        yield page


@pytest.fixture
def page(watched: Watched, shared_portal: RunningPortal, tmp_path: Path) -> Page:
    """The review of a story in which a boss shares a witness's surname."""
    filer = Filer(watched.page, shared_portal, tmp_path)
    filer.open()
    filer.begin()
    filer.tell(STORY)
    filer.name(WITNESSES)
    filer.go_on("review")
    filer.page.wait_for_selector(CARD)
    return filer.page


def _reads(page: Page, words: str) -> None:
    """The text is drawn after the card: a long one takes a while."""
    expect(page.locator("#review-texts .as-read").first).to_contain_text(words)


def _choose(page: Page, words: str, where: str = CARD) -> None:
    page.locator(where).get_by_role("button", name=words, exact=True).click()


def _touch(page: Page, words: str, place: int = 0) -> None:
    page.locator("#review-texts [data-finding]", has_text=words).nth(place).click()


def _clear_of_the_bar(page: Page) -> None:
    """The bar is one row, and what has the focus is above it."""
    bar = page.locator("#review-bar").bounding_box()
    focused = page.locator("*:focus").bounding_box()
    assert bar is not None
    assert focused is not None
    assert bar["height"] < 90  # two rows would be more than 100 px
    assert focused["y"] + focused["height"] <= bar["y"]


def _under_the_thumb(page: Page) -> None:
    """On a small screen, unscrolled: the question, each place that is decided, all choices, and nothing over them."""
    page.set_viewport_size({"width": 390, "height": 700})
    wanted = f"{CARD} :is(.finding-reason, .finding-alike, .finding-quote, .finding-choices button)"
    boxes = [box for one in page.locator(wanted).all() if one.is_visible() and (box := one.bounding_box())]
    bar, above = page.locator("#review-bar").bounding_box(), page.locator("#bar").bounding_box()
    assert bar
    assert above
    edges = [
        above["y"] + above["height"],
        *(y for row in dict.fromkeys((box["y"], box["y"] + box["height"]) for box in boxes) for y in row),
        bar["y"],
    ]
    assert edges == sorted(edges)
    page.set_viewport_size({"width": 390, "height": 844})


def _violations(page: Page) -> list[str]:
    page.evaluate((package("axe-core") / "axe.min.js").read_text())
    return [*found(page, "dark"), *found(page, "light")]


def test_boss_with_a_witnesss_surname_is_asked_about_and_becomes_somebody_else(page: Page) -> None:
    """Law L6: nobody is settled as a witness by a surname alone; the witness's whole name is, and stays hidden."""
    expect(page.locator(COUNTER)).to_contain_text("Por decidir: 3")
    expect(page.locator(f"{CARD} .finding-reason")).to_have_text("¿Es Juana Ramírez López, u otra persona?")
    assert page.locator(f"{CARD} .finding-choices .button:not(.button-quiet)").count() == 0
    _under_the_thumb(page)
    page.locator(CARD).get_by_label("Los 2 lugares").check()
    _choose(page, "Es otra persona")
    _reads(page, "El supervisor [PERSONA-01] nos amenazó: dijo que [PERSONA-01] manda. [TESTIGO-")
    _clear_of_the_bar(page)
    page.click("#review-undo")
    _reads(page, "El supervisor Ramírez nos amenazó: dijo que Ramírez manda.")
    expect(page.locator(COUNTER)).to_contain_text("Por decidir: 3")


@pytest.mark.long
def test_settled_mark_is_reopened_changed_and_taken_back(page: Page) -> None:
    """Whatever is settled can be said otherwise, and otherwise again."""
    _choose(page, "Es Juana Ramírez López")
    expect(page.locator("#review-texts .redacted").first).to_have_text(re.compile(r"^\[TESTIGO-"))
    label = page.locator("#review-texts .redacted").first.inner_text()
    _touch(page, label)
    _choose(page, "Es Heriberto Prueba Ficticio", SHEET)
    expect(page.locator("#review-texts .redacted").first).not_to_have_text(label)
    other = page.locator("#review-texts .redacted").first.inner_text()
    assert other.startswith("[TESTIGO-")
    _touch(page, other)
    _choose(page, "Tacharlo sin decir quién ni qué", SHEET)
    _reads(page, "El supervisor [DATO TESTADO]")
    page.wait_for_function("document.activeElement.dataset.finding")
    _touch(page, "[DATO TESTADO]")
    _choose(page, "Decidir otra vez", SHEET)
    _reads(page, "El supervisor Ramírez")
    for before in ("[DATO TESTADO]", other, label, "Ramírez"):
        page.click("#review-undo")
        _reads(page, f"El supervisor {before}")


@pytest.mark.long
def test_no_haste_shows_a_known_witness(page: Page) -> None:
    """A whole name and a CURP are never offered to stay; half a name only after it was said what would be read."""
    whole = page.locator("#review-texts .redacted").filter(has_text="TESTIGO").first.inner_text()
    for label, words in ((whole, "dice quién es alguien de tu lista"), ("[CURP]", "nunca sale de este aparato")):
        _touch(page, label)
        expect(page.locator(SHEET)).to_contain_text(words)
        assert page.locator(f"{SHEET} [data-do=keep]").count() == 0
        page.keyboard.press("Escape")
    _choose(page, "Que se lea")
    expect(page.locator(f"{CARD} [role=alert]")).to_contain_text("El supervisor Ramírez nos amenazó")
    shoot(page, "review-sure")
    page.keyboard.press("Enter")
    expect(page.locator(COUNTER)).to_contain_text("Por decidir: 3")
    _choose(page, "Que se lea")
    _choose(page, "Sí, puede leerse")
    expect(page.locator(COUNTER)).to_contain_text("Por decidir: 2")
    _choose(page, "Es otra persona")
    _choose(page, "Tachar")
    expect(page.locator(COUNTER)).to_contain_text("No hallamos más")
    page.click('#review [data-go="1"]')
    page.wait_for_selector("#keys:not([hidden])")


@pytest.mark.long
def test_less_exact_words_replace_the_phrase_only_and_can_be_undone(page: Page) -> None:
    """The rest of the sentence stays; the words are changed before they are taken; the text comes back whole."""
    for _ in range(2):
        _choose(page, "Es otra persona")
    page.locator(f"{CARD} [data-coarser] summary").click()
    words = page.locator(f"{CARD} [data-coarser] input")
    expect(page.locator(f"{CARD} .coarser-read")).to_contain_text("Se leería: ")
    words.fill("una compañera")
    expect(page.locator(f"{CARD} .coarser-read")).to_contain_text("Ella es una compañera y la corrieron")
    shoot(page, "review-coarser")
    _choose(page, "Escribir esto en su lugar")
    _reads(page, "Ella es una compañera y la corrieron el 20 de agosto.")
    expect(page.locator(COUNTER)).to_contain_text("No hallamos más")
    _reads(page, "[PERSONA-01]")
    page.click("#review-undo")
    _reads(page, "Ella es la única soldadora del turno de noche y la corrieron")
    expect(page.locator(COUNTER)).to_contain_text("Por decidir: 1")


def test_days_are_one_question_and_what_was_done_is_said_less_exactly_first(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """Of days the month stays, in one press for all; what blacking out an act costs is said."""
    filer = Filer(watched.page, shared_portal, tmp_path)
    filer.open()
    filer.begin()
    days = "El 3 de marzo me gritaron en la línea. Me citaron el 12 de agosto de 2024. Fue la gerencia."
    filer.tell(f"{days}\n\nAhí despidieron a Juana Ramírez López y nadie dijo nada.")
    filer.name(WITNESSES)
    filer.go_on("review")
    page = filer.page
    page.wait_for_selector(CARD)
    expect(page.locator(COUNTER)).to_contain_text("Por decidir: 3")
    expect(page.locator(f"{CARD} .finding-quote:not(.coarser-read) mark")).to_have_text(
        ["El 3 de marzo", "el 12 de agosto de 2024"]
    )
    _looked_at(page, axe, "review-days")
    _choose(page, "Escribir «En marzo»")
    _reads(page, "En marzo me gritaron en la línea. Me citaron en agosto de 2024.")
    expect(page.locator(CARD)).to_contain_text("Si lo tachas, la oficina no ve qué pasó.")
    assert page.locator(f"{CARD} .finding-choices .button:not(.button-quiet)").inner_text() == "Escribir «perjudicaron»"
    _looked_at(page, axe, "review-act")
    page.click("#review-undo")
    _reads(page, "El 3 de marzo me gritaron en la línea. Me citaron el 12 de agosto de 2024.")
    _choose(page, "Escribir «En marzo»")
    _choose(page, "Escribir «perjudicaron»")
    _reads(page, "Ahí perjudicaron a")
    expect(page.locator(COUNTER)).to_contain_text("No hallamos más")


def _looked_at(page: Page, axe: str, name: str) -> None:
    """Nothing for the checker, in the light and in the dark; all fits; a picture is kept."""
    page.evaluate(axe)
    assert [*found(page, "dark"), *found(page, "light")] == []
    no_sideways_scroll(page)
    shoot(page, name)
    assert misfits(page) == []


@pytest.mark.long
def test_from_a_finding_to_its_place_and_back(page: Page) -> None:
    """On a phone the way back keeps where one was: on the step, and from the step where it was written."""
    page.click("#review summary:has-text('Lo que se halló')")
    see = page.locator("#review-all").get_by_role("button", name="Verlo").last
    there = see.evaluate("one => { one.scrollIntoView({ block: 'center' }); one.focus(); return scrollY }")
    see.evaluate("one => one.click()")
    assert page.evaluate("document.activeElement.dataset.finding")
    page.click("#review-return")
    assert abs(page.evaluate("scrollY") - there) < 100
    assert page.evaluate("document.activeElement.textContent") == "Verlo"
    page.locator(f"{CARD} .finding-ways > summary").click()
    _choose(page, "Cambiarlo donde lo escribí")
    page.wait_for_selector("#story:not([hidden])")
    field = page.locator("#f-story-narrative")
    assert field.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)") == "Ramírez"
    page.get_by_role("button", name="Volver a la revisión").click()
    page.wait_for_selector(CARD)
    assert page.evaluate("document.activeElement.textContent") == "Cambiarlo donde lo escribí"


@pytest.mark.long
def test_by_keyboard_at_320_and_with_the_checker(page: Page) -> None:
    """Tab and Enter settle it all; nothing scrolls sideways; axe finds nothing: card, sheet, end."""
    shoot(page, "review-card")
    assert _violations(page) == []
    assert misfits(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    no_sideways_scroll(page)
    page.locator("#review-texts [data-finding]").first.focus()
    page.keyboard.press("Enter")
    assert _violations(page) == []
    shoot(page, "review-sheet")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.finding")
    page.locator("#review-next").focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        assert page.evaluate("document.activeElement.dataset.do") == "hide"
        page.keyboard.press("Enter")
    expect(page.locator(COUNTER)).to_contain_text("No hallamos más")
    assert page.evaluate("document.activeElement.id") == "review-question"
    no_sideways_scroll(page)
    assert _violations(page) == []
    shoot(page, "review-done")
    assert misfits(page) == []


ERNESTO = (
    "El supervisor Ernesto Galván nos vio juntar firmas y dijo que nos iba a correr. Éramos pocos en la nave."
    "\n\nLuego vino Galván con los guardias. Nadie dijo nada."
)


def _review_of(story: str, watched: Watched, portal: RunningPortal, folder: Path) -> Page:
    filer = Filer(watched.page, portal, folder)
    filer.open()
    filer.begin()
    filer.tell(story)
    filer.name(WITNESSES)
    filer.go_on("review")
    filer.page.wait_for_selector(CARD)
    return filer.page


def test_boss_named_whole_and_then_by_surname_is_asked_about_once_as_who_did_it(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """Nobody strikes a boss out of their own threat because the second time the question was another one."""
    page = _review_of(ERNESTO, watched, shared_portal, tmp_path)
    expect(page.locator(COUNTER)).to_contain_text("Por decidir: 2")
    expect(page.locator(f"{CARD} .finding-reason")).to_have_text("¿Es quien lo hizo? Entonces puedes dejarlo.")
    expect(page.locator(f"{CARD} .finding-quote:not(.coarser-read) mark")).to_have_text(["Ernesto Galván", "Galván"])
    together = page.locator(CARD).get_by_label("Los 2 lugares: Ernesto Galván, Galván")
    expect(together).to_be_checked()
    assert page.locator(f"{CARD} .finding-choices .button:not(.button-quiet)").count() == 0
    _under_the_thumb(page)
    _looked_at(page, axe, "review-boss")
    together.uncheck()
    expect(page.locator(f"{CARD} .finding-quote.soft mark")).to_have_text(["Galván"])
    shoot(page, "review-boss-apart")
    _choose(page, "Dejarlo")
    expect(page.locator(COUNTER)).to_contain_text("Por decidir: 1")
    expect(page.locator(f"{CARD} .finding-reason")).to_have_text("¿Es quien lo hizo? Entonces puedes dejarlo.")
    assert page.locator(f"{CARD} .finding-choices .button:not(.button-quiet)").count() == 0
    page.click("#review-undo")
    _choose(page, "Dejarlo")
    expect(page.locator(COUNTER)).to_contain_text("No hallamos más")
    _reads(page, "El supervisor Ernesto Galván nos vio")
    _reads(page, "Luego vino Galván con los guardias")


def test_who_says_that_the_boss_would_know_reads_it_and_strikes_more_or_tells_it_otherwise(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """The last question has two ways on, and one may also go on without them."""
    page = _review_of(ERNESTO, watched, shared_portal, tmp_path)
    closing = page.locator("#review-closing")
    expect(closing).to_be_hidden()
    _choose(page, "Dejarlo")
    expect(page.locator("#review-question")).to_be_focused()
    expect(page.locator("#review-question")).to_be_in_viewport()
    expect(closing).to_contain_text("Lo que suele decirlo")
    _looked_at(page, axe, "review-closing")
    closing.get_by_role("button", name="Leerlo y tachar más").click()
    expect(page.locator("#review-touch")).to_be_focused()
    expect(page.locator("#review-texts .as-read")).to_be_in_viewport()
    _looked_at(page, axe, "review-closing-read")
    _select(page, "Éramos pocos en la nave")
    page.click("#selection-hide")
    _reads(page, "[DATO TESTADO]. ")
    expect(page.locator("#review-texts")).not_to_contain_text("pocos en la nave")
    page.click("#review-return")
    expect(page.locator("#review-read")).to_be_focused()
    page.click("#review-undo")
    _reads(page, "Éramos pocos en la nave")
    closing.get_by_role("button", name="Contarlo de otra manera").click()
    page.wait_for_selector("#story:not([hidden])")
    field = page.locator("#f-story-narrative")
    expect(field).to_be_focused()
    field.fill(field.input_value().replace("Éramos pocos", "Había gente"))
    page.get_by_role("button", name="Volver a la revisión").click()
    _reads(page, "Había gente en la nave")
    expect(closing.get_by_role("button", name="Contarlo de otra manera")).to_be_focused()
    page.click('#review [data-go="1"]')
    page.wait_for_selector("#keys:not([hidden])")


def _select(page: Page, words: str) -> None:
    """Select words of the text, as a finger held on them does."""
    page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.querySelector('#review-texts'), NodeFilter.SHOW_TEXT)
            while (walker.nextNode()) {
                const node = walker.currentNode
                const at = node.data.indexOf(words)
                if (at >= 0) return getSelection().setBaseAndExtent(node, at, node, at + words.length)
            }
        }""",
        words,
    )


def test_who_told_it_otherwise_and_is_asked_again_comes_back_to_the_question(
    watched: Watched, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """What was written anew is read anew: while something is open, that is asked first."""
    page = _review_of(ERNESTO, watched, shared_portal, tmp_path)
    _choose(page, "Dejarlo")
    page.get_by_role("button", name="Contarlo de otra manera").click()
    page.wait_for_selector("#story:not([hidden])")
    page.locator("#f-story-narrative").fill(f"{ERNESTO} Ella es la única soldadora del turno de noche.")
    page.get_by_role("button", name="Volver a la revisión").click()
    page.wait_for_selector(CARD)
    expect(page.locator("#review-closing")).to_be_hidden()
    expect(page.locator(f"{CARD} [data-do]").first).to_be_focused()
