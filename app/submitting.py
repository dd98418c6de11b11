"""Submits the log's checkpoint to one cosigner over HTTP: one request, one answer, whatever comes.

Rules
  1. An answer has a largest size and a last moment; no redirect is followed, and nothing of the environment steers it.
  2. What a cosigner says is not repeated to anybody: only its status, the size that it names, and cosignatures that
     its known keys made.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import httpx2

from app.domain.cosigners import Outcome, Reply
from crypto.errors import SubmissionError
from crypto.log.checkpoint import parse_verifier
from crypto.log.submission import MAX_ANSWER, Submission, accepted_lines, parse_size

CONNECT_SECONDS = 5.0
SECONDS: Final = 10.0
"""For the whole answer of one cosigner."""
_OUTCOMES = {
    400: Outcome.REFUSED,
    403: Outcome.UNKNOWN_KEY,
    404: Outcome.UNKNOWN_LOG,
    422: Outcome.FORK,
}


def submit(url: str, submission: Submission, vkeys: list[str]) -> Reply:
    """Return what the cosigner at a submission prefix says to a checkpoint; `vkeys` are its known keys."""
    end = time.monotonic() + SECONDS
    try:
        with httpx2.Client(timeout=httpx2.Timeout(SECONDS, connect=CONNECT_SECONDS), trust_env=False) as client:
            address = f"{url.rstrip('/')}/add-checkpoint"
            with client.stream("POST", address, content=submission.to_bytes()) as response:
                body = b"".join(_bounded(response.iter_raw(), end))
                return _reply(response.status_code, body, submission, vkeys)
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, ValueError, TimeoutError):
        return Reply(Outcome.UNREACHABLE)


def _reply(status: int, body: bytes, submission: Submission, vkeys: list[str]) -> Reply:
    if status == 200:
        with suppress(SubmissionError):
            lines = accepted_lines(submission.checkpoint, body, [parse_verifier(vkey) for vkey in vkeys])
            return Reply(Outcome.COSIGNED, lines="".join(map(str, lines)))
        return Reply(Outcome.BAD_ANSWER)
    if status == 409:
        with suppress(SubmissionError):
            return Reply(Outcome.OTHER_SIZE, told=parse_size(body))
        return Reply(Outcome.BAD_ANSWER)
    return Reply(_OUTCOMES.get(status, Outcome.UNREACHABLE))


def _bounded(pieces: Iterator[bytes], end: float) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > MAX_ANSWER or time.monotonic() > end:
            raise TimeoutError
        yield piece
