"""Two implementations that are not ours read and verify what ours wrote."""

import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pymerkle
import pytest
from tlog_scales.backend import HttpBackend, LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey, VkeySet
from tlog_scales.tlog import Checkpoint as ForeignCheckpoint

from crypto.log import merkle
from crypto.log.checkpoint import Ed25519Cosigner
from crypto.log.tiles import tiles_of_size
from crypto.secret import SecretBytes
from tests.crypto.log.published import LOG, PQ, node_of, publish

WITNESS = Ed25519Cosigner("cosigner.example/w1", SecretBytes(b"w" * 32))
SIZE = 70_000
ENTRIES = [hashlib.sha256(f"seed{n}".encode()).digest() * 6 + b"12345678" for n in range(SIZE)]


class QuietFiles(SimpleHTTPRequestHandler):
    """Static files, no lines on standard error."""

    def log_message(self, *_args):
        """Tests read results, not access logs."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A log of the vector's 70,000 entries as files."""
    made: Path = tmp_path_factory.mktemp("log")
    publish(made, ENTRIES, cosigners=(PQ, WITNESS))
    return made


@pytest.fixture(params=["files", "http"])
def reader(request, folder):
    """tlog-scales, on the files and over HTTP."""
    if request.param == "files":
        yield TilesReader(LocalBackend(folder))
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietFiles, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    backend = HttpBackend(f"http://127.0.0.1:{server.server_port}")
    yield TilesReader(backend)
    backend.session.close()
    server.shutdown()
    server.server_close()


def test_tlog_scales_verifies_our_checkpoint_root_and_proofs(reader):
    """Signatures 01, 04 and 06, the root from tiles, inclusion and consistency, entries from bundles."""
    head = reader.get_checkpoint()
    keys = [Vkey.from_string(key.vkey) for key in (LOG, PQ, WITNESS)]
    for key in keys:
        head.verify(key)
    assert len(VkeySet(*keys).verify(head.signatures, head)) == 3
    assert reader.calculate_root_hash() == head.root_hash
    for index in (0, 255, 256, 65_535, 65_536, SIZE - 1):
        assert reader.get_entry(index) == ENTRIES[index]
        reader.get_inclusion_proof(index, SIZE).check(merkle.leaf_hash(ENTRIES[index]), head.root_hash)
    reader.get_consistency_proof(65_537, SIZE).check(reader.mth(0, 65_537), head.root_hash)


def test_tlog_scales_makes_the_same_proofs(reader):
    """Hash for hash, from our files and from our generator."""
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES]
    reader.get_checkpoint()
    node = node_of(leaves)
    for index, size in ((0, 1), (5, 300), (69_999, SIZE), (12_345, 65_536), (300, 301)):
        assert merkle.inclusion_proof(index, size, node) == reader.get_inclusion_proof(index, size).node_hashes
    for old, new in ((1, SIZE), (65_536, SIZE), (65_535, 65_537), (300, 301), (257, 1000)):
        assert merkle.consistency_proof(old, new, node) == reader.get_consistency_proof(old, new).node_hashes


def test_we_verify_what_tlog_scales_signed(folder):
    """A checkpoint re-serialised by the other implementation is byte for byte ours."""
    text = (folder / "checkpoint").read_text()
    assert ForeignCheckpoint.from_text(text).serialize() == text


def test_every_tile_of_the_size_is_a_file(folder):
    """Nothing missing, nothing more."""
    found = {str(path.relative_to(folder)) for path in folder.glob("tile/[0-9]*/**/*") if path.is_file()}
    assert found == {tile.path() for tile in tiles_of_size(SIZE)}


def test_pymerkle_computes_the_same_roots_and_paths():
    """An RFC 9162 tree of another make, at every size up to 130 (element 0 of its path is the leaf)."""
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    leaves = []
    for entry in ENTRIES[:130]:
        tree.append_entry(entry)
        leaves.append(merkle.leaf_hash(entry))
        size = len(leaves)
        assert tree.get_root(size) == merkle.root_of(leaves)
        index = size * 2 // 3
        foreign = tree.prove_inclusion(index + 1, size)
        path = [bytes.fromhex(item) for item in foreign.serialize()["path"]][1:]
        assert path == merkle.inclusion_proof(index, size, node_of(leaves))
