"""Manifest notes: who signed one, and whether what it names has the form of what it should be."""

import json
from typing import Any

from app.domain.errors import AdmissionError
from app.domain.filing.manifest import Manifest, read_manifest
from crypto.errors import BadSignatureError, CryptoError, UnknownSignerError
from crypto.note import NoteType, NoteVerifier, open_typed


def open_manifest(note: str, vkey: str) -> Manifest:
    """Return the manifest that a key signed. Raises AdmissionError."""
    try:
        verifier = NoteVerifier.parse(vkey)
    except CryptoError:
        verifier = None
    if verifier is None:
        raise AdmissionError("genesis", "genesis")
    return read_manifest(_opened(note, verifier))


def stored_manifest(note: str) -> Manifest:
    """Return the manifest of a note that was admitted before, whose signature was checked then."""
    return read_manifest(json.loads(note.split("\n")[1]))


def check_keys(manifest: Manifest) -> None:
    """Check that the keys of a manifest are the portal's case's. Raises AdmissionError."""
    _check_vkey(manifest.signer, f"{manifest.portal}/case", "manifest.signer")
    _check_vkey(manifest.sign_in, f"{manifest.portal}/sign-in", "manifest.sign_in")


def _opened(note: str, verifier: NoteVerifier) -> dict[str, Any]:
    try:
        return open_typed(note, NoteType.MANIFEST, [verifier])
    except (BadSignatureError, UnknownSignerError):
        code = "manifest_signature"
    except CryptoError:
        code = "manifest_form"
    raise AdmissionError(code, "manifest")


def _check_vkey(text: str, name: str, place: str) -> None:
    try:
        fits = NoteVerifier.parse(text).name == name
    except CryptoError:
        fits = False
    if not fits:
        raise AdmissionError("manifest_field", place)
