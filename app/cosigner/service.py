"""A cosigner's one decision: may this checkpoint stand beside everything that was cosigned before?

Rules of trust (c2sp.org/tlog-witness)
  1. Only logs that this cosigner was told of, and only under their own keys.
  2. A tree grows: a checkpoint is cosigned when a proof leads to it from the newest one that was cosigned, or when it
     is that one once more. Nothing smaller, and no second root of a size, ever.
  3. What was cosigned is durable before the cosignature leaves; looking and remembering are one step.
  4. Time does not run back: a cosignature says that nothing larger was seen at its time.
  5. A checkpoint that the log signed and that contradicts what was cosigned is evidence, and is kept.

Worked example: a portal's database was restored from last week. It sends its 40 entries; 52 were cosigned. The answer
is 409 with the size 52, and the request is kept under `evidence`: 40 may be an honest older state, but it is no
successor of 52. It goes on, reaches 52 with other rows and sends them: another root for a known size, 409, kept as a
fork. It sends 60 with a proof from 52: the proof cannot lead there, 422, kept as a fork.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.cosigner.folder import CosignerFolder, Known
from crypto.errors import LogError, NoteError, ProofError, SubmissionError
from crypto.log.checkpoint import Checkpoint, add_signatures, verify_checkpoint
from crypto.log.merkle import EMPTY_ROOT, verify_consistency
from crypto.log.submission import Submission, own_signatures

SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
FORK, OLDER = "fork", "older"


@dataclass(frozen=True)
class Answer:
    """What goes back: an HTTP status, a body and its type."""

    status: int
    body: str = ""
    type: str = TEXT_TYPE


class CosigningService:
    """Cosigns the logs of one folder; any number of threads may ask."""

    def __init__(self, folder: CosignerFolder, clock: Callable[[], int]) -> None:
        """`clock` gives Unix seconds."""
        self._folder = folder
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer one request.

        1. Read it. 2. The log, its signature. 3. Compare with what was cosigned, and remember, in one step.
        """
        # 1.
        try:
            submission = Submission.parse(body)
            origin = Checkpoint.of_note(submission.checkpoint).origin
        except (SubmissionError, NoteError, LogError) as error:
            return Answer(400, f"{error}\n")
        # 2.
        verifiers = self._folder.verifiers(origin)
        if not verifiers:
            return Answer(404, "this cosigner was not told of this log\n")
        try:
            checkpoint = verify_checkpoint(submission.checkpoint, origin, verifiers)
        except (NoteError, LogError):
            return Answer(403, "the checkpoint does not carry a signature by this log's known key\n")
        if submission.old > checkpoint.size:
            return Answer(400, "the old size is larger than the checkpoint's\n")
        # 3.
        with self._one_at_a_time:
            return self._decide(submission, checkpoint, body)

    def checkpoint(self, log_id: str) -> Answer:
        """Return the newest cosigned checkpoint of a log, for whoever wants to compare."""
        found = self._folder.by_id(log_id)
        return Answer(404) if found is None else Answer(200, found)

    def _decide(self, submission: Submission, checkpoint: Checkpoint, body: bytes) -> Answer:
        known = self._folder.known(checkpoint.origin)
        refused = self._compare(submission, checkpoint, known, body)
        if refused is not None:
            return refused
        now = self._clock()
        if known is not None and now < known.time:
            return Answer(503, "this cosigner's clock is behind its last cosignature\n")
        lines = [key.cosign(checkpoint, now) for key in self._folder.keys.both]
        own = own_signatures(submission.checkpoint, checkpoint.origin)
        self._folder.remember(checkpoint.origin, add_signatures(own, lines))
        return Answer(200, "".join(map(str, lines)))

    def _compare(
        self, submission: Submission, checkpoint: Checkpoint, known: Known | None, body: bytes
    ) -> Answer | None:
        """Return a refusal, or None when the checkpoint continues what was cosigned (rules 2 and 5)."""
        size = known.checkpoint.size if known else 0
        conflict = Answer(409, f"{size}\n", SIZE_TYPE)
        if known is not None and checkpoint.size <= size:
            if checkpoint.size < size:
                self._keep(OLDER, checkpoint, known, body)
                return conflict
            if checkpoint.root != known.checkpoint.root:
                self._keep(FORK, checkpoint, known, body)
                return conflict
        if submission.old != size:
            return conflict
        old_root = known.checkpoint.root if known else EMPTY_ROOT
        try:
            verify_consistency(size, old_root, checkpoint.size, checkpoint.root, submission.proof)
        except ProofError:
            if known is not None:
                self._keep(FORK, checkpoint, known, body)
            return Answer(422, "the proof does not lead from what was cosigned to this checkpoint\n")
        return None

    def _keep(self, kind: str, checkpoint: Checkpoint, known: Known, body: bytes) -> None:
        about = {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
            "known_size": known.checkpoint.size,
            "known_root": known.checkpoint.root.hex(),
        }
        self._folder.keep_evidence(kind, about, body, known.signed)
