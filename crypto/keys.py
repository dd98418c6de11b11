"""Which key comes from which: derivation, its registry of labels, the genesis text and what certifies itself by it.

Rules
1. Every derived key and every tagged hash has a label of its own, registered once. A label in use is refused: two
   purposes under one label would let what is made for one be shown for the other.
2. What goes into a derivation is length-prefixed, so that no two contexts join to the same bytes.
3. A holder's keys for a case depend on portal and genesis nonce: nothing that the portal sees links two cases of one
   root, unless the holder joins them.
4. A case id is a hash of its genesis text: whoever knows the id knows the filer's key and the case recipient.

Worked example: twelve words → root → ``holder_keys(root, "portal.invalid", nonce)`` → ``.filer`` signs the manifest,
``.seed`` opens the case key, ``.status_code`` is written on paper.

Source: RFC 5869 (HKDF), FORMAT.md "Keys" and "Genesis".
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.age import HybridRecipient, hybrid_recipient
from crypto.canonical import canonical_json
from crypto.digest import sha256, sha256_hex
from crypto.errors import KeyTextError
from crypto.secret import SecretBytes

KEY_SIZE = 32
ROOT_SIZE = 16
CASE_ID_BYTES = 16
STATUS_CODE_BYTES = 15  # 120 bits: 24 letters without padding
MIN_NONCE = 16
MIN_SALT = 16
MAX_GENESIS = 8 * 1024  # a recipient has some 2000 letters; a longer text is no genesis

_registered: dict[str, None] = {}


def register(label: str) -> str:
    """Add a label to the registry and return it; raises ValueError for one in use or of another shape."""
    if not re.fullmatch(r"resguardo/v[1-9][0-9]*/[a-z0-9/-]+", label) or len(label) > 255:
        raise ValueError("a label reads resguardo/v<number>/<purpose>")
    if label in _registered:
        raise ValueError(f"the label {label} is in use")
    _registered[label] = None
    return label


def labels() -> tuple[str, ...]:
    """Return all registered labels, in the order of registration."""
    return tuple(_registered)


HOLDER_AGE = register("resguardo/v1/holder/age")
HOLDER_FILER = register("resguardo/v1/holder/filer")
HOLDER_STATUS_CODE = register("resguardo/v1/holder/status-code")
STANDING_AGE = register("resguardo/v1/standing/age")
CASE_SIGN_IN = register("resguardo/v1/case/sign-in")
CASE_SIGNER = register("resguardo/v1/case/signer")
STATUS_HASH = register("resguardo/v1/hash/status-code")
HOLDER_COMMITMENT = register("resguardo/v1/hash/holder")
ASSISTED_STREAM = register("resguardo/v1/assisted/stream")
ASSISTED_ROW = register("resguardo/v1/assisted/row")
ASSISTED_CALL = register("resguardo/v1/assisted/call")
GENESIS_LINE = "resguardo/genesis/v1"

_VKEY = re.compile(r"(?P<name>[!-*,-~]+)\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}")
_PORTAL = re.compile(r"[!-*,-~]{1,200}")  # printable ASCII; a plus sign would end the name inside a vkey
_CODE = re.compile(r"[A-Z2-7]{24}")
_LOOK_ALIKES = str.maketrans("018", "OIB")
_GROUP = 4


@dataclass(frozen=True, eq=False)
class HolderKeys:
    """What one holder has for one case: age seed and recipient, seed of the filer's note key, status code."""

    seed: SecretBytes
    recipient: str
    filer: SecretBytes
    status_code: str = field(repr=False)


@dataclass(frozen=True, eq=False)
class StandingKeys:
    """What a person gives to others before there is a case: age seed and recipient."""

    seed: SecretBytes
    recipient: str


@dataclass(frozen=True, eq=False)
class CaseKeys:
    """What follows from a case key: its recipient, and the seeds of the note keys for sign-in and statements."""

    recipient: str
    sign_in: SecretBytes
    signer: SecretBytes


@dataclass(frozen=True)
class Genesis:
    """The four facts that make a case: portal name, filer's vkey, case recipient, random nonce."""

    portal: str
    filer_vkey: str
    case_recipient: str
    nonce: bytes


def derive(secret: SecretBytes, label: str, *context: bytes, length: int = KEY_SIZE) -> SecretBytes:
    """Return ``length`` bytes for one purpose from ``secret``.

    HKDF-SHA256 without salt; info = length (2 bytes) ‖ label and each context, each behind its length (4 bytes).
    Raises: ValueError for a label that is not registered. Source: RFC 5869.
    """
    if label not in _registered:
        raise ValueError(f"the label {label} is not registered")
    info = length.to_bytes(2, "big") + _joined(label, *context)
    return SecretBytes(HKDF(hashes.SHA256(), length, None, info).derive(secret.reveal()))


def holder_keys(root: SecretBytes, portal: str, nonce: bytes) -> HolderKeys:
    """Return a holder's keys for the case whose genesis has this portal name and nonce."""
    _check_root(root)
    context = (portal.encode("utf-8"), nonce)
    seed = derive(root, HOLDER_AGE, *context)
    code = derive(root, HOLDER_STATUS_CODE, *context, length=STATUS_CODE_BYTES)
    return HolderKeys(
        seed=seed,
        recipient=str(hybrid_recipient(seed)),
        filer=derive(root, HOLDER_FILER, *context),
        status_code=status_code_of(code.reveal()),
    )


def standing_keys(root: SecretBytes) -> StandingKeys:
    """Return the keys under which a person can be made a holder by somebody else."""
    _check_root(root)
    seed = derive(root, STANDING_AGE)
    return StandingKeys(seed, str(hybrid_recipient(seed)))


def case_keys(case_seed: SecretBytes) -> CaseKeys:
    """Return what follows from the 32-byte seed of a case key."""
    return CaseKeys(
        recipient=str(hybrid_recipient(case_seed)),
        sign_in=derive(case_seed, CASE_SIGN_IN),
        signer=derive(case_seed, CASE_SIGNER),
    )


def genesis_text(portal: str, filer_vkey: str, case_recipient: str, nonce: bytes) -> str:
    """Return the genesis text: type line, RFC 8785 JSON, each ended by LF; raises KeyTextError for malformed parts."""
    _check_genesis(Genesis(portal, filer_vkey, case_recipient, nonce))
    body = {
        "portal": portal,
        "filer": filer_vkey,
        "recipient": case_recipient,
        "nonce": base64.b64encode(nonce).decode("ascii"),
    }
    return f"{GENESIS_LINE}\n{canonical_json(body).decode('utf-8')}\n"


def parse_genesis(text: str) -> Genesis:
    """Read a genesis text; raises KeyTextError for anything that :func:`genesis_text` would not have written.

    Whether the filer's key is a good one is checked where it is used (:mod:`crypto.note`).
    """
    if len(text) > MAX_GENESIS:
        raise KeyTextError("a genesis text is not that long")
    try:
        body = json.loads(text.partition("\n")[2])
        nonce = base64.b64decode(body["nonce"], validate=True)
        genesis = Genesis(body["portal"], body["filer"], body["recipient"], nonce)
        canonical = genesis_text(genesis.portal, genesis.filer_vkey, genesis.case_recipient, genesis.nonce)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise KeyTextError("the genesis text is malformed") from None
    if canonical != text:
        raise KeyTextError("the genesis text is not in canonical form")
    return genesis


def case_id(genesis: str) -> str:
    """Return the case id of a genesis text: 26 letters, base32 of the first 16 bytes of its SHA-256."""
    digest = sha256(genesis.encode("utf-8"))[:CASE_ID_BYTES]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


def status_code_of(data: bytes) -> str:
    """Return the status code that 15 bytes make, in its normal form."""
    if len(data) != STATUS_CODE_BYTES:
        raise ValueError("a status code has 15 bytes")
    return _grouped(base64.b32encode(data).decode("ascii"))


def normalise_status_code(text: str) -> str:
    """Return a typed status code as it is shown, ``XXXX-XXXX-XXXX-XXXX-XXXX-XXXX``; raises KeyTextError.

    Case, spaces and dashes do not count; the digits 0, 1 and 8, which no code holds, are read as O, I and B.
    """
    letters = re.sub(r"[\W_]+", "", text.upper()).translate(_LOOK_ALIKES)
    if not _CODE.fullmatch(letters):
        raise KeyTextError("a status code has 24 letters and digits from 2 to 7")
    return _grouped(letters)


def status_hash(code: str) -> str:
    """Return what the portal stores for a status code: 64 hex digits; raises KeyTextError for a malformed code."""
    return sha256_hex(_joined(STATUS_HASH, normalise_status_code(code).encode("ascii")))


def holder_commitment(salt: bytes, recipient: str) -> bytes:
    """Return the 32 bytes that stand for a holder in a manifest; the salt has at least 16 random bytes."""
    if len(salt) < MIN_SALT:
        raise ValueError("a salt has at least 16 bytes")
    return sha256(_joined(HOLDER_COMMITMENT, salt, recipient.encode("utf-8")))


def _joined(label: str, *parts: bytes) -> bytes:
    """Return label and parts, each behind its length in four bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in (label.encode("ascii"), *parts))


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def _check_root(root: SecretBytes) -> None:
    if len(root) != ROOT_SIZE:
        raise ValueError("a root has 16 bytes")


def _check_genesis(genesis: Genesis) -> None:
    if not _PORTAL.fullmatch(genesis.portal):
        raise KeyTextError("the portal's name is malformed")
    filer = _VKEY.fullmatch(genesis.filer_vkey)
    if filer is None or filer["name"] != f"{genesis.portal}/filer":
        raise KeyTextError("the filer's key is malformed, or not of this portal")
    HybridRecipient.parse(genesis.case_recipient)
    if not MIN_NONCE <= len(genesis.nonce) <= KEY_SIZE:
        raise KeyTextError("a genesis nonce has 16 to 32 bytes")
