"""A full copy of a log as static files, followed from publication to publication, that any web server can serve.

    DIR/log/checkpoint       the newest checkpoint, with its cosignatures
    DIR/log/tile/…           tiles and entry bundles of every size that was seen
    DIR/log/keys             how the log's keys changed, where they did (`crypto.log.keychange`)
    DIR/refused-<size>-…/    what the portal showed and what contradicts this copy: evidence

The order of one step
  1. Verify the new checkpoint under the log's key.
  2. Same size: the root must be the same. Smaller: refused. Both are kept as evidence.
  3. Fetch the bundles from the last one that is here; derive the tiles from them, believe none; all of it beside.
  4. The old tiles with the new ones must make the new root, and the old root at the old size.
  5. Move the files to their places, then the checkpoint. After a crash the old checkpoint stands, and its files.

Full tiles never change, so a mirror cannot be made to forget: what was once served under a signature stays.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.audit.finding import CannotCheckError, Code, Obstacle, Report
from app.audit.source import KEY_CHANGES, FolderSource, Located, UnreachableError, WithheldError, fetch_in_order
from app.audit.tree import Progress
from crypto.digest import sha256_hex
from crypto.errors import BadSignatureError, CryptoError, LogError, NoteError, TileError
from crypto.log.checkpoint import Checkpoint, LogVerifier, verify_checkpoint
from crypto.log.keychange import Announcement, read_all
from crypto.log.merkle import HASH_SIZE, joined_root, range_hash
from crypto.log.tiles import (
    HEIGHT,
    MAX_BUNDLE_SIZE,
    MAX_TILE_SIZE,
    WIDTH,
    EntryBundle,
    Tile,
    bundles_of_size,
    decode_bundle,
    encode_bundle,
    partial_width,
    tile_of_entries,
    tiles_of_level,
)

_CHECKPOINT = "checkpoint"
_LIMIT = 256 * 1024


@dataclass(frozen=True)
class Followed:
    """What one step did: the sizes before and after."""

    before: int
    size: int


class Mirror:
    """A copy in a folder; one process at a time writes it."""

    def __init__(self, folder: Path, verifiers: list[LogVerifier]) -> None:
        """``verifiers``: the log's own keys, its origin's first."""
        self._folder = folder
        self._log = folder / "log"
        self._beside = folder / ".incoming"
        self._verifiers = verifiers

    def known(self) -> Checkpoint | None:
        """Return the checkpoint of the copy; raises ``CannotCheckError`` for one that the log did not sign."""
        path = self._log / _CHECKPOINT
        if not path.exists():
            return None
        try:
            return self._verified(path.read_text(encoding="utf-8"))
        except (CryptoError, UnicodeDecodeError, OSError) as error:
            raise CannotCheckError(Obstacle.BAD_STATE, file=str(path)) from error

    def follow(self, located: Located, report: Report, progress: Progress = lambda _done, _all: None) -> Followed:
        """Take what was published since (1. to 5.); findings go into the report and leave the copy as it was.

        Raises:
            CannotCheckError, UnreachableError: the copy stays as it was.
        """
        known = self.known()
        before = known.size if known else 0
        # 1.
        note, checkpoint = self._new(located, report)
        if checkpoint is None:
            return Followed(before, before)
        report.origin, report.size, report.root = checkpoint.origin, checkpoint.size, checkpoint.root
        # 2.
        if known is not None and not self._continues(known, checkpoint, note, report):
            return Followed(before, before)
        # 3.
        shutil.rmtree(self._beside, ignore_errors=True)
        try:
            self._fetch(located, before, checkpoint.size, progress)
            # 4.
            if not self._fits(known, checkpoint):
                code = Code.FORK if known else Code.ROOT_MISMATCH
                self._refuse(code, checkpoint, note, report)
                return Followed(before, before)
        except (TileError, WithheldError) as error:
            report.findings.add(Code.WITHHELD, path=str(error))
            return Followed(before, before)
        # 5.
        self._take(note, [change.text for change in located.key_changes])
        return Followed(before, checkpoint.size)

    def _verified(self, note: str) -> Checkpoint:
        return verify_checkpoint(note, self._verifiers[0].name, self._verifiers)

    def _new(self, located: Located, report: Report) -> tuple[str, Checkpoint | None]:
        try:
            note = located.checkpoint.decode()
            return note, self._verified(note)
        except BadSignatureError:
            report.findings.add(Code.CHECKPOINT_FORGED)
        except (NoteError, LogError, UnicodeDecodeError) as error:
            if not (self._log / _CHECKPOINT).exists():
                raise CannotCheckError(Obstacle.OTHER_KEY) from error
            report.findings.add(Code.KEY_CHANGED)
        return "", None

    def _continues(self, known: Checkpoint, new: Checkpoint, note: str, report: Report) -> bool:
        if new.size < known.size:
            self._refuse(Code.TAIL_CUT, new, note, report, first=new.size, last=known.size - 1)
            return False
        if new.size == known.size and new.root != known.root:
            self._refuse(Code.FORK, new, note, report, size=new.size)
            return False
        return True

    def _refuse(self, code: Code, checkpoint: Checkpoint, note: str, report: Report, **where: int) -> None:
        """Tell a finding and keep its evidence: the signed checkpoint, and the files that came with it."""
        report.findings.add(code, **(where or {"size": checkpoint.size}))
        kept = self._folder / f"refused-{checkpoint.size}-{sha256_hex(note.encode())[:16]}"
        if kept.exists():
            return
        kept.mkdir(parents=True)
        (kept / _CHECKPOINT).write_text(note, encoding="utf-8")
        with contextlib.suppress(FileNotFoundError):
            self._beside.rename(kept / "files")

    # 3. Bundles are fetched, tiles are derived.

    def _fetch(self, located: Located, before: int, size: int, progress: Progress) -> None:
        def fetch(bundle: EntryBundle) -> list[bytes]:
            try:
                data = located.source.read(bundle.path(), MAX_BUNDLE_SIZE)
            except WithheldError:
                if bundle.width == WIDTH:
                    raise
                data = located.source.read(EntryBundle(bundle.index).path(), MAX_BUNDLE_SIZE)
                return decode_bundle(data, WIDTH)[: bundle.width]
            return decode_bundle(data, bundle.width)

        wanted = bundles_of_size(size, first=before // WIDTH)
        for bundle, entries in fetch_in_order(located.source.workers, fetch, wanted):
            self._write(bundle.path(), encode_bundle(entries))
            self._write(Tile(0, bundle.index, bundle.width).path(), tile_of_entries(entries))
            progress(bundle.index * WIDTH + bundle.width, size)
        level = 1
        while size >> (HEIGHT * level):
            for tile in tiles_of_level(level, size, first=before >> (HEIGHT * (level + 1))):
                self._write(tile.path(), b"".join(self._roots(tile)))
            level += 1

    def _roots(self, tile: Tile) -> Iterator[bytes]:
        first = tile.index * WIDTH
        for index in range(first, first + tile.width):
            yield joined_root(self._read(Tile(tile.level - 1, index).path()))

    def _write(self, path: str, data: bytes) -> None:
        target = self._beside / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def _read(self, path: str) -> bytes:
        """Return a tile from beside, else from the copy."""
        beside = self._beside / path
        return FolderSource(self._beside if beside.exists() else self._log).read(path, MAX_TILE_SIZE)

    # 4.

    def _fits(self, known: Checkpoint | None, new: Checkpoint) -> bool:
        def node(level: int, index: int) -> bytes:
            tile_level, height = divmod(level, HEIGHT)
            tile_index, offset = divmod(index << height, WIDTH)
            full = tile_index < new.size >> (HEIGHT * (tile_level + 1))
            width = WIDTH if full else partial_width(tile_level, new.size)
            data = self._read(Tile(tile_level, tile_index, width).path())
            return joined_root(data[offset * HASH_SIZE : (offset + (1 << height)) * HASH_SIZE])

        if new.size and range_hash(0, new.size, node) != new.root:
            return False
        return known is None or not known.size or range_hash(0, known.size, node) == known.root

    # 5.

    def _take(self, note: str, changes: Sequence[str]) -> None:
        for path in sorted(self._beside.rglob("*")):
            if path.is_file():
                target = self._log / path.relative_to(self._beside)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
        shutil.rmtree(self._beside, ignore_errors=True)
        self._log.mkdir(parents=True, exist_ok=True)
        for folder in (path for path in self._log.rglob("*") if path.is_dir()):
            _sync(folder)
        if changes:
            self._replace(KEY_CHANGES, json.dumps(changes))
        self._replace(_CHECKPOINT, note)

    def _replace(self, name: str, text: str) -> None:
        beside = self._log / f".{name}.new"
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._log / name)
        _sync(self._log)


def kept_changes(folder: Path) -> Sequence[Announcement]:
    """Return how the log's keys changed, as a copy keeps it; each is verified in itself."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        return read_all(json.loads((folder / "log" / KEY_CHANGES).read_text(encoding="utf-8")))
    return ()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def follow(mirror: Mirror, located: Located, progress: Progress = lambda _done, _all: None) -> tuple[Followed, Report]:
    """Return what one step did, and a report of what was found; never raises for what the portal does."""
    report, done = Report(), Followed(0, 0)
    try:
        done = mirror.follow(located, report, progress)
    except CannotCheckError as error:
        report.obstacle(error.obstacle, **error.where)
    except UnreachableError as error:
        report.obstacle(Obstacle.UNREACHABLE, path=str(error))
    return done, report
