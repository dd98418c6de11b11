"""Staff accounts under attack: stolen sessions, seen codes, lost devices, switched-off people, guessed names."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import pytest
from sqlalchemy import Engine, event

from app.domain.entities import CaseId, Role
from app.domain.errors import AccessError
from app.domain.ports import Passwords
from app.domain.second_factor import RECOVERY_CODES, new_recovery_codes, recovery_hash
from app.usecases.enrol_staff import accept_invitation, disable, invite, reset
from app.usecases.sign_in_staff import sign_in_staff
from crypto.secret import SecretBytes
from tests.web.conftest import PASSWORD, Desk, Site

CODE = re.compile(r"<code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>")


def enrolled(site: Site, name: str) -> list[str]:
    """Enrol somebody through the page and return the recovery codes that it shows."""
    link = f"/office/enrol/{invite(site.services.office, name, Role.REVIEWER).token}"
    desk = site.browser()
    secret = re.search(r'<code class="key">([A-Z2-7]+)</code>', desk.get(link).text)
    assert secret
    site.accounts[name] = SecretBytes(base64.b32decode(secret[1]))
    done = desk.post(link, password=PASSWORD, again=PASSWORD, code=site.code(name))
    codes = CODE.findall(done.text)
    saved = re.search(r'href="data:text/plain;charset=utf-8,([^"]+)"', done.text)
    assert saved
    assert unquote(saved[1]).split()[1:] == codes
    return codes


def attempt(site: Site, name: str, code: str, password: str = PASSWORD, way: str = "") -> tuple[int, str, Desk]:
    """Try to sign in with a fresh browser; return status, where it leads or what it says, and the browser."""
    desk = site.browser()
    desk.get("/office/sign-in")
    answer = desk.post(f"/office/sign-in{way}", name=name, password=password, code=code)
    return answer.status_code, answer.headers.get("location", answer.text), desk


def logged(site: Site, kind: str) -> list[dict[str, str]]:
    """Return the committed fields of the portal's own entries of a kind."""
    portal = site.services.office
    with portal.ledger.view() as view:
        sealed = [row for row in view.log.openings(0, 10_000) if not row[2]]
    opened = [json.loads(portal.vault.open_opening(index, case, text)) for index, text, case in sealed]
    return [entry["fields"] for entry in opened if entry["fields"]["kind"] == kind]


def test_recovery_code_opens_once(site: Site) -> None:
    """A code stands in for the authenticator once, in whatever spelling; the use is logged, the rest are counted."""
    codes = enrolled(site, "Rita Reserva")
    assert len(set(codes)) == RECOVERY_CODES
    typed = codes[3].lower().replace("-", " ")
    status, place, desk = attempt(site, "Rita Reserva", typed, way="?recovery")
    assert (status, place) == (303, "/office/account?recovery")
    page = desk.get(place).text
    assert "Unused codes: 9 of 10" in page
    assert "it is used up" in page.lower()
    assert attempt(site, "Rita Reserva", typed)[0] == 401
    assert attempt(site, "Rita Reserva", codes[3])[0] == 401
    assert [entry["detail"] for entry in logged(site, "recovery_code_used") if entry["actor"] == "Rita Reserva"] == [
        "9 left"
    ]


def test_recovery_code_of_another_account_opens_nothing(site: Site) -> None:
    """A code is bound to its account, and needs the password."""
    codes = enrolled(site, "Rosa Propia")
    enrolled(site, "Raul Ajeno")
    assert attempt(site, "Raul Ajeno", codes[0])[0] == 401
    assert attempt(site, "Rosa Propia", codes[0], password="no es esta")[0] == 401
    assert attempt(site, "Rosa Propia", codes[0])[0] == 303  # neither use took it


def test_codes_are_stored_as_hashes_only(site: Site) -> None:
    """Whoever reads the database has no code."""
    codes = new_recovery_codes(site.services.office.random)
    stored = {recovery_hash(7, code) for code in codes}
    assert len(stored) == RECOVERY_CODES
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in stored)
    assert recovery_hash(8, codes[0]) not in stored


@pytest.mark.long
def test_session_left_open_makes_no_codes(site: Site) -> None:
    """A new set needs password and authenticator; then the old set ends at once."""
    old = enrolled(site, "Sara Sesion")
    desk = site.signed_in("Sara Sesion", Role.REVIEWER)
    where = "/office/account/recovery-codes"
    for password, code in (("otra", site.code("Sara Sesion")), (PASSWORD, "000000"), (PASSWORD, old[0])):
        answer = desk.post(where, password=password, code=code)
        assert answer.status_code == 422
        assert not CODE.findall(answer.text)
    code = site.code("Sara Sesion")
    new = CODE.findall(desk.post(where, password=PASSWORD, code=code).text)
    assert len(new) == RECOVERY_CODES
    assert not set(new) & set(old)
    assert desk.post(where, password=PASSWORD, code=code).status_code == 422  # the same code twice
    assert attempt(site, "Sara Sesion", old[1])[0] == 401
    assert attempt(site, "Sara Sesion", new[1])[0] == 303
    assert [entry for entry in logged(site, "recovery_codes_made") if entry["actor"] == "Sara Sesion"]


def test_lost_device_opens_nothing_after_reset(site: Site) -> None:
    """Sessions, password, authenticator and recovery codes stop at once; the new link starts over."""
    codes = enrolled(site, "Lola Perdida")
    desk = site.signed_in("Lola Perdida", Role.REVIEWER)
    first = reset(site.services.office, "Lola Perdida").token
    assert desk.get("/office").status_code == 303
    assert attempt(site, "Lola Perdida", site.code("Lola Perdida"))[0] == 401
    assert attempt(site, "Lola Perdida", codes[0])[0] == 401
    second = reset(site.services.office, "Lola Perdida").token
    assert site.browser().get(f"/office/enrol/{first}").status_code == 404
    assert site.browser().get(f"/office/enrol/{second}").status_code == 200
    assert len([entry for entry in logged(site, "staff_reset") if entry["detail"] == "Lola Perdida"]) == 2
    assert "new enrolment link" in site.browser().get("/office/sign-in").text


def test_switched_off_account_is_shut_at_the_next_request(site: Site, filed: tuple[CaseId, str]) -> None:
    """Session, sign-in and links end; the assignment stays, and reads nothing."""
    case, _ = filed
    codes = enrolled(site, "Dora Apagada")
    desk = site.signed_in("Dora Apagada", Role.REVIEWER)
    site.assign("Dora Apagada", case)
    desk.post(f"/office/cases/{case}/sitting", purpose="REVIEW")
    assert desk.get(f"/office/cases/{case}/record").status_code == 200
    disable(site.services.office, "Dora Apagada")
    assert desk.get(f"/office/cases/{case}/record").headers["location"] == "/office/sign-in"
    assert attempt(site, "Dora Apagada", site.code("Dora Apagada"))[0] == 401
    assert attempt(site, "Dora Apagada", codes[0])[0] == 401
    with site.services.office.ledger.view() as view:
        member = view.staff.by_name("Dora Apagada")
        assert member
        assert view.cases.is_assigned(case, member.id)
    assert [entry for entry in logged(site, "staff_disabled") if entry["detail"] == "Dora Apagada"]


def test_link_of_a_switched_off_account_ends(site: Site) -> None:
    """An invitation still on its way opens nothing."""
    token = invite(site.services.office, "Iris Invitada", Role.REVIEWER).token
    disable(site.services.office, "Iris Invitada")
    assert site.browser().get(f"/office/enrol/{token}").status_code == 404
    with pytest.raises(AccessError, match="link_unknown"):
        accept_invitation(site.services.office, token, SecretBytes(PASSWORD.encode()), "000000")


@dataclass
class Watching:
    """The hashing lane, counted; `meanwhile` happens while it works."""

    lane: Passwords
    calls: list[bool] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def hash(self, password: SecretBytes) -> str:
        """Hash as the lane does."""
        return self.lane.hash(password)

    def verify(self, stored: str | None, password: SecretBytes) -> bool:
        """Verify as the lane does."""
        self.calls.append(stored is not None)
        fits = self.lane.verify(stored, password)
        self.meanwhile()
        return fits


@pytest.mark.parametrize("change", [disable, reset])
def test_account_shut_during_sign_in_stays_shut(change: Callable[..., object], site: Site) -> None:
    """Everything was right when it was looked at; the transaction looks again."""
    name = f"Celia {change.__name__}"
    site.enrol(name, Role.REVIEWER)
    office = site.services.office
    watching = Watching(office.passwords, meanwhile=lambda: change(office, name))
    with pytest.raises(AccessError, match="sign_in_failed"):
        sign_in_staff(replace(office, passwords=watching), name, SecretBytes(PASSWORD.encode()), site.code(name))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect every SQL statement, without its values."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def test_no_answer_tells_which_names_exist(site: Site) -> None:
    """Known, unknown, invited, reset and switched-off names; wrong password, code or recovery code: the same answer
    bytes, the same statements, one hash each, every time.
    """
    codes = enrolled(site, "Nadia Activa")
    for name in ("Nadia Apagada", "Nadia Reinicio"):
        site.enrol(name, Role.REVIEWER)
    disable(site.services.office, "Nadia Apagada")
    reset(site.services.office, "Nadia Reinicio")
    invite(site.services.office, "Nadia Invitada", Role.REVIEWER)
    right = site.code
    cases: dict[str, tuple[str, str, Callable[[], str]]] = {
        "wrong password": ("Nadia Activa", "otra", lambda: right("Nadia Activa")),
        "wrong password, recovery code": ("Nadia Activa", "otra", lambda: codes[0]),
        "wrong code": ("Nadia Activa", PASSWORD, lambda: "000000"),
        "wrong recovery code": ("Nadia Activa", PASSWORD, lambda: "AAAA-BBBB-CCCC-DDDD"),
        "switched off": ("Nadia Apagada", PASSWORD, lambda: right("Nadia Apagada")),
        "reset": ("Nadia Reinicio", PASSWORD, lambda: right("Nadia Reinicio")),
        "invited": ("Nadia Invitada", PASSWORD, lambda: "000000"),
        "unknown": ("Nadie", PASSWORD, lambda: "000000"),
    }
    watching = Watching(site.services.office.passwords)
    faces = {face: replace(portal, passwords=watching) for face, portal in site.services.faces.items()}
    kept, site.application.state.services = site.application.state.services, replace(site.services, faces=faces)
    desk = site.browser()
    desk.get("/office/sign-in")
    seen: dict[str, set[tuple[object, ...]]] = {}
    try:
        for label, (name, password, code) in [*cases.items()] * 2:
            watching.calls.clear()
            typed = code()
            with statements() as asked:
                answer = desk.post("/office/sign-in", name=name, password=password, code=typed)
            headers = {key: value for key, value in answer.headers.items() if key != "content-length"}
            text = answer.text.replace(f'value="{name}"', "")
            seen.setdefault(label, set()).add((answer.status_code, text, str(headers), len(watching.calls), *asked))
    finally:
        site.application.state.services = kept
    assert len(set().union(*seen.values())) == 1, {label: len(found) for label, found in seen.items()}
    ((status, _, _, hashes, *queries),) = seen["unknown"]
    assert (status, hashes) == (401, 1)
    assert sum("recovery_code" in str(query) for query in queries) == 1
