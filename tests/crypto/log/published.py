"""A log written as the static files that a portal serves, for readers of any make."""

from collections.abc import Sequence
from pathlib import Path

from crypto.log import merkle, tiles
from crypto.log.checkpoint import Checkpoint, Cosigner, LogSigner, MlDsaCosigner, sign_checkpoint
from crypto.log.merkle import Node
from crypto.secret import SecretBytes

ORIGIN = "portal.example/log"
LOG = LogSigner(ORIGIN, SecretBytes(b"L" * 32))
PQ = MlDsaCosigner(ORIGIN, SecretBytes(b"Q" * 32))
TIME = 1_700_000_000


def levels_of(entries: Sequence[bytes]) -> list[list[bytes]]:
    """All complete tile levels: level 0 leaf hashes, level l roots of full level l − 1 tiles."""
    levels = [[merkle.leaf_hash(entry) for entry in entries]]
    while len(levels[-1]) >= tiles.WIDTH:
        below = levels[-1]
        full = range(0, len(below) - len(below) % tiles.WIDTH, tiles.WIDTH)
        levels.append([merkle.root_of(below[at : at + tiles.WIDTH]) for at in full])
    return levels


def node_of(leaf_hashes: Sequence[bytes]) -> Node:
    """The node function of a tree in memory."""

    def node(level: int, index: int) -> bytes:
        return merkle.root_of(leaf_hashes[index << level : (index + 1) << level])

    return node


def checkpoint_of(entries: Sequence[bytes], origin: str = ORIGIN) -> Checkpoint:
    """The checkpoint over entries, unsigned."""
    return Checkpoint(origin, len(entries), merkle.root_of(map(merkle.leaf_hash, entries)))


def write(folder: Path, path: str, data: bytes) -> None:
    """Write one file below a log's folder."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def publish(
    folder: Path,
    entries: Sequence[bytes],
    signers: Sequence[LogSigner] = (LOG,),
    cosigners: Sequence[Cosigner] = (PQ,),
    time: int = TIME,
) -> str:
    """Write checkpoint, tiles and bundles of a log; return the signed checkpoint."""
    levels = levels_of(entries)
    for tile in tiles.tiles_of_size(len(entries)):
        at = tile.index * tiles.WIDTH
        write(folder, tile.path(), b"".join(levels[tile.level][at : at + tile.width]))
    for bundle in tiles.bundles_of_size(len(entries)):
        at = bundle.index * tiles.WIDTH
        write(folder, bundle.path(), tiles.encode_bundle(entries[at : at + bundle.width]))
    signed = sign_checkpoint(checkpoint_of(entries, signers[0].name), signers, cosigners, time)
    write(folder, "checkpoint", signed.encode())
    return signed
