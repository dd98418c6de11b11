"""Why a petition was declined: the codes, and words to start from in three languages.

A refusal without words teaches nobody. Each code has a sentence for what was not met and one for what would cure it;
whoever drafts a decision edits them to the case. Source: domain reference, section 10, with its precedents.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.errors import ProcedureError
from app.domain.procedure import Deployment, ReasonWords
from app.i18n import LANGUAGES, N_, t

NONE_GIVEN = "NONE_GIVEN"
OTHER = "OTHER"


@dataclass(frozen=True)
class Template:
    """What a code says before anybody edits it, as msgids."""

    not_met: str
    cure: str


TEMPLATES: Final[Mapping[str, Template]] = {
    "INSUFFICIENT_EVIDENCE": Template(
        N_("The information received does not amount to sufficient, credible evidence of a denial of rights."),
        N_(
            "Evidence that supports the account from a second side: documents, messages, recordings, or statements "
            "of more people, which may stay sealed while their number and roles are attested."
        ),
    ),
    "MULTI_EMPLOYER_PATTERN": Template(
        N_("What is described goes on across several employers, and the mechanism looks at one facility at a time."),
        N_("A petition for each facility, with what happened there."),
    ),
    "NOT_COVERED_FACILITY": Template(
        N_(
            "It was not shown that the workplace makes goods or supplies services that are traded between the Parties "
            "or compete with those of the other Party."
        ),
        N_("Products, customers abroad, customs codes or competitors of the workplace."),
    ),
    "NOT_PRIORITY_SECTOR": Template(
        N_("The workplace is not in a priority sector: manufactured goods, services or mining."),
        N_("What the workplace makes or does that belongs to a priority sector."),
    ),
    "LAW_OUT_OF_SCOPE": Template(
        N_("The facts do not concern rights under laws that carry out the obligations of the agreement."),
        N_("The facts under the laws that protect free association and collective bargaining."),
    ),
    "ALREADY_REMEDIED": Template(
        N_("What was denied has been put right in the meantime."),
        N_("If it was not, or happens again: what remains, with dates after the remedy."),
    ),
    "HANDLED_BY_MEXICAN_AUTHORITY": Template(
        N_("The Mexican authority is dealing with the same facts."),
        N_("If that ends without a remedy: its result, and what is still denied."),
    ),
    "SUPERSEDED_BY_NEW_PETITION": Template(
        N_("A newer petition covers the same facts and goes on in place of this one."),
        N_("Nothing is needed here; what is missing can be added to the newer petition."),
    ),
    "NOT_A_DENIAL_OF_RIGHTS": Template(
        N_("The facts, taken as true, do not deny free association or collective bargaining."),
        N_("Facts that show how organizing, choosing a union or bargaining was hindered."),
    ),
    OTHER: Template("", ""),
    NONE_GIVEN: Template("", ""),
}

REASON_NAMES: Final[Mapping[str, str]] = {
    "INSUFFICIENT_EVIDENCE": N_("Not enough credible evidence"),
    "MULTI_EMPLOYER_PATTERN": N_("The pattern involves several employers"),
    "NOT_COVERED_FACILITY": N_("Not a covered facility"),
    "NOT_PRIORITY_SECTOR": N_("Not a priority sector"),
    "LAW_OUT_OF_SCOPE": N_("The law named is outside the mechanism"),
    "ALREADY_REMEDIED": N_("Already remedied"),
    "HANDLED_BY_MEXICAN_AUTHORITY": N_("Handled by the Mexican authority"),
    "SUPERSEDED_BY_NEW_PETITION": N_("Replaced by a newer petition"),
    "NOT_A_DENIAL_OF_RIGHTS": N_("Not a denial of rights"),
    OTHER: N_("Other"),
    NONE_GIVEN: N_("No reason given"),
}


def codes_for(deployment: str) -> tuple[str, ...]:
    """Return the codes to choose from: an office that decides gives reasons, a custodian may have received none."""
    return tuple(code for code in TEMPLATES if code != NONE_GIVEN or deployment == Deployment.CUSTODIAN)


def template(codes: Iterable[str], language: str) -> ReasonWords:
    """Return the words to start from for some codes, a paragraph each."""
    chosen = [TEMPLATES[code] for code in codes]
    met = [t(language, each.not_met) for each in chosen if each.not_met]
    cures = [t(language, each.cure) for each in chosen if each.cure]
    return ReasonWords("\n".join(met), "\n".join(cures))


def check_codes(codes: Sequence[str], deployment: str) -> None:
    """Raises ProcedureError: codes_missing, codes_unknown, codes_alone."""
    if not codes:
        raise ProcedureError("codes_missing", "codes")
    if not set(codes) <= set(codes_for(deployment)):
        raise ProcedureError("codes_unknown", "codes")
    if NONE_GIVEN in codes and len(codes) > 1:
        raise ProcedureError("codes_alone", "codes")


def languages_needed(codes: Sequence[str]) -> tuple[str, ...]:
    """Return the languages in which words must stand; none where no reason was given."""
    return () if tuple(codes) == (NONE_GIVEN,) else LANGUAGES


def received(codes: Sequence[str]) -> str:
    """Return how far reasons were received, as section 10 names it."""
    return "NO_REASONS_RECEIVED" if not codes or NONE_GIVEN in codes else "REASONS_RECEIVED"
