"""A new epoch: another case key for other holders, everything sealed anew on this machine, the old keys of no more use.

    1. A new case key is drawn; the roster gets new salts, and throw-away keys in the place of whoever leaves.
    2. Every object but the case key is fetched, verified, opened and sealed to the new key under its old mark; files
       pass in pieces, so that none is ever in the clear on a disk.
    3. So are the questions of the office, which the log vouches for until now and the manifest from now on; then the
       keys of before open nothing that there is, and the case key is sealed to the new roster without them.
    4. The manifest names the new keys and nothing of before, under the old signer.

Within the epoch a holder is added by sealing the same case key once more, to a roster with them in it.
"""

import json
import queue
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.client.errors import TamperingError
from app.client.messages import OfficeQuestion
from app.client.opening import batches, fetch, stream_object
from app.client.revising import key_of
from app.client.transport import Transport
from app.client.trust import Listed, OpenedCase, open_object
from app.domain.errors import FilingError
from app.domain.filing.manifest import ROSTER_SIZE
from app.domain.filing.parts import PartSink, PartStore
from app.domain.filing.preparation import (
    HOLDER,
    SALT_SIZE,
    SEED_SIZE,
    UNUSED,
    UPLOAD_ID_SIZE,
    RosterEntry,
    check_holders,
)
from app.domain.filing.revising import Revision, next_manifest
from app.domain.filing.sealing import CaseKey, CaseSealer, roster_commitments
from crypto.age import HybridRecipient, hybrid_recipient
from crypto.framing import IDENTITY_SIZE, FrameKind
from crypto.keys import case_keys, status_hash
from crypto.note import NoteSigner
from crypto.secret import Random, SecretBytes

_OTHERWISE = frozenset({FrameKind.CASE_KEY, FrameKind.FILE, FrameKind.MESSAGE})
"""What is not sealed anew as it is fetched: keys are others, files pass in pieces, the log vouches for messages."""
_WAITING_PIECES = 16
_PATIENCE = 0.1
"""Seconds between looks whether anybody still reads."""


def with_holder(opened: OpenedCase, recipient: str, sink: PartSink, random: Random) -> Revision:
    """Return the version in which one more person opens the case. Raises FilingError: their key, or too many."""
    key = key_of(opened)
    (added,) = check_holders([recipient], [str(entry.recipient) for entry in key.roster if entry.label != UNUSED])
    free = next((entry for entry in key.roster if entry.label == UNUSED), None)
    if free is None:
        raise FilingError("too_many_holders", "holder", limit=ROSTER_SIZE)
    others = [entry for entry in key.roster if entry is not free]
    grown = replace(key, roster=_in_order([*others, RosterEntry(added, random(SALT_SIZE), HOLDER)]))
    store = PartStore(sink)
    sealer = CaseSealer(grown, store, random)
    sealer.case_key()
    kept = [entry for entry in opened.manifest.body["objects"] if entry["kind"] != FrameKind.CASE_KEY]
    return _built(opened, sealer, store, kept, {"roster": roster_commitments(grown.roster)}, random)


def next_key(opened: OpenedCase, leaving: Sequence[str], joining: Sequence[RosterEntry], random: Random) -> CaseKey:
    """Return the case key of a next epoch (step 1); `leaving` are recipients, `joining` who comes in their place."""
    key = key_of(opened)
    staying = [entry for entry in key.roster if entry.label != UNUSED and str(entry.recipient) not in leaving]
    real = [replace(entry, salt=random(SALT_SIZE)) for entry in (*staying, *joining)]
    spare = [
        RosterEntry(hybrid_recipient(SecretBytes(random(SEED_SIZE))), random(SALT_SIZE), UNUSED)
        for _ in range(ROSTER_SIZE - len(real))
    ]
    seed = SecretBytes(random(SEED_SIZE))
    return replace(
        key,
        epoch=key.epoch + 1,
        seed=seed,
        recipient=case_keys(seed).recipient,
        roster=_in_order([*real, *spare]),
        earlier=(),
    )


def joining(recipient: str, label: str, random: Random) -> RosterEntry:
    """Return the place in a roster of somebody who comes."""
    return RosterEntry(HybridRecipient.parse(recipient), random(SALT_SIZE), label)


def _in_order(roster: Sequence[RosterEntry]) -> tuple[RosterEntry, ...]:
    return tuple(sorted(roster, key=lambda entry: entry.salt))


def sealed_anew(
    transport: Transport,
    opened: OpenedCase,
    key: CaseKey,
    messages: Sequence[OfficeQuestion],
    sink: PartSink,
    random: Random,
    code: str | None = None,
) -> Revision:
    """Return the first version of a new epoch (steps 2 to 4), for a holder who is signed in.

    `messages` are all that the portal has; `code` is a new status code.

    Raises:
        TamperingError: something is not what the manifest lists. NetworkError.
    """
    store = PartStore(sink)
    sealer = CaseSealer(key, store, random)
    naming: dict[str, bytes] = {}
    in_memory = [item for item in opened.manifest.objects if item.kind not in _OTHERWISE]
    for batch in batches(in_memory):
        for listed, sealed in fetch(transport, batch):
            body = open_object(opened, listed, sealed)
            size = IDENTITY_SIZE if listed.kind == FrameKind.IDENTITY else None
            sealer.data(FrameKind(listed.kind), listed.record, body, size)
            if listed.kind in (FrameKind.FILE_INDEX, FrameKind.ANSWER):
                naming[listed.record] = body
    sizes = _sizes(naming)
    for listed in opened.manifest.of_kind(FrameKind.FILE):
        if listed.record not in sizes:
            raise TamperingError("object", kind=listed.kind)
        _seal_file(transport, opened, listed, sizes[listed.record], sealer)
    for message in messages:  # 3
        sealer.data(FrameKind.MESSAGE, message.record, message.content)
    sealer.case_key()
    keys = case_keys(key.seed)
    changed: dict[str, Any] = {
        "epoch": key.epoch,
        "recipient": keys.recipient,
        "signer": NoteSigner(f"{key.portal}/case", keys.signer).vkey,
        "sign_in": NoteSigner(f"{key.portal}/sign-in", keys.sign_in).vkey,
        "roster": roster_commitments(key.roster),
    }
    if code is not None:
        changed["status"] = status_hash(code)
    return _built(opened, sealer, store, [], changed, random)  # 4


def _sizes(objects: Mapping[str, bytes]) -> dict[str, int]:
    """Return the length of every file by its mark, as the index and the answers say."""
    lines = (line for body in objects.values() for line in json.loads(body).get("files", []))
    return {line["record"]: line["size"] for line in lines}


def _seal_file(transport: Transport, opened: OpenedCase, listed: Listed, size: int, sealer: CaseSealer) -> None:
    """Seal a file anew while it is fetched and opened: what is sealed counts only once all of it was verified."""
    pipe = _Pipe()
    thread = threading.Thread(target=pipe.fill, args=(transport, opened, listed), daemon=True)
    thread.start()
    try:
        sealer.file(listed.record, pipe, size)
    finally:
        pipe.close()
        thread.join()
        pipe.check()


class OpenedFile:
    """A sealed file of a case as something to be sealed again: fetched and opened while it is read, never on a disk."""

    def __init__(self, transport: Transport, opened: OpenedCase, listed: Listed, name: str, size: int) -> None:
        """Take where it is; `size` in bytes of what is inside."""
        self._place = (transport, opened, listed)
        self.name = name
        self.size = size

    def open(self) -> "_Pipe":
        """Return the content from its beginning; what goes wrong is raised at its end, before that is believed."""
        pipe = _Pipe(strict=True)
        threading.Thread(target=pipe.fill, args=self._place, daemon=True).start()
        return pipe


class _Pipe:
    """Between opening, which pushes, and sealing, which pulls: a few pieces wait, and nothing touches the disk."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._pieces: queue.Queue[bytes | None] = queue.Queue(_WAITING_PIECES)
        self._rest = b""
        self._ended = False
        self._closed = threading.Event()
        self._error: Exception | None = None

    def fill(self, transport: Transport, opened: OpenedCase, listed: Listed) -> None:
        """Push the whole file; what goes wrong is kept for `check`."""
        try:
            stream_object(transport, opened, listed, self)
        except Exception as error:  # noqa: BLE001 - raised again by `check`, in the thread that can tell somebody
            self._error = error
        self.write(None)

    def write(self, data: bytes | None, /) -> None:
        """Take a piece that was opened, or the end; once nobody reads any more, drop it."""
        while not self._closed.is_set():
            try:
                self._pieces.put(data, timeout=_PATIENCE)
            except queue.Full:
                continue
            return

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        while not self._rest and not self._ended:
            piece = self._pieces.get()
            self._ended = piece is None
            self._rest = piece or b""
            if self._ended and self._strict:
                self.check()
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def close(self) -> None:
        """Let whoever pushes go on to their end."""
        self._closed.set()

    def check(self) -> None:
        """Raise what went wrong while the file was fetched and opened."""
        if self._error is not None:
            raise self._error


def _built(
    opened: OpenedCase,
    sealer: CaseSealer,
    store: PartStore,
    kept: Sequence[dict[str, Any]],
    changed: dict[str, Any],
    random: Random,
) -> Revision:
    objects = sorted(
        [*kept, *(item.entry() for item in sealer.objects)], key=lambda entry: (entry["kind"], entry["record"])
    )
    manifest = next_manifest(
        key_of(opened), opened.manifest.body, opened.manifest.sha256, {**changed, "objects": objects}
    )
    return Revision(
        manifest=manifest,
        record=None,
        answer=None,
        upload=random(UPLOAD_ID_SIZE).hex() if store.uploaded else None,
        parts=store.inline,
        uploaded=tuple(store.uploaded),
    )
