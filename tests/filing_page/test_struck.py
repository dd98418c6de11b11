"""A word struck in the story is still readable in a copy: what the page finds of it, without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.client.cleaning.frames import Word
from app.client.cleaning.struck import COMMON, still_said, struck_words
from app.resources import STATIC
from tests import node

pytestmark = pytest.mark.node
_SCRIPT = Path(__file__).with_name("struck.mjs")
_AREA = {"left": 10, "top": 20, "right": 1010, "bottom": 1420}


def _word(text: str, line: int, place: int) -> dict[str, Any]:
    left, top = 60 + 110 * place, 100 + 40 * line
    return {"text": text, "left": left, "top": top, "right": left + 100, "bottom": top + 30}


def _said(lines: Sequence[str], struck: Sequence[str], boxes: Sequence[dict[str, int]] = ()) -> list[Any]:
    words = [_word(text, at, place) for at, line in enumerate(lines) for place, text in enumerate(line.split())]
    request = {"words": words, "boxes": list(boxes), "struck": list(struck), "area": _AREA}
    found: list[Any] = node.run(_SCRIPT, request, STATIC=str(STATIC))
    return found


def test_a_struck_phrase_is_found_by_each_of_its_words_in_any_spelling() -> None:
    """Law L2: accents, capitals, marks beside a word and its plural hide nothing; little words are not asked about."""
    lines = (
        "Por los hechos en el área",
        "de ALMACE\N{COMBINING ACUTE ACCENT}N, ocurridos de noche",
        "con dos almacenes",
    )
    found = _said(lines, ["la única de almacén"])
    assert [(key, quote) for _, key, quote, _ in found] == [
        ("almacen", "de ALMACE\N{COMBINING ACUTE ACCENT}N, ocurridos de noche"),
        ("almacen", "con dos almacenes"),
    ]


def test_what_a_box_covers_is_not_asked_about_and_not_quoted() -> None:
    """A covered word is black in the quotation too; a box over half a word covers nothing."""
    lines = ("Rosaura del almacén",)
    whole = {"left": 50, "top": 95, "right": 165, "bottom": 135}
    [(_, _, quote, _)] = _said(lines, ["almacén"], [whole])
    assert quote == "▇▇▇ del almacén"
    word = {"left": 270, "top": 95, "right": 390, "bottom": 135}
    assert _said(lines, ["almacén"], [word]) == []
    assert len(_said(lines, ["almacén"], [{**word, "right": 330}])) == 1


def _said_by_program(lines: Sequence[str], struck: Sequence[str]) -> list[tuple[str, str]]:
    words = [
        Word(text, place[0], place[1], place[2], place[3])
        for at, line in enumerate(lines)
        for number, text in enumerate(line.split())
        for place in [[_word(text, at, number)[edge] for edge in ("left", "top", "right", "bottom")]]
    ]
    return [(one.word, one.key) for one in still_said(words, struck_words(struck)) for _ in one.parts]


def test_the_program_passes_over_the_same_words_as_the_page() -> None:
    """Words that say nothing about anybody are one list in both."""
    found = node.run(_SCRIPT, {}, STATIC=str(STATIC))
    assert set(found) == COMMON


def test_a_struck_word_written_apart_is_found_and_each_part_of_it_covered() -> None:
    """Law L2: at the end of a line, with a gap, letter by letter, over a line: each part is asked about, in both."""
    for lines, parts in (
        (("vive con la sol-", "dadora de noche"), 2),
        (("vive con la sol", "dadora de noche"), 2),
        (("la sol dadora vive",), 2),
        (("es s o l d a d o r a .",), 9),
        (
            (
                "es s o l d a",
                "d o r a y ya",
            ),
            9,
        ),
    ):
        found = _said(lines, ["soldadora"])
        assert [(word, key) for word, key, _, _ in found] == [("soldadora", "soldadora")] * parts, lines
        assert _said_by_program(lines, ["soldadora"]) == [("soldadora", "soldadora")] * parts, lines
    assert _said(("me la quitaron",), ["mela"]) == []


def test_the_box_hides_the_whole_word() -> None:
    """Whole percents are rounded away from the word, never into it."""
    [(_, _, _, box)] = _said(("almacén",), ["almacén"])
    word = _word("almacén", 0, 0)
    across, down = (_AREA["right"] - _AREA["left"]) / 100, (_AREA["bottom"] - _AREA["top"]) / 100
    assert _AREA["left"] + box["x"] * across <= word["left"]
    assert _AREA["left"] + (box["x"] + box["w"]) * across >= word["right"]
    assert _AREA["top"] + box["y"] * down <= word["top"]
    assert _AREA["top"] + (box["y"] + box["h"]) * down >= word["bottom"]
