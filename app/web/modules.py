"""Which of our modules a page loads, and the hash that each of them must have.

1. Every module, ours and the bundled libraries, stands in one manifest: path → SHA-384. Its own hash is part of every
   module's address, so that a page of one version never loads a module of another. With the offline edition beside
   them, the same list is published, and its hash written in the log (offline.py).
2. A page names its entry. The entry's imports are followed in the source as it is served, the worker's too.
3. Each of them gets a `modulepreload` link with its hash: integrity on the entry alone would let a changed import run.

4. What a page loads only when it is needed (`await import("…")`) it names apart, with hashes too, and puts those links
   in place before it imports (app/static/file/later.js): nobody waits for it in the beginning.

What is not found by rule 2 would load without a hash. So an import is one line of one form, and a test compares what
is found with what a real browser asks for.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import rfc8785

from crypto.digest import sha256_hex, sha384_base64

FORMAT = "resguardo/modules/v1"
WORKERS = ("seal/worker.js", "seal/caseworker.js")
"""What sealing workers start with: that of a filing, and that of a page which opens cases."""
PAGES_WORKER = "copies/worker.js"
"""What reads foreign PDFs, apart from the keys. A page verifies its modules first (app/static/copies/reader.js)."""
LIBRARIES = "vendor/"
"""Bundled libraries, which import nothing."""
_IMPORT = re.compile(r'(?:^(?:import|\}|export)\b[^"\n]*\bfrom|^import|\bnew URL\()\s*"(\.[^"]+\.js)"', re.MULTILINE)


@dataclass(frozen=True)
class Module:
    """One module as a page names it: its address, what its content must hash to, whether the worker is made of it."""

    address: str
    integrity: str
    worker: bool


class Modules:
    """All modules of this version, by path below the folder of static files."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        hashes = {path: f"sha384-{sha384_base64(source)}" for path, source in sorted(sources.items())}
        self.manifest = rfc8785.dumps({"format": FORMAT, "modules": hashes})
        self.sha256 = sha256_hex(self.manifest)
        self._hashes = hashes
        self._sources = sources
        self._imports: dict[str, tuple[str, ...]] = {}

    def loaded_by(self, entry: str) -> tuple[str, ...]:
        """Return the paths that an entry loads, itself first.

        Raises:
            KeyError: one of them is not there; the libraries are built by `make`.
        """
        found: dict[str, None] = {}
        waiting = [entry]
        while waiting:
            path = waiting.pop()
            if path not in found:
                found[path] = None
                waiting += reversed(self._imports_of(path))
        return tuple(found)

    def _imports_of(self, path: str) -> tuple[str, ...]:
        if path not in self._imports:
            self._imports[path] = tuple(_imports(path, self._sources[path]))
        return self._imports[path]

    def loaded_beyond(self, entry: str, later: str) -> tuple[str, ...]:
        """Return the paths that a later import loads and the entry has not."""
        at_once = self.loaded_by(entry)
        return tuple(path for path in self.loaded_by(later) if path not in at_once)

    @cached_property
    def of_worker(self) -> frozenset[str]:
        """What sealing workers are made of."""
        return frozenset(path for worker in WORKERS for path in self.loaded_by(worker))

    def hashes(self) -> tuple[tuple[str, str], ...]:
        """Return each module's path with its hash."""
        return tuple(self._hashes.items())

    def integrity(self, path: str) -> str:
        """Return what a module's content must hash to, as the `integrity` attribute says it."""
        return self._hashes[path]


def _imports(path: str, source: bytes) -> Iterator[str]:
    if path.startswith(LIBRARIES):
        return
    for name in _IMPORT.findall(source.decode()):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
