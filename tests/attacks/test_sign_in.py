"""Signing in to a case: a relayed, replayed, borrowed or aged text opens nothing (design, section 4)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from app.domain.moments import rfc3339
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes
from tests.filings import Filing, make_filing
from tests.portal import RunningPortal


@dataclass
class Holder:
    """Somebody who opened a case's key, and their browser's stand-in."""

    portal: RunningPortal
    filing: Filing
    client: httpx2.Client

    @property
    def case(self) -> str:
        """Return the case's number."""
        return self.filing.prepared.case

    def challenge(self) -> str:
        """Ask for a nonce."""
        answer = self.client.post("/api/v1/sign-in/challenge", json={"case": self.case})
        return str(answer.json()["nonce"])

    def note(self, nonce: str, key: SecretBytes | None = None, **changes: Any) -> str:
        """Sign a sign-in text, with changes."""
        signer = NoteSigner(
            f"{self.filing.prepared.portal}/sign-in",
            self.filing.prepared.case_keys.sign_in if key is None else key,
        )
        body = {
            "v": 1,
            "address": self.portal.url,
            "case": self.case,
            "nonce": nonce,
            "time": rfc3339(int(time.time())),
        }
        return sign_typed(NoteType.SIGN_IN, {**body, **changes}, [signer])

    def send(self, note: str) -> int:
        """Send a signed text and return the status."""
        return self.client.post("/api/v1/sign-in", json={"note": note}).status_code


@pytest.fixture
def holder(shared_portal: RunningPortal) -> Iterator[Holder]:
    """A holder of a fresh case."""
    filing = make_filing(shared_portal.api()["name"])
    with httpx2.Client(base_url=shared_portal.url) as client:
        assert client.post("/api/v1/petitions", json=dict(filing.body)).status_code == 201
        yield Holder(shared_portal, filing, client)


def test_an_honest_text_opens_a_session(holder: Holder) -> None:
    """The tests below would pass on nothing otherwise."""
    assert holder.send(holder.note(holder.challenge())) == 204
    assert holder.client.get("/api/v1/case").json()["case"] == holder.case


def test_relayed_from_another_address(holder: Holder) -> None:
    """A portal that relays our nonce gets a text that names its own address."""
    assert holder.send(holder.note(holder.challenge(), address="https://other.example")) == 401


def test_replayed(holder: Holder) -> None:
    """A nonce works once, even for whoever asked for it."""
    note = holder.note(holder.challenge())
    cookies = dict(holder.client.cookies)
    assert holder.send(note) == 204
    holder.client.cookies.update(cookies)
    assert holder.send(note) == 401


def test_with_anothers_nonce(holder: Holder) -> None:
    """A nonce is bound to the browser that asked for it."""
    note = holder.note(holder.challenge())
    holder.client.cookies.clear()
    assert holder.send(note) == 401


def test_aged(holder: Holder) -> None:
    """An old text does not wait in a drawer."""
    assert holder.send(holder.note(holder.challenge(), time=rfc3339(int(time.time()) - 3600))) == 401


@pytest.mark.parametrize("changes", [{"extra": 1}, {"v": 2}, {"case": "a" * 26}, {"time": "yesterday"}])
def test_with_another_body(holder: Holder, changes: dict[str, Any]) -> None:
    """Exactly the registered fields, each of its form."""
    assert holder.send(holder.note(holder.challenge(), **changes)) == 401


def test_signed_by_another_key(holder: Holder) -> None:
    """Knowing case number and status code is not enough."""
    assert holder.send(holder.note(holder.challenge(), key=SecretBytes(b"\1" * 32))) == 401


def test_another_registered_type_is_no_sign_in(holder: Holder) -> None:
    """A signature over a manifest cannot be used to sign in."""
    signer = NoteSigner(f"{holder.filing.prepared.portal}/sign-in", holder.filing.prepared.case_keys.sign_in)
    body = {
        "v": 1,
        "address": holder.portal.url,
        "case": holder.case,
        "nonce": holder.challenge(),
        "time": rfc3339(int(time.time())),
    }
    assert holder.send(sign_typed(NoteType.MANIFEST, body, [signer])) == 401


@pytest.mark.parametrize(
    "note", ["", "x", "a\nb\n", "resguardo/sign-in/v1\n[]\n", "resguardo/sign-in/v1\n" + "[" * 10_000]
)
def test_no_note_at_all(holder: Holder, note: str) -> None:
    """Anything else is refused in the same words."""
    assert holder.send(note) == 401


def test_one_case_does_not_open_another(holder: Holder) -> None:
    """A session is for one case: another's ciphertext is not there for it."""
    other = make_filing(holder.filing.prepared.portal)
    assert holder.client.post("/api/v1/petitions", json=dict(other.body)).status_code == 201
    assert holder.send(holder.note(holder.challenge())) == 204
    own = holder.client.get("/api/v1/case").json()["manifest"]
    foreign = other.body["manifest"].split('"sha256":"')[1][:64]
    assert foreign not in own
    assert holder.client.get(f"/api/v1/case/objects/{foreign}").status_code == 404
