"""The composition root: settings in, the faces of one portal out. Nothing else knows how the parts fit together.

`prepare` runs once before anything serves (keys, schema, grants, the log's first entry); `assemble` runs in every
process and makes engines and a sequencer for the faces it is asked for, and for no other.
"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.config import SettingError, Settings, cosigning_policy
from app.courier import SmtpCourier
from app.domain.cosigners import Alarm, CosignerState
from app.domain.entities import CaseId, EntryKind, PortalFacts, Role
from app.domain.errors import DomainError
from app.domain.openings import decode_opening
from app.domain.ports import EntryDraft, Face, Faces, Portal, Unit, View
from app.store.blobs import FileBlobs
from app.store.cosigning import Cosigning, ask_all, cosigners_of
from app.store.database import Database, Writer
from app.store.failures import DatabaseProblem, start_problem
from app.store.guard import Guard
from app.store.hashing_lane import HashingLane
from app.store.housekeeping import sweep
from app.store.keyring import Keyring, make_keyring, read_keyring, stored_name
from app.store.ledger import LogKeys, Publishing, SqlLedger, SqlPublishedLog, publish
from app.store.locks import HostLock
from app.store.migrate import is_older
from app.store.page_guard import PageGuard
from app.store.postgres import PostgresDatabase
from app.store.restored import read_mark
from app.store.sequencer import Sequencer, Sequencing
from app.store.sqlite import SqliteDatabase
from app.store.standing import WHOLE, standing
from app.store.typesetter import Typesetter
from app.store.vault import KeyStore, StoreVault
from app.submitting import submit
from app.usecases.send_notices import send_notices
from app.web.served import running
from crypto.access_request import rule_tag
from crypto.digest import sha256_hex
from crypto.errors import CryptoError
from crypto.log.leaf import Leaf, LeafKind
from crypto.note import NoteSigner, NoteType, sign_typed

SWEEP_SECONDS = 3600
FIRST_RULE = "offered"
"""Whether devices must sign at a portal whose log says nothing of it."""
LOOK_SECONDS = 5.0
"""How often a process looks whether a cosigner is to be asked; most of them look in vain, as another was first."""
AFTER_TICK_SECONDS = 0.2
STOP_SECONDS = 5.0
"""How long a stopping portal waits for a cosigner that is just being asked; what it says is asked for again."""


@dataclass(frozen=True)
class NoteStatements:
    """`StatementSigner` with the portal's statement keys: two while they are changed."""

    signers: tuple[NoteSigner, ...]

    def sign(self, kind: str, body: Mapping[str, object]) -> str:
        """Return a signed statement of a registered type."""
        return sign_typed(NoteType(kind), body, self.signers)


@dataclass(frozen=True, kw_only=True)
class Assembly(Faces):
    """A running portal: its faces, how its data stand (standing.py), and what must be stopped."""

    settings: Settings
    standing: str
    close: Callable[[], None]


def clock() -> int:
    """Return the time in unix seconds."""
    return int(time.time())  # noqa: TID251 - the composition root names the source of time


def random(size: int) -> bytes:
    """Return random bytes from the operating system."""
    return os.urandom(size)  # noqa: TID251 - the composition root names the source of randomness


def database_of(settings: Settings) -> Database:
    """Return the database that the settings name."""
    if settings.on_postgres:
        return PostgresDatabase(settings.database, settings.face_databases)
    return SqliteDatabase(settings.data)


def guard_path(settings: Settings, keyring: Keyring) -> Path:
    """Return where the rollback guard lies: as set, or in the user's state folder by the portal's name.

    A successor's log has a guard of its own: the old one knows what was lost, and never goes back.
    """
    number = "" if keyring.generation == 1 else f".{keyring.generation}"
    if settings.guard is not None:
        return settings.guard.with_name(settings.guard.name + number)
    base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "resguardo" / f"{sha256_hex(keyring.name.encode())[:32]}.guard{number}"


@contextlib.contextmanager
def guard_of(settings: Settings, keyring: Keyring) -> Iterator[Guard]:
    """Give the rollback guard of this host."""
    guard = Guard(guard_path(settings, keyring))
    try:
        yield guard
    finally:
        guard.close()


def standing_of(settings: Settings) -> str:
    """Return how a prepared portal's data stand (standing.py), without serving it."""
    keyring = read_keyring(settings.data)
    with guard_of(settings, keyring) as guard:
        return _standing(settings, keyring, guard, settings.faces[0])


def cosigners_and_alarms(settings: Settings) -> tuple[Sequence[CosignerState], Sequence[Alarm]]:
    """Return how things stand with a prepared portal's cosigners, and what they refused, without serving it."""
    with _published(settings) as log:
        return log.cosigners(), log.alarms()


def published_checkpoint(settings: Settings) -> str:
    """Return a prepared portal's published checkpoint with its cosignatures, without serving it."""
    with _published(settings) as log:
        return log.checkpoint()


@contextlib.contextmanager
def _published(settings: Settings) -> Iterator[SqlPublishedLog]:
    engine = database_of(settings).readers(settings.faces[0])
    try:
        yield SqlPublishedLog(engine, read_keyring(settings.data).log_origin)
    finally:
        engine.dispose()


# --- once, before anything serves ----------------------------------------------------------------------------------


def prepare(settings: Settings) -> None:
    """Make data folder and database ready: keys, schema, grants, system key, first log entry. Raises SettingError.

    A process that has a face's database address only, and not the owner's, checks that this was done.
    """
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = stored_name(settings.data)
        if name is not None and settings.origin not in {None, name}:
            raise SettingError("origin_changed", "RESGUARDO_ORIGIN")
        with HostLock(settings.data / "start.lock").held(), _database_explained(settings):
            if settings.on_postgres and not settings.database:
                _check_prepared(settings)
                return
            make_keyring(settings.data, settings.origin, random)
            _check_keys(settings)
            database_of(settings).prepare()
            _make_system_key(settings)
            _open_log(settings)
    except OSError as error:
        raise SettingError("folder", "RESGUARDO_DATA") from error


def _check_keys(settings: Settings) -> None:
    """Read name and keys once, so that a damaged file is named before anything rests on it. Raises SettingError."""
    try:
        read_keyring(settings.data)
    except (ValueError, KeyError, TypeError, CryptoError) as error:
        raise SettingError("keys_damaged", "RESGUARDO_DATA") from error


@contextlib.contextmanager
def _database_explained(settings: Settings) -> Iterator[None]:
    """Turn a database that cannot be used into words about the setting."""
    try:
        yield
    except DatabaseProblem as error:
        if not settings.on_postgres:
            raise
        field = "RESGUARDO_DATABASE" if settings.database else f"RESGUARDO_DATABASE_{settings.faces[0].upper()}"
        raise SettingError(start_problem(error), field) from None  # the cause may quote the address


def _check_prepared(settings: Settings) -> None:
    if stored_name(settings.data) is None:
        raise SettingError("keys_differ", "RESGUARDO_DATA")
    for face in settings.faces:
        if is_older(database_of(settings).revision(face)):
            raise SettingError("database_behind", f"RESGUARDO_DATABASE_{face.upper()}")


def _make_system_key(settings: Settings) -> None:
    engines = database_of(settings).keys(None)
    try:
        StoreVault(KeyStore(engines, read_keyring(settings.data).vault, random), random).make_system_key()
    finally:
        engines.dispose()


def _open_log(settings: Settings) -> None:
    """Write the log's own first entry and let it out; on a log that has it, nothing happens.

    A successor's own first entry stands behind what was kept of the log before it.
    """
    keyring = read_keyring(settings.data)
    place, draft = _first_entry(keyring)

    def work(unit: Unit) -> None:
        if unit.log.leaf(place) is None:  # another host may have been first
            unit.append(draft)

    with contextlib.closing(assemble(settings, publisher=False)) as assembly:
        if assembly.standing == "foreign":
            raise SettingError("keys_differ", "RESGUARDO_DATA")
        if assembly.standing != WHOLE:
            return
        with assembly.public.ledger.view() as view:
            opened = view.log.leaf(place) is not None
        if not opened:
            assembly.public.ledger.write(work)
            _publish_once(settings)


def note_version(settings: Settings) -> None:
    """Write in the log what this portal runs, unless its last such entry says the same.

    The subject tag is the SHA-256 of the manifest of modules: anyone sees in the log which code was ever served, and
    when that changed. The rest is public by the entry's opening (`/api/v1/served`).
    """
    runs = running(settings, facts_of(settings, read_keyring(settings.data)))
    draft = EntryDraft(
        EntryKind.PORTAL_VERSION,
        "portal",
        Role.PORTAL,
        open_kind=LeafKind.PORTAL_VERSION,
        record=runs.configuration_sha256,
        detail=runs.detail,
        subject=bytes.fromhex(runs.modules),
    )

    with contextlib.closing(assemble(settings, publisher=False)) as assembly:
        portal = assembly.public

        def work(unit: Unit) -> None:
            if _newest_version(portal, unit) != draft.detail:  # of two hosts that start at once, one writes it
                unit.append(draft)

        if assembly.standing == WHOLE:
            with portal.ledger.view() as view:
                known = _newest_version(portal, view)
            if known != draft.detail:
                portal.ledger.write(work)


def note_signing_rule(settings: Settings) -> None:
    """Write in the log whether readers' devices must sign, unless its last such entry says the same.

    From that entry on anyone can tell that a look without a signature should not be there. What a portal begins with,
    *offered*, is no entry.
    """
    rule = settings.signed_requests
    draft = EntryDraft(EntryKind.SIGNING_RULE, "portal", Role.PORTAL, detail=rule, subject=rule_tag(rule))

    def work(unit: Unit) -> None:
        if _rule_in_force(unit) != rule:  # in the transaction: of two hosts that start at once, one writes it
            unit.devices.add_rule(unit.append(draft), rule)

    with contextlib.closing(assemble(settings, publisher=False)) as assembly:
        if assembly.standing == WHOLE:
            with assembly.public.ledger.view() as view:
                known = _rule_in_force(view)
            if known != rule:
                assembly.public.ledger.write(work)


def _rule_in_force(view: View) -> str:
    rules = view.devices.rules()
    return rules[-1][1] if rules else FIRST_RULE


def _newest_version(portal: Portal, view: View) -> str:
    """Return what the log's last entry about a version says, or nothing."""
    for index, sealed, _ in reversed(view.log.openings_of(CaseId(""))):
        if Leaf.from_bytes(view.log.leaf(index) or b"").kind == LeafKind.PORTAL_VERSION:
            return decode_opening(portal.vault.open_opening(index, "", sealed))[1]["detail"]
    return ""


def _first_entry(keyring: Keyring) -> tuple[int, EntryDraft]:
    """Return the index and the draft of the first entry that a log made itself."""
    if not keyring.before:
        return 0, EntryDraft(EntryKind.LOG_OPENED, "portal", Role.PORTAL, open_kind=LeafKind.LOG_OPENED)
    last = keyring.before[-1]
    draft = EntryDraft(
        EntryKind.LOG_SUCCEEDED,
        "portal",
        Role.PORTAL,
        open_kind=LeafKind.SUCCESSOR,
        record=sha256_hex(last.note.encode()),
        detail=last.origin,
    )
    return last.kept, draft


def _publish_once(settings: Settings) -> None:
    with contextlib.ExitStack() as stack:
        publish(_publishing(settings, read_keyring(settings.data), settings.faces[0], stack), now_and_here=True)


# --- in every process ----------------------------------------------------------------------------------------------


def assemble(settings: Settings, faces: Collection[Face] = (), *, publisher: bool = True) -> Assembly:
    """Return a portal over a prepared data folder: the named faces, or those of the settings.

    Each has its own engines and sequencer; a publishing thread runs beside them if asked for.
    """
    keyring = read_keyring(settings.data)
    with contextlib.ExitStack() as stack:
        guard = stack.enter_context(guard_of(settings, keyring))
        chosen = tuple(faces or settings.faces)
        state = _standing(settings, keyring, guard, chosen[0])
        portals = {face: _Face(settings, keyring, guard, face, stack).portal(state) for face in chosen}
        if publisher and state == WHOLE:
            stack.enter_context(_ticking(settings, keyring, chosen[0]))
            stack.enter_context(_cosigned(settings, keyring, chosen[0]))
            if Face.PETITIONER in portals:
                stack.enter_context(_carrying(portals[Face.PETITIONER], courier_of(settings)))
        closing = stack.pop_all()
    return Assembly(faces=portals, settings=settings, standing=state, close=closing.close)


def _standing(settings: Settings, keyring: Keyring, guard: Guard, face: Face) -> str:
    engine = database_of(settings).readers(face)
    try:
        restored = read_mark(settings.data) is not None
        return standing(engine, guard, keyring.trusted, restored=restored)
    finally:
        engine.dispose()


def _log_keys(keyring: Keyring) -> LogKeys:
    signing = keyring.signing
    return LogKeys(keyring.log_origin, tuple(each.log for each in signing), tuple(each.log_pq for each in signing))


class _Face:
    """One face of the portal with everything it opens, to be closed with the stack."""

    def __init__(
        self, settings: Settings, keyring: Keyring, guard: Guard, face: Face, stack: contextlib.ExitStack
    ) -> None:
        self._settings = settings
        self._keyring = keyring
        self._guard = guard
        self._face = face
        self._stack = stack
        self._database = database_of(settings)

    def portal(self, state: str) -> Portal:
        """Return the face's portal; `state` is how its data stand."""
        readers = self._database.readers(self._face)
        self._stack.callback(readers.dispose)
        vault = _vault_of(self._settings, self._keyring, self._face, self._stack)
        keys = _log_keys(self._keyring)
        return Portal(
            face=self._face,
            facts=facts_of(self._settings, self._keyring),
            ledger=SqlLedger(self._sequencer(vault), readers, keys, self._guard, state),
            log=SqlPublishedLog(readers, self._keyring.log_origin),
            vault=vault,
            blobs=FileBlobs(self._settings.data / "blobs"),
            passwords=self._hashing_lane(),
            statements=NoteStatements(tuple(each.statements for each in self._keyring.signing)),
            page_guard=PageGuard(),
            typesetter=Typesetter(),
            clock=clock,
            random=random,
        )

    def _sequencer(self, vault: StoreVault) -> Sequencer:
        writer = self._database.writer(self._face)
        self._stack.callback(writer.close)
        sequencer = Sequencer(
            Sequencing(
                writer=writer,
                vault=vault,
                guard=self._guard,
                tick=self._settings.publish_every,
                clock=clock,
                random=random,
            )
        )
        self._stack.callback(sequencer.close)
        return sequencer

    def _hashing_lane(self) -> HashingLane:
        lane = HashingLane(self._settings.data)
        self._stack.callback(lane.close)
        return lane


def _vault_of(settings: Settings, keyring: Keyring, face: Face, stack: contextlib.ExitStack) -> StoreVault:
    engines = database_of(settings).keys(face)
    stack.callback(engines.dispose)
    return StoreVault(KeyStore(engines, keyring.vault, random), random)


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
        before=keyring.before,
        key_changes=keyring.announced,
        notice_from=settings.smtp_from or None,
        trace_to=settings.trace_to or None,
        signed_requests=settings.signed_requests,
        reports_to=settings.reports_to or None,
    )


def courier_of(settings: Settings) -> SmtpCourier | None:
    """Return what carries notices, None where the portal sends no mail."""
    return SmtpCourier(settings.smtp, settings.smtp_from) if settings.smtp else None


# --- at every tick ------------------------------------------------------------------------------------------------


def _publishing(settings: Settings, keyring: Keyring, face: Face, stack: contextlib.ExitStack) -> Publishing:
    writer = database_of(settings).writer(face)
    stack.callback(writer.close)
    guard = stack.enter_context(guard_of(settings, keyring))
    return Publishing(writer=writer, guard=guard, keys=_log_keys(keyring), tick=settings.publish_every, clock=clock)


@contextlib.contextmanager
def _ticking(settings: Settings, keyring: Keyring, face: Face) -> Iterator[None]:
    """Publish at each tick and sweep once an hour, in a thread that any process may run."""
    stop = threading.Event()
    with contextlib.ExitStack() as stack:
        publishing = _publishing(settings, keyring, face, stack)
        sweeps = _sweeps(settings, keyring, publishing.writer, stack) if face is Face.PETITIONER else None
        thread = threading.Thread(target=_tick, args=(publishing, sweeps, stop), name="ticks", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def _sweeps(settings: Settings, keyring: Keyring, writer: Writer, stack: contextlib.ExitStack) -> "_Sweeps":
    vault = _vault_of(settings, keyring, Face.PETITIONER, stack)
    return _Sweeps(writer, vault, FileBlobs(settings.data / "blobs"))


class _Sweeps:
    """Sweeping at the first tick, to finish what a crash left, and once an hour, by the face whose rows are swept."""

    def __init__(self, writer: Writer, vault: StoreVault, blobs: FileBlobs) -> None:
        self._writer = writer
        self._vault = vault
        self._blobs = blobs
        self._swept = 0

    def sweep_if_due(self) -> None:
        """Sweep if the last time is an hour ago."""
        if clock() - self._swept >= SWEEP_SECONDS:
            self._swept = clock()
            sweep(self._writer, self._vault, self._blobs, self._swept)


def _tick(publishing: Publishing, sweeps: _Sweeps | None, stop: threading.Event) -> None:
    while not stop.wait(publishing.tick - time.time() % publishing.tick):  # noqa: TID251 - as `clock`
        try:
            publish(publishing)
            if sweeps is not None:
                sweeps.sweep_if_due()
        except (DomainError, OSError, DatabaseProblem) as error:
            print(f"publication failed, next try at the next tick: {type(error).__name__}", file=sys.stderr)  # noqa: T201 - the operator's log


@contextlib.contextmanager
def _cosigned(settings: Settings, keyring: Keyring, face: Face) -> Iterator[None]:
    """Ask the cosigners at each tick, in a thread of its own: one that is slow holds up no publication."""
    asked = cosigners_of(cosigning_policy(settings))
    if not asked:
        yield
        return
    stop = threading.Event()
    with contextlib.ExitStack() as stack:
        database = database_of(settings)
        writer, readers = database.writer(face), database.readers(face)
        stack.callback(writer.close)
        stack.callback(readers.dispose)
        parts = Cosigning(keyring.log_origin, asked, writer, readers, settings.publish_every, clock, submit)
        thread = threading.Thread(target=_ask_cosigners, args=(parts, stop), name="cosigners", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(STOP_SECONDS)


def _ask_cosigners(parts: Cosigning, stop: threading.Event) -> None:
    """Look soon after each tick, and every few seconds for what was published or failed in between."""
    pause = 0.0
    while not stop.wait(pause):
        try:
            ask_all(parts)
        except (DomainError, OSError, DatabaseProblem) as error:
            print(f"cosigners are asked again: {type(error).__name__}", file=sys.stderr)  # noqa: T201 - the operator's log
        until_tick = parts.tick - time.time() % parts.tick  # noqa: TID251 - as `clock`
        pause = min(until_tick + AFTER_TICK_SECONDS, LOOK_SECONDS)


@contextlib.contextmanager
def _carrying(portal: Portal, courier: SmtpCourier | None) -> Iterator[None]:
    """Send notices after each tick, in a thread of its own: a slow mail server holds up no publication."""
    stop = threading.Event()
    thread = threading.Thread(target=_carry, args=(portal, courier, stop), name="notices", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _carry(portal: Portal, courier: SmtpCourier | None, stop: threading.Event) -> None:
    tick = portal.facts.publish_every
    while not stop.wait(tick - time.time() % tick):  # noqa: TID251 - as `clock`
        try:
            done = send_notices(portal, courier)
        except (DomainError, OSError, DatabaseProblem) as error:
            print(f"notices wait for the next tick: {type(error).__name__}", file=sys.stderr)  # noqa: T201 - the operator's log
            continue
        if done.failed or done.dropped:
            print(f"notices: {done.failed} put off, {done.dropped} given up", file=sys.stderr)  # noqa: T201 - as above
