"""The bundle: an outsider verifies it alone, and whatever was changed in it is found out."""

import json
from typing import Any

import pytest
import rfc8785

from app.audit.bundle import BundleError, Flaw, check_bundle
from app.cli.verify import FLAWS
from app.client.export.bundle import make_bundle
from crypto.digest import sha256_hex
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes
from tests.client.export.cases import material, plain_record, portal_keys

PDF = b"%PDF-1.7 a document"
MATERIAL = material(plain_record())
BUNDLE = make_bundle(MATERIAL, PDF, (), "es")


def flaw_of(data: bytes, *keys: str, pdf: bytes | None = None) -> Flaw:
    with pytest.raises(BundleError) as caught:
        check_bundle(data, keys, pdf)
    return caught.value.flaw


def changed(**fields: Any) -> bytes:
    return rfc8785.dumps(json.loads(BUNDLE) | fields)


def test_an_outsider_verifies_alone():
    """With nothing but the file, everything that it proves is told, and which key was given."""
    case = MATERIAL.opened.case
    found = check_bundle(BUNDLE, [case.log_vkey], PDF)
    assert (found.case, found.portal, found.received) == (case.case, "portal.invalid", MATERIAL.received)
    assert found.record == MATERIAL.record_text
    assert found.given == {case.log_vkey}


def test_any_changed_byte_is_found_out():
    """A change anywhere is refused, with a sentence for it."""
    places = [*range(0, len(BUNDLE), 41), len(BUNDLE) - 1]
    for place in places:
        damaged = bytearray(BUNDLE)
        damaged[place] ^= 1
        assert FLAWS[flaw_of(bytes(damaged))]
    assert flaw_of(BUNDLE[:-1]) is flaw_of(BUNDLE + b"\n") is Flaw.FORM


def test_a_milder_record_is_found_out():
    """Whoever changes the record and everything that needs no key of the case cannot change the manifest."""
    body = json.loads(BUNDLE)
    assert flaw_of(changed(record=body["record"].replace("despido", "cambio"))) is Flaw.RECORD


@pytest.mark.parametrize("name", ["genesis", "manifests", "receipt", "export"])
def test_a_part_of_another_case_does_not_fit(name):
    """Parts of two true bundles do not make a third."""
    other = json.loads(make_bundle(material(plain_record(), filer=40), PDF, (), "es"))
    assert flaw_of(changed(**{name: other[name]})) in {Flaw.MANIFEST, Flaw.EXPORT}


def test_a_receipt_of_a_forged_log_does_not_survive_the_true_key():
    """A forger's file carries the forger's keys: the key that was given elsewhere tells."""
    forged = make_bundle(material(plain_record(), portal_keys(100)), PDF, (), "es")
    assert check_bundle(forged).given == frozenset()
    assert flaw_of(forged, portal_keys().log.vkey) is Flaw.KEY


def resigned(receipt: str | None = None, **fields: Any) -> bytes:
    """Return the bundle as a dishonest holder of the case key would make it."""
    body = json.loads(BUNDLE)
    statement = json.loads(body["export"].split("\n")[1]) | fields
    if receipt is not None:
        body["receipt"] = receipt
        statement["receipt"] = sha256_hex(receipt.encode())
    signer = NoteSigner("portal.invalid/case", MATERIAL.opened.keys.signer)
    return rfc8785.dumps(body | {"export": sign_typed(NoteType.EXPORT, statement, [signer])})


def test_a_holder_cannot_forge_what_the_portal_says():
    """The case key ties parts together; it proves nothing about the log, the statement or the record."""
    other = portal_keys(100)
    assert flaw_of(resigned(log_vkey=other.log.vkey)) is Flaw.RECEIPT
    assert flaw_of(resigned(statement_vkey=other.statements.vkey)) is Flaw.STATEMENT
    assert flaw_of(resigned(record="0" * 64)) is Flaw.EXPORT
    receipt_of_another = material(plain_record(), filer=40).receipt
    assert flaw_of(resigned(receipt_of_another)) is Flaw.RECEIPT
    assert flaw_of(resigned(left_out="x")) is flaw_of(resigned(v=True)) is Flaw.EXPORT


def test_a_stranger_cannot_sign_for_the_case():
    """The note that ties the parts counts only under the key that the manifest names."""
    stranger = NoteSigner("portal.invalid/case", SecretBytes(bytes(32)))
    body = json.loads(json.loads(BUNDLE)["export"].split("\n")[1])
    assert flaw_of(changed(export=sign_typed(NoteType.EXPORT, body, [stranger]))) is Flaw.EXPORT


def test_another_pdf_is_found_out():
    """The document belongs to the bundle by its hash."""
    assert flaw_of(BUNDLE, pdf=PDF + b" ") is Flaw.PDF


def test_what_must_stay_out_stays_out_of_the_bundle():
    """With confidential parts left out, the record's text is not there; its hash, signed, still is."""
    data = make_bundle(MATERIAL, PDF, ("trade.us_customers",), "es")
    assert b"Example Motors" not in data
    found = check_bundle(data)
    assert (found.record, found.record_sha256) == (None, MATERIAL.record_sha256)
    assert found.left_out == ("trade.us_customers",)


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{}", b"[" * 100_000, rfc8785.dumps({"format": "x"})])
def test_what_is_no_bundle_is_told(data):
    """Other files, and files made to break readers, are refused as such."""
    assert flaw_of(data) is Flaw.FORM


def test_every_flaw_has_a_sentence():
    """Whatever fails is said in words."""
    assert set(FLAWS) == set(Flaw)
