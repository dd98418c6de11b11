"""Several ciphertexts in one call: joined in the order asked for, of the own case only, bounded in number and size."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import httpx2
import pytest

from app.domain.moments import rfc3339
from app.web.routes.petitioner.api import OBJECTS_COUNT, OBJECTS_SIZE
from crypto.digest import sha256_hex
from crypto.note import NoteSigner, NoteType, sign_typed
from tests.filings import Filing, make_filing
from tests.portal import RunningPortal

PATH = "/api/v1/case/objects"
LARGE = 1024 * 1024


def signed_in(portal: RunningPortal, filing: Filing) -> httpx2.Client:
    """File, and return a client with the session of a holder."""
    client = httpx2.Client(base_url=portal.url)
    portal.clients.append(client)
    for name, part in filing.uploads.items():
        assert client.put(f"/api/v1/uploads/{filing.body['upload']}/{name}", content=part).status_code == 204
    assert client.post("/api/v1/petitions", json=dict(filing.body)).status_code == 201
    case = filing.prepared.case
    nonce = client.post("/api/v1/sign-in/challenge", json={"case": case}).json()["nonce"]
    signer = NoteSigner(f"{filing.prepared.portal}/sign-in", filing.prepared.case_keys.sign_in)
    body = {"v": 1, "address": portal.url, "case": case, "nonce": nonce, "time": rfc3339(int(time.time()))}
    note = sign_typed(NoteType.SIGN_IN, body, [signer])
    assert client.post("/api/v1/sign-in", json={"note": note}).status_code == 204
    return client


def objects_of(filing: Filing) -> list[dict[str, Any]]:
    """Return the objects of a filing's manifest."""
    return list(json.loads(filing.body["manifest"].split("\n")[1])["objects"])


@pytest.fixture
def filing(shared_portal: RunningPortal) -> Filing:
    """A filing with a file of several parts."""
    return make_filing(shared_portal.api()["name"], evidence=os.urandom(LARGE))


@pytest.fixture
def holder(shared_portal: RunningPortal, filing: Filing) -> httpx2.Client:
    """A holder of that case."""
    return signed_in(shared_portal, filing)


def test_joined_in_the_order_asked_for(holder: httpx2.Client, filing: Filing) -> None:
    """What comes can be cut by the sizes in the manifest and has the hashes that stand there."""
    wanted = objects_of(filing)[::-1]
    answer = holder.post(PATH, json={"objects": [one["sha256"] for one in wanted]})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    at = 0
    for one in wanted:
        assert sha256_hex(answer.content[at : at + one["size"]]) == one["sha256"]
        at += one["size"]
    assert at == len(answer.content)


def test_needs_a_session(shared_portal: RunningPortal, filing: Filing, holder: httpx2.Client) -> None:
    """Ciphertexts go to holders who signed in, and of their own case."""
    wanted = {"objects": [objects_of(filing)[0]["sha256"]]}
    assert httpx2.post(shared_portal.url + PATH, json=wanted).status_code == 401
    other = make_filing(shared_portal.api()["name"])
    foreign = {"objects": [objects_of(filing)[0]["sha256"], objects_of(other)[0]["sha256"]]}
    client = signed_in(shared_portal, other)
    for call in (wanted, foreign):
        answer = client.post(PATH, json=call)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:resguardo:problem:object_unknown")


def test_bounded_in_number_and_size(holder: httpx2.Client, filing: Filing) -> None:
    """A small call cannot have the portal answer with gigabytes."""
    largest = max(objects_of(filing), key=lambda one: one["size"])
    fits = OBJECTS_SIZE // largest["size"]
    assert holder.post(PATH, json={"objects": [largest["sha256"]] * fits}).status_code == 200
    for count in (fits + 1, OBJECTS_COUNT + 1, 0):
        answer = holder.post(PATH, json={"objects": [largest["sha256"]] * count})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert largest["sha256"] not in answer.text
