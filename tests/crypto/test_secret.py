"""Secrets do not leak by accident."""

from __future__ import annotations

import copy
import json
import logging
import pickle

import pytest

from crypto.secret import SecretBytes

SECRET = b"do not show this"


def test_no_text_form_shows_the_bytes(caplog):
    """Not str, repr, format, an f-string, a traceback's repr of a container, nor a log line."""
    secret = SecretBytes(SECRET)
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("secret %s %r", secret, [secret])
    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r:>10}", f"{secret:>40}", str([secret]), caplog.text]
    assert all("do not" not in text and "***" in text for text in shown)


@pytest.mark.parametrize(
    "leak",
    [
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        json.dumps,
        hash,
        bool,
        bytes,
        list,
        lambda secret: secret == SecretBytes(SECRET),
        lambda secret: secret != SECRET,
        [SecretBytes(SECRET)].index,
        lambda secret: {secret: 1},
        lambda secret: secret + b"",
        lambda secret: secret[0],
        vars,
    ],
)
def test_leak_is_refused(leak):
    """Pickling, copying, comparing, hashing, truth, JSON and iteration raise."""
    with pytest.raises(TypeError):
        leak(SecretBytes(SECRET))


def test_reveal_and_length():
    """The one explicit door."""
    buffer = bytearray(SECRET)
    secret = SecretBytes(buffer)
    buffer[0] = 0
    assert secret.reveal() == SECRET
    assert len(secret) == len(SECRET)
    assert SecretBytes(memoryview(SECRET)).reveal() == SECRET


@pytest.mark.parametrize("data", ["text", 16, None, [1]])
def test_secret_is_made_of_bytes(data):
    """``bytes(16)`` would be sixteen zeros: a number is refused."""
    with pytest.raises(TypeError):
        SecretBytes(data)
