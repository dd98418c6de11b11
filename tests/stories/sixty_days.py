"""A case of sixty days, told once: who does what on which day, through the command line and the office's pages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.client.cases import PETITION, write_petition
from tests.portal import RunningPortal, resguardo
from tests.staff import Colleague, enrol
from tests.stories.desks import Desk, HttpDesk

DAY = 24 * 60 * 60
NAMES = ("Ximena", "Arrayán", "Pedroza", "Eleuterio", "Bracamontes", "Zoraida", "Tlatoani")
"""Every name that is sealed in the course of the case: the office sees none of them, on no page."""
NEW_WITNESS = """
witnesses:
  - id: W3
    name: {given: "Zoraida", surname1: "Tlatoani"}
    statement: "Yo recogí las firmas."
"""
SLIP = "Lo sabe la güera de la puerta cuatro."
"""A nickname that no rule can know: the writer kept it, and thought better of it."""
REASONS = {
    "es": ("Faltan pruebas de la fecha del despido.", "Un recibo de nómina de agosto."),
    "en": ("The date of the dismissal is not shown.", "A pay slip of August."),
    "fr": ("La date du licenciement n'est pas établie.", "Un bulletin de paie d'août."),
}


@dataclass
class Clock:
    """The story's clock: a file that the portal and every command read, and this process's own time."""

    path: Path
    real: Callable[[], float] = time.time

    def set(self, days: float) -> None:
        """Go to a day of the story."""
        self.path.write_text(str(int(days * DAY)))

    def time(self) -> float:
        """Return unix seconds on the story's clock."""
        return self.real() + int(self.path.read_text())

    def date(self, ahead: int = 0) -> str:
        """Return the day of the legal clock, or so many after it, as 2026-03-12."""
        return (
            (datetime.fromtimestamp(self.time(), UTC) - timedelta(hours=5) + timedelta(days=ahead)).date().isoformat()
        )


@dataclass
class Office:
    """The people of the office, and how they come to their desks."""

    coordinator: Desk
    first: Desk
    second: Desk
    people: Mapping[str, Colleague] = field(default_factory=dict)

    def desks(self) -> tuple[Desk, ...]:
        """Return all desks."""
        return self.coordinator, self.first, self.second


class ShiftedPortal(RunningPortal):
    """A portal, and its operator's commands, on the story's clock."""

    module = "tests.stories.shifted"


@dataclass
class Story:
    """The sixty days. Each method is one scene; `play` tells them in order."""

    portal: ShiftedPortal
    clock: Clock
    folder: Path
    office: Office
    case: str = ""
    code: str = ""

    # --- telling -----------------------------------------------------------------------------------------------

    def run(self, *arguments: object) -> Any:
        """Run a petitioner's command on the story's clock and return its answer."""
        done = self.ended(*arguments, "--json")
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def ended(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a petitioner's command and return how it ended."""
        environment = {"STORY_CLOCK": str(self.clock.path)}
        done: subprocess.CompletedProcess[str] = resguardo(
            *map(str, arguments), environment=environment, module=ShiftedPortal.module
        )
        return done

    def on(self, day: float) -> None:
        """Go to a day; whoever was signed in at the office has to sign in again."""
        self.clock.set(day)

    def page(self, path: str) -> str:
        """Return the address of a page of the case."""
        return f"/office/cases/{self.case}{path}"

    def read(self, desk: Desk, purpose: str = "REVIEW", path: str = "") -> str:
        """Open a record at a desk, purpose said first."""
        desk.submit(self.page(path), "/sitting", {"purpose": purpose})
        return desk.look(self.page(path + "/record"))

    @property
    def own(self) -> Path:
        """The first union's case folder."""
        return self.folder / "case"

    @property
    def others(self) -> Path:
        """The second organization's copy of case.json and its key."""
        return self.folder / "federation"

    def status(self) -> dict[str, Any]:
        """Return the signed status as the second organization sees it."""
        found: dict[str, Any] = self.run("status", self.code, "--portal", self.portal.url, "--case", self.others)
        return found

    # --- the scenes --------------------------------------------------------------------------------------------

    def filed(self) -> None:
        """Day 0: a union files, a federation holds a second key; in an office, that day is D0."""
        assert self.ended("key", "new", "--out", self.others / "key").returncode == 0
        holder = (self.others / "key" / "holder.txt").read_text().strip()
        petition = write_petition(self.folder / "petition")
        filed = self.run("file", petition, "--portal", self.portal.url, "--out", self.own, "--holder", holder, "--yes")
        self.case, self.code = filed["case"], filed["status_code"]
        shutil.copy(self.own / "case.json", self.others)
        assert self.status()["stage"] == "US_REVIEW"

    def assigned(self) -> None:
        """Day 1: the coordinator gives the case to the first reviewer, who reads it."""
        coordinator, first = self.office.coordinator, self.office.first
        coordinator.sign_in()
        self._assign(coordinator, self.office.people["first"].name)
        first.sign_in()
        assert "perjudicaron" in self.read(first)

    def asked(self) -> None:
        """Day 3: the first reviewer asks, until day 10; the status says that a question waits."""
        first = self.office.first
        first.sign_in()
        fields = {"text": "¿Qué día fue el despido?", "language": "es", "until": self.clock.date(7)}
        first.submit(self.page("/question"), "/question", fields, ("act", "preview"))
        first.submit("", "/question", {}, ("act", "send"))
        assert self.status()["question"]["overdue"] is False

    def answered_late(self) -> None:
        """Day 12: the federation reads the question and answers, two days late; the answer is taken all the same."""
        assert self.status()["question"]["overdue"] is True
        key = ("--key", self.others / "key")
        (question,) = self.run("messages", "--case", self.others, *key)
        assert question["text"] == "¿Qué día fue el despido?"
        answer = self.folder / "answer.yaml"
        answer.write_text("text: El 11 de agosto, a las siete. Lo vio Eleuterio Bracamontes.\n")
        said = self.run("answer", "--case", self.others, *key, "--question", question["number"], "--yes", answer)
        assert (said["version"], said["late"]) == (2, True)
        assert self.status()["question"] is None

    def supplemented(self) -> None:
        """Day 15: the union adds a witness; who reads the case gives a purpose again, and no name."""
        more = self.folder / "more.yaml"
        more.write_text(NEW_WITNESS)
        self.run("supplement", "--case", self.own, "--add", more, "--yes")
        people = self.run("open", "--case", self.own)["witnesses"]
        assert [person["name"]["given"] for person in people] == ["Ximena", "Eleuterio", "Zoraida"]

    def slipped(self) -> None:
        """Day 16: a nickname slips into the text and is read; day 17: it is pulled, and nobody reads it again."""
        petition = write_petition(self.folder / "slip", PETITION.replace("El 11 de", f"{SLIP} El 11 de") + _witness())
        self.run("supplement", petition, "--case", self.own, "--yes")
        first = self.office.first
        first.sign_in()
        assert "güera de la puerta" in self.read(first)
        self.on(17)
        petition = write_petition(self.folder / "pulled", PETITION + _witness())
        pulled = self.run("supplement", petition, "--case", self.own, "--slip", "--yes")
        readers = {(reader["role"], reader["record"].split("/")[0]) for reader in pulled["readers"]}
        assert ("reviewer", "record") in readers, pulled
        first.sign_in()
        assert "güera" not in self.read(first, "CLARIFICATION")

    def handed_over(self) -> None:
        """Day 20: the first reviewer is ill; the coordinator hands their cases to the second."""
        coordinator, second = self.office.coordinator, self.office.second
        coordinator.sign_in()
        page = coordinator.look("/office/team")
        listed = re.findall(r'href="/office/team/(\d+)"><strong>([^<]+)</strong>', page)
        numbers = {name: number for number, name in listed}
        ill, well = (numbers[self.office.people[who].name] for who in ("first", "second"))
        coordinator.look(f"/office/team/{ill}/hand-over?to-{well}=yes")
        coordinator.submit("", "/hand-over", {f"case-{self.case}": well})
        second.sign_in()
        assert "perjudicaron" in self.read(second)

    def decided(self) -> None:
        """Day 45, overdue by 15: the second reviewer drafts a refusal with reasons; the coordinator approves it."""
        assert self.status()["overdue"] is True
        second, coordinator = self.office.second, self.office.coordinator
        second.sign_in()
        second.look(self.page("/decision?outcome=DECLINE&INSUFFICIENT_EVIDENCE=on"))
        words = {
            f"{name}-{language}": text
            for language, texts in REASONS.items()
            for name, text in zip(("not_met", "cure"), texts, strict=True)
        }
        second.submit("", "/decision", {"day": self.clock.date(), **words})
        coordinator.sign_in()
        self._assign(coordinator, self.office.people["coordinator"].name)
        coordinator.submit(self.page(""), "/approval", {})
        found = self.status()
        assert (found["stage"], found["reasons"]) == ("DECLINED", ["INSUFFICIENT_EVIDENCE"])
        assert found["decision"]["words"]["es"]["cure"] == REASONS["es"][1]

    def _assign(self, coordinator: Desk, name: str) -> None:
        page = coordinator.look(self.page("/assignment"))
        box = re.search(rf'name="(reader-\d+)"[^>]*>\s*<span>{name}', page)
        assert box, page
        coordinator.submit("", "/assignment", {box[1]: "yes"})

    def refiled(self) -> str:
        """Day 60: the union files again with what was missing, linked to the first case; return the new number."""
        new = self.run("refile", "--case", self.own, "--out", self.folder / "again", "--yes")
        coordinator = self.office.coordinator
        coordinator.sign_in()
        assert self.case in coordinator.look(f"/office/cases/{new['case']}")
        return str(new["case"])

    def play(self) -> None:
        """Tell the story, and look at every page and every byte of the portal afterwards."""
        scenes: tuple[tuple[float, Callable[[], Any]], ...] = (
            (0, self.filed),
            (1, self.assigned),
            (3, self.asked),
            (12, self.answered_late),
            (15, self.supplemented),
            (16, self.slipped),
            (20, self.handed_over),
            (45, self.decided),
            (60, self.refiled),
        )
        for day, scene in scenes:
            self.on(day)
            scene()


def _witness() -> str:
    return NEW_WITNESS.partition("witnesses:\n")[2]


def staffed(portal: ShiftedPortal, desk_of: Callable[[Colleague], Desk]) -> Office:
    """Enrol a coordinator and two reviewers and give them their desks."""
    roles = {
        "coordinator": ("Clara Coordina", "coordinator"),
        "first": ("Ana Ejemplo", "reviewer"),
        "second": ("Luis Muestra", "reviewer"),
    }
    people = {who: enrol(portal, name, role) for who, (name, role) in roles.items()}
    desks = {who: desk_of(person) for who, person in people.items()}
    return Office(people=people, **desks)


def http_desk(person: Colleague) -> Desk:
    """Return a desk without a browser."""
    person.client.timeout = 600
    return HttpDesk(person)
