"""Next versions for tests of the service: sealed and signed as a client does, any member changed at will."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import rfc8785

from app.domain.filing.parts import PartStore
from app.domain.filing.sealing import CaseKey, CaseSealer, first_key, roster_commitments
from crypto.digest import sha256_hex
from crypto.framing import IDENTITY_SIZE, FrameKind
from crypto.keys import case_keys, status_hash
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes
from tests.filings import Filing


@dataclass
class Versions:
    """A case as a holder's device knows it: its newest manifest, and the key that signs the next one."""

    key: CaseKey
    note: str
    body: dict[str, Any]
    record: str
    uploads: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, filing: Filing) -> Versions:
        """Return the versions of a case that was just filed."""
        note = filing.body["manifest"]
        return cls(first_key(filing.prepared), note, _body(note), filing.body["record"])

    def signer(self, key: CaseKey | None = None) -> NoteSigner:
        """Return who signs the next version."""
        used = key or self.key
        return NoteSigner(f"{used.portal}/case", case_keys(used.seed).signer)

    def call(
        self,
        *,
        record: str | None = None,
        answer: tuple[int, str] | None = None,
        add: Mapping[str, bytes] | None = None,
        drop: Sequence[str] = (),
        destroys: bool = False,
        key: CaseKey | None = None,
        messages: Mapping[str, bytes] | None = None,
        code: str | None = None,
        signer: NoteSigner | None = None,
        **changed: Any,
    ) -> dict[str, Any]:
        """Return the call of a next version.

        `add` maps kinds to contents, `drop` are hashes of objects to leave out, `key` begins a new epoch: then every
        object of before is sealed again (as nothing in particular), and `messages`, by mark, as what is given;
        `changed` are members of the manifest.
        """
        store = PartStore(self.uploads.__setitem__)
        sealer = CaseSealer(key or self.key, store, os.urandom)
        kept = [] if key else [item for item in self.body["objects"] if item["sha256"] not in drop]
        for kind, data in (add or {}).items():
            seal_as(sealer, FrameKind(kind), data)
        if key:
            for item in self.body["objects"]:
                if item["kind"] != "case-key":
                    seal_as(sealer, FrameKind(item["kind"]), b"{}", item["record"])
            for mark, data in (messages or {}).items():
                seal_as(sealer, FrameKind.MESSAGE, data, mark)
            sealer.case_key()
        body = {
            **self.body,
            "version": self.body["version"] + 1,
            "previous": sha256_hex(self.note.encode()),
            "objects": [*kept, *(item.entry() for item in sealer.objects)],
            "destroys": destroys,
        }
        if record is not None:
            body["record"] = sha256_hex(record.encode())
        if answer is not None:
            said = {"question": answer[0], "record": sha256_hex(answer[1].encode())}
            others = [item for item in self.body["answers"] if item["question"] != answer[0]]
            body["answers"] = [*others, said]
        if key:
            body |= self._keys_of(key, code)
        body |= changed
        return {
            "manifest": sign_typed(NoteType.MANIFEST, body, [signer or self.signer()]),
            "record": record,
            "answer": {"question": answer[0], "record": answer[1]} if answer else None,
            "upload": None,
            "parts": {name: base64.b64encode(data).decode() for name, data in store.inline.items()},
        }

    def _keys_of(self, key: CaseKey, code: str | None) -> dict[str, Any]:
        keys = case_keys(key.seed)
        return {
            "epoch": key.epoch,
            "recipient": keys.recipient,
            "signer": NoteSigner(f"{key.portal}/case", keys.signer).vkey,
            "sign_in": NoteSigner(f"{key.portal}/sign-in", keys.sign_in).vkey,
            "roster": roster_commitments(key.roster),
            "status": status_hash(code) if code else self.body["status"],
        }

    def next_key(self) -> CaseKey:
        """Return the key of a next epoch, for the same holders."""
        seed = SecretBytes(os.urandom(32))
        salted = tuple(replace(entry, salt=os.urandom(32)) for entry in self.key.roster)
        recipient = case_keys(seed).recipient
        return replace(self.key, epoch=self.key.epoch + 1, seed=seed, recipient=recipient, roster=salted)

    def follow(self, call: Mapping[str, Any], key: CaseKey | None = None) -> Versions:
        """Return the versions once a call was taken."""
        note = call["manifest"]
        return Versions(key or self.key, note, _body(note), call["record"] or self.record, self.uploads)

    def hashes(self, kind: str) -> list[str]:
        """Return the hashes of the objects of a kind."""
        return [item["sha256"] for item in self.body["objects"] if item["kind"] == kind]


def seal_as(sealer: CaseSealer, kind: FrameKind, data: bytes, record: str | None = None) -> None:
    """Seal an object of a kind."""
    size = IDENTITY_SIZE if kind is FrameKind.IDENTITY else None
    sealer.data(kind, record or sealer.new_record(), data, size)


def other_record(text: str, summary: str = "Otra cosa pasó en la planta.") -> str:
    """Return a record with another summary."""
    record = json.loads(text)
    record["facts"]["summary"] = summary
    return rfc8785.dumps(record).decode()


def answer_text(question: int, words: str = "Fue en marzo.") -> str:
    """Return an answer as the office reads it."""
    salt = os.urandom(32).hex()
    return rfc8785.dumps({"v": 1, "question": question, "language": "es", "text": words, "salt": salt}).decode()


def _body(note: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(note.split("\n")[1])
    return body
