"""Derived keys, genesis, status code: one purpose each, and nothing that links two cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crypto.vault  # noqa: F401  # registers its labels
from crypto import keys
from crypto.age import hybrid_recipient
from crypto.errors import KeyTextError
from crypto.secret import SecretBytes

ROOT = SecretBytes(bytes(range(16)))
NONCE = b"n" * 16
RECIPIENT = str(hybrid_recipient(SecretBytes(b"\x07" * 32)))
PORTAL = "portal.invalid"
VKEY = f"{PORTAL}/filer+0123abcd+AQ+/b64="
FORMAT = Path(keys.__file__).with_name("FORMAT.md")


def test_label_reuse_is_refused():
    """One label, one purpose."""
    with pytest.raises(ValueError, match="in use"):
        keys.register(keys.HOLDER_AGE)


@pytest.mark.parametrize(
    "label", ["", "holder", "resguardo/v0/x", "resguardo/v1/", "resguardo/v1/Ñ", "resguardo/v1/a b"]
)
def test_malformed_label_is_refused(label):
    """All labels read alike."""
    with pytest.raises(ValueError, match="reads"):
        keys.register(label)


def test_unregistered_label_is_refused():
    """A label is registered before it is used."""
    with pytest.raises(ValueError, match="not registered"):
        keys.derive(ROOT, "resguardo/v1/nothing")


def test_every_label_stands_in_the_format_page():
    """The page for implementers lists exactly the labels of the code."""
    listed = {
        line.split("`")[1] for line in FORMAT.read_text("utf-8").splitlines() if line.startswith("| `resguardo/v")
    }
    assert listed == set(keys.labels())


def test_known_derivation():
    """HKDF of RFC 5869 over the info that FORMAT.md describes, computed apart."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    label = b"resguardo/v1/holder/filer"
    info = b"\x00\x20" + len(label).to_bytes(4, "big") + label
    info += len(PORTAL).to_bytes(4, "big") + PORTAL.encode() + len(NONCE).to_bytes(4, "big") + NONCE
    expected = HKDF(hashes.SHA256(), 32, None, info).derive(ROOT.reveal())
    assert keys.holder_keys(ROOT, PORTAL, NONCE).filer.reveal() == expected


@given(st.lists(st.binary(max_size=5), max_size=3), st.lists(st.binary(max_size=5), max_size=3))
def test_contexts_never_join_to_the_same(one, two):
    """``ab ‖ c`` and ``a ‖ bc`` are different places."""
    same = keys.derive(ROOT, keys.HOLDER_AGE, *one).reveal() == keys.derive(ROOT, keys.HOLDER_AGE, *two).reveal()
    assert same == (one == two)


def test_every_derived_key_is_another():
    """Labels, lengths, portals, nonces and roots all separate."""
    case = keys.case_keys(SecretBytes(b"\x07" * 32))
    holders = [
        keys.holder_keys(ROOT, PORTAL, NONCE),
        keys.holder_keys(ROOT, PORTAL, b"m" * 16),
        keys.holder_keys(ROOT, "other.invalid", NONCE),
        keys.holder_keys(SecretBytes(bytes(16)), PORTAL, NONCE),
    ]
    secrets = [one.seed.reveal() for one in holders] + [one.filer.reveal() for one in holders]
    secrets += [keys.standing_keys(ROOT).seed.reveal(), case.sign_in.reveal(), case.signer.reveal()]
    assert len(set(secrets)) == len(secrets)
    assert len({one.status_code for one in holders}) == len({one.recipient for one in holders}) == len(holders)


def test_derivation_is_repeatable():
    """Words alone bring everything back."""
    one, two = (keys.holder_keys(ROOT, PORTAL, NONCE) for _ in range(2))
    assert (one.recipient, one.status_code) == (two.recipient, two.status_code)
    assert one.recipient == str(hybrid_recipient(one.seed))
    assert keys.standing_keys(ROOT).recipient == str(hybrid_recipient(keys.standing_keys(ROOT).seed))
    assert keys.case_keys(one.seed).recipient == one.recipient


def test_key_objects_show_no_secret():
    """Neither seeds nor the status code stand in a repr."""
    holder = keys.holder_keys(ROOT, PORTAL, NONCE)
    assert holder.status_code not in repr(holder)
    assert "***" in repr(holder)


@pytest.mark.parametrize("call", [keys.standing_keys, lambda root: keys.holder_keys(root, PORTAL, NONCE)])
def test_root_has_16_bytes(call):
    """A case seed passed for a root is refused."""
    with pytest.raises(ValueError, match="16 bytes"):
        call(SecretBytes(bytes(32)))


def test_genesis_round_trip():
    """Text and back; the case id is that of the text."""
    text = keys.genesis_text(PORTAL, VKEY, RECIPIENT, NONCE)
    assert keys.parse_genesis(text) == keys.Genesis(PORTAL, VKEY, RECIPIENT, NONCE)
    assert text.startswith("resguardo/genesis/v1\n{")
    assert text.endswith("}\n")


def test_case_id_is_26_letters_of_the_hash():
    """Base32 of e3b0c442…, the hash of the empty text, computed apart bit by bit."""
    bits = f"{int('e3b0c44298fc1c149afbf4c8996fb924', 16):0128b}" + "00"
    letters = ["abcdefghijklmnopqrstuvwxyz234567"[int(bits[at : at + 5], 2)] for at in range(0, 130, 5)]
    assert keys.case_id("") == "".join(letters)
    assert keys.case_id("a") != keys.case_id("b")


WRONG: tuple[object, ...] = (None, 1, "", "ñ", [])
BODY: dict[str, object] = {"portal": PORTAL, "filer": VKEY, "recipient": RECIPIENT, "nonce": "bm5ubm5ubm5ubm5ubm5ubg=="}


def spelled(body: object, line: str = keys.GENESIS_LINE) -> str:
    return f"{line}\n{json.dumps(body, sort_keys=True, separators=(',', ':'))}\n"


def test_spelled_genesis_is_the_genesis():
    """The helper of the next test spells the good one right."""
    assert keys.parse_genesis(spelled(BODY)) == keys.Genesis(PORTAL, VKEY, RECIPIENT, NONCE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "resguardo/genesis/v1\n",
        spelled(BODY, "resguardo/genesis/v2"),
        spelled(BODY)[:-1],
        spelled(BODY) + "\n",
        spelled(BODY).replace(",", ", "),
        spelled([]),
        spelled("x"),
        spelled({}),
        spelled(BODY | {"more": 1}),
        *(spelled(BODY | {name: wrong}) for name in BODY for wrong in WRONG),
        spelled(BODY | {"portal": "other.invalid"}),
        spelled(BODY | {"portal": "two words", "filer": VKEY.replace(PORTAL, "two words")}),
        spelled(BODY | {"portal": "a+b", "filer": VKEY.replace(PORTAL, "a+b")}),
        spelled(BODY | {"recipient": RECIPIENT[:-1]}),
        spelled(BODY | {"nonce": "bm5u"}),
        spelled(BODY | {"nonce": "bm5ubm5ubm5ubm5ubm5ubh=="}),
        spelled(BODY | {"nonce": "bm5u" * 20}),
        spelled(BODY | {"portal": "p" * 9000}),
        "resguardo/genesis/v1\n" + "[" * 8000,
    ],
)
def test_other_genesis_is_refused(text):
    """A genesis has one spelling: else one case would have two ids."""
    with pytest.raises(KeyTextError):
        keys.parse_genesis(text)


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code.replace('-', '')}\n"]
)
@pytest.mark.parametrize("number", range(8))
def test_status_code_is_forgiving(typed, number):
    """Case, spaces and dashes do not count, nor the digits that look like letters."""
    code = keys.holder_keys(ROOT, PORTAL, bytes([number]) * 16).status_code
    assert len(code) == 29
    assert keys.normalise_status_code(code) == code
    assert keys.normalise_status_code(typed(code)) == code
    assert keys.status_hash(typed(code)) == keys.status_hash(code)
    assert keys.normalise_status_code(code.replace("O", "0").replace("I", "1").replace("B", "8")) == code


@pytest.mark.parametrize("code", ["", "AAAA", "A" * 23, "A" * 25, "9" * 24, "Ñ" * 24])
def test_malformed_status_code_is_refused(code):
    """Before it is hashed and looked for."""
    with pytest.raises(KeyTextError):
        keys.status_hash(code)


def test_status_hash_is_labelled():
    """The hash of a code is for nothing else: it is not the plain SHA-256."""
    from crypto.digest import sha256_hex

    code = "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"
    assert len(keys.status_hash(code)) == 64
    assert keys.status_hash(code) != sha256_hex(code.encode())


def test_holder_commitment_hides_and_binds():
    """Another salt or recipient gives another commitment; a short salt, which could be tried, is refused."""
    salts = [b"s" * 16, b"t" * 16]
    found = {keys.holder_commitment(salt, recipient) for salt in salts for recipient in (RECIPIENT, "other")}
    assert len(found) == 4
    assert {len(one) for one in found} == {32}
    with pytest.raises(ValueError, match="16 bytes"):
        keys.holder_commitment(b"short", RECIPIENT)
