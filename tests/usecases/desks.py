"""A desk to try the procedure at: a real portal, a filed case, people of the office, and a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.domain.deadlines import Dated, legal_day
from app.domain.entities import Case, CaseId, EntryKind, HolderSession, Role, StaffMember
from app.domain.openings import decode_opening
from app.domain.ports import EntryDraft, Portal
from app.domain.procedure import Asked, Outcome, ReasonWords, Stated
from app.i18n import LANGUAGES
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.ask_question import ask_question
from app.usecases.assign_case import assign_case
from app.usecases.file_petition import file_petition
from app.usecases.revise_petition import revise_petition
from app.usecases.tell_status import Status, tell_status
from app.wiring import Assembly
from crypto.secret import SecretBytes
from tests.assembled import assembled, settings_in
from tests.filings import Filing, make_filing
from tests.revisions import Versions, answer_text

QUESTION = "¿En qué fecha se entregó el convenio, y a cuántas personas?"
DAY = 24 * 3600
WORDS = {language: ReasonWords(f"{language}: faltan pruebas.", f"{language}: más pruebas.") for language in LANGUAGES}


@dataclass
class Desk:
    """A portal, a filed case in it, and the people of the office."""

    assembly: Assembly
    case: CaseId
    code: str
    people: dict[str, StaffMember]
    seed: SecretBytes
    versions: Versions
    days_ahead: int = 0

    def _shifted(self) -> int:
        return self.assembly.office.clock() + self.days_ahead * DAY

    @property
    def office(self) -> Portal:
        """The office's face, on the desk's own clock."""
        return replace(self.assembly.office, clock=self._shifted)

    @property
    def holder(self) -> Portal:
        """The petitioners' face, on the same clock."""
        return replace(self.assembly.petitioner, clock=self._shifted)

    def session(self) -> HolderSession:
        """Return a fresh session of a holder, as signing in makes it."""
        entry = EntryDraft(EntryKind.CASE_OPENED, "holder", Role.HOLDER, self.case)
        index = self.holder.ledger.write(lambda unit: unit.append(entry)).value
        return HolderSession("0" * 64, self.case, 0, 2**40, index)

    def ask(self, text: str = QUESTION, days: int = 14, name: str = "Ana") -> int:
        """Ask as somebody of the office; return the question's number."""
        asked = Asked(text, "es", self.today() + timedelta(days=days))
        return ask_question(self.office, self.people[name], self.case, asked)

    def answer(self, number: int, words: str = "Fue en marzo.", *, destroys: bool = False) -> None:
        """Answer a question as a holder, with the next version of the case."""
        call = self.versions.call(answer=(number, answer_text(number, words)), destroys=destroys)
        revise_petition(self.holder, self.case, call)
        self.versions = self.versions.follow(call)

    def stored(self) -> Case:
        """Return the case as it is stored."""
        with self.holder.ledger.view() as view:
            found = view.cases.get(self.case)
        assert found is not None
        return found

    def status(self, portal: Portal | None = None) -> Status:
        """Ask where the case stands, by its code."""
        return tell_status(portal or self.holder, self.code)

    def today(self) -> date:
        """Return the day that it is at the desk."""
        return legal_day(self.office.clock())

    def acknowledge(self, days_ago: int, reference: str = "OTLA-7", reason: str = "") -> Any:
        """State D0 as a holder."""
        day = (self.today() - timedelta(days=days_ago)).isoformat()
        return acknowledge_petition(self.holder, self.case, day, reference, reason)

    def decision(self, outcome: Outcome, days_ago: int = 0) -> Stated:
        """Return what a draft states."""
        codes, words = (("INSUFFICIENT_EVIDENCE",), WORDS) if outcome is Outcome.DECLINE else ((), {})
        day = Dated(self.today() - timedelta(days=days_ago))
        return Stated(day=day, outcome=outcome, codes=codes, words=words)

    def entries(self) -> list[dict[str, str]]:
        """Return the fields of every log entry of the case."""
        with self.office.ledger.view() as view:
            rows = view.log.openings_of(self.case)
        return [dict(decode_opening(self.office.vault.open_opening(i, owner, sealed))[1]) for i, sealed, owner in rows]

    def kinds(self) -> list[str]:
        """Return the kind of every log entry of the case, in order."""
        return [entry["kind"] for entry in self.entries()]


def desk_in(folder: Path, make: Callable[[str], Filing] = make_filing, **settings: str) -> Iterator[Desk]:
    """Yield a desk whose case is assigned to Ana and Luis, not to Eva; `make` seals the filing for a portal's name."""
    with assembled(settings_in(folder, **settings)) as assembly:
        filing = make(assembly.petitioner.facts.name)
        case = CaseId(file_petition(assembly.petitioner, filing.body).case)
        roles = {"Ana": Role.REVIEWER, "Luis": Role.COORDINATOR, "Eva": Role.PANEL, "Olga": Role.OPERATOR}
        people = {}
        for name, role in roles.items():
            added = assembly.office.ledger.write(lambda unit, n=name, r=role: unit.staff.add(n, r, 0))  # type: ignore[misc]  # bound now
            people[name] = added.value
        for name in ("Ana", "Luis"):
            assign_case(assembly.office, name, case)
        yield Desk(assembly, case, filing.prepared.status_code, people, filing.prepared.case_seed, Versions.of(filing))
