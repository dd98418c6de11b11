"""The browser's engine and the portal's give the same answer: in Python, under Node.js and in Chromium."""

import json
from pathlib import Path
from random import Random

import pytest
from phonenumbers import is_valid_number, parse
from playwright.sync_api import Browser

from app.domain.redaction.identifiers import _assigned
from app.domain.redaction.normalise import fold
from tests.redaction import conformance, twin

LINES = conformance.read()
CALLS = [("answer", line["case"]) for line in LINES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine with its rules and the test's modules."""
    return twin.assemble(tmp_path_factory.mktemp("twin") / "site")


def _differences(answers: list[object]) -> list[str]:
    pairs = zip(LINES, answers, strict=True)
    return [line["case"]["text"] for line, answer in pairs if line["answer"] != answer]


def test_the_set_covers_languages_kinds_and_questions() -> None:
    """The set is broad enough to mean something: every language, dozens of labels, reasons and guard kinds."""
    marks = {mark[2] for line in LINES for mark in line["answer"]["marks"]}
    asked = {item[3] for line in LINES for item in line["answer"]["suggestions"]}
    assert {line["case"]["language"] for line in LINES} == {"es", "en", "fr"}
    assert len(LINES) >= 600
    assert len(marks) >= 18, marks
    assert len(asked) >= 12, asked


def test_python_answers_the_conformance_set() -> None:
    """The portal's engine answers every case as the set says."""
    assert _differences([json.loads(json.dumps(conformance.answer(line["case"]))) for line in LINES]) == []


@pytest.mark.node
def test_node_answers_the_conformance_set(folder: Path) -> None:
    """The browser's engine under Node.js answers every case as the set says."""
    assert _differences(twin.in_node(folder, CALLS)) == []


@pytest.mark.browser
def test_chromium_answers_the_conformance_set(folder: Path, browser: Browser) -> None:
    """The browser's engine in a worker of Chromium answers every case as the set says."""
    assert _differences(json.loads(twin.in_browser(browser, folder, CALLS))) == []


@pytest.mark.node
def test_fresh_cases_are_answered_alike(folder: Path) -> None:
    """Cases that no file holds are answered alike as well."""
    fresh = list(conformance.cases(Random(7), 160))[-100:]
    ours = [json.loads(json.dumps(conformance.answer(case))) for case in fresh]
    assert twin.in_node(folder, [("answer", case) for case in fresh]) == ours


@pytest.mark.long
@pytest.mark.node
def test_every_character_folds_alike(folder: Path) -> None:
    """All of Unicode folds to the same Latin text in both, whatever version of Unicode each knows."""
    (theirs,) = twin.in_node(folder, [("folds", None)])
    assert theirs == _folds()


def _folds() -> list[int]:
    sums = []
    for first in range(0, 0x110000, 256):
        total = 0
        for code in range(first, first + 256):
            if 0xD800 <= code < 0xE000:
                continue
            text = fold(chr(code)).text
            for one in text:
                if ord(one) < 0x80:
                    total = (total * 31 + code + ord(one)) % 1000003
            total = (total * 31 + len(text)) % 1000003
        sums.append(total)
    return sums


def test_the_telephone_rules_are_those_of_the_library() -> None:
    """The numbers that the data calls assigned are those that the current telephone tables know."""
    random = Random(11)
    drawn = [f"{random.randint(2_000_000_000, 9_999_999_999)}" for _ in range(4000)]
    known = [any(is_valid_number(parse(one, region)) for region in ("MX", "US", "CA")) for one in drawn]
    assert [_assigned(one) for one in drawn] == known
