"""What is believed of a portal's answers about a case. Decisions only: no network, no files.

Rules
  1. The case id is the hash of the genesis text; the genesis names the filer's key and the case's recipient. Nobody
     can found another case under the same id, so a portal that serves another genesis is found out.
  2. Manifests form a chain: the filer's key of the genesis signed the first one, which names the recipient of the
     genesis; the key that each calls its signer signed the next one, which names the hash of the one before, the same
     portal and case, and the next version. The newest is the last of the chain, and nothing else.
  3. Within an epoch the case key and its two other keys stay. A new epoch is the next one, changes all three, and
     names no object of the epoch before. Answers stay, in order; only a version that destroys changes one.
  3a. The newest one that this machine has seen stands in the chain, at its place: a shorter chain is a rollback, one
     with another note there is a fork.
  4. A ciphertext counts when its hash stands in the manifest, whatever is inside it: a portal can seal a perfect
     forgery to the public recipient, but cannot have it signed.
  5. The case key opens with a holder's key, names its place, and leads to the recipient, sign-in key and signer key
     of the manifest; our own recipient is one of the eight commitments of the roster.
  6. Every other piece opens with the case key and names its own place. Only then is it released.

Worked example: a portal wants the words "María" in place of a witness. It seals an identity to the case's recipient
with a perfect head and serves it under the old hash: refused by rule 4. It writes a manifest with the new hash: not
signed, refused by rule 2. It founds a case of its own with its own filer key: another id, refused by rule 1. It serves
the manifest of last week, in which the withdrawn file still stands: refused by rule 3a. With somebody who was removed
as a holder last month, and has last month's case key, it signs another version 3 beside the one that this machine
knows: a fork, refused by rule 3a; a machine that has seen version 2 only cannot tell, until it compares with another.
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.client.case import CaseFile
from app.client.errors import TamperingError, WordsError
from app.client.transport import MIB
from crypto import bech32
from crypto.age import IDENTITY_PREFIX, Target
from crypto.digest import new_sha256, sha256_hex
from crypto.errors import AgeError, CryptoError, FrameError, KeyTextError, NoMatchError, NoteError
from crypto.framing import FrameKind, Head
from crypto.keys import (
    CaseKeys,
    Genesis,
    case_id,
    case_keys,
    holder_commitment,
    holder_keys,
    parse_genesis,
    standing_keys,
)
from crypto.note import NoteSigner, NoteType, NoteVerifier, open_typed, strict_base64
from crypto.opening import HybridIdentity, open_framed, open_framed_stream
from crypto.secret import SecretBytes

ROSTER_SIZE = 8
LARGEST_OBJECT = 64 * 1024 * MIB


@dataclass(frozen=True)
class Listed:
    """A sealed object as the manifest lists it; `size` in bytes of ciphertext."""

    kind: str
    record: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A manifest of the chain: what the case consists of. `sha256` is that of its note, `body` all that is signed.

    Read here and not by the models of `app.domain.filing`: opening a thousand names loads no redaction rules.
    """

    sha256: str
    portal: str
    case: str
    version: int
    epoch: int
    previous: str
    recipient: str
    signer: str
    sign_in: str
    status: str
    roster: frozenset[str]
    record: str
    objects: tuple[Listed, ...]
    answers: tuple[tuple[int, str], ...]
    destroys: bool
    body: Mapping[str, Any]

    def of_kind(self, kind: FrameKind) -> tuple[Listed, ...]:
        """Return the objects of a kind, in the manifest's order."""
        return tuple(item for item in self.objects if item.kind == kind)


@dataclass(frozen=True)
class Holder:
    """One of the eight recipients of the case key; `label` says what it is for, `own` whether these words open it."""

    recipient: str
    salt: bytes
    label: str
    own: bool


@dataclass(frozen=True)
class OpenedCase:
    """A case whose key was opened by one of its holders."""

    case: CaseFile
    manifest: Manifest
    identity: HybridIdentity
    case_log_key: SecretBytes
    keys: CaseKeys
    seed: SecretBytes
    chain: tuple[Manifest, ...]
    """Every version, the newest last."""
    roster: tuple[Holder, ...] = ()
    earlier: tuple[SecretBytes, ...] = ()
    """Seeds of the case keys of earlier epochs, oldest first: what the office sealed to them opens with them only."""

    @property
    def epochs(self) -> tuple[tuple[int, HybridIdentity], ...]:
        """Every epoch that these words open, with its case key, the newest first."""
        seeds = (self.seed, *reversed(self.earlier))
        return tuple((self.manifest.epoch - back, HybridIdentity(seed)) for back, seed in enumerate(seeds))

    @property
    def filed(self) -> str:
        """The hash of the first manifest, which the receipt of the case names."""
        return self.chain[0].sha256

    @property
    def signer(self) -> NoteSigner:
        """The key that signs the next version of the case."""
        return NoteSigner(f"{self.case.portal}/case", self.keys.signer)

    @property
    def sign_in(self) -> NoteSigner:
        """The key that signs sign-in texts of this case, and nothing else."""
        return NoteSigner(f"{self.case.portal}/sign-in", self.keys.sign_in)


def check_genesis(case: CaseFile, served: str) -> Genesis:
    """Return the genesis of a case (rule 1).

    Raises:
        TamperingError: the portal serves another one.
    """
    try:
        genesis = parse_genesis(case.genesis)
    except KeyTextError as error:
        raise TamperingError("genesis") from error
    if served != case.genesis or case_id(served) != case.case or genesis.portal != case.portal:
        raise TamperingError("genesis")
    return genesis


def check_chain(case: CaseFile, genesis: Genesis, notes: Sequence[str]) -> tuple[Manifest, ...]:
    """Return every manifest of a case, the newest last (rules 2 to 3a).

    1. The first one: the filer's signature, the recipient of the genesis. 2. Each next one: the signature of the key
    that the one before calls its signer; the next version, the hash of the one before; what an epoch keeps and changes.
    3. All are of this place. 4. What this machine has seen stands in it.

    Raises:
        TamperingError: one of them fails.
    """
    if not notes:
        raise TamperingError("manifest")
    # 1.
    chain = [_open_manifest(notes[0], genesis.filer_vkey)]
    if (chain[0].version, chain[0].epoch, chain[0].previous) != (1, 1, "") or chain[0].answers or chain[0].destroys:
        raise TamperingError("manifest")
    if chain[0].recipient != genesis.case_recipient:
        raise TamperingError("recipient")
    # 2.
    for note in notes[1:]:
        chain.append(_open_manifest(note, chain[-1].signer))
        check_next(chain[-2], chain[-1])
    # 3.
    if any((manifest.portal, manifest.case) != (case.portal, case.case) for manifest in chain):
        raise TamperingError("manifest")
    # 4.
    if len(chain) < case.manifest_version:
        raise TamperingError("manifest_older")
    if case.manifest_version and chain[case.manifest_version - 1].sha256 != case.manifest_sha256:
        raise TamperingError("manifest_other")
    return tuple(chain)


def check_next(before: Manifest, manifest: Manifest) -> None:
    """Check that a manifest may follow another (rules 2 and 3); raises `TamperingError`."""
    if (manifest.version, manifest.previous) != (before.version + 1, before.sha256):
        raise TamperingError("chain")
    keys = [(now.recipient, now.signer, now.sign_in) for now in (before, manifest)]
    if manifest.epoch == before.epoch:
        fits = keys[0] == keys[1] and manifest.status == before.status
    else:
        kept = {item.sha256 for item in before.objects} & {item.sha256 for item in manifest.objects}
        fits = manifest.epoch == before.epoch + 1 and not set(keys[0]) & set(keys[1]) and not kept
    if not fits or not _answers_follow(before, manifest):
        raise TamperingError("chain")


def _answers_follow(before: Manifest, manifest: Manifest) -> bool:
    kept = manifest.answers[: len(before.answers)]
    if manifest.destroys:
        return [question for question, _ in kept] == [question for question, _ in before.answers]
    return kept == before.answers


def _open_manifest(note: str, vkey: str) -> Manifest:
    try:
        body = open_typed(note, NoteType.MANIFEST, [NoteVerifier.parse(vkey)])
        return _read_manifest(body, sha256_hex(note.encode()))
    except (NoteError, KeyError, TypeError, ValueError) as error:
        raise TamperingError("manifest") from error


def check_object(listed: Listed, ciphertext: bytes) -> bytes:
    """Return a ciphertext whose hash the manifest names (rule 4); raises `TamperingError` for any other."""
    if len(ciphertext) != listed.size or sha256_hex(ciphertext) != listed.sha256:
        raise TamperingError("object", kind=listed.kind)
    return ciphertext


def open_case_key(
    case: CaseFile, genesis: Genesis, chain: Sequence[Manifest], ciphertext: bytes, root: SecretBytes
) -> OpenedCase:
    """Return the opened case (rules 4 and 5).

    1. The hash. 2. Open with the holder's keys for this case, or their standing ones. 3. Compare what is inside.

    Raises:
        WordsError: the words are of nobody who holds this case.
        TamperingError: the ciphertext or what is inside it is not what was filed.
    """
    manifest = chain[-1]
    listed = manifest.of_kind(FrameKind.CASE_KEY)
    if len(listed) != 1:
        raise TamperingError("manifest")
    # 1.
    check_object(listed[0], ciphertext)
    # 2.
    seeds = (holder_keys(root, case.portal, genesis.nonce).seed, standing_keys(root).seed)
    identities = [HybridIdentity(seed) for seed in seeds]
    body = _open_key_body(ciphertext, identities, _place(case, manifest, listed[0]))
    # 3.
    try:
        opened = _read_case_key(case, chain, body)
        recipients = {str(identity.recipient) for identity in identities}
        roster = _check_roster(manifest, json.loads(body)["roster"], recipients)
    except (KeyTextError, KeyError, TypeError, ValueError) as error:
        raise TamperingError("case_key") from error
    return replace(opened, roster=roster)


def _open_key_body(ciphertext: bytes, identities: Sequence[HybridIdentity], place: Head) -> bytes:
    try:
        return open_framed(ciphertext, identities, place)
    except NoMatchError as error:
        raise WordsError("words_wrong") from error
    except FrameError as error:
        raise TamperingError("place", kind=place.kind) from error
    except AgeError as error:
        raise TamperingError("case_key") from error


def _read_case_key(case: CaseFile, chain: Sequence[Manifest], body: bytes) -> OpenedCase:
    manifest = chain[-1]
    content = json.loads(body)
    seed = _read_seed(content["case_identity"])
    keys = case_keys(seed)
    log_key = SecretBytes(strict_base64(content["case_log_key"]))
    opened = OpenedCase(case, manifest, HybridIdentity(seed), log_key, keys, seed, tuple(chain))
    signer = NoteSigner(f"{case.portal}/case", keys.signer)
    expected = (manifest.recipient, manifest.sign_in, manifest.signer, case.genesis)
    opened = replace(opened, earlier=tuple(map(_read_seed, content.get("earlier", []))))
    if (keys.recipient, opened.sign_in.vkey, signer.vkey, content["genesis"]) != expected:
        raise TamperingError("case_key")
    return opened


def _read_seed(text: Any) -> SecretBytes:
    return SecretBytes(bech32.decode(IDENTITY_PREFIX, _typed(text, str).lower()))


def _check_roster(manifest: Manifest, roster: Sequence[Mapping[str, str]], ours: set[str]) -> tuple[Holder, ...]:
    holders = tuple(_read_holder(entry, ours) for entry in roster)
    known = len(manifest.roster) == ROSTER_SIZE and {_commitment(holder) for holder in holders} <= manifest.roster
    if not known or not any(holder.own for holder in holders):
        raise TamperingError("roster")
    return holders


def _read_holder(entry: Mapping[str, str], ours: set[str]) -> Holder:
    recipient = _typed(entry["recipient"], str)
    return Holder(recipient, strict_base64(entry["salt"]), _typed(entry["label"], str), recipient in ours)


def _commitment(holder: Holder) -> str:
    return base64.b64encode(holder_commitment(holder.salt, holder.recipient)).decode()


def open_object(opened: OpenedCase, listed: Listed, ciphertext: bytes) -> bytes:
    """Return what a sealed object holds (rules 4 and 6).

    Raises:
        TamperingError: it is another object than the manifest lists, or belongs in another place.
    """
    check_object(listed, ciphertext)
    try:
        return open_framed(ciphertext, [opened.identity], place_of(opened, listed))
    except FrameError as error:
        raise TamperingError("place", kind=listed.kind) from error
    except CryptoError as error:
        raise TamperingError("object", kind=listed.kind) from error


def open_object_stream(opened: OpenedCase, listed: Listed, pieces: Iterable[bytes], target: Target) -> None:
    """Write what a large sealed object holds, piece by piece (rules 4 and 6).

    What was written counts only when this returns: the hash is known at the end. The caller removes it otherwise.

    Raises:
        TamperingError: it is another object than the manifest lists, or belongs in another place.
    """
    source = _Hashed(pieces)
    try:
        open_framed_stream(source, target, [opened.identity], place_of(opened, listed))
    except FrameError as error:
        raise TamperingError("place", kind=listed.kind) from error
    except CryptoError as error:
        raise TamperingError("object", kind=listed.kind) from error
    if source.read(1) or (source.size, source.digest.hexdigest()) != (listed.size, listed.sha256):
        raise TamperingError("object", kind=listed.kind)


class _Hashed:
    """Reads from pieces as they arrive, and hashes what was read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = b""
        self.digest = new_sha256()
        self.size = 0

    def read(self, size: int, /) -> bytes:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        data, self._rest = self._rest[:size], self._rest[size:]
        self.digest.update(data)
        self.size += len(data)
        return data


def place_of(opened: OpenedCase, listed: Listed) -> Head:
    """Return the place that the head inside an object must name."""
    return _place(opened.case, opened.manifest, listed)


def _place(case: CaseFile, manifest: Manifest, listed: Listed) -> Head:
    return Head(case.portal, case.case, listed.kind, listed.record, manifest.epoch)


def _read_manifest(body: Mapping[str, Any], sha256: str) -> Manifest:
    """Read a signed manifest's body; raises KeyError, TypeError or ValueError where it has another form."""
    names = ("portal", "case", "previous", "recipient", "signer", "sign_in", "status", "record")
    texts = {name: _typed(body[name], str) for name in names}
    numbers = {name: _typed(body[name], int) for name in ("version", "epoch")}
    roster = frozenset(_typed(entry, str) for entry in _typed(body["roster"], list))
    objects = tuple(_read_listed(entry) for entry in _typed(body["objects"], list))
    answers = tuple(
        (_typed(entry["question"], int), _typed(entry["record"], str)) for entry in _typed(body["answers"], list)
    )
    return Manifest(
        sha256=sha256,
        roster=roster,
        objects=objects,
        answers=answers,
        destroys=_typed(body["destroys"], bool),
        body=body,
        **texts,
        **numbers,
    )


def _read_listed(entry: Any) -> Listed:
    kind = FrameKind(_typed(entry["kind"], str))
    record, size, digest = _typed(entry["record"], str), _typed(entry["size"], int), _typed(entry["sha256"], str)
    if not 0 < size <= LARGEST_OBJECT or not _is_hex(record, 16) or not _is_hex(digest, 64):
        raise ValueError("an object of the manifest has another form")
    return Listed(kind, record, size, digest)


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and set(text) <= set("0123456789abcdef")


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError("a field has another type")
    return value
