"""Set or clear the address to which a case's holders are told that something waits; logged, without the address."""

from app.domain.entities import CaseId, EntryKind, Role
from app.domain.errors import AccessError, NoticeError
from app.domain.notices import check_address, padded, unpadded
from app.domain.ports import EntryDraft, Portal, Unit
from app.domain.proving import ProvenEntry, prove_for_holder


def has_notice(portal: Portal, case_id: CaseId) -> bool:
    """Tell whether somebody is told; the address is not shown again, to no holder either."""
    with portal.ledger.view() as view:
        stored = view.notices.of(case_id)
    return stored is not None and stored.address_sealed is not None


def set_notice(portal: Portal, case_id: CaseId, address: str) -> tuple[ProvenEntry, ...]:
    """Set the address of a case; return the entry made, none if it is the one that stands already.

    Raises:
        NoticeError: notice_off, address. AccessError: case_unknown.
    """
    if portal.facts.notice_from is None:
        raise NoticeError("notice_off")
    return _change(portal, case_id, check_address(address))


def clear_notice(portal: Portal, case_id: CaseId) -> tuple[ProvenEntry, ...]:
    """Clear the address of a case; return the entry made, none if there was none. Raises AccessError: case_unknown."""
    return _change(portal, case_id, None)


def _change(portal: Portal, case_id: CaseId, address: str | None) -> tuple[ProvenEntry, ...]:
    def work(unit: Unit) -> None:
        if unit.cases.get(case_id) is None:
            raise AccessError("case_unknown")
        stored = unit.notices.of(case_id)
        sealed = stored.address_sealed if stored else None
        before = unpadded(portal.vault.open_notice(case_id, sealed)) if sealed is not None else None
        if before == address:
            return
        kind = EntryKind.NOTICE_CLEARED if address is None else EntryKind.NOTICE_SET
        unit.notices.set(case_id, None if address is None else portal.vault.seal_notice(case_id, padded(address)))
        unit.append(EntryDraft(kind, Role.HOLDER, Role.HOLDER, case_id))

    made = portal.ledger.write(work).entries
    return tuple(prove_for_holder(portal, each.index, each.leaf, each.entry_key, each.fields) for each in made)
