"""What a reader's device signs before a record opens, judged before anything is logged or opened (laws L4, L5).

Rules
    1. *offered*: a request without a signature opens as ever; one with a signature must be right. *required*: none
       opens without. *off*: signatures are not looked at.
    2. The key is one of the reader's own devices, switched on, and the log has it.
    3. What was signed is this look: portal, role, case, record, purpose.
    4. The nonce came from here, to this session, at most ten minutes ago, and is used once: in the transaction that
       logs the look.
    5. The checkpoint, if the device knows one, is a state of this log. If not, two histories meet: the alarm is kept,
       and nothing opens.

Worked example: a portal's operator keeps Rosa's request of Monday, and shows it on Tuesday to excuse a look of theirs.
The nonce is used up (rule 4), and for another case it would not fit (rule 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType

from app.domain.cosigners import READER
from app.domain.entities import CaseId, Purpose, ReaderDevice, StaffMember
from app.domain.errors import AccessError
from app.domain.known_states import compare_known, own_keys
from app.domain.ports import Portal, Unit
from crypto.access_request import AccessRequest, detail_of, open_request
from crypto.digest import equal, hmac_sha256, sha256_hex
from crypto.errors import CryptoError
from crypto.log.merkle import MAX_SIZE
from crypto.note import NoteVerifier, split
from crypto.secret import SecretBytes

NONCE_SECONDS = 10 * 60
_LABEL = b"resguardo/request-nonce/v1"
_RANDOM_BYTES = 16

Session = NewType("Session", str)
"""The secret token of a member's session: nonces are bound to it."""


@dataclass(frozen=True)
class Brought:
    """What a browser sent with a request for a record: the signed note, or empty, and its session's token."""

    note: str
    session: Session


NOTHING = Brought("", Session(""))


@dataclass(frozen=True)
class Signed:
    """A request that was judged right: the note, the key's entry, and the nonce that is to be used up."""

    note: str
    key_index: int
    nonce_hash: str
    expires: int

    @property
    def detail(self) -> str:
        """What the entry commits to."""
        return detail_of(self.note, self.key_index)


@dataclass(frozen=True)
class Look:
    """What a reader asks for: `record` is a record's name, without a version."""

    case: CaseId
    record: str
    purpose: Purpose


def new_nonce(portal: Portal, session: Session) -> str:
    """Return a nonce for a request of a session; nothing is stored until it is used."""
    expires, drawn = portal.clock() + NONCE_SECONDS, portal.random(_RANDOM_BYTES).hex()
    return f"{expires}-{drawn}-{_mac(session, expires, drawn)}"


def check_nonce(portal: Portal, session: Session, nonce: str) -> int:
    """Return when a nonce of this session expires, in unix seconds. Raises AccessError: request_old."""
    expires, _, rest = nonce.partition("-")
    drawn, _, mac = rest.partition("-")
    ours = expires.isascii() and expires.isdigit() and len(expires) < 12
    if not ours or not equal(_mac(session, int(expires), drawn).encode(), mac.encode()):
        raise AccessError("request_old")
    if not portal.clock() <= int(expires):
        raise AccessError("request_old")
    return int(expires)


def _mac(session: Session, expires: int, drawn: str) -> str:
    return hmac_sha256(SecretBytes(session.encode()), _LABEL, f"{expires}-{drawn}".encode()).hex()


def judge_request(portal: Portal, member: StaffMember, look: Look, brought: Brought) -> Signed | None:
    """Return what a device signed for a look, None where nothing was signed and nothing had to be (rules 1 to 5).

    Raises AccessError: request_needed, request_wrong, request_old, log_contradicted.
    """
    rule = portal.facts.signed_requests
    # 1.
    if rule == "off" or (not brought.note and rule != "required"):
        return None
    if not brought.note:
        raise AccessError("request_needed")
    # 2.
    with portal.ledger.view() as view:
        devices = view.devices.of(member.id)
    device = _device_of(brought.note, devices)
    # 3.
    request = _opened(portal, member, look, brought.note, device)
    # 4.
    expires = check_nonce(portal, brought.session, request.nonce)
    # 5.
    if request.checkpoint and compare_known(portal, request.checkpoint, READER):
        raise AccessError("log_contradicted")
    return Signed(brought.note, device.entry_index, sha256_hex(request.nonce.encode()), expires)


def use_request(unit: Unit, member: StaffMember, signed: Signed, now: int) -> None:
    """Use a request up in the look's own transaction; a device that was switched off meanwhile signs nothing.

    Raises AccessError: request_old, request_wrong.
    """
    device = unit.devices.at(signed.key_index)
    if device is None or device.staff != member.id or device.ended is not None:
        raise AccessError("request_wrong")
    if not unit.devices.use_nonce(signed.nonce_hash, signed.expires, now):
        raise AccessError("request_old")


def _device_of(note: str, devices: Sequence[ReaderDevice]) -> ReaderDevice:
    try:
        names = {(line.name, line.key_id) for line in split(note)[1]}
        for device in devices:
            verifier = NoteVerifier.parse(device.vkey)
            if device.ended is None and (verifier.name, verifier.key_id) in names:
                return device
    except CryptoError as error:
        raise AccessError("request_wrong") from error
    raise AccessError("request_wrong")


def _opened(portal: Portal, member: StaffMember, look: Look, note: str, device: ReaderDevice) -> AccessRequest:
    fields = {"role": member.role, "case": look.case, "record": look.record, "purpose": look.purpose}
    facts = portal.facts
    try:
        request = open_request(note, device.vkey)
        request.check_fits(facts.name, fields)
        request.check_known(MAX_SIZE, facts.log_origin, own_keys(facts))  # a larger one: rule 5
    except CryptoError as error:
        raise AccessError("request_wrong") from error
    return request
