"""`resguardo check`: what is wrong with a deployment, and how to mend it. Reads everything, changes nothing.

Each finding has a code, what is wrong, and what to do; *wrong* ones make the exit status 1, *advice* does not. Findings
name paths, counts, roles and settings, and never what a file or setting holds.
"""

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.config import Settings, cosigning_policy
from app.domain.cosigners import HOLDER, READER
from app.domain.ports import Face
from app.i18n import N_, t
from app.store.blobs import FileBlobs
from app.store.copies import Copied, DamagedCopyError
from app.store.database import Database
from app.store.failures import DatabaseProblem, start_problem
from app.store.housekeeping import GRACE_SECONDS
from app.store.keyring import Keyring, read_keyring
from app.store.migrate import is_newer, is_older
from app.store.rows.log import SqlLogRows
from app.store.standing import WHOLE
from app.store.vault import SYSTEM, case_of, opens
from app.wiring import cosigners_and_alarms, database_of, guard_path, published_checkpoint, standing_of
from crypto.digest import sha256_hex
from crypto.log.policy import judge

LOW_DISK = 1024 * 1024 * 1024  # bytes: some days of filing, and room to vacuum
OLD_BACKUP = 48 * 3600
KEYS_HORIZON = 7 * 86_400
_SHORT_TICK = 600
_LATE_TICKS = 3
_DAY = 86_400

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "no_portal": (
        N_("{path} holds no portal."),
        N_("Give --data, or set RESGUARDO_DATA as the portal has it. A new portal is made by “resguardo serve”."),
    ),
    "open_to_others": (
        N_("Others on this machine may read {path}."),
        N_("chmod go-rwx {path}"),
    ),
    "not_ours": (
        N_("{path} belongs to another user than the one who asks."),
        N_("Run the portal and its commands as one user, and give that user the files."),
    ),
    "key_missing": (
        N_("A key of the portal is missing or cannot be read: {path}."),
        N_("Restore the backup. Do not let the portal make a new one: it would be another portal."),
    ),
    "guard_inside": (
        N_("The guard lies inside the data folder. A restored copy of the folder would agree with it."),
        N_("Set RESGUARDO_GUARD to a file outside of {path}, best on another disk, and move the guard there."),
    ),
    "guard_same_disk": (
        N_("Guard and data are on the same disk. If that disk is set back, both are."),
        N_("Set RESGUARDO_GUARD to a file on another disk, and move the guard there."),
    ),
    "guard_missing": (
        N_("The log has {count} entries, and the guard knows of none: {path}."),
        N_("Look for the guard where it was before. Without it a rollback is not noticed on this host."),
    ),
    "read_only": (
        N_("The portal is read-only: {standing}."),
        N_("See “When the disk is gone” in the operator's guide, and: resguardo log recover"),
    ),
    "schema_behind": (
        N_("The database is not at this version's schema."),
        N_("Back up, then run: resguardo prepare"),
    ),
    "schema_newer": (
        N_("The database was made by a newer version of this program."),
        N_("Install that version."),
    ),
    "database": (
        N_("The database cannot be read: {reason}."),
        N_("Mend the database, or restore the backup."),
    ),
    "log_damaged": (
        N_("The log's entries, tiles and head do not fit together."),
        N_("Stop the portal, keep a copy, run “resguardo audit” to see where, and restore the backup."),
    ),
    "not_published": (
        N_("{count} entries have been waiting for their publication for {hours} hours."),
        N_("Is the portal running? Look at what it prints at each tick."),
    ),
    "cosigner_alarm": (
        N_("The cosigner {address} refused {size} entries of the log as contradicting the {told} that it knows."),
        N_("Stop the portal, keep a copy of everything, and compare with the cosigner: resguardo log cosigners"),
    ),
    "holder_alarm": (
        N_("A holder's device has proof of {told} entries, signed by the log's key, that are none of the {size} here."),
        N_("Stop the portal, and keep a copy of everything: data were set back, or somebody else has the log's key."),
    ),
    "reader_alarm": (
        N_("A reader's device has proof of {told} entries, signed by the log's key, that are none of the {size} here."),
        N_("Stop the portal, and keep a copy of everything: data were set back, or somebody else has the log's key."),
    ),
    "cosigner_silent": (
        N_("The cosigner {address} has not cosigned for {hours} hours."),
        N_("Look at what became of it, and talk to who runs it: resguardo log cosigners"),
    ),
    "no_quorum": (
        N_("The published checkpoint lacks its quorum of cosigners: readers with a policy do not believe it."),
        N_("Look at what became of the cosigners, and talk to who runs them: resguardo log cosigners"),
    ),
    "no_cosigners": (
        N_("Nobody cosigns the log: two histories for two people who never compare would not be noticed."),
        N_("Ask a union, a university or a newspaper to run “resguardo cosign”, and set RESGUARDO_COSIGNERS."),
    ),
    "clock": (
        N_("The log's newest entry is dated {hours} hours after now: this machine's clock is behind."),
        N_("Set the clock, and let a time service keep it."),
    ),
    "keys_missing": (
        N_("The data keys of {count} cases are missing: {cases}."),
        N_("Restore the newest file of data keys that you have. What is lost cannot be read by the office any more."),
    ),
    "keys_foreign": (
        N_("{count} data keys do not open under this portal's vault key."),
        N_("Use the keys folder that belongs to this database."),
    ),
    "keys_extra": (
        N_("{count} data keys belong to no case."),
        N_("A filing that was broken off can leave one. If there are many, tell who maintains the program."),
    ),
    "blobs_missing": (
        N_("{count} sealed files are missing that cases name, such as {sample}."),
        N_("Copy them from a backup into the blobs folder; the name is the SHA-256 of the content."),
    ),
    "blobs_damaged": (
        N_("{count} sealed files are damaged, such as {sample}."),
        N_("Replace them from a backup, and test the disk."),
    ),
    "blobs_extra": (
        N_("{count} sealed files are named by nothing."),
        N_("The running portal removes them within hours. If they stay, see that it can write there."),
    ),
    "left_over": (
        N_("{path} was left by a command that was broken off."),
        N_("Delete it when no backup is running."),
    ),
    "disk_low": (
        N_("The disk of {path} has {free} MiB left."),
        N_("Make room: a full disk refuses filings."),
    ),
    "name_invalid": (
        N_("People reach the portal at an address, and its name ends in .invalid: it was made for trying."),
        N_("Make the real portal in an empty folder, with --origin."),
    ),
    "no_url": (
        N_("RESGUARDO_URL is not set: the portal serves this machine only."),
        N_("Put TLS in front and set RESGUARDO_URL to the https address that people type."),
    ),
    "no_tls": (
        N_("RESGUARDO_URL is not https."),
        N_("Put TLS in front and set RESGUARDO_URL to the https address that people type."),
    ),
    "no_limits": (
        N_("Limits per network are off."),
        N_(
            "Set RESGUARDO_PROXY_HEADERS=on if the portal is reached through your proxy only, which sets "
            "X-Forwarded-For."
        ),
    ),
    "tick_short": (
        N_("The log is published every {seconds} seconds: whoever polls it learns when somebody filed."),
        N_("Leave RESGUARDO_PUBLISH_EVERY unset, which is an hour."),
    ),
    "assisted_open": (
        N_("Assisted intake is open without TLS in front: names would travel readable."),
        N_("Set RESGUARDO_ASSISTED=off, or put TLS in front."),
    ),
    "right": (
        N_("The database role {role} has a right that it must not have, or lacks one: {right} on {table}."),
        N_("Run “resguardo prepare” with the owner's address; a right that somebody gave besides, revoke."),
    ),
    "backup_none": (
        N_("There is no backup in {path}."),
        N_("resguardo backup FILE --to holder.txt"),
    ),
    "backup_old": (
        N_("The newest backup in {path} is {days} days old."),
        N_("Make one each day, and look whether the last ones failed."),
    ),
    "backup_keys_old": (
        N_("{count} files of data keys in {path} are older than {days} days: destroyed cases can be read with them."),
        N_("Delete them: find {path} -name '*.age.keys' -mtime +7 -delete"),
    ),
    "guard_in_backup": (
        N_("There is a guard among the backups in {path}: restored together with the data it would agree with them."),
        N_("Take it out of there."),
    ),
}
_ADVICE: Final = frozenset(
    {
        "cosigner_silent",
        "no_cosigners",
        "guard_same_disk",
        "keys_extra",
        "blobs_extra",
        "left_over",
        "no_url",
        "no_limits",
        "backup_none",
    }
)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Whether it must be mended, or is advice."""
        return self.code not in _ADVICE

    def words(self, language: str) -> tuple[str, str]:
        """Return what is wrong, and what to do."""
        wrong, mend = WORDS[self.code]
        return t(language, wrong, **self.params), t(language, mend, **self.params)


def _found(code: str, **params: object) -> Finding:
    return Finding(code, params)


@dataclass(frozen=True)
class Examined:
    """What is examined; `now` in unix seconds, `backups` a folder with them if one is given."""

    settings: Settings
    now: int
    backups: Path | None = None


def examine(what: Examined, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Iterator[Finding]:
    """Yield what is wrong, from the outside in: settings, files, keys and guard, database, sealed files, backups."""
    settings = what.settings
    yield from _settings(settings)
    if not (settings.data / "portal.json").exists():
        yield _found("no_portal", path=settings.data)
        return
    yield from _files(settings.data)
    yield from _disk(settings.data)
    if what.backups is not None:
        yield from _backups(what.backups, what.now)
    try:
        keyring = read_keyring(settings.data)
    except (OSError, ValueError, KeyError) as error:
        yield _found("key_missing", path=getattr(error, "filename", None) or settings.data / "keys")
        return
    yield from _portal(settings, keyring)
    try:
        yield from _database(what, keyring, progress)
    except DatabaseProblem as error:
        yield _found("database", reason=start_problem(error))
    except DamagedCopyError as error:
        yield _found("database", reason=error.args[0])


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.url is None:
        yield _found("no_url")
        return
    if not settings.behind_tls:
        yield _found("no_tls")
        if settings.assisted:
            yield _found("assisted_open")
    elif not settings.proxy_headers:
        yield _found("no_limits")
    if settings.publish_every < _SHORT_TICK:
        yield _found("tick_short", seconds=settings.publish_every)


def _files(data: Path) -> Iterator[Finding]:
    """Yield files and folders that others may read, or that are another user's; in blobs the folder stands for all."""
    own = [data, data / "keys", data / "blobs", *data.glob("*"), *(data / "keys").glob("*")]
    for path in dict.fromkeys(path for path in own if path.exists()):
        about = path.stat()
        if stat.S_IMODE(about.st_mode) & 0o077:
            yield _found("open_to_others", path=path)
        if about.st_uid != os.geteuid():
            yield _found("not_ours", path=path)
    for path in (*data.glob("backup-*/"), *data.parent.glob(f".{data.name}.restoring")):
        yield _found("left_over", path=path)


def _disk(data: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(data).free
    if free < LOW_DISK:
        yield _found("disk_low", path=data, free=free // (1024 * 1024))


def _backups(folder: Path, now: int) -> Iterator[Finding]:
    files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    made = [path.stat().st_mtime for path in files if path.suffix == ".age"]
    keys = [path.stat().st_mtime for path in files if path.name.endswith(".age.keys")]
    if not made:
        yield _found("backup_none", path=folder)
    elif now - max(made) > OLD_BACKUP:
        yield _found("backup_old", path=folder, days=int(now - max(made)) // _DAY)
    if old := [moment for moment in keys if now - moment > KEYS_HORIZON]:
        yield _found("backup_keys_old", path=folder, count=len(old), days=KEYS_HORIZON // _DAY)
    if any(path.suffix == ".guard" for path in files):
        yield _found("guard_in_backup", path=folder)


# --- the portal itself -----------------------------------------------------------------------------------------------


def _portal(settings: Settings, keyring: Keyring) -> Iterator[Finding]:
    if settings.url is not None and keyring.name.endswith(".invalid"):
        yield _found("name_invalid")
    guard = guard_path(settings, keyring).absolute()
    if guard.is_relative_to(settings.data):
        yield _found("guard_inside", path=settings.data)
    elif guard.exists() and guard.stat().st_dev == settings.data.stat().st_dev:
        yield _found("guard_same_disk")


def _database(what: Examined, keyring: Keyring, progress: Callable[[int, int], None]) -> Iterator[Finding]:
    settings, database = what.settings, database_of(what.settings)
    revision = database.revision(settings.faces[0])
    if is_newer(revision) or is_older(revision):
        yield _found("schema_newer" if is_newer(revision) else "schema_behind")
        return
    held = database.inspect()
    if held.problem:
        yield _found("log_damaged")
    yield from _guard(settings, keyring, held)
    yield from _times(what, database, settings.faces[0])
    yield from _cosigners(what)
    yield from _keys(database, held, keyring)
    yield from _blobs(settings.data / "blobs", held, what.now, progress)
    for role, table, right in database.wrong_rights():
        yield _found("right", role=role, table=table, right=right)


def _guard(settings: Settings, keyring: Keyring, held: Copied) -> Iterator[Finding]:
    path = guard_path(settings, keyring)
    if held.size and (not path.exists() or not path.read_bytes().strip()):
        yield _found("guard_missing", path=path, count=held.size)
        return
    standing = standing_of(settings)
    if standing != WHOLE:
        yield _found("read_only", standing=standing)


def _times(what: Examined, database: Database, face: Face) -> Iterator[Finding]:
    engine = database.readers(face)
    try:
        with engine.connect() as connection:
            rows = SqlLogRows(connection)
            head, publication = rows.head(), rows.publication()
    finally:
        engine.dispose()
    if head.last_time > what.now:
        yield _found("clock", hours=1 + (head.last_time - what.now) // 3600)
    published, tick = (publication.size, publication.tick) if publication else (0, 0)
    late = what.now - max(tick, head.last_time)
    if published < head.size and late > _LATE_TICKS * max(what.settings.publish_every, 60):
        yield _found("not_published", count=head.size - published, hours=late // 3600)


def _cosigners(what: Examined) -> Iterator[Finding]:
    settings, policy = what.settings, cosigning_policy(what.settings)
    states, alarms = cosigners_and_alarms(settings)
    for alarm in alarms:
        code = {HOLDER: "holder_alarm", READER: "reader_alarm"}.get(alarm.address, "cosigner_alarm")
        yield _found(code, address=alarm.address, size=alarm.size, told=alarm.told)
    if settings.cosigners is None:
        yield from [_found("no_cosigners")] if settings.behind_tls else []
        return
    late = _LATE_TICKS * max(settings.publish_every, 60)
    for state in states:
        if what.now - state.time > late:
            hours = (what.now - state.time) // 3600 if state.time else "∞"
            yield _found("cosigner_silent", address=state.address, hours=hours)
    if not judge(published_checkpoint(settings), policy, now=what.now, max_age=late).fresh:
        yield _found("no_quorum")


def _keys(database: Database, held: Copied, keyring: Keyring) -> Iterator[Finding]:
    stored = dict(database.stored_keys())
    lacking = sorted(case for case in held.cases if not {f"case/{case}", f"log/{case}"} <= stored.keys())
    if lacking or SYSTEM not in stored:
        yield _found("keys_missing", count=len(lacking), cases=", ".join(case[:6] for case in lacking[:5]) or SYSTEM)
    if foreign := sum(not opens(keyring.vault, name, wrapped) for name, wrapped in stored.items()):
        yield _found("keys_foreign", count=foreign)
    if extra := sum(name != SYSTEM and case_of(name) not in held.cases for name in stored):
        yield _found("keys_extra", count=extra)


def _blobs(folder: Path, held: Copied, now: int, progress: Callable[[int, int], None]) -> Iterator[Finding]:
    missing, damaged = [], []
    blobs = FileBlobs(folder)
    for done, sha256 in enumerate(sorted(held.blobs), start=1):
        try:
            if sha256_hex(blobs.get(sha256)) != sha256:
                damaged.append(sha256)
        except FileNotFoundError:
            missing.append(sha256)
        progress(done, len(held.blobs))
    if missing:
        yield _found("blobs_missing", count=len(missing), sample=missing[0][:12])
    if damaged:
        yield _found("blobs_damaged", count=len(damaged), sample=damaged[0][:12])
    old = now - 2 * GRACE_SECONDS
    there = {path.name for path in folder.glob("??/*") if path.stat().st_mtime < old}
    if extra := there - held.blobs - held.waiting:
        yield _found("blobs_extra", count=len(extra))


def as_json(findings: list[Finding], language: str) -> str:
    """Return findings for programs."""
    plain = []
    for finding in findings:
        wrong, mend = finding.words(language)
        params = {name: str(value) for name, value in finding.params.items()}
        plain.append({"code": finding.code, "wrong": finding.is_wrong, "what": wrong, "mend": mend, "about": params})
    return json.dumps({"ok": not any(each.is_wrong for each in findings), "findings": plain})
