"""The content model of a Rapid Response petition (domain reference, section 3).

Every field may be absent here: what is needed at least is checked after reading (`loading`), the rest is advice.
An unknown field is refused, since a misspelt `witneses:` would otherwise travel as if it were harmless.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.domain.petition import vocabulary
from app.domain.petition.fields import (
    Country,
    DateText,
    Entries,
    Flag,
    Group,
    Identifiers,
    Language,
    Line,
    Lines,
    LongText,
    Mark,
    Number,
    OpenGroup,
    Percent,
    Text,
    is_yes_or_no,
)


class Part(BaseModel):
    """A group of fields; an unknown one is refused, and errors never repeat what was written."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Item(Part):
    """A group of fields that can be flagged as a whole."""

    business_confidential: Flag | None = None
    personal_identity: Flag | None = None


class Facility(Item):
    """The workplace accused."""

    legal_name: Line | None = None
    trade_name: Line | None = None
    rfc: Line | None = None
    address: Line | None = None
    municipality: Line | None = None
    state: Line | None = None
    postal_code: Line | None = None
    country: Country | None = None
    headcount: Number | None = None


class CoveredBasis(Item):
    """Why the facility is covered: limb (i) traded, limb (ii) competes."""

    traded: Flag | None = None
    competes: Flag | None = None
    detail: Text | None = None
    burden_note: Text | None = None


class PrioritySector(Item):
    """The treaty's sector; `class` is manufactured_goods, services or mining."""

    class_: Line | None = Field(default=None, alias="class")
    subsector: Line | None = None


class Ownership(Item):
    """The facility's parent and its other facilities."""

    parent: Line | None = None
    other_facilities: Lines = ()
    prior_cases: Lines = ()


class Trade(Item):
    """What the facility sells, and to whom."""

    products: Lines = ()
    us_customers: Lines = ()
    hts_codes: Lines = ()


class PersonName(Part):
    """A person's name in parts, or whole in `full`."""

    given: Line | None = None
    surname1: Line | None = None
    surname2: Line | None = None
    full: Line | None = None

    @property
    def whole(self) -> str:
        """The name as it is usually written: given names and surnames."""
        return self.full or " ".join(part for part in (self.given, self.surname1, self.surname2) if part)


def _name(value: Any) -> Any:
    return {"full": value} if isinstance(value, str) and value.strip() else value or {}


Name = Annotated[PersonName, BeforeValidator(_name)]


class Petitioner(Item):
    """An organization, or a person, who files."""

    id: Mark | None = None
    name: Name = PersonName()
    type: Line | None = None
    country: Country | None = None
    lead: Flag | None = None
    key_custodian: Line | None = None
    aliases: Lines = ()
    identifiers: Identifiers = Field(default_factory=dict)
    contact: OpenGroup = Field(default_factory=dict)

    @property
    def is_person(self) -> bool:
        """Whether this petitioner is protected like a witness: everyone who is not plainly an organization."""
        kind = (self.type or "").lower().replace(" ", "_").replace("-", "_")
        return kind not in vocabulary.ORGANIZATION_TYPES


class Contact(Item):
    """How the petition's lead contact is reached."""

    petitioner: Mark | None = None
    language: Language | None = None
    email: Line | None = None
    phone: Line | None = None
    postal: Line | None = None
    channel: Line | None = None
    safe_hours: Line | None = None


class Visibility(Part):
    """What one petitioner allows; whoever says nothing stays unnamed in public."""

    identity_requested: Flag = True
    public_name_consent: Flag = False


class Confidentiality(BaseModel):
    """Per petitioner what may be shown, and which fields are confidential."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)
    __pydantic_extra__: dict[str, Visibility] = Field(init=False)

    personal_identity: Lines = ()
    business_confidential: Lines = ()

    def of(self, petitioner: str | None) -> Visibility:
        """Return what a petitioner allows, the careful default when nothing is said."""
        return (self.__pydantic_extra__ or {}).get(petitioner or "", Visibility())

    @property
    def petitioners(self) -> tuple[str, ...]:
        """The marks of petitioners that have an entry."""
        return tuple(self.__pydantic_extra__ or {})


class Union(Item):
    """A union's name and public registrations."""

    name: Line | None = None
    registry: Line | None = None
    cba_number: Line | None = None


class UnionEvent(Item):
    """Something on record about the unions, such as a vote."""

    date: DateText | None = None
    kind: Line | None = None
    note: Text | None = None


class Unions(Item):
    """The unions at the facility."""

    incumbent: Union | None = None
    former_incumbent: Union | None = None
    petitioning: Union | None = None
    other: Annotated[tuple[Union, ...], Entries] = ()
    events: Annotated[tuple[UnionEvent, ...], Entries] = ()


class TimelineEntry(Item):
    """One dated fact."""

    date: DateText | None = None
    what: Text | None = None


class Facts(Item):
    """What happened."""

    period_from: DateText | None = None
    period_to: DateText | None = None
    summary: Text | None = None
    timeline: Annotated[tuple[TimelineEntry, ...], Entries] = ()
    narrative: LongText | None = None


LOCAL = frozenset({"file", "transcript"})
"""Fields of evidence that are paths on the petitioner's machine."""


class Box(Part):
    """Something to be covered on a page of the office's copy: its left upper corner and size in percent of the page."""

    page: Number = 1
    x: Percent
    y: Percent
    w: Percent
    h: Percent


class Evidence(Item):
    """A piece of evidence; `file` is a path on the petitioner's machine and never leaves it.

    `show` has a cleaned copy made for the office; `transcript` is a text file that is shown instead of a recording.
    """

    id: Mark | None = None
    kind: Line | None = None
    title: Text | None = None
    date: DateText | None = None
    exact_date: Flag | None = None
    holder: Line | None = None
    contains_person_data: Flag | None = None
    file: Line | None = None
    sha256: Line | None = None
    show: Flag | None = None
    transcript: Line | None = None
    boxes: Annotated[tuple[Box, ...], Entries] = ()


class Attestation(Item):
    """What the organizations attest about their witnesses instead of names."""

    count: Number | None = None
    role_classes: Annotated[dict[str, Number], Group] = Field(default_factory=dict)
    current_workers: Number | None = None
    statement: Text | None = None
    commitments: Lines = ()


class Consent(Part):
    """What a witness agreed to."""

    given: Flag | None = None
    date: DateText | None = None
    scope: Lines = ()
    public: Flag | None = None
    employer: Flag | None = None
    withdrawable: Flag | None = None


class Witness(Item):
    """A protected person: sealed only."""

    id: Mark | None = None
    name: Name = PersonName()
    aliases: Lines = ()
    identifiers: Identifiers = Field(default_factory=dict)
    contact: OpenGroup = Field(default_factory=dict)
    relation: Text | None = None
    statement: LongText | None = None
    risks: Lines = ()
    consent: Consent | None = None


class Remedy(Item):
    """What is asked for."""

    kind: Line | None = None
    detail: Text | None = None


class Proceeding(Item):
    """Another proceeding, for information."""

    body: Line | None = None
    note: Text | None = None
    date: DateText | None = None


class Urgency(Item):
    """Why it cannot wait."""

    reason: Line | None = None
    date: DateText | None = None
    note: Text | None = None


class Petition(Part):
    """A Rapid Response petition as its authors wrote it."""

    synthetic: Flag | None = None
    fixture: Any = None
    schema_version: Number | None = None
    kind: Line | None = None
    intake_kind: Line | None = None
    state: Line | None = None
    language: Language | None = None
    prepared_on: DateText | None = None
    facility: Annotated[Facility, Group] = Facility()
    covered_basis: CoveredBasis | None = None
    priority_sector: PrioritySector | None = None
    ownership: Ownership | None = None
    trade: Trade | None = None
    denial_types: Lines = ()
    laws: Lines = ()
    petitioners: Annotated[tuple[Petitioner, ...], Entries] = ()
    contact: Contact | None = None
    confidentiality: Annotated[Confidentiality, Group] = Confidentiality()
    unions: Unions | None = None
    facts: Annotated[Facts, Group] = Facts()
    evidence: Annotated[tuple[Evidence, ...], Entries] = ()
    witness_attestation: Attestation | None = None
    witnesses: Annotated[tuple[Witness, ...], Entries] = ()
    remedy: Annotated[tuple[Remedy, ...], Entries] = ()
    proceedings: Annotated[tuple[Proceeding, ...], Entries] = ()
    urgency: Urgency | None = None
    translations: Annotated[dict[Language, Annotated[dict[str, LongText], Group]], Group] = Field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the petition as plain values under the names that were written, absent fields left out."""
        return self.model_dump(by_alias=True, exclude_none=True)

    def petitioner(self, mark: str | None) -> Petitioner | None:
        """Return the petitioner with a mark."""
        return next((entry for entry in self.petitioners if mark and entry.id == mark), None)

    @property
    def contact_is_organization(self) -> bool:
        """Whether the contact is an organization's; without a named organization it is a person's, and sealed."""
        if self.contact is None or not self.petitioners:
            return False
        if self.contact.petitioner:
            owner = self.petitioner(self.contact.petitioner)
            return owner is not None and not owner.is_person
        return not any(entry.is_person for entry in self.petitioners)


@dataclass(frozen=True)
class Identifier:
    """Something that names a person by itself: its kind as the petitioner calls it ("" if unsaid), and the text."""

    kind: str
    value: str


def identifiers_of(person: Witness | Petitioner) -> Iterator[Identifier]:
    """Yield what is written under a person's `identifiers`, however it is nested."""
    yield from _flatten("", person.identifiers)


def contact_identifiers_of(person: Witness | Petitioner) -> Iterator[Identifier]:
    """Yield what in a person's `contact` names them: numbers, addresses, accounts, but no hours and no channels."""
    for identifier in _flatten("", person.contact):
        if identifier.kind not in _MANNERS and any(c.isdigit() or c in "@/." for c in identifier.value):
            yield identifier


_MANNERS = frozenset(
    {"channel", "canal", "safe_hours", "hours", "horario", "language", "idioma", "note", "notes", "nota"}
)


def _flatten(kind: str, value: Any) -> Iterator[Identifier]:
    if isinstance(value, str):
        if len(value) >= 3 and not is_yes_or_no(value):
            yield Identifier(kind, value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _flatten(str(name).strip().lower(), inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _flatten(kind, inner)
