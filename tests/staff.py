"""Staff for tests: enrolled through the real link, with a real authenticator."""

from __future__ import annotations

import base64
import re
import time
from dataclasses import dataclass

import httpx2
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.portal import RunningPortal

PASSWORD = "caballo correcto grapa bateria"


def code_of(secret: str, at: float | None = None) -> str:
    """Return the authenticator's code for a base32 secret."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return TOTP(key, 6, SHA1(), 30, enforce_key_length=False).generate(int(at or time.time())).decode()


def secret_in(page: str) -> str:
    """Return the secret that an enrolment page shows as text."""
    found = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)
    assert found
    return found[1].replace(" ", "")


def token_in(page: str) -> str:
    """Return a form's token."""
    found = re.search(r'name="form_token" value="([^"]+)"', page) or re.search(
        r'value="([^"]+)"[^>]*name="form_token"', page
    )
    assert found, page
    return found[1]


@dataclass
class Colleague:
    """Somebody with an account; `secret` is their authenticator's, `client` their browser's stand-in."""

    name: str
    role: str
    secret: str
    client: httpx2.Client
    used_step: int = 0

    def next_code(self) -> str:
        """Return a code whose time step was not used before, waiting for the next one if need be."""
        while int(time.time()) // 30 <= self.used_step - 1:
            time.sleep(0.5)
        step = max(int(time.time()) // 30, self.used_step + 1)
        self.used_step = step
        return code_of(self.secret, step * 30)

    def sign_in(self) -> None:
        """Sign in through the form."""
        page = self.client.get("/office/sign-in")
        form = {"form_token": token_in(page.text), "name": self.name, "password": PASSWORD, "code": self.next_code()}
        answer = self.client.post("/office/sign-in", data=form)
        assert answer.status_code == 303, answer.text


def enrol(portal: RunningPortal, name: str, role: str) -> Colleague:
    """Enrol somebody through their one-time link and return them, not signed in yet."""
    link = portal.cli_json("staff", "enrol", name, "--role", role)["link"]
    client = httpx2.Client(base_url=portal.url, headers={"accept-language": "en"})
    portal.clients.append(client)
    person = Colleague(name, role, "", client)
    while True:
        page = client.get(link)
        person.secret = secret_in(page.text)
        step = int(time.time()) // 30 - 1  # the step before, so that signing in need not wait
        code = code_of(person.secret, step * 30)
        form = {"form_token": token_in(page.text), "password": PASSWORD, "again": PASSWORD, "code": code}
        answer = client.post(link, data=form)
        if answer.status_code == 200 or int(time.time()) // 30 == step + 1:
            break  # else the half minute ended meanwhile, and that code with it
    person.used_step = step
    assert answer.status_code == 200, answer.text
    return person
