"""Bech32 keys: one spelling each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import bech32
from crypto.errors import KeyTextError

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


@given(st.binary(max_size=1300))
def test_decode_undoes_encode(data):
    """Every length, that of a post-quantum recipient too."""
    assert bech32.decode("age1pq", bech32.encode("age1pq", data)) == data


def test_known_value():
    """A valid string of BIP 173."""
    assert bech32.encode("abcdef", bytes.fromhex("00443214c74254b635cf84653a56d7c675be77df")) == (
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"
    )


@given(st.data())
def test_any_changed_letter_is_noticed(data):
    """A typing error never gives another key."""
    text = bech32.encode("age1pq", b"0123456789abcdef" * 2)
    at = data.draw(st.integers(7, len(text) - 1))
    letter = data.draw(st.sampled_from([letter for letter in CHARSET if letter != text[at]]))
    with pytest.raises(KeyTextError):
        bech32.decode("age1pq", text[:at] + letter + text[at + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "age1pq",
        "age1pq1",
        "age1pq1qqqqq",
        "age1pq1bio",
        "AGE1PQ1QQQQQQQQ",
        bech32.encode("age", b"x" * 32),
        bech32.encode("age1pq", b"x" * 32).upper(),
        bech32.encode("age1pq", b"x" * 32) + "\n",
        " " + bech32.encode("age1pq", b"x" * 32),
        bech32.encode("age1pq", b"x" * 32).replace("q", "ｑ"),
    ],
)
def test_other_text_is_refused(text):
    """Cut, of another prefix, upper case, padded, or with foreign letters."""
    with pytest.raises(KeyTextError):
        bech32.decode("age1pq", text)


@pytest.mark.parametrize("letters", ["q", "qqq", "qqqqqq", "ql", "qqqp"])
def test_leftover_bits_are_refused(letters):
    """A second spelling of a key with a right checksum is refused all the same."""
    state = bech32._polymod(bech32._expand("age1pq") + bytes(map(CHARSET.index, letters)) + bytes(6)) ^ 1
    checksum = "".join(CHARSET[state >> shift & 31] for shift in range(25, -1, -5))
    with pytest.raises(KeyTextError):
        bech32.decode("age1pq", f"age1pq1{letters}{checksum}")
