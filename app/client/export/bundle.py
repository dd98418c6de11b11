"""The file that an outside body verifies alone, tied together by the case's own key. Source: FORMAT.md, "Export"."""

from collections.abc import Sequence

from app.audit.bundle import FORMAT, check_bundle
from app.client.export.material import Material
from crypto.canonical import canonical_json
from crypto.digest import sha256_hex
from crypto.log.proof import HEADER
from crypto.note import NoteSigner, NoteType, sign_typed


def make_bundle(material: Material, pdf: bytes, left_out: Sequence[str], language: str) -> bytes:
    """Return the bundle for an exported PDF, after it was checked as its reader will check it.

    The record's text stays out where something of it must: its hash would not fit what is left.
    """
    opened, case = material.opened, material.opened.case
    statement = {
        "v": 1,
        "portal": case.portal,
        "case": case.case,
        "language": language,
        "manifest": opened.manifest.sha256,
        "record": material.record_sha256,
        "receipt": sha256_hex(material.receipt.encode()),
        "pdf": sha256_hex(pdf),
        "left_out": list(left_out),
        "log_vkey": case.log_vkey,
        "statement_vkey": case.statement_vkey,
    }
    changes = [link for link in case.successors if link.startswith(HEADER)]
    if changes:
        statement["key_changes"] = [sha256_hex(text.encode()) for text in changes]
    signer = NoteSigner(f"{case.portal}/case", opened.keys.signer)
    body = {
        "format": FORMAT,
        "genesis": case.genesis,
        "manifests": list(material.manifests),
        "record": None if left_out else material.record_text,
        "receipt": material.receipt,
        "export": sign_typed(NoteType.EXPORT, statement, [signer]),
    }
    if changes:
        body["key_changes"] = changes
    data = canonical_json(body)
    check_bundle(data, [case.log_vkey, case.statement_vkey], pdf)
    return data
