"""Assisted intake: the steps of a petitioner's device taken here in memory, for those who cannot seal (law L2).

Rules
    1. It is the one moment in which the service sees names. Nothing of it is stored, logged or told to anybody but the
       caller: what is kept is what a sealed filing would have left.
    2. Words and preparation together give the same case again, its number and status code included: the caller has both
       before anything is filed, so a lost answer loses nothing. Either alone gives nothing.
    3. A repeated call is recognised by a random key of the caller's. What was sent is compared under that same key, so
       that what is stored confirms no guess about its content to anyone else.
    4. A refusal names fields that the petition's model has; a name that the caller made up may be a person's.

Worked example: a federation's system calls *prepare*, keeps words and preparation, calls *file*, and the connection
breaks. It makes the same call again and gets the receipt of the case whose number it knew beforehand.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, Self

from pydantic import BaseModel

from app.domain.errors import AssistedError, DomainError, PetitionRefusedError
from app.domain.filing import Decision, MemoryFile, Preparation, Review, prepare
from app.domain.filing.form import Record
from app.domain.paths import parse_path, path_text
from app.domain.petition import Loaded, Petition, load_values
from app.i18n import LANGUAGES
from crypto import phrase
from crypto.digest import hmac_sha256, sha256_hex
from crypto.errors import PhraseError
from crypto.keys import ASSISTED_CALL, ASSISTED_ROW, ASSISTED_STREAM, derive
from crypto.secret import Random, SecretBytes

MIB = 1024 * 1024
MAX_FILE = 30 * MIB
"""Bytes of one file in an assisted call."""
TOKEN_SIZE = 32
DETAIL = "assisted"
"""What the log commits to beside the kind of the entry; the open leaf does not show it."""
_TOKEN = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9a-f]{32,128}")

Purpose = Literal["case", "labels"]


@dataclass(frozen=True, eq=False)
class Beginning:
    """Words and preparation of one case: everything about it that is drawn by lot follows from the two."""

    root: SecretBytes
    token: SecretBytes

    @classmethod
    def fresh(cls, random: Random) -> Self:
        """Draw a new one."""
        return cls(SecretBytes(random(phrase.ROOT_SIZE)), SecretBytes(random(TOKEN_SIZE)))

    @classmethod
    def read(cls, words: str, preparation: str) -> Self:
        """Return what a caller sent back. Raises AssistedError: words_…, preparation_form."""
        if not _TOKEN.fullmatch(preparation):
            raise AssistedError("preparation_form", "preparation")
        return cls(_root(words), SecretBytes(bytes.fromhex(preparation)))

    @property
    def preparation(self) -> str:
        """The part that is not words, in hex."""
        return self.token.reveal().hex()

    def random(self, portal: str, purpose: Purpose) -> Random:
        """Return a source that gives the same bytes each time, apart for each portal and purpose."""
        secret = SecretBytes(self.root.reveal() + self.token.reveal())
        drawn = 0

        def draw(size: int) -> bytes:
            nonlocal drawn
            drawn += 1
            context = (portal.encode(), purpose.encode(), drawn.to_bytes(8, "big"))
            return derive(secret, ASSISTED_STREAM, *context, length=size).reveal()

        return draw

    def case(self, portal: str, holders: Iterable[str] = ()) -> Preparation:
        """Return the case: the same number, keys and status code each time. Raises FilingError: holder_…"""
        return prepare(portal, self.root, list(holders), self.random(portal, "case"))

    def review(self, portal: str, petition: Petition, language: str) -> Review:
        """Return what must be settled in a petition, with the same labels each time."""
        return Review(petition, language, self.random(portal, "labels"))


def _root(words: str) -> SecretBytes:
    try:
        return phrase.root(words)
    except PhraseError as error:
        reason, number = error.reason, error.position
    raise AssistedError(f"words_{reason}", "words", number=number)


@dataclass(frozen=True, eq=False)
class AssistedCall:
    """A filing call of assisted intake, parsed: `files` are contents by what `evidence[].file` says."""

    petition: Mapping[str, Any] = field(repr=False)
    language: str
    decisions: Mapping[str, Decision] = field(repr=False)
    careful: bool
    signed_off: Collection[str] = field(repr=False)
    words: str = field(repr=False)
    preparation: str = field(repr=False)
    holders: Collection[str]
    files: Mapping[str, bytes] = field(repr=False)
    key: str = field(repr=False)


@dataclass(frozen=True)
class Mark:
    """How a call is recognised when it comes again; both in hex."""

    key_hash: str
    call_hash: str


def mark_of(call: AssistedCall) -> Mark:
    """Return how a call is recognised. Raises AssistedError: key_form."""
    if not _KEY.fullmatch(call.key):
        raise AssistedError("key_form", "idempotency_key")
    key = SecretBytes(call.key.encode())
    said = {
        "petition": call.petition,
        "language": call.language,
        "decisions": dict(call.decisions),
        "careful": call.careful,
        "signed_off": sorted(call.signed_off),
        "words": call.words,
        "preparation": call.preparation,
        "holders": list(call.holders),
        "files": {name: sha256_hex(data) for name, data in call.files.items()},
    }
    content = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    call_hash = hmac_sha256(derive(key, ASSISTED_CALL), content).hex()
    return Mark(derive(key, ASSISTED_ROW).reveal().hex(), call_hash)


def load_petition(values: Mapping[str, Any]) -> Loaded:
    """Return the petition of a call. Raises PetitionRefusedError, RoutedElsewhereError, as rule 4 wants them."""
    try:
        return load_values(values)
    except DomainError as error:
        refusal = nameless(error)
    raise refusal


def written_in(petition: Petition, wanted: str) -> str:
    """Return the language of the labels: that of the petition they stand in, else the caller's."""
    return petition.language if petition.language in LANGUAGES else wanted


def named_files(petition: Petition) -> dict[str, str]:
    """Return what each entry of the evidence calls its file, by the path of the entry."""
    named = ((place, item.file) for place, item in enumerate(petition.evidence) if item.file)
    return {path_text(("evidence", place)): file for place, file in named}


def check_files(petition: Petition, sizes: Mapping[str, int]) -> None:
    """Look at sizes in bytes by name of the file. Raises AssistedError: file_unknown, file_large."""
    known = set(named_files(petition).values())
    for place, (name, size) in enumerate(sizes.items()):
        if name not in known:
            raise AssistedError("file_unknown", f"files[{place}]")
        if size > MAX_FILE:
            raise AssistedError("file_large", f"files[{place}]", limit=MAX_FILE // MIB)


def evidence_files(petition: Petition, given: Mapping[str, bytes]) -> dict[str, MemoryFile]:
    """Return the given contents by the path of their entry; what is missing is refused when it is sealed."""
    found = {path: (file, given[file]) for path, file in named_files(petition).items() if file in given}
    return {path: MemoryFile(_without_folders(file), data) for path, (file, data) in found.items()}


def _without_folders(name: str) -> str:
    return re.split(r"[/\\]", name)[-1]


# Rule 4


def nameless(error: DomainError) -> DomainError:
    """Return a refusal whose field holds no name that the petition's model does not have."""
    if isinstance(error, PetitionRefusedError):
        return PetitionRefusedError(nameless(problem) for problem in error.problems)
    params = {name: value for name, value in error.params.items() if name not in {"field", "line"}}
    if "nearest" in params:
        params["nearest"] = _named(str(params["nearest"]))
    if error.code == "known_token_left" and params["kind"] != "name":
        params["kind"] = "identifier"  # the kind of a listed identifier is the caller's own word
    return type(error)(error.code, _named(error.field), **params)


def _named(path: str) -> str:
    return path_text(_known(step) for step in parse_path(path))


def _known(step: str | int) -> str | int:
    return step if isinstance(step, int) or step in _model_names() else "…"


@cache
def _model_names() -> frozenset[str]:
    """Return every name that a field of a petition or record has."""
    pending: list[Any] = [Petition, Record]
    models: set[type[BaseModel]] = set()
    while pending:
        kind = pending.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in models:
            models.add(kind)
            pending.extend(entry.annotation for entry in kind.model_fields.values())
        pending.extend(getattr(kind, "__args__", ()))
    names = {entry.alias or name for model in models for name, entry in model.model_fields.items()}
    return frozenset({*names, *LANGUAGES, "holder"})
