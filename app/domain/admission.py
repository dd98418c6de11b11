"""What the portal lets in. Trust is decided here, without storage: every rule is checked before anything is kept.

Rules
    1. The call has exactly the fields of the interface, each of its type and size.
    2. The founding text is well-formed and founds a case at this portal; the case's number is its hash.
    3. The manifest is a manifest note signed by the key in the founding text, for that case, portal and case key;
       first version, first epoch; its status hash is the call's.
    4. The roster has exactly eight different entries.
    5. The record is the one the manifest names: canonical JSON, allow-listed fields only, no identifier in its free
       texts.
    6. There is one case key, one list of originals and one file index; every mark stands once.
    7. Every part is there, has the content that its hash promises, and belongs to an object; nothing else was sent.
    8. The parts of an object add up to the hash and size in the manifest.
    9. Every object begins as an age file for hybrid recipients only: eight for the case key, one for everything else.
       What is inside cannot be checked here, and must not be.
    10. Sizes tell nothing: identities have one size, everything else is padded.

Worked example: a filer swaps two parts of a large file. Each part still has its own hash (7), but joined in the
manifest's order they do not give the object's (8): `object_hash`, and nothing is stored.
"""

import base64
import binascii
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError

from app.domain.errors import AdmissionError
from app.domain.filing.form import MAX_RECORD, Strict
from app.domain.filing.manifest import (
    KINDS,
    MAX_INLINE,
    MAX_INLINE_PART,
    MAX_PART,
    ROSTER_SIZE,
    SINGLE_KINDS,
    Manifest,
    ObjectEntry,
    read_manifest,
)
from app.domain.filing.record import free_texts_of_record, parse_record
from app.domain.paths import path_text
from app.domain.redaction import guard
from crypto.age import CHUNK_SIZE, HYBRID_ENC_SIZE, HYBRID_TYPE, NONCE_SIZE, TAG_SIZE, Header, read_header
from crypto.digest import new_sha256, sha256_hex
from crypto.errors import BadSignatureError, CryptoError, UnknownSignerError
from crypto.framing import IDENTITY_SIZE, FrameKind, padded_size
from crypto.keys import Genesis, case_id, parse_genesis
from crypto.note import MAX_NOTE_SIZE, NoteType, NoteVerifier, open_typed
from crypto.secret import SecretBytes

PartSource = Callable[[str], bytes | None]
"""Returns an uploaded part by its SHA-256 (hex), or None if it is not there."""

LOG_KEY_SIZE = 32
MAX_INLINE_PARTS = 4096


class _Call(Strict):
    """The filing call (rule 1)."""

    genesis: Annotated[str, StringConstraints(max_length=8 * 1024)]
    manifest: Annotated[str, StringConstraints(max_length=MAX_NOTE_SIZE)]
    case_log_key: Annotated[str, StringConstraints(max_length=64)]
    status_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    record: Annotated[str, StringConstraints(max_length=MAX_RECORD)]
    upload: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32,128}$")] | None
    parts: Annotated[dict[str, str], Field(max_length=MAX_INLINE_PARTS)]


@dataclass(frozen=True)
class Admitted:
    """A filing that passed every rule: what the portal stores, and nothing it would have to look at again."""

    case: str
    genesis: str
    founding: Genesis
    manifest: Manifest
    manifest_note: str
    manifest_sha256: str
    record: dict[str, Any]
    record_text: str
    case_log_key: SecretBytes
    upload: str | None
    inline: Mapping[str, bytes] = field(repr=False)

    @property
    def uploaded(self) -> frozenset[str]:
        """The parts that were put before the call."""
        named = {part for entry in self.manifest.objects for part in entry.parts}
        return frozenset(named - set(self.inline))


def admit(submission: Mapping[str, Any], part_source: PartSource, portal_name: str) -> Admitted:
    """Return a filing call that passes every rule above.

    Raises:
        AdmissionError: the first rule that is broken, with a code and the field; never what stood there.
    """
    call, log_key, inline = _read_call(submission)  # 1
    founding, case = _read_genesis(call.genesis, portal_name)  # 2
    manifest = _read_manifest(call, founding, case)  # 3
    if len(manifest.roster) != ROSTER_SIZE or len(set(manifest.roster)) != ROSTER_SIZE:  # 4
        raise AdmissionError("roster", "manifest.roster")
    record = _read_record(call.record, manifest)  # 5
    _check_objects(manifest)  # 6
    _check_parts(manifest, inline, part_source)  # 7 to 10
    return Admitted(
        case=case,
        genesis=call.genesis,
        founding=founding,
        manifest=manifest,
        manifest_note=call.manifest,
        manifest_sha256=sha256_hex(call.manifest.encode()),
        record=record,
        record_text=call.record,
        case_log_key=log_key,
        upload=call.upload,
        inline=inline,
    )


# 1.


def _read_call(submission: Mapping[str, Any]) -> tuple[_Call, SecretBytes, dict[str, bytes]]:
    try:
        call = _Call.model_validate(dict(submission))
    except ValidationError as error:
        place = path_text(error.errors(include_input=False, include_url=False)[0]["loc"][:1])
    else:
        log_key = _base64(call.case_log_key)
        if log_key is None or len(log_key) != LOG_KEY_SIZE:
            raise AdmissionError("malformed", "case_log_key")
        return call, SecretBytes(log_key), _read_inline(call.parts)
    raise AdmissionError("malformed", place)


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _read_inline(parts: Mapping[str, str]) -> dict[str, bytes]:
    inline = {}
    for name, text in parts.items():
        data = _base64(text)
        if data is None:
            raise AdmissionError("malformed", "parts")
        if len(data) > MAX_INLINE_PART:
            raise AdmissionError("inline_size", "parts")
        inline[name] = data
    if sum(map(len, inline.values())) > MAX_INLINE:
        raise AdmissionError("inline_size", "parts")
    return inline


# 2.


def _read_genesis(text: str, portal_name: str) -> tuple[Genesis, str]:
    try:
        founding = parse_genesis(text)
    except CryptoError:
        founding = None
    if founding is None:
        raise AdmissionError("genesis", "genesis")
    if founding.portal != portal_name:
        raise AdmissionError("foreign_portal", "genesis")
    return founding, case_id(text)


# 3.


def _read_manifest(call: _Call, founding: Genesis, case: str) -> Manifest:
    manifest = read_manifest(_verified_body(call.manifest, founding))
    if manifest.portal != founding.portal:
        raise AdmissionError("foreign_portal", "manifest.portal")
    if manifest.case != case:
        raise AdmissionError("case_mismatch", "manifest.case")
    if manifest.recipient != founding.case_recipient:
        raise AdmissionError("recipient_mismatch", "manifest.recipient")
    if (manifest.epoch, manifest.version, manifest.previous) != (1, 1, ""):
        raise AdmissionError("first_version", "manifest.version")
    if manifest.status != call.status_hash:
        raise AdmissionError("status_mismatch", "status_hash")
    _check_vkey(manifest.signer, f"{manifest.portal}/case", "manifest.signer")
    _check_vkey(manifest.sign_in, f"{manifest.portal}/sign-in", "manifest.sign_in")
    return manifest


def _verified_body(note: str, founding: Genesis) -> dict[str, Any]:
    try:
        verifier = NoteVerifier.parse(founding.filer_vkey)
    except CryptoError:
        verifier = None
    if verifier is None:
        raise AdmissionError("genesis", "genesis")
    return _open_manifest(note, verifier)


def _open_manifest(note: str, verifier: NoteVerifier) -> dict[str, Any]:
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


# 5.


def _read_record(text: str, manifest: Manifest) -> dict[str, Any]:
    if sha256_hex(text.encode()) != manifest.record:
        raise AdmissionError("record_hash", "record")
    record = parse_record(text)
    hits = guard.check(free_texts_of_record(record))
    if hits:
        raise AdmissionError("record_guard", hits[0].path, kind=hits[0].kind)
    return record


# 6.


def _check_objects(manifest: Manifest) -> None:
    kinds = [entry.kind for entry in manifest.objects]
    if any(kind not in KINDS for kind in kinds):
        raise AdmissionError("object_kind", "manifest.objects")
    for kind in SINGLE_KINDS:
        if kinds.count(kind) != 1:
            raise AdmissionError("objects", "manifest.objects", kind=str(kind))
    marks = {entry.record for entry in manifest.objects}
    hashes = {entry.sha256 for entry in manifest.objects}
    if len(marks) != len(kinds) or len(hashes) != len(kinds):
        raise AdmissionError("object_record", "manifest.objects")


# 7. to 10.


def _check_parts(manifest: Manifest, inline: Mapping[str, bytes], part_source: PartSource) -> None:
    names = [part for entry in manifest.objects for part in entry.parts]
    if set(inline) - set(names):
        raise AdmissionError("unused_part", "parts")
    if len(names) != len(set(names)):
        # One stored part named a thousand times would make a small call read gigabytes.
        raise AdmissionError("repeated_part", "manifest.objects")
    for entry in manifest.objects:
        _check_object(entry, _ObjectReader(entry, inline, part_source))


class _ObjectReader:
    """Reads an object's ciphertext from its parts, checking each against its hash before it is used."""

    def __init__(self, entry: ObjectEntry, inline: Mapping[str, bytes], part_source: PartSource) -> None:
        self._names = iter(entry.parts)
        self._inline = inline
        self._part_source = part_source
        self._field = f"manifest.objects.{entry.record}"
        self._rest = io.BytesIO()
        self.digest = new_sha256()
        self.size = 0

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes of the object, none at its end (rule 7)."""
        data = self._rest.read(size)
        if data:
            return data
        name = next(self._names, None)
        if name is None:
            return b""
        part = self._part(name)
        self.digest.update(part)
        self.size += len(part)
        self._rest = io.BytesIO(part)
        return self._rest.read(size)

    def _part(self, name: str) -> bytes:
        part = self._inline.get(name)
        if part is None:
            part = self._part_source(name)
        if part is None:
            raise AdmissionError("missing_part", self._field)
        if not 0 < len(part) <= MAX_PART:
            raise AdmissionError("part_size", self._field)
        if sha256_hex(part) != name:
            raise AdmissionError("part_hash", self._field)
        return part


def _check_object(entry: ObjectEntry, reader: _ObjectReader) -> None:
    place = f"manifest.objects.{entry.record}"
    header_size = _check_header(entry, reader, place)  # 9
    while reader.read(MAX_PART):
        pass
    if reader.size != entry.size or reader.digest.hexdigest() != entry.sha256:  # 8
        raise AdmissionError("object_hash", place, kind=entry.kind)
    _check_size(entry, header_size, place)  # 10


def _check_header(entry: ObjectEntry, reader: _ObjectReader, place: str) -> int:
    """Return the header's size in bytes."""
    try:
        header, _ = read_header(reader)
    except CryptoError:
        header = None
    if header is None or not _only_hybrid(header):
        raise AdmissionError("not_sealed", place, kind=entry.kind)
    wanted = ROSTER_SIZE if entry.kind == FrameKind.CASE_KEY else 1
    if len(header.stanzas) != wanted:
        raise AdmissionError("wrong_recipients", place, kind=entry.kind)
    mac_line = 1 + 43 + 1  # space, 32 bytes in base64, line feed
    return len(header.covered) + mac_line


def _only_hybrid(header: Header) -> bool:
    enc_size = -(-HYBRID_ENC_SIZE * 4 // 3)  # base64 without padding
    return all(
        stanza.type == HYBRID_TYPE
        and len(stanza.args) == 1
        and len(stanza.args[0]) == enc_size
        and len(stanza.body) == 32
        for stanza in header.stanzas
    )


def _check_size(entry: ObjectEntry, header_size: int, place: str) -> None:
    payload = entry.size - header_size - NONCE_SIZE
    chunks = -(-payload // (CHUNK_SIZE + TAG_SIZE))
    plain = payload - chunks * TAG_SIZE
    wanted = IDENTITY_SIZE if entry.kind == FrameKind.IDENTITY else padded_size(max(plain, 1))
    if plain != wanted:
        raise AdmissionError("object_size", place, kind=entry.kind)
