"""`resguardo public` with the real portal: made from what is sealed, tagged, with nobody in it, sent nowhere."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from crypto.digest import sha256_hex
from tests.cli.conftest import Run
from tests.client.cases import PETITION, write_petition
from tests.portal import RunningPortal

Resguardo = Callable[..., Run]


@pytest.mark.long
def test_the_public_version_of_a_case(resguardo: Resguardo, shared_portal: RunningPortal, tmp_path: Path) -> None:
    """Two files: one for programs with the hash that is told, one for people, tagged and titled; no name in either."""
    case, made = tmp_path / "case", tmp_path / "public"
    petition = write_petition(tmp_path / "petition", PETITION)
    assert resguardo("file", petition, "--portal", shared_portal.url, "--out", case, "--yes").status == 0
    asked = resguardo("public", "--case", case, "--out", made)
    assert asked.status == 2, "nobody is at the keyboard, and nothing doubtful is settled by default"
    assert not (made / "public.pdf").exists()
    run = resguardo("public", "--case", case, "--out", made, "--yes", "--json", "--lang", "en")
    assert run.status == 0, run.err
    data = (made / "public.json").read_bytes()
    assert run.json()["sha256"] == sha256_hex(data)
    version = json.loads(data)
    assert version["facts"]["narrative"].startswith("En agosto de 2025 despidieron a [TESTIGO]")
    pdf = PdfReader(io.BytesIO((made / "public.pdf").read_bytes()))
    root: Any = pdf.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert pdf.metadata is not None
    assert "Fábrica Ficticia" in str(pdf.metadata.title)
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert "[TESTIGO]" in text
    for name in ("Ximena", "Arrayán", "Eleuterio", "Bracamontes", "77123"):
        assert name not in text
        assert name.encode() not in data
