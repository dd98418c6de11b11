"""Say of a case that it refiles an earlier one: a note that the case keys of both have signed, an entry in both logs.

1. The note names two cases of this portal, which exist; 2. the signer of the newest version of each has signed it, so
that nobody ties a stranger's case to theirs; 3. one unit of work: both entries and the row. Saying it twice changes
nothing; a case refiles one other at most.
"""

import json
from collections.abc import Mapping
from typing import Any

from app.domain.admission import stored_manifest
from app.domain.entities import CaseId, CaseLink, EntryKind, Role, StaffMember
from app.domain.errors import AccessError, AdmissionError, ServiceError
from app.domain.policy import may_see_cards
from app.domain.ports import EntryDraft, Portal, Unit, View
from app.domain.proving import ProvenEntry, prove_for_holder
from crypto.digest import sha256_hex
from crypto.errors import NoteError
from crypto.note import NoteType, NoteVerifier, open_typed


def refile_case(portal: Portal, earlier: CaseId, note: str) -> tuple[ProvenEntry, ...]:
    """Link a later case to an earlier one, for a holder of the earlier; return its entry, none for what stands already.

    Raises:
        AdmissionError: the note does not say this, or is not signed by both. ServiceError: case_conflict.
    """
    case = _case_in(note)
    signers = _check(portal, earlier, case, note)  # 1, 2

    def work(unit: Unit) -> None:
        if signers != [_signer(unit, each) for each in (earlier, case)]:
            raise AdmissionError("link", "note")  # somebody who signed it was removed since
        link = unit.cases.link_of(case)
        if link is not None:
            if link.earlier != earlier:
                raise ServiceError("case_conflict")
            return
        unit.append(_entry(earlier, note, f"refiled as {case}"))
        index = unit.append(_entry(case, note, f"refiled from {earlier}"))
        unit.cases.add_link(CaseLink(case, earlier, note, index))

    committed = portal.ledger.write(work)  # 3
    own = [entry for entry in committed.entries if entry.fields["case"] == earlier]
    return tuple(prove_for_holder(portal, entry.index, entry.leaf, entry.entry_key, entry.fields) for entry in own)


def show_earlier(portal: Portal, member: StaffMember, case: CaseId) -> CaseId | None:
    """Return which earlier case a case refiles, for the office. Raises AccessError: not_allowed."""
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    with portal.ledger.view() as view:
        link = view.cases.link_of(case)
    return link.earlier if link else None


def _entry(case: CaseId, note: str, detail: str) -> EntryDraft:
    sha256 = sha256_hex(note.encode())
    return EntryDraft(EntryKind.CASE_REFILED, "holder", Role.HOLDER, case, record=sha256, detail=detail)


def _case_in(note: str) -> CaseId:
    """Return the case that a note names, unverified: it only chooses the key."""
    try:
        return CaseId(str(json.loads(note.split("\n")[1])["case"]))
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise AdmissionError("link", "note") from error


def _check(portal: Portal, earlier: CaseId, case: CaseId, note: str) -> list[str]:
    """Return who may sign for the two cases, after both did."""
    with portal.ledger.view() as view:
        signers = [_signer(view, each) for each in (earlier, case)]
    try:
        for signer in signers:
            body = open_typed(note, NoteType.LINK, [NoteVerifier.parse(signer)])
    except (NoteError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise AdmissionError("link", "note") from error
    _check_body(portal, body, earlier, case)
    return signers


def _signer(view: View, case: CaseId) -> str:
    newest = view.cases.newest_manifest(case)
    if newest is None:
        raise AccessError("case_unknown")
    return stored_manifest(newest.note).signer


def _check_body(portal: Portal, body: Mapping[str, Any], earlier: CaseId, case: CaseId) -> None:
    expected = {"v": 1, "portal": portal.facts.name, "earlier": earlier, "case": case}
    if dict(body) != expected or case == earlier:
        raise AdmissionError("link", "note")
