"""A public version at the portal: its strict form, the second look at it, and what its petitioners sign of it. Pure.

Rules
    1. It has the fields of the list and no other: no evidence, witnesses, contacts or business matters.
    2. No day, no hour, and no number on a label: a number joins two things that the same person saw.
    3. The guard reads every free text of it, as it reads every record; the portal knows no names.
    4. The note is signed by the case's key and says which case, which text, and to whom it is given.
    5. One public version is in force at a time: a newer one takes the place of the one before, which is destroyed.

Worked example: a union releases the version with hash 3f… to the office. A reviewer opens it, logged like every record,
and hands it to the employer, which is written in the case's history. The union calls it back: what the portal has of it
is destroyed. Its row, hash and history stay, so that a copy that turns up can be told from a forged one.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from app.domain.deadlines import legal_day
from app.domain.entities import PUBLIC, CaseId, Released
from app.domain.errors import AdmissionError
from app.domain.filing.form import LanguageCode, Line, Lines, LongText, Month, Salt, Strict, Text, parse_form
from app.domain.filing.public import months
from app.domain.filing.record import free_texts_of_record
from app.domain.moments import rfc3339
from app.domain.paths import leaves, path_text
from app.domain.petition.fields import MAX_ENTRIES
from app.domain.ports import Portal
from app.domain.redaction import guard
from app.domain.redaction.surrogates import surrogate_pattern
from crypto.errors import NoteError
from crypto.note import NoteType, NoteVerifier, open_typed

_MANY: Any = Field(default_factory=list, max_length=MAX_ENTRIES)
_NUMBERED = re.compile(r"-[0-9]{2,4}\]$")


class Audience(StrEnum):
    """To whom a petitioner gives a public version: through the office to whoever must answer, or to everybody."""

    OFFICE = "office"
    EVERYONE = "everyone"


class PublicFacility(Strict):
    """The workplace, without its address and numbers."""

    legal_name: Line | None = None
    trade_name: Line | None = None
    municipality: Line
    state: Line
    country: Line


class PublicHappening(Strict):
    """One thing that happened, by month."""

    date: Month | None = None
    what: Text | None = None


class PublicFacts(Strict):
    """What happened."""

    period_from: Month | None = None
    period_to: Month | None = None
    summary: Text | None = None
    timeline: Annotated[list[PublicHappening], _MANY]
    narrative: LongText | None = None


class PublicRemedy(Strict):
    """What is asked for."""

    kind: Line | None = None
    detail: Text | None = None


class PublicPetitioner(Strict):
    """An organization that agreed to be named."""

    name: Line
    type: Line | None = None
    country: Line | None = None


class PublicVersion(Strict):
    """The whole public version, version 1 of its form."""

    v: Annotated[int, Field(ge=1, le=1)]
    salt: Salt
    language: LanguageCode
    facility: PublicFacility
    denial_types: Annotated[Lines, _MANY]
    laws: Annotated[Lines, _MANY]
    facts: PublicFacts
    remedy: Annotated[list[PublicRemedy], _MANY]
    petitioners: Annotated[list[PublicPetitioner], _MANY]


def parse_public(text: str) -> dict[str, Any]:
    """Return a public version from its canonical text, looked at once more (rules 1 to 3).

    Raises:
        AdmissionError: another spelling, form or size; public_day, public_number; record_guard.
    """
    version = parse_form(PublicVersion, text, PUBLIC)  # 1
    for path, value in leaves(version):
        place = f"{PUBLIC}.{path_text(path)}"
        if isinstance(value, str) and months(value) != value:  # 2
            raise AdmissionError("public_day", place)
        if isinstance(value, str) and any(_NUMBERED.search(label[0]) for label in surrogate_pattern().finditer(value)):
            raise AdmissionError("public_number", place)
    hits = guard.check(free_texts_of_record(version))  # 3
    if hits:
        raise AdmissionError("record_guard", f"{PUBLIC}.{hits[0].path}", kind=hits[0].kind)
    return version


def release_body(portal: str, case: str, sha256: str, audience: Audience) -> dict[str, Any]:
    """Return what petitioners sign of a public version (rule 4); `sha256` in hex."""
    return {"v": 1, "portal": portal, "case": case, "sha256": sha256, "audience": audience.value}


def audience_in(note: str, signer: str, portal: str, case: CaseId, sha256: str) -> Audience:
    """Return to whom a release note gives a version, after its signature and words were checked (rule 4).

    Raises AdmissionError: release_note.
    """
    try:
        body: Mapping[str, Any] = open_typed(note, NoteType.RELEASE, [NoteVerifier.parse(signer)])
        audience = Audience(body["audience"])
    except (NoteError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise AdmissionError("release_note", "note") from error
    if dict(body) != release_body(portal, case, sha256, audience):
        raise AdmissionError("release_note", "note")
    return audience


def in_force(released: tuple[Released, ...]) -> Released | None:
    """Return the version that was not called back (rule 5), None if there is none."""
    return next((each for each in reversed(released) if each.withdrawn is None), None)


def released_statement(portal: Portal, released: Released) -> str:
    """Return the portal's signed word about a release: whose, which text, to whom, since when, and whether still."""
    body = release_body(portal.facts.name, released.case, released.sha256, Audience(released.audience)) | {
        "released": legal_day(released.released).isoformat(),
        "withdrawn": legal_day(released.withdrawn).isoformat() if released.withdrawn is not None else None,
        "entry": released.entry_index,
        "note": released.note,
        "stated": rfc3339(portal.clock()),
    }
    return portal.statements.sign(NoteType.RELEASED, body)
