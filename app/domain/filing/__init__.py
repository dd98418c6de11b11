"""Filing: from a petition to the call that the portal admits. Pure: no clock, no disk, no network, nothing opened.

The steps, used by the client and by assisted intake alike:

    1. `review.review(petition, language, random)` finds everything that must be settled in the free texts.
    2. `Review.settle(…)` settles it, builds the redacted record and looks at it once more; a `Settled` is the only
       thing that the next steps take, so nothing can be filed with an open question.
    3. `prepare(portal, root, holders, random)` makes the case: its key, its eight recipients, its founding text.
    4. `seal(prepared, settled, files, sink, random)` seals identities, statements, files, originals and the case key;
       parts that do not fit into the call go to the sink as they are made.
    5. `build(prepared, settled, sealed)` signs the manifest and returns the `Submission`.
"""

from app.domain.filing.copies import Copy
from app.domain.filing.parts import PartSink, no_sink
from app.domain.filing.preparation import Preparation, check_holders, prepare
from app.domain.filing.record import Card, build_record, card
from app.domain.filing.review import Decision, Finding, Review, Settled
from app.domain.filing.sealing import FileSource, MemoryFile, Sealed, seal
from app.domain.filing.submission import Submission, build

__all__ = [
    "Card",
    "Copy",
    "Decision",
    "FileSource",
    "Finding",
    "MemoryFile",
    "PartSink",
    "Preparation",
    "Review",
    "Sealed",
    "Settled",
    "Submission",
    "build",
    "build_record",
    "card",
    "check_holders",
    "no_sink",
    "prepare",
    "seal",
]
