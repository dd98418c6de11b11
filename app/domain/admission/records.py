"""Readable texts: the record, and the answers to questions (rules 5 and 15)."""

from typing import Any

from app.domain.errors import AdmissionError
from app.domain.filing.answer import free_texts_of_answer, parse_answer
from app.domain.filing.record import free_texts_of_record, parse_record
from app.domain.redaction import guard
from crypto.digest import sha256_hex


def admit_record(text: str, sha256: str) -> dict[str, Any]:
    """Return the redacted record that a manifest names. Raises AdmissionError."""
    if sha256_hex(text.encode()) != sha256:
        raise AdmissionError("record_hash", "record")
    record = parse_record(text)
    _guarded(free_texts_of_record(record))
    return record


def admit_answer(text: str, sha256: str, question: int) -> dict[str, Any]:
    """Return the answer to a question that a manifest names. Raises AdmissionError."""
    if sha256_hex(text.encode()) != sha256:
        raise AdmissionError("record_hash", "answer.record")
    answer = parse_answer(text)
    if answer["question"] != question:
        raise AdmissionError("answers", "answer.question")
    _guarded(free_texts_of_answer(answer))
    return answer


def _guarded(texts: dict[str, str]) -> None:
    hits = guard.check(texts)
    if hits:
        raise AdmissionError("record_guard", hits[0].path, kind=hits[0].kind)
