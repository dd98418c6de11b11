"""Usual questions to petitioners, to start from: in three languages, with *usted*, and each asks for no name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

_FILE = Path(__file__).with_name("question_templates.json")


@dataclass(frozen=True)
class QuestionTemplate:
    """A usual question: its name in a list and its words, each by language."""

    title: Mapping[str, str]
    text: Mapping[str, str]


def _load() -> Mapping[str, QuestionTemplate]:
    entries = json.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({each["code"]: QuestionTemplate(each["title"], each["text"]) for each in entries})


QUESTION_TEMPLATES: Final[Mapping[str, QuestionTemplate]] = _load()
"""By code, in the order in which they are offered."""
