"""Limits: guessing stops, and nobody is shut out because of somebody elsewhere."""

from __future__ import annotations

import contextlib
import os
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from app.domain.entities import CaseId, Role
from app.domain.errors import LimitError
from app.web.limits import DELAY, PER_ACCOUNT, PER_PREFIX, Act, Buckets, Limits, Rate, prefix_of
from crypto.secret import SecretBytes
from tests.filings import make_filing
from tests.web.conftest import PASSWORD, Desk, Site

ATTACKER = "203.0.113.7"
ELSEWHERE = "198.51.100.20"


def coming_from(*hops: str) -> HTTPConnection:
    """Return a request with these X-Forwarded-For headers."""
    return HTTPConnection({"type": "http", "headers": [(b"x-forwarded-for", hop.encode()) for hop in hops]})


def through(site: Site, hops: str) -> Desk:
    """Return a browser behind the proxy, with a form of the sign-in page."""
    desk = site.browser()
    desk.client.headers["x-forwarded-for"] = hops
    desk.get("/office/sign-in")
    return desk


def sign_in(desk: Desk, name: str, code: str, password: str = PASSWORD) -> Any:
    """Try to sign in."""
    return desk.post("/office/sign-in", name=name, password=password, code=code)


@pytest.fixture
def limits(site: Site) -> Any:
    """The site's limits, made anew; for them time passes only when a test says so, however slow the machine is."""
    began = site.clock() - site.clock.ahead
    fresh = Limits(lambda: began + site.clock.ahead, SecretBytes(os.urandom(32)), proxied=True, delay=0)
    object.__setattr__(site.services, "limits", fresh)
    return fresh


def test_owner_signs_in_while_a_stranger_guesses(site: Site, limits: Limits) -> None:
    """Guesses from one network stop there; the owner elsewhere, and colleagues in the same network, sign in."""
    for name in ("Gala Duena", "Gema Colega"):
        site.enrol(name, Role.REVIEWER)
    stranger = through(site, ATTACKER)
    answers = [sign_in(stranger, "Gala Duena", "000000", "no").status_code for _ in range(10)]
    burst = PER_ACCOUNT[Act.STAFF_SIGN_IN].burst
    assert answers == [401] * burst + [429] * (10 - burst)
    assert sign_in(through(site, ELSEWHERE), "Gala Duena", site.code("Gala Duena")).status_code == 303
    assert sign_in(through(site, "203.0.113.200"), "Gema Colega", site.code("Gema Colega")).status_code == 303


def test_refusal_says_how_long_to_wait(site: Site, limits: Limits) -> None:
    """In words and in Retry-After, without the address; then it goes on by itself."""
    desk = through(site, ATTACKER)
    for _ in range(8):
        sign_in(desk, "Nadie Nunca", "000000", "no")
    refused = sign_in(desk, "Nadie Nunca", "000000", "no")
    assert refused.status_code == 429
    wait = int(refused.headers["retry-after"])
    assert f"try again in {wait} seconds" in refused.text
    assert ATTACKER not in refused.text
    site.clock.ahead += wait
    assert sign_in(desk, "Nadie Nunca", "000000", "no").status_code == 401


def test_one_password_for_many_names_is_stopped(site: Site, limits: Limits) -> None:
    """Spraying names from one network meets the network's own limit."""
    desk = through(site, ATTACKER)
    burst = PER_PREFIX[Act.STAFF_SIGN_IN].burst
    for number in range(burst):  # what went well, or failed for another reason, does not count
        with contextlib.suppress(OSError), limits.attempt(coming_from(ATTACKER), Act.STAFF_SIGN_IN, f"name {number}"):
            raise OSError
    for number in range(burst):
        limits.take(coming_from(ATTACKER), Act.STAFF_SIGN_IN, f"name {number}")
    assert sign_in(desk, "Another Name", "000000").status_code == 429


def test_made_up_hops_change_nothing(site: Site, limits: Limits) -> None:
    """What stands before the last hop was written by the caller."""
    answers = [
        sign_in(through(site, f"192.0.2.{number}, {ATTACKER}"), "Nadie Mas", "0", "no").status_code
        for number in range(9)
    ]
    assert answers[-1] == 429


def _guess_until_refused(client: Any, path: str, wrong: dict[str, str], burst: int) -> None:
    """Guess wrongly until the limit is met."""
    answers = [client.post(path, json=wrong).status_code for _ in range(burst + 1)]
    assert answers == [404] * burst + [429]


def test_guesses_shut_no_petitioner_out(site: Site, limits: Limits, filed: tuple[CaseId, str]) -> None:
    """After too many wrong codes from a shared address, right codes, case keys and filings there are still answered."""
    case, code = filed
    client = through(site, ATTACKER).client
    wrong = {"code": "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"}
    _guess_until_refused(client, "/api/v1/status", wrong, PER_PREFIX[Act.STATUS].burst)
    _guess_until_refused(client, f"/api/v1/cases/{case}/key", wrong, PER_ACCOUNT[Act.CASE_KEY].burst)
    assert client.post("/api/v1/status", json={"code": code}).status_code == 200
    assert client.post(f"/api/v1/cases/{case}/key", json={"code": code}).status_code == 200
    assert client.post("/api/v1/sign-in/challenge", json={"case": case}).status_code == 200
    filing = make_filing(site.services.petitioner.facts.name)
    assert client.post("/api/v1/petitions", json=dict(filing.body)).status_code == 201


def test_filings_from_one_network_are_many_but_not_endless(site: Site, limits: Limits) -> None:
    """A problem document with the wait in words; another network is not concerned."""
    for _ in range(PER_PREFIX[Act.FILING].burst):
        limits.take(coming_from(ATTACKER), Act.FILING)
    refused = through(site, ATTACKER).client.post("/api/v1/petitions", json={}, headers={"accept-language": "en"})
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:resguardo:problem:too_many"
    assert f"{refused.headers['retry-after']} seconds" in refused.json()["detail"]
    assert through(site, ELSEWHERE).client.post("/api/v1/petitions", json={}).status_code == 422
    limits.take(coming_from(ATTACKER), Act.UPLOAD)


def test_challenges_do_not_fill_the_database(site: Site, limits: Limits, filed: tuple[CaseId, str]) -> None:
    """Each leaves a row until it expires."""
    client = through(site, ATTACKER).client
    many = PER_ACCOUNT[Act.CHALLENGE].burst + 1
    answers = [client.post("/api/v1/sign-in/challenge", json={"case": filed[0]}).status_code for _ in range(many)]
    assert answers[-2:] == [200, 429]


@pytest.mark.parametrize(
    ("hops", "prefix"),
    [
        (["203.0.113.7"], "203.0.113.0/24"),
        (["10.0.0.1, 203.0.113.7"], "203.0.113.0/24"),
        (["203.0.113.7", "198.51.100.9"], "198.51.100.0/24"),
        (["2001:db8:1:2ff:a:b:c:d"], "2001:db8:1:200::/56"),
        (["::ffff:203.0.113.7"], "203.0.113.0/24"),
        (["unknown"], None),
        (["203.0.113.7,"], None),
        ([], None),
    ],
)
def test_prefix_is_the_last_hops_network(hops: list[str], prefix: str | None) -> None:
    """IPv4 by /24, IPv6 by /56, a mapped address as the one that it is."""
    assert prefix_of(coming_from(*hops)) == prefix


def test_header_is_not_believed_unless_the_operator_says_so() -> None:
    """Else anyone could write somebody else's address and use up their tries."""
    limits = Limits(lambda: 0, SecretBytes(bytes(32)))
    for _ in range(1000):
        limits.take(coming_from(ATTACKER), Act.STAFF_SIGN_IN, "Ana")
    assert limits.delay == DELAY


def test_no_address_is_kept() -> None:
    """What is in memory can be read from a crash or a swapped page: names and addresses are not in it."""
    limits = Limits(lambda: 0, SecretBytes(os.urandom(32)), proxied=True)
    limits.take(coming_from(ATTACKER), Act.STAFF_SIGN_IN, "Ana Ejemplo")
    text = repr(vars(limits)) + repr(vars(limits._buckets))
    assert "203.0.113" not in text
    assert "Ana" not in text
    assert len(limits._buckets._levels) == 2


def test_flood_of_addresses_does_not_fill_the_memory() -> None:
    """The oldest are forgotten."""
    buckets = Buckets(lambda: 0, most=10)
    for number in range(1000):
        buckets.take({number.to_bytes(4, "big"): Rate(1, 60)})
    assert len(buckets._levels) == 10


def test_buckets_fill_with_time_and_never_over() -> None:
    """Neither a long pause nor a clock put back changes what is due."""
    now = [1000.0]
    buckets = Buckets(lambda: now[0])
    wanted = {b"x": Rate(2, 30)}
    assert [buckets.take(wanted) for _ in range(3)] == [0, 0, 30]
    now[0] += 10
    assert buckets.take(wanted) in {20, 21}  # rounded up
    now[0] -= 500
    assert buckets.take(wanted) > 0
    now[0] += 100_000
    assert [buckets.take(wanted) for _ in range(3)] == [0, 0, 30]
    buckets.give_back(wanted)
    assert buckets.take(wanted) == 0


def test_wait_is_given_as_an_error() -> None:
    """Routes need not know how it is counted."""
    limits = Limits(lambda: 0, SecretBytes(bytes(32)), proxied=True)
    for _ in range(20):
        limits.take(coming_from(ATTACKER), Act.CHALLENGE, "k")
    with pytest.raises(LimitError) as caught:
        limits.take(coming_from(ATTACKER), Act.CHALLENGE, "k")
    assert caught.value.seconds == 5
