"""Give a holder every entry of the case with its proof, so that the device, not we, says what happened."""

from dataclasses import dataclass, replace

from app.domain.entities import CaseId
from app.domain.openings import decode_opening, request_in
from app.domain.ports import Portal
from app.domain.proving import ProvenEntry, prove_for_holder, prove_request, prove_stored


@dataclass(frozen=True)
class History:
    """All accesses in order; `counter` is how many the case has, so that a missing one shows.

    `rules`: the entries that say from when on readers' devices must sign.
    """

    entries: tuple[ProvenEntry, ...]
    counter: int
    rules: tuple[ProvenEntry, ...] = ()


def list_history(portal: Portal, case_id: CaseId) -> History:
    """Return the history of a case."""
    with portal.ledger.view() as view:
        case = view.cases.get(case_id)
        rows = view.log.openings_of(case_id)
        leaves = [view.log.leaf(index) or b"" for index, _, _ in rows]
        entries = []
        for (index, sealed, owner), leaf in zip(rows, leaves, strict=True):
            body = portal.vault.open_opening(index, owner, sealed)
            entry_key, fields = decode_opening(body)
            request = prove_request(portal, view, request_in(body), fields["detail"])
            entries.append(replace(prove_for_holder(portal, index, leaf, entry_key, fields), request=request))
        rules = tuple(prove_stored(portal, view, index) for index, _ in view.devices.rules())
    return History(tuple(entries), case.log_counter if case else 0, rules)
