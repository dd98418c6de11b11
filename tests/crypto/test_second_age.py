"""Two implementations check each other: ours and the npm package age-encryption, in both directions."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from crypto.age import (
    CHUNK_SIZE,
    HybridRecipient,
    ScryptRecipient,
    armor,
    hybrid_recipient,
    identity_text,
    read_header,
    seal,
)
from crypto.opening import HybridIdentity, ScryptIdentity, dearmor, open_bytes
from crypto.secret import SecretBytes
from tests import node

pytestmark = pytest.mark.node
SCRIPT = Path(__file__).with_name("second_age.mjs")
SEEDS = [SecretBytes(bytes([number]) * 32) for number in range(8)]
CONTENTS = {
    "empty": b"",
    "one line": "Ñandú, 13 de mayo".encode(),
    "one full chunk": bytes(range(256)) * (CHUNK_SIZE // 256),
    "several chunks": b"0123456789abcdef" * (CHUNK_SIZE // 16 * 3) + b"and more",
}


def second(verb: str, **request: object) -> str:
    """Ask the second implementation."""
    address = (node.package("age-encryption") / "dist" / "index.js").as_uri()
    return str(node.run(SCRIPT, {"verb": verb, **request}, AGE_ENCRYPTION=address))


def text(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def identity(number: int) -> str:
    return identity_text(SEEDS[number]).reveal().decode()


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_second_opens_what_we_seal_to_eight_recipients(content):
    """The last of eight holders opens our file with another program."""
    file = seal(content, [hybrid_recipient(seed) for seed in SEEDS], random=os.urandom)
    assert base64.b64decode(second("open", identities=[identity(7)], data=text(file))) == content


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_we_open_what_second_seals_to_eight_recipients(content):
    """Each of eight holders opens a file of another program."""
    recipients = [str(hybrid_recipient(seed)) for seed in SEEDS]
    file = base64.b64decode(second("seal", recipients=recipients, data=text(content)))
    assert all(open_bytes(file, [HybridIdentity(seed)]) == content for seed in SEEDS)


def test_second_opens_our_armor():
    """Our armor is another program's armor."""
    file = armor(seal(b"contenido" * 40, [hybrid_recipient(SEEDS[0])], random=os.urandom))
    opened = second("open", identities=[identity(0)], data=text(file), armor=True)
    assert base64.b64decode(opened) == b"contenido" * 40


def test_we_open_second_armor():
    """Another program's armor is our armor."""
    file = second("seal", recipients=[str(hybrid_recipient(SEEDS[0]))], data=text(b"contenido" * 40), armor=True)
    assert open_bytes(dearmor(base64.b64decode(file)), [HybridIdentity(SEEDS[0])]) == b"contenido" * 40


def test_second_opens_our_passphrase_file():
    """A key file of ours opens with another program, accents in the passphrase included."""
    file = seal(b"doce palabras", [ScryptRecipient(SecretBytes("contraseña".encode()), 12)], random=os.urandom)
    assert base64.b64decode(second("open", passphrase="contraseña", data=text(file))) == b"doce palabras"


def test_we_open_second_passphrase_file():
    """A key file of another program opens with ours."""
    file = base64.b64decode(second("seal", passphrase="contraseña", work=12, data=text(b"doce palabras")))
    assert open_bytes(file, [ScryptIdentity(SecretBytes("contraseña".encode()))]) == b"doce palabras"


def test_both_derive_the_same_recipient():
    """Seed expansion and key texts agree, for a key of ours and a key of theirs."""
    assert second("recipient", identity=identity(3)) == str(hybrid_recipient(SEEDS[3]))
    theirs = second("generate")
    ours = HybridIdentity.parse(SecretBytes(theirs.encode())).recipient
    assert second("recipient", identity=theirs) == str(ours)
    assert HybridRecipient.parse(str(ours)) == ours


def test_second_writes_the_header_that_we_write():
    """Both write stanzas of the same type, argument count and lengths."""
    recipient = hybrid_recipient(SEEDS[0])
    theirs = base64.b64decode(second("seal", recipients=[str(recipient)], data=""))
    ours = seal(b"", [recipient], random=os.urandom)
    assert len(theirs) == len(ours)
    for file in (theirs, ours):
        header, _ = read_header(_Once(file))
        [stanza] = header.stanzas
        assert (stanza.type, len(stanza.args), len(stanza.body)) == ("mlkem768x25519", 1, 32)


class _Once:
    """A source that gives one byte at a time, as a slow pipe does."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int, /) -> bytes:
        piece, self._data = self._data[:1], self._data[1:]
        return piece
