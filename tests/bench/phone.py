"""A petition of forty pages with fifty witnesses on a slow telephone: its review before filing, and its viewer.

Chromium's CPU throttle slows the page's thread. Long tasks are those above 50 ms; what a person feels is the longest.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.bench.browser import SLOW_DOWN
from tests.bench.rows import Bench, Row
from tests.bench.served import portal_in
from tests.browser.chromium import PHONE, chromium
from tests.browser.filing import Filer
from tests.browser.test_desk import FILES, MANY, PEOPLE, filed
from tests.portal import RunningPortal
from tests.staff import enrol, token_in

WATCH = """() => { window.longest = []
    const note = (list) => list.getEntries().forEach((entry) => window.longest.push(Math.round(entry.duration)))
    new PerformanceObserver(note).observe({ type: "longtask" }) }"""
LONGEST_TASK = 200
"""Milliseconds: what one press may hang."""
NEXT_PAGE = 300
"""Milliseconds until the next page stands there."""
_PARAGRAPH = (
    "El {day} de agosto, al terminar el turno de la tarde, {name} repartió volantes frente a la puerta dos y habló con "
    "la gente de la línea. El supervisor tomó fotos y dijo que la empresa ya sabía quiénes eran. Al día siguiente le "
    "pidieron la credencial y el gafete, y no la dejaron entrar hasta que firmó una hoja en blanco. "
    "Es la única soldadora del turno de noche. "
)
_PRESSES = """() => { window.presses = []
    const note = (list) => list.getEntries().forEach((entry) => window.presses.push(entry.duration))
    new PerformanceObserver(note).observe({ type: "event", durationThreshold: 16 }) }"""
"""The browser's own measure: what finds the button and moves the pointer to it does not count."""
_PAGE = 2500
"""Characters on a written page."""


def phone(bench: Bench) -> list[Row]:
    """Measure what a long petition costs on a telephone, at a quarter of the speed."""
    with portal_in(bench.folder, "phone") as portal, chromium() as browser:
        return [*_review(browser, portal, bench), *_viewer(browser, portal)]


@contextmanager
def _slow(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="es-MX")  # type: ignore[arg-type]  # playwright's own typed dictionary
    page = context.new_page()
    page.set_default_timeout(120_000)
    try:
        yield page
    finally:
        context.close()


def _slow_down(page: Page) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})


def _story(people: list[str]) -> str:
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < MANY * _PAGE:
        number = len(paragraphs)
        paragraphs.append(_PARAGRAPH.format(day=number % 28 + 1, name=people[number % len(people)]))
    return "\n\n".join(paragraphs)


def _review(browser: Browser, portal: RunningPortal, bench: Bench) -> list[Row]:
    """From the button before the review to the review, and what deciding and scrolling cost."""
    people = [f"Testigo{chr(97 + n % 26)}{chr(97 + n // 26)} Ejemplo Muestra" for n in range(PEOPLE)]
    with _slow(browser) as page:
        filer = Filer(page, portal, bench.folder)
        filer.open()
        filer.begin()
        filer.tell(_story(people))
        filer.name(tuple({"name": name} for name in people))
        _slow_down(page)
        page.evaluate(WATCH)
        begun = time.monotonic()
        filer.go_on("review")
        page.wait_for_selector("#review-counter:not(:empty)")
        shown = time.monotonic() - begun
        loaded = _tasks(page)
        for _ in range(20):
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(30)
        decided = _decide(page)
        worked = _tasks(page)
    about = f"{MANY} written pages, {PEOPLE} witnesses, {SLOW_DOWN}× CPU"
    return [
        Row(f"review: until it stands there ({about})", f"{shown:.1f} s", detail=_said(loaded)),
        _longest("review: longest task of scrolling and deciding", worked),
        Row("review: one decision", f"{decided:.0f} ms", f"≤ {NEXT_PAGE} ms", met=decided <= NEXT_PAGE),
    ]


def _decide(page: Page) -> float:
    """Return the slowest of five decisions: milliseconds from the press until what it changed stands on the screen."""
    page.evaluate(_PRESSES)
    for _ in range(5):
        button = page.locator('#review-open [data-do="hide"]').first
        if not button.count():
            break
        button.click()
        page.wait_for_timeout(500)
    found: float = page.evaluate("Math.max(0, ...window.presses)")
    return found


def _viewer(browser: Browser, portal: RunningPortal) -> list[Row]:
    """The copy of forty pages: each next page by the arrow, and what scrolling costs."""
    case, name = filed(portal), "Bea Banco"
    reviewer = enrol(portal, name, "reviewer")
    reviewer.sign_in()
    portal.cli("staff", "assign", name, case)
    at = f"/office/cases/{case}/evidence/1"
    form = {"form_token": token_in(reviewer.client.get(at).text), "purpose": "REVIEW"}
    reviewer.client.post(at, data=form)
    with _slow(browser) as page:
        for cookie in reviewer.client.cookies.jar:
            page.context.add_cookies([{"name": cookie.name, "value": str(cookie.value), "url": portal.url}])
        page.goto(portal.url + at)
        page.wait_for_selector("#viewer")
        _slow_down(page)
        page.evaluate(WATCH)
        for _ in range(60):
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(30)
        page.focus("#viewer")
        page.evaluate("scrollTo(0, 0)")
        turned = max(_turn(page) for _ in range(MANY // 2))
        worked = _tasks(page)
    slowest = f"viewer: next page of {MANY}, slowest, until its picture stands there"
    return [
        _longest(f"viewer: longest task of scrolling and turning ({FILES} files, {SLOW_DOWN}× CPU)", worked),
        Row(slowest, f"{turned:.0f} ms", f"≤ {NEXT_PAGE} ms", met=turned <= NEXT_PAGE),
    ]


def _turn(page: Page) -> float:
    before = page.evaluate("document.activeElement?.id")
    begun = time.monotonic()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => { const here = document.activeElement?.id;"
        "  const picture = document.querySelector(`#${here} ~ .evidence-frame img`);"
        "  return here !== before && (!picture || picture.complete) }",
        arg=before,
    )
    return 1000 * (time.monotonic() - begun)


def _tasks(page: Page) -> list[int]:
    """Return the long tasks since the last call, in milliseconds."""
    found: list[int] = page.evaluate("new Promise((done) => setTimeout(() => done(window.longest.splice(0)), 200))")
    return found


def _said(tasks: list[int]) -> str:
    return f"{len(tasks)} tasks above 50 ms, the longest {max(tasks, default=0)} ms"


def _longest(what: str, tasks: list[int]) -> Row:
    longest = max(tasks, default=0)
    return Row(what, f"{longest} ms", f"≤ {LONGEST_TASK} ms", met=longest <= LONGEST_TASK, detail=_said(tasks))
