"""Words that a petition's open fields usually hold; another word is accepted with a warning that names the nearest.

Source: domain reference, sections 3 and 4; the denial codes are this project's names for types seen in public cases.
"""

from collections.abc import Collection

from rapidfuzz import fuzz, process

DENIAL_TYPES = (
    "EMPLOYER_INTERFERENCE",
    "UNION_DISMISSAL",
    "THREATS_COERCION",
    "BLACKLISTING",
    "FAVOURING_UNION",
    "REFUSAL_TO_BARGAIN",
    "ACCESS_REFUSED",
    "BALLOT_IRREGULARITY",
    "CBA_NOT_PROVIDED",
    "CBA_IMPOSED",
    "SECTOR_AGREEMENT_NOT_APPLIED",
    "DUES_WITHHELD",
    "STRIKE_INTERFERENCE",
    "LEADERSHIP_DISMISSED",
    "OTHER",
)
EVIDENCE_KINDS = (
    "document",
    "photo",
    "video",
    "audio",
    "screenshot",
    "log",
    "message",
    "email",
    "testimony",
    "payslip",
    "contract",
    "spreadsheet",
    "press",
    "other",
)
REMEDY_KINDS = (
    "reinstatement",
    "back_pay",
    "new_vote",
    "vote_safeguards",
    "neutrality",
    "access",
    "dues",
    "bargaining",
    "recognition",
    "cba_copy",
    "blacklist_end",
    "training",
    "sanctions",
    "monitoring",
    "other",
)
URGENCY_REASONS = ("vote", "strike", "planned_dismissal", "closure_risk", "violence", "other")
SECTORS = ("manufactured_goods", "services", "mining")
LANGUAGES = ("es", "en", "fr")
ORGANIZATION_TYPES = (
    "union",
    "federation",
    "confederation",
    "ngo",
    "network",
    "law_firm",
    "organization",
    "association",
    "worker_center",
)
STATES_OF_MEXICO = (
    "Aguascalientes",
    "Baja California",
    "Baja California Sur",
    "Campeche",
    "Chiapas",
    "Chihuahua",
    "Ciudad de México",
    "Coahuila",
    "Colima",
    "Durango",
    "Estado de México",
    "Guanajuato",
    "Guerrero",
    "Hidalgo",
    "Jalisco",
    "Michoacán",
    "Morelos",
    "Nayarit",
    "Nuevo León",
    "Oaxaca",
    "Puebla",
    "Querétaro",
    "Quintana Roo",
    "San Luis Potosí",
    "Sinaloa",
    "Sonora",
    "Tabasco",
    "Tamaulipas",
    "Tlaxcala",
    "Veracruz",
    "Yucatán",
    "Zacatecas",
)
"""As people write them; offered by the filing page, not required of anybody."""
PERSON_TYPES = ("person", "group_of_workers")
"""Both are people: a group of workers is shown as one protected petitioner."""


def nearest(name: str, known: Collection[str]) -> str:
    """Return the known name that reads most like another; some name always comes back.

    Both are compared without case and with `-`, `_` and spaces alike.
    """
    folded = {entry: entry.lower().replace("_", " ").replace("-", " ") for entry in known}
    wanted = name.lower().replace("_", " ").replace("-", " ")
    found = process.extractOne(wanted, folded, scorer=fuzz.WRatio)
    return str(found[2])


def likeness(name: str, other: str) -> float:
    """Return how alike two names are, 0 to 100."""
    return float(fuzz.ratio(name.lower(), other.lower()))
