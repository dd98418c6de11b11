"""A log entry with everything a holder's device needs to prove it: leaf, opening and tlog-proof."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import ServiceError
from app.domain.openings import decode_opening, opening_for_holder
from app.domain.ports import Portal, View
from crypto.log.commitments import Opening
from crypto.secret import SecretBytes


@dataclass(frozen=True)
class ProvenEntry:
    """One access or step: the leaf, what of it is shown, and its tlog-proof."""

    index: int
    leaf: bytes
    opening: Opening
    proof: str


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
