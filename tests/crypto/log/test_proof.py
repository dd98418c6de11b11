"""Receipts: the file form, and what cannot be proved with one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import CryptoError, NoteError, ProofError
from crypto.log import merkle
from crypto.log.checkpoint import parse_verifier, sign_checkpoint
from crypto.log.proof import LogProof
from tests.crypto.log.published import LOG, ORIGIN, checkpoint_of, node_of

ENTRIES = [f"entry {n}".encode() for n in range(300)]
KEY = parse_verifier(LOG.vkey)


def receipt(index: int = 5, size: int = 300, extra: bytes | None = b"extra") -> LogProof:
    """A proof of one entry under a tree of that size."""
    entries = ENTRIES[:size]
    hashes = merkle.inclusion_proof(index, size, node_of([merkle.leaf_hash(entry) for entry in entries]))
    return LogProof(index, tuple(hashes), extra, sign_checkpoint(checkpoint_of(entries), [LOG]))


@given(st.integers(1, 300), st.integers(0, 299), st.none() | st.binary(max_size=40))
def test_a_proof_survives_its_file_and_verifies(size, index, extra):
    """parse ∘ to_text is the identity; the checkpoint comes back."""
    proof = receipt(index % size, size, extra)
    assert LogProof.parse(proof.to_text()) == proof
    assert proof.verify(ENTRIES[index % size], ORIGIN, [KEY]) == checkpoint_of(ENTRIES[:size])


def test_the_form_of_the_file():
    """Header, extra, index, hashes, empty line, checkpoint."""
    lines = receipt(0, 2).to_text().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra ZXh0cmE=", "index 0"]
    assert lines[4:6] == ["", ORIGIN]


@given(st.integers(0, 20_000), st.integers(1, 127))
def test_any_change_outside_the_extra_data_is_refused(place, change):
    """Index, hashes and checkpoint are proved; the extra data is not, and says so."""
    text = receipt(extra=None).to_text()
    at = place % len(text)
    broken = text[:at] + chr(ord(text[at]) ^ change) + text[at + 1 :]
    with pytest.raises(CryptoError):
        LogProof.parse(broken).verify(ENTRIES[5], ORIGIN, [KEY])


def test_another_entry_is_not_proved():
    """The proof is of one entry at one place."""
    with pytest.raises(ProofError):
        receipt().verify(ENTRIES[6], ORIGIN, [KEY])
    with pytest.raises(NoteError):
        receipt().verify(ENTRIES[5], ORIGIN, [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("index 5\n", ""),
        ("index 5", "index 05"),
        ("index 5", "index -5"),
        ("index 5", "index ٥"),
        ("index 5", "index 9999999999999999999"),
        ("extra ZXh0cmE=", "extra ZXh0cmE"),
        ("extra ZXh0cmE=", "Extra ZXh0cmE="),
        ("index 5\n", "index 5\nAAAA\n"),
        ("index 5\n", "index 5\n" + ("A" * 43 + "=\n") * 64),
        ("\n\n", "\n"),
    ],
)
def test_malformed_proofs_are_refused(old, new):
    """Each part has one form."""
    with pytest.raises(ProofError):
        LogProof.parse(receipt().to_text().replace(old, new))


@pytest.mark.parametrize(
    "text", ["", "c2sp.org/tlog-proof@v1\n\n", "c2sp.org/tlog-proof@v1\nextra YQ==\n\n", "x" * 2**20 + "\n\n"]
)
def test_texts_that_are_no_proofs_are_refused(text):
    """Empty, without index, too long."""
    with pytest.raises(ProofError):
        LogProof.parse(text)
