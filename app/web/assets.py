"""Our static files, under addresses that name their content.

An address is `/static/<first 16 hex digits of SHA-256>/<name>`: what it answers never changes, so it may be cached for
ever, and a page of one version never meets a style sheet of another. Modules import each other by relative addresses,
so all of them share the digits of their manifest (modules.py). Everything is read once, when the portal starts; a
request is a look-up in a table, so no address reaches the disk.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from app.i18n import LANGUAGES, page_words
from app.resources import STATIC
from app.web.headers import FOR_WORKER, SUBRESOURCE
from app.web.modules import PAGES_WORKER, WORKERS, Module, Modules
from app.web.packed_rules import packed_rules
from crypto.digest import sha256_hex

_HASH_DIGITS = 16
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
_MODULE = ".js"
_PACKED = "vendor/packed"
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file: its address, its bytes as they are and compressed, and its media type.

    `packed`: where the build (app/bundling/build.mjs) left it in Brotli; it did not if the file was changed since.
    """

    address: str
    content: bytes
    media_type: str
    packed: Path

    @cached_property
    def gzip(self) -> bytes:
        """Return it in gzip: made when it is first asked for, or every start would wait for all of it."""
        return gzip.compress(self.content, mtime=0)

    @cached_property
    def brotli(self) -> bytes | None:
        """Return it in Brotli, a tenth less, if that was made beforehand."""
        return self.packed.read_bytes() if self.packed.exists() else None

    def encoded(self, accepted: str) -> tuple[bytes, str]:
        """Return it as small as the caller takes it, and the name of that encoding, empty for none."""
        takes = {coding.split(";")[0].strip() for coding in accepted.split(",")}
        if "br" in takes and self.brotli is not None:
            return self.brotli, "br"
        return (self.gzip, "gzip") if "gzip" in takes else (self.content, "")


def _asset(root: Path, name: str, content: bytes, digest: str) -> Asset:
    address = f"/static/{digest[:_HASH_DIGITS]}/{name}"
    packed = root / _PACKED / f"{sha256_hex(content)}.br"
    return Asset(address, content, _TYPES[Path(name).suffix], packed)


def _json(words: Mapping[str, str]) -> str:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _made() -> Iterator[tuple[str, bytes]]:
    """Yield what is made from what stands elsewhere: our scripts' words by language, the text engine's rules."""
    for language in LANGUAGES:
        yield f"words/{language}.json", _json(page_words(language)).encode()
    yield "rules.json", packed_rules().encode()


class Assets:
    """The table of our static files."""

    def __init__(self, root: Path) -> None:
        files = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix in _TYPES)
        contents = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
        self.modules = Modules({name: content for name, content in contents.items() if name.endswith(_MODULE)})
        self._by_name = {
            name: _asset(root, name, content, self.modules.sha256 if name.endswith(_MODULE) else sha256_hex(content))
            for name, content in contents.items()
        }
        self._by_name |= {name: _asset(root, name, content, sha256_hex(content)) for name, content in _made()}
        self._by_address = {asset.address: asset for asset in self._by_name.values()}

    def address(self, name: str) -> str:
        """Return the address of a file. Raises KeyError for one that we do not have."""
        return self._by_name[name].address

    def text(self, name: str) -> str:
        """Return a file's text. Raises KeyError for one that we do not have."""
        return self._by_name[name].content.decode()

    def compressed(self, name: str) -> bytes:
        """Return a file as it travels to most. Raises KeyError for one that we do not have."""
        return self._by_name[name].encoded("br, gzip")[0]

    def scripts(self, entry: str) -> tuple[Module, ...]:
        """Return the modules that an entry loads, itself first. Raises KeyError for one that we do not have."""
        return self._modules(self.modules.loaded_by(entry))

    def first_words(self, language: str, entry: str) -> str:
        """Return what an entry and its modules say, as JSON: a page brings it, and begins without the other words."""
        return _json(page_words(language, self.modules.loaded_by(entry)))

    def weight(self, entry: str) -> int:
        """Return the bytes that travel for an entry and all that it loads."""
        return sum(len(self.compressed(name)) for name in self.modules.loaded_by(entry))

    def later_scripts(self, entry: str, later: str) -> tuple[Module, ...]:
        """Return the modules that a later import loads beyond what the entry has."""
        return self._modules(self.modules.loaded_beyond(entry, later))

    def _modules(self, names: Iterable[str]) -> tuple[Module, ...]:
        inside = self.modules.of_worker
        return tuple(Module(self.address(name), self.modules.integrity(name), name in inside) for name in names)

    def addresses(self) -> tuple[str, ...]:
        """Return every address, in the order of the names."""
        return tuple(self._by_address)

    def answer(self, request: Request) -> Response | None:
        """Return the file at the request's path, compressed if the caller takes gzip, or None."""
        asset = self._by_address.get(request.url.path)
        if asset is None:
            return None
        about = FOR_WORKER if asset.address.endswith((*WORKERS, PAGES_WORKER)) else SUBRESOURCE
        headers = {"cache-control": _FOR_EVER, "vary": "accept-encoding", **about}
        content, encoding = asset.encoded(request.headers.get("accept-encoding", ""))
        if encoding:
            headers["content-encoding"] = encoding
        return Response(content, media_type=asset.media_type, headers=headers)


@cache
def installed() -> Assets:
    """Return the table of the files that this program was installed with, made once for a process and its forks."""
    return Assets(STATIC)
