"""The composition root: settings in, two faces of one portal out. Nothing else knows how the parts fit together.

`prepare` runs once before anything serves (keys, schema, the log's first entry); `assemble` runs in every process.
"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.config import Settings, SettingError
from app.domain.entities import EntryKind, PortalFacts, Role
from app.domain.errors import DomainError
from app.domain.ports import EntryDraft, Face, Portal
from app.store import engines, tables
from app.store.blobs import FileBlobs
from app.store.guard import Guard
from app.store.hashing_lane import HashingLane
from app.store.housekeeping import sweep
from app.store.keyring import Keyring, make_keyring, read_keyring, stored_name
from app.store.ledger import LogKeys, Publishing, SqlLedger, SqlPublishedLog, publish, standing
from app.store.migrate import upgrade
from app.store.sequencer import HostLock, Sequencer, Sequencing
from app.store.vault import KeyStore, StoreVault
from crypto.digest import sha256_hex
from crypto.log.leaf import LeafKind
from crypto.note import NoteSigner, NoteType, sign_typed

SWEEP_SECONDS = 3600


@dataclass(frozen=True)
class NoteStatements:
    """`StatementSigner` with the portal's statement key."""

    signer: NoteSigner

    def sign(self, kind: str, body: Mapping[str, object]) -> str:
        """Return a signed statement of a registered type."""
        return sign_typed(NoteType(kind), body, [self.signer])


@dataclass(frozen=True)
class Assembly:
    """A running portal: its two faces and what must be stopped."""

    settings: Settings
    petitioner: Portal
    office: Portal
    standing: str
    close: Callable[[], None]


def clock() -> int:
    """Return the time in unix seconds."""
    return int(time.time())  # noqa: TID251 - the composition root names the source of time


def random(size: int) -> bytes:
    """Return random bytes from the operating system."""
    return os.urandom(size)  # noqa: TID251 - the composition root names the source of randomness


def guard_path(settings: Settings, name: str) -> Path:
    """Return where the rollback guard lies: as set, or in the user's state folder by the portal's name."""
    if settings.guard is not None:
        return settings.guard
    base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "resguardo" / f"{sha256_hex(name.encode())[:32]}.guard"


def prepare(settings: Settings) -> None:
    """Make a data folder ready: keys, schema, system key, first log entry, first publication. Raises SettingError."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = stored_name(settings.data)
        if name is not None and settings.origin not in {None, name}:
            raise SettingError("origin_changed", "RESGUARDO_ORIGIN")
        with HostLock(settings.data / "start.lock").held():
            make_keyring(settings.data, settings.origin, random)
            _migrate(settings)
            _open_log(settings)
    except OSError as error:
        raise SettingError("folder", "RESGUARDO_DATA") from error


def _migrate(settings: Settings) -> None:
    engine = engines.owner(settings.data / "portal.db")
    upgrade(engine)
    engine.dispose()
    vault = engines.owner(settings.data / "vault.db")
    tables.VAULT.create_all(vault)
    _key_store(settings, read_keyring(settings.data), vault).make_system_key()
    vault.dispose()


def _key_store(settings: Settings, keyring: Keyring, engine: engines.Engine) -> StoreVault:
    return StoreVault(KeyStore(engine, keyring.vault, random), random)


def _open_log(settings: Settings) -> None:
    """Write the log's first entry and let it out; on a log that is there, nothing happens."""
    assembly = assemble(settings, publisher=False)
    try:
        if assembly.standing != "whole":
            return
        with assembly.office.ledger.view() as view:
            if view.log.leaf(0) is not None:
                return
        draft = EntryDraft(EntryKind.LOG_OPENED, "portal", Role.PORTAL, open_kind=LeafKind.LOG_OPENED)
        assembly.office.ledger.write(lambda unit: unit.append(draft))
        _publish_once(settings)
    finally:
        assembly.close()


def _publish_once(settings: Settings) -> None:
    keyring = read_keyring(settings.data)
    with contextlib.ExitStack() as stack:
        publishing = _publishing(settings, keyring, stack)
        publish(publishing)


def _publishing(settings: Settings, keyring: Keyring, stack: contextlib.ExitStack) -> Publishing:
    engine = engines.writer(settings.data / "portal.db", Face.OFFICE)
    stack.callback(engine.dispose)
    guard = Guard(guard_path(settings, keyring.name))
    stack.callback(guard.close)
    return Publishing(
        engine=engine,
        lock=HostLock(settings.data / "sequencer.lock"),
        guard=guard,
        keys=_log_keys(keyring),
        tick=settings.publish_every,
        clock=clock,
    )


def _log_keys(keyring: Keyring) -> LogKeys:
    return LogKeys(keyring.log_origin, keyring.log, keyring.log_pq)


def assemble(settings: Settings, *, publisher: bool = True) -> Assembly:
    """Return a portal over a prepared data folder, with a sequencer per face and, if asked, a publishing thread."""
    keyring = read_keyring(settings.data)
    with contextlib.ExitStack() as stack:
        vault_engine = engines.owner(settings.data / "vault.db")
        stack.callback(vault_engine.dispose)
        vault = _key_store(settings, keyring, vault_engine)
        guard = Guard(guard_path(settings, keyring.name))
        stack.callback(guard.close)
        faces = {face: _face(settings, keyring, vault, guard, face, stack) for face in Face}
        state = _standing(settings, guard)
        if publisher and state == "whole":
            stack.enter_context(_ticking(settings, keyring))
        closing = stack.pop_all()
    return Assembly(settings, faces[Face.PETITIONER], faces[Face.OFFICE], state, closing.close)


def _standing(settings: Settings, guard: Guard) -> str:
    engine = engines.readers(settings.data / "portal.db", Face.OFFICE)
    try:
        return standing(engine, guard)
    finally:
        engine.dispose()


def _face(
    settings: Settings, keyring: Keyring, vault: StoreVault, guard: Guard, face: Face, stack: contextlib.ExitStack
) -> Portal:
    writer = engines.writer(settings.data / "portal.db", face)
    readers = engines.readers(settings.data / "portal.db", face)
    stack.callback(writer.dispose)
    stack.callback(readers.dispose)
    sequencer = Sequencer(
        Sequencing(
            engine=writer,
            vault=vault,
            guard=guard,
            lock=HostLock(settings.data / "sequencer.lock"),
            tick=settings.publish_every,
            clock=clock,
            random=random,
        )
    )
    stack.callback(sequencer.close)
    return Portal(
        face=face,
        facts=facts_of(settings, keyring),
        ledger=SqlLedger(sequencer, readers, _log_keys(keyring), guard),
        log=SqlPublishedLog(readers),
        vault=vault,
        blobs=FileBlobs(settings.data / "blobs"),
        passwords=HashingLane(HostLock(settings.data / "hashing.lock")),
        statements=NoteStatements(keyring.statements),
        clock=clock,
        random=random,
    )


def facts_of(settings: Settings, keyring: Keyring) -> PortalFacts:
    """Return what is public about the portal."""
    return PortalFacts(
        name=keyring.name,
        log_origin=keyring.log_origin,
        log_vkey=keyring.log.vkey,
        log_pq_vkey=keyring.log_pq.vkey,
        statement_vkey=keyring.statements.vkey,
        deployment=settings.deployment,
        url=settings.url,
        publish_every=settings.publish_every,
    )


@contextlib.contextmanager
def _ticking(settings: Settings, keyring: Keyring) -> Iterator[None]:
    """Publish at each tick and sweep once an hour, in a thread that any process may run."""
    stop = threading.Event()
    with contextlib.ExitStack() as stack:
        publishing = _publishing(settings, keyring, stack)
        thread = threading.Thread(target=_tick, args=(settings, publishing, stop), name="ticks", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def _tick(settings: Settings, publishing: Publishing, stop: threading.Event) -> None:
    swept = clock()
    while not stop.wait(settings.publish_every - time.time() % settings.publish_every):  # noqa: TID251 - as `clock`
        try:
            publish(publishing)
            if clock() - swept >= SWEEP_SECONDS:
                swept = clock()
                sweep(publishing.engine, FileBlobs(settings.data / "blobs"), swept)
        except (DomainError, OSError, engines.DatabaseProblem) as error:
            print(f"publication failed, next try at the next tick: {type(error).__name__}", file=sys.stderr)  # noqa: T201 - the operator's log
