"""`resguardo public` with the real portal: made from what is sealed, tagged, with nobody in it, sent nowhere."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pypdf import PdfReader

from app.domain.filing.public import canonical
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
    assert version["facts"]["narrative"].startswith("En agosto de 2025 perjudicaron a [TESTIGO]")
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


@pytest.mark.long
def test_a_public_version_is_given_out_and_called_back(
    resguardo: Resguardo, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """Released as it was made, proved, in the history; a changed file or a name in it is refused; then it is gone."""
    case, made = tmp_path / "case", tmp_path / "public"
    petition = write_petition(tmp_path / "petition", PETITION)
    assert resguardo("file", petition, "--portal", shared_portal.url, "--out", case, "--yes").status == 0
    assert resguardo("public", "--case", case, "--out", made, "--yes").status == 0
    file = made / "public.json"
    assert resguardo("release", "--case", case, "--file", file, "--withdraw").status == 2
    assert resguardo("release", "--case", case, "--json").json() == []
    asked = resguardo("release", "--case", case, "--file", file)
    assert asked.status != 0, "nobody is at the keyboard, and nothing is given out by default"
    slipped = json.loads(file.read_bytes())
    slipped["facts"]["narrative"] += " Lo vio Ximena Arrayán Ficticia."
    changed = tmp_path / "changed.json"
    changed.write_bytes(canonical(slipped))
    refused = resguardo("release", "--case", case, "--file", changed, "--yes", "--json")
    assert refused.status != 0
    assert "Ximena" not in refused.out + refused.err
    run = resguardo("release", "--case", case, "--file", file, "--to", "everyone", "--yes", "--json")
    assert run.status == 0, run.err
    sha256 = sha256_hex(file.read_bytes())
    assert (run.json()["sha256"], run.json()["repeated"]) == (sha256, False)
    again = resguardo("release", "--case", case, "--file", file, "--to", "everyone", "--yes", "--json")
    assert again.json()["repeated"] is True
    assert case_number(case) in resguardo_page(shared_portal, "/released")
    back = resguardo("release", "--case", case, "--withdraw", "--yes", "--lang", "en")
    assert "Called back" in back.out, back.err
    (given,) = resguardo("release", "--case", case, "--json").json()
    assert (given["audience"], given["sha256"], bool(given["withdrawn"])) == ("everyone", sha256, True)
    kinds = [line["kind"] for line in resguardo("history", "--case", case, "--json").json()]
    assert [kind for kind in kinds if kind.startswith("public")] == ["public_released", "public_withdrawn"]
    assert case_number(case) not in resguardo_page(shared_portal, "/released")


def case_number(folder: Path) -> str:
    """Return the number of a case by its folder."""
    return str(json.loads((folder / "case.json").read_text())["case"])


def resguardo_page(portal: RunningPortal, path: str) -> str:
    """Return a page of the portal as anybody gets it."""
    return httpx2.get(portal.url + path).text
