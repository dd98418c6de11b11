"""Copies of evidence for the office: pages as pictures, or one text; each a redacted record of its own.

1. A copy has a number of its case, from 1 on, which the record's index of evidence names and which stays when the copy
   is made anew. No name, hash, size or time of an original is in it.
2. Its head, in canonical form, names its pages by their hashes, and `salt` keeps a copy that was destroyed from being
   guessed by the head's hash, which manifests go on naming.
3. Pages travel encrypted under a key that only the call brings: what waits at the portal for its call cannot be read
   there by anyone. Each is bound to its place.

Source: FORMAT.md, "Copies of evidence".
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from pydantic import Field

from app.domain.entities import EVIDENCE
from app.domain.errors import AdmissionError
from app.domain.filing.form import SALT_BYTES, CopyNumber, LanguageCode, LongText, Salt, Strict, parse_form
from app.domain.filing.manifest import KIB, MAX_PART, MIB, Hex32
from app.domain.filing.parts import PartStore
from crypto import vault
from crypto.canonical import canonical_json
from crypto.digest import sha256_hex
from crypto.secret import Random, SecretBytes

MOST_PAGES: Final = 200
"""Pages of a copy."""
MAX_PAGE: Final = MAX_PART - KIB
"""Bytes of a page: encrypted, it is one part."""
MAX_TOGETHER: Final = 64 * MIB
"""Bytes of all pages of a call."""


@dataclass(frozen=True)
class Copy:
    """What the office may see of a piece of evidence: pages in the strict form (`app.domain.pages`), or a text."""

    number: int
    pages: tuple[bytes, ...] = field(default=(), repr=False)
    text: str | None = field(default=None, repr=False)
    standing: str = ""
    """The hash of what it shows where the copy stands at the portal already and is not made again."""

    @property
    def content(self) -> str:
        """The hash of what it shows: the same however often the copy is made."""
        if self.standing:
            return self.standing
        shown = (self.text.encode(),) if self.text is not None else self.pages
        return sha256_hex("".join(map(sha256_hex, shown)).encode())


def copy_name(number: int) -> str:
    """Return the name of a copy among a case's records."""
    return f"{EVIDENCE}{number}"


class CopyPage(Strict):
    """A page by its hash, in plain form; `size` in bytes."""

    sha256: Hex32
    size: Annotated[int, Field(ge=1, le=MAX_PAGE)]


class CopyHead(Strict):
    """What the office reads first of a copy: its text, or which pages it has."""

    v: Annotated[int, Field(ge=1, le=1)]
    copy_: CopyNumber = Field(alias="copy")
    language: LanguageCode
    text: LongText | None
    pages: Annotated[list[CopyPage], Field(max_length=MOST_PAGES)]
    salt: Salt


def parse_copy(text: str) -> dict[str, Any]:
    """Return the values of a head's canonical text; raises AdmissionError for another spelling, size or form."""
    value = parse_form(CopyHead, text, "copies")
    if (value["text"] is None) != bool(value["pages"]):
        raise AdmissionError("record_form", "copies.record")
    return value


@dataclass(frozen=True)
class SealedCopy:
    """A copy as its call brings it; `parts` are the hashes of its encrypted pages, in order."""

    number: int
    record: str
    key: SecretBytes
    parts: tuple[str, ...]

    def body(self) -> dict[str, Any]:
        """Return what the call says of it."""
        key = base64.b64encode(self.key.reveal()).decode()
        return {"copy": self.number, "record": self.record, "key": key, "parts": list(self.parts)}

    def entry(self, question: int | None = None) -> dict[str, Any]:
        """Return its line in the manifest; `question` where it is a copy of an answer's evidence."""
        of_answer = {} if question is None else {"question": question}
        return {"copy": self.number, "record": sha256_hex(self.record.encode()), **of_answer}


def seal_copies(
    case: str, copies: Iterable[Copy], language: str, store: PartStore, random: Random
) -> tuple[SealedCopy, ...]:
    """Return copies as they travel; their encrypted pages go to the store."""
    return tuple(_seal(case, copy, language, store, random) for copy in copies)


def _seal(case: str, copy: Copy, language: str, store: PartStore, random: Random) -> SealedCopy:
    key = vault.new_data_key(random)
    parts = [
        store.add(vault.encrypt(key, page, _place(case, copy.number, number), random))
        for number, page in enumerate(copy.pages, start=1)
    ]
    head: dict[str, Any] = {
        "v": 1,
        "copy": copy.number,
        "language": language,
        "text": copy.text,
        "pages": [{"sha256": sha256_hex(page), "size": len(page)} for page in copy.pages],
        "salt": random(SALT_BYTES).hex(),
    }
    return SealedCopy(copy.number, canonical_json(head).decode(), key, tuple(parts))


def open_page(key: SecretBytes, case: str, copy: int, page: int, data: bytes) -> bytes:
    """Return a page of a call in plain form; raises VaultError for another key or place."""
    return vault.decrypt(key, data, _place(case, copy, page))


def _place(case: str, copy: int, page: int) -> bytes:
    return f"copy|{case}|{copy}|{page}".encode()


def copies_named(
    manifest: Mapping[str, Any],
    stand: Iterable[Mapping[str, Any]],
    wanted: Iterable[Copy],
    seal: Callable[[Iterable[Copy]], tuple[SealedCopy, ...]],
    question: int | None = None,
) -> tuple[tuple[SealedCopy, ...], list[dict[str, Any]]]:
    """Return the copies that are new or show something else, and the next manifest's lines of all copies of a case.

    `wanted` are all that the petition, or the answer to `question`, shall have; `stand` the sealed lines of those it
    has. Whatever else the case shows stays.
    """
    contents = {line["copy"]: line["content"] for line in stand}
    each = list(wanted)
    brought = seal(copy for copy in each if contents.get(copy.number) != copy.content)
    before = [dict(entry) for entry in manifest.get("copies", ())]
    of_others = [entry for entry in before if entry.get("question") != question]
    entries = {entry["copy"]: entry for entry in before} | {copy.number: copy.entry(question) for copy in brought}
    return brought, [*of_others, *(entries[copy.number] for copy in each)]


def transcripts_of(transcripts: Mapping[str, str], marks: Mapping[str, str]) -> dict[str, Any]:
    """Return what the sealed originals say of recordings: the words as written, of the evidence that each is of."""
    said = [{"evidence": marks[path], "text": text} for path, text in transcripts.items() if path in marks]
    return {"transcripts": said} if said else {}


def lines_of(settled_copies: Mapping[str, Copy], marks: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the sealed originals say of copies: the evidence that each is of, and the hash of what it shows."""
    return [
        {"evidence": marks[path], "copy": copy.number, "content": copy.content} for path, copy in settled_copies.items()
    ]
