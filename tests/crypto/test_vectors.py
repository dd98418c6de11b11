"""The C2SP vectors of the age format: each file has one fault, and it must be refused for that fault."""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from crypto.digest import sha256_hex
from crypto.errors import AgeError, ArmorError, HeaderError, MacError, NoMatchError, PayloadError
from crypto.opening import HybridIdentity, Identity, ScryptIdentity, dearmor, open_bytes, open_stream
from crypto.secret import SecretBytes
from tests import node
from tests.crypto.x25519 import X25519Identity

COUNT = 143
EXPORTS = node.PACKAGES / "cctv-age" / "index.js"
ERRORS: dict[str, type[AgeError]] = {
    "header failure": HeaderError,
    "no match": NoMatchError,
    "HMAC failure": MacError,
    "payload failure": PayloadError,
    "armor failure": ArmorError,
}
KNOWN_FIELDS = {"expect", "payload", "file key", "identity", "passphrase", "armored", "compressed", "comment"}


@dataclass(frozen=True)
class Vector:
    """One vector: what is expected, who opens it, the file."""

    fields: Sequence[tuple[str, str]]
    file: bytes

    @classmethod
    def parse(cls, data: bytes) -> Vector:
        head, _, body = data.partition(b"\n\n")
        fields = [(key, value) for key, _, value in (line.partition(": ") for line in head.decode().split("\n"))]
        assert {key for key, _ in fields} <= KNOWN_FIELDS
        return cls(fields, zlib.decompress(body) if ("compressed", "zlib") in fields else body)

    def all(self, key: str) -> list[str]:
        return [value for name, value in self.fields if name == key]

    def identities(self) -> list[Identity]:
        keys: list[Identity] = [
            HybridIdentity.parse(SecretBytes(text.encode()))
            if text.startswith("AGE-SECRET-KEY-PQ-")
            else X25519Identity(text)
            for text in self.all("identity")
        ]
        return keys + [ScryptIdentity(SecretBytes(text.encode())) for text in self.all("passphrase")]

    def binary(self) -> bytes:
        return dearmor(self.file) if self.all("armored") else self.file


def _vectors() -> dict[str, bytes]:
    """The package exports each vector as a function call on base64; no JavaScript has to run to read it."""
    if not EXPORTS.is_file():
        return {}
    found = re.findall(r'^var (\w+)_default = __toBinary\("([^"]*)"\);$', EXPORTS.read_text("utf-8"), re.MULTILINE)
    return {name: base64.b64decode(text) for name, text in found}


VECTORS = _vectors()
pytestmark = pytest.mark.node


def test_every_vector_is_here():
    """A vector that a new package spells otherwise must not be dropped in silence."""
    node.package("cctv-age")
    assert len(VECTORS) == COUNT


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_vector_has_the_expected_class(name):
    """The bytes call raises the class that the vector names, or returns the payload."""
    vector = Vector.parse(VECTORS[name])
    [expected] = vector.all("expect")
    if expected == "success":
        assert [sha256_hex(open_bytes(vector.binary(), vector.identities()))] == vector.all("payload")
        return
    with pytest.raises(ERRORS[expected]) as caught:
        open_bytes(vector.binary(), vector.identities())
    assert type(caught.value) is ERRORS[expected]


@pytest.mark.parametrize("name", sorted(name for name in VECTORS if b"\npayload: " in VECTORS[name]))
def test_stream_releases_only_what_the_vector_allows(name):
    """What the stream call has written, before an error too, is exactly the authentic part."""
    vector = Vector.parse(VECTORS[name])
    target = io.BytesIO()
    try:
        open_stream(io.BytesIO(vector.binary()), target, vector.identities())
        assert vector.all("expect") == ["success"]
    except PayloadError:
        assert vector.all("expect") == ["payload failure"]
    assert [sha256_hex(target.getvalue())] == vector.all("payload")
