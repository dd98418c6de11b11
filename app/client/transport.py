"""HTTP to one portal, and to nothing else.

Rules
  1. TLS is always verified; plain http is for this very machine only.
  2. No redirect is followed: an address that was not asked for gets nothing, not even the status code.
  3. Nothing of the environment steers it (no proxy variables, no netrc, no key log), except `RESGUARDO_PROXY`.
  4. An answer has a size that is known before it is read; compressed answers are refused, since a few bytes of them
     can fill the memory.
  5. Only what may be said twice is said twice: reads, uploads by hash, and the filing call, whose manifest is its
     idempotency key.
"""

import ipaddress
import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2

from app.client.errors import NetworkError

KIB = 1024
MIB = 1024 * KIB
ANSWER_LIMIT = 16 * MIB  # manifests, histories and records; objects say their own size
_TIMEOUT = httpx2.Timeout(60.0, connect=15.0)
_ATTEMPTS = 5
_FIRST_PAUSE = 0.5  # seconds; doubled each time, so some 8 s in all
_TRY_AGAIN = frozenset({429, 502, 503, 504})
_WORDS = 300  # characters of the portal's own explanation that are shown


def check_address(url: str) -> str:
    """Return a portal's address as scheme://host[:port][/path], without a slash at the end.

    Raises:
        NetworkError: it is not an address, carries a user, query or fragment, or is plain http to another machine.
    """
    shown = printable(url.rpartition("@")[2].partition("?")[0].partition("#")[0], 80)
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NetworkError("address", address=shown) from error
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if parts.scheme not in {"http", "https"} or not host or not plain or port == 0:
        raise NetworkError("address", address=shown)
    if parts.scheme == "http" and not _is_loopback(host):
        raise NetworkError("insecure", address=shown)
    return f"{origin_of(url)}{parts.path.rstrip('/')}"


def origin_of(url: str) -> str:
    """Return scheme://host[:port] of an address, as the sign-in text names it (a default port is left out)."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").encode("idna").decode() if not _is_address(parts.hostname) else parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{shown}" + (f":{parts.port}" if parts.port not in {None, default} else "")


def printable(text: str, limit: int) -> str:
    """Return foreign text fit for a terminal: no control or direction characters, cut to `limit` characters."""
    kept = "".join(character if character.isprintable() else " " for character in text[: limit + 1])
    return kept if len(kept) <= limit else kept[:limit] + "…"


def _is_address(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


class Transport:
    """A connection to one portal; closes with its `with` block."""

    def __init__(self, address: str, language: str, pause: Callable[[float], None], proxy: str | None = None) -> None:
        """`pause` waits that many seconds between attempts; `proxy` is the address of an HTTP proxy, such as Tor's."""
        self.address = check_address(address)
        self.origin = origin_of(self.address)
        self.host = urlsplit(self.address).hostname or ""
        self._pause = pause
        self.contradicted = False
        self.on_contradiction: Callable[[], None] = lambda: None
        headers = {"Accept-Language": language, "Accept-Encoding": "identity", "User-Agent": "resguardo"}
        try:
            self._client = httpx2.Client(
                headers=headers, timeout=_TIMEOUT, trust_env=False, follow_redirects=False, proxy=proxy or None
            )
        except (ValueError, ImportError, httpx2.InvalidURL) as error:
            raise NetworkError("proxy") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._client.close()

    def tell_contradiction(self) -> None:
        """Note that the portal itself says that its log contradicts what this machine proved."""
        self.contradicted = True
        self.on_contradiction()

    def get(self, path: str, limit: int = ANSWER_LIMIT) -> bytes:
        """Return the bytes at a path, at most `limit`; tried again when the line breaks."""
        return self._repeated("GET", path, None, limit)

    def get_json(self, path: str) -> dict[str, Any]:
        """Return the JSON object at a path."""
        return self._object(self.get(path))

    def put(self, path: str, data: bytes) -> None:
        """Put bytes whose hash the path names; saying it twice changes nothing."""
        self._repeated("PUT", path, (data, "application/octet-stream"), ANSWER_LIMIT)

    def put_json(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Put a JSON object and return the JSON object answered; saying it twice changes nothing."""
        sent = (json.dumps(body).encode(), "application/json")
        return self._object(self._repeated("PUT", path, sent, ANSWER_LIMIT))

    def post(self, path: str, body: Mapping[str, Any], *, repeatable: bool = False) -> dict[str, Any]:
        """Post a JSON object and return the JSON object answered, empty for 204."""
        sent = (json.dumps(body).encode(), "application/json")
        answer = self._repeated("POST", path, sent, ANSWER_LIMIT) if repeatable else self._once("POST", path, sent)
        return self._object(answer) if answer else {}

    def post_for_bytes(self, path: str, body: Mapping[str, Any], limit: int) -> bytes:
        """Post a JSON object that only asks for something, and return the bytes answered, at most `limit`."""
        return self._repeated("POST", path, (json.dumps(body).encode(), "application/json"), limit)

    def delete(self, path: str) -> None:
        """Delete what a path names."""
        self._once("DELETE", path, None)

    def delete_json(self, path: str) -> dict[str, Any]:
        """Delete what a path names and return the JSON object answered; saying it twice changes nothing."""
        return self._object(self._repeated("DELETE", path, None, ANSWER_LIMIT))

    @contextmanager
    def stream(self, path: str, limit: int) -> Iterator[Iterator[bytes]]:
        """Yield the pieces of a large answer of at most `limit` bytes, as they arrive."""
        with self._told(), self._client.stream("GET", self.address + path) as response:
            if response.status_code != httpx2.codes.OK:
                self._refuse(response, self._bounded(response, MIB))
            yield self._pieces(response, limit)

    def _repeated(self, method: str, path: str, sent: tuple[bytes, str] | None, limit: int) -> bytes:
        for attempt in range(_ATTEMPTS - 1):
            try:
                return self._once(method, path, sent, limit)
            except NetworkError as error:
                if error.code not in {"unreachable", "timeout", "busy"}:
                    raise
            self._pause(_FIRST_PAUSE * 2**attempt)
        return self._once(method, path, sent, limit)

    def _once(self, method: str, path: str, sent: tuple[bytes, str] | None, limit: int = ANSWER_LIMIT) -> bytes:
        content, kind = sent or (None, None)
        headers = {"Content-Type": kind} if kind else {}
        with (
            self._told(),
            self._client.stream(method, self.address + path, content=content, headers=headers) as response,
        ):
            body = self._bounded(response, limit)
        if not response.is_success:
            self._refuse(response, body)
        return body

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the line does into words; the library's own texts name addresses and are not shown."""
        try:
            yield
        except httpx2.TimeoutException as error:
            raise NetworkError("timeout", host=self.host) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            code = "certificate" if _is_about_certificate(error) else "unreachable"
            raise NetworkError(code, host=self.host) from error

    def _bounded(self, response: httpx2.Response, limit: int) -> bytes:
        return b"".join(self._pieces(response, limit))

    def _pieces(self, response: httpx2.Response, limit: int) -> Iterator[bytes]:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise NetworkError("answer", host=self.host)
        read = 0
        for piece in response.iter_raw():
            read += len(piece)
            if read > limit:
                raise NetworkError("too_large", host=self.host)
            yield piece

    def _refuse(self, response: httpx2.Response, body: bytes) -> None:
        status = response.status_code
        if response.has_redirect_location or response.is_redirect:
            raise NetworkError("redirect", host=self.host)
        problem, words = _problem(body)
        if status in _TRY_AGAIN:
            raise NetworkError("busy", host=self.host, status=status)
        code = "refused" if words else "refused_plain"
        raise RefusedError(code, status, problem, words)

    def _object(self, body: bytes) -> dict[str, Any]:
        try:
            parsed = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise NetworkError("answer", host=self.host) from error
        if not isinstance(parsed, dict):
            raise NetworkError("answer", host=self.host)
        return parsed


class RefusedError(NetworkError):
    """The portal answered with a refusal (RFC 9457); `problem` is the last part of its type."""

    def __init__(self, code: str, status: int, problem: str, words: str) -> None:
        super().__init__(code, status=status, words=words)
        self.status = status
        self.problem = problem


def _is_about_certificate(error: BaseException) -> bool:
    chain: BaseException | None = error
    while chain is not None:
        if isinstance(chain, ssl.SSLError):
            return True
        chain = chain.__cause__ or chain.__context__
    return False


def _problem(body: bytes) -> tuple[str, str]:
    """Return code and words of a problem answer; both are foreign text."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(parsed, dict):
        return "", ""
    kind, words = parsed.get("type"), parsed.get("detail") or parsed.get("title")
    code = kind.rpartition(":")[2] if isinstance(kind, str) else ""
    return printable(code, 60), printable(words, _WORDS) if isinstance(words, str) else ""
