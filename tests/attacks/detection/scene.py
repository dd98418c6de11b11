"""One cell's own copy of the portal and of everything that was kept: to attack, and then to look at."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.config import Settings, read_settings
from app.domain.ports import Face
from app.store.keyring import Keyring, read_keyring
from app.wiring import assemble
from crypto.log.checkpoint import Checkpoint, sign_checkpoint
from crypto.log.merkle import CompactRange, leaf_hash
from tests.attacks.detection.baseline import Baseline
from tests.attacks.detection.liar import Lie, Told
from tests.portal import RunningPortal
from tests.stories.sixty_days import ShiftedPortal


@dataclass
class Scene:
    """A copy of the baseline in `folder`. What an attack sets here is what the watchers then meet."""

    base: Baseline
    folder: Path
    lies: list[Lie] = field(default_factory=list)
    unguarded: bool = False
    """Whether the owner took the guard away, too; what a start says with the guard in place is looked at before."""
    openings: Callable[[dict[str, object]], object] | None = None
    """What the office does to the file of openings that it hands out."""
    submissions: list[str] = field(default_factory=list)
    """Checkpoints that somebody sends to the cosigner besides."""
    max_age: int = 86_400
    """After how many seconds readers do not count a cosignature any more."""
    patience: float = 60.0
    """Seconds in which the portal's cosigner is waited for."""
    more: dict[str, str] = field(default_factory=dict)
    """Settings of the portal besides."""
    after: Callable[[], None] | None = None
    """What happens once the portal serves."""
    deaf: bool = False
    """Whether the cosigner cannot be reached."""
    clock: int = 0
    """By how many seconds the portal's clock is off."""
    asks_openings: bool = True
    """Whether the auditor asks the office for openings, which makes an entry of that moment."""
    asks_quorum: bool = False
    """Whether the petitioner looks with the policy in hand."""

    def __post_init__(self) -> None:
        for name in ("data", "case", "cosigner", "receipts"):
            shutil.copytree(self.base.folder / name, self.folder / name)
        for name in ("data.guard", "state.json", "state.json.entries"):
            shutil.copyfile(self.base.folder / name, self.folder / name)

    @property
    def url(self) -> str:
        """The address under which everybody knows the portal."""
        return f"http://127.0.0.1:{self.base.liar}"

    @property
    def data(self) -> Path:
        """The portal's data folder."""
        return self.folder / "data"

    @property
    def portal(self) -> RunningPortal:
        """The portal over it, not started."""
        if self.clock:
            (self.folder / "clock").write_text(str(self.clock))
            self.more["STORY_CLOCK"] = str(self.folder / "clock")
        made = self.base.portal(self.data, ShiftedPortal if self.clock else RunningPortal)
        made.settings |= self.more
        return made

    @property
    def settings(self) -> Settings:
        """Its settings, to reach into it from here."""
        return read_settings(self.portal.environment)

    def keys(self) -> Keyring:
        """The owner's keys."""
        return read_keyring(self.data)

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """Give the SQLite file, as its owner has it; changes are committed."""
        with closing(sqlite3.connect(self.data / "portal.db")) as db:
            yield db
            db.commit()

    def leaves(self) -> list[bytes]:
        """Every entry."""
        with self.database() as db:
            return [bytes(leaf) for (leaf,) in db.execute("SELECT leaf FROM log_entry ORDER BY idx")]

    def entries_of_case(self) -> list[int]:
        """The indexes of the followed case's entries."""
        with self.database() as db:
            found = db.execute("SELECT idx FROM log_opening WHERE case_id = ? ORDER BY idx", (self.base.case,))
            return [index for (index,) in found]

    def published(self) -> str:
        """The newest checkpoint, without cosignatures."""
        with self.database() as db:
            found = db.execute("SELECT checkpoint FROM log_publication ORDER BY tick DESC").fetchone()
            return str(found[0])

    def lie(self, where: str, change: Callable[[bytes], bytes | int]) -> None:
        """Change the answer to whatever path fits a pattern: to other bytes, or to a status without a body."""

        def told(path: str, truth: Told) -> Told:
            if not re.fullmatch(where, path) or truth.status != 200:
                return truth
            changed = change(truth.body)
            return Told(changed, b"") if isinstance(changed, int) else Told(truth.status, changed, truth.headers)

        self.lies.append(told)

    def set_back(self) -> None:
        """Put the data folder of the first day in place."""
        shutil.rmtree(self.data)
        shutil.copytree(self.base.folder / "older", self.data)

    def sign(self, size: int, root: bytes) -> str:
        """Return a checkpoint as the portal publishes them."""
        keys = self.keys()
        return sign_checkpoint(Checkpoint(keys.log_origin, size, root), [keys.log], [keys.log_pq], int(time.time()))

    # a history that is rewritten throughout

    def rewrite(self, rows: list[tuple[bytes, int | None]]) -> None:
        """Make the log consist of these rows: entry, and the index at which it stood before, None for a new one.

        Everything follows, as an owner with all keys would do it: tiles, head, batches, openings, publication.
        """
        openings = self._sealed_again({new: old for new, (_, old) in enumerate(rows) if old is not None})
        sizes = self._batches(len(rows))
        edge, roots = CompactRange(), {}
        tiles, level = [], []
        for leaf, _ in rows:
            edge.append(leaf_hash(leaf))
            level.append(leaf_hash(leaf))
            if edge.size in sizes:
                roots[edge.size] = edge.root()
            if edge.size % 256 == 0:
                first = CompactRange()
                for each in level[-256:]:
                    first.append(each)
                tiles.append((0, edge.size // 256 - 1, first.root(), b"".join(level[-256:])))
        with self.database() as db:
            for table in ("log_entry", "log_opening", "log_tile", "log_batch", "log_publication"):
                db.execute(f"DELETE FROM {table}")
            db.executemany("INSERT INTO log_entry VALUES (?, ?)", [(n, leaf) for n, (leaf, _) in enumerate(rows)])
            db.executemany("INSERT INTO log_opening (idx, case_id, sealed) VALUES (?, ?, ?)", openings)
            db.executemany("INSERT INTO log_tile (level, idx, root, hashes) VALUES (?, ?, ?, ?)", tiles)
            db.executemany("INSERT INTO log_batch VALUES (?, ?)", list(roots.items()))
            last = int.from_bytes(rows[-1][0][2:10], "big")
            db.execute("UPDATE log_head SET size = ?, edge = ?, last_time = ?", (edge.size, edge.to_bytes(), last))
            signed = self.sign(edge.size, edge.root())
            db.execute("INSERT INTO log_publication VALUES (?, ?, ?)", (int(time.time()), edge.size, signed))
        self.unguarded = True

    def _batches(self, size: int) -> set[int]:
        with self.database() as db:
            return {each for (each,) in db.execute("SELECT size FROM log_batch") if each < size} | {size}

    def _sealed_again(self, places: Mapping[int, int]) -> list[tuple[int, str, bytes]]:
        """Return the openings for their new places: each is bound to its own."""
        with self.database() as db:
            rows = {idx: (case, bytes(sealed)) for idx, case, sealed in db.execute("SELECT * FROM log_opening")}
        with closing(assemble(self.settings, publisher=False)) as assembly:
            vault = assembly.faces[Face.OFFICE].vault
            found = []
            for new, old in places.items():
                case, sealed = rows[old]
                body = vault.open_opening(old, case, sealed)
                found.append((new, case, sealed if new == old else vault.seal_opening(new, case, body)))  # type: ignore[attr-defined]  # the store's own
        return found

    def rows(self) -> list[tuple[bytes, int | None]]:
        """The rows as they are, to be changed and given to `rewrite`."""
        return [(leaf, index) for index, leaf in enumerate(self.leaves())]

    def dispose(self) -> None:
        """Give the disk back."""
        shutil.rmtree(self.folder)

    def opened(self, told: bytes) -> bytes:
        """Return the file of openings as the office hands it out."""
        if self.openings is None:
            return told
        body = json.loads(told)
        changed = self.openings(body)
        return json.dumps(body if changed is None else changed).encode()


def facts(**changed: object) -> Lie:
    """Return a lie about what the portal says of itself; None takes a fact away."""

    def told(path: str, truth: Told) -> Told:
        if path != "/api/v1/portal" or truth.status != 200:
            return truth
        body = {name: value for name, value in {**json.loads(truth.body), **changed}.items() if value is not None}
        return Told(200, json.dumps(body).encode(), truth.headers)

    return told
