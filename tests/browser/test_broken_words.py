"""Names and struck words that a PDF writes apart: found in the page and by the program, in the same places."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from playwright.sync_api import expect

from app.client.cleaning.finding import joined, needs_of
from app.client.cleaning.pdf import draw_pdf
from app.domain.redaction import Engine, KnownIdentity
from app.resources import STATIC
from app.web.assets import Assets
from tests.browser.chromium import Watched
from tests.browser.letters import BROKEN, broken
from tests.portal import RunningPortal

pytestmark = [pytest.mark.node, pytest.mark.long]
PERSON = KnownIdentity("w", "Aurelio", "Bracamontes", "Ik")
_SEEN = """async ([file, addresses]) => {
    const modules = await Promise.all(addresses.map((one) => import(one)))
    const [{ PdfFile }, { joined, needsOf }, { stillSaid, struckWords }, { textEngine }] = modules
    const engine = await textEngine(document.querySelector("#filing").dataset.rules)
    const name = { given: "Aurelio", surname1: "Bracamontes", surname2: "Ik", name: "" }
    const analyse = engine.analyser([{ id: "w", ...name, aliases: [], identifiers: [] }], [], "es")
    const opened = await PdfFile.open(new Blob([Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))]))
    const { words, bitmap } = await opened.draw(1)
    bitmap.close()
    opened.close()
    const said = stillSaid(words, [], struckWords(["Aurelio"], engine.fold), engine.fold)
    return { text: joined(words).text, words, needs: needsOf(analyse, words), said: said.map(({ edges }) => edges) }
}"""


def covered(words: list[dict[str, Any]], boxes: list[dict[str, Any]]) -> list[str]:
    """Return the words, as they stand, that lie under boxes."""
    under = [
        str(word["text"])
        for word in words
        if any(
            box["left"] <= word["left"]
            and box["right"] >= word["right"]
            and box["top"] <= word["top"]
            and box["bottom"] >= word["bottom"]
            for box in boxes
        )
    ]
    return [word.strip("-\u2013") for word in under]


def test_names_and_struck_words_that_a_pdf_writes_apart_are_covered_in_both(
    watched: Watched, shared_portal: RunningPortal
) -> None:
    """Law L2: hyphens, line ends, columns, gaps and spaced letters hide no name from the page or from the program."""
    page = watched.page
    page.goto(f"{shared_portal.url}/file")
    expect(page.locator("#start")).to_be_visible()
    named = ("copies/reader.js", "copies/finding.js", "copies/struck.js", "file/engine.js")
    addresses = [Assets(STATIC).address(name) for name in named]
    engine = Engine([PERSON], (), "es")
    missed = []
    for how in BROKEN:
        file = broken(how)
        seen = page.evaluate(_SEEN, [base64.b64encode(file).decode(), addresses])
        [(_, _, words)] = draw_pdf(file)
        plain = [{"text": word.text, **_edges(word)} for word in words]
        needs = [need._asdict() for need in needs_of(engine, words)]
        kinds = {
            "program": covered(plain, needs),
            "page": covered(seen["words"], seen["needs"]),
            "struck": covered(seen["words"], seen["said"]),
        }
        name = "aureliobracamontes" if "name over" in how else "aurelio"
        for kind, under in kinds.items():
            if "".join(under).lower() not in ({name, "aurelio"} if kind == "struck" else {name}):
                missed.append((how, kind, under, joined(words)[0], seen["text"]))
    assert missed == []


def _edges(word: object) -> dict[str, float]:
    return {name: getattr(word, name) for name in ("left", "top", "right", "bottom")}
