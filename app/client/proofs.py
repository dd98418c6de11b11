"""Entries of the log as a holder sees them: each proved on this machine, and kept for comparison later.

A kept proof is a `tlog-proof` file whose extra data holds the entry's bytes and no opening: it can be shown to others,
to compare two views of the log, without telling who read what.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.client.case import PROOFS_FOLDER, CaseFile
from app.client.folder import make_folder, read_file, write_text
from app.client.succession import log_keys, logs_of
from crypto.errors import CheckpointError, CommitmentError, CryptoError
from crypto.log.checkpoint import Checkpoint
from crypto.log.commitments import Opening, verify_opening
from crypto.log.leaf import Leaf
from crypto.log.proof import MAX_PROOF_SIZE, LogProof
from crypto.log.submission import own_signatures
from crypto.note import NoteVerifier, strict_base64

SUFFIX = ".tlog-proof"


@dataclass(frozen=True)
class ProvedEntry:
    """An entry that is in the log: `fields` are the opened ones, empty where no opening was checked.

    `signed`: a reader's own device asked for this look, as was checked here (signatures.py).
    """

    index: int
    entry: bytes
    fields: Mapping[str, str]
    checkpoint: Checkpoint
    proof: LogProof
    signed: bool = False

    @property
    def leaf(self) -> Leaf:
        """The entry's parts."""
        return Leaf.from_bytes(self.entry)


def prove(case: CaseFile, text: str, entry: bytes, opening: object) -> ProvedEntry:
    """Return an entry of the log after its proof and its opening were checked.

    1. Inclusion under a checkpoint of the pinned log key. 2. The opening is of this index and fits the commitment.

    Raises:
        CryptoError: a step fails.
    """
    # 1.
    proof = LogProof.parse(text)
    checkpoint = _verified(case, proof, entry)
    # 2.
    opened = Opening.from_json(opening)
    fields = verify_opening(opened, Leaf.from_bytes(entry).commitment)
    if opened.index != proof.index:
        raise CommitmentError("the opening is of another entry")
    return ProvedEntry(proof.index, entry, fields, checkpoint, proof)


def prove_bare(case: CaseFile, text: str, entry: bytes) -> ProvedEntry:
    """Return an entry of the log after its proof was checked; nothing of it is opened. Raises CryptoError."""
    proof = LogProof.parse(text)
    return ProvedEntry(proof.index, entry, {}, _verified(case, proof, entry), proof)


def _verified(case: CaseFile, proof: LogProof, entry: bytes) -> Checkpoint:
    """Return the checkpoint that a proof leads to, under the log that it names: the filing's, or a successor of it."""
    origin = Checkpoint.of_note(proof.checkpoint).origin
    keys = log_keys(case).get(origin)
    if keys is None:
        raise CheckpointError("the checkpoint is of another log")
    return proof.verify(entry, origin, [NoteVerifier.parse(key) for key in keys])


def prove_carried(case: CaseFile, text: str) -> tuple[ProvedEntry, dict[str, Any]]:
    """Return the entry whose leaf and opening a proof carries in its extra data, and that extra data.

    Raises:
        CryptoError, ValueError, KeyError, TypeError: it carries none, or a step of `prove` fails.
    """
    extra = json.loads(LogProof.parse(text).extra or b"{}")
    return prove(case, text, strict_base64(extra["leaf"]), extra["opening"]), extra


def keep(folder: Path, entry: ProvedEntry) -> None:
    """Keep a proof in the case folder; the first one of an entry stays, since it shows the earliest state."""
    path = folder / PROOFS_FOLDER / f"{entry.index}{SUFFIX}"
    if not path.exists():
        make_folder(path.parent)
        extra = json.dumps({"leaf": base64.b64encode(entry.entry).decode()}).encode()
        write_text(path, LogProof(entry.index, entry.proof.hashes, extra, entry.proof.checkpoint).to_text())


def remember_newest(folder: Path, entries: Iterable[ProvedEntry]) -> None:
    """Keep the newest checkpoint that something was proved under in case.json, with the log's own signature only."""
    case = CaseFile.load(folder)
    origin = logs_of(case)[-1].origin
    newest = max((e for e in entries if e.checkpoint.origin == origin), key=lambda e: e.checkpoint.size, default=None)
    if newest is not None and newest.checkpoint.size >= _size_of(case.known, origin):
        replace(case, known=own_signatures(newest.proof.checkpoint, origin)).save(folder)


def size_of_known(case: CaseFile) -> int:
    """Return how many entries the newest checkpoint has that a case file keeps."""
    return _size_of(case.known, logs_of(case)[-1].origin)


def _size_of(note: str, origin: str) -> int:
    try:
        checkpoint = Checkpoint.of_note(note)
    except CryptoError:
        return 0
    return checkpoint.size if checkpoint.origin == origin else 0


def kept(folder: Path, case: CaseFile) -> Iterator[ProvedEntry]:
    """Yield the entries proved earlier; a file that does not verify is passed over, since it proves nothing."""
    for path in sorted((folder / PROOFS_FOLDER).glob(f"*{SUFFIX}")):
        try:
            proof = LogProof.parse(read_file(path, MAX_PROOF_SIZE).decode())
            entry = strict_base64(json.loads(proof.extra or b"{}")["leaf"])
            yield ProvedEntry(proof.index, entry, {}, _verified(case, proof, entry), proof)
        except (CryptoError, ValueError, KeyError, TypeError):
            continue
