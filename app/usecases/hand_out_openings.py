"""Give an auditor openings of log entries; that they were fetched is an entry of its own, made before (law L4)."""

from collections.abc import Mapping, Sequence

from app.domain.entities import EntryKind, Purpose, ReaderDevice, StaffMember
from app.domain.errors import AccessError, ServiceError
from app.domain.openings import decode_opening, opening_for_auditor, request_in
from app.domain.policy import may_fetch_openings
from app.domain.ports import EntryDraft, Portal
from crypto.secret import SecretBytes

MOST = 20_000
"""Openings in one answer: bounds memory; an auditor asks for the next range."""


def hand_out_openings(portal: Portal, member: StaffMember, start: int, end: int) -> dict[str, object]:
    """Return openings from start up to, not including, end, of published entries.

    Raises AccessError. ServiceError: storage_busy, where a case was destroyed while its openings were read.
    """
    if not may_fetch_openings(member):
        raise AccessError("not_allowed")
    end = min(end, portal.log.published_size())
    if not 0 <= start <= end:
        raise AccessError("range", "from")
    end = min(end, start + MOST)
    portal.ledger.write(
        lambda unit: unit.append(
            EntryDraft(
                EntryKind.OPENINGS_READ,
                actor=member.name,
                role=member.role,
                purpose=Purpose.AUDIT,
                detail=f"{start}-{end}",
            )
        )
    )
    with portal.ledger.view() as view:
        rows = list(view.log.openings(start, end))
        gone = set(view.retention.all_destroyed())
        devices, rules = view.devices.all(), view.devices.rules()
    openings, destroyed, requests = [], [], []
    for index, sealed, case in rows:
        if case in gone:
            destroyed.append(index)  # an entry `case_destroyed` names it, and commits to the certificate
            continue
        (entry_key, fields), request = _opened(portal, index, case, sealed)
        openings.append(opening_for_auditor(index, entry_key, fields).to_json())
        requests += [{"index": index, "note": request}] if request else []
    told: dict[str, object] = {"v": 1, "origin": portal.facts.log_origin, "from": start, "to": end}
    told |= {"openings": openings}
    told |= {"requests": requests, "devices": _devices_json(devices), "signing_rules": [list(rule) for rule in rules]}
    return {**told, "destroyed": destroyed} if destroyed else told


def _devices_json(devices: Sequence[ReaderDevice]) -> list[dict[str, object]]:
    """Return the keys under which requests are checked: where the log has each, and its device's own statement."""
    return [{"index": each.entry_index, "vkey": each.vkey, "note": each.note} for each in devices]


def _opened(portal: Portal, index: int, case: str, sealed: bytes) -> tuple[tuple[SecretBytes, Mapping[str, str]], str]:
    """Return entry key and fields, and the signed request that is kept with them."""
    try:
        body = portal.vault.open_opening(index, case, sealed)
        return decode_opening(body), request_in(body)
    except KeyError as error:
        # Not listed as destroyed either: the entry that says so came after what was looked at.
        raise ServiceError("storage_busy") from error
