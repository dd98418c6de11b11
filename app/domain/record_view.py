"""The redacted record as it is shown: on the office's page, and in an export.

The record is canonical JSON that a petitioner's program built; what is missing stays out, and what has an unexpected
shape is shown as text or not at all: a reader's page never fails for it. Nothing is fetched, nothing is looked up.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Fact:
    """One line of a list of facts: the key of its words in `FACTS` of the template, and its values."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Happening:
    """Something on a day: `kind` is a code or empty, `words` the text; `day` is a date, or as it was written."""

    day: date | str
    kind: str
    words: str


@dataclass(frozen=True)
class Organization:
    """A petitioner as reviewers see it; `shown` is a name or `[PETICIONARIA-1]`."""

    shown: str
    type: str
    country: str
    lead: bool
    public: bool


@dataclass(frozen=True)
class EvidenceLine:
    """One line of the evidence index; `when` is a day if its author allowed it, else a month such as `2025-09`.

    `copy` is the number of the copy that can be looked at, 0 where there is none.
    """

    id: str
    kind: str
    title: str
    when: date | str
    contains_person_data: bool | None
    copy: int = 0


@dataclass(frozen=True)
class KindAndDetail:
    """A remedy asked for, or a proceeding elsewhere."""

    kind: str
    detail: str


@dataclass(frozen=True)
class TranslationView:
    """The texts of the record in another language: path and paragraphs."""

    language: str
    texts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class RecordView:
    """Everything of a redacted record that the page shows, section by section."""

    language: str
    title: str
    facility: tuple[Fact, ...]
    coverage: tuple[Fact, ...]
    denial_types: tuple[str, ...]
    laws: tuple[str, ...]
    period_from: date | str
    period_to: date | str
    summary: tuple[str, ...]
    narrative: tuple[str, ...]
    timeline: tuple[Happening, ...]
    unions: tuple[Fact, ...]
    union_events: tuple[Happening, ...]
    petitioners: tuple[Organization, ...]
    contact: tuple[Fact, ...]
    evidence: tuple[EvidenceLine, ...]
    attestation: tuple[Fact, ...]
    role_classes: tuple[tuple[str, str], ...]
    remedy: tuple[KindAndDetail, ...]
    proceedings: tuple[KindAndDetail, ...]
    urgency_reason: str
    urgency_day: date | str
    urgency_note: str
    business_confidential: tuple[str, ...]
    translations: tuple[TranslationView, ...]


def view_of(record: Mapping[str, object]) -> RecordView:
    """Return the page's view of a redacted record."""
    facts, unions, urgency = _map(record, "facts"), _map(record, "unions"), _map(record, "urgency")
    attestation = _map(record, "witness_attestation")
    return RecordView(
        language=_text(record, "language"),
        title=_text(_map(record, "facility"), "legal_name") or _text(_map(record, "facility"), "trade_name"),
        facility=_facts(_map(record, "facility"), _FACILITY),
        coverage=_coverage(record),
        denial_types=_texts(record.get("denial_types")),
        laws=_texts(record.get("laws")),
        period_from=_day(facts.get("period_from")),
        period_to=_day(facts.get("period_to")),
        summary=_paragraphs(_text(facts, "summary")),
        narrative=_paragraphs(_text(facts, "narrative")),
        timeline=_happenings(facts.get("timeline")),
        unions=_union_facts(unions),
        union_events=_happenings(unions.get("events")),
        petitioners=tuple(_organization(item) for item in _maps(record.get("petitioners"))),
        contact=_facts(_map(record, "contact"), ("language", "email", "phone", "postal")),
        evidence=evidence_of(record),
        attestation=_facts(attestation, ("count", "current_workers", "statement")),
        role_classes=tuple((name, _shown(count)) for name, count in _map(attestation, "role_classes").items()),
        remedy=tuple(KindAndDetail(_text(item, "kind"), _text(item, "detail")) for item in _maps(record.get("remedy"))),
        proceedings=tuple(
            KindAndDetail(_text(item, "body"), _text(item, "note")) for item in _maps(record.get("proceedings"))
        ),
        urgency_reason=_text(urgency, "reason"),
        urgency_day=_day(urgency.get("date")),
        urgency_note=_text(urgency, "note"),
        business_confidential=_texts(record.get("business_confidential")),
        translations=tuple(_translation(name, texts) for name, texts in _map(record, "translations").items()),
    )


_FACILITY = (
    "legal_name",
    "trade_name",
    "rfc",
    "address",
    "municipality",
    "state",
    "postal_code",
    "country",
    "headcount",
)


def _coverage(record: Mapping[str, object]) -> tuple[Fact, ...]:
    sources = (
        ("priority_sector", ("class", "subsector")),
        ("covered_basis", ("traded", "competes", "detail", "burden_note")),
        ("ownership", ("parent", "other_facilities", "prior_cases")),
        ("trade", ("products", "us_customers", "hts_codes")),
    )
    return tuple(fact for name, keys in sources for fact in _facts(_map(record, name), keys))


def _union_facts(unions: Mapping[str, object]) -> tuple[Fact, ...]:
    named = [(side, _map(unions, side)) for side in ("incumbent", "former_incumbent", "petitioning")]
    named += [("other", item) for item in _maps(unions.get("other"))]
    return tuple(
        Fact(f"{side}.{name}", _values(union.get(name)))
        for side, union in named
        for name in ("name", "registry", "cba_number")
        if _values(union.get(name))
    )


def _facts(source: Mapping[str, object], keys: Sequence[str]) -> tuple[Fact, ...]:
    found = ((key, _values(source.get(key))) for key in keys)
    return tuple(Fact(key, values) for key, values in found if values)


def _values(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return _texts(value)
    shown = _shown(value)
    return (shown,) if shown else ()


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float) else ""


def _organization(item: Mapping[str, object]) -> Organization:
    return Organization(
        shown=_text(item, "name"),
        type=_text(item, "type"),
        country=_text(item, "country"),
        lead=item.get("lead") is True,
        public=item.get("public") is True,
    )


def evidence_of(record: Mapping[str, object]) -> tuple[EvidenceLine, ...]:
    """Return the evidence index of a record or an answer."""
    return tuple(_evidence(item) for item in _maps(record.get("evidence")))


def _evidence(item: Mapping[str, object]) -> EvidenceLine:
    return EvidenceLine(
        id=_text(item, "id"),
        kind=_text(item, "kind"),
        title=_text(item, "title"),
        when=_day(item.get("date") or item.get("month")),
        contains_person_data=held if isinstance(held := item.get("contains_person_data"), bool) else None,
        copy=number if isinstance(number := item.get("copy"), int) else 0,
    )


def _happenings(value: object) -> tuple[Happening, ...]:
    return tuple(
        Happening(_day(item.get("date")), _text(item, "kind"), _text(item, "what") or _text(item, "note"))
        for item in _maps(value)
    )


def _translation(language: str, texts: object) -> TranslationView:
    return TranslationView(language, tuple((path, _paragraphs(text)) for path, text in _leaves("", texts)))


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), child)
    elif isinstance(value, list):
        for number, child in enumerate(value, 1):
            yield from _leaves(f"{path}.{number}", child)
    elif _shown(value):
        yield path, _shown(value)


def _map(source: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = source.get(key)
    return value if isinstance(value, Mapping) else {}


def _maps(value: object) -> Iterator[Mapping[str, object]]:
    yield from (item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else ()


def _text(source: Mapping[str, object], key: str) -> str:
    return _shown(source.get(key))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_shown(item) for item in value if _shown(item)) if isinstance(value, list) else ()


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip())


def _day(value: object) -> date | str:
    text = _shown(value)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
