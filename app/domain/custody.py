"""How ciphertexts come into custody in parts, and how one is put together again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.domain.admission import PartSource
from app.domain.admission.copies import AdmittedCopy
from app.domain.entities import CaseId, RecordPlace, SealedObject
from app.domain.errors import ServiceError
from app.domain.filing.manifest import ObjectEntry
from app.domain.ports import Blobs, Portal, RecordKey, Unit, View
from crypto.digest import sha256_hex

WAITING_LIMIT = 8 * 1024 * 1024 * 1024
"""Bytes of all uploads that wait for their filing, so that nobody fills the disk with ciphertext of nothing."""


def put_part(portal: Portal, upload: str, sha256: str, data: bytes, *, upload_limit: int) -> None:
    """Store a part of an upload durably under its hash; the same part again changes nothing.

    The caller has checked that `sha256` is the hash of `data`; `upload_limit` in bytes. Raises ServiceError:
    upload_quota, upload_space, storage_full.
    """
    upload_hash = sha256_hex(upload.encode())
    _check_quota(portal, upload_hash, len(data), upload_limit)
    portal.blobs.put(sha256, data)

    def note(unit: Unit) -> None:
        unit.parts.start_upload(upload_hash, portal.clock())
        unit.parts.add_upload_part(upload_hash, sha256, len(data))

    portal.ledger.write(note)


def part_source(portal: Portal, upload: object) -> PartSource:
    """Return a reader of the parts that this upload brought, and of no others."""
    upload_hash = sha256_hex(str(upload).encode())

    def source(sha256: str) -> bytes | None:
        with portal.ledger.view() as view:
            if not view.parts.upload_has(upload_hash, sha256):
                return None
        return portal.blobs.get(sha256)

    return source


class Brought(Protocol):
    """An admitted call, as far as its parts go: those inside it, and those of its upload."""

    @property
    def inline(self) -> Mapping[str, bytes]: ...  # said above
    @property
    def uploaded(self) -> frozenset[str]: ...  # said above
    @property
    def upload(self) -> str | None: ...  # said above


def store_objects(unit: Unit, case: CaseId, objects: Iterable[ObjectEntry], call: Brought) -> None:
    """Write the rows of the objects that a call brings and of their parts; its upload ends. Raises ServiceError."""
    upload_hash = sha256_hex(str(call.upload).encode())
    unit.parts.add_inline(call.inline)
    unit.parts.add_stored({part: _uploaded_size(unit, upload_hash, part) for part in call.uploaded})
    rows = [SealedObject(case, one.sha256, one.kind, one.record, one.size, tuple(one.parts)) for one in objects]
    if rows:
        unit.cases.add_objects(rows)
    if call.upload is not None:
        unit.parts.end_upload(upload_hash)


@dataclass(frozen=True)
class StoredCopy:
    """A copy of evidence under the key of its own version: its head and its pages, encrypted."""

    key: RecordKey
    sha256: str
    head: bytes = field(repr=False)
    pages: tuple[bytes, ...] = field(repr=False)


def seal_copies(portal: Portal, case: CaseId, version: int, copies: Iterable[AdmittedCopy]) -> tuple[StoredCopy, ...]:
    """Return admitted copies as they are stored."""
    return tuple(_stored(portal, RecordPlace(case, copy.name, version), copy) for copy in copies)


def _stored(portal: Portal, place: RecordPlace, copy: AdmittedCopy) -> StoredCopy:
    key, vault = portal.vault.new_record_key(place), portal.vault
    head = vault.seal_record(key, copy.record_text.encode())
    pages = tuple(vault.seal_page(key, number, page) for number, page in enumerate(copy.pages, start=1))
    return StoredCopy(key, copy.sha256, head, pages)


def store_copies(unit: Unit, copies: Iterable[StoredCopy]) -> None:
    """Write the rows of copies and keep their keys."""
    for copy in copies:
        unit.keep_keys(copy.key.wrapped)
        unit.cases.add_record(copy.key.place, copy.sha256, copy.head)
        unit.cases.add_pages(copy.key.place, copy.pages)


def _uploaded_size(unit: Unit, upload_hash: str, part: str) -> int:
    size = unit.parts.upload_part_size(upload_hash, part)
    if size is None:
        raise ServiceError("upload_unknown")  # reaped between the check and now
    return size


def drop_upload(portal: Portal, upload: str) -> None:
    """Forget an upload that will not be filed; what lies beside the database is swept later."""
    upload_hash = sha256_hex(upload.encode())
    portal.ledger.write(lambda unit: unit.parts.end_upload(upload_hash))


def _check_quota(portal: Portal, upload_hash: str, size: int, upload_limit: int) -> None:
    with portal.ledger.view() as view:
        held = view.parts.upload_bytes(upload_hash) or 0
        waiting = view.parts.open_upload_bytes()
    if held + size > upload_limit:
        raise ServiceError("upload_quota", limit=upload_limit // 2**20)
    if waiting + size > WAITING_LIMIT:
        raise ServiceError("upload_space")


def read_part(blobs: Blobs, view: View, part: str) -> bytes:
    """Return one part, from its row or from beside the database."""
    inline = view.parts.inline(part)
    return blobs.get(part) if inline is None else inline


def read_parts(blobs: Blobs, view: View, sealed: SealedObject) -> Iterator[bytes]:
    """Yield a ciphertext's parts in order, at most 4 MiB each."""
    for part in sealed.parts:
        yield read_part(blobs, view, part)
