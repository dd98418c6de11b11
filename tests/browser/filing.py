"""A person with a phone who files on the guided page: what they press and type, step by step."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.portal import RunningPortal, resguardo

WITNESSES = ({"name": "Rosaura Ejemplo Muestra", "statement": "Vi la lista negra."}, {"name": "Heriberto Prueba"})
STORY = (
    "El 11 de agosto Rosaura Ejemplo juntó firmas en la línea. Es la única soldadora del turno de noche.\n\n"
    "El jefe la amenazó y luego despidieron a Heriberto Prueba. Le dijeron: «no vas a encontrar trabajo»."
)
NAMES = ("Rosaura", "Heriberto", "rosaura")
PHRASE = "cuatro gatos leen despacio"
HIDDEN_NOTE = b"LATITUD 21.0190 LONGITUD -101.2574"
KEY_NAME = r"(llave|key|cle)-[a-z0-9]{4}\.age"
CASE_NAME = r"(caso|case|dossier)-[a-z0-9]{4}\.json"
"""What the files are called that a person saves: what they are, in their language, and nothing of the portal."""
_DRAW = """() => {
    const canvas = document.createElement('canvas')
    canvas.width = 900; canvas.height = 600
    const pen = canvas.getContext('2d')
    pen.fillStyle = '#cc8855'; pen.fillRect(0, 0, 900, 600)
    return canvas.toDataURL('image/jpeg').split(',')[1]
}"""


def photo(page: Page) -> bytes:
    """Return a JPEG that carries a place in a comment, as a phone's camera writes it."""
    plain = base64.b64decode(page.evaluate(_DRAW))
    comment = b"\xff\xfe" + (len(HIDDEN_NOTE) + 2).to_bytes(2, "big") + HIDDEN_NOTE
    return plain[:2] + comment + plain[2:]


def cover_middle(card: Locator) -> None:
    """Cover what stands just above the middle of a file's picture, without drawing."""
    card.locator(".file-more > summary").click()
    card.locator("[data-cover]").click()
    card.locator("[data-covering] summary").click()
    card.locator("[data-add]").click()
    card.locator("[data-done]").click()


@dataclass
class Filer:
    """The person, the page and what they took along."""

    page: Page
    portal: RunningPortal
    folder: Path
    words: list[str] = field(default_factory=list)

    def open(self, path: str = "/file") -> None:
        """Open the page and wait until it has checked itself."""
        self.page.goto(self.portal.url + path)
        self.page.wait_for_selector("#start:not([hidden])")

    def go_on(self, to: str) -> None:
        """Press the step's first button."""
        self.press()
        self.arrive(to)

    def press(self) -> None:
        """Press the step's first button; where it says what would help, once more."""
        step = self.page.locator("section[data-step]:not([hidden])").get_attribute("id")
        button = self.page.locator(f'#{step} [data-go="1"]')
        button.click()
        said = f"#{step} :is([data-missing]:not([hidden]), #story-check:focus, [data-problems]:not([hidden]))"
        self.page.wait_for_selector(f"#{step}[hidden], {said}", state="attached")
        if self.page.locator(f"#{step} [data-missing]").count():
            button.click()

    def arrive(self, at: str) -> None:
        """Wait for a step; opening a draft takes a busy machine long."""
        self.page.wait_for_selector(f"#{at}:not([hidden])")

    def begin(self, draft: str = "") -> None:
        """Say whose phone it is."""
        if draft:
            self.page.check("#draft-keep")
            self.page.fill("#draft-new", draft)
        self.go_on("place")

    def tell(self, story: str = STORY) -> None:
        """Answer the questions about the workplace and what happened."""
        page = self.page
        page.fill("#f-place-name", "Autopartes Ejemplo del Bajío, S.A. de C.V.")
        page.fill("#f-place-municipality", "Silao")
        page.select_option("#f-place-state", "Guanajuato")
        self.go_on("story")
        page.fill("#f-story-since", "2025-08")
        page.fill("#f-story-narrative", story)
        self.leave_story()
        self.tick("denials", "UNION_DISMISSAL")
        self.tick("remedies", "reinstatement")
        self.go_on("witnesses")
        page.check('[data-field="who.kind"][value="nobody"]')

    def leave_story(self) -> None:
        """Go on; where a phrase tells who somebody is, the page asks, and whoever goes on decides later."""
        self.press()
        self.page.wait_for_selector("#what:not([hidden]), #story-check:focus")
        if self.page.locator("#story:visible").count():
            self.go_on("what")

    def tick(self, list_name: str, code: str) -> None:
        """Tick what was done or is asked for; what the story does not tell of is in the fold."""
        box = self.page.locator(f'[data-list="{list_name}"][value="{code}"]')
        if not box.is_visible():
            self.page.locator("#what fieldset", has=box).locator("summary").click()
        box.check()

    def name(self, witnesses: tuple[Mapping[str, str], ...] = WITNESSES) -> None:
        """Name the witnesses."""
        for place, witness in enumerate(witnesses):
            self.page.click("#witness-add")
            card = self.page.locator("#witness-list > li").nth(place)
            for part, text in witness.items():
                if part not in ("name", "aliases") and not card.locator("details[open]").count():
                    card.locator("summary").click()
                card.locator(f'[data-part="{part}"]').fill(text)
        self.go_on("evidence")

    def show(self, content: bytes, name: str = "rosaura y su gafete.jpg") -> None:
        """Add a photo under a name that says too much, cover its middle, give it a title."""
        self.page.set_input_files("#evidence-file", {"name": name, "mimeType": "image/jpeg", "buffer": content})
        card = self.page.locator("#evidence-list > li")
        card.locator('[data-part="title"]').fill("Foto de la lista")
        cover_middle(card)
        self.go_on("review")

    def decide(self, how: str = "hide") -> int:
        """Settle every open place alike and go on; return how many there were."""
        count = self.settle(how)
        self.go_on("keys")
        return count

    def settle(self, how: str = "hide") -> int:
        """Settle every open place alike; return how many there were."""
        expect(self.page.locator("#review-counter")).not_to_be_empty()
        button = self.page.locator(f'#review-open [data-do="{how}"]')
        count = 0
        while button.count():
            button.click()
            count += 1
        return count

    def keep_key(self) -> Path:
        """Look at the words, then save the key under a phrase and go on without a second person."""
        page = self.page
        if not page.locator("#key-way").is_visible():
            page.locator("#key-ways > summary").click()
        page.select_option("#key-way", "words")
        page.wait_for_selector("#words li")
        self.words = page.locator("#words li").all_inner_texts()
        page.select_option("#key-way", "file")
        if page.locator("#key-other").is_visible():
            page.click("#key-other")
        page.fill("#key-phrase", PHRASE)
        page.fill("#key-again", PHRASE)
        path = self.take("#key-save", KEY_NAME)
        page.wait_for_function("!document.querySelector('#key-save').disabled")
        self.go_on("send")
        return path

    def send(self) -> None:
        """Seal and send, and wait for the receipt."""
        self.page.click("#send-now")
        self.arrive("done")

    def take(self, button: str, name: str) -> Path:
        """Press a button that hands over a file, and keep it under its own name, which is like a pattern."""
        with self.page.expect_download() as given:
            self.page.click(button)
        own = given.value.suggested_filename
        assert re.fullmatch(name, own), own
        given.value.save_as(self.folder / own)
        return self.folder / own

    def take_all(self) -> str:
        """Save what the receipt page offers, with one press; return the case's number."""
        self.take("#save-case", CASE_NAME)
        self.page.locator("#done details > summary").click()
        return self.page.locator("#done-facts dd").first.inner_text()

    def opened(self, key: Path, phrase: str = "") -> str:
        """Return what the program shows of the case with a key."""
        files = self.folder / f"files-{key.stem}"
        environment = {**os.environ, "RESGUARDO_PASSPHRASE": phrase}
        done = resguardo("open", "--case", self.folder, "--key", key, "--files", files, environment=environment)
        assert done.returncode == 0, (done.stdout, done.stderr)
        return str(done.stdout)
