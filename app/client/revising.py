"""Sending a next version so that no crash, lost answer or second try loses it or sends it twice (law L7).

    1. The sealed version (ciphertext, signed manifest, redacted record) is written to the case folder, whole:
       revision.json and the folder revision. Until here nothing was sent.
    2. The holder signs in; larger parts are uploaded, each under its hash, then the call is made. Saying either twice
       is harmless: the same manifest brings the same receipt.
    3. The receipt is verified and kept; case.json gets version, hash and, with a new one, the status code; the sealed
       copy is deleted.

Whoever runs a command about the case again after a break first gets to step 2 with the very same bytes. Where somebody
else was faster, nothing of ours was stored: the sealed copy is deleted, and the change is made again from what is the
newest version then.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from app.client.case import CaseFile
from app.client.errors import ClientError, FolderError, NetworkError
from app.client.folder import make_folder, read_file, sync_folder, write_part, write_text
from app.client.opening import Contents, open_case
from app.client.receipt import Receipt, check_revision_receipt
from app.client.signin import Clock, signed_in
from app.client.transport import MIB, RefusedError, Transport
from app.client.trust import OpenedCase
from app.client.uploading import Progress, upload_parts
from app.domain.filing.parts import PartSink
from app.domain.filing.preparation import RosterEntry
from app.domain.filing.revising import Known, Piece, Revision
from app.domain.filing.sealing import CaseKey
from app.i18n import N_
from crypto.age import HybridRecipient
from crypto.digest import sha256_hex
from crypto.framing import FrameKind
from crypto.secret import SecretBytes

REVISION_FILE = "revision.json"
REVISION_FOLDER = "revision"
RECEIPTS_FOLDER = "receipts"
_FORMAT = "resguardo/revision/v1"
_LIMIT = 64 * MIB
_BEHIND = "revision_behind"
_DEFINITE = frozenset({400, 409, 413, 422})


class RevisionError(ClientError):
    """A next version that was not taken; nothing was lost."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "behind": N_(
            "Somebody else changed this case meanwhile. Nothing of yours was stored. Run the command again: it begins "
            "from the newest version."
        ),
        "no_petition": N_("Give the corrected petition, or --add with a file of what is new, or --slip."),
        "holder_number": N_("There is no holder with this number: see “resguardo holders list”."),
        "holder_own": N_("These are your own words. To change them: “resguardo holders words”."),
        "nothing_new": N_("Nothing would change. Nothing was sent."),
        "unsent": N_(
            "A change of this case was sealed and the portal has not confirmed it yet. It is kept in {path}. Run "
            "“resguardo supplement” or “resguardo holders” again with the same words: it is sent again."
        ),
    }


@dataclass(frozen=True)
class PendingRevision:
    """A sealed version that waits in its folder; `code` is the status code from then on, if it is a new one."""

    call: Mapping[str, Any] = field(repr=False)
    uploads: tuple[str, ...]
    version: int
    code: str | None

    @property
    def sha256(self) -> str:
        """The hash of the manifest note, by which the portal knows it again."""
        return sha256_hex(str(self.call["manifest"]).encode())

    def save(self, folder: Path) -> None:
        """Write the sealed version, whole or not at all."""
        body = {
            "format": _FORMAT,
            "call": self.call,
            "uploads": self.uploads,
            "version": self.version,
            "code": self.code,
        }
        write_text(folder / REVISION_FILE, json.dumps(body))

    @classmethod
    def load(cls, folder: Path) -> "PendingRevision | None":
        """Read it back, None if there is none; raises `FolderError` when it is damaged."""
        if not (folder / REVISION_FILE).exists():
            return None
        try:
            body = json.loads(read_file(folder / REVISION_FILE, _LIMIT))
            if body["format"] != _FORMAT or not isinstance(body["call"]["manifest"], str):
                raise ValueError("another form")
            return cls(body["call"], tuple(body["uploads"]), int(body["version"]), body["code"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise FolderError("pending_unreadable", path=str(folder)) from error


def sink_of(folder: Path) -> PartSink:
    """Return where the larger sealed parts of a version go while it is made; what an earlier try left is removed."""
    discard(folder)
    parts = folder / REVISION_FOLDER
    make_folder(parts)
    return lambda name, data: write_part(parts / name, data)


def keep(folder: Path, revision: Revision, opened: OpenedCase, code: str | None = None) -> PendingRevision:
    """Make a sealed version durable before anything of it is sent (step 1)."""
    sync_folder(folder / REVISION_FOLDER)
    version = opened.manifest.version + 1
    pending = PendingRevision(revision.body(), revision.uploaded, version, code)
    pending.save(folder)
    return pending


def send(
    transport: Transport, opened: OpenedCase, folder: Path, pending: PendingRevision, clock: Clock, progress: Progress
) -> tuple[CaseFile, Receipt]:
    """Send a sealed version and return the case with its verified receipt (steps 2 and 3).

    Raises:
        RevisionError: behind, where somebody else was faster.
        NetworkError: it was not confirmed; the folder keeps everything, unless the portal refused it for good.
        TamperingError: the receipt does not verify; it is kept.
    """
    with signed_in(transport, opened, clock):
        return exchange(transport, opened, folder, pending, progress)


def exchange(
    transport: Transport, opened: OpenedCase, folder: Path, pending: PendingRevision, progress: Progress
) -> tuple[CaseFile, Receipt]:
    """Send as `send` does, for somebody who has signed in."""
    try:
        # 2.
        upload_parts(transport, folder / REVISION_FOLDER, pending.call["upload"], pending.uploads, progress)
        answer = transport.post("/api/v1/case/revisions", pending.call, repeatable=True)
    except RefusedError as error:
        if error.status in _DEFINITE:
            discard(folder)
        if error.problem == _BEHIND:
            raise RevisionError("behind") from error
        raise
    # 3.
    return _confirm(opened, folder, pending, answer)


def _confirm(
    opened: OpenedCase, folder: Path, pending: PendingRevision, answer: Mapping[str, Any]
) -> tuple[CaseFile, Receipt]:
    text = answer.get("receipt")
    if not isinstance(text, str):
        raise NetworkError("interrupted", path=str(folder))
    make_folder(folder / RECEIPTS_FOLDER)
    path = folder / RECEIPTS_FOLDER / f"{pending.version}.tlog-proof"
    write_text(path, text)
    receipt = check_revision_receipt(opened.case, pending.sha256, opened.case_log_key, text, str(path))
    case = opened.case.seen(pending.version, pending.sha256)
    if pending.code is not None:
        case = replace(case, status_code=pending.code)
    case.save(folder)
    discard(folder)
    return case, receipt


def discard(folder: Path) -> None:
    """Remove a sealed version that was taken, or never will be."""
    (folder / REVISION_FILE).unlink(missing_ok=True)
    shutil.rmtree(folder / REVISION_FOLDER, ignore_errors=True)


def resume(
    transport: Transport, case: CaseFile, folder: Path, root: SecretBytes, clock: Clock, progress: Progress
) -> CaseFile | None:
    """Finish what an earlier run left, None if it left nothing; the words are those before the change, or after it.

    Raises:
        RevisionError: behind. NetworkError, TamperingError, WordsError.
    """
    pending = PendingRevision.load(folder)
    if pending is None:
        return None
    opened = _open_either(transport, case, pending, root)
    taken = pending.sha256 in [manifest.sha256 for manifest in opened.chain]
    if not taken and opened.manifest.version >= pending.version:
        discard(folder)
        raise RevisionError("behind")
    return send(transport, opened, folder, pending, clock, progress)[0]


def _open_either(transport: Transport, case: CaseFile, pending: PendingRevision, root: SecretBytes) -> OpenedCase:
    """Open with the status code of before; if the version was taken and brought a new one, with that."""
    try:
        return open_case(transport, case, root)
    except NetworkError as error:
        if error.code != "case_not_found" or pending.code is None:
            raise
    return open_case(transport, replace(case, status_code=pending.code), root)


def key_of(opened: OpenedCase) -> CaseKey:
    """Return the case key of an opened case, as sealing takes it."""
    roster = (
        RosterEntry(HybridRecipient.parse(holder.recipient), holder.salt, holder.label) for holder in opened.roster
    )
    return CaseKey(
        portal=opened.case.portal,
        case=opened.case.case,
        genesis=opened.case.genesis,
        epoch=opened.manifest.epoch,
        seed=opened.seed,
        recipient=opened.manifest.recipient,
        case_log_key=opened.case_log_key,
        roster=tuple(roster),
        earlier=opened.earlier,
    )


def known_of(opened: OpenedCase, contents: Contents) -> Known:
    """Return a case that was opened as the newest version that a next one follows."""
    (originals,), (index,) = _pieces(contents, FrameKind.ORIGINALS), _pieces(contents, FrameKind.FILE_INDEX)
    return Known(
        key=key_of(opened),
        manifest=opened.manifest.body,
        manifest_sha256=opened.manifest.sha256,
        identities=_pieces(contents, FrameKind.IDENTITY),
        statements=_pieces(contents, FrameKind.STATEMENT),
        originals=originals,
        index=index,
        answers=_pieces(contents, FrameKind.ANSWER),
    )


def _pieces(contents: Contents, kind: FrameKind) -> tuple[Piece, ...]:
    return tuple(Piece(piece.record, piece.content) for piece in contents.of_kind(kind))
