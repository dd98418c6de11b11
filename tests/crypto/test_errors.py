"""The tree of errors."""

from __future__ import annotations

import pickle

from crypto import errors


def test_every_error_is_a_crypto_error():
    """A caller that catches the root misses none."""
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert len(classes) > 15
    assert all(issubclass(one, errors.CryptoError) for one in classes)
    assert all(one.__doc__ for one in classes)


def test_phrase_error_keeps_its_parts_out_of_its_text():
    """The text may be logged; the parts are for the person."""
    error = errors.PhraseError("word 3 is in none of the lists", "word", 3, ("ábaco",))
    assert (error.reason, error.position, error.suggestions) == ("word", 3, ("ábaco",))
    assert "ábaco" not in str(error)
    assert "ábaco" not in repr(error)
    assert not pickle.dumps(str(error)).count("ábaco".encode())
