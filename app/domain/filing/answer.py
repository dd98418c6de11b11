"""An answer to a question of the office: a redacted record of its own, in a strict form on both sides."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from app.domain.filing.form import LanguageCode, LongText, RecordEvidence, Salt, Strict, parse_form
from app.domain.paths import leaves, path_text
from app.domain.petition.fields import MAX_ENTRIES


class Answer(Strict):
    """What the office reads of an answer; `question` is the number of the question's event."""

    v: Annotated[int, Field(ge=1, le=1)]
    question: Annotated[int, Field(ge=1)]
    language: LanguageCode
    text: LongText
    evidence: Annotated[list[RecordEvidence], Field(default_factory=list, max_length=MAX_ENTRIES)]
    salt: Salt


def parse_answer(text: str) -> dict[str, Any]:
    """Return the values of an answer's canonical text; raises AdmissionError for another spelling, size or form."""
    return parse_form(Answer, text, "answer")


def free_texts_of_answer(answer: Mapping[str, Any]) -> dict[str, str]:
    """Return the free texts of an answer by path: what the guard reads."""
    texts = {path_text(path): value for path, value in leaves(answer)}
    return {path: text for path, text in texts.items() if path == "text" or path.endswith("title")}
