"""Give out a public version, or call it back: a holder's word, signed by the case's key, in the log and in history.

Releasing: 1. the text is looked at once more, without names; 2. the newest version's signer has signed which text goes
to whom; 3. the document is set once, so that everybody is handed the same bytes; 4. one unit of work: no place waits in
which the office sees a person, the one in force is called back, rows and step; 5. now that it is durable, the keys of
the one before go. The same again changes nothing. What was called back
is not served any more, and its keys are destroyed (law L8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.admission import stored_manifest
from app.domain.chronicle import By, Chronicle, read_events, step_of_holder
from app.domain.deadlines import legal_day
from app.domain.document.public import PublicDocument
from app.domain.entities import PUBLIC, Case, CaseId, RecordPlace, Released, Role
from app.domain.errors import AccessError, ProcedureError, ServiceError
from app.domain.events import CaseEvent
from app.domain.ports import Portal, RecordKey, Unit, View
from app.domain.procedure import Action, Stated
from app.domain.proving import ProvenEntry, prove_for_holder
from app.domain.questions import ABOUT, questions
from app.domain.released import audience_in, in_force, parse_public
from app.i18n import DEFAULT_LANGUAGE, LANGUAGES
from crypto.digest import sha256_hex

_MORE_THAN_EVER = 1000
"""Public versions of one case: each is a step of its history."""


@dataclass(frozen=True)
class _Made:
    """What is written of a version, computed before the transaction."""

    sha256: str
    audience: str
    note: str
    key: RecordKey
    text: bytes
    pdf: bytes


def release_public(portal: Portal, case_id: CaseId, text: str, note: str) -> tuple[ProvenEntry, ...]:
    """Release a version; return the entries made, none where the same is in force for the same people.

    Raises:
        AdmissionError: its form, days, labels or identifiers; release_note. AccessError: case_unknown.
        ProcedureError: public_flagged, step_unlisted; the attempt is logged. ServiceError: revision_behind.
    """
    version = parse_public(text)  # 1
    sha256 = sha256_hex(text.encode())
    with portal.ledger.view() as view:
        signer, earlier = _signer(view, case_id), view.released.of(case_id)
    audience = audience_in(note, signer, portal.facts.name, case_id, sha256)  # 2
    standing = in_force(earlier)
    if standing is not None and (standing.sha256, standing.audience) == (sha256, audience):
        return ()
    if len(earlier) >= _MORE_THAN_EVER:
        raise ServiceError("storage_full")
    made = _made(portal, RecordPlace(case_id, PUBLIC, len(earlier) + 1), version, text, (audience, note))  # 3
    gone: list[RecordPlace] = []

    def work(unit: Unit) -> None:
        case = _case(unit, case_id)
        if _signer(unit, case_id) != signer or unit.released.of(case_id) != earlier:
            raise ServiceError("revision_behind")
        _check_flags(portal, unit, case)
        gone[:] = _call_back(portal, unit, case)
        _store(portal, unit, case, made)

    committed = step_of_holder(portal, case_id, Action.RELEASE, work)  # 4
    _forget(portal, gone)  # 5
    return _proven(portal, committed.entries)


def recall_public(portal: Portal, case_id: CaseId) -> tuple[ProvenEntry, ...]:
    """Call back what is in force; return the entries made, none where nothing is.

    Raises AccessError: case_unknown. ProcedureError: step_unlisted; the attempt is logged.
    """
    gone: list[RecordPlace] = []

    def work(unit: Unit) -> None:
        gone[:] = _call_back(portal, unit, _case(unit, case_id))

    committed = step_of_holder(portal, case_id, Action.RECALL, work)
    _forget(portal, gone)
    return _proven(portal, committed.entries)


@dataclass(frozen=True)
class GivenOut:
    """What holders gave out of their case, called back or not, and the steps by which the office handed it on."""

    versions: tuple[Released, ...]
    handed: tuple[CaseEvent, ...]


def list_released(portal: Portal, case_id: CaseId) -> GivenOut:
    """Return what was given out of a case, in order."""
    with portal.ledger.view() as view:
        return GivenOut(view.released.of(case_id), read_events(portal, view, case_id, {Action.HAND_ON}))


def _case(unit: Unit, case_id: CaseId) -> Case:
    case = unit.cases.get(case_id)
    if case is None:
        raise AccessError("case_unknown")
    return case


def _signer(view: View, case_id: CaseId) -> str:
    newest = view.cases.newest_manifest(case_id)
    if newest is None:
        raise AccessError("case_unknown")
    return stored_manifest(newest.note).signer


def _made(portal: Portal, place: RecordPlace, version: dict[str, Any], text: str, said: tuple[str, str]) -> _Made:
    sha256 = sha256_hex(text.encode())
    language = version["language"] if version["language"] in LANGUAGES else DEFAULT_LANGUAGE
    pdf = portal.typesetter.set(PublicDocument(version, place.case, sha256, language).data(), 0, "petition")
    return _Made(sha256, *said, portal.vault.new_record_key(place), text.encode(), pdf)


def _check_flags(portal: Portal, unit: Unit, case: Case) -> None:
    """Refuse while the office says of a place that a person may be seen there: the words may be in this text too."""
    asked = questions(case.stage, read_events(portal, unit, case.id, ABOUT), legal_day(portal.clock()))
    if any(each.is_open and each.flag is not None for each in asked):
        raise ProcedureError("public_flagged")


def _call_back(portal: Portal, unit: Unit, case: Case) -> tuple[RecordPlace, ...]:
    standing = in_force(unit.released.of(case.id))
    if standing is None:
        return ()
    stated = Stated(sha256=standing.sha256, release=standing.version, audience=standing.audience)
    Chronicle(portal, unit).take(case, By(Role.HOLDER), Action.RECALL, stated)
    place = RecordPlace(case.id, PUBLIC, standing.version)
    unit.released.withdraw(case.id, portal.clock())
    unit.cases.drop_record(place)
    return (place,)


def _store(portal: Portal, unit: Unit, case: Case, made: _Made) -> None:
    place, vault = made.key.place, portal.vault
    stated = Stated(sha256=made.sha256, release=place.version, audience=made.audience)
    Chronicle(portal, unit).take(case, By(Role.HOLDER), Action.RELEASE, stated)
    index = unit.events.of(case.id, {Action.RELEASE})[-1].entry_index
    unit.keep_keys(made.key.wrapped)
    unit.cases.add_record(place, made.sha256, vault.seal_record(made.key, made.text))
    unit.cases.add_pages(place, (vault.seal_page(made.key, 1, made.pdf),))
    now = portal.clock()
    unit.released.add(Released(case.id, place.version, made.sha256, made.audience, made.note, now, index))


def _forget(portal: Portal, gone: Sequence[RecordPlace]) -> None:
    if gone:
        portal.vault.destroy_records(gone)
        portal.ledger.let_go()


def _proven(portal: Portal, entries: Sequence[Any]) -> tuple[ProvenEntry, ...]:
    return tuple(prove_for_holder(portal, each.index, each.leaf, each.entry_key, each.fields) for each in entries)
