"""Opening a case: everything is fetched sealed, verified, opened and compared with its place here, then shown.

1. Case number and status code bring genesis, newest manifest and the sealed case key.
2. All three are verified and the case key is opened with the words (`app.client.trust`).
3. The case key signs the sign-in; the sealed pieces are fetched under that session, which is logged.
4. Each piece's hash stands in the manifest, it opens, and its head names its place.
5. Only when every piece passed is anything returned.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.client.case import CaseFile
from app.client.errors import CopyError, FolderError, NetworkError, TamperingError
from app.client.folder import make_folder, read_file, sync_folder, write_text
from app.client.portal import fetch_portal
from app.client.proofs import prove
from app.client.transport import MIB, RefusedError, Transport
from app.client.trust import (
    Listed,
    OpenedCase,
    check_chain,
    check_genesis,
    open_case_key,
    open_object,
    open_object_stream,
)
from crypto.age import Target
from crypto.digest import sha256_hex
from crypto.errors import CryptoError, KeyTextError
from crypto.framing import FrameKind
from crypto.keys import case_id, holder_keys, parse_genesis
from crypto.note import strict_base64
from crypto.secret import SecretBytes

_AT_ONCE = 4
_BATCH_COUNT = 500
_BATCH_SIZE = 16 * MIB
_NOT_FOUND = 404
_NOT_ALLOWED = 405
_IN_MEMORY = frozenset(
    {FrameKind.IDENTITY, FrameKind.STATEMENT, FrameKind.ORIGINALS, FrameKind.FILE_INDEX, FrameKind.ANSWER}
)
"""The kinds that are opened in memory; files are streamed."""
_FILE_MODE = 0o600
SEALED_FILE = "sealed.json"
_SEALED_LIMIT = 16 * MIB


@dataclass(frozen=True)
class OpenedPiece:
    """What a sealed object held: its kind and the JSON inside."""

    kind: str
    record: str
    content: dict[str, Any]


@dataclass(frozen=True)
class Contents:
    """Everything of a case that is not a file, opened."""

    pieces: tuple[OpenedPiece, ...]
    files: tuple[Listed, ...]

    def of_kind(self, kind: FrameKind) -> list[OpenedPiece]:
        """Return the pieces of a kind."""
        return [piece for piece in self.pieces if piece.kind == kind]


def recover_case(transport: Transport, number: str, root: SecretBytes, code: str | None, language: str) -> CaseFile:
    """Return what case.json would hold, for a holder who has the case number and their words, and no folder.

    The genesis certifies itself by the number. What only a kept folder can tell is lost: whether the portal serves
    the newest manifest, and whether its keys are those of the day of filing. `code` is the status code, which the
    filer's words give and another holder's do not.

    Raises:
        NetworkError, TamperingError.
    """
    try:
        served = str(transport.get_json(f"/api/v1/cases/{number}/genesis").get("genesis"))
    except RefusedError as error:
        raise _not_found(error) from error
    keys = fetch_portal(transport)
    try:
        genesis = parse_genesis(served)
    except KeyTextError as error:
        raise TamperingError("genesis") from error
    if case_id(served) != number:
        raise TamperingError("genesis")
    return CaseFile(
        state="filed",
        portal=genesis.portal,
        url=transport.address,
        case=number,
        status_code=code or holder_keys(root, genesis.portal, genesis.nonce).status_code,
        log_origin=keys.log_origin,
        log_vkey=keys.log_vkey,
        statement_vkey=keys.statement_vkey,
        genesis=served,
        manifest_sha256="",
        manifest_version=0,
        entry_index=None,
        language=language,
    )


def open_case(transport: Transport, case: CaseFile, root: SecretBytes) -> OpenedCase:
    """Return the case with its key opened (steps 1 and 2).

    Raises:
        NetworkError, TamperingError, WordsError.
    """
    try:
        return open_answer(case, fetch_sealed(transport, case), root)
    except (KeyError, TypeError, ValueError) as error:
        raise NetworkError("answer", host=transport.host) from error


def fetch_sealed(transport: Transport, case: CaseFile) -> dict[str, Any]:
    """Return genesis, manifests and sealed case key as the portal answers them (step 1)."""
    try:
        return transport.post(f"/api/v1/cases/{case.case}/key", {"code": case.status_code}, repeatable=True)
    except RefusedError as error:
        raise _not_found(error) from error


def open_answer(case: CaseFile, answer: Mapping[str, Any], root: SecretBytes) -> OpenedCase:
    """Return the case of an answer (step 2); raises KeyError, TypeError or ValueError where it has another form."""
    genesis, notes, sealed = answer["genesis"], served_notes(answer), strict_base64(answer["case_key"])
    founded = check_genesis(case, genesis)
    return open_case_key(case, founded, check_chain(case, founded, notes), sealed, root)


def keep_sealed(folder: Path, answer: Mapping[str, Any]) -> None:
    """Keep the sealed case key with what proves it, so that a copy of the log can be searched without the portal."""
    wanted = ("genesis", "manifest", "manifests", "case_key")
    write_text(folder / SEALED_FILE, json.dumps({name: answer[name] for name in wanted}) + "\n")


def open_kept(folder: Path, case: CaseFile, root: SecretBytes) -> OpenedCase:
    """Return the case from what `keep_sealed` kept. Raises CopyError where there is none."""
    try:
        return open_answer(case, json.loads(read_file(folder / SEALED_FILE, _SEALED_LIMIT)), root)
    except (FolderError, KeyError, TypeError, ValueError) as error:
        raise CopyError("sealed", path=str(folder)) from error


def served_notes(answer: Mapping[str, Any]) -> list[str]:
    """Return the manifest notes of an answer; raises KeyError, TypeError or ValueError where they have another form."""
    notes = answer["manifests"]
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise TypeError("manifests are a list of notes")
    if notes[-1:] != [answer["manifest"]]:
        raise ValueError("the newest manifest is the last one")
    return notes


def _not_found(error: RefusedError) -> NetworkError:
    return NetworkError("case_not_found") if error.status == _NOT_FOUND else error


def fetch_contents(transport: Transport, opened: OpenedCase) -> Contents:
    """Return everything but the files, for a holder who is signed in (steps 3 to 5)."""
    check_overview(transport, opened)
    wanted = [item for item in opened.manifest.objects if item.kind in _IN_MEMORY]
    pieces = tuple(_open(opened, item, data) for batch in batches(wanted) for item, data in fetch(transport, batch))
    return Contents(pieces, opened.manifest.of_kind(FrameKind.FILE))


def check_overview(transport: Transport, opened: OpenedCase) -> list[str]:
    """Check that the case's own page, behind the sign-in, speaks of the same case as what came before it.

    Return its manifest notes, which are those that were verified. Raises `TamperingError`.
    """
    overview = transport.get_json("/api/v1/case")
    if overview.get("genesis") != opened.case.genesis:
        raise TamperingError("genesis")
    try:
        notes = served_notes(overview)
    except (KeyError, TypeError, ValueError) as error:
        raise TamperingError("manifest_other") from error
    hashes = [sha256_hex(note.encode("utf-8", "replace")) for note in notes]
    if hashes != [manifest.sha256 for manifest in opened.chain]:
        raise TamperingError("manifest_other")
    _check_access(opened, overview.get("entry"))
    return notes


def _check_access(opened: OpenedCase, entry: Any) -> None:
    """Check that this very access stands in the log, as its answer must prove (law L4)."""
    try:
        proved = prove(opened.case, entry["proof"], strict_base64(entry["leaf"]), entry["opening"])
    except (CryptoError, ValueError, KeyError, TypeError) as error:
        raise TamperingError("access_unproved") from error
    if (proved.fields.get("kind"), proved.fields.get("case")) != ("case_opened", opened.case.case):
        raise TamperingError("access_unproved")


def batches(wanted: Sequence[Listed]) -> Iterator[list[Listed]]:
    """Yield runs of objects that are fetched in one call."""
    batch: list[Listed] = []
    size = 0
    for item in wanted:
        if batch and (len(batch) == _BATCH_COUNT or size + item.size > _BATCH_SIZE):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += item.size
    if batch:
        yield batch


def fetch(transport: Transport, batch: Sequence[Listed]) -> Iterator[tuple[Listed, bytes]]:
    """Yield objects with the ciphertexts served for them; a portal without the common call is asked for each.

    A thousand identities one by one are a thousand round trips: most of what opening them would take.
    """
    try:
        call = {"objects": [item.sha256 for item in batch]}
        joined = transport.post_for_bytes("/api/v1/case/objects", call, sum(item.size for item in batch))
    except RefusedError as error:
        if error.status not in {_NOT_FOUND, _NOT_ALLOWED}:
            raise
        yield from _fetch_each(transport, batch)
        return
    start = 0
    for item in batch:
        yield item, joined[start : start + item.size]
        start += item.size


def _fetch_each(transport: Transport, batch: Sequence[Listed]) -> Iterator[tuple[Listed, bytes]]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from zip(batch, pool.map(lambda item: _fetch_one(transport, item), batch), strict=True)


def _fetch_one(transport: Transport, listed: Listed) -> bytes:
    try:
        return transport.get(f"/api/v1/case/objects/{listed.sha256}", listed.size)
    except RefusedError as error:
        raise TamperingError("object_missing", kind=listed.kind) from error


def _open(opened: OpenedCase, listed: Listed, sealed: bytes) -> OpenedPiece:
    try:
        content = json.loads(open_object(opened, listed, sealed))
    except (ValueError, RecursionError) as error:
        raise TamperingError("object", kind=listed.kind) from error
    if not isinstance(content, dict):
        raise TamperingError("object", kind=listed.kind)
    return OpenedPiece(listed.kind, listed.record, content)


def save_files(
    transport: Transport, opened: OpenedCase, files: Sequence[tuple[Listed, str]], folder: Path
) -> Iterator[Path]:
    """Write the original evidence files into a folder, one after the other, and yield their paths.

    `files` pairs each object with its name. A file has its name only once it is whole and verified; nothing that is
    there already is written over.
    """
    make_folder(folder)
    for listed, name in files:
        path = folder / name
        if path.exists():
            raise FolderError("exists", path=str(path))
        partial = folder / f".{listed.record}.part"
        try:
            _save(transport, opened, listed, partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        sync_folder(folder)
        yield path


def _save(transport: Transport, opened: OpenedCase, listed: Listed, partial: Path) -> None:
    partial.touch(mode=_FILE_MODE)
    with partial.open("wb") as file:
        stream_object(transport, opened, listed, file)


def stream_object(transport: Transport, opened: OpenedCase, listed: Listed, target: Target) -> None:
    """Write what a large sealed object holds; it counts only when this returns. Raises `TamperingError`."""
    try:
        with transport.stream(f"/api/v1/case/objects/{listed.sha256}", listed.size) as pieces:
            open_object_stream(opened, listed, pieces, target)
    except RefusedError as error:
        raise TamperingError("object_missing", kind=listed.kind) from error


def safe_name(name: str, record: str) -> str:
    """Return a file name that stays in its folder, whatever the sealed index says."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in last if character.isprintable() and character not in '<>:"|?*').strip(
        ". "
    )
    return kept[:120] or record
