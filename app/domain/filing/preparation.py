"""The beginning of a case: its key, its holders, its founding text, and the code to ask for its state.

1. Draw the case key, the case log key and the founding text's nonce.
2. Derive the filer's keys for this case from the root; the status code follows from them.
3. Write the founding text; its hash is the case's number.
4. Check the other holders' keys: well-formed, each once, none the filer's own, seven at most.
5. Fill up to eight with throw-away keys, whose secret halves are dropped here, and salt each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.errors import FilingError
from app.domain.filing.manifest import ROSTER_SIZE
from crypto.age import HybridRecipient, hybrid_recipient
from crypto.errors import KeyTextError
from crypto.keys import CaseKeys, HolderKeys, case_id, case_keys, genesis_text, holder_keys, standing_keys
from crypto.note import NoteSigner
from crypto.secret import Random, SecretBytes

SEED_SIZE = 32
SALT_SIZE = 32
UPLOAD_ID_SIZE = 16
FILER, HOLDER, UNUSED = "filer", "holder", "unused"


@dataclass(frozen=True)
class RosterEntry:
    """One of the eight recipients of a case key; `label` says what it is for, to holders only."""

    recipient: HybridRecipient
    salt: bytes = field(repr=False)
    label: str


@dataclass(frozen=True, eq=False)
class Preparation:
    """A case that exists on this device only; `upload` is the id under which larger parts are put beforehand."""

    portal: str
    genesis: str
    case: str
    filer: HolderKeys
    case_seed: SecretBytes
    case_keys: CaseKeys
    case_log_key: SecretBytes
    roster: tuple[RosterEntry, ...]
    upload: str

    @property
    def status_code(self) -> str:
        """The code with which the case's state is asked for; the portal gets its hash only."""
        return self.filer.status_code

    @property
    def filer_signer(self) -> NoteSigner:
        """Who signs this case's manifests."""
        return NoteSigner(f"{self.portal}/filer", self.filer.filer)

    @property
    def holders(self) -> int:
        """How many people can open the case."""
        return sum(entry.label != UNUSED for entry in self.roster)


def prepare(portal: str, root: SecretBytes, holders: Sequence[str], random: Random) -> Preparation:
    """Return a new case for a portal's name, the filer's 16-byte root and the other holders' `age1pq1…` keys.

    Raises:
        FilingError: a holder's key is malformed or given twice, or there are more than eight holders.
    """
    # 1.
    case_seed, case_log_key = SecretBytes(random(SEED_SIZE)), SecretBytes(random(SEED_SIZE))
    nonce = random(SEED_SIZE)
    # 2.
    filer = holder_keys(root, portal, nonce)
    keys = case_keys(case_seed)
    # 3.
    filer_vkey = NoteSigner(f"{portal}/filer", filer.filer).vkey
    genesis = genesis_text(portal, filer_vkey, keys.recipient, nonce)
    # 4. and 5.
    own = (filer.recipient, standing_keys(root).recipient)
    roster = _roster(filer.recipient, check_holders(holders, own), random)
    upload = random(UPLOAD_ID_SIZE).hex()
    return Preparation(portal, genesis, case_id(genesis), filer, case_seed, keys, case_log_key, roster, upload)


def check_holders(holders: Sequence[str], own: Sequence[str] = ()) -> tuple[HybridRecipient, ...]:
    """Return other holders' recipients; `own` are keys that the filer has anyway. Raises FilingError."""
    if len(holders) > ROSTER_SIZE - 1:
        raise FilingError("too_many_holders", "holder", limit=ROSTER_SIZE)
    found: list[HybridRecipient] = []
    taken = {HybridRecipient.parse(text) for text in own}
    for number, text in enumerate(holders, start=1):
        recipient = _parse_holder(text, number)
        if recipient in taken:
            raise FilingError("holder_twice", "holder", number=number)
        taken.add(recipient)
        found.append(recipient)
    return tuple(found)


def _parse_holder(text: str, number: int) -> HybridRecipient:
    try:
        return HybridRecipient.parse(text.strip())
    except KeyTextError:
        pass
    raise FilingError("holder_invalid", "holder", number=number)


def _roster(own: str, others: Sequence[HybridRecipient], random: Random) -> tuple[RosterEntry, ...]:
    real = [(HybridRecipient.parse(own), FILER), *((recipient, HOLDER) for recipient in others)]
    spare = [(hybrid_recipient(SecretBytes(random(SEED_SIZE))), UNUSED) for _ in range(ROSTER_SIZE - len(real))]
    entries = [RosterEntry(recipient, random(SALT_SIZE), label) for recipient, label in (*real, *spare)]
    # In the order of random salts: the filer does not stand first in what everybody can count.
    return tuple(sorted(entries, key=lambda entry: entry.salt))
