"""An export that a petitioner sent, checked by a stranger alone: no network, no portal, only this file and a key.

Rules of trust, in the order of the check
  1. The file is one canonical JSON object with exactly the fields of the format: no byte of it can be changed unseen.
  2. The case number is the hash of the genesis text, which names the filer's key.
  3. The first manifest is signed by that key, for this portal, case and recipient: it says what was filed, by hashes.
     Each next one is signed by the key that the one before calls its signer, and names the hash of the one before.
  4. The export's own note is signed by the case's key that the last manifest names. It ties record, receipt, PDF and
     the two keys of the portal to this case.
  5. The redacted record has the hash that the last manifest commits to: it is what the office reads.
  6. The receipt proves an entry of the log under the log's key, and the entry's opening says that this case's
     petition was received.
  7. The receipt's statement is signed by the portal's statement key and names the first manifest and this entry.
  8. A given key may be a later one of the same log, where the announcements in the file lead there from the export's.

Worked example: somebody makes the narrative milder and computes the hash anew. Rule 5 wants the manifest's hash, rule 3
the filer's signature over that, rule 2 the filer's key from the case number. Whoever knows the number sees it.

What rests on a key that was *given*: rules 6 and 7. The file carries keys, and a forger's file carries a forger's;
rules 2 to 5 hold without any. Source: FORMAT.md, "Export".
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Any

import rfc8785

from crypto.digest import sha256_hex
from crypto.errors import CryptoError, KeyTextError, NoteError
from crypto.keys import Genesis, case_id, parse_genesis
from crypto.log.checkpoint import Checkpoint
from crypto.log.commitments import Opening, verify_opening
from crypto.log.keychange import leading_from, read_all
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.proof import LogProof
from crypto.note import NoteType, NoteVerifier, open_typed, strict_base64

FORMAT = "resguardo/export/v1"
MAX_BUNDLE = 32 * 1024 * 1024
"""Bytes of one file: a record and a manifest of the largest size, escaped, and room."""
RECEIVED = "petition_received"
_FIELDS = frozenset({"format", "genesis", "manifests", "record", "receipt", "export"})
_CHANGES = "key_changes"
"""A member that is there where the keys were changed since the filing."""


@unique
class Flaw(StrEnum):
    """What is wrong with an export, by the rule that it fails."""

    FORM = "form"
    GENESIS = "genesis"
    MANIFEST = "manifest"
    EXPORT = "export"
    RECORD = "record"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    KEY = "key"
    PDF = "pdf"


class BundleError(Exception):
    """An export does not verify; `flaw` names the rule."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True)
class Verified:
    """What an export proves. `given`: the keys that came from elsewhere; `left_out`: what its PDF does not show."""

    portal: str
    case: str
    received: str
    deployment: str
    manifest_sha256: str
    record_sha256: str
    record: str | None
    pdf_sha256: str
    language: str
    left_out: tuple[str, ...]
    index: int
    checkpoint: Checkpoint
    checkpoint_note: str
    log_vkey: str
    statement_vkey: str
    given: frozenset[str]
    later: tuple[str, ...]
    """Log keys that were announced under `log_vkey` since, and each under the one before."""


@dataclass(frozen=True)
class _Founded:
    """A case whose manifests were verified: rules 2 and 3. `manifest` is the last one, `filed` the first one's hash."""

    case: str
    genesis: Genesis
    manifest: Mapping[str, Any]
    manifest_sha256: str
    filed: str


def check_bundle(data: bytes, keys: Collection[str] = (), pdf: bytes | None = None) -> Verified:
    """Return what an export proves; `keys` are verifier keys from elsewhere, `pdf` the document that came with it.

    Raises:
        BundleError: the first rule that fails, in the order above; then a given key or PDF that is another one.
    """
    texts = _read(data)  # 1
    founded = _check_manifests(texts["genesis"], texts["manifests"])  # 2, 3
    export = _check_export(founded, texts)  # 4
    if texts["record"] is not None and sha256_hex(texts["record"].encode()) != founded.manifest["record"]:
        raise BundleError(Flaw.RECORD)  # 5
    proof, checkpoint, extra = _check_receipt(founded, export, texts["receipt"])  # 6
    statement = _check_statement(founded, export, extra, proof.index)  # 7
    later = _later(export, texts[_CHANGES])
    if not set(keys) <= {export["log_vkey"], export["statement_vkey"], *later, *later.values()}:
        raise BundleError(Flaw.KEY)
    if pdf is not None and sha256_hex(pdf) != export["pdf"]:
        raise BundleError(Flaw.PDF)
    return Verified(
        portal=founded.genesis.portal,
        case=founded.case,
        received=statement["received"],
        deployment=statement["deployment"],
        manifest_sha256=founded.manifest_sha256,
        record_sha256=founded.manifest["record"],
        record=texts["record"],
        pdf_sha256=export["pdf"],
        language=export["language"],
        left_out=tuple(export["left_out"]),
        index=proof.index,
        checkpoint=checkpoint,
        checkpoint_note=proof.checkpoint,
        log_vkey=export["log_vkey"],
        statement_vkey=export["statement_vkey"],
        given=frozenset(keys),
        later=tuple(later),
    )


def _later(export: Mapping[str, Any], texts: Sequence[str]) -> dict[str, str]:
    """Return the log keys that followed the export's, each with its statement key (rule 8)."""
    changes = leading_from(export["log_vkey"], read_all(texts))
    if changes and changes[0].before.statements != export["statement_vkey"]:
        raise BundleError(Flaw.KEY)
    return {each.after.log: each.after.statements for each in changes}


def _read(data: bytes) -> dict[str, Any]:
    """Return the fields of an export (rule 1)."""
    if len(data) > MAX_BUNDLE:
        raise BundleError(Flaw.FORM)
    try:
        body: Any = json.loads(data.decode())
        canonical = isinstance(body, dict) and rfc8785.dumps(body) == data
    except (ValueError, RecursionError, rfc8785.CanonicalizationError) as error:
        raise BundleError(Flaw.FORM) from error
    if not canonical or set(body) - {_CHANGES} != _FIELDS or body["format"] != FORMAT:
        raise BundleError(Flaw.FORM)
    notes, changes = body.pop("manifests"), body.pop(_CHANGES, [])
    if not isinstance(changes, list) or not all(isinstance(text, str) for text in changes):
        raise BundleError(Flaw.FORM)
    texts = [text for name, text in body.items() if name != "record" or text is not None]
    if not isinstance(notes, list) or not notes or not all(isinstance(text, str) for text in [*texts, *notes]):
        raise BundleError(Flaw.FORM)
    return {**body, "manifests": notes, _CHANGES: changes}


def _check_manifests(genesis_text: str, notes: Sequence[str]) -> _Founded:
    """Return the case and its last manifest (rules 2 and 3)."""
    try:
        genesis = parse_genesis(genesis_text)
    except KeyTextError as error:
        raise BundleError(Flaw.GENESIS) from error
    case = case_id(genesis_text)
    bodies, signer, previous = [], genesis.filer_vkey, ""
    for version, note in enumerate(notes, start=1):
        place = {"portal": genesis.portal, "case": case, "version": version, "previous": previous}
        bodies.append(_open_manifest(note, signer, place))
        signer, previous = bodies[-1]["signer"], sha256_hex(note.encode())
    if bodies[0].get("recipient") != genesis.case_recipient:
        raise BundleError(Flaw.MANIFEST)
    return _Founded(case, genesis, bodies[-1], previous, sha256_hex(notes[0].encode()))


def _open_manifest(note: str, signer: str, place: Mapping[str, Any]) -> dict[str, Any]:
    try:
        body = open_typed(note, NoteType.MANIFEST, [NoteVerifier.parse(signer)])
    except NoteError as error:
        raise BundleError(Flaw.MANIFEST) from error
    if any(body.get(name) != value for name, value in place.items()) or not _texts(body, "record", "signer"):
        raise BundleError(Flaw.MANIFEST)
    return body


def _check_export(founded: _Founded, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the export's own note says (rule 4)."""
    portal = founded.genesis.portal
    try:
        signer = NoteVerifier.parse(founded.manifest["signer"])
        body = open_typed(texts["export"], NoteType.EXPORT, [signer])
    except NoteError as error:
        raise BundleError(Flaw.EXPORT) from error
    expected: dict[str, Any] = {
        "v": 1,
        "portal": portal,
        "case": founded.case,
        "manifest": founded.manifest_sha256,
        "record": founded.manifest["record"],
        "receipt": sha256_hex(texts["receipt"].encode()),
    }
    if texts[_CHANGES]:
        expected[_CHANGES] = [sha256_hex(text.encode()) for text in texts[_CHANGES]]
    named = signer.name == f"{portal}/case" and _texts(body, "language", "pdf", "log_vkey", "statement_vkey")
    left_out = body.get("left_out")
    if not named or not isinstance(left_out, list) or not all(isinstance(path, str) for path in left_out):
        raise BundleError(Flaw.EXPORT)
    if any(type(body.get(name)) is not type(value) or body[name] != value for name, value in expected.items()):
        raise BundleError(Flaw.EXPORT)
    return body


def _check_receipt(
    founded: _Founded, export: Mapping[str, Any], text: str
) -> tuple[LogProof, Checkpoint, dict[str, Any]]:
    """Return the receipt's proof, its checkpoint and extra data, after the entry was proved (rule 6)."""
    try:
        log = NoteVerifier.parse(export["log_vkey"])
        proof = LogProof.parse(text)
        extra = json.loads(proof.extra or b"{}")
        entry = strict_base64(extra["leaf"])
        checkpoint = proof.verify(entry, log.name, [log])
        leaf, opening = Leaf.from_bytes(entry), Opening.from_json(extra["opening"])
        fields = verify_opening(opening, leaf.commitment)
    except (CryptoError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleError(Flaw.RECEIPT) from error
    said = (fields.get("kind"), fields.get("case"), leaf.kind, opening.index)
    if said != (RECEIVED, founded.case, LeafKind.RECEIVED, proof.index):
        raise BundleError(Flaw.RECEIPT)
    return proof, checkpoint, extra


def _check_statement(
    founded: _Founded, export: Mapping[str, Any], extra: Mapping[str, Any], index: int
) -> dict[str, Any]:
    """Return the portal's signed statement about the filing (rule 7)."""
    try:
        body = open_typed(extra["statement"], NoteType.RECEIPT, [NoteVerifier.parse(export["statement_vkey"])])
    except (CryptoError, KeyError, TypeError, AttributeError) as error:
        raise BundleError(Flaw.STATEMENT) from error
    portal, manifest = founded.genesis.portal, founded.filed
    said = (body.get("portal"), body.get("case"), body.get("manifest"), body.get("index"))
    if said != (portal, founded.case, manifest, index) or not _texts(body, "received", "deployment"):
        raise BundleError(Flaw.STATEMENT)
    return body


def _texts(body: Mapping[str, Any], *names: str) -> bool:
    return all(isinstance(body.get(name), str) for name in names)
