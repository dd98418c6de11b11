"""The published sample lines: each name covered exactly, each other person asked about and not marked."""

import json
from typing import Any

import pytest

from app.domain.redaction import Engine
from app.domain.redaction.model import known_identity
from tests.redaction.synthetic import VECTORS

LINES = [json.loads(line) for line in (VECTORS / "sample.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['id']}-{line['spans'][0]['kind']}")
def test_a_sample_line_is_marked_exactly(line: dict[str, Any]) -> None:
    """The marks are the expected spans, and the decoy person is a question."""
    engine = Engine([known_identity(one) for one in line["known_identities"]], language=line["lang"])
    analysis = engine.analyse(line["text"])
    assert [(mark.start, mark.end) for mark in analysis.marks] == [(one["start"], one["end"]) for one in line["spans"]]
    asked = [(item.start, item.end) for item in analysis.suggestions]
    assert all(
        any(start <= other["start"] and other["end"] <= end for start, end in asked) for other in line["hard_negatives"]
    )
