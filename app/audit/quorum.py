"""A policy's quorum over a checkpoint: reading the file, and waiting a moment for a log that was just published."""

from collections.abc import Callable
from pathlib import Path

from app.audit.finding import CannotCheckError, Obstacle
from app.audit.source import CHECKPOINT_LIMIT, Source, UnreachableError, WithheldError
from crypto.errors import NoteError, PolicyError
from crypto.log.policy import MAX_POLICY_SIZE, Policy, judge

MAX_AGE = 86_400
"""Seconds after which a cosignature counts no more, unless the reader says otherwise."""
_LOOKS = 6
_PAUSE = 1.5  # seconds: a portal asks its cosigners right after publishing, and they answer within a few


def load_policy(path: Path) -> Policy:
    """Read a policy file; raises ``CannotCheckError``."""
    try:
        with path.open("rb") as file:
            return Policy.parse(file.read(MAX_POLICY_SIZE + 1))
    except (OSError, PolicyError) as error:
        raise CannotCheckError(Obstacle.BAD_POLICY, file=str(path)) from error


def await_quorum(note: str, policy: Policy, source: Source, pause: Callable[[float], None]) -> str:
    """Return the checkpoint of a source, read again for some seconds while the quorum has not signed it yet."""
    for _ in range(_LOOKS if source.live else 0):
        if _is_reached(note, policy):
            break
        pause(_PAUSE)
        try:
            note = source.read("checkpoint", CHECKPOINT_LIMIT).decode()
        except (WithheldError, UnreachableError, UnicodeDecodeError):
            break
    return note


def _is_reached(note: str, policy: Policy) -> bool:
    try:
        return judge(note, policy, now=0, max_age=0).reached
    except NoteError:
        return True  # nothing to wait for: it is judged as it is
