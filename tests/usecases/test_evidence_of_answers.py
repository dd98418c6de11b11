"""Copies of an answer's evidence, and copies through a case's life: a new case key, withdrawal, destruction."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from app.domain.entities import Purpose, RecordPlace, answer_name
from app.domain.errors import AccessError, AdmissionError, ProcedureError
from app.domain.filing.copies import Copy, SealedCopy, seal_copies
from app.domain.filing.parts import PartStore
from app.store.vault import StoreVault
from app.usecases.destroy_cases import destroy
from app.usecases.file_petition import file_petition
from app.usecases.read_redacted import begin_sitting, read_beside, read_page, read_redacted
from app.usecases.revise_petition import revise_petition
from app.usecases.withdraw_petition import withdraw_petition
from app.web.evidence_index import EvidenceIndex, index_of
from crypto.note import NoteType, sign_typed
from tests.revisions import answer_text
from tests.store.test_retention_races import due
from tests.usecases.desks import Desk, desk_in
from tests.usecases.test_evidence import PAGES, filing_with, page

SHOWN = Copy(3, (page(90), page(120)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk whose case has two copies of the petition, and whose office asked something."""
    for desk in desk_in(tmp_path, lambda portal: filing_with(portal, PAGES)):
        desk.acknowledge(3)
        yield desk


def answer_with(desk: Desk, number: int, *copies: Copy, **changed: Any) -> dict[str, Any]:
    """Return the call of an answer whose evidence shows copies."""
    store = PartStore(desk.versions.uploads.__setitem__)
    sealed = seal_copies(desk.case, copies, "es", store, os.urandom)
    text = json.loads(answer_text(number))
    text["evidence"] = [{"id": f"A{copy.number}", "kind": "photo", "copy": copy.number} for copy in copies]
    named = [*desk.versions.body["copies"], *(copy.entry(number) for copy in sealed)]
    call = desk.versions.call(answer=(number, rfc8785.dumps(text).decode()), **{"copies": named, **changed})
    return with_copies(call, sealed, store)


def with_copies(call: dict[str, Any], sealed: tuple[SealedCopy, ...], store: PartStore) -> dict[str, Any]:
    """Return a call that brings copies."""
    parts = call["parts"] | {name: base64.b64encode(data).decode() for name, data in store.inline.items()}
    return {**call, "parts": parts, "copies": [copy.body() for copy in sealed]}


def refused(desk: Desk, call: dict[str, Any]) -> AdmissionError:
    """Return why a version is refused."""
    with pytest.raises(AdmissionError) as error:
        revise_petition(desk.holder, desk.case, call)
    return error.value


def test_evidence_of_an_answer_is_read_under_a_sitting_of_its_own(desk: Desk) -> None:
    """Law L4: neither the answer's sitting nor another copy's opens it; both it and the petition's copies stand."""
    number, ana = desk.ask(), desk.people["Ana"]
    call = answer_with(desk, number, SHOWN)
    revise_petition(desk.holder, desk.case, call)
    desk.versions = desk.versions.follow(call)
    assert desk.entries()[-2]["detail"] == f"version 2 answer {number} evidence 3"
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, answer_name(number))
    with pytest.raises(AccessError, match="purpose_needed"):
        read_page(desk.office, ana, desk.case, "evidence-3", 1)
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, "evidence-3")
    shown = [read_page(desk.office, ana, desk.case, "evidence-3", at).picture for at in (1, 2)]
    assert shown == list(SHOWN.pages)
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, "evidence-2")
    assert read_redacted(desk.office, ana, desk.case, "evidence-2").record["text"] == "Se firmó en marzo."

    slip = desk.versions.call(
        answer=(number, answer_text(number)), destroys=True, copies=desk.versions.body["copies"][:2]
    )
    revise_petition(desk.holder, desk.case, {**slip, "copies": []})
    with pytest.raises(ProcedureError, match="copy_unknown"):
        read_page(desk.office, ana, desk.case, "evidence-3", 1)
    assert isinstance(desk.office.vault, StoreVault)
    assert [name for name in desk.office.vault._keys.beginning(f"record/{desk.case}/") if "evidence-3" in name] == []


def test_an_answers_copy_is_described_where_the_answer_is_open_and_nothing_else_is_logged(desk: Desk) -> None:
    """Its line stands in the answer's index; one that the reader has not opened says nothing, and is not knocked at."""
    number, ana = desk.ask(), desk.people["Ana"]
    revise_petition(desk.holder, desk.case, answer_with(desk, number, SHOWN))
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, "evidence-3")
    before = desk.kinds()

    def index() -> EvidenceIndex:
        return index_of(desk.office, ana, desk.case, 3, read_beside(desk.office, ana, desk.case))

    assert (index().line, index().question, index().neighbours) == (None, 0, (0, 0))
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, answer_name(number))
    found = index()
    assert found.line is not None
    assert (found.line.id, found.line.kind, found.question) == ("A3", "photo", number)
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW)
    of_petition = index_of(desk.office, ana, desk.case, 1, read_beside(desk.office, ana, desk.case))
    assert (of_petition.question, of_petition.neighbours) == (0, (0, 2))
    assert desk.kinds() == [*before, "answer_read", "record_read"]


@pytest.mark.long
def test_an_answers_copies_are_named_by_that_answer_and_by_nothing_else(desk: Desk) -> None:
    """A copy that the answer does not name, of another question, taken from the petition or left to none: refused."""
    number = desk.ask()
    of_petition = desk.versions.body["copies"]
    call = answer_with(desk, number, SHOWN)
    (entry,) = (each for each in json.loads(call["manifest"].split("\n")[1])["copies"] if each["copy"] == 3)
    wrong = (
        [*of_petition, {**entry, "question": number + 1}],
        [*of_petition, {name: value for name, value in entry.items() if name != "question"}],
        [of_petition[0], {**of_petition[1], "question": number}, entry],
        [of_petition[1], entry],
        of_petition,
    )
    for copies in wrong:
        assert refused(desk, answer_with(desk, number, SHOWN, copies=copies)).code == "copies"
    revise_petition(desk.holder, desk.case, call)
    desk.versions = desk.versions.follow(call)
    assert refused(desk, {**desk.versions.call(copies=of_petition), "copies": []}).code == "copies"


@pytest.mark.long
def test_a_first_version_shows_nothing_of_an_answer(desk: Desk) -> None:
    """There is no question yet, and a copy that no record names would be read by nobody's word."""
    portal = desk.assembly.petitioner
    filing = filing_with(portal.facts.name, PAGES)
    body = json.loads(filing.body["manifest"].split("\n")[1])
    body["copies"][0]["question"] = 1
    note = sign_typed(NoteType.MANIFEST, body, [filing.prepared.filer_signer])
    with pytest.raises(AdmissionError, match="copies"):
        file_petition(portal, {**filing.body, "manifest": note})


@pytest.mark.long
def test_copies_stay_under_a_new_case_key(desk: Desk) -> None:
    """Who may open the case has nothing to do with what the office may see: the same pages, under their first entry."""
    ana, key = desk.people["Ana"], desk.versions.next_key()
    call = desk.versions.call(key=key)
    revise_petition(desk.holder, desk.case, call)
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, "evidence-1")
    assert read_page(desk.office, ana, desk.case, "evidence-1", 2).picture == PAGES["evidence[0]"].pages[1]
    assert desk.entries()[-2]["detail"] == "version 2 epoch 2"


@pytest.mark.long
def test_nobody_sees_a_copy_of_a_petition_that_was_taken_back(desk: Desk) -> None:
    """An open sitting ends with the petitioner's word, and what is refused is logged."""
    ana = desk.people["Ana"]
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, "evidence-1")
    withdraw_petition(desk.holder, desk.case)
    for look in (lambda: read_page(desk.office, ana, desk.case, "evidence-1", 1), lambda: begin(desk, "evidence-2")):
        with pytest.raises(AccessError, match="case_withdrawn"):
            look()
    assert desk.entries()[-1]["kind"] == "record_refused"


def begin(desk: Desk, record: str) -> None:
    """Begin to read."""
    begin_sitting(desk.office, desk.people["Ana"], desk.case, Purpose.REVIEW, record)


@pytest.mark.long
def test_destroying_a_case_destroys_the_keys_of_its_copies(desk: Desk) -> None:
    """Law L8: heads and pages are gone from the tables, their keys from the vault; the certificate counts them."""
    withdraw_petition(desk.holder, desk.case)
    with desk.office.ledger.view() as view:
        sealed = view.cases.page_sealed(RecordPlace(desk.case, "evidence-1", 1), 1)
    assert sealed is not None
    certificate = destroy(desk.holder, due(desk.assembly, desk.case))
    assert certificate is not None
    assert '"records":3' in certificate
    assert isinstance(desk.office.vault, StoreVault)
    assert list(desk.office.vault._keys.beginning(f"record/{desk.case}/")) == []
    with desk.office.ledger.view() as view:
        assert view.cases.page_sealed(RecordPlace(desk.case, "evidence-1", 1), 1) is None
        assert list(view.cases.record_versions(desk.case)) == []
