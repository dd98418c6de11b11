"""Let out what is due by e-mail, at a tick: claimed first, so that of several processes one sends, then carried.

1. what is due is claimed in one unit: one message for a case, its day noted before anything leaves, so that a crash
   costs a message rather than sends two; 2. each message is carried by itself, in an order drawn by lot; 3. what was
   delivered is forgotten, what was not is put off, and after the last attempt given up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from app.domain.entities import CaseId, Due, Notice
from app.domain.notices import DAY, MOST_ATTEMPTS, later, message, pause, unpadded
from app.domain.ports import Courier, Portal, Unit
from crypto.errors import CryptoError

AT_ONCE = 200
_ORDER_BYTES = 8


@dataclass(frozen=True)
class Sending:
    """How many messages were delivered, put off, and given up."""

    sent: int = 0
    failed: int = 0
    dropped: int = 0


@dataclass(frozen=True)
class _Claimed:
    due: Due
    address: str = field(repr=False)
    last_sent: int | None


def send_notices(portal: Portal, courier: Courier | None) -> Sending:
    """Send what is due; without a courier forget it. Raises ServiceError."""
    now = portal.clock()
    with portal.ledger.view() as view:
        if not view.notices.due(now, 1):
            return Sending()
    if courier is None:
        portal.ledger.write(lambda unit: unit.notices.forget([due.id for due in unit.notices.due(now, AT_ONCE)]))
        return Sending()
    claimed = portal.ledger.write(lambda unit: list(_claim(portal, unit, now))).value  # 1
    claimed.sort(key=lambda _: portal.random(_ORDER_BYTES))
    letter = partial(message, courier.sender, now, portal.random)
    carried = [(each, courier.carry(each.address, letter())) for each in claimed]  # 2
    return portal.ledger.write(lambda unit: _settle(portal, unit, now, carried)).value if carried else Sending()  # 3


def _claim(portal: Portal, unit: Unit, now: int) -> Iterator[_Claimed]:
    due = sorted(unit.notices.due(now, AT_ONCE), key=lambda each: (each.case, -each.attempts))
    for case, waiting in groupby(due, key=lambda each: each.case):
        first, *others = waiting
        unit.notices.forget([each.id for each in others])
        stored = unit.notices.of(case)
        address = _address(portal, case, stored)
        if stored is None or address is None:
            unit.notices.forget([first.id])
        elif stored.last_sent is not None and now - stored.last_sent < DAY:
            unit.notices.put_off(first.id, later(stored.last_sent + DAY, _tick(portal), portal.random), first.attempts)
        else:
            attempts = first.attempts + 1
            unit.notices.put_off(first.id, now + DAY, attempts)
            unit.notices.set_last_sent(case, now)
            yield _Claimed(Due(first.id, case, now, attempts), address, stored.last_sent)


def _address(portal: Portal, case: CaseId, stored: Notice | None) -> str | None:
    """Return a case's address, None where there is none or its key was destroyed (law L8)."""
    if stored is None or stored.address_sealed is None:
        return None
    try:
        return unpadded(portal.vault.open_notice(case, stored.address_sealed))
    except (KeyError, CryptoError):
        return None


def _settle(portal: Portal, unit: Unit, now: int, carried: Sequence[tuple[_Claimed, bool]]) -> Sending:
    sent = failed = dropped = 0
    for each, delivered in carried:
        if delivered:
            unit.notices.forget([each.due.id])
            sent += 1
            continue
        unit.notices.set_last_sent(each.due.case, each.last_sent)
        if each.due.attempts >= MOST_ATTEMPTS:
            unit.notices.forget([each.due.id])
            dropped += 1
        else:
            again = later(now + pause(each.due.attempts), _tick(portal), portal.random)
            unit.notices.put_off(each.due.id, again, each.due.attempts)
            failed += 1
    return Sending(sent, failed, dropped)


def _tick(portal: Portal) -> int:
    return portal.facts.publish_every
