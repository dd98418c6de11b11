"""A log entry with everything a holder's device needs to prove it: leaf, opening and tlog-proof."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import ServiceError
from app.domain.openings import decode_opening, opening_for_holder
from app.domain.ports import Portal, View
from crypto.access_request import key_index_in
from crypto.log.commitments import Opening
from crypto.secret import SecretBytes


@dataclass(frozen=True)
class ProvenRequest:
    """The request that a reader's device signed for a look, and its key with the proof that the log had it before."""

    note: str
    vkey: str
    key_index: int
    key_leaf: bytes
    key_proof: str


@dataclass(frozen=True)
class ProvenEntry:
    """One access or step: the leaf, what of it is shown, its tlog-proof, and the signed request where there is one."""

    index: int
    leaf: bytes
    opening: Opening
    proof: str
    request: ProvenRequest | None = None


def prove_for_holder(
    portal: Portal, index: int, leaf: bytes, entry_key: SecretBytes, fields: Mapping[str, str]
) -> ProvenEntry:
    """Return an entry as a holder is shown it."""
    opening = opening_for_holder(index, entry_key, fields)
    return ProvenEntry(index, leaf, opening, portal.ledger.receipt_proof(index))


def prove_stored(portal: Portal, view: View, index: int) -> ProvenEntry:
    """Return a stored entry as a holder is shown it. Raises ServiceError read_only if its row or opening is gone."""
    leaf = view.log.leaf(index)
    rows = list(view.log.openings(index, index + 1))
    if leaf is None or not rows:
        raise ServiceError("read_only")
    _, sealed, owner = rows[0]
    return prove_for_holder(portal, index, leaf, *decode_opening(portal.vault.open_opening(index, owner, sealed)))


def prove_request(portal: Portal, view: View, note: str, detail: str) -> ProvenRequest | None:
    """Return a signed request with its key, as the entry's detail names it; None where there is none."""
    index = key_index_in(detail)
    if not note or index is None:
        return None
    device, leaf = view.devices.at(index), view.log.leaf(index)
    if device is None or leaf is None:
        return None
    return ProvenRequest(note, device.vkey, index, leaf, portal.ledger.receipt_proof(index))
