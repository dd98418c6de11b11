"""The web application in this process, over a real portal in a folder that is thrown away."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from app.config import Settings
from app.domain.entities import CaseId, Role
from app.resources import STATIC, TEMPLATES
from app.usecases.assign_case import assign_case
from app.usecases.enrol_staff import accept_invitation, invite, show_invitation
from app.web.assets import Assets
from app.web.assisted_door import AssistedDoor
from app.web.csrf import FIELD, form_token
from app.web.limits import Limits
from app.web.pages import Pages
from app.web.services import Services
from app.wiring import _publish_once
from crypto.secret import SecretBytes
from crypto.totp import STEP, _totp
from tests.assembled import assembled, settings_in
from tests.assets import built

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient
from fastapi import FastAPI
from httpx2 import Response

PASSWORD = "cuatro gatos leen despacio"  # a synthetic person's


@pytest.fixture(scope="session")
def assets() -> Assets:
    """Our static files; a page that seals names the bundled libraries too."""
    built()
    return Assets(STATIC)


@pytest.fixture(scope="session")
def pages(assets: Assets) -> Pages:
    """Our pages, of a custodian's portal."""
    return Pages(TEMPLATES, assets, portal="example.invalid", deployment="custodian", url="https://portal.example")


class Clock:
    """A clock that tests move; it begins at the portal's own time."""

    def __init__(self, real: Callable[[], int]) -> None:
        self._real = real
        self.ahead = 0

    def __call__(self) -> int:
        """Return unix seconds."""
        return self._real() + self.ahead


@dataclass
class Desk:
    """A browser at the office, or anybody's."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Response:
        """Open a page, in English unless the headers say otherwise."""
        return self.client.get(path, headers={"accept-language": "en", **headers})

    def post(self, path: str, *, token: str | None = None, site: str = "same-origin", **fields: str) -> Response:
        """Submit a form with the token that the page carried, or another one."""
        jar = dict(self.client.cookies)
        cookie = jar.get("resguardo_office") or jar.get("resguardo_form") or ""
        carried = form_token(cookie) if token is None else token
        headers = {"accept-language": "en", "sec-fetch-site": site}
        return self.client.post(path, data={FIELD: carried, **fields}, headers=headers)


def anybody(application: Any) -> Desk:
    """Return a browser without cookies on an application."""
    client = TestClient(application, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    client.follow_redirects = False
    return Desk(client)


@dataclass
class Site:
    """The application, the portal behind it, and people who use it."""

    services: Services
    clock: Clock
    application: FastAPI
    accounts: dict[str, SecretBytes]
    settings: Settings

    def publish(self) -> None:
        """Let everything out, as the next tick would."""
        _publish_once(self.settings)
        self.services.office.log._known = None  # type: ignore[attr-defined]  # a second of real time has not passed

    def browser(self) -> Desk:
        """Return a browser without cookies."""
        return anybody(self.application)

    def code(self, name: str) -> str:
        """Return the next code of somebody's authenticator."""
        self.clock.ahead += STEP
        return _totp(self.accounts[name]).generate(self.clock()).decode()

    def enrol(self, name: str, role: Role) -> None:
        """Enrol somebody through the use cases."""
        link = invite(self.services.office, name, role)
        shown = show_invitation(self.services.office, link.token)
        self.accounts[name] = SecretBytes(base64.b32decode(shown.totp_secret))
        accept_invitation(self.services.office, link.token, SecretBytes(PASSWORD.encode()), self.code(name))

    def signed_in(self, name: str, role: Role) -> Desk:
        """Return the browser of somebody who has signed in."""
        if name not in self.accounts:
            self.enrol(name, role)
        desk = self.browser()
        desk.get("/office/sign-in")
        answer = desk.post("/office/sign-in", name=name, password=PASSWORD, code=self.code(name))
        assert answer.status_code == 303, answer.text
        return desk

    def assign(self, name: str, case: str) -> None:
        """Assign a case through the use case."""
        assign_case(self.services.office, name, case)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, assets: Assets) -> Iterator[Site]:
    """A portal with its web application, shared by the tests of this folder."""
    from app.web.application import application

    settings = settings_in(tmp_path_factory.mktemp("web"))
    with assembled(settings) as assembly:
        clock = Clock(assembly.office.clock)
        services = Services(
            faces={face: replace(portal, clock=clock) for face, portal in assembly.faces.items()},
            pages=Pages(TEMPLATES, assets, portal="example.invalid", deployment="custodian", url=None),
            assets=assets,
            https=False,
            standing="whole",
            addresses=frozenset(),
            upload_limit=1024,
            assisted=AssistedDoor(is_open=True),
            limits=Limits(clock, SecretBytes(bytes(32)), proxied=True, delay=0),
        )
        yield Site(services, clock, application(services, lambda: None), {}, settings)


@pytest.fixture(scope="session")
def filed(site: Site) -> tuple[CaseId, str]:
    """The example petition, filed: its case and status code."""
    from app.usecases.file_petition import file_petition
    from tests.filings import make_filing

    filing = make_filing(site.services.petitioner.facts.name)
    done = file_petition(site.services.petitioner, filing.body)
    return CaseId(done.case), filing.prepared.status_code
