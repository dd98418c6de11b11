"""Who must not be found in what the office reads, and which names must stay readable in it.

Known people are the witnesses, natural persons who petition, and whoever is named as keeper of evidence or of a key.
Kept names are those of the workplace, firms, organizations, unions and places: a reader needs them, and a witness who
shares a name with a town must not take the town away.
"""

import re
from collections.abc import Iterable, Iterator

from app.domain.paths import path_text
from app.domain.petition.model import Petition, Petitioner, Witness, contact_identifiers_of, identifiers_of
from app.domain.redaction import KnownIdentity
from app.domain.redaction.normalise import fold_text

_PARENTHESIS = re.compile(r"\s*\(([^()]*)\)")
_ACRONYM = re.compile(r"[A-ZÁÉÍÓÚÑ&]{2,}\Z")


def known_people(petition: Petition) -> tuple[KnownIdentity, ...]:
    """Return everybody whose traces are looked for; the id of each is its path in the petition."""
    people = [_person(path_text(("witnesses", place)), entry) for place, entry in enumerate(petition.witnesses)]
    petitioners = enumerate(petition.petitioners)
    people += [_person(path_text(("petitioners", place)), entry) for place, entry in petitioners if entry.is_person]
    named = {fold_text(name) for name in _written_names(petition)}
    for path, name in _keepers(petition):
        if fold_text(name) not in named:
            named.add(fold_text(name))
            people.append(KnownIdentity(id=path, name=name))
    return tuple(people)


def _person(path: str, person: Witness | Petitioner) -> KnownIdentity:
    name = person.name
    found = [*identifiers_of(person), *contact_identifiers_of(person)]
    return KnownIdentity(
        id=path,
        given=name.given or "",
        surname1=name.surname1 or "",
        surname2=name.surname2 or "",
        name=name.full or "",
        aliases=person.aliases,
        identifiers=tuple((identifier.kind, identifier.value) for identifier in found),
    )


def _written_names(petition: Petition) -> Iterator[str]:
    """Yield the names and marks that need no identity of their own: people known already, organizations, marks."""
    everybody: tuple[Witness | Petitioner, ...] = (*petition.witnesses, *petition.petitioners)
    for person in everybody:
        yield from filter(None, (person.id, person.name.whole))
    yield from kept_names(petition)


def _keepers(petition: Petition) -> Iterator[tuple[str, str]]:
    for place, item in enumerate(petition.evidence):
        if item.holder and _reads_like_a_name(item.holder):
            yield path_text(("evidence", place, "holder")), item.holder
    for place, entry in enumerate(petition.petitioners):
        if entry.key_custodian and _reads_like_a_name(entry.key_custodian):
            yield path_text(("petitioners", place, "key_custodian")), entry.key_custodian


def _reads_like_a_name(text: str) -> bool:
    """Tell whether a keeper is a person rather than an office ("área jurídica") or a mark ("P1")."""
    words: list[str] = re.findall(r"[^\W\d_]{2,}", text)
    return sum(word[0].isupper() and word[1:].islower() for word in words) >= 2


def kept_names(petition: Petition) -> tuple[str, ...]:
    """Return the names that must stay readable, each also without what stands in parentheses, longest first."""
    names = {form for name in _public_names(petition) if name for form in _forms(name)}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _forms(name: str) -> Iterator[str]:
    yield name
    yield from filter(None, (_PARENTHESIS.sub("", name).strip(),))
    yield from (inner for inner in _PARENTHESIS.findall(name) if _ACRONYM.match(inner))


def _public_names(petition: Petition) -> Iterable[str | None]:
    place = petition.facility
    yield from (place.legal_name, place.trade_name, place.address, place.municipality, place.state)
    yield f"{place.municipality}, {place.state}"
    if petition.ownership:
        yield from (petition.ownership.parent, *petition.ownership.other_facilities)
    if petition.trade:
        yield from petition.trade.us_customers
    if petition.unions:
        unions = petition.unions
        named = (unions.incumbent, unions.former_incumbent, unions.petitioning, *unions.other)
        yield from (union.name for union in named if union)
    yield from (entry.name.whole for entry in petition.petitioners if not entry.is_person)
    yield from (entry.body for entry in petition.proceedings)
