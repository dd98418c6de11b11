"""Who may see which field of a petition: one table, and the rule that what is not listed is sealed.

Rules
    1. CARD is what queue and search show; OFFICE is the redacted record, which holds the card's fields too; SEALED
       leaves the device only under the case key; NEVER leaves it in no form.
    2. A path that no row matches is SEALED. A path that two rows match is a mistake that a test finds.
    3. A free text is OFFICE only after redaction; its original is SEALED. `wording` says how a text is treated:
       FREE texts go through the whole review and the guard; NAMED texts (names of firms, codes that people may write
       as they like) lose only what belongs to a known person; PLAIN values are numbers, dates, marks and yes/no.
    4. Natural persons as petitioners, and contacts that are not an organization's, are SEALED whatever their row says.

Worked example: `facts.timeline[3].what` has the shape `facts.timeline[].what`, which is OFFICE and FREE: its redacted
form goes into the record, its original into the sealed originals. `witnesses[0].nickname` has no row: SEALED.

Source: docs, "Who sees which field" and "Who sees petitioners".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from app.domain.paths import Path, leaves, pattern_of

if TYPE_CHECKING:
    from app.domain.petition.model import Petition


class Confidentiality(Enum):
    """Where a field may go; CARD is part of OFFICE."""

    CARD = "card"
    OFFICE = "office"
    SEALED = "sealed"
    NEVER = "never"


class Wording(Enum):
    """How a field's text is treated before it may go to the office."""

    FREE = "free"
    NAMED = "named"
    PLAIN = "plain"


CARD, OFFICE, SEALED, NEVER = Confidentiality
FREE, NAMED, PLAIN = Wording


@dataclass(frozen=True)
class Rule:
    """A row: the shape of a path (`[]` any entry, `*` any name, `**` all below), its class and wording."""

    shape: tuple[str, ...]
    level: Confidentiality
    wording: Wording = PLAIN
    by_owner: bool = False

    @property
    def free_text(self) -> bool:
        """Whether the field is a free text that reaches the office only redacted."""
        return self.wording is FREE


def _rows(level: Confidentiality, wording: Wording, shapes: str, *, by_owner: bool = False) -> Iterator[Rule]:
    for shape in shapes.split():
        yield Rule(tuple(shape.replace("[]", ".[]").split(".")), level, wording, by_owner)


TABLE: tuple[Rule, ...] = (
    *_rows(
        CARD, PLAIN, "facility.legal_name facility.trade_name facility.municipality facility.state facility.country"
    ),
    *_rows(CARD, NAMED, "priority_sector.class priority_sector.subsector denial_types[] urgency.reason"),
    *_rows(CARD, PLAIN, "urgency.date"),
    *_rows(OFFICE, PLAIN, "language facility.rfc facility.address facility.postal_code facility.headcount"),
    *_rows(OFFICE, PLAIN, "covered_basis.traded covered_basis.competes"),
    *_rows(OFFICE, FREE, "covered_basis.detail covered_basis.burden_note"),
    *_rows(OFFICE, NAMED, "ownership.parent ownership.other_facilities[] ownership.prior_cases[]"),
    *_rows(OFFICE, NAMED, "trade.products[] trade.us_customers[] trade.hts_codes[] laws[]"),
    *_rows(OFFICE, NAMED, "unions.incumbent.name unions.incumbent.registry unions.incumbent.cba_number"),
    *_rows(
        OFFICE,
        NAMED,
        "unions.former_incumbent.name unions.former_incumbent.registry unions.former_incumbent.cba_number",
    ),
    *_rows(OFFICE, NAMED, "unions.petitioning.name unions.petitioning.registry unions.petitioning.cba_number"),
    *_rows(OFFICE, NAMED, "unions.other[].name unions.other[].registry unions.other[].cba_number unions.events[].kind"),
    *_rows(OFFICE, PLAIN, "unions.events[].date"),
    *_rows(OFFICE, FREE, "unions.events[].note"),
    *_rows(OFFICE, PLAIN, "facts.period_from facts.period_to facts.timeline[].date"),
    *_rows(OFFICE, FREE, "facts.summary facts.timeline[].what facts.narrative"),
    *_rows(OFFICE, NAMED, "petitioners[].name.full petitioners[].type", by_owner=True),
    *_rows(OFFICE, PLAIN, "petitioners[].id petitioners[].country petitioners[].lead", by_owner=True),
    *_rows(OFFICE, PLAIN, "confidentiality.*.identity_requested confidentiality.*.public_name_consent", by_owner=True),
    *_rows(OFFICE, PLAIN, "confidentiality.business_confidential[]"),
    *_rows(
        OFFICE, PLAIN, "contact.petitioner contact.language contact.email contact.phone contact.postal", by_owner=True
    ),
    *_rows(OFFICE, NAMED, "contact.channel contact.safe_hours", by_owner=True),
    *_rows(OFFICE, PLAIN, "evidence[].date evidence[].contains_person_data"),
    *_rows(OFFICE, NAMED, "evidence[].id evidence[].kind"),
    *_rows(OFFICE, FREE, "evidence[].title"),
    *_rows(
        OFFICE,
        PLAIN,
        "witness_attestation.count witness_attestation.current_workers witness_attestation.role_classes.*",
    ),
    *_rows(OFFICE, FREE, "witness_attestation.statement"),
    *_rows(OFFICE, NAMED, "remedy[].kind proceedings[].body"),
    *_rows(OFFICE, FREE, "remedy[].detail proceedings[].note urgency.note translations.*.**"),
    *_rows(OFFICE, PLAIN, "proceedings[].date"),
    *_rows(
        SEALED, PLAIN, "witnesses.** petitioners[].key_custodian petitioners[].aliases[] petitioners[].identifiers.**"
    ),
    *_rows(SEALED, PLAIN, "petitioners[].name.given petitioners[].name.surname1 petitioners[].name.surname2"),
    *_rows(SEALED, PLAIN, "petitioners[].contact.** evidence[].holder evidence[].sha256 evidence[].exact_date"),
    *_rows(SEALED, PLAIN, "witness_attestation.commitments[] confidentiality.personal_identity[]"),
    *_rows(SEALED, PLAIN, "schema_version kind intake_kind state prepared_on"),
    *_rows(SEALED, PLAIN, "evidence[].show evidence[].boxes.**"),
    *_rows(NEVER, PLAIN, "synthetic fixture fixture.** evidence[].file evidence[].transcript"),
)
"""The table. The redacted record is built from its CARD and OFFICE rows only (`app.domain.filing.record`)."""


@dataclass
class _Step:
    """What the table says below one step of a path: further steps by name, and the row that ends here, if any."""

    below: dict[str, "_Step"] = field(default_factory=dict)
    row: Rule | None = None

    def rows(self, shape: tuple[str, ...]) -> Iterator[Rule]:
        """Yield the rows that match the rest of a shape."""
        if not shape:
            if self.row is not None:
                yield self.row
            return
        for step in self.after(shape[0]):
            yield from step.rows(shape[1:])

    def after(self, name: str) -> "Iterator[_Step]":
        """Yield where a name leads; it may be a petitioner's own, such as `*`, which is no pattern then."""
        for known in (name, *_ANY) if name not in _ANY else _ANY:
            if known in self.below:
                yield self.below[known]


_ANY = ("*", "**")


def _steps(table: tuple[Rule, ...]) -> _Step:
    root = _Step()
    for rule in table:
        step = root
        for name in rule.shape:
            step = step.below.setdefault(name, _Step())
        step.row = rule
        if rule.shape[-1] == "**":
            step.below["**"] = step  # all below leads here again
    return root


_STEPS = _steps(TABLE)
"""The table by the steps of its shapes: each filing asks it a hundred times."""


def rows_of(path: Path) -> tuple[Rule, ...]:
    """Return every row that matches a path; one at most, as a test holds."""
    return tuple(_STEPS.rows(pattern_of(path)))


def rule_of(path: Path) -> Rule | None:
    """Return the row of a path, or None for what no row lists."""
    return next(iter(rows_of(path)), None)


def classify(path: Path, *, protected_owner: bool = False) -> Confidentiality:
    """Return the class of a path; `protected_owner` says that it belongs to a natural person who petitions."""
    rule = rule_of(path)
    if rule is None or (rule.by_owner and protected_owner):
        return SEALED
    return rule.level


def classes(petition: "Petition") -> Iterator[tuple[Path, Any, Confidentiality]]:
    """Yield every leaf of a petition with its class."""
    for path, value in leaves(petition.plain()):
        yield path, value, classify(path, protected_owner=_protected_owner(petition, path))


def _protected_owner(petition: "Petition", path: Path) -> bool:
    if path[0] == "contact":
        return not petition.contact_is_organization
    if path[0] == "petitioners" and isinstance(path[1], int):
        return petition.petitioners[path[1]].is_person
    if path[0] == "confidentiality":
        owner = petition.petitioner(str(path[1]))
        return owner is None or owner.is_person
    return False


def free_texts_in(values: Any) -> Iterator[tuple[Path, str]]:
    """Yield every free text of a record's plain values; the table is walked beside them, once for all."""
    return _free_texts(values, (), [_STEPS])


def _free_texts(value: Any, path: Path, steps: list[_Step]) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if any(step.row is not None and step.row.free_text for step in steps):
            yield path, value
    elif isinstance(value, dict | Mapping):
        for name, inner in value.items():
            if following := [further for step in steps for further in step.after(name)]:
                yield from _free_texts(inner, (*path, name), following)
    elif isinstance(value, list | tuple) and (following := [one for step in steps for one in step.after("[]")]):
        for place, inner in enumerate(value):
            yield from _free_texts(inner, (*path, place), following)


def free_texts(petition: "Petition") -> Iterator[tuple[Path, str]]:
    """Yield every free text of a petition, the one list that redaction, guard and review share."""
    yield from _worded(petition, FREE)


def named_texts(petition: "Petition") -> Iterator[tuple[Path, str]]:
    """Yield the short texts that lose only what belongs to a known person."""
    yield from _worded(petition, NAMED)


def _worded(petition: "Petition", wording: Wording) -> Iterator[tuple[Path, str]]:
    for path, value, level in classes(petition):
        rule = rule_of(path)
        if (
            rule is not None
            and rule.wording is wording
            and level in (CARD, OFFICE)
            and isinstance(value, str)
            and value
        ):
            yield path, value
