"""The chain of manifests, as a portal that lies could serve it: older, other, forked, cut (rules 2, 3, 3a)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.client.case import CaseFile
from app.client.errors import TamperingError
from app.client.trust import check_chain
from crypto.digest import sha256_hex
from crypto.keys import CaseKeys, Genesis, case_id, case_keys, genesis_text, parse_genesis
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes

PORTAL = "portal.invalid"
FILER = NoteSigner(f"{PORTAL}/filer", SecretBytes(bytes(32)))


def keys(number: int) -> CaseKeys:
    """Return the keys of a case seed."""
    return case_keys(SecretBytes(bytes([number]) * 32))


GENESIS = genesis_text(PORTAL, FILER.vkey, keys(1).recipient, bytes(32))
CASE = case_id(GENESIS)


@dataclass
class Chain:
    """An honest chain: its notes, their bodies, and the seeds of the epochs so far."""

    notes: list[str]
    bodies: list[dict[str, Any]]
    seed: int = 1

    def signer(self) -> NoteSigner:
        """Return who signs the next version."""
        return NoteSigner(f"{PORTAL}/case", keys(self.seed).signer)

    def grow(self, *, anew: bool = False, **changed: Any) -> None:
        """Add a next version."""
        signer = self.signer()
        self.seed += anew
        body = {**self.bodies[-1], **names(self.seed)} if anew else dict(self.bodies[-1])
        body |= {"version": len(self.notes) + 1, "previous": sha256_hex(self.notes[-1].encode())}
        if anew:
            body |= {"epoch": body["epoch"] + 1, "objects": [entry(100 + len(self.notes))]}
        body |= changed
        self.bodies.append(body)
        self.notes.append(sign_typed(NoteType.MANIFEST, body, [signer]))


def names(seed: int) -> dict[str, str]:
    """Return the members of a manifest that name a case key."""
    made = keys(seed)
    return {
        "recipient": made.recipient,
        "signer": NoteSigner(f"{PORTAL}/case", made.signer).vkey,
        "sign_in": NoteSigner(f"{PORTAL}/sign-in", made.sign_in).vkey,
    }


def entry(number: int) -> dict[str, Any]:
    """Return an object's entry."""
    digest = f"{number:064x}"
    return {"kind": "file", "record": f"{number:016x}", "size": 9, "sha256": digest, "parts": [digest]}


def begun() -> Chain:
    """Return a first version."""
    body = {
        "v": 1,
        "portal": PORTAL,
        "case": CASE,
        "epoch": 1,
        "version": 1,
        "previous": "",
        "status": "0" * 64,
        "record": "1" * 64,
        "roster": [base64.b64encode(bytes([number]) * 32).decode() for number in range(8)],
        "objects": [entry(1), entry(2)],
        "review": {"settled": 0, "careful": True, "kept": []},
        "answers": [],
        "destroys": False,
        **names(1),
    }
    return Chain([sign_typed(NoteType.MANIFEST, body, [FILER])], [body])


def case_of(chain: Chain, seen: int) -> CaseFile:
    """Return case.json of a machine that has seen so many versions."""
    return CaseFile(
        state="filed",
        portal=PORTAL,
        url="https://portal.invalid",
        case=CASE,
        status_code="",
        log_origin="",
        log_vkey="",
        statement_vkey="",
        genesis=GENESIS,
        manifest_sha256=sha256_hex(chain.notes[seen - 1].encode()) if seen else "",
        manifest_version=seen,
        entry_index=0,
        language="es",
    )


def founding() -> Genesis:
    """Return the genesis."""
    return parse_genesis(GENESIS)


def grown(epochs: list[bool]) -> Chain:
    """Return a chain with a next version for each entry, in a new epoch where it is true."""
    chain = begun()
    for place, epoch in enumerate(epochs):
        chain.grow(anew=epoch) if epoch else chain.grow(objects=[*chain.bodies[-1]["objects"], entry(200 + place)])
    return chain


STEPS = st.lists(st.booleans(), max_size=5)


@settings(deadline=None)
@given(STEPS, st.data())
def test_an_honest_chain_is_believed_by_whoever_saw_any_of_it(epochs: list[bool], data: st.DataObject) -> None:
    """Each version that a machine may have seen leads to the newest one."""
    chain = grown(epochs)
    seen = data.draw(st.integers(0, len(chain.notes)))
    believed = check_chain(case_of(chain, seen), founding(), chain.notes)
    assert [manifest.sha256 for manifest in believed] == [sha256_hex(note.encode()) for note in chain.notes]
    assert believed[-1].epoch == 1 + sum(epochs)


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=5), st.data())
def test_a_chain_that_was_cut_is_a_rollback(epochs: list[bool], data: st.DataObject) -> None:
    """What this machine has seen is the least that it accepts."""
    chain = grown(epochs)
    seen = data.draw(st.integers(2, len(chain.notes)))
    cut = data.draw(st.integers(1, seen - 1))
    with pytest.raises(TamperingError) as stopped:
        check_chain(case_of(chain, seen), founding(), chain.notes[:cut])
    assert stopped.value.code == "manifest_older"


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=2, max_size=5), st.data())
def test_no_note_can_be_left_out_doubled_or_moved(epochs: list[bool], data: st.DataObject) -> None:
    """Any other sequence of true notes that does not begin the honest one is refused."""
    chain = grown(epochs)
    places = data.draw(st.lists(st.integers(0, len(chain.notes) - 1), min_size=1, max_size=6))
    served = [chain.notes[place] for place in places]
    if served == chain.notes[: len(served)]:
        assert check_chain(case_of(chain, 0), founding(), served)
        return
    with pytest.raises(TamperingError):
        check_chain(case_of(chain, 0), founding(), served)


def test_a_fork_signed_by_who_was_removed() -> None:
    """They have the signer of before: a machine that saw the new epoch refuses, and so does its successor chain."""
    honest, forked = begun(), begun()
    honest.grow(anew=True)
    forked.grow(record="2" * 64)
    with pytest.raises(TamperingError, match="manifest_other"):
        check_chain(case_of(honest, 2), founding(), forked.notes)
    forked.grow(record="3" * 64)
    with pytest.raises(TamperingError, match="manifest_other"):
        check_chain(case_of(honest, 2), founding(), forked.notes)
    with pytest.raises(TamperingError, match="manifest"):
        check_chain(case_of(honest, 2), founding(), [*honest.notes, forked.notes[2]])


@pytest.mark.parametrize(
    ("epoch", "changed"),
    [
        (False, {"recipient": keys(9).recipient}),
        (False, {"signer": names(9)["signer"]}),
        (False, {"sign_in": names(9)["sign_in"]}),
        (False, {"status": "9" * 64}),
        (False, {"epoch": 2}),
        (False, {"version": 9}),
        (False, {"previous": "0" * 64}),
        (True, {"epoch": 3}),
        (True, {"recipient": keys(1).recipient}),
        (True, {"signer": names(1)["signer"]}),
        (True, {"objects": [entry(1)]}),
        (False, {"answers": [{"question": 7, "record": "8" * 64}]}),
        (False, {"answers": []}),
    ],
)
def test_what_an_epoch_keeps_and_changes(epoch: bool, changed: dict[str, Any]) -> None:
    """Each rule between two versions, broken under the right key; an answer is replaced by a version that destroys."""
    chain = begun()
    chain.grow(answers=[{"question": 7, "record": "7" * 64}])
    chain.grow(anew=epoch, **changed)
    with pytest.raises(TamperingError, match="chain"):
        check_chain(case_of(chain, 1), founding(), chain.notes)
    if changed == {"answers": [{"question": 7, "record": "8" * 64}]}:
        again = Chain(chain.notes[:2], chain.bodies[:2])
        again.grow(destroys=True, **changed)
        assert check_chain(case_of(again, 1), founding(), again.notes)[-1].destroys


@pytest.mark.parametrize("changed", [{"version": 2}, {"epoch": 2}, {"destroys": True}, {"previous": "0" * 64}])
def test_a_first_version_begins(changed: dict[str, Any]) -> None:
    """Nothing comes before the first one."""
    first = begun()
    note = sign_typed(NoteType.MANIFEST, {**first.bodies[0], **changed}, [FILER])
    with pytest.raises(TamperingError, match="manifest"):
        check_chain(case_of(first, 0), founding(), [note])


def test_another_case_or_portal() -> None:
    """A true chain of another place is none of ours."""
    chain = grown([True])
    for other in (replace(case_of(chain, 0), case="a" * 26), replace(case_of(chain, 0), portal="other.invalid")):
        with pytest.raises(TamperingError, match="manifest"):
            check_chain(other, founding(), chain.notes)
    with pytest.raises(TamperingError, match="manifest"):
        check_chain(case_of(chain, 0), founding(), [])
