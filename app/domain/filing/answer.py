"""An answer to a question of the office: a redacted record of its own, in a strict form on both sides."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import rfc8785
from pydantic import Field, ValidationError

from app.domain.errors import AdmissionError
from app.domain.filing.form import MAX_RECORD, LanguageCode, LongText, RecordEvidence, Salt, Strict
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
    value: Any = None
    try:
        data = text.encode()
        value = json.loads(text) if len(data) <= MAX_RECORD else None
        canonical = isinstance(value, dict) and rfc8785.dumps(value) == data
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        canonical = False
    if not canonical:
        raise AdmissionError("record_form", "answer.record")
    try:
        Answer.model_validate(value)
    except ValidationError as error:
        place = path_text(error.errors(include_input=False, include_url=False)[0]["loc"][:4])
    else:
        return dict(value)
    raise AdmissionError("record_field", f"answer.{place}")


def free_texts_of_answer(answer: Mapping[str, Any]) -> dict[str, str]:
    """Return the free texts of an answer by path: what the guard reads."""
    texts = {path_text(path): value for path, value in leaves(answer)}
    return {path: text for path, text in texts.items() if path == "text" or path.endswith("title")}
