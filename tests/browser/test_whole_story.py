"""Filed, asked, answered, decided, opened: by pages alone, on a phone and at a desk, in each language, light and dark.

`RESGUARDO_PICTURES=1` writes the pictures of the Spanish story, light and on a phone, into docs/pictures.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.i18n import LANGUAGES
from tests.assets import built
from tests.browser.chromium import DESKTOP, PHONE, watched_page
from tests.browser.filing import NAMES, Filer
from tests.browser.test_filing_page import objections
from tests.browser.test_my_answer import settle
from tests.browser.test_story import no_sideways_scroll, shoot
from tests.portal import RunningPortal
from tests.staff import enrol
from tests.stories.desks import BrowserDesk

pytestmark = [pytest.mark.node, pytest.mark.long]
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LOOKED_AT = ("mycase", "answer", "reasons")
"""Pages of My case that axe looks at, in each language, light and dark."""
KEPT = ("review", "receipt", "record", "answer", "reasons")
LOCALES = {"es": "es-MX", "en": "en-US", "fr": "fr-CA"}
QUESTION = "¿Qué día fue el despido?"
ANSWER = "Fue el 11 de agosto, a las siete. Lo vio Heriberto Prueba."
NOT_MET, CURE = "Faltan pruebas de la fecha.", "Un recibo de nómina de agosto."


@dataclass
class Story:
    """The people, their pages, and the case."""

    filer: Filer
    first: BrowserDesk
    second: BrowserDesk
    look: str
    case: str = ""
    question: str = ""
    scenes: list[str] = field(default_factory=list)

    def office(self, path: str = "") -> str:
        """Return the address of a page of the case at the office."""
        return f"/office/cases/{self.case}{path}"

    def keep(self, page: Page, scene: str) -> None:
        """Look at a scene: nothing is wider than the screen; a picture is kept."""
        no_sideways_scroll(page)
        if scene in LOOKED_AT:
            assert objections(page) == []
        self.scenes.append(scene)
        shoot(page, f"story-{len(self.scenes):02}-{scene}-{self.look}")
        if os.environ.get("RESGUARDO_PICTURES") and self.look == "es-light" and scene in KEPT:
            PICTURES.mkdir(exist_ok=True)
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=PICTURES / f"{scene}.png")

    # --- the scenes

    def filed(self) -> None:
        """A worker's colleague files on a phone."""
        filer = self.filer
        filer.open()
        self.keep(filer.page, "begin")
        filer.begin()
        filer.tell()
        filer.name()
        self.keep(filer.page, "evidence")
        filer.go_on("review")
        expect(filer.page.locator("#review-counter")).not_to_be_empty()
        self.keep(filer.page, "review")
        filer.decide()
        filer.keep_key()
        filer.send()
        self.keep(filer.page, "receipt")
        self.case = filer.take_all()

    def asked(self) -> None:
        """A reviewer reads the redacted record and asks."""
        for desk in (self.first, self.second):
            assigned = self.filer.portal.cli("staff", "assign", desk.person.name, self.case)
            assert assigned.returncode == 0, assigned.stderr
            desk.sign_in()
        self.keep(self.first.page, "queue")
        self.first.submit(self.office(), "/sitting", {"purpose": "REVIEW"})
        record = self.first.look(self.office("/record"))
        assert not [name for name in NAMES if name in record]
        self.keep(self.first.page, "record")
        until = (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=9)).isoformat()
        asked = {"text": QUESTION, "language": "es", "until": until}
        self.first.submit(self.office("/question"), "/question", asked, ("act", "preview"))
        self.first.submit("", "/question", {}, ("act", "send"))

    def opened(self) -> None:
        """The petitioner signs in with the words on the phone."""
        page = self.filer.page
        page.goto(f"{self.filer.portal.url}/mycase")
        page.wait_for_selector("#door:not([hidden])")
        page.fill("#number", self.case)
        page.select_option("#way", "words")
        page.fill("#words", " ".join(self.filer.words))
        page.click("#open")
        page.wait_for_selector("#case:not([hidden])")
        page.wait_for_selector("#history > li")

    def answered(self) -> None:
        """The question is answered in the page."""
        page = self.filer.page
        page.click("#questions-fetch")
        page.locator("#questions [data-answer]").last.click()
        page.wait_for_selector("#answer:not([hidden])")
        self.question = re.findall(r"\d+", page.locator("#answer-question h3").inner_text())[0]
        page.fill("#answer-text", ANSWER)
        self.keep(page, "answer")
        settle(page)
        page.click("#send-now")
        page.wait_for_selector("#sent:not([hidden])")

    def decided(self) -> None:
        """One reviewer reads the answer and drafts; a second person approves."""
        answer = f"/answers/{self.question}"
        self.first.submit(self.office(answer), answer, {"purpose": "REVIEW"})
        assert "a las siete" in self.first.page.content()
        self.first.look(self.office("/decision?outcome=DECLINE&INSUFFICIENT_EVIDENCE=on"))
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        words = {f"{name}-{each}": text for name, text in (("not_met", NOT_MET), ("cure", CURE)) for each in LANGUAGES}
        self.first.submit("", "/decision", {"day": today, **words})
        self.second.submit(self.office(), "/approval", {})
        self.keep(self.second.page, "decided")


@pytest.fixture
def told(browser: Browser, tmp_path: Path) -> Iterator[Callable[[str, bool], Story]]:
    """Set the scene in a language, light or dark: an office's own portal, a phone, two desks."""
    built()
    portal = RunningPortal(tmp_path / "data", settings={"RESGUARDO_DEPLOYMENT": "office"}).start()
    with ExitStack() as stack:
        stack.callback(portal.stop)

        def tell(language: str, dark: bool) -> Story:
            def page(size: dict[str, int]) -> Page:
                context = watched_page(browser, size, locale=LOCALES[language], dark=dark)
                return stack.enter_context(context).page

            first = BrowserDesk(enrol(portal, "Ana Historia", "reviewer"), page(DESKTOP), portal.url)
            second = BrowserDesk(enrol(portal, "Luis Historia", "coordinator"), page(DESKTOP), portal.url)
            look = f"{language}-{'dark' if dark else 'light'}"
            return Story(Filer(page(PHONE), portal, tmp_path), first, second, look)

        yield tell


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_from_the_first_word_to_the_answer(
    language: str, dark: bool, told: Callable[[str, bool], Story]
) -> None:
    """No console message, nothing sideways, no name at the office; the reasons reach the petitioner."""
    story = told(language, dark)
    story.filed()
    story.asked()
    story.opened()
    story.keep(story.filer.page, "mycase")
    story.answered()
    story.decided()
    story.opened()
    assert CURE in story.filer.page.locator("#case").inner_text()
    story.keep(story.filer.page, "reasons")
    seen = [*story.first.seen, *story.second.seen]
    assert [page[:200] for page in seen if any(name in page for name in NAMES)] == []
