"""Hand out what a holder needs to open a case: its founding text, all manifests and the sealed case key."""

from dataclasses import dataclass

from app.domain.custody import read_parts
from app.domain.entities import CaseId
from app.domain.errors import AccessError
from app.domain.ports import Portal
from crypto.digest import equal
from crypto.errors import KeyTextError
from crypto.keys import normalise_status_code, status_hash


@dataclass(frozen=True)
class SealedCaseKey:
    """Public to whoever knows case number and status code; only a holder's key opens it."""

    genesis: str
    manifests: tuple[str, ...]
    case_key: bytes


def fetch_genesis(portal: Portal, case: CaseId) -> str:
    """Return a case's founding text, from which words alone find their keys. Raises AccessError: case_unknown."""
    with portal.ledger.view() as view:
        found = view.cases.get(case)
    if found is None:
        raise AccessError("case_unknown")
    return found.genesis


def fetch_case_key(portal: Portal, case: CaseId, code: str) -> SealedCaseKey:
    """Return the sealed case key. Raises AccessError: case_unknown, for a wrong code as for no case."""
    try:
        given = status_hash(normalise_status_code(code))
    except KeyTextError as error:
        raise AccessError("case_unknown") from error
    with portal.ledger.view() as view:
        stored = view.cases.status_hash_of(case)
        if stored is None or not equal(stored.encode(), given.encode()):
            raise AccessError("case_unknown")
        found = view.cases.get(case)
        manifests = tuple(manifest.note for manifest in view.cases.manifests(case))
        sealed = view.cases.object_of_kind(case, "case-key")
        if found is None or not manifests or sealed is None:
            raise AccessError("case_unknown")
        return SealedCaseKey(found.genesis, manifests, b"".join(read_parts(portal.blobs, view, sealed)))
