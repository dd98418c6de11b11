"""Pages made to harm the second look: refused by place and kind, while everybody else's filings go through."""

from __future__ import annotations

import base64
import io
import struct
import threading
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from PIL import Image

from app.domain.filing import Copy
from app.domain.pages import DOCUMENT
from app.domain.pages.form import PNG_MAGIC
from tests.attacks.test_many_filers import file_all
from tests.filings import Filing, make_filing
from tests.portal import RunningPortal
from tests.usecases.test_evidence import filing_with, page

pytestmark = pytest.mark.long
ATTACKERS = 6
HONEST = 24


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: tuple[bytes, bytes], size: tuple[int, int] = DOCUMENT, colour: int = 0) -> bytes:
    """Return a PNG of these chunks."""
    header = struct.pack(">IIBBBBB", *size, 8, colour, 0, 0, 0)
    every = ((b"IHDR", header), *chunks, (b"IEND", b""))
    return PNG_MAGIC + b"".join(_chunk(kind, body) for kind, body in every)


def bomb() -> bytes:
    """A page that inflates to 300 MB."""
    squeezer = zlib.compressobj(9)
    data = b"".join(squeezer.compress(bytes(1_000_000)) for _ in range(300)) + squeezer.flush()
    return png((b"IDAT", data))


def crumbs() -> bytes:
    """A page in a hundred thousand chunks of nothing."""
    return png(*[(b"IDAT", b"")] * 100_000)


def huge() -> bytes:
    """A page that declares 60,000 by 60,000 pixels."""
    return png((b"IDAT", zlib.compress(bytes(9999))), size=(60_000, 60_000), colour=2)


def endless_scan() -> bytes:
    """A photograph whose scan goes on for 2 MB behind its last pixel."""
    stream = io.BytesIO()
    Image.effect_noise(DOCUMENT, 60).save(stream, "JPEG", quality=50)
    return stream.getvalue()[:-2] + b"\x11" * 2_000_000 + b"\xff\xd9"


def polyglot() -> bytes:
    """A page that is an archive too."""
    return page() + b"PK\x03\x04" + bytes(100)


def document() -> bytes:
    """A PDF that calls itself a page."""
    return b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript >> >> endobj\n" * 1000


HARMFUL: Sequence[Callable[[], bytes]] = (bomb, crumbs, huge, endless_scan, polyglot, document)


def hostile(portal: RunningPortal, harmful: bytes) -> Filing:
    """Return a filing with honest pages and a harmful one at the end."""
    return filing_with(portal.api()["name"], {"evidence[0]": Copy(1, (*[page(shade) for shade in range(12)], harmful))})


def sent(portal: RunningPortal, filing: Filing) -> httpx2.Response:
    """Put the larger parts, then file."""
    with httpx2.Client(base_url=portal.url) as client:
        for name, data in filing.uploads.items():
            client.put(f"/api/v1/uploads/{filing.body['upload']}/{name}", content=data)
        return client.post("/api/v1/petitions", json=dict(filing.body))


def test_hostile_pages_are_refused_while_other_filings_go_through(shared_portal: RunningPortal) -> None:
    """Six who send bombs again and again cost nobody else a filing; nothing of theirs is stored; the portal lives."""
    portal = shared_portal
    filings = [hostile(portal, make()) for make in HARMFUL]
    done, seen = threading.Event(), list[tuple[int, Any]]()

    def attack(filing: Filing) -> None:
        while not done.is_set():
            answer = sent(portal, filing)
            seen.append((answer.status_code, answer.json().get("type", answer.text)))

    with ThreadPoolExecutor(ATTACKERS) as pool:
        attacks = [pool.submit(attack, filing) for filing in filings]
        honest = [make_filing(portal.api()["name"]) for _ in range(HONEST)]
        answers = file_all(portal, honest)
        shown = sent(portal, filing_with(portal.api()["name"], {"evidence[0]": Copy(1, (page(7),))}))
        done.set()
        for each in attacks:
            each.result()
    assert None not in answers
    assert shown.status_code == 201, shown.text
    assert seen
    assert {status for status, _ in seen} <= {422, 429, 503}, seen
    assert 422 in {status for status, _ in seen}
    stored = b"".join(path.read_bytes() for path in portal.data.rglob("*") if path.is_file())
    assert not any(filing.prepared.case.encode() in stored for filing in filings)


@pytest.mark.parametrize("make", HARMFUL)
def test_the_look_names_what_is_wrong_with_a_hostile_page(
    make: Callable[[], bytes], shared_portal: RunningPortal
) -> None:
    """The refusal says which page of which copy it is, and of which kind the problem is; never what stood there."""
    filing = hostile(shared_portal, make())
    answer = sent(shared_portal, filing)
    assert answer.status_code == 422, answer.text
    assert "evidence-1, 13" in answer.text
    assert not any(base64.b64encode(data)[:40].decode() in answer.text for data in filing.uploads.values())
