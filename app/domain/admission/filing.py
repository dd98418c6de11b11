"""Letting in a first filing (rules 1 to 10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import StringConstraints

from app.domain.admission.calls import Note, Parts, RecordText, Upload, decoded, read_call, read_inline
from app.domain.admission.copies import (
    AdmittedCopy,
    CopyCalls,
    Look,
    admit_copies,
    check_index,
    look_here,
    parts_of,
)
from app.domain.admission.notes import check_keys, open_manifest
from app.domain.admission.objects import PartSource, check_objects, check_parts, check_roster
from app.domain.admission.records import admit_record
from app.domain.errors import AdmissionError
from app.domain.filing.form import Strict
from app.domain.filing.manifest import Copied, Manifest
from crypto.digest import sha256_hex
from crypto.errors import CryptoError
from crypto.keys import Genesis, case_id, parse_genesis
from crypto.secret import SecretBytes

LOG_KEY_SIZE = 32


class _Call(Strict):
    """The filing call (rule 1)."""

    genesis: Annotated[str, StringConstraints(max_length=8 * 1024)]
    manifest: Note
    case_log_key: Annotated[str, StringConstraints(max_length=64)]
    status_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    record: RecordText
    upload: Upload
    parts: Parts
    copies: CopyCalls


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
    copies: tuple[AdmittedCopy, ...] = ()

    @property
    def uploaded(self) -> frozenset[str]:
        """The parts that were put before the call."""
        named = {part for entry in self.manifest.objects for part in entry.parts}
        return frozenset(named - set(self.inline))


def admit(submission: Mapping[str, Any], part_source: PartSource, portal_name: str, look: Look = look_here) -> Admitted:
    """Return a filing call that passes every rule of a filing; `look` looks at pages of copies.

    Raises:
        AdmissionError: the first rule that is broken, with a code and the field; never what stood there.
    """
    call = read_call(_Call, submission)  # 1
    log_key, inline = _read_log_key(call.case_log_key), read_inline(call.parts)
    founding, case = _read_genesis(call.genesis, portal_name)  # 2
    manifest = _read_manifest(call, founding, case)  # 3
    check_roster(manifest)  # 4
    record = admit_record(call.record, manifest.record)  # 5
    check_objects(manifest)  # 6
    check_index(record, _of_the_petition(manifest))  # 17
    copies = admit_copies(call.copies, manifest, (), inline, part_source, look)  # 16, 18
    inline = {name: data for name, data in inline.items() if name not in parts_of(call.copies)}
    check_parts(manifest, manifest.objects, inline, part_source)  # 7 to 10
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
        copies=copies,
    )


# 17.


def _of_the_petition(manifest: Manifest) -> list[Copied]:
    """Return the copies of a first version. Raises AdmissionError: one is of an answer, which it cannot have."""
    if any(entry.question is not None for entry in manifest.copies):
        raise AdmissionError("copies", "manifest.copies")
    return manifest.copies


# 1.


def _read_log_key(text: str) -> SecretBytes:
    log_key = decoded(text)
    if log_key is None or len(log_key) != LOG_KEY_SIZE:
        raise AdmissionError("malformed", "case_log_key")
    return SecretBytes(log_key)


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
    manifest = open_manifest(call.manifest, founding.filer_vkey)
    if manifest.portal != founding.portal:
        raise AdmissionError("foreign_portal", "manifest.portal")
    if manifest.case != case:
        raise AdmissionError("case_mismatch", "manifest.case")
    if manifest.recipient != founding.case_recipient:
        raise AdmissionError("recipient_mismatch", "manifest.recipient")
    if (manifest.epoch, manifest.version, manifest.previous) != (1, 1, "") or manifest.answers or manifest.destroys:
        raise AdmissionError("first_version", "manifest.version")
    if manifest.status != call.status_hash:
        raise AdmissionError("status_mismatch", "status_hash")
    check_keys(manifest)
    return manifest
