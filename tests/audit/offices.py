"""A real office whose log is published, mirrored and audited: what its people do, honestly or beside the log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app import wiring
from app.audit.auditor import Kept, audit
from app.audit.finding import Report
from app.audit.mirror import Mirror, follow
from app.audit.source import Located, WithheldError, locate_folder
from app.domain.deadlines import Dated, legal_day
from app.domain.entities import CaseId, Purpose
from app.domain.ports import Log
from app.domain.procedure import Outcome, Stated
from app.store.sequencer import SqlRows
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.assign_case import assign_readers
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.hand_out_openings import hand_out_openings
from app.usecases.read_redacted import begin_sitting, read_redacted
from crypto.log.checkpoint import parse_verifier
from crypto.log.tiles import EntryBundle, parse_path
from tests import engine
from tests.assembled import environment_in
from tests.usecases.desk import Office, office_in
from tests.usecases.desks import WORDS

NOON = int(datetime(2026, 11, 18, 17, tzinfo=UTC).timestamp())
"""A Wednesday, noon in Washington."""
HOUR, DAY = 3600, 86_400


class LogFiles:
    """A portal's published log, read as the files that it serves."""

    workers = 1
    live = False

    def __init__(self, log: Log) -> None:
        self._log = log

    def read(self, path: str, limit: int) -> bytes:
        """Return a tile or bundle, or the checkpoint."""
        if path == "checkpoint":
            return self._log.checkpoint().encode()
        place = parse_path(path)
        if isinstance(place, EntryBundle):
            data = self._log.bundle(place.index, place.width)
        else:
            data = self._log.tile(place.level, place.index, place.width)
        if data is None:
            raise WithheldError(path)
        return data


@dataclass
class Watched:
    """An office under audit; `now` moves the one clock of portal and sequencer, in unix seconds."""

    office: Office
    folder: Path
    now: list[int] = field(default_factory=lambda: [NOON])

    def wait(self, seconds: int) -> None:
        """Let time pass; a negative number sets the clock back."""
        self.now[0] += seconds

    def case(self, *readers: str) -> CaseId:
        """File a petition, acknowledge it and let Luis give it to some."""
        office = self.office
        case = office.file()
        if readers:
            assign_readers(office.portal, office.who("Luis"), case, [office.who(name).id for name in readers])
        return case

    def acknowledged(self, *readers: str) -> CaseId:
        """File, acknowledge and assign."""
        case = self.case(*readers)
        acknowledge_petition(self.office.assembly.petitioner, case, self.today().isoformat(), "OTLA-7")
        return case

    def today(self) -> date:
        """Return the day in Washington."""
        return legal_day(self.now[0])

    def read(self, name: str, case: CaseId) -> None:
        """Read a record as somebody of the office."""
        member = self.office.who(name)
        begin_sitting(self.office.portal, member, case, Purpose.REVIEW)
        read_redacted(self.office.portal, member, case)

    def decide(self, case: CaseId, drafter: str, approver: str, outcome: Outcome = Outcome.TAKE_UP) -> None:
        """Draft and approve an answer."""
        words = {"codes": ("INSUFFICIENT_EVIDENCE",), "words": WORDS} if outcome is Outcome.DECLINE else {}
        stated = Stated(day=Dated(self.today()), outcome=outcome, **words)  # type: ignore[arg-type]  # two fields
        draft_decision(self.office.portal, self.office.who(drafter), case, stated)
        approve_decision(self.office.portal, self.office.who(approver), case, self.drafted(case))

    def drafted(self, case: CaseId) -> int:
        """Return the number of a case's newest event, its draft."""
        with self.office.portal.ledger.view() as view:
            return view.events.of(case)[-1].seq

    def beside_the_log(self, work: Callable[[SqlRows], object]) -> None:
        """Change rows as whoever runs the database can, and log nothing."""
        with self.behind() as connection:
            work(SqlRows(connection))

    def behind(self) -> AbstractContextManager[Connection]:
        """Connect to the database behind the portal's back."""
        return engine.behind(environment_in(self.folder))

    def publish(self) -> None:
        """Let out everything so far."""
        self.wait(2)
        wiring._publish_once(self.office.assembly.settings)
        self.office.portal.log._known = None  # type: ignore[attr-defined]  # a second of real time has not passed

    def openings(self, start: int = 0, end: int = 10**6) -> dict[str, object]:
        """Return a file of openings as an auditor downloads it."""
        return hand_out_openings(self.office.portal, self.office.who("Ada"), start, end)

    def kept_openings(self) -> Path:
        """Publish, and keep the openings of everything as a file."""
        self.publish()
        path = self.folder / "openings.json"
        path.write_text(json.dumps(self.openings()))
        return path

    def mirror(self) -> Path:
        """Return a copy of the log in a folder."""
        folder = self.folder / "mirror"
        log = self.office.portal.log
        located = Located(LogFiles(log), log.checkpoint().encode(), {})
        _, report = follow(Mirror(folder, [parse_verifier(self.vkey)]), located)
        assert report.holds, list(report.findings)
        return folder

    @property
    def vkey(self) -> str:
        """The log's key."""
        return self.office.portal.facts.log_vkey

    def audit(self, rules: str = "", **kept: Any) -> Report:
        """Audit everything so far with all openings, from a mirror."""
        openings = kept.pop("openings", None) or self.kept_openings()
        if rules:
            kept["rules"] = self.folder / "rules.toml"
            kept["rules"].write_text(rules)
        given = Kept(keys=(self.vkey,), openings=openings, **kept)
        return audit(lambda: locate_folder(self.mirror()), given, self.now[0])

    def said(self, rules: str = "") -> list[tuple[str, str]]:
        """Return (rule, actor) of what an audit with all openings finds, after checking that the log holds."""
        report = self.audit(rules)
        assert report.holds, (list(report.findings), report.obstacles)
        return [(act.rule.value, str(act.about.get("actor", ""))) for act in report.acts]


@contextmanager
def watched_in(folder: Path, patch: Any) -> Iterator[Watched]:
    """Open an office on a clock that tests move."""
    now = [NOON]
    patch.setattr(wiring, "clock", lambda: now[0])
    with office_in(folder) as office:
        yield Watched(office, folder, now)
