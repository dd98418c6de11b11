"""The code that browsers run: listed, hashed, in the log once for each version of it (law L5)."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable

import httpx2
import pytest

from app.resources import STATIC
from app.web.assets import Assets
from app.web.modules import Modules
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.tiles import split_bundle
from tests.portal import RunningPortal

SOURCES = {
    "a/entry.js": b'import { b } from "./b.js"\nimport {\n  c,\n} from "../c.js"\nnew URL("./w.js", import.meta.url)\n',
    "a/b.js": b'/** @typedef {import("./only_a_type.js").T} T */\nexport { c } from "../c.js"\n',
    "a/w.js": b'import "../vendor/library.js"\n',
    "a/only_a_type.js": b"",
    "c.js": b"export const c = 1\n",
    "vendor/library.js": b'import("./x.js")',
}


def test_every_module_that_an_entry_loads_is_found() -> None:
    """Static imports in one line or more, exports, the worker and its imports; types and text of libraries are not."""
    found = Modules(SOURCES).loaded_by("a/entry.js")
    assert found[0] == "a/entry.js"
    assert set(found) == {"a/entry.js", "a/b.js", "c.js", "a/w.js", "vendor/library.js"}


def test_missing_module_is_an_error() -> None:
    """A page that names what is not there fails where it is drawn and not in a worker's browser."""
    with pytest.raises(KeyError):
        Modules({"entry.js": b'import "./vendor/not_built.js"\n'}).loaded_by("entry.js")


def test_one_changed_byte_moves_every_address() -> None:
    """A page of one version never meets a module of another."""
    assert Modules(SOURCES).sha256 != Modules({**SOURCES, "c.js": b"export const c = 2\n"}).sha256


def test_integrity_is_that_of_the_served_bytes() -> None:
    """The hash in a page is the SHA-384 of what the address answers with."""
    assets = Assets(STATIC)
    [module, *_] = assets.scripts("seal/errors.js")
    digest = hashlib.sha384((STATIC / "seal" / "errors.js").read_bytes()).digest()
    assert module.integrity == f"sha384-{base64.b64encode(digest).decode()}"
    assert module.address == f"/static/{assets.modules.sha256[:16]}/seal/errors.js"


def versions(portal: RunningPortal) -> list[bytes]:
    """Return the subject tags of the log's entries about versions, as anyone reads them."""
    size = int(httpx2.get(f"{portal.url}/log/checkpoint").text.split("\n")[1])
    bundle = httpx2.get(f"{portal.url}/log/tile/entries/000.p/{size}").content
    leaves = [Leaf.from_bytes(entry) for entry in split_bundle(bundle)]
    return [leaf.subject_tag for leaf in leaves if leaf.kind == LeafKind.PORTAL_VERSION]


def _wait_for_size(portal: RunningPortal, size: int) -> None:
    deadline = time.monotonic() + 600
    while int(httpx2.get(f"{portal.url}/log/checkpoint").text.split("\n")[1]) < size:
        assert time.monotonic() < deadline, "the log was not published"
        time.sleep(0.2)


def test_version_is_in_the_log_once(new_portal: Callable[..., RunningPortal]) -> None:
    """Started twice, the portal says once which code it serves; anyone checks the hash."""
    portal = new_portal()
    portal.stop()
    portal.start()
    manifest = httpx2.get(f"{portal.url}/api/v1/modules").content
    assert json.loads(manifest)["modules"].keys() >= {"seal/filing.js", "seal/worker.js"}
    _wait_for_size(portal, 2)
    assert versions(portal) == [hashlib.sha256(manifest).digest()]
