"""The strict form of a redacted record: the same on the device that builds it and at the portal that admits it.

Whatever is not named here is refused, so that a changed client cannot smuggle a field past the reader of this file.
"""

import json
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from app.domain.errors import AdmissionError
from app.domain.paths import path_text
from app.domain.petition.fields import MAX_ENTRIES, MAX_LINE, MAX_NARRATIVE, MAX_TEXT
from crypto.canonical import CanonicalizationError, canonical_json

MAX_RECORD = 4 * 1024 * 1024
"""Bytes of a whole record."""
SALT_BYTES = 32
"""Random bytes in each record, so that nobody guesses a destroyed one by its hash, which manifests go on naming."""

# Labels may be longer than what they stand for: a redacted text has twice the room of a written one.
Line = Annotated[str, StringConstraints(max_length=2 * MAX_LINE)]
Text = Annotated[str, StringConstraints(max_length=2 * MAX_TEXT)]
LongText = Annotated[str, StringConstraints(max_length=2 * MAX_NARRATIVE)]
DateText = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2})?$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Salt = Annotated[str, StringConstraints(pattern=rf"^[0-9a-f]{{{2 * SALT_BYTES}}}$")]
Count = Annotated[int, Field(ge=0, le=10**9)]
CopyNumber = Annotated[int, Field(ge=1, le=MAX_ENTRIES)]
Many = Field(max_length=MAX_ENTRIES)
Lines = Annotated[list[Line], Many]


class Strict(BaseModel):
    """Types as they are, no field beyond the named ones, no value in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


Form = TypeVar("Form", bound=Strict)


def read_form(form: type[Form], value: Any, within: str = "") -> Form:
    """Return values in a strict form; raises AdmissionError naming the first field that is not accepted."""
    try:
        return form.model_validate(value)
    except ValidationError as error:
        place = path_text(error.errors(include_input=False, include_url=False)[0]["loc"][:4])
    raise AdmissionError("record_field", f"{within}.{place}" if within else place)


def parse_form(form: type[Strict], text: str, within: str = "") -> dict[str, Any]:
    """Return the values of a canonical text; raises AdmissionError for another spelling, size or form.

    `within` is the part of a filing that the text belongs to, for the field that an error names.
    """
    value: Any = None
    try:
        data = text.encode()
        value = json.loads(text) if len(data) <= MAX_RECORD else None
        canonical = isinstance(value, dict) and canonical_json(value) == data
    except (ValueError, RecursionError, CanonicalizationError):
        canonical = False
    if not canonical:
        raise AdmissionError("record_form", f"{within}.record" if within else "record")
    read_form(form, value, within)
    return dict(value)


class RecordFacility(Strict):
    """The workplace."""

    legal_name: Line | None = None
    trade_name: Line | None = None
    rfc: Line | None = None
    address: Line | None = None
    municipality: Line
    state: Line
    postal_code: Line | None = None
    country: Line
    headcount: Count | None = None


class RecordBasis(Strict):
    """Why the facility is covered."""

    traded: bool | None = None
    competes: bool | None = None
    detail: Text | None = None
    burden_note: Text | None = None


class RecordSector(Strict):
    """The priority sector."""

    class_: Line | None = Field(default=None, alias="class")
    subsector: Line | None = None


class RecordOwnership(Strict):
    """The parent and its other facilities."""

    parent: Line | None = None
    other_facilities: Lines = []
    prior_cases: Lines = []


class RecordTrade(Strict):
    """Products and customers."""

    products: Lines = []
    us_customers: Lines = []
    hts_codes: Lines = []


class RecordUnion(Strict):
    """A union by its public name and numbers."""

    name: Line | None = None
    registry: Line | None = None
    cba_number: Line | None = None


class RecordUnionEvent(Strict):
    """Something on record about the unions."""

    date: DateText | None = None
    kind: Line | None = None
    note: Text | None = None


class RecordUnions(Strict):
    """The unions at the facility."""

    incumbent: RecordUnion | None = None
    former_incumbent: RecordUnion | None = None
    petitioning: RecordUnion | None = None
    other: Annotated[list[RecordUnion], Many] = []
    events: Annotated[list[RecordUnionEvent], Many] = []


class RecordTimelineEntry(Strict):
    """One dated fact."""

    date: DateText | None = None
    what: Text | None = None


class RecordFacts(Strict):
    """What happened, redacted."""

    period_from: DateText | None = None
    period_to: DateText | None = None
    summary: Text | None = None
    timeline: Annotated[list[RecordTimelineEntry], Many] = []
    narrative: LongText | None = None


class RecordPetitioner(Strict):
    """An organization by name, or a person as a label."""

    id: Line | None = None
    name: Line
    type: Line | None = None
    country: Line | None = None
    lead: bool | None = None
    public: bool


class RecordContact(Strict):
    """An organization's contact."""

    petitioner: Line | None = None
    language: LanguageCode | None = None
    email: Line | None = None
    phone: Line | None = None
    postal: Line | None = None
    channel: Line | None = None
    safe_hours: Line | None = None


class RecordEvidence(Strict):
    """A line of the evidence index; `date` only where its author asked for the day, `copy` where one can be read."""

    id: Line | None = None
    kind: Line | None = None
    title: Text | None = None
    month: Month | None = None
    date: DateText | None = None
    contains_person_data: bool | None = None
    copy_: CopyNumber | None = Field(default=None, alias="copy")


class RecordAttestation(Strict):
    """What the organizations attest, in merged form."""

    count: Count | None = None
    role_classes: Annotated[dict[Line, Count], Many] = {}
    current_workers: Count | None = None
    statement: Text | None = None


class RecordRemedy(Strict):
    """What is asked for."""

    kind: Line | None = None
    detail: Text | None = None


class RecordProceeding(Strict):
    """Another proceeding."""

    body: Line | None = None
    note: Text | None = None
    date: DateText | None = None


class RecordUrgency(Strict):
    """Why it cannot wait."""

    reason: Line | None = None
    date: DateText | None = None
    note: Text | None = None


class Record(Strict):
    """The whole redacted record, version 1."""

    v: Annotated[int, Field(ge=1, le=1)]
    salt: Salt
    language: LanguageCode
    facility: RecordFacility
    covered_basis: RecordBasis | None = None
    priority_sector: RecordSector | None = None
    ownership: RecordOwnership | None = None
    trade: RecordTrade | None = None
    denial_types: Lines = []
    laws: Lines = []
    unions: RecordUnions | None = None
    facts: RecordFacts
    petitioners: Annotated[list[RecordPetitioner], Many] = []
    contact: RecordContact | None = None
    evidence: Annotated[list[RecordEvidence], Many] = []
    witness_attestation: RecordAttestation | None = None
    remedy: Annotated[list[RecordRemedy], Many] = []
    proceedings: Annotated[list[RecordProceeding], Many] = []
    urgency: RecordUrgency | None = None
    business_confidential: Lines = []
    translations: Annotated[dict[LanguageCode, Annotated[dict[Line, LongText], Many]], Many] = {}
