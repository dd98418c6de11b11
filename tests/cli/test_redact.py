"""`resguardo redact`: lines of texts are answered line by line; a petition is shown with its questions."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Run
from tests.filings import PETITIONS
from tests.redaction.synthetic import VECTORS


def test_each_line_is_answered_in_the_published_form(resguardo: Callable[..., Run]) -> None:
    """Id, spans with labels, suggestions with kinds; offsets in code points."""
    run = resguardo("redact", "--jsonl", VECTORS / "sample.jsonl")
    answers = [json.loads(line) for line in run.out.splitlines()]
    expected = [json.loads(line) for line in (VECTORS / "sample.jsonl").read_text(encoding="utf-8").splitlines()]
    assert run.status == 0
    assert [answer["id"] for answer in answers] == [line["id"] for line in expected]
    for answer, line in zip(answers, expected, strict=True):
        assert answer["spans"] == [[one["start"], one["end"], one["label"]] for one in line["spans"]]
        assert all(len(item) == 3 for item in answer["suggestions"])


def test_identifiers_are_read_as_a_list_and_as_a_map(resguardo: Callable[..., Run], tmp_path: Path) -> None:
    """Both forms find the number."""
    text = "en la hoja 88-17-253 y ya"
    known = [
        [{"id": "W", "name": "Ana Ruiz", "identifiers": ["8817253"]}],
        [{"id": "W", "name": {"given": "Ana", "surname1": "Ruiz"}, "identifiers": {"credential": "88 17 253"}}],
    ]
    path = tmp_path / "lines.jsonl"
    lines = [{"id": str(number), "text": text, "known_identities": one} for number, one in enumerate(known)]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    answers = [json.loads(line) for line in resguardo("redact", "--jsonl", path).out.splitlines()]
    assert [answer["spans"][0][:2] for answer in answers] == [[11, 20], [11, 20]]


def test_a_line_that_is_no_text_is_named_and_not_repeated(resguardo: Callable[..., Run], tmp_path: Path) -> None:
    """The answer holds the line's number, not its content."""
    path = tmp_path / "lines.jsonl"
    path.write_text('{"id": "1", "text": "hola"}\nZárate\n', encoding="utf-8")
    run = resguardo("redact", "--jsonl", path)
    assert run.status != 0
    assert "2" in run.err
    assert "Zárate" not in run.err


def test_a_petition_is_shown_redacted_with_its_questions(resguardo: Callable[..., Run]) -> None:
    """No name of a witness is printed; what needs a person is."""
    run = resguardo("redact", PETITIONS / "petition_example_es.yaml")
    assert run.status == 0
    assert "facts.narrative" in run.out
    assert "[TESTIGO-0" in run.out
    assert not any(name in run.out for name in ("Zárate", "Barrientos", "Ollervides", "Chepe", "04417"))
    assert "la coordinadora de las firmas" in run.out


def test_neither_or_both_inputs_are_a_usage_error(resguardo: Callable[..., Run]) -> None:
    """Exactly one of a petition and `--jsonl`."""
    assert resguardo("redact").status == 2
    assert resguardo("redact", PETITIONS / "petition_example_es.yaml", "--jsonl", VECTORS / "sample.jsonl").status == 2
