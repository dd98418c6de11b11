"""The reader's mark: one sitting, one key in two shares, one code."""

from __future__ import annotations

import pytest

from crypto.errors import KeyTextError
from crypto.mark import MarkShares, code_of, commitment_of, new_shares, normalise_code
from crypto.secret import SecretBytes

SHARES = MarkShares(SecretBytes(bytes(range(32))), SecretBytes(bytes(range(32, 64))))
PLACE = ("Ana Ejemplo", "k3v9m2q7xw5t8r4n6p2c7d3f5h", "evidence-3/1", 1770000000)


def test_code_and_commitment_are_pinned() -> None:
    """The codes on pages that left are read for years: this vector never changes."""
    assert code_of(SHARES, *PLACE) == "Y6ZL-FF4K-6EME-BCIE"
    assert commitment_of(SHARES) == "d1915e9c9a8b399e0e29e433111e82e7565127d23cf6ddc01372ab10bd35e495"


@pytest.mark.parametrize("other", [("Ana", *PLACE[1:]), (*PLACE[:3], 1), (PLACE[0], "k", *PLACE[2:])])
def test_each_part_counts(other: tuple[str, str, str, int]) -> None:
    """Another reader, case, record or moment is another code; so is another share."""
    swapped = MarkShares(SHARES.auditor, SHARES.operator)
    assert len({code_of(SHARES, *PLACE), code_of(SHARES, *other), code_of(swapped, *PLACE)}) == 3


def test_shares_are_drawn_apart() -> None:
    """Each share is 32 bytes of its own; no other length makes a key."""
    drawn = iter([bytes(32), bytes(range(32))])
    shares = new_shares(lambda _: next(drawn))
    assert shares.operator.reveal() != shares.auditor.reveal()
    with pytest.raises(ValueError, match="32 bytes"):
        MarkShares(SecretBytes(b"short"), shares.auditor)


def test_a_typed_code_is_read_as_it_was_meant() -> None:
    """Case, spaces, dashes and look-alikes do not count; anything else is refused."""
    assert normalise_code(" aaaa bbbb-cccc dd01") == "AAAA-BBBB-CCCC-DDOI"
    for text in ("", "AAAA-BBBB-CCCC", "AAAA-BBBB-CCCC-DDD9"):
        with pytest.raises(KeyTextError):
            normalise_code(text)
