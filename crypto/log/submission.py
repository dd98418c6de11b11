"""What a log sends to a cosigner, and what comes back (c2sp.org/tlog-witness): bytes in, bytes out.

A request is ``old <size>``, the hashes of the consistency proof from that size, an empty line, and the checkpoint with
the log's own signatures only: cosigners take small requests, and other cosigners are none of their business.

Source: c2sp.org/tlog-witness; FORMAT.md, section "Cosigners".
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from crypto import note
from crypto.errors import NoteError, SubmissionError
from crypto.log.merkle import HASH_SIZE, MAX_SIZE
from crypto.note import SignatureLine, Verifier, strict_base64

MAX_REQUEST = 64 * 1024
"""Bytes of a request: 63 hashes, three lines and some signatures, post-quantum ones too, have 15 KiB."""
MAX_ANSWER = 64 * 1024
MAX_HASHES = 63

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})", re.ASCII)
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n?", re.ASCII)


@dataclass(frozen=True)
class Submission:
    """A checkpoint (a signed note) for a cosigner that last cosigned the log at size ``old``."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: str

    def to_bytes(self) -> bytes:
        """Return the request's body."""
        hashes = [base64.b64encode(item).decode() for item in self.proof]
        return "\n".join([f"old {self.old}", *hashes, "", self.checkpoint]).encode()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a request's body, **unverified**; raises ``SubmissionError``."""
        if len(data) > MAX_REQUEST:
            raise SubmissionError("the request is too long")
        try:
            head, separator, checkpoint = data.decode().partition("\n\n")
            lines = head.split("\n")
            old = _OLD.fullmatch(lines[0])
            proof = tuple(strict_base64(line) for line in lines[1:])
        except ValueError as error:
            raise SubmissionError("malformed request") from error
        if not separator or old is None or int(old[1]) > MAX_SIZE or len(proof) > MAX_HASHES:
            raise SubmissionError("a request is an old size, at most 63 hashes, an empty line and a checkpoint")
        if any(len(item) != HASH_SIZE for item in proof):
            raise SubmissionError("a proof is made of 32-byte hashes")
        return cls(int(old[1]), proof, checkpoint)


def own_signatures(signed: str, origin: str) -> str:
    """Return a checkpoint with the log's own signatures only; raises ``NoteError``."""
    text, lines = note.split(signed)
    return note.assemble(text, [line for line in lines if line.name == origin])


def parse_size(body: bytes) -> int:
    """Return the size that a cosigner answers with status 409; raises ``SubmissionError``."""
    found = _SIZE.fullmatch(body)
    if found is None or int(found[1]) > MAX_SIZE:
        raise SubmissionError("not the size of a tree")
    return int(found[1])


def accepted_lines(checkpoint: str, body: bytes, verifiers: Sequence[Verifier]) -> list[SignatureLine]:
    """Return those lines of a cosigner's answer that are known keys' good signatures over a checkpoint.

    Raises:
        SubmissionError: there is none; or the answer is malformed, or a known key's line does not fit.
    """
    known = {(verifier.name, verifier.key_id) for verifier in verifiers}
    try:
        signed = checkpoint + body.decode()
        note.verify(signed, verifiers)
        sent, lines = len(note.split(checkpoint)[1]), note.split(signed)[1]
    except (NoteError, UnicodeDecodeError) as error:
        raise SubmissionError("the answer holds no cosignature by a known key") from error
    return _once(line for line in lines[sent:] if (line.name, line.key_id) in known)


def _once(lines: Iterable[SignatureLine]) -> list[SignatureLine]:
    """Return one line of each key: an answer may repeat one, and every reader of the log would carry it."""
    return list({(line.name, line.key_id): line for line in lines}.values())
