"""Copies of evidence over a real store: admitted with their filing, read under their own sittings, gone when ended."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from PIL import Image

from app.domain.entities import CaseId, Purpose
from app.domain.errors import AccessError, AdmissionError, ProcedureError
from app.domain.filing import Copy, Review, Settled, build, prepare, seal
from app.domain.pages import DOCUMENT
from app.domain.petition import load
from app.store.vault import StoreVault
from app.usecases.file_petition import file_petition
from app.usecases.read_redacted import begin_sitting, read_page, read_redacted
from app.usecases.revise_petition import revise_petition
from app.usecases.suspend_access import suspend_access
from crypto.secret import SecretBytes
from tests.filings import PETITIONS, Filing
from tests.usecases.desks import Desk, desk_in


def page(shade: int = 200, form: str = "PNG") -> bytes:
    """Return a page."""
    stream = io.BytesIO()
    Image.new("L", DOCUMENT, shade).save(stream, form)
    return stream.getvalue()


def settled_with(copies: Mapping[str, Copy]) -> Settled:
    """Return the example petition settled with copies of its evidence."""
    petition = load((PETITIONS / "petition_example_es.yaml").read_bytes()).petition
    return Review(petition, "es", os.urandom, copies=copies).settle(careful=True)


def filing_with(portal: str, copies: Mapping[str, Copy]) -> Filing:
    """Return a sealed filing with copies."""
    prepared = prepare(portal, SecretBytes(os.urandom(16)), [], os.urandom)
    uploads: dict[str, bytes] = {}
    settled = settled_with(copies)
    sealed = seal(prepared, settled, {}, uploads.__setitem__, os.urandom)
    return Filing(build(prepared, settled, sealed).body(), uploads, prepared, SecretBytes(os.urandom(16)))


PAGES = {"evidence[0]": Copy(1, (page(10), page(20, "JPEG"))), "evidence[1]": Copy(2, text="Se firmó en marzo.")}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk whose case has two copies: two pages, and a text."""
    yield from desk_in(tmp_path, lambda portal: filing_with(portal, PAGES))


def test_a_copy_is_read_under_a_sitting_of_its_own_after_its_entry(desk: Desk) -> None:
    """Law L4: neither a sitting over the record nor one over another copy opens a copy, and the entry names it."""
    ana, office = desk.people["Ana"], desk.office
    begin_sitting(office, ana, desk.case, Purpose.REVIEW)
    record = read_redacted(office, ana, desk.case).record
    assert [item.get("copy") for item in record["evidence"]][:2] == [1, 2]
    for name in ("evidence-1", "evidence-2"):
        with pytest.raises(AccessError, match="purpose_needed"):
            read_redacted(office, ana, desk.case, name)
    with pytest.raises(AccessError, match="purpose_needed"):
        read_page(office, ana, desk.case, "evidence-1", 1)
    begin_sitting(office, ana, desk.case, Purpose.REVIEW, "evidence-1")
    begin_sitting(office, ana, desk.case, Purpose.REVIEW, "evidence-1")
    assert (desk.entries()[-1]["kind"], desk.entries()[-1]["record"]) == ("evidence_read", "evidence-1/1")
    assert desk.kinds().count("evidence_read") == 1
    pages = [read_page(office, ana, desk.case, "evidence-1", number).picture for number in (1, 2)]
    assert pages == list(PAGES["evidence[0]"].pages)
    with pytest.raises(AccessError, match="purpose_needed"):
        read_redacted(office, ana, desk.case, "evidence-2")
    begin_sitting(office, ana, desk.case, Purpose.REVIEW, "evidence-2")
    assert read_redacted(office, ana, desk.case, "evidence-2").record["text"] == "Se firmó en marzo."
    for number in (0, 3):
        with pytest.raises(ProcedureError, match="copy_unknown"):
            read_page(office, ana, desk.case, "evidence-1", number)
    with pytest.raises(ProcedureError, match="copy_unknown"):
        begin_sitting(office, ana, desk.case, Purpose.REVIEW, "evidence-3")


@pytest.mark.long
def test_nobody_else_looks_at_a_copy_and_nobody_while_access_is_suspended(desk: Desk) -> None:
    """Who is not assigned is refused and logged; an open sitting ends with the petitioner's word."""
    with pytest.raises(AccessError, match="not_assigned"):
        begin_sitting(desk.office, desk.people["Eva"], desk.case, Purpose.REVIEW, "evidence-1")
    assert (desk.entries()[-1]["kind"], desk.entries()[-1]["record"]) == ("record_refused", "evidence-1/1")
    ana = desk.people["Ana"]
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, "evidence-1")
    suspend_access(desk.holder, desk.case, suspended=True)
    with pytest.raises(AccessError, match="case_suspended"):
        read_page(desk.office, ana, desk.case, "evidence-1", 1)


def test_a_copy_that_is_not_named_any_more_is_gone_with_its_key(desk: Desk) -> None:
    """Law L8: rows and key go in the version that does not name it; what somebody copied of them does not open."""
    ana, vault = desk.people["Ana"], desk.office.vault
    assert isinstance(vault, StoreVault)
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, "evidence-1")
    record = dict(read_record(desk))
    record["evidence"] = [{k: v for k, v in item.items() if k != "copy"} for item in record["evidence"]]
    call = desk.versions.call(record=rfc8785.dumps(record).decode(), copies=[])
    revise_petition(desk.holder, desk.case, call)
    assert desk.entries()[-1]["detail"] == "version 2 record evidence-gone 1 2"
    with pytest.raises(ProcedureError, match="copy_unknown"):
        read_page(desk.office, ana, desk.case, "evidence-1", 1)
    assert [name for name in vault._keys.beginning(f"record/{desk.case}/") if "evidence" in name] == []
    with desk.office.ledger.view() as view:
        assert {place.record for place in view.cases.record_versions(desk.case)} == {"record"}


def read_record(desk: Desk) -> Mapping[str, Any]:
    """Return the record as a reader sees it."""
    begin_sitting(desk.office, desk.people["Ana"], desk.case, Purpose.REVIEW)
    return read_redacted(desk.office, desk.people["Ana"], desk.case).record


def refused(portal: Any, body: Mapping[str, Any]) -> AdmissionError:
    """Return why a filing is refused."""
    with pytest.raises(AdmissionError) as error:
        file_petition(portal, body)
    return error.value


def test_pages_with_anything_besides_pixels_are_refused_by_place_and_kind(desk: Desk) -> None:
    """The guard's own process: metadata, trailing bytes, other sizes, other types, broken ones; nothing is stored."""
    portal = desk.assembly.petitioner
    commented, broken = io.BytesIO(), bytearray(page(30, "JPEG"))
    Image.new("L", DOCUMENT).save(commented, "JPEG", comment=b"Maria")
    broken[-2:] = b""
    small = io.BytesIO()
    Image.new("L", (640, 480)).save(small, "PNG")
    wrong = {
        "metadata": commented.getvalue(),
        "trailing": page() + b"PK\x03\x04",
        "sheet": small.getvalue(),
        "type": b"%PDF-1.7 pagina",
        "broken": bytes(broken),
    }
    for kind, data in wrong.items():
        filing = filing_with(portal.facts.name, {"evidence[0]": Copy(1, (page(), data))})
        error = refused(portal, filing.body)
        assert (error.code, error.field, error.params["kind"]) == ("page_guard", "evidence-1, 2", kind)
        with portal.ledger.view() as view:
            assert view.cases.get(CaseId(filing.prepared.case)) is None


@pytest.mark.long
def test_a_copy_and_the_record_that_names_it_go_together(desk: Desk) -> None:
    """Copies that were not sent, another key, pages in another order, a part that is missing: nothing is taken."""
    portal = desk.assembly.petitioner
    name = portal.facts.name
    body = dict(filing_with(name, PAGES).body)
    assert refused(portal, {**body, "copies": []}).code == "copies"
    assert refused(portal, {**body, "copies": body["copies"][::-1]}).code == "copies"
    first = body["copies"][0]
    key = base64.b64encode(os.urandom(32)).decode()
    assert refused(portal, {**body, "copies": [{**first, "key": key}, body["copies"][1]]}).code == "part_hash"
    swapped = {**first, "parts": first["parts"][::-1]}
    assert refused(portal, {**body, "copies": [swapped, body["copies"][1]]}).code == "part_hash"
    gone = {part: data for part, data in body["parts"].items() if part != first["parts"][0]}
    assert refused(portal, {**body, "parts": gone}).code == "missing_part"


@pytest.mark.long
def test_what_waits_for_its_call_cannot_be_read_by_the_portal(desk: Desk) -> None:
    """Law L2: parts of copies are ciphertext under a key that only the call brings; no page lies there in the open."""
    filing = filing_with(desk.assembly.petitioner.facts.name, PAGES)
    pages = [each for copy in PAGES.values() for each in copy.pages]
    sent = [base64.b64decode(part) for part in filing.body["parts"].values()] + list(filing.uploads.values())
    for each in pages:
        assert all(each[:64] not in part and each[-64:] not in part for part in sent)


@pytest.mark.long
def test_stored_pages_are_ciphertext(desk: Desk, tmp_path: Path) -> None:
    """At rest nothing of a page or a text stands in the open, in no file of the portal."""
    texts = [each[100:140] for copy in PAGES.values() for each in copy.pages] + ["firmó en marzo".encode()]
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert not any(text in data for text in texts), path
