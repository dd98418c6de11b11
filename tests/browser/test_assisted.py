"""The assisted pages in a real Chromium with scripts switched off: from the limits to the receipt, and away again."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.chromium import PHONE
from tests.portal import RunningPortal

pytestmark = pytest.mark.browser


def press(page: Any, words: str) -> None:
    """Press a button by what it says, with the keyboard alone."""
    page.get_by_role("button", name=words, exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_petition_without_scripts(new_portal: Callable[..., RunningPortal], browser: Browser) -> None:
    """A phone, Spanish, no script, every button by keyboard; after leaving, going back shows and sends nothing."""
    portal = new_portal(settings={"RESGUARDO_ASSISTED": "on"})
    context = browser.new_context(viewport=PHONE, locale="es-MX", java_script_enabled=False)  # type: ignore[arg-type]  # playwright's own typed dictionary
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{portal.url}/assisted")
    press(page, "Ya lo leí: empezar")
    press(page, "El centro de trabajo")
    page.fill("#workplace-name", "Autopartes Ejemplo del Bajío, S.A. de C.V.")
    page.fill("#workplace-municipality", "San Francisco del Rincón")
    page.select_option("#workplace-state", "Guanajuato")
    with page.expect_navigation():
        page.locator("#workplace-name").press("Enter")  # the first button is the one that goes on
    page.fill("#story-happened", "Nos amenazaron.\n\nDespidieron a la única soldadora de la noche.")
    press(page, "Guardar y seguir")
    page.get_by_label("Amenazas o presiones").check()
    press(page, "Guardar y seguir")
    press(page, "Seguir")
    press(page, "Añadir una")
    page.fill("#proof-title", "Carta de despido")
    press(page, "Guardar y seguir")
    press(page, "Volver a la lista")
    press(page, "Revisar y seguir")
    assert "Despidieron a la única soldadora" in page.inner_text("main")
    press(page, "Seguir")
    for name in {at.get_attribute("name") for at in page.locator("fieldset.judge input").all()}:
        page.locator(f'input[name="{name}"][value="redact"]').check()
    press(page, "Guardar y seguir")
    assert "soldadora de la noche" not in page.inner_text("article")
    press(page, "Seguir")
    words = page.locator("ol.twelve li").all_inner_texts()
    assert len(words) == 12
    press(page, "Ya las copié")
    for box in page.locator('input[name^="word-"]').all():
        box.fill(words[int((box.get_attribute("name") or "")[5:]) - 1])
    press(page, "Seguir")
    data = b"%PDF-1.7 \r\n--x\r\n" * 200_000
    page.set_input_files("#file-1", {"name": 'carta "ñ".pdf', "mimeType": "application/pdf", "buffer": data})
    press(page, "Presentar ahora")
    assert "Tu petición está presentada" in page.inner_text("h1")
    link = page.get_attribute('a[download="case.json"]', "href") or ""
    assert b"resguardo/case/v1" in b64decode(link.partition("base64,")[2])
    with page.expect_navigation():
        page.get_by_role("link", name="Terminar y salir").click()
    assert "Ya saliste" in page.inner_text("h1")
    assert all(line.startswith("Clear-Site-Data") for line in said)  # Chromium says what it cleared
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the browser kept nothing, and sends nothing unasked
        page.go_back()
    context.close()
