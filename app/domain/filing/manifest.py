"""The body of a manifest note: what a filing consists of, in hashes of ciphertexts, and nothing about originals.

Source: FORMAT.md "Manifest" and "Next versions"; what a first and a next version must be stands in admission.
"""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError

from app.domain.errors import AdmissionError
from app.domain.filing.form import CopyNumber, Strict
from app.domain.paths import path_text
from crypto.framing import FrameKind

KIB = 1024
MIB = 1024 * KIB
ROSTER_SIZE = 8
"""Holders of every case, real or not: the number of real ones stays unknown."""
MAX_PART = 4 * MIB
"""Bytes of one sealed part."""
MAX_INLINE_PART = 256 * KIB
"""Bytes of a part that travels inside the filing call."""
MAX_INLINE = 4 * MIB
"""Bytes of all parts inside the filing call."""
MAX_OBJECTS = 4000
"""Objects of one filing: 1,000 witnesses with a statement each, 1,000 files, and room."""
MAX_FILES = 1000
MAX_KEPT = 100_000

Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
RecordId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Salted = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
Key = Annotated[str, StringConstraints(max_length=4 * KIB)]

SINGLE_KINDS = (FrameKind.CASE_KEY, FrameKind.ORIGINALS, FrameKind.FILE_INDEX)
"""Objects that a filing has exactly once."""
KINDS = (*SINGLE_KINDS, FrameKind.IDENTITY, FrameKind.STATEMENT, FrameKind.FILE)
"""What a filing may have."""
LATER_KINDS = (*KINDS, FrameKind.ANSWER, FrameKind.MESSAGE)
"""What a later version may have: the originals of answers, and messages sealed again in a new epoch."""
MAX_ANSWERS = 1000
MAX_COPIES = 200


class ObjectEntry(Strict):
    """One sealed object: `size` in bytes of ciphertext, `parts` the hashes of its pieces in order."""

    kind: Annotated[str, StringConstraints(max_length=32)]
    record: RecordId
    size: Annotated[int, Field(ge=1, le=2**50)]
    sha256: Hex32
    parts: Annotated[list[Hex32], Field(min_length=1, max_length=100_000)]


class KeptMark(Strict):
    """A mark that a person decided to keep readable: where and of which kind, never the text."""

    path: Annotated[str, StringConstraints(max_length=256)]
    kind: Annotated[str, StringConstraints(max_length=64)]


class ReviewSummary(Strict):
    """How the redaction was settled."""

    settled: Annotated[int, Field(ge=0)]
    careful: bool
    kept: Annotated[list[KeptMark], Field(max_length=MAX_KEPT)]


class Answered(Strict):
    """A question's number and the SHA-256 of the answer as the office reads it."""

    question: Annotated[int, Field(ge=1)]
    record: Hex32


class Copied(Strict):
    """A copy of evidence: its number, the SHA-256 of its head, and of which answer it is, None: of the petition."""

    copy_: CopyNumber = Field(alias="copy")
    record: Hex32
    question: Annotated[int, Field(ge=1)] | None = None


class Manifest(Strict):
    """What a holder signs: the filer the first version, the case's signer every later one."""

    v: Annotated[int, Field(ge=1, le=1)]
    portal: Annotated[str, StringConstraints(max_length=256)]
    case: Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{26}$")]
    epoch: Annotated[int, Field(ge=1)]
    version: Annotated[int, Field(ge=1)]
    previous: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
    recipient: Key
    signer: Key
    sign_in: Key
    status: Hex32
    roster: list[Salted]
    record: Hex32
    objects: Annotated[list[ObjectEntry], Field(min_length=1, max_length=MAX_OBJECTS)]
    review: ReviewSummary
    answers: Annotated[list[Answered], Field(max_length=MAX_ANSWERS)]
    destroys: bool
    copies: Annotated[list[Copied], Field(default_factory=list, max_length=MAX_COPIES)]


def read_manifest(body: Any) -> Manifest:
    """Return a manifest body in its strict form; raises AdmissionError naming the first field that is not."""
    try:
        return Manifest.model_validate(body)
    except ValidationError as error:
        place = path_text(error.errors(include_input=False, include_url=False)[0]["loc"][:3])
    raise AdmissionError("manifest_field", f"manifest.{place}")
