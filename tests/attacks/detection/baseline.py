"""One honest portal with a past, and what everybody kept of it; every cell attacks a copy of its folder.

In it: six petitions, one of them followed by its holder; a reader who read it twice; 300 entries, so that there is a
full bundle with its stored tile and a partial one; an auditor with an account; a cosigner asked at each tick. Kept: the
auditor's state, receipts, the case folder with its proofs, the cosigner's memory, the data folder of the day before.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from app.config import read_settings
from app.cosigner.folder import opened
from app.cosigner.server import CosignerServer, serving
from app.cosigner.service import CosigningService
from app.domain.entities import EntryKind, Role
from app.domain.ports import EntryDraft
from app.store.keyring import read_keyring
from app.wiring import assemble, prepare
from tests.attacks.detection.liar import Liar
from tests.client.cases import write_petition
from tests.filings import make_filing
from tests.portal import RunningPortal, free_port, resguardo
from tests.staff import Colleague, enrol

OTHERS = 5
QUIET = 300
"""Entries of nobody's case between the first day and the second."""
COSIGNER = "union.example/cosigner"
_SECONDS = 600


@dataclass(frozen=True)
class Baseline:
    """Where everything stands; `older` is the data folder of before, `cookies` the auditor's session."""

    folder: Path
    port: int
    liar: int
    cosigner: int
    case: str
    cookies: dict[str, str]
    key: str

    @property
    def settings(self) -> dict[str, str]:
        """The settings of the portal, in whatever copy of its folder."""
        return {
            "RESGUARDO_URL": f"http://127.0.0.1:{self.liar}",
            "RESGUARDO_COSIGNERS": str(self.folder / "cosigners.policy"),
        }

    def portal(self, data: Path, of: type[RunningPortal] = RunningPortal) -> RunningPortal:
        """Return a portal over a data folder, not started."""
        return of(data, port=self.port, settings=self.settings)


@contextmanager
def cosigning(folder: Path, port: int) -> Iterator[None]:
    """Serve a cosigner's folder."""
    with ExitStack() as stack:
        held = stack.enter_context(opened(folder, COSIGNER, os.urandom))
        service = CosigningService(held, lambda: int(time.time()))
        stack.enter_context(serving(CosignerServer("127.0.0.1", port, service, "")))
        yield


def built(folder: Path) -> Baseline:
    """Let the honest portal live through its two days."""
    ports = free_port(), free_port(), free_port()
    made = Baseline(folder, *ports, "", {}, "")
    portal = made.portal(folder / "data")
    _appoint_cosigner(made, portal)
    with Liar(made.liar, made.port), cosigning(folder / "cosigner", made.cosigner):
        portal.start()
        case, rosa, auditor = _first_day(made, portal)
        portal.stop()
        shutil.copytree(portal.data, folder / "older")
        shutil.copytree(folder / "cosigner", folder / "cosigner-older")
        _fill(portal)
        rosa, auditor = _again(portal, rosa), _again(portal, auditor)
        portal.start()
        _second_day(made, portal, case, rosa)
        found = Baseline(folder, *ports, case, dict(auditor.client.cookies), portal.api()["log_vkey"])
        portal.stop()
    return found


def _again(portal: RunningPortal, person: Colleague) -> Colleague:
    """Return somebody with a new connection and their session."""
    cookies = dict(person.client.cookies)
    person.client = httpx2.Client(base_url=portal.settings["RESGUARDO_URL"], cookies=cookies)
    portal.clients.append(person.client)
    return person


def _appoint_cosigner(made: Baseline, portal: RunningPortal) -> None:
    settings = read_settings({**portal.environment, "RESGUARDO_COSIGNERS": ""})
    prepare(settings)
    with opened(made.folder / "cosigner", COSIGNER, os.urandom) as held:
        held.add_log(read_keyring(settings.data).log.vkey)
        first, second = held.keys.both
    url = f"http://127.0.0.1:{made.cosigner}"
    lines = [f"witness a {first.vkey} {url}", f"witness b {second.vkey} {url}", "group both all a b", "quorum both", ""]
    (made.folder / "cosigners.policy").write_text("\n".join(lines))
    log = f"log {read_keyring(settings.data).log.vkey}\n"
    (made.folder / "readers.policy").write_text(log + "\n".join(lines))


def _first_day(made: Baseline, portal: RunningPortal) -> tuple[str, Colleague, Colleague]:
    """A union files and keeps its folder, five others keep receipts; somebody of the office reads."""
    petition = write_petition(made.folder / "petition")
    case = made.folder / "case"
    done = resguardo("file", petition, "--portal", _url(made), "--out", case, "--yes", "--json")
    assert done.returncode == 0, done.stderr
    number = str(json.loads(done.stdout)["case"])
    receipts = made.folder / "receipts"
    receipts.mkdir()
    name = portal.api()["name"]
    for _ in range(OTHERS):
        answer = httpx2.post(f"{portal.url}/api/v1/petitions", json=dict(make_filing(name).body)).json()
        (receipts / f"{answer['case']}.tlog-proof").write_text(answer["receipt"])
    shutil.copyfile(case / "receipt.tlog-proof", receipts / f"{number}.tlog-proof")
    shutil.copyfile(case / "case.json", receipts / "case.json")
    portal.settings["RESGUARDO_URL"] = _url(made)
    rosa, auditor = enrol(portal, "rosa", "reviewer"), enrol(portal, "alma", "auditor")
    portal.cli("staff", "assign", "rosa", number)
    for person in (rosa, auditor):
        person.sign_in()
    read(rosa, number, "REVIEW")
    keep_everything(made, portal)
    return number, rosa, auditor


def _second_day(made: Baseline, portal: RunningPortal, case: str, rosa: Colleague) -> None:
    read(rosa, case, "CLARIFICATION")
    done = resguardo("history", "--case", made.folder / "case", "--json")
    assert done.returncode == 0, done.stdout
    answer = httpx2.post(
        f"{portal.url}/api/v1/petitions", json=dict(make_filing(portal.api()["name"]).body), timeout=600
    ).json()
    (made.folder / "receipts" / f"{answer['case']}.tlog-proof").write_text(answer["receipt"])
    keep_everything(made, portal)


def read(person: Colleague, case: str, purpose: str) -> None:
    """Read a record for a purpose, as in the browser."""
    page = person.client.get(f"/office/cases/{case}").text
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', page)
    assert token, page
    form = {"form_token": token[1], "purpose": purpose}
    assert person.client.post(f"/office/cases/{case}/sitting", data=form).status_code == 303
    assert "TESTIGO-01" in person.client.get(f"/office/cases/{case}/record").text


def keep_everything(made: Baseline, portal: RunningPortal) -> None:
    """Wait until all of it is published and cosigned, and audit it: the state is kept."""
    with closing(sqlite3.connect(portal.data / "portal.db")) as db:
        (size,) = db.execute("SELECT size FROM log_head").fetchone()
    deadline = time.monotonic() + _SECONDS
    command = ("audit", _url(made), "--state", made.folder / "state.json", "--policy", made.folder / "readers.policy")
    while True:
        done = resguardo(*command, "--json")
        answer = json.loads(done.stdout)
        if done.returncode == 0 and answer["size"] >= size:
            return
        assert time.monotonic() < deadline, answer
        time.sleep(0.3)


def _url(made: Baseline) -> str:
    return f"http://127.0.0.1:{made.liar}"


def _fill(portal: RunningPortal) -> None:
    """Append what belongs to no case, through the sequencer, as a quiet month would."""
    draft = EntryDraft(EntryKind.OPENINGS_READ, "alma", Role.AUDITOR)

    def some(unit: object) -> None:
        for _ in range(50):
            unit.append(draft)  # type: ignore[attr-defined]  # a unit of work

    with closing(assemble(read_settings(portal.environment), publisher=False)) as assembly:
        for _ in range(QUIET // 50):
            assembly.office.ledger.write(some)
