"""Filing a sealed petition so that no crash, lost answer or second try loses it or files it twice (law L7).

    1. The words are on disk before anything is sealed with them.
    2. The sealed petition (ciphertext, signed manifest, redacted record) is written to the case folder, whole.
    3. case.json is written with the state *pending*. Until here nothing was sent.
    4. Larger parts are uploaded, each under its hash, then the filing call is made. Saying either twice is harmless:
       the same manifest brings the same receipt.
    5. The receipt is verified and kept, case.json becomes *filed*, and the sealed copy is deleted.

Whoever runs the same command again after a break gets to step 4 with the very same bytes.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from app.client.case import CASE_FILE, RECEIPT_FILE, CaseFile, holds_case
from app.client.errors import FolderError, NetworkError, TamperingError
from app.client.folder import make_folder, read_file, sync_folder, write_part, write_text
from app.client.portal import PortalKeys
from app.client.receipt import Receipt, check_receipt
from app.client.transport import MIB, RefusedError, Transport
from app.client.uploading import Progress, upload_parts
from app.domain.filing import FileSource, Preparation, Settled, build, seal
from app.domain.paths import path_text
from app.domain.petition.model import Petition
from crypto.digest import sha256_hex
from crypto.log.submission import own_signatures
from crypto.note import strict_base64
from crypto.secret import Random, SecretBytes

PENDING_FILE = "pending.json"
PENDING_FOLDER = "pending"
_FORMAT = "resguardo/pending/v1"
_PENDING_LIMIT = 64 * MIB
_SALT_SIZE = 16
_DEFINITE = frozenset({400, 413, 422})
"""Answers that say: this petition, as it is, will not be taken; nothing of it was stored."""


class DiskFile:
    """An evidence file on this machine; closed when it was read to its end."""

    def __init__(self, path: Path) -> None:
        """Raises `FolderError` when the file is not there or cannot be read."""
        try:
            with path.open("rb"):
                self.size = path.stat().st_size
        except OSError as error:
            raise FolderError("cannot_read", path=str(path), reason=error.strerror or "I/O") from error
        self.name = path.name
        self._path = path

    def open(self) -> "_ClosingReader":
        """Return the content from its beginning."""
        return _ClosingReader(self._path.open("rb"))


class _ClosingReader:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        data = b"" if self._file.closed else self._file.read(size)
        if not data:
            self._file.close()
        return data


def evidence_files(petition: Petition, beside: Path) -> dict[str, FileSource]:
    """Return the files that a petition names, by the path of their entry; relative ones stand beside the petition.

    Raises:
        FolderError: one of them cannot be read.
    """
    named = ((place, item.file) for place, item in enumerate(petition.evidence) if item.file)
    return {path_text(("evidence", place)): DiskFile(beside / file) for place, file in named}


@dataclass(frozen=True)
class Pending:
    """A sealed petition that waits in its folder; `uploads` are hashes of the parts beside it."""

    submission: Mapping[str, Any] = field(repr=False)
    uploads: tuple[str, ...]
    salt: bytes
    petition_hash: str

    @property
    def case_log_key(self) -> SecretBytes:
        """The key of the case's tags, which the portal gets as well."""
        return SecretBytes(strict_base64(self.submission["case_log_key"]))

    def is_of(self, petition: bytes) -> bool:
        """Say whether this is what was sealed from a petition file."""
        return sha256_hex(self.salt, petition) == self.petition_hash

    def save(self, folder: Path) -> None:
        """Write the sealed petition, whole or not at all."""
        body = {
            "format": _FORMAT,
            "submission": self.submission,
            "uploads": self.uploads,
            "salt": self.salt.hex(),
            "petition": self.petition_hash,
        }
        write_text(folder / PENDING_FILE, json.dumps(body))

    @classmethod
    def load(cls, folder: Path) -> "Pending":
        """Read it back; raises `FolderError` when it is damaged."""
        try:
            body = json.loads(read_file(folder / PENDING_FILE, _PENDING_LIMIT))
            if body["format"] != _FORMAT or not isinstance(body["submission"]["case_log_key"], str):
                raise ValueError("another form")
            return cls(body["submission"], tuple(body["uploads"]), bytes.fromhex(body["salt"]), body["petition"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise FolderError("pending_unreadable", path=str(folder)) from error


def existing(folder: Path) -> CaseFile | None:
    """Return the case that a folder holds if it still waits for its receipt.

    Raises:
        FolderError: it holds a case that was filed already.
    """
    if not holds_case(folder):
        return None
    case = CaseFile.load(folder)
    if case.state == "filed":
        raise FolderError("folder_used", path=str(folder))
    return case


def seal_into(
    folder: Path,
    *,
    keys: PortalKeys,
    url: str,
    prepared: Preparation,
    settled: Settled,
    files: Mapping[str, FileSource],
    petition: bytes,
    language: str,
    random: Random,
) -> tuple[CaseFile, Pending]:
    """Seal a settled petition into its case folder (steps 2 and 3); nothing is sent.

    Raises:
        FilingError: something does not fit, or an evidence file changed while it was read.
    """
    parts = folder / PENDING_FOLDER
    discard(folder)
    make_folder(parts)
    # 2.
    sealed = seal(prepared, settled, files, lambda name, data: write_part(parts / name, data), random)
    sync_folder(parts)
    submission = build(prepared, settled, sealed)
    salt = random(_SALT_SIZE)
    pending = Pending(submission.body(), sealed.uploaded, salt, sha256_hex(salt, petition))
    pending.save(folder)
    # 3.
    case = _case(keys, url, prepared, submission.manifest_sha256, language)
    case.save(folder)
    return case, pending


def _case(keys: PortalKeys, url: str, prepared: Preparation, manifest_sha256: str, language: str) -> CaseFile:
    return CaseFile(
        state="pending",
        portal=keys.name,
        url=url,
        case=prepared.case,
        status_code=prepared.status_code,
        log_origin=keys.log_origin,
        log_vkey=keys.log_vkey,
        statement_vkey=keys.statement_vkey,
        genesis=prepared.genesis,
        manifest_sha256=manifest_sha256,
        manifest_version=1,
        entry_index=None,
        language=language,
    )


def send(
    transport: Transport, folder: Path, case: CaseFile, pending: Pending, progress: Progress
) -> tuple[CaseFile, Receipt]:
    """Send a sealed petition and return the case with its verified receipt (steps 4 and 5).

    Raises:
        NetworkError: it was not confirmed; the folder keeps everything, unless the portal refused it for good.
        TamperingError: the receipt does not verify; it is kept.
    """
    try:
        # 4.
        upload_parts(transport, folder / PENDING_FOLDER, pending.submission["upload"], pending.uploads, progress)
        answer = transport.post("/api/v1/petitions", pending.submission, repeatable=True)
    except RefusedError as error:
        if error.status in _DEFINITE:
            discard(folder)
        raise
    # 5.
    return _confirm(folder, case, pending, answer)


def _confirm(folder: Path, case: CaseFile, pending: Pending, answer: Mapping[str, Any]) -> tuple[CaseFile, Receipt]:
    path = folder / RECEIPT_FILE
    text = answer.get("receipt")
    if not isinstance(text, str):
        raise NetworkError("interrupted", path=str(folder))
    write_text(path, text)
    receipt = check_receipt(case, case.manifest_sha256, pending.case_log_key, text, str(path))
    if answer.get("case") != case.case or answer.get("entry_index") != receipt.entry.index:
        raise TamperingError("receipt", what="answer", path=str(path))
    known = own_signatures(receipt.entry.proof.checkpoint, case.log_origin)
    filed = replace(case.filed(receipt.entry.index), known=known)
    filed.save(folder)
    _remove_sealed(folder)
    return filed, receipt


def discard(folder: Path) -> None:
    """Remove what is left of a filing of which nothing was accepted; words stay."""
    (folder / CASE_FILE).unlink(missing_ok=True)
    _remove_sealed(folder)


def _remove_sealed(folder: Path) -> None:
    (folder / PENDING_FILE).unlink(missing_ok=True)
    shutil.rmtree(folder / PENDING_FOLDER, ignore_errors=True)
