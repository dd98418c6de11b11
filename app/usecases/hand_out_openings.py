"""Give an auditor openings of log entries; that they were fetched is an entry of its own, made before (law L4)."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from app.domain.entities import CaseId, EntryKind, Purpose, ReaderDevice, StaffMember
from app.domain.errors import AccessError, ServiceError
from app.domain.openings import decode_opening, opening_for_auditor, request_in
from app.domain.policy import may_fetch_openings
from app.domain.ports import EntryDraft, Portal, View
from crypto.secret import SecretBytes

MOST = 20_000
"""Openings in one answer: bounds memory; an auditor asks for the next range."""
MOST_NAMED = 2000


def hand_out_openings(portal: Portal, member: StaffMember, start: int, end: int) -> dict[str, object]:
    """Return openings from start up to, not including, end, of published entries.

    Raises AccessError. ServiceError: storage_busy, where a case was destroyed while its openings were read.
    """
    _check(member)
    end = min(end, portal.log.published_size())
    if not 0 <= start <= end:
        raise AccessError("range", "from")
    end = min(end, start + MOST)
    _note(portal, member, f"{start}-{end}")
    with portal.ledger.view() as view:
        rows, gone, signing = list(view.log.openings(start, end)), set(view.retention.all_destroyed()), _signing(view)
    openings, requests, destroyed = _opened(portal, gone, range(start, end), rows)
    told = {"v": 1, "origin": portal.facts.log_origin, "from": start, "to": end, "openings": openings}
    return {**told, "requests": requests, **signing, **({"destroyed": destroyed} if destroyed else {})}


def hand_out_named(portal: Portal, member: StaffMember, indexes: Sequence[int]) -> dict[str, object]:
    """Return openings of named entries, such as those that were drawn; of what ended with a case, its certificate's.

    Raises AccessError. ServiceError: storage_busy, as above.
    """
    _check(member)
    named = sorted(set(indexes))
    if not named or len(named) > MOST_NAMED or not 0 <= named[0] <= named[-1] < portal.log.published_size():
        raise AccessError("named_entries", "indexes", limit=MOST_NAMED)
    _note(portal, member, ",".join(map(str, named)))
    with portal.ledger.view() as view:
        rows = [row for index in named for row in view.log.openings(index, index + 1)]
        gone, signing = set(view.retention.all_destroyed()), _signing(view)
        ended = any(case in gone for _, _, case in rows)
        general = list(view.log.openings_of(CaseId(""))) if ended else []
    openings, requests, destroyed = _opened(portal, gone, named, rows)
    shown = {each["index"] for each in openings}
    certificates = _certificates(portal, general, destroyed)
    openings += [each for each in certificates if each["index"] not in shown]
    told = {"v": 1, "origin": portal.facts.log_origin, "indexes": named, "openings": openings, "requests": requests}
    return {**told, **signing, **({"destroyed": destroyed} if destroyed else {})}


def _signing(view: View) -> dict[str, object]:
    """Return the keys under which signed requests are checked, and since when they must be signed."""
    return {
        "devices": _devices_json(view.devices.all()),
        "signing_rules": [list(rule) for rule in view.devices.rules()],
    }


def _devices_json(devices: Sequence[ReaderDevice]) -> list[dict[str, object]]:
    """Return the keys under which requests are checked: where the log has each, and its device's own statement."""
    return [{"index": each.entry_index, "vkey": each.vkey, "note": each.note} for each in devices]


def _check(member: StaffMember) -> None:
    if not may_fetch_openings(member):
        raise AccessError("not_allowed")


def _note(portal: Portal, member: StaffMember, what: str) -> None:
    draft = EntryDraft(EntryKind.OPENINGS_READ, actor=member.name, role=member.role, purpose=Purpose.AUDIT, detail=what)
    portal.ledger.write(lambda unit: unit.append(draft))


def _opened(
    portal: Portal, gone: Collection[str], wanted: Collection[int], rows: Iterable[tuple[int, bytes, str]]
) -> tuple[list[dict[str, object]], list[dict[str, object]], list[int]]:
    """Return openings, the signed requests kept with them, and the wanted entries that ended with their cases.

    No view of the store is open meanwhile: a long one would keep what is destroyed on the disk.
    """
    openings: list[dict[str, object]] = []
    requests: list[dict[str, object]] = []
    destroyed = []
    for index, sealed, case in rows:
        if case in gone:
            destroyed.append(index)  # an entry `case_destroyed` names it, and commits to the certificate
        elif index in wanted:
            (entry_key, fields), request = _decoded(portal, index, case, sealed)
            openings.append(opening_for_auditor(index, entry_key, fields).to_json())
            requests += [{"index": index, "note": request}] if request else []
    return openings, requests, destroyed


def _certificates(
    portal: Portal, rows: Iterable[tuple[int, bytes, str]], destroyed: Collection[int]
) -> list[dict[str, object]]:
    """Return the openings of the entries by which these ended."""
    found: list[dict[str, object]] = []
    for index, sealed, owner in rows:
        (entry_key, fields), _ = _decoded(portal, index, owner, sealed)
        if fields["kind"] == EntryKind.CASE_DESTROYED:
            numbers = set(map(int, fields["detail"].rpartition(" ")[2].split(",")))
            if numbers.intersection(destroyed):
                found.append(opening_for_auditor(index, entry_key, fields).to_json())
    return found


def _decoded(portal: Portal, index: int, case: str, sealed: bytes) -> tuple[tuple[SecretBytes, Mapping[str, str]], str]:
    """Return entry key and fields, and the signed request that is kept with them."""
    try:
        body = portal.vault.open_opening(index, case, sealed)
        return decode_opening(body), request_in(body)
    except KeyError as error:
        # Not listed as destroyed either: the entry that says so came after what was looked at.
        raise ServiceError("storage_busy") from error
