"""Where a log is read from: a portal over HTTP, or a folder with the same files. Nothing that comes is trusted.

Rules
  1. An answer has a largest size and a last moment, both settled before it is read: a portal that would rather not
     be audited could send for ever.
  2. No redirect is followed, and nothing of the environment steers the connection.
  3. *Withheld* (the server answers, but not with the file that its signed checkpoint promises) is evidence;
     *unreachable* (no answer in time, or "try later") is not.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx2

from crypto.log.keychange import read_all

CHECKPOINT_LIMIT = 256 * 1024
PORTAL_LIMIT = 1024 * 1024
KEY_CHANGES = "keys"
"""The file of announcements beside a log's checkpoint: a list of texts (`crypto.log.keychange`)."""
KEY_CHANGES_LIMIT = 1024 * 1024
_DEADLINE = 30.0  # seconds for one file
_TIMEOUT = httpx2.Timeout(15.0, connect=10.0)
_LATER = frozenset({301, 302, 303, 307, 308, 429, 502, 503, 504})
_ATTEMPTS = 3
_PAUSE = 0.5  # seconds between attempts, doubled
_SETTLE = 1.5  # seconds: a portal of several processes knows of a new checkpoint everywhere after so long
_WORKERS = 8
_WINDOW = 32  # requests on their way, so that memory does not grow with the log

_Asked = TypeVar("_Asked")
_Got = TypeVar("_Got")


class WithheldError(Exception):
    """The other side answers, and not with this file; ``args``: the path."""


class UnreachableError(Exception):
    """No usable answer: nothing can be concluded; ``args``: the path."""


class Source(Protocol):
    """Reads files below a log's prefix."""

    workers: int
    live: bool
    """Whether the files may change while they are read."""

    def read(self, path: str, limit: int) -> bytes:
        """Return a file of at most ``limit`` bytes; raises ``WithheldError`` or ``UnreachableError``."""
        ...


class FolderSource:
    """A mirror on this machine."""

    workers = 1
    live = False

    def __init__(self, folder: Path) -> None:
        """``folder`` holds ``checkpoint`` and ``tile/``."""
        self._folder = folder

    def read(self, path: str, limit: int) -> bytes:
        """Return a file; a larger one than ``limit`` is not the file that was meant."""
        try:
            with (self._folder / path).open("rb") as file:
                data = file.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise WithheldError(path) from error
        except OSError as error:
            raise UnreachableError(path) from error
        if len(data) > limit:
            raise WithheldError(path)
        return data


class HttpSource:
    """A portal's static files."""

    workers = _WORKERS
    live = True

    def __init__(
        self,
        prefix: str,
        client: httpx2.Client,
        deadline: float = _DEADLINE,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """``deadline`` in seconds for one file; ``pause`` waits between attempts."""
        self.prefix = prefix.rstrip("/")
        self._client = client
        self._deadline = deadline
        self._pause = pause
        self._first_withheld: float | None = None

    def read(self, path: str, limit: int) -> bytes:
        """Return a file, asked for again when the line breaks, and once more when the first tiles are withheld."""
        try:
            return self._answer(path, limit)
        except WithheldError:
            if not path.startswith("tile/") or not self._may_be_early():
                raise
        self._pause(_SETTLE)
        return self._answer(path, limit)

    def _may_be_early(self) -> bool:
        """Say whether the checkpoint may have been so fresh that the process which was asked did not know of it."""
        now = time.monotonic()
        if self._first_withheld is None:
            self._first_withheld = now
        return now < self._first_withheld + _SETTLE

    def _answer(self, path: str, limit: int) -> bytes:
        for attempt in range(_ATTEMPTS - 1):
            with suppress(UnreachableError):
                return self._once(path, limit)
            self._pause(_PAUSE * 2**attempt)
        return self._once(path, limit)

    def _once(self, path: str, limit: int) -> bytes:
        end = time.monotonic() + self._deadline
        try:
            with self._client.stream("GET", f"{self.prefix}/{path}") as response:
                if response.status_code in _LATER:
                    raise UnreachableError(path)
                if response.status_code != httpx2.codes.OK:
                    raise WithheldError(path)
                return b"".join(_bounded(response.iter_bytes(), path, limit, end))
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise UnreachableError(path) from error


def _bounded(pieces: Iterator[bytes], path: str, limit: int, end: float) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise WithheldError(path)
        if time.monotonic() > end:
            raise UnreachableError(path)
        yield piece


def new_client(proxy: str | None = None) -> httpx2.Client:
    """Return a client for :class:`HttpSource`; ``proxy`` such as Tor's, by its address."""
    limits = httpx2.Limits(max_connections=_WORKERS, max_keepalive_connections=_WORKERS)
    headers = {"Accept-Encoding": "identity", "User-Agent": "resguardo"}
    return httpx2.Client(timeout=_TIMEOUT, limits=limits, headers=headers, trust_env=False, proxy=proxy or None)


class Located:
    """A log found at an address: where its files are, what its checkpoint says, what its portal tells of itself."""

    def __init__(
        self,
        source: Source,
        checkpoint: bytes,
        portal: dict[str, Any],
        key_changes: object = (),
        beside: Source | None = None,
    ) -> None:
        """``portal`` is empty where there is none to ask; ``key_changes`` as they are served.

        ``beside`` reads what a portal answers outside of its log.
        """
        self.source = source
        self.checkpoint = checkpoint
        self.portal = portal
        self.beside = beside
        self.key_changes = read_all(key_changes)
        """How the log's keys changed, each change verified in itself."""


def locate_folder(folder: Path) -> Located:
    """Find a log in ``folder`` or its subfolder ``log``; raises ``WithheldError`` or ``UnreachableError``."""
    prefix = folder / "log" if (folder / "log" / "checkpoint").is_file() else folder
    source = FolderSource(prefix)
    return Located(source, source.read("checkpoint", CHECKPOINT_LIMIT), {}, _key_changes(source))


def locate_portal(address: str, client: httpx2.Client) -> Located:
    """Find a log at a portal's address or at a log's own; raises ``WithheldError`` or ``UnreachableError``."""
    base = address.rstrip("/")
    source = HttpSource(f"{base}/log", client)
    try:
        checkpoint = source.read("checkpoint", CHECKPOINT_LIMIT)
    except WithheldError:
        source = HttpSource(base, client)
        checkpoint = source.read("checkpoint", CHECKPOINT_LIMIT)
        base = base.removesuffix("/log")
    beside = _asked_once(base, client)
    facts = _portal_facts(beside)
    changes = facts.get("key_changes") if facts else _key_changes(_asked_once(source.prefix, client))
    return Located(source, checkpoint, facts, changes, beside)


def _asked_once(prefix: str, client: httpx2.Client) -> HttpSource:
    """Return a source of files that need not be there."""
    return HttpSource(prefix, client, pause=lambda _seconds: None)


def _key_changes(source: Source) -> object:
    """Return the announcements of keys that lie beside a log's checkpoint; none where there is no such file."""
    with suppress(WithheldError, UnreachableError, ValueError, RecursionError):
        return json.loads(source.read(KEY_CHANGES, KEY_CHANGES_LIMIT))
    return ()


def _portal_facts(source: HttpSource) -> dict[str, Any]:
    with suppress(WithheldError, UnreachableError, ValueError, RecursionError):
        facts = json.loads(source.read("api/v1/portal", PORTAL_LIMIT))
        return facts if isinstance(facts, dict) else {}
    return {}


def fetch_in_order(
    workers: int, fetch: Callable[[_Asked], _Got], wanted: Iterable[_Asked]
) -> Iterator[tuple[_Asked, _Got]]:
    """Yield (asked, got) in the order of ``wanted``, with at most ``_WINDOW`` on their way."""
    if workers == 1:
        for item in wanted:
            yield item, fetch(item)
        return
    items = iter(wanted)
    waiting: deque[tuple[_Asked, Future[_Got]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            waiting.extend((item, pool.submit(fetch, item)) for item in islice(items, _WINDOW))
            while waiting:
                item, future = waiting.popleft()
                yield item, future.result()
                waiting.extend((later, pool.submit(fetch, later)) for later in islice(items, 1))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
