"""Give a signed-in holder the case: manifest, where the log stands, ciphertexts, the redacted record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.custody import read_part
from app.domain.entities import RECORD, Case, CaseId, EntryKind, HolderSession, RecordPlace, Role
from app.domain.errors import AccessError
from app.domain.moments import rfc3339
from app.domain.policy import ticket_for_entry
from app.domain.ports import EntryDraft, Portal
from app.domain.proving import ProvenEntry, prove_stored


@dataclass(frozen=True)
class OpenedCase:
    """What the client verifies everything else against: founding text and manifests, the newest last.

    `entries` is how many log entries the case has; `entry` is the one that this session's access made (law L4).
    """

    genesis: str
    manifests: tuple[str, ...]
    received: str
    entries: int
    entry: ProvenEntry


def open_case(portal: Portal, session: HolderSession) -> OpenedCase:
    """Return a case to its holder, with the proof of the access, which was logged at sign-in."""
    with portal.ledger.view() as view:
        case = view.cases.get(session.case)
        manifests = tuple(manifest.note for manifest in view.cases.manifests(session.case))
        if case is None or not manifests:
            raise AccessError("case_unknown")
        entry = prove_stored(portal, view, session.entry_index)
    return OpenedCase(case.genesis, manifests, rfc3339(case.received_at), case.log_counter, entry)


def locate_object(portal: Portal, case_id: CaseId, sha256: str) -> tuple[str, ...]:
    """Return the part hashes of a ciphertext of this case. Raises AccessError: object_unknown."""
    with portal.ledger.view() as view:
        sealed = view.cases.get_object(case_id, sha256)
    if sealed is None:
        raise AccessError("object_unknown")
    return sealed.parts


@dataclass(frozen=True)
class Located:
    """The parts of several ciphertexts, one behind the other, and how many bytes they are in all."""

    parts: tuple[str, ...]
    size: int


def locate_objects(portal: Portal, case_id: CaseId, wanted: Sequence[str]) -> Located:
    """Return where ciphertexts of this case are, in the order asked for. Raises AccessError: object_unknown."""
    with portal.ledger.view() as view:
        known = {sealed.sha256: sealed for sealed in view.cases.objects(case_id)}
    if not known.keys() >= set(wanted):
        raise AccessError("object_unknown")
    found = [known[sha256] for sha256 in wanted]
    return Located(tuple(part for sealed in found for part in sealed.parts), sum(sealed.size for sealed in found))


def part_reader(portal: Portal) -> Callable[[str], bytes]:
    """Return a function that reads one part, so that a large ciphertext never stands in memory whole."""

    def read(part: str) -> bytes:
        with portal.ledger.view() as view:
            return read_part(portal.blobs, view, part)

    return read


@dataclass(frozen=True)
class OwnRecord:
    """The redacted record as reviewers see it, and the proof that this reading was logged."""

    record: str
    entry_index: int
    proof: str


def read_own_record(portal: Portal, case_id: CaseId) -> OwnRecord:
    """Log the holder's reading, then return the redacted record (law L4)."""
    place = RecordPlace(case_id, RECORD, _get(portal, case_id).version)
    kind = EntryKind.RECORD_READ_BY_HOLDER
    draft = EntryDraft(kind, actor="holder", role=Role.HOLDER, case=case_id, record=str(place))
    committed = portal.ledger.write(lambda unit: unit.append(draft))
    ticket = ticket_for_entry(place, committed.entries[0])
    with portal.ledger.view() as view:
        sealed = view.cases.record_sealed(place)
    if sealed is None:
        raise AccessError("case_unknown")
    record = portal.vault.open_record(ticket, sealed).decode()
    return OwnRecord(record, ticket.entry_index, portal.ledger.receipt_proof(ticket.entry_index))


def _get(portal: Portal, case_id: CaseId) -> Case:
    with portal.ledger.view() as view:
        case = view.cases.get(case_id)
    if case is None:
        raise AccessError("case_unknown")
    return case
