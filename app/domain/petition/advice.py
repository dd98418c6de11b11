"""What would make a petition stronger: a score from 0 to 100, what would raise it, and warnings. Nothing here refuses.

The weights are this project's (domain reference, section 3, "Should"): they add up to 100, so that a petition with the
hard minimum alone scores 30 and one that follows the procedure's recommendations scores 100.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from app.domain.paths import path_text
from app.domain.petition import vocabulary
from app.domain.petition.model import Petition
from app.i18n import N_, t


@dataclass(frozen=True)
class Advice:
    """One remark: a stable code, the field, English words and their values (never a petition's own text)."""

    code: str
    field: str
    msgid: str
    params: dict[str, object] = attribute(default_factory=dict)

    def text(self, language: str) -> str:
        """Return the remark in a language."""
        return t(language, self.msgid, field=self.field, **self.params)


@dataclass(frozen=True)
class Completeness:
    """How much of what the procedure recommends is there (0 to 100), and what would help, heaviest first."""

    score: int
    helps: tuple[Advice, ...]


@dataclass(frozen=True)
class _Wanted:
    field: str
    weight: int
    msgid: str
    present: Callable[[Petition], object]


_BASE = 30
_WANTED = (
    _Wanted(
        "facts.narrative",
        10,
        N_("Tell what happened in order, with dates and places: facts.narrative."),
        lambda p: p.facts.narrative,
    ),
    _Wanted(
        "evidence", 12, N_("List what could be shown: documents, photos, messages, recordings."), lambda p: p.evidence
    ),
    _Wanted(
        "denial_types", 8, N_("Say which rights were denied, with the codes of denial_types."), lambda p: p.denial_types
    ),
    _Wanted(
        "covered_basis",
        8,
        N_("Say why the facility is covered: it trades with the other country, or competes with its goods."),
        lambda p: p.covered_basis,
    ),
    _Wanted(
        "priority_sector",
        6,
        N_("Name the sector: manufactured goods, services or mining."),
        lambda p: p.priority_sector and p.priority_sector.class_,
    ),
    _Wanted(
        "contact",
        8,
        N_("Give an address at which questions reach you: e-mail, telephone or post."),
        lambda p: p.contact and (p.contact.email or p.contact.phone or p.contact.postal),
    ),
    _Wanted(
        "laws",
        4,
        N_("Name the laws: the Constitution, the Federal Labor Law, Annex 23-A, conventions."),
        lambda p: p.laws,
    ),
    _Wanted(
        "witness_attestation",
        6,
        N_("Attest how many people you heard and what they have in common, without names."),
        lambda p: p.witness_attestation,
    ),
    _Wanted("facts.timeline", 3, N_("Add the dated facts one by one: facts.timeline."), lambda p: p.facts.timeline),
    _Wanted("facts.period_from", 2, N_("Say since when: facts.period_from."), lambda p: p.facts.period_from),
    _Wanted("facility.address", 2, N_("Give the street address of the workplace."), lambda p: p.facility.address),
    _Wanted(
        "confidentiality",
        1,
        N_("Say for each petitioner whether the name may be shown."),
        lambda p: not p.petitioners or p.confidentiality.petitioners,
    ),
)


def completeness(petition: Petition) -> Completeness:
    """Return the score of a petition that has the hard minimum."""
    missing = sorted((wanted for wanted in _WANTED if not wanted.present(petition)), key=lambda wanted: -wanted.weight)
    full = _BASE + sum(wanted.weight for wanted in _WANTED)
    score = 100 * (full - sum(wanted.weight for wanted in missing)) // full
    helps = (Advice("would_help", wanted.field, wanted.msgid, {"weight": wanted.weight}) for wanted in missing)
    return Completeness(score, tuple(helps))


def warnings(petition: Petition) -> tuple[Advice, ...]:
    """Return what the authors should look at before filing; nothing of it stops them."""
    return (*_unusual_words(petition), *_people(petition), *_evidence(petition), *_language(petition))


def _unusual(path: str, value: str | None, known: Collection[str]) -> Iterator[Advice]:
    if value and value not in known:
        words = N_("{field} is not one of the usual words; the nearest is {nearest}. It is kept as you wrote it.")
        yield Advice("unusual_word", path, words, {"nearest": vocabulary.nearest(value, known)})


def _each(name: str, entries: Collection[Any], attribute: str, known: Collection[str]) -> Iterator[Advice]:
    for place, entry in enumerate(entries):
        yield from _unusual(path_text((name, place, attribute)), getattr(entry, attribute), known)


def _unusual_words(petition: Petition) -> Iterator[Advice]:
    for place, code in enumerate(petition.denial_types):
        yield from _unusual(path_text(("denial_types", place)), code, vocabulary.DENIAL_TYPES)
    yield from _each("evidence", petition.evidence, "kind", vocabulary.EVIDENCE_KINDS)
    yield from _each("remedy", petition.remedy, "kind", vocabulary.REMEDY_KINDS)
    if petition.urgency:
        yield from _unusual("urgency.reason", petition.urgency.reason, vocabulary.URGENCY_REASONS)
    if petition.priority_sector:
        yield from _unusual("priority_sector.class", petition.priority_sector.class_, vocabulary.SECTORS)


def _people(petition: Petition) -> Iterator[Advice]:
    known = (*vocabulary.ORGANIZATION_TYPES, *vocabulary.PERSON_TYPES)
    for place, petitioner in enumerate(petition.petitioners):
        path = path_text(("petitioners", place))
        if (petitioner.type or "").lower() not in known:
            words = N_("{field} says no known type of organization, so this petitioner is protected like a person.")
            yield Advice("treated_as_person", f"{path}.type", words)
    if not petition.petitioners:
        yield Advice("anonymous", "petitioners", N_("The petition is anonymous: nobody is named as petitioner."))
    for place, witness in enumerate(petition.witnesses):
        path = path_text(("witnesses", place))
        if not witness.name.whole and not witness.aliases:
            words = N_("{field} has neither a name nor an alias, so this person cannot be found in the texts.")
            yield Advice("nameless_witness", path, words)
        if not (witness.consent and witness.consent.given):
            yield Advice("no_consent", path, N_("{field} does not record that this person agreed."))


def _evidence(petition: Petition) -> Iterator[Advice]:
    for place, item in enumerate(petition.evidence):
        if not item.title:
            words = N_("{field} has no title, so readers see a line without words.")
            yield Advice("untitled_evidence", path_text(("evidence", place)), words)


def _language(petition: Petition) -> Iterator[Advice]:
    if petition.language and petition.language not in vocabulary.LANGUAGES:
        words = N_(
            "The texts are checked for names by the rules of Spanish: the language of {field} has none of its own yet."
        )
        yield Advice("language_without_rules", "language", words)
