"""The browser's own look at the public log: earlier states are its beginnings, what a portal lost is called lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from crypto.log.checkpoint import LogSigner
from crypto.log.merkle import CompactRange, consistency_proof, leaf_hash, range_hash
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes
from tests.crypto.log.test_keychange import FALSE, ORIGIN, A, B, C, Keys, announced
from tests.seal.modules import Refused, call, data, one, run

pytestmark = pytest.mark.node
SIZES = ((1, 2), (1, 7), (3, 7), (4, 7), (6, 7), (7, 7), (8, 16), (255, 256), (256, 300), (257, 300), (299, 300))


def _node(count: int) -> Callable[[int, int], bytes]:
    leaves = [leaf_hash(bytes([place % 251]) * 106) for place in range(count)]

    def node(level: int, index: int) -> bytes:
        edge = CompactRange()
        for leaf in leaves[index << level : (index + 1) << level]:
            edge.append(leaf)
        return edge.root()

    return node


def _state(size: int, root: bytes) -> dict[str, Any]:
    return {"size": size, "root": data(root)}


def test_the_browser_follows_the_proofs_of_python() -> None:
    """RFC 9162: the same proofs hold; with one hash changed, or another older root, none does."""
    node = _node(300)
    calls = []
    for old, new in SIZES:
        older, newer = range_hash(0, old, node), range_hash(0, new, node)
        proof = consistency_proof(old, new, node)
        wrong = [bytes(32), *proof[1:]] if proof else [bytes(32)]
        for root, path in ((older, proof), (older, wrong), (os.urandom(32), proof)):
            hashes = [data(each) for each in path]
            calls.append(call("log/tiles.js", "verifyConsistency", _state(old, root), _state(new, newer), hashes))
    found = run(*calls)
    assert [isinstance(each, Refused) for each in found] == [False, True, True] * len(SIZES)


def _portal() -> tuple[dict[str, str], dict[str, str], str]:
    """Return a portal's keys before and after a loss, and the note that leads from the ones to the others."""
    old, new = LogSigner("p.invalid/log", SecretBytes(bytes(32))), LogSigner("p.invalid/log2", SecretBytes(b"2" * 32))
    said = [NoteSigner(f"{log.name}/statements", SecretBytes(os.urandom(32))) for log in (old, new)]
    body = {
        "v": 1,
        "portal": "p.invalid",
        "from": {"origin": old.name, "log": old.vkey, "statements": said[0].vkey},
        "to": {"origin": new.name, "log": new.vkey, "statements": said[1].vkey},
        "kept": {"size": 5},
        "known": {"size": 8},
        "time": "2026-11-02T10:00:00Z",
    }
    note = sign_typed(NoteType.SUCCESSOR, body, said)
    keys = [
        {"name": "p.invalid", "log_origin": log.name, "log_vkey": log.vkey, "statement_vkey": key.vkey}
        for log, key in zip((old, new), said, strict=True)
    ]
    return keys[0], keys[1], note


def test_a_succession_is_followed_from_the_keys_of_the_first_day() -> None:
    """The present keys come by a note of the known ones; a note that they did not sign changes nothing."""
    old, new, note = _portal()
    followed, other = run(
        call("succession.js", "followed", old, [note]),
        call("succession.js", "followed", {**old, "statement_vkey": new["statement_vkey"]}, [note]),
    )
    assert (followed["log_origin"], followed["log_vkey"]) == (new["log_origin"], new["log_vkey"])
    assert [(each["log_origin"], each["kept"], each["lost"]) for each in followed["former"]] == [
        ("p.invalid/log", 5, 3)
    ]
    assert "former" not in other
    assert other["log_vkey"] == old["log_vkey"]


def test_lost_is_told_apart_from_withheld() -> None:
    """Law L7: of what was proved before, the portal admits that entry 6 is lost; entry 4 it keeps back."""
    old, new, note = _portal()
    portal = {**new, "former": [{**old, "kept": 5, "lost": 3, "day": "2026-11-02", "note": note}]}
    root = data(bytes(32))
    before = [
        {"index": index, "leaf": data(bytes(106)), "origin": old["log_origin"], "size": 8, "root": root, "fields": {}}
        for index in (4, 6)
    ]
    opened = {"portal": portal, "case": "a" * 26, "caseLogKey": data(bytes(32)), "chain": []}
    found = one("history.js", "checkHistory", opened, [], {"before": before})
    assert found["findings"] == [{"code": "withheld", "place": 4}, {"code": "lost", "place": 6}]


def _shown(keys: Keys) -> dict[str, str]:
    """A portal that shows a set of keys."""
    public = keys.public
    return {
        "name": "portal.example",
        "log_origin": ORIGIN,
        "log_vkey": public.log,
        "statement_vkey": public.statements,
    }


def test_announced_keys_are_followed_and_no_others() -> None:
    """From the first keys to the third, in whatever order they come; each false announcement leads nowhere."""
    links = [announced(B, C), announced(A, B)]
    followed, *refused = run(
        call("succession.js", "followed", _shown(A), links),
        *(call("succession.js", "followed", _shown(A), [false]) for false in FALSE.values()),
    )
    assert (followed["log_vkey"], followed["statement_vkey"]) == (C.public.log, C.public.statements)
    assert [each["announced"] for each in followed["former"]] == [5, 5]
    assert [each["log_vkey"] for each in refused] == [A.public.log] * len(FALSE)


def test_a_key_that_nothing_announces_is_refused() -> None:
    """Rule 3: the page opens nothing; a host that is a step behind is none of that."""
    (believed,) = run(call("succession.js", "followed", _shown(A), [announced(A, B)]))
    found = run(
        call("succession.js", "checkShown", _shown(C), believed),
        call("succession.js", "checkShown", _shown(B), believed),
        call("succession.js", "checkShown", _shown(A), believed),
    )
    assert [isinstance(each, Refused) for each in found] == [True, False, False]
