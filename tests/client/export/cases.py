"""A case's material without a portal: signed and logged as it would be, for the document and its attackers."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rfc8785

from app.client.case import CaseFile
from app.client.export.material import Material
from app.client.trust import Manifest, OpenedCase
from app.domain.filing import build_record
from app.domain.petition import load
from crypto.digest import sha256, sha256_hex
from crypto.keys import case_id, case_keys, genesis_text, holder_keys
from crypto.log.checkpoint import Checkpoint, LogSigner, sign_checkpoint
from crypto.log.commitments import FIELDS, case_tag, commit, open_fields
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.merkle import leaf_hash, root_of
from crypto.log.proof import LogProof
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.opening import HybridIdentity
from crypto.secret import SecretBytes
from tests.domain.petitions import SALT

PORTAL = "portal.invalid"
ORIGIN = "portal.invalid/log"
TIME = 1_773_308_460
RECEIVED = "2026-03-12T09:41:00Z"
FICTION = Path(__file__).parents[2] / "vectors" / "petitions" / "petition_example_es.yaml"


def _seed(number: int) -> SecretBytes:
    return SecretBytes(bytes([number]) * 32)


@dataclass(frozen=True)
class Keys:
    """The keys of a portal and of a case's filer, each from a number."""

    log: LogSigner
    statements: NoteSigner


def portal_keys(number: int = 200) -> Keys:
    """Return a portal's keys."""
    return Keys(LogSigner(ORIGIN, _seed(number)), NoteSigner(f"{ORIGIN}/statements", _seed(number + 1)))


def plain_record(*lines: str) -> dict[str, Any]:
    """Return a record of the Spanish example's form, with extra lines of YAML; nothing is redacted."""
    text = "\n".join(line for line in FICTION.read_text().split("\n") if not line.startswith("synthetic"))
    petition = load((text + "\n" + "\n".join(lines)).encode()).petition
    return build_record(petition, lambda _path, words: words, SALT)


def material(record: dict[str, Any], portal: Keys | None = None, filer: int = 1) -> Material:
    """Return the verified material of a case with this record."""
    keys = portal or portal_keys()
    root = SecretBytes(bytes([filer]) * 16)
    seed = _seed(filer + 1)
    case_seed = case_keys(seed)
    nonce = bytes(16)
    filer_note = NoteSigner(f"{PORTAL}/filer", holder_keys(root, PORTAL, nonce).filer)
    genesis = genesis_text(PORTAL, filer_note.vkey, case_seed.recipient, nonce)
    case = case_id(genesis)
    text = rfc8785.dumps(record).decode()
    signer = NoteSigner(f"{PORTAL}/case", case_seed.signer)
    body: dict[str, Any] = {
        "v": 1,
        "portal": PORTAL,
        "case": case,
        "version": 1,
        "previous": "",
        "recipient": case_seed.recipient,
        "signer": signer.vkey,
        "record": sha256_hex(text.encode()),
    }
    manifest = sign_typed(NoteType.MANIFEST, body, [filer_note])
    receipt = _receipt(keys, case, sha256_hex(manifest.encode()))
    file = CaseFile(
        state="filed",
        portal=PORTAL,
        url="https://portal.invalid",
        case=case,
        status_code="",
        log_origin=ORIGIN,
        log_vkey=keys.log.vkey,
        statement_vkey=keys.statements.vkey,
        genesis=genesis,
        manifest_sha256=sha256_hex(manifest.encode()),
        manifest_version=1,
        entry_index=0,
        language="es",
    )
    listed = Manifest(
        sha256=sha256_hex(manifest.encode()),
        portal=PORTAL,
        case=case,
        version=1,
        epoch=1,
        previous="",
        recipient=case_seed.recipient,
        signer=signer.vkey,
        sign_in="",
        status="",
        roster=frozenset(),
        record=body["record"],
        objects=(),
        answers=(),
        destroys=False,
        body=body,
    )
    opened = OpenedCase(file, listed, HybridIdentity(seed), _seed(9), case_seed, seed, (listed,))
    return Material(opened, (manifest,), text, record, receipt, RECEIVED, "custodian", 1)


def _receipt(keys: Keys, case: str, manifest: str) -> str:
    entry_key = _seed(7)
    fields = dict.fromkeys(FIELDS, "") | {"kind": "petition_received", "case": case, "time": RECEIVED}
    leaf = Leaf(LeafKind.RECEIVED, TIME, case_tag(_seed(9), 0), sha256(b"subject"), commit(entry_key, fields))
    checkpoint = sign_checkpoint(Checkpoint(ORIGIN, 1, root_of([leaf_hash(leaf.to_bytes())])), [keys.log])
    body = {
        "v": 1,
        "portal": PORTAL,
        "deployment": "custodian",
        "case": case,
        "manifest": manifest,
        "index": 0,
        "received": RECEIVED,
    }
    extra = {
        "leaf": base64.b64encode(leaf.to_bytes()).decode(),
        "opening": open_fields(entry_key, fields, FIELDS, index=0).to_json(),
        "statement": sign_typed(NoteType.RECEIPT, body, [keys.statements]),
    }
    return LogProof(0, (), json.dumps(extra).encode(), checkpoint).to_text()
