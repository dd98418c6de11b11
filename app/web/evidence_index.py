"""Where a copy of evidence is named: in the index of the petition or of an answer, as far as its reader sees them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.entities import CaseId, StaffMember, answer_name
from app.domain.ports import Portal
from app.domain.record_view import EvidenceLine, evidence_of
from app.usecases.read_redacted import read_beside
from app.usecases.show_procedure import show_procedure


@dataclass(frozen=True)
class EvidenceIndex:
    """The index that names a copy, empty where none that is open to the reader does; `question` is an answer's."""

    number: int
    lines: tuple[EvidenceLine, ...] = ()
    question: int = 0

    @property
    def line(self) -> EvidenceLine | None:
        """What it says of the copy."""
        return next((line for line in self.lines if line.copy == self.number), None)

    @property
    def neighbours(self) -> tuple[int, int]:
        """The copies before and after it in the index, 0 where there is none."""
        copies = [0, *(line.copy for line in self.lines if line.copy), 0]
        if self.number not in copies:
            return 0, 0
        at = copies.index(self.number)
        return copies[at - 1], copies[at + 1]


def index_of(
    office: Portal, member: StaffMember, case: CaseId, number: int, record: Mapping[str, Any] | None
) -> EvidenceIndex:
    """Return the index that names a copy; `record` is the petition's, where the reader has it open."""
    found = (each for each in _indexes(office, member, case, number, record) if each.line is not None)
    return next(found, EvidenceIndex(number))


def _indexes(
    office: Portal, member: StaffMember, case: CaseId, number: int, record: Mapping[str, Any] | None
) -> Iterator[EvidenceIndex]:
    if record is not None:
        yield EvidenceIndex(number, evidence_of(record))
    for question in show_procedure(office, member, case).standing.questions:
        answer = read_beside(office, member, case, answer_name(question.number)) if question.answer else None
        if answer is not None:
            yield EvidenceIndex(number, evidence_of(answer), question.number)
