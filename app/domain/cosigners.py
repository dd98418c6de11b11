"""What cosigners of the log say, and what of that is an alarm.

A cosigner is asked to extend what it cosigned last. *Cosigned* is the rule; that it does not answer, or was not told
of this log, is trouble. That it knows more of the log than this portal has, or knows another history, is an alarm: the
portal's data were set back, or somebody else signs with the log's key.
"""

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Outcome(StrEnum):
    """What became of one checkpoint at one cosigner; stored, so a name keeps its meaning."""

    COSIGNED = "cosigned"
    OTHER_SIZE = "other-size"
    ROLLBACK = "rollback"
    FORK = "fork"
    UNKNOWN_LOG = "unknown-log"
    UNKNOWN_KEY = "unknown-key"
    REFUSED = "refused"
    BAD_ANSWER = "bad-answer"
    UNREACHABLE = "unreachable"

    @property
    def is_alarm(self) -> bool:
        """Whether it says that the log has, or had, another history than this portal's."""
        return self in {Outcome.ROLLBACK, Outcome.FORK}


@dataclass(frozen=True)
class Reply:
    """One answer: cosignature lines, or the size that the cosigner says it knows."""

    outcome: Outcome
    lines: str = ""
    told: int | None = None


@dataclass(frozen=True)
class CosignerState:
    """How things stand with one cosigner: what it cosigned last and when, what came of the last time it was asked.

    `size` is the largest that it cosigned, `time` and `asked` are unix seconds, 0 for never; `told` is the size that it
    named when it refused.
    """

    address: str
    size: int
    time: int
    lines: str
    asked: int
    asked_size: int
    outcome: Outcome
    told: int | None


@dataclass(frozen=True)
class Alarm:
    """A refusal that contradicts this portal's log; `at` in unix seconds, `size` ours, `told` the cosigner's."""

    address: str
    outcome: Outcome
    size: int
    told: int
    at: int
    checkpoint: str


HOLDER = "holder"
READER = "reader"
"""In place of an address: what a holder's device proved, or that of a reader of the office."""


def judge_known(root: bytes, own: bytes | None) -> Outcome | None:
    """Return the alarm in a state that our log key signed and somebody else kept; None where it is one of ours."""
    if own is None:
        return Outcome.ROLLBACK
    return None if own == root else Outcome.FORK


def judge_conflict(sent_old: int, sent_size: int, told: int) -> Outcome | None:
    """Return the alarm in a 409; None where it only names the size from which it wants a proof.

    A cosigner that knows more than we have: the data here were set back. One that names the very size from which we
    proved: it has another root for it.
    """
    if told > sent_size:
        return Outcome.ROLLBACK
    return Outcome.FORK if told == sent_old else None
