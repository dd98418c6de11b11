"""`resguardo restore`: a backup into an empty place, verified, or nothing.

The procedure
    1. The place is empty: no folder with something in it, no portal in the database.
    2. Unpack both files into a private folder beside the place; each member's name, and each sealed file's hash.
    3. Compare: the database's hash, its structure, its log from every entry, the keys under the vault key, the files.
    4. Leave out keys of cases, and of versions of records, that are not in the database: what was destroyed must
       not come back (law L8).
    5. Mark the folder as restored, make it durable, and give it its name.
Nothing that was there is ever written over. A restored portal is read-only until `resguardo log recover`.
"""

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from app.config import Settings
from app.keeping.archive import Target, Unpacker, sync_folder
from app.keeping.backup import ABOUT, DATA_KIND, KEYS_KIND, PORTAL_DB, PORTAL_FILE, VAULT_DB, VERSION
from app.keeping.errors import KeepingError
from app.store.copies import Copied, DamagedCopyError, keep_only, keys_in, look_into
from app.store.key_names import RECORDS
from app.store.keyring import Keyring, read_keyring
from app.store.migrate import is_newer
from app.store.restored import RestoredMark, put_mark
from app.store.vault import SYSTEM, case_of, opens
from app.wiring import database_of
from crypto.digest import new_sha256

Opener = Callable[[BinaryIO, Target], None]
"""Writes what a sealed file holds to a target; raises KeepingError for one that this key does not open."""

_BLOB = re.compile(r"blobs/([0-9a-f]{64})")
_SEED = re.compile(r"keys/[a-z0-9-]{1,40}\.seed")


@dataclass(frozen=True)
class Wanted:
    """What to restore, and into what settings; `accept_damage` takes a backup that lacks sealed files or whose log
    does not fit together."""

    settings: Settings
    file: Path
    keys_file: Path
    opened: Opener
    now: int
    accept_damage: bool = False


@dataclass(frozen=True)
class Restored:
    """What was restored; `made` in unix seconds."""

    portal: str
    made: int
    size: int
    cases: int
    blobs: int
    lacking: int


def restore_backup(wanted: Wanted) -> Restored:
    """Restore a backup. Raises KeepingError, OSError; then nothing was changed."""
    # 1.
    data = wanted.settings.data
    _require_empty(wanted.settings)
    staging = data.with_name(f".{data.name}.restoring")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700, parents=True)
    try:
        # 2. to 5.
        return _restore(wanted, staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _require_empty(settings: Settings) -> None:
    data = settings.data
    if data.is_symlink() or (data.exists() and (not data.is_dir() or any(data.iterdir()))):
        raise KeepingError("data_there", path=str(data))
    if settings.on_postgres and not settings.database:
        raise KeepingError("owner_needed")
    if not database_of(settings).is_empty():
        raise KeepingError("database_there")


def _restore(wanted: Wanted, staging: Path) -> Restored:
    # 2.
    about = _unpack(wanted.file, wanted.opened, staging, DATA_KIND)
    about_keys = _unpack(wanted.keys_file, wanted.opened, staging, KEYS_KIND)
    if about["portal"] != about_keys["portal"]:
        raise KeepingError("other_portal", path=str(wanted.keys_file))
    # 3.
    copied, keyring = _compare(wanted, staging, about)
    lacking = [sha256 for sha256 in copied.blobs if not _blob_path(staging, sha256).exists()]
    if lacking and not wanted.accept_damage:
        raise KeepingError("blobs_lacking", count=len(lacking))
    # 4.
    _settle_keys(wanted, staging / VAULT_DB, copied, keyring)
    # 5.
    put_mark(staging, RestoredMark(about["made"], wanted.now, copied.size, copied.root.hex()))
    _settle(wanted.settings, staging)
    return Restored(
        keyring.name, about["made"], copied.size, len(copied.cases), len(copied.blobs) - len(lacking), len(lacking)
    )


def _compare(wanted: Wanted, staging: Path, about: dict[str, Any]) -> tuple[Copied, Keyring]:
    try:
        copied = look_into(staging / PORTAL_DB)
        keyring = read_keyring(staging)
    except (DamagedCopyError, OSError, ValueError, KeyError) as error:
        raise KeepingError("not_a_backup", path=str(wanted.file)) from error
    if is_newer(copied.revision):
        raise KeepingError("newer")
    if (copied.size, copied.root.hex(), keyring.name) != (about["size"], about["root"], about["portal"]):
        raise KeepingError("not_a_backup", path=str(wanted.file))
    if copied.problem and not wanted.accept_damage:
        raise KeepingError("log_damaged")
    return copied, keyring


def _belongs(name: str, copied: Copied) -> bool:
    """Tell whether a key is of something that is there: a version of a record that was destroyed stays so."""
    return name in copied.records if name.startswith(RECORDS) else case_of(name) in copied.cases


def _settle_keys(wanted: Wanted, vault: Path, copied: Copied, keyring: Keyring) -> None:
    """Keep the keys of what is there, and the portal's own; each must open under the vault key."""
    try:
        found = dict(keys_in(vault))
    except DamagedCopyError as error:
        raise KeepingError("not_a_backup", path=str(wanted.keys_file)) from error
    kept = {name for name in found if name == SYSTEM or _belongs(name, copied)}
    if SYSTEM not in kept or not all(opens(keyring.vault, name, found[name]) for name in kept):
        raise KeepingError("other_portal", path=str(wanted.keys_file))
    without = [case for case in copied.cases if not {f"case/{case}", f"log/{case}"} <= kept]
    if without:
        raise KeepingError("keys_older", path=str(wanted.keys_file), count=len(without))
    keep_only(vault, kept)


def _settle(settings: Settings, staging: Path) -> None:
    if settings.on_postgres:
        database_of(settings).load(staging / PORTAL_DB, staging / VAULT_DB)
        (staging / PORTAL_DB).unlink()
        (staging / VAULT_DB).unlink()
    os.sync()  # thousands of small files at once
    staging.rename(settings.data)
    sync_folder(settings.data.parent)


# --- unpacking ---------------------------------------------------------------------------------------------------


def _unpack(path: Path, opened: Opener, staging: Path, kind: str) -> dict[str, Any]:
    """Unpack one file and return what it says about itself."""
    landing = _Landing(staging, kind, path)
    unpacker = Unpacker(landing)
    try:
        with path.open("rb") as file:
            opened(file, unpacker)
    except FileNotFoundError:
        raise KeepingError("no_backup", path=str(path)) from None
    except ValueError as error:
        raise KeepingError("not_a_backup", path=str(path)) from error
    finally:
        unpacker.close()
    if not unpacker.complete:
        raise KeepingError("not_a_backup", path=str(path))
    return landing.about()


def _blob_path(folder: Path, sha256: str) -> Path:
    return folder / "blobs" / sha256[:2] / sha256


class _Landing:
    """`Receiver` that writes members to where they belong, and refuses what has no business in a backup."""

    def __init__(self, folder: Path, kind: str, source: Path) -> None:
        self._folder = folder
        self._kind = kind
        self._source = source
        self._database = PORTAL_DB if kind == DATA_KIND else VAULT_DB
        self._hashes: dict[str, str] = {}

    def begin(self, name: str, size: int) -> "_Landed":  # noqa: ARG002 - a receiver's form
        """Open the file of a member. Raises KeepingError for a name that is not expected, or comes twice."""
        path = self._place(name)
        if path is None or path.exists():
            raise KeepingError("not_a_backup", path=str(self._source))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        return _Landed(os.fdopen(fd, "wb"))

    def end(self, name: str, file: "_Landed") -> None:
        """Close a member's file; a sealed file must have the hash that is its name."""
        file.close()
        self._hashes[name] = file.digest.hexdigest()
        blob = _BLOB.fullmatch(name)
        if blob and self._hashes[name] != blob[1]:
            raise KeepingError("changed", path=str(self._source))

    def about(self) -> dict[str, Any]:
        """Return what the archive says about itself, which must fit what came."""
        path = self._folder / f"{self._kind}.{ABOUT}"
        try:
            about: dict[str, Any] = json.loads(path.read_text())
            fits = (about["v"], about["kind"], about["sha256"]) == (
                VERSION,
                self._kind,
                self._hashes.get(self._database),
            )
            known = isinstance(about["portal"], str) and type(about["made"]) is int
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise KeepingError("not_a_backup", path=str(self._source)) from error
        path.unlink()
        if not (fits and known):
            raise KeepingError("not_a_backup", path=str(self._source))
        return about

    def _place(self, name: str) -> Path | None:
        if name == ABOUT:
            return self._folder / f"{self._kind}.{ABOUT}"
        if name == self._database:
            return self._folder / name
        if self._kind == KEYS_KIND:
            return None
        if name == PORTAL_FILE or _SEED.fullmatch(name):
            return self._folder / name
        blob = _BLOB.fullmatch(name)
        return _blob_path(self._folder, blob[1]) if blob else None


class _Landed:
    """A file being written, and its hash."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = new_sha256()

    def write(self, data: bytes, /) -> None:
        """Write more."""
        self._file.write(data)
        self.digest.update(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
