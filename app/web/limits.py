"""How often one may try: token buckets in memory, by address prefix, and by account or case and prefix together.

Rules
    1. Nobody is locked out because of somebody elsewhere: failures count for an account *and* the prefix they came
       from, and for the prefix; never for the account alone.
    2. A right status code or case key question is always answered. Such codes cannot be guessed, so only wrong ones
       count, and over the limit only wrong ones are refused.
    3. Filings have one generous limit per prefix: a whole union hall may share an address.
    4. Addresses stay in memory, and not in the clear: a bucket's key is an HMAC under a random key of this process.
    5. An address is known only where the setting says that our proxy writes it. Otherwise everybody would share the
       proxy's, and one could lock all out: then nothing is limited here, and the hashing lane's queue is what holds.
    6. Whoever is refused waits for it, without holding a thread: a loop gets one answer per `DELAY`.

Each process counts for itself: with several workers a limit is up to that many times as high.
"""

import contextlib
import ipaddress
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from fastapi import Depends
from starlette.requests import HTTPConnection, Request

from app.domain.errors import AccessError, LimitError
from crypto.digest import hmac_sha256
from crypto.secret import SecretBytes

DELAY: Final = 1.0  # seconds before a refusal is told
BUCKETS: Final = 50_000  # at some 200 bytes each
_IPV4_PREFIX: Final = 24  # one provider's neighbourhood
_IPV6_PREFIX: Final = 56  # what one customer is given
_NAME_BYTES: Final = 16
KEY_BYTES: Final = 32


class Act(StrEnum):
    """What is limited."""

    STAFF_SIGN_IN = "staff-sign-in"
    STATUS = "status"
    CASE_KEY = "case-key"
    CHALLENGE = "challenge"
    UPLOAD = "upload"
    FILING = "filing"
    ASSISTED_PAGE = "assisted-page"


@dataclass(frozen=True)
class Rate:
    """How many at once, and seconds until one more."""

    burst: int
    seconds: float


PER_PREFIX: Final = {
    Act.STAFF_SIGN_IN: Rate(30, 6),
    Act.STATUS: Rate(60, 1),
    Act.CASE_KEY: Rate(60, 1),
    Act.CHALLENGE: Rate(120, 0.5),
    Act.UPLOAD: Rate(2048, 0.05),  # parts of 4 MiB: a filing of 512 MiB has 128
    Act.FILING: Rate(300, 1),
    Act.ASSISTED_PAGE: Rate(1200, 0.2),  # some twenty pages for each filing
}
PER_ACCOUNT: Final = {
    Act.STAFF_SIGN_IN: Rate(8, 30),
    Act.CASE_KEY: Rate(20, 5),
    Act.CHALLENGE: Rate(20, 5),
}
"""Of one account, or one case, from one prefix."""


class Buckets:
    """Token buckets by key; the oldest go when there are too many."""

    def __init__(self, clock: Callable[[], float], most: int = BUCKETS) -> None:
        self._clock = clock
        self._most = most
        self._levels: dict[bytes, tuple[float, float]] = {}  # key: tokens left, when counted; oldest first
        self._lock = threading.Lock()

    def take(self, wanted: dict[bytes, Rate]) -> int:
        """Take a token from each bucket and return 0, or from none and return the seconds to wait."""
        now = self._clock()
        with self._lock:
            levels = {key: self._level(key, rate, now) for key, rate in wanted.items()}
            waits = [(1 - levels[key]) * rate.seconds for key, rate in wanted.items() if levels[key] < 1]
            if waits:
                return max(1, math.ceil(max(waits)))
            for key, level in levels.items():
                self._put(key, level - 1, now)
        return 0

    def give_back(self, wanted: dict[bytes, Rate]) -> None:
        """Give a token back to each bucket."""
        now = self._clock()
        with self._lock:
            for key, rate in wanted.items():
                self._put(key, min(rate.burst, self._level(key, rate, now) + 1), now)

    def _level(self, key: bytes, rate: Rate, now: float) -> float:
        level, since = self._levels.get(key, (float(rate.burst), now))
        return min(rate.burst, level + max(0.0, now - since) / rate.seconds)

    def _put(self, key: bytes, level: float, now: float) -> None:
        self._levels.pop(key, None)
        self._levels[key] = (level, now)
        if len(self._levels) > self._most:
            del self._levels[next(iter(self._levels))]


class Limits:
    """The limits of one process; `proxied` says that X-Forwarded-For is our proxy's word."""

    def __init__(
        self, clock: Callable[[], float], key: SecretBytes, *, proxied: bool = False, delay: float = DELAY
    ) -> None:
        self._buckets = Buckets(clock)
        self._key = key
        self._proxied = proxied
        self.delay = delay

    def take(self, request: HTTPConnection, act: Act, account: str = "") -> None:
        """Count one. Raises LimitError: too_many."""
        wait = self._buckets.take(self._wanted(request, act, account))
        if wait:
            raise LimitError("too_many", seconds=wait)

    @contextlib.contextmanager
    def attempt(self, request: HTTPConnection, act: Act, account: str) -> Iterator[None]:
        """Count one before it is tried, and give it back unless it was a wrong one. Raises LimitError: too_many."""
        self.take(request, act, account)
        try:
            yield
        except AccessError:
            raise
        except BaseException:
            self._buckets.give_back(self._wanted(request, act, account))
            raise
        self._buckets.give_back(self._wanted(request, act, account))

    @contextlib.contextmanager
    def question(self, request: HTTPConnection, act: Act, account: str = "") -> Iterator[None]:
        """Count wrong ones after the answer is known (rule 2). Raises LimitError in the place of one too many."""
        try:
            yield
        except AccessError:
            self.take(request, act, account)
            raise

    def _wanted(self, request: HTTPConnection, act: Act, account: str) -> dict[bytes, Rate]:
        prefix = prefix_of(request) if self._proxied else None
        if prefix is None:
            return {}
        wanted = {self._name(act, prefix): PER_PREFIX[act]}
        if account and act in PER_ACCOUNT:
            wanted[self._name(act, prefix, account)] = PER_ACCOUNT[act]
        return wanted

    def _name(self, act: Act, prefix: str, account: str = "") -> bytes:
        return hmac_sha256(self._key, f"{act}\n{prefix}\n{account}".encode())[:_NAME_BYTES]


def prefix_of(request: HTTPConnection) -> str | None:
    """Return the network from which a request came to our proxy: the last hop, the only one that the proxy itself saw.

    Whatever stands before it was sent by the caller, who may write anything there.
    """
    hop = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(hop)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address.packed, _IPV6_PREFIX), strict=False))
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address.packed, _IPV4_PREFIX), strict=False))


def limited(act: Act) -> Any:
    """Return a dependency that counts a call before its body is read. Raises LimitError: too_many."""

    async def count(request: Request) -> None:
        limits: Limits = request.app.state.services.limits
        limits.take(request, act)

    return Depends(count)
