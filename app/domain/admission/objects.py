"""Sealed objects: which there must be, and whether their parts are what the manifest promises (rules 6 to 10)."""

import io
from collections.abc import Callable, Collection, Iterable, Mapping

from app.domain.errors import AdmissionError
from app.domain.filing.manifest import KINDS, MAX_PART, ROSTER_SIZE, SINGLE_KINDS, Manifest, ObjectEntry
from crypto.age import CHUNK_SIZE, HYBRID_ENC_SIZE, HYBRID_TYPE, NONCE_SIZE, TAG_SIZE, Header, read_header
from crypto.digest import new_sha256, sha256_hex
from crypto.errors import CryptoError
from crypto.framing import IDENTITY_SIZE, FrameKind, padded_size

PartSource = Callable[[str], bytes | None]
"""Returns an uploaded part by its SHA-256 (hex), or None if it is not there."""


def check_roster(manifest: Manifest) -> None:
    """Check that there are eight different holders' commitments (rule 4). Raises AdmissionError."""
    if len(manifest.roster) != ROSTER_SIZE or len(set(manifest.roster)) != ROSTER_SIZE:
        raise AdmissionError("roster", "manifest.roster")


def check_objects(manifest: Manifest, known: Collection[str] = KINDS) -> None:
    """Check which objects a manifest names (rule 6); `known` are the kinds it may. Raises AdmissionError."""
    kinds = [entry.kind for entry in manifest.objects]
    if any(kind not in known for kind in kinds):
        raise AdmissionError("object_kind", "manifest.objects")
    for kind in SINGLE_KINDS:
        if kinds.count(kind) != 1:
            raise AdmissionError("objects", "manifest.objects", kind=str(kind))
    marks = {entry.record for entry in manifest.objects}
    hashes = {entry.sha256 for entry in manifest.objects}
    if len(marks) != len(kinds) or len(hashes) != len(kinds):
        raise AdmissionError("object_record", "manifest.objects")


def check_parts(
    manifest: Manifest, brought: Iterable[ObjectEntry], inline: Mapping[str, bytes], part_source: PartSource
) -> None:
    """Check the objects that a call brings, part by part (rules 7 to 10). Raises AdmissionError."""
    brought = tuple(brought)
    if set(inline) - {part for entry in brought for part in entry.parts}:
        raise AdmissionError("unused_part", "parts")
    names = [part for entry in manifest.objects for part in entry.parts]
    if len(names) != len(set(names)):
        # One stored part named a thousand times would make a small call read gigabytes.
        raise AdmissionError("repeated_part", "manifest.objects")
    for entry in brought:
        _check_object(entry, ObjectReader(entry, inline, part_source))


class ObjectReader:
    """Reads an object's ciphertext from its parts, checking each against its hash before it is used."""

    def __init__(self, entry: ObjectEntry, inline: Mapping[str, bytes], part_source: PartSource) -> None:
        self._names = iter(entry.parts)
        self._inline = inline
        self._part_source = part_source
        self._field = f"manifest.objects.{entry.record}"
        self._rest = io.BytesIO()
        self._digest = new_sha256() if len(entry.parts) > 1 else None
        self._name = entry.parts[0]
        self.size = 0

    @property
    def sha256(self) -> str:
        """Return the hash of what was read so far; a single part's is its name, against which it was checked."""
        return self._name if self._digest is None else self._digest.hexdigest()

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes of the object, none at its end (rule 7)."""
        data = self._rest.read(size)
        if data:
            return data
        name = next(self._names, None)
        if name is None:
            return b""
        part = self._part(name)
        if self._digest is not None:
            self._digest.update(part)
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


def _check_object(entry: ObjectEntry, reader: ObjectReader) -> None:
    place = f"manifest.objects.{entry.record}"
    header_size = _check_header(entry, reader, place)  # 9
    while reader.read(MAX_PART):
        pass
    if reader.size != entry.size or reader.sha256 != entry.sha256:  # 8
        raise AdmissionError("object_hash", place, kind=entry.kind)
    _check_size(entry, header_size, place)  # 10


def _check_header(entry: ObjectEntry, reader: ObjectReader, place: str) -> int:
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
