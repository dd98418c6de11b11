"""Sealed filings for tests and benchmarks: real ones, made as the client makes them, in any number."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.filing import MemoryFile, Settled, build, prepare, seal
from app.domain.filing.preparation import Preparation
from app.domain.filing.review import review
from app.domain.petition import load
from crypto.secret import SecretBytes

PETITIONS = Path(__file__).parent / "vectors" / "petitions"


@cache
def settled(name: str = "petition_example_es.yaml", *, with_file: bool = False) -> Settled:
    """Return an example petition with the careful choice taken everywhere, and a file for its first evidence entry."""
    text = (PETITIONS / name).read_text()
    if with_file:
        text = text.replace("{id: E1, ", "{id: E1, file: evidence.bin, ", 1)
    petition = load(text.encode()).petition
    return review(petition, petition.language or "es", os.urandom).settle(careful=True)


@dataclass(frozen=True)
class Filing:
    """One sealed filing: the call's body, the larger parts that go before it, and what only its maker knows."""

    body: Mapping[str, Any]
    uploads: Mapping[str, bytes]
    prepared: Preparation
    root: SecretBytes


def make_filing(portal: str, *, evidence: bytes = b"", of: Settled | None = None) -> Filing:
    """Seal an example petition for a portal's name; `evidence` becomes the file of its first evidence entry."""
    chosen = of or settled(with_file=bool(evidence))
    root = SecretBytes(os.urandom(16))
    prepared = prepare(portal, root, [], os.urandom)
    uploads: dict[str, bytes] = {}
    files = {"evidence[0]": MemoryFile("evidence.bin", evidence)} if evidence else {}
    sealed = seal(prepared, chosen, files, uploads.__setitem__, os.urandom)
    return Filing(build(prepared, chosen, sealed).body(), uploads, prepared, root)
