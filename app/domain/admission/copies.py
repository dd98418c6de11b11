"""Copies of evidence: their heads, their pages, and that the record names exactly those there are (rules 16 to 18)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from app.domain.admission.calls import RecordText, decoded
from app.domain.admission.objects import PartSource
from app.domain.errors import AdmissionError
from app.domain.filing.copies import MAX_TOGETHER, MOST_PAGES, copy_name, open_page, parse_copy
from app.domain.filing.form import MAX_RECORD, CopyNumber, Strict
from app.domain.filing.manifest import MAX_COPIES, MAX_PART, Copied, Hex32, Manifest
from app.domain.pages import PageProblem, read_page
from app.domain.redaction import guard
from crypto.digest import sha256_hex
from crypto.errors import CryptoError
from crypto.secret import SecretBytes

Look = Callable[[Sequence[bytes]], tuple[int, str] | None]
"""Looks at pages; returns the place of the first that is none, and the kind of its problem."""
_KEY_SIZE = 32


class CopyCall(Strict):
    """A copy that a call brings."""

    copy_: CopyNumber = Field(alias="copy")
    record: RecordText
    key: Annotated[str, StringConstraints(max_length=64)]
    parts: Annotated[list[Hex32], Field(max_length=MOST_PAGES)]


CopyCalls = Annotated[list[CopyCall], Field(default_factory=list, max_length=MAX_COPIES)]


@dataclass(frozen=True)
class AdmittedCopy:
    """A copy that passed: its head, and its pages in plain form, which the vault encrypts before they are stored."""

    number: int
    record_text: str = field(repr=False)
    sha256: str
    pages: tuple[bytes, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """Its name among the case's records."""
        return copy_name(self.number)


def look_here(pages: Sequence[bytes]) -> tuple[int, str] | None:
    """Look at the form of pages in this process, without drawing them."""
    for place, page in enumerate(pages):
        try:
            read_page(page)
        except PageProblem as problem:
            return place, problem.kind
    return None


def parts_of(copies: Sequence[CopyCall]) -> frozenset[str]:
    """Return the parts that a call's copies name."""
    return frozenset(part for copy in copies for part in copy.parts)


def admit_copies(
    copies: Sequence[CopyCall],
    manifest: Manifest,
    known: Sequence[Copied],
    inline: Mapping[str, bytes],
    part_source: PartSource,
    look: Look,
) -> tuple[AdmittedCopy, ...]:
    """Return the copies that a call brings; `known` are those of the version before. Raises AdmissionError."""
    new = _new(manifest, known)  # 16
    if [(copy.copy_, sha256_hex(copy.record.encode())) for copy in copies] != [(e.copy_, e.record) for e in new]:
        raise AdmissionError("copies", "copies")
    if sum(len(copy.record) for copy in copies) > MAX_RECORD:
        raise AdmissionError("copy_size", "copies")
    admitted: list[AdmittedCopy] = []
    for copy in copies:
        admitted.append(_admit(copy, manifest.case, inline, part_source))
        if sum(len(page) for each in admitted for page in each.pages) > MAX_TOGETHER:
            raise AdmissionError("copy_size", "copies")
    _look(admitted, look)
    return tuple(admitted)


# 16.


def _new(manifest: Manifest, known: Sequence[Copied]) -> list[Copied]:
    numbers = [entry.copy_ for entry in manifest.copies]
    if len(set(numbers)) != len(numbers):
        raise AdmissionError("copies", "manifest.copies")
    return [entry for entry in manifest.copies if entry not in known]


def check_index(readable: Mapping[str, Any], copies: Iterable[Copied], within: str = "record") -> None:
    """Check that the index of a record or an answer names each copy once (rule 17). Raises AdmissionError."""
    named = [item["copy"] for item in readable.get("evidence", ()) if "copy" in item]
    if sorted(named) != sorted(entry.copy_ for entry in copies):
        raise AdmissionError("copies", f"{within}.evidence")


# 18.


def _admit(call: CopyCall, case: str, inline: Mapping[str, bytes], part_source: PartSource) -> AdmittedCopy:
    head, key = parse_copy(call.record), decoded(call.key)
    if head["copy"] != call.copy_ or len(head["pages"]) != len(call.parts) or key is None or len(key) != _KEY_SIZE:
        raise AdmissionError("copies", "copies.record")
    hits = guard.check({"text": head["text"] or ""})
    if hits:
        raise AdmissionError("record_guard", f"{copy_name(call.copy_)}.text", kind=hits[0].kind)
    pages = []
    for number, (named, part) in enumerate(zip(head["pages"], call.parts, strict=True), start=1):
        page = _page(SecretBytes(key), case, (call.copy_, number), inline.get(part) or part_source(part))
        if (sha256_hex(page), len(page)) != (named["sha256"], named["size"]):
            raise AdmissionError("part_hash", _place(call.copy_, number))
        pages.append(page)
    return AdmittedCopy(call.copy_, call.record, sha256_hex(call.record.encode()), tuple(pages))


def _page(key: SecretBytes, case: str, place: tuple[int, int], data: bytes | None) -> bytes:
    if data is None:
        raise AdmissionError("missing_part", _place(*place))
    if len(data) > MAX_PART:
        raise AdmissionError("part_size", _place(*place))
    try:
        return open_page(key, case, *place, data)
    except CryptoError:
        pass
    raise AdmissionError("part_hash", _place(*place))


def _look(copies: Sequence[AdmittedCopy], look: Look) -> None:
    places = [_place(copy.number, number) for copy in copies for number, _ in enumerate(copy.pages, start=1)]
    problem = look([page for copy in copies for page in copy.pages]) if places else None
    if problem is not None:
        place, kind = problem
        raise AdmissionError("page_guard", places[min(place, len(places) - 1)], kind=kind)


def _place(copy: int, page: int) -> str:
    """Return what a refusal calls a page, such as `evidence-3, 2`."""
    return f"{copy_name(copy)}, {page}"
