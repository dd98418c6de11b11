"""Sign a holder in: whoever opened the sealed case key can sign, and signs only their own text (design, section 4).

1. challenge: a nonce of single use, bound to the browser or program that asked; 2. the client builds the text with the
address it called and signs it with a key for nothing else; 3. the service compares address, case, time and nonce.
A text relayed from another address names that address, and is refused.
"""

import json
from dataclasses import dataclass

from app.domain.entities import Case, CaseId, EntryKind, HolderSession, Role
from app.domain.errors import AccessError
from app.domain.moments import rfc3339, seconds
from app.domain.ports import EntryDraft, Portal, Unit
from crypto.digest import sha256_hex
from crypto.errors import NoteError
from crypto.note import NoteType, NoteVerifier, open_typed

CHALLENGE_SECONDS = 5 * 60
SESSION_SECONDS = 60 * 60
CLOCK_SKEW_SECONDS = 10 * 60
"""How far a phone's clock may be off; the nonce, not the clock, stops replays."""


@dataclass(frozen=True)
class Challenge:
    """What the client signs (`nonce`) and what binds it to the asker (`browser`, a cookie)."""

    nonce: str
    browser: str
    expires: str


def begin_sign_in(portal: Portal, case: CaseId) -> Challenge:
    """Return a fresh challenge, for a case that exists or not."""
    nonce, browser = portal.random(32).hex(), portal.random(32).hex()
    expires = portal.clock() + CHALLENGE_SECONDS

    def note(unit: Unit) -> None:
        unit.holders.reap(portal.clock())
        unit.holders.add_challenge(sha256_hex(nonce.encode()), sha256_hex(browser.encode()), case, expires)

    portal.ledger.write(note)
    return Challenge(nonce, browser, rfc3339(expires))


def sign_in_holder(portal: Portal, note: str, browser: str, addresses: frozenset[str]) -> str:
    """Return a session token for a correctly signed text. Raises AccessError: sign_in_refused."""
    try:
        case = _claimed_case(note)
        with portal.ledger.view() as view:
            found = view.cases.get(case)
        if found is None:
            raise AccessError("sign_in_refused")
        body = open_typed(note, NoteType.SIGN_IN, [NoteVerifier.parse(found.sign_in_vkey)])
        _check_body(portal, body, case, addresses)
    except (NoteError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise AccessError("sign_in_refused") from error
    return _open_session(portal, found, str(body["nonce"]), browser)


def _claimed_case(note: str) -> CaseId:
    """Return the case that a text names, unverified: it only chooses the key to verify with."""
    return CaseId(str(json.loads(note.split("\n")[1])["case"]))


def _check_body(portal: Portal, body: dict[str, object], case: CaseId, addresses: frozenset[str]) -> None:
    stated = seconds(str(body["time"]))
    if (
        set(body) != {"v", "address", "case", "nonce", "time"}
        or body["v"] != 1
        or body["case"] != case
        or body["address"] not in addresses
        or abs(portal.clock() - stated) > CLOCK_SKEW_SECONDS
    ):
        raise AccessError("sign_in_refused")


def _open_session(portal: Portal, case: Case, nonce: str, browser: str) -> str:
    """Open a session; `case` is as it was when the text was verified."""
    token, now = portal.random(32).hex(), portal.clock()

    def work(unit: Unit) -> None:
        taken = unit.holders.take_challenge(sha256_hex(nonce.encode()), sha256_hex(browser.encode()), now)
        present = unit.cases.get(case.id)
        if taken != case.id or present is None or present.sign_in_vkey != case.sign_in_vkey:
            # The last: whoever was removed between the signature and here would stay for an hour.
            raise AccessError("sign_in_refused")
        index = unit.append(EntryDraft(EntryKind.CASE_OPENED, actor="holder", role=Role.HOLDER, case=case.id))
        unit.holders.add_session(HolderSession(sha256_hex(token.encode()), case.id, now, now + SESSION_SECONDS, index))

    portal.ledger.write(work)
    return token


def holder_session(portal: Portal, token: str | None) -> HolderSession:
    """Return the session of a token. Raises AccessError: sign_in_needed."""
    if token:
        with portal.ledger.view() as view:
            session = view.holders.session(sha256_hex(token.encode()))
        if session is not None and session.expires >= portal.clock():
            return session
    raise AccessError("sign_in_needed")


def sign_out_holder(portal: Portal, token: str) -> None:
    """End a session."""
    portal.ledger.write(lambda unit: unit.holders.end_session(sha256_hex(token.encode())))
