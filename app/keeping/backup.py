"""`resguardo backup`: two sealed files of a portal that goes on running.

What is in them
    FILE       about.json, portal.json, keys/*.seed, portal.db (all rows), blobs/<sha256> that the rows name;
    FILE.keys  about.json, vault.db: the wrapped data keys, nothing else.

Rules
    1. Both are sealed to recipients whose keys are not on this machine. Neither alone opens a record: the one lacks the
       data keys, the other the vault key under which they are wrapped.
    2. The keys have a file of their own so that it can be kept for days: a case that is destroyed can be read from
       older backups only as long as an older file of keys is left (law L8).
    3. Rows first, then keys, then sealed files: keys and files are durable before the rows that need them, so whatever
       was acknowledged before the first look is in the backup (law L7).
    4. The guard is never in a backup: restored together with the data, it would agree with them.
"""

import contextlib
import errno
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.config import Settings
from app.domain.ports import Face
from app.keeping.archive import Member, SealedFile, Written, of_bytes, of_file
from app.keeping.errors import KeepingError
from app.store.blobs import FileBlobs
from app.store.copies import Copied, DamagedCopyError, keys_in, look_into
from app.store.database import Database
from app.store.keyring import stored_name
from app.store.locks import HostLock
from app.store.rows.parts import SqlPartRows
from app.wiring import database_of
from crypto.age import HybridRecipient
from crypto.digest import new_sha256, sha256_hex
from crypto.secret import Random

VERSION = 1
DATA_KIND, KEYS_KIND = "data", "keys"
ABOUT, PORTAL_FILE, PORTAL_DB, VAULT_DB = "about.json", "portal.json", "portal.db", "vault.db"
_TEMPORARY = "backup-"
_PIECE = 1024 * 1024

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Order:
    """What to back up and where to; the recipients hold the keys that open it."""

    settings: Settings
    file: Path
    keys_file: Path
    recipients: Sequence[HybridRecipient]
    now: int
    random: Random


@dataclass
class Made:
    """What was backed up; `blobs_lacking` are sealed files that rows name and the disk lacks or holds damaged."""

    portal: str
    made: int
    size: int
    cases: int
    blobs: int = 0
    log_damaged: bool = False
    keys_lacking: int = 0
    blobs_lacking: list[str] = field(default_factory=list)
    files: list[Written] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Nothing was wrong with what was backed up."""
        return not (self.log_damaged or self.keys_lacking or self.blobs_lacking)


def make_backup(order: Order, progress: Progress = lambda _done, _all: None) -> Made:
    """Write both files, or none. Raises KeepingError, OSError.

    1. Copy rows, then keys, each as one unchanging look. 2. Check the copies. 3. Seal both with the blobs, read them
    back. 4. Give them their names, the keys first.
    """
    name = stored_name(order.settings.data)
    if name is None:
        raise KeepingError("no_portal", path=str(order.settings.data))
    if order.settings.on_postgres and not order.settings.database:
        raise KeepingError("owner_needed")
    data, keys = SealedFile(order.file), SealedFile(order.keys_file)
    try:
        with _full_disk_explained(order), _workplace(order.settings.data) as folder:
            # 1.
            copied, database = _copy(order, folder)
            # 2. and 3.
            made = Made(name, order.now, copied.size, len(copied.cases), log_damaged=bool(copied.problem))
            made.keys_lacking = len(copied.cases - _cases_with_keys(folder / VAULT_DB))
            made.files.append(
                data.write(
                    _data_members(order, folder, copied, made, database, progress), order.recipients, order.random
                )
            )
            made.files.append(keys.write(_keys_members(order, folder, made), order.recipients, order.random))
        # 4.
        keys.publish()
        data.publish()
    finally:
        data.discard()
        keys.discard()
    return made


def _copy(order: Order, folder: Path) -> tuple[Copied, Database]:
    database = database_of(order.settings)
    database.copy_portal(folder / PORTAL_DB)
    database.copy_keys(folder / VAULT_DB)
    try:
        return look_into(folder / PORTAL_DB), database
    except DamagedCopyError as error:
        raise KeepingError("not_a_backup", path=str(order.settings.data / PORTAL_DB)) from error


def _cases_with_keys(vault: Path) -> set[str]:
    return {name.partition("/")[2] for name, _ in keys_in(vault) if name.startswith("case/")}


@contextlib.contextmanager
def _workplace(data: Path) -> Iterator[Path]:
    """Give a private folder for copies, of one backup at a time; what a broken one left is removed."""
    lock = HostLock(data / "backup.lock")
    try:
        with lock.held():
            for left in data.glob(f"{_TEMPORARY}*/"):
                shutil.rmtree(left)
            folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=data))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.close()


@contextlib.contextmanager
def _full_disk_explained(order: Order) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise KeepingError("no_room", path=str(order.file.parent)) from error


# --- what goes in ------------------------------------------------------------------------------------------------


def _data_members(
    order: Order, folder: Path, copied: Copied, made: Made, database: Database, progress: Progress
) -> Iterator[Member]:
    data = order.settings.data
    about = _about(order, DATA_KIND, made.portal, folder / PORTAL_DB)
    about |= {"schema": copied.revision, "size": copied.size, "root": copied.root.hex(), "blobs": len(copied.blobs)}
    yield of_bytes(ABOUT, _json(about))
    yield of_bytes(PORTAL_FILE, (data / PORTAL_FILE).read_bytes())
    for seed in sorted((data / "keys").glob("*.seed")):
        yield of_bytes(f"keys/{seed.name}", seed.read_bytes())
    yield of_file(PORTAL_DB, folder / PORTAL_DB)
    yield from _blob_members(FileBlobs(data / "blobs"), copied, made, database, progress)


def _blob_members(
    blobs: FileBlobs, copied: Copied, made: Made, database: Database, progress: Progress
) -> Iterator[Member]:
    wanted = sorted(copied.blobs | copied.waiting)
    for done, sha256 in enumerate(wanted, start=1):
        try:
            content = blobs.get(sha256)
        except FileNotFoundError:
            content = b""
        if sha256_hex(content) == sha256:
            made.blobs += 1
            yield of_bytes(f"blobs/{sha256}", content)
        elif sha256 in copied.blobs and _is_still_named(database, sha256):
            made.blobs_lacking.append(sha256)
        progress(done, len(wanted))


def _is_still_named(database: Database, sha256: str) -> bool:
    """Tell whether rows name a sealed file now: one that was let go since the copy is not missing."""
    engine = database.readers(Face.PETITIONER)
    try:
        with engine.connect() as connection:
            return not SqlPartRows(connection).unreferenced([sha256])
    finally:
        engine.dispose()


def _keys_members(order: Order, folder: Path, made: Made) -> Iterator[Member]:
    yield of_bytes(ABOUT, _json(_about(order, KEYS_KIND, made.portal, folder / VAULT_DB)))
    yield of_file(VAULT_DB, folder / VAULT_DB)


def _about(order: Order, kind: str, portal: str, database: Path) -> dict[str, Any]:
    digest = new_sha256()
    with database.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return {"v": VERSION, "kind": kind, "portal": portal, "made": order.now, "sha256": digest.hexdigest()}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"
