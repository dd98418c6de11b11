"""The desk in a real browser: ten copies of evidence read and a case decided by keyboard alone; printed, traced."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pypdfium2
import pytest
import yaml
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.domain.filing import Copy, Review, build, prepare, seal
from app.domain.pages import DOCUMENT
from app.domain.petition import load
from crypto.age import hybrid_recipient
from crypto.keys import standing_keys
from crypto.phrase import words
from crypto.secret import SecretBytes
from tests.browser.chromium import DESKTOP, PHONE, watched_page
from tests.browser.test_story import SHOTS, enrol_and_sign_in, no_sideways_scroll, shoot
from tests.filings import PETITIONS
from tests.portal import RunningPortal, resguardo

pytestmark = [pytest.mark.browser, pytest.mark.long]
ROOT = SecretBytes(bytes(range(16)))
FILES, MANY, PEOPLE = 10, 40, 50
"""Copies of the case, pages of the first of them, witnesses."""
LONGEST_TASK = 200  # milliseconds of the processor at a quarter of the speed: what a scroll may hang, generously


def picture(shade: int) -> bytes:
    """Return a page."""
    stream = io.BytesIO()
    Image.new("L", DOCUMENT, shade).save(stream, "PNG")
    return stream.getvalue()


@dataclass
class Scene:
    """A portal with a trace key, a case with ten copies, and the auditor's key folder."""

    portal: RunningPortal
    case: str
    key: Path


@pytest.fixture
def scene(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> Scene:
    """File a petition with ten copies, one of them of forty pages, and fifty witnesses."""
    portal = new_portal(settings={"RESGUARDO_TRACE_TO": str(hybrid_recipient(standing_keys(ROOT).seed))})
    key = tmp_path / "auditor"
    key.mkdir()
    (key / "words.txt").write_text(" ".join(words(ROOT, "en")))
    return Scene(portal, filed(portal), key)


def filed(portal: RunningPortal) -> str:
    """File the petition over HTTP and return its case."""
    told: dict[str, Any] = yaml.safe_load((PETITIONS / "petition_example_es.yaml").read_text())
    told["evidence"] = [{"id": f"E{n}", "kind": "document", "title": f"Hoja {n}"} for n in range(1, FILES + 1)]
    told["witnesses"] = [{**told["witnesses"][n % 3], "id": f"W{n + 1}"} for n in range(PEOPLE)]
    copies = {f"evidence[{n}]": Copy(n + 1, (picture(100 + n),)) for n in range(1, FILES)}
    copies["evidence[0]"] = Copy(1, tuple(picture(n) for n in range(100, 100 + MANY)))
    settled = Review(load(json.dumps(told, default=str).encode()).petition, "es", os.urandom, copies=copies).settle(
        careful=True
    )
    with httpx2.Client(base_url=portal.url) as client:
        name = client.get("/api/v1/portal").json()["name"]
        prepared = prepare(name, SecretBytes(os.urandom(16)), [], os.urandom)
        sealed = seal(prepared, settled, {}, dict[str, bytes]().__setitem__, os.urandom)
        answer = client.post("/api/v1/petitions", json=build(prepared, settled, sealed).body())
    assert answer.status_code in (200, 201), answer.text
    return prepared.case


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus; nothing is clicked."""
    for _ in range(400):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no keyboard reaches {selector}")


def press(page: Page, selector: str) -> None:
    """Reach something by keyboard and press it."""
    tab_to(page, selector)
    page.keyboard.press("Enter")


def follow(page: Page, selector: str) -> None:
    """Reach something by keyboard, press it, and be on the page to which it leads."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def read_record(page: Page, case: str) -> None:
    """From the queue to the record."""
    page.goto(page.url.split("/office")[0] + f"/office/cases/{case}")
    tab_to(page, "#purpose")
    page.keyboard.press("Space")
    follow(page, 'form[action$="/sitting"] button')
    expect(page.locator("#evidence")).to_be_visible()


def test_a_case_with_ten_files_is_decided_by_keyboard_alone_printed_and_traced(
    browser: Browser, scene: Scene, tmp_path: Path
) -> None:
    """Each copy in turn, a note, a flag, the print with its mark; a draft, a second person; and the code leads back."""
    with watched_page(browser, DESKTOP, locale="es-MX") as watched:
        page = watched.page
        enrol_and_sign_in(page, scene.portal, "Ana Ejemplo", "reviewer")
        assert scene.portal.cli("staff", "assign", "Ana Ejemplo", scene.case).returncode == 0
        read_record(page, scene.case)
        follow(page, 'form[action$="/evidence/1"] button')
        leafs_through(page)
        points(page, scene)
        code = prints(page, tmp_path)
        for number in range(2, FILES + 1):
            tab_to(page, "#viewer")
            with page.expect_navigation():
                page.keyboard.press("]")
            page.wait_for_url(f"**/evidence/{number}")
        tab_to(page, "#viewer")
        with page.expect_navigation():
            page.keyboard.press("[")
        page.wait_for_url(f"**/evidence/{FILES - 1}")
        flags(page, scene)
        drafts(page, scene)
        approves(browser, scene)
        leads_back(scene, code, tmp_path)


def leafs_through(page: Page) -> None:
    """Pages by arrows, sizes by plus and minus, the record beside; the mark stands on each."""
    tab_to(page, "#viewer")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "page-4"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.id") == "page-3"
    page.keyboard.press("+")
    expect(page.locator("#viewer")).to_have_class(re.compile("zoom-150"))
    no_sideways_scroll(page)
    page.keyboard.press("0")
    expect(page.locator("#page-3 ~ .evidence-frame img")).to_have_js_property("complete", True)
    page.goto(page.url.split("#")[0].split("?")[0] + "?beside=1")
    expect(page.locator(".desk-record #facts")).to_be_visible()
    no_sideways_scroll(page)
    page.screenshot(path=SHOTS / "desk-beside-es.png")
    page.goto(page.url.split("?")[0])


def points(page: Page, scene: Scene) -> None:
    """A note at a place of page 2: numbered on the page, its words below it."""
    press(page, 'details[data-page="2"] > summary')
    tab_to(page, "#across-page-2")
    page.keyboard.type("40")
    tab_to(page, "#words-page-2")
    page.keyboard.type("El sello es ilegible.")
    follow(page, 'details[data-page="2"] button:not([formaction])')
    page.wait_for_url("**#page-2")
    follow(page, 'form[action$="/notes/sitting"] button')
    page.goto(f"{scene.portal.url}/office/cases/{scene.case}/evidence/1#page-2")
    expect(page.locator(".pins text")).to_have_text("1")
    expect(page.locator("#note-1")).to_contain_text("ilegible")


def prints(page: Page, folder: Path) -> str:
    """Print the copy: every page of it and the mark on each sheet; return the code."""
    code = page.locator(".reading .code").inner_text()
    pdf = pypdfium2.PdfDocument(page.pdf(format="Letter"))
    texts = [pdf[number].get_textpage().get_text_range() for number in range(len(pdf))]
    (folder / "print.pdf").write_bytes(page.pdf(format="Letter"))
    assert MANY < len(texts) <= MANY + 2, len(texts)  # one sheet a page
    assert all(code in text for text in texts), [number for number, text in enumerate(texts) if code not in text]
    assert sum(text.count(code) for text in texts) >= 3 * MANY  # the sheet's head, and the two strips of each page
    return code


def flags(page: Page, scene: Scene) -> None:
    """A flag that holds: raised by keyboard, and the copy is closed at once."""
    press(page, 'details[data-page="1"] > summary')
    tab_to(page, "#words-page-1")
    page.keyboard.type("Una cara en la ventana.")
    follow(page, 'details[data-page="1"] button[formaction]')
    page.wait_for_url("**/flag")
    no_sideways_scroll(page)
    shoot(page, "desk-flag-es")
    follow(page, 'button[name="act"]')
    page.wait_for_url("**#questions")
    shoot(page, "desk-card-flag-es")
    closed = page.request.get(f"{scene.portal.url}/office/cases/{scene.case}/evidence/{FILES - 1}")
    assert closed.status == 409


def drafts(page: Page, scene: Scene) -> None:
    """D0 is entered and a refusal drafted, from the card; whoever drafts finds no way to approve."""
    card = f"{scene.portal.url}/office/cases/{scene.case}"
    page.goto(card)
    press(page, "details:has(#acknowledge_for-day) > summary")
    tab_to(page, "#acknowledge_for-day")
    page.keyboard.type("03032024")  # the same whether the browser writes the day or the month first
    tab_to(page, "#acknowledge_for-reference")
    page.keyboard.type("OTLA-10")
    tab_to(page, "#acknowledge_for-reason")
    page.keyboard.type("Consta en el acuse.")
    follow(page, "details:has(#acknowledge_for-day) button")
    press(page, 'details:has(input[name="outcome"]) > summary')
    tab_to(page, 'input[name="outcome"]')
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#codes")
    page.keyboard.press("Space")
    follow(page, 'form[action$="/decision"] button')
    tab_to(page, "#day")
    page.keyboard.type("04042024")
    no_sideways_scroll(page)
    follow(page, 'form[action$="/decision"] button')
    expect(page.locator("#decision ~ .calm")).to_be_visible()
    assert page.locator('form[action$="/approval"]').count() == 0
    shoot(page, "desk-draft-es")


def approves(browser: Browser, scene: Scene) -> None:
    """A second person reads record and draft, and approves: also by keyboard."""
    with watched_page(browser, DESKTOP, locale="es-MX") as watched:
        page = watched.page
        enrol_and_sign_in(page, scene.portal, "Beto Segundo", "reviewer")
        assert scene.portal.cli("staff", "assign", "Beto Segundo", scene.case).returncode == 0
        read_record(page, scene.case)
        page.goto(f"{scene.portal.url}/office/cases/{scene.case}")
        follow(page, 'form[action$="/approval"] button')
        expect(page.locator('form[action$="/approval"]')).to_have_count(0)
        expect(page.locator("#decision")).to_be_visible()
        shoot(page, "desk-decided-es")


def leads_back(scene: Scene, code: str, folder: Path) -> None:
    """Operator's file and auditor's key together say which sitting it was; another key says nothing."""
    today = datetime.now(UTC).date()  # or yesterday, for whoever read shortly before midnight
    since, until = (today - timedelta(days=1)).isoformat(), today.isoformat()
    made = scene.portal.cli("marks", folder / "marks.age", "--since", since, "--until", until)
    assert made.returncode == 0, made.stderr
    found = resguardo("trace", code, "--marks", folder / "marks.age", "--key", scene.key, "--json")
    assert found.returncode == 0, found.stderr
    assert '"reader": "Ana Ejemplo"' in found.stdout
    assert '"record": "evidence-1/1"' in found.stdout
    assert resguardo("key", "new", "--out", folder / "other").returncode == 0
    other = resguardo("trace", code, "--marks", folder / "marks.age", "--key", folder / "other")
    assert (other.returncode, "Ana" in other.stdout) == (2, False)


def test_forty_pages_and_fifty_witnesses_stay_smooth_on_a_slow_phone(browser: Browser, scene: Scene) -> None:
    """At a quarter of the speed no task of scrolling or turning is long; nothing is wider than the screen."""
    with watched_page(browser, PHONE, locale="es-MX") as watched:
        page = watched.page
        enrol_and_sign_in(page, scene.portal, "Bea Ejemplo", "reviewer")
        assert scene.portal.cli("staff", "assign", "Bea Ejemplo", scene.case).returncode == 0
        read_record(page, scene.case)
        no_sideways_scroll(page)
        follow(page, 'form[action$="/evidence/1"] button')
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.reload()
        no_sideways_scroll(page)
        page.screenshot(path=SHOTS / "desk-phone-es.png")
        browser.start_tracing(page=page, categories=["toplevel", "disabled-by-default-thread_time"])
        for _ in range(60):
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(30)
        page.focus("#viewer")
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        long = longest_tasks(json.loads(browser.stop_tracing()))
        print("longest tasks at 4x:", long[:5])
        assert len(long) > 100, "the trace has them"
        assert sum(each > LONGEST_TASK for each in long) <= 1


def longest_tasks(trace: dict[str, Any]) -> list[int]:
    """Return what the tasks of a page's main thread took of the processor, in milliseconds, the longest first.

    Time on the clock would be that of the machine's other work, too.
    """
    events = trace["traceEvents"]
    named = [each for each in events if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"]
    main = {(each["pid"], each["tid"]) for each in named}
    tasks = [each for each in events if each["name"].endswith("RunTask") and (each["pid"], each["tid"]) in main]
    return sorted((round(each["tdur"] / 1000) for each in tasks if "tdur" in each), reverse=True)
