"""The redacted record: what reviewers read. A record of its own, built from an allow-list, never by deleting.

Rules
    1. A leaf enters only if the field table gives it CARD or OFFICE (`app.domain.confidentiality`).
    2. Free and named texts enter through the redactor that is passed in, never as written.
    3. Evidence is dated by month, unless its author asked for the day (`exact_date`).
    4. Role classes of fewer than three people are merged, and so is what would tell them apart.
    5. Persons as petitioners are one label each; nothing else of them enters, and no contact of theirs.
    6. Hashes, file names, holders and custodians never enter.
    7. A random salt stands inside: manifests go on naming the hash of a record that was destroyed.
    8. What was built is read again by the strict form (`app.domain.filing.form`), as the portal will.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.confidentiality import CARD, OFFICE, PLAIN, classes, free_texts_in, rule_of
from app.domain.errors import FilingError
from app.domain.filing.form import MAX_RECORD, Record, parse_form, read_form
from app.domain.paths import Path, leaves, parse_path, path_text
from app.domain.petition.model import Attestation, Petition
from app.domain.petition.texts import resolve
from app.i18n import N_, t
from crypto.canonical import canonical_json

Redactor = Callable[[Path, str], str]
"""Returns what may be shown of a text that stands at a path of the petition."""

SMALLEST_CLASS = 3
"""People that a role class needs before it is shown by itself."""
OTHER_ROLES = "other"
"""The name of merged role classes in the record; pages show it in the reader's language."""
DEFAULT_LANGUAGE = "es"

_PETITIONER = N_("PETITIONER")


def petitioner_label(number: int, language: str) -> str:
    """Return what stands for a person who petitions, such as `[PETICIONARIA-1]`."""
    return f"[{t(language, _PETITIONER)}-{number}]"


def person_numbers(petition: Petition) -> dict[int, int]:
    """Return the number of each petitioner who is a person, by place in the list, counted from 1."""
    persons = [place for place, entry in enumerate(petition.petitioners) if entry.is_person]
    return {place: number for number, place in enumerate(persons, start=1)}


def build_record(
    petition: Petition,
    redact: Redactor,
    salt: bytes,
    labels: str = DEFAULT_LANGUAGE,
    copies: Mapping[int, int] | None = None,
) -> dict[str, Any]:
    """Return the redacted record of a petition as plain values; `labels` is the language of its labels.

    `copies` are the numbers of the copies of evidence, by the place of their entry.

    Raises:
        FilingError: the record would be larger than the portal accepts.
    """
    shown = _nest(_shown(petition, redact))  # rules 1 and 2
    language = petition.language or labels
    shown.pop("confidentiality", None)
    _shape_evidence(shown, petition, copies or {})
    _shape_petitioners(shown, petition, labels)
    _shape_attestation(shown, petition, redact)
    _shape_translations(shown, petition)
    places = (_in_record(shown, parse_path(path)) for path in business_confidential(petition))
    confidential = [path_text(place) for place in places if place]
    if confidential:
        shown["business_confidential"] = confidential
    record: dict[str, Any] = _drop_empty({"v": 1, "salt": salt.hex(), "language": language, **shown})
    if len(canonical_json(record)) > MAX_RECORD:
        raise FilingError("record_too_large", limit=MAX_RECORD // (1024 * 1024))
    read_record(record)  # rule 8
    return record


def _shown(petition: Petition, redact: Redactor) -> Iterator[tuple[Path, Any]]:
    for path, value, level in classes(petition):
        rule = rule_of(path)
        if level in (CARD, OFFICE) and rule is not None:
            worded = isinstance(value, str) and rule.wording is not PLAIN
            yield path, redact(path, value) if worded else value


def _nest(entries: Iterator[tuple[Path, Any]]) -> dict[str, Any]:
    """Put leaves back into groups; lists stay groups keyed by place until they are shaped."""
    root: dict[Any, Any] = {}
    for path, value in entries:
        group = root
        for step in path[:-1]:
            group = group.setdefault(step, {})
        group[path[-1]] = value
    return root


def _drop_empty(value: Any) -> Any:
    """Return plain JSON values: groups keyed by place become lists, what is empty is left out."""
    if not isinstance(value, Mapping):
        return value
    kept = {name: _drop_empty(inner) for name, inner in value.items()}
    kept = {name: inner for name, inner in kept.items() if inner not in ({}, [], None)}
    if kept and all(isinstance(name, int) for name in kept):
        return [kept[place] for place in sorted(kept)]
    return kept


# Rule 3


def _shape_evidence(shown: dict[str, Any], petition: Petition, copies: Mapping[int, int]) -> None:
    for place, number in copies.items():
        shown.setdefault("evidence", {}).setdefault(place, {})["copy"] = number
    for place, item in shown.get("evidence", {}).items():
        day = item.pop("date", None)
        if day is not None:
            item["month"] = day[:7]
            if petition.evidence[place].exact_date:
                item["date"] = day


# Rule 5


def _shape_petitioners(shown: dict[str, Any], petition: Petition, language: str) -> None:
    entries: dict[int, Any] = {}
    numbers = person_numbers(petition)
    for place, entry in enumerate(petition.petitioners):
        if place in numbers:
            label = petitioner_label(numbers[place], language)
            entries[place] = {"id": label, "name": label, "type": "person", "public": False}
            continue
        allowed = petition.confidentiality.of(entry.id)
        known = dict(shown.get("petitioners", {}).get(place, {}))
        known["name"] = known.get("name", {}).get("full") or entry.id or ""
        known["public"] = allowed.public_name_consent and not allowed.identity_requested
        entries[place] = known
    shown["petitioners"] = entries


# Rule 4


def _shape_attestation(shown: dict[str, Any], petition: Petition, redact: Redactor) -> None:
    attestation = petition.witness_attestation
    if attestation is None:
        return
    group = shown.setdefault("witness_attestation", {})
    group["role_classes"] = {
        redact(("witness_attestation", "role_classes", name), name): count
        for name, count in merged_classes(attestation.role_classes).items()
    }
    if not _tells_nobody_apart(attestation):
        group.pop("current_workers", None)


def merged_classes(classes: Mapping[str, int]) -> dict[str, int]:
    """Return role classes with all of fewer than three people merged.

    If the merged ones are still fewer than three together, the next smallest class joins them: else the label of a
    single small class could be told from the others' absence.
    """
    kept = dict(sorted(classes.items(), key=lambda entry: entry[1]))
    merged = kept.pop(OTHER_ROLES, 0)
    for name, count in list(kept.items()):
        if count < SMALLEST_CLASS or 0 < merged < SMALLEST_CLASS:
            merged += kept.pop(name)
    return {**({OTHER_ROLES: merged} if merged else {}), **dict(sorted(kept.items()))}


def _tells_nobody_apart(attestation: Attestation) -> bool:
    current, count = attestation.current_workers, attestation.count
    if current is None or count is None:
        return current is None
    groups = (current, count - current)
    return all(size == 0 or size >= SMALLEST_CLASS for size in groups)


# Translations and confidential fields


def _shape_translations(shown: dict[str, Any], petition: Petition) -> None:
    plain = petition.plain()
    for language, texts in shown.get("translations", {}).items():
        found = {reference: resolve(plain, reference) or () for reference in texts}
        shown["translations"][language] = {path_text(found[name]): text for name, text in texts.items()}


def business_confidential(petition: Petition) -> list[str]:
    """Return the paths that a petition marks as business confidential, in the list or by a flag on an item."""
    plain = petition.plain()
    listed = (resolve(plain, reference) for reference in petition.confidentiality.business_confidential)
    paths = {path_text(path) for path in listed if path and is_office(path)}
    return sorted(paths | set(flagged(petition, "business_confidential")))


def _in_record(shown: Mapping[Any, Any], path: Path) -> Path | None:
    """Return where a place of the petition stands in the record, or None if nothing of it is shown.

    Lists close up over entries of which nothing is shown: the third piece of evidence may be the record's second,
    and an export that left out the third would show what was to be left out.
    """
    group: Any = shown
    found: list[str | int] = []
    for step in path:
        if not isinstance(group, Mapping) or step not in group:
            return None
        kept = [name for name, inner in group.items() if _drop_empty(inner) not in ({}, [], None)]
        if step not in kept:
            return None
        found.append(sorted(kept).index(step) if isinstance(step, int) else step)
        group = group[step]
    return tuple(found)


def is_office(path: Path) -> bool:
    """Tell whether a path, or something below it, can be in the record."""
    return str(path[0]) in Record.model_fields


def flagged(petition: Petition, flag: str) -> Iterator[str]:
    """Yield the paths of the items that carry a flag."""
    for path, value in leaves(petition.plain()):
        if path[-1] == flag and value is True and is_office(path):
            yield path_text(path[:-1])


# Rule 8


def read_record(value: Any) -> Record:
    """Return a record in its strict form; raises AdmissionError naming the first field that is not accepted."""
    return read_form(Record, value)


def parse_record(text: str) -> dict[str, Any]:
    """Return the values of a record's canonical text; raises AdmissionError for another spelling, size or form."""
    return parse_form(Record, text)


def free_texts_of_record(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the free texts of a record by path: what the guard reads."""
    return {path_text(path): text for path, text in free_texts_in(record)}


@dataclass(frozen=True)
class Card:
    """What queue and search show of a petition (OPERATIONAL, encrypted at rest)."""

    facility: str
    municipality: str
    state: str
    sector: str
    subsector: str
    denial_types: tuple[str, ...]
    urgency_reason: str
    urgency_date: str


def card(record: Mapping[str, Any]) -> Card:
    """Return the card of a record."""
    facility, sector, urgency = (record.get(name, {}) for name in ("facility", "priority_sector", "urgency"))
    return Card(
        facility=facility.get("legal_name") or facility.get("trade_name") or "",
        municipality=facility.get("municipality", ""),
        state=facility.get("state", ""),
        sector=sector.get("class", ""),
        subsector=sector.get("subsector", ""),
        denial_types=tuple(record.get("denial_types", ())),
        urgency_reason=urgency.get("reason", ""),
        urgency_date=urgency.get("date", ""),
    )
