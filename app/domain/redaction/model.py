"""What redaction is told and what it answers. All offsets are code points of the text as it was given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Certainty = Literal["certain", "likely"]

OTHER_PERSON = "other_person"
QUASI_IDENTIFIER = "quasi_identifier"
POSSIBLE_NAME = "possible_name"  # a witness's name that is also a common word, or initials of one
DECOY_NUMBER = "decoy_number"
CASE_NUMBER = "case_number"
CAPITALISED = "capitalised"

# What the careful choice (`--yes`) redacts without asking. The rest is shown, and stays unless the person says so:
# a folio or a capitalised word outside every list is rarely a person, and a record without them cannot be read.
CAREFUL_KINDS = frozenset({OTHER_PERSON, QUASI_IDENTIFIER, POSSIBLE_NAME})


@dataclass(frozen=True, slots=True)
class KnownIdentity:
    """A witness as the petitioner's device knows them; `name` when the parts are not known apart."""

    id: str
    given: str = ""
    surname1: str = ""
    surname2: str = ""
    name: str = ""
    aliases: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()  # (kind, value); kind is "" if unknown


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that will be replaced; `identity_id` only where it points to exactly one witness."""

    start: int
    end: int
    label: str
    identity_id: str | None
    kind: str
    certainty: Certainty
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A stretch of text that a person is asked about."""

    start: int
    end: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """Marks in order, never overlapping; suggestions in order, none of them inside a mark."""

    marks: tuple[Mark, ...]
    suggestions: tuple[Suggestion, ...]


def known_identity(values: Mapping[str, Any]) -> KnownIdentity:
    """Read a witness of a petition (`name` a map) or of a sample line (`name` a text); unknown parts are ignored."""
    name = values.get("name") or ""
    parts: Mapping[str, Any] = name if isinstance(name, Mapping) else {}
    return KnownIdentity(
        id=str(values.get("id") or ""),
        given=_text(parts.get("given")),
        surname1=_text(parts.get("surname1")),
        surname2=_text(parts.get("surname2")),
        name=_text(parts.get("full")) if parts else _text(name),
        aliases=tuple(_text(alias) for alias in _values(values.get("aliases"))),
        identifiers=tuple(_pairs(values.get("identifiers"))) + tuple(_contact(values.get("contact"))),
    )


# Of a contact only what reaches the person is looked for; "domingos por la tarde" would be found in every text.
_CONTACT_KINDS = ("phone", "email", "handle", "postal", "whatsapp", "url")


def _contact(contact: object) -> Iterable[tuple[str, str]]:
    if isinstance(contact, Mapping):
        known = {key: value for key, value in contact.items() if str(key).lower().startswith(_CONTACT_KINDS)}
        yield from _pairs(known)


def _pairs(identifiers: object) -> Iterable[tuple[str, str]]:
    if isinstance(identifiers, Mapping):
        for kind, value in identifiers.items():
            yield from ((str(kind), _text(item)) for item in _values(value))
        return
    for item in _values(identifiers):
        if isinstance(item, Mapping):
            yield str(item.get("kind") or item.get("type") or ""), _text(item.get("value"))
        elif isinstance(item, (list, tuple)) and len(item) == 2:
            yield _text(item[0]), _text(item[1])
        else:
            yield "", _text(item)


def _values(value: object) -> Iterable[object]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)


def _text(value: object) -> str:
    return "" if value is None else str(value)
