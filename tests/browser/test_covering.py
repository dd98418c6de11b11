"""Covering what nobody may see on a photo: with a finger, and without drawing; each step is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Watched, until
from tests.browser.filing import Filer, photo
from tests.portal import RunningPortal

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.long]
_DARK = """() => {
    const small = document.createElement('canvas')
    small.width = small.height = 20
    const pen = small.getContext('2d')
    pen.drawImage(document.querySelector('[data-covering] canvas'), 0, 0, 20, 20)
    const pixels = pen.getImageData(0, 0, 20, 20).data
    return [6, 12, 19].map((at) => pixels[4 * (20 * at + at)] < 60)
}"""


@pytest.fixture
def desk(watched: Watched, shared_portal: RunningPortal, tmp_path: Path) -> Locator:
    """The desk at which a photo is covered, open."""
    page = watched.page
    filer = Filer(page, shared_portal, tmp_path)
    filer.open()
    filer.begin()
    page.evaluate("location.hash = 'evidence'")
    filer.arrive("evidence")
    page.set_input_files("#evidence-file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(page)})
    page.locator(".file-more > summary").first.click()
    page.locator("[data-cover]").click()
    found = page.locator("[data-covering]")
    found.locator("canvas").wait_for()
    until(page, "() => document.querySelector('[data-covering] canvas').width > 300", True)
    return found


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Slide one finger over the screen."""
    touch = page.context.new_cdp_session(page)
    steps = [
        (start[0] + (end[0] - start[0]) * part / 4, start[1] + (end[1] - start[1]) * part / 4) for part in range(5)
    ]
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * 4], steps, strict=True):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def at(element: Locator, across: float, down: float) -> tuple[float, float]:
    """Return a place of an element on the screen, in parts of it."""
    frame = element.bounding_box()
    assert frame
    return frame["x"] + across * frame["width"], frame["y"] + down * frame["height"]


def dark(page: Page, *covered: bool) -> None:
    """Wait until three places of the photo are covered or not."""
    until(page, _DARK, list(covered))


def test_a_finger_draws_moves_widens_and_takes_back(watched: Watched, desk: Locator) -> None:
    """Law L2: what a finger slid over is black in the pixels; a box follows its corner and is moved whole."""
    page, canvas, line = watched.page, desk.locator("canvas"), desk.locator("[data-line]")
    drag(page, at(canvas, 0.2, 0.2), at(canvas, 0.4, 0.4))
    dark(page, True, False, False)
    drag(page, at(desk.locator("[data-grip=last]"), 0.3, 0.3), at(canvas, 0.7, 0.7))
    dark(page, True, True, False)
    drag(page, at(line, 0.5, 0.5), at(canvas, 0.75, 0.75))
    dark(page, False, True, True)
    desk.locator("[data-undo]").click()
    dark(page, True, True, False)
    desk.locator("[data-remove]").click()
    dark(page, False, False, False)
    desk.locator("[data-undo]").click()
    dark(page, True, True, False)
    desk.locator("[data-nearer]").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.locator("[data-done]").click()
    expect(page.locator("[data-preview] canvas")).to_be_visible()
    page.locator("[data-cover]").click()
    expect(desk.locator("[data-chosen]")).to_contain_text("Caja 1 de 1")


def test_a_finger_scrolls_past_a_picture_until_it_is_asked_to_draw(watched: Watched, desk: Locator) -> None:
    """Not asked to, a finger draws nothing: else nobody gets past a picture that fills the screen."""
    page, canvas = watched.page, desk.locator("canvas")
    desk.locator("[data-draw]").click()
    expect(desk.locator("[data-draw]")).to_have_attribute("aria-pressed", "false")
    drag(page, at(canvas, 0.2, 0.2), at(canvas, 0.4, 0.4))
    expect(desk.locator("[data-chosen]")).to_contain_text("No hay cajas")


def test_without_drawing_boxes_are_made_by_keys_and_buttons(watched: Watched, desk: Locator) -> None:
    """Keys add, move, widen, take away and take back; the buttons below do the same."""
    page, said = watched.page, desk.locator("[data-chosen]")
    desk.locator("canvas").focus()
    for key in ("Enter", "ArrowLeft", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(said).to_have_text("Caja 1 de 1: a 33 % de la izquierda, a 40 % de arriba, 32 % de ancho, 10 % de alto")
    for key in ("Delete", "Control+z", "+"):
        page.keyboard.press(key)
    expect(said).to_contain_text("Caja 1 de 1")
    desk.locator("summary").click()
    desk.locator("[data-move=up]").click()
    expect(said).to_contain_text("a 38 % de arriba")
    desk.locator("[data-add]").click()
    expect(said).to_contain_text("Caja 2 de 2")
