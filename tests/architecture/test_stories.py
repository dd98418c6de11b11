"""What a stranger does from the documents alone: every line of the story and of the README's first petition is run."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.architecture.documents import ROOT, documents
from tests.client.cases import write_petition
from tests.portal import RunningPortal, free_port
from tests.staff import Colleague, enrol

pytestmark = [pytest.mark.long]
_BLOCK = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMANDS = ("resguardo ", "mkdir ", "cp ", "rm ", "cat ", "printf ")


def lines_of(name: str, after: str = "") -> Iterator[str]:
    """Yield each shell line of a document's blocks, from a heading on."""
    for block in _BLOCK.findall(documents()[name].partition(after)[2] if after else documents()[name]):
        yield from (line for line in block.splitlines() if line.startswith(_COMMANDS))


class Stranger:
    """Somebody with a shell in a copy of the folder, who types what the page says."""

    def __init__(self, portal: RunningPortal, folder: Path, language: str = "en") -> None:
        self._portal = portal
        self._language = language
        self._folder = folder
        self._bin = folder / "bin"
        self.case = ""
        self.rosa: Colleague | None = None
        self._bin.mkdir()
        script = f'#!/bin/sh\nexec "{sys.executable}" -m app.cli "$@"\n'
        (self._bin / "resguardo").write_text(script)
        (self._bin / "resguardo").chmod(0o755)
        (folder / "tests").symlink_to(ROOT / "tests")

    def type(self, line: str, *, refused: bool = False) -> str:
        """Run a line as it stands, except for the address and the case number; return what the screen shows."""
        if line.startswith("resguardo staff enrol rosa"):
            self.rosa = enrol(self._portal, "rosa", "reviewer")
            return ""
        line = line.replace("http://127.0.0.1:8000", self._portal.url)
        line = re.sub(r"(staff assign rosa) \S+", rf"\1 {self.case[:6]}", line)
        done = subprocess.run(
            ["/bin/bash", "-euc", line],
            cwd=self._folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=600,
            check=False,
        )
        shown = done.stdout + done.stderr
        assert (done.returncode != 0) == refused, f"{line}\n{shown}"
        if found := re.search(r"Case number: ([a-z2-7]{26})", shown):
            self.case = found[1]
        return shown

    def _environment(self) -> dict[str, str]:
        path = f"{self._bin}{os.pathsep}{os.environ['PATH']}"
        return {
            **os.environ,
            **self._portal.environment,
            "PATH": path,
            "PYTHONPATH": str(ROOT),
            "RESGUARDO_LANG": self._language,
        }


def read_in_the_office(stranger: Stranger) -> str:
    """Sign the reviewer in and read the record for a purpose, as in the browser; return the page."""
    rosa = stranger.rosa
    assert rosa is not None
    rosa.sign_in()
    card = rosa.client.get(f"/office/cases/{stranger.case}").text
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', card)
    assert token
    form = {"form_token": token[1], "purpose": "REVIEW"}
    assert rosa.client.post(f"/office/cases/{stranger.case}/sitting", data=form).status_code == 303
    return rosa.client.get(f"/office/cases/{stranger.case}/record").text


def test_a_lawyer_with_two_custodians(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """docs/story-two-custodians.md: two custodians, one loses the words, the other opens; the office saw no name."""
    folder = tmp_path / "stranger"
    folder.mkdir()
    stranger = Stranger(new_portal(), folder)
    seen: dict[str, str] = {}
    for line in lines_of("docs/story-two-custodians.md"):
        seen[line] = stranger.type(line, refused=line == "resguardo open --case story/case-ana")
        if line.startswith("resguardo staff assign"):
            assert "TESTIGO-01" in read_in_the_office(stranger)
    opened = seen["resguardo open --case story/case-beto --key story/beto"]
    assert "Barrientos" in opened
    history = seen["resguardo history --case story/case-beto --key story/beto"]
    assert "A reviewer read the redacted record, to review it" in history
    assert history.count("Someone who holds this case") == 2, "his own opening, and this look"
    assert "The log holds." in next(text for line, text in seen.items() if line.startswith("resguardo audit"))
    assert not (folder / "story").exists()


class University(Stranger):
    """Inés, her cosigner, and the operator whose hands the page describes."""

    def __init__(self, portal: RunningPortal, folder: Path) -> None:
        super().__init__(portal, folder)
        self._cosigner: subprocess.Popen[bytes] | None = None
        self._key = portal.api()["log_vkey"]
        self._port = str(free_port())

    def do(self, line: str) -> subprocess.CompletedProcess[str]:
        """Type a line; stop and start the portal and the cosigner where the page says so."""
        guard = self._portal.environment["RESGUARDO_GUARD"]
        words = line.replace("resguardo-data", str(self._portal.data)).replace("~/.local/state/resguardo", guard)
        words = words.replace("8100", self._port).replace("http://127.0.0.1:8000", self._portal.url)
        if line == "resguardo cosign university/cosigner":
            return self._serve(f"{line} --port {self._port}")
        if line == "cp -r resguardo-data yesterday" or line.startswith("rm -r resguardo-data"):
            self._portal.stop()
        if line == "resguardo cosign university/cosigner --show":
            self._end()
        done = self._ran(words)
        if line == "cp -r resguardo-data yesterday" or line.startswith("rm -r ~"):
            self._portal.start()
        return done

    def _ran(self, line: str) -> subprocess.CompletedProcess[str]:
        environment = {**self._environment(), "KEY": self._key}
        command = ["/bin/bash", "-uo", "pipefail", "-c", line]
        return subprocess.run(
            command, cwd=self._folder, env=environment, capture_output=True, text=True, timeout=600, check=False
        )

    def _serve(self, line: str) -> subprocess.CompletedProcess[str]:
        """Serve the cosigner beside, and the portal with the file that names it."""
        self._portal.stop()
        environment = self._environment()
        self._cosigner = subprocess.Popen(
            ["/bin/bash", "-c", f"exec {line}"], cwd=self._folder, env=environment, stdout=subprocess.DEVNULL
        )
        self._portal.settings["RESGUARDO_COSIGNERS"] = str(self._folder / "university" / "cosigners.policy")
        self._portal.start()
        return subprocess.CompletedProcess(line, 0, "", "")

    def _end(self) -> None:
        if self._cosigner is not None:
            self._cosigner.terminate()
            self._cosigner.wait(600)
            self._cosigner = None

    def wait_until_cosigned(self) -> None:
        """Let a publication pass: everything is out, and the cosigner was asked about it."""
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            with closing(sqlite3.connect(self._portal.data / "portal.db")) as db:
                (head,) = db.execute("SELECT size FROM log_head").fetchone()
                (out,) = db.execute("SELECT max(size) FROM log_publication").fetchone()
                row = db.execute("SELECT asked_size, size, outcome FROM log_cosigner").fetchone()
            if row and head == out == row[0] and (row[1] == out or row[2] in {"fork", "rollback"}):
                return
            time.sleep(0.2)
        raise AssertionError("nothing was published, or the cosigner was not asked")


def test_a_university_convicts_a_portal(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """docs/story-university.md: a cosigner, a mirror, a night, and evidence that somebody else checks again."""
    folder = tmp_path / "ines"
    folder.mkdir()
    ines = University(new_portal(), folder)
    said: dict[str, list[subprocess.CompletedProcess[str]]] = {}
    for line in lines_of("docs/story-university.md"):
        if line == "rm -r university evidence yesterday":
            _says_what_happened(folder / "evidence" / "report")
        if "--policy university/readers.policy" in line:
            ines.wait_until_cosigned()
        done = ines.do(line)
        said.setdefault(line, []).append(done)
    statuses = {line: [done.returncode for done in each] for line, each in said.items()}
    failed = {line: codes for line, codes in statuses.items() if any(codes)}
    audit = "resguardo audit http://127.0.0.1:8000 --policy university/readers.policy --state university/state.json"
    mirror = "resguardo mirror http://127.0.0.1:8000 university/mirror --policy university/readers.policy"
    show, expert = (
        "resguardo cosign university/cosigner --show",
        'resguardo audit evidence/after --key "$KEY" --state evidence/expert.json',
    )
    report = next(line for line in said if "--report evidence/report" in line)
    assert failed == {audit: [0, 0, 1], mirror: [0, 0, 1], show: [1], report: [1], expert: [1]}, said
    (again,) = said['resguardo audit evidence/after --key "$KEY" --reproduce evidence/report']
    assert "The same report, byte for byte." in again.stdout
    assert "The policy's quorum signed it" in said[audit][1].stdout
    for line in (audit, mirror, expert):
        assert "EVIDENCE OF TAMPERING" in said[line][-1].stdout
    assert "HAY PRUEBAS" in said[report][0].stdout.upper()
    assert "FORK of" in said[show][0].stderr
    for copy in ("before", "after"):
        looks = (each for line, each in said.items() if f"audit evidence/{copy}" in line and line != report)
        assert "The log holds." in next(looks)[0].stdout
    assert not (folder / "evidence").exists()


def _says_what_happened(report: Path) -> None:
    """The report of the court: tampering, in Spanish, as page, document and data, with the portal's own signature."""
    told = json.loads((report / "report.json").read_text())
    assert not told["holds"]
    assert {code for code, _ in told["findings"]} <= {"fork", "tail-cut"}
    assert told["findings"]
    assert '<html lang="es">' in (report / "report.html").read_text()
    assert (report / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (report / "inputs" / "seen-before").read_text().count("\u2014 ") >= 2


def test_the_first_petition(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """README: from words to audit, line by line."""
    folder = tmp_path / "stranger"
    folder.mkdir()
    stranger = Stranger(new_portal(), folder)
    for line in lines_of("README.md", after="## The first petition in five minutes"):
        shown = stranger.type(line)
        if line.startswith("resguardo staff assign"):
            assert "TESTIGO-01" in read_in_the_office(stranger)
        if line.startswith("resguardo history"):
            assert "A reviewer read the redacted record" in shown
        if line.startswith("resguardo audit"):
            assert "The log holds." in shown


def test_an_operator_loses_the_disk_on_a_friday(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """docs/operator.md alone: a key, a backup, the disk is gone, restored, settled in the open, checked, backed up."""
    folder = tmp_path / "operator"
    folder.mkdir()
    portal = new_portal()
    stranger = Stranger(portal, folder)
    (folder / "media").mkdir()

    def type_here(line: str, *, refused: bool = False) -> str:
        line = line.replace("/srv/resguardo", str(portal.data)).replace("/media/backup", str(folder / "media"))
        return stranger.type(line, refused=refused)

    page = documents()["docs/operator.md"]
    backups, rest = (page.partition(f"\n## {title}\n")[2] for title in ("Backups", "When the disk is gone"))
    before = [line for line in _lines(backups.partition("\n## ")[0]) if line.startswith("resguardo ")]
    after = [line for line in _lines(rest.partition("\n## ")[0]) if line.startswith("resguardo ")]
    assert [line.split()[1] for line in before] == ["key", "backup"]
    assert [line.split()[1] for line in after] == ["restore", "log", "log"]
    type_here(before[0])
    (folder / "holder.txt").write_bytes((folder / "backup-key" / "holder.txt").read_bytes())
    type_here(before[1])
    (folder / "checkpoint-of-the-auditor").write_text(httpx2.get(f"{portal.url}/log/checkpoint").text)
    old_key = portal.api()["log_vkey"]
    portal.kill()
    shutil.rmtree(portal.data)
    portal.data.with_name("data.guard").unlink()  # it was on that disk, too
    assert "read-only" in type_here(after[0])
    portal.start()
    assert httpx2.get(f"{portal.url}/health").status_code == 503
    portal.stop()
    assert "--successor" in type_here(after[1], refused=True)
    type_here(after[2])
    portal.start()
    assert httpx2.get(f"{portal.url}/health").status_code == 200
    assert portal.api()["log_vkey"] != old_key
    type_here(before[1].replace("friday", "saturday"))
    watch = next(line for line in _lines(rest) if line.startswith("resguardo check"))
    assert "Nothing must be mended." in type_here(watch)


@pytest.mark.parametrize(
    ("document", "heading", "filed_by", "case"),
    [
        ("docs/petitioner.md", "### A new secretary\n", "who filed", "case"),
        ("docs/peticionario.es.md", "### Una secretaria nueva\n", "quien presentó", "caso"),
    ],
    ids=["en", "es"],
)
def test_a_union_changes_its_secretary(
    new_portal: Callable[..., RunningPortal], tmp_path: Path, document: str, heading: str, filed_by: str, case: str
) -> None:
    """docs/petitioner.md and its Spanish twin: the new one opens alone, the old one nothing, a third is still there."""
    folder = tmp_path / "union"
    folder.mkdir()
    portal = new_portal()
    stranger = Stranger(portal, folder, language=document.rpartition(".")[0][-2:] if ".es." in document else "en")
    write_petition(folder)
    for line in (
        "resguardo key new --out ana",
        "resguardo key new --out third",
        f"resguardo file petition.yaml --portal {portal.url} --key ana --holder third/holder.txt --out {case} --yes",
    ):
        stranger.type(line)
    part = documents()[document].partition(heading)[2].partition("\n## ")[0]
    lines = [line.strip() for line in part.splitlines() if line.strip().startswith(_COMMANDS)]
    assert [line.split()[1] for line in lines if line.startswith("resguardo ")].count("holders") == 4
    shown = ""
    for line in lines:
        number = next((entry.split()[0] for entry in shown.splitlines() if filed_by in entry), "")
        written = re.sub(r"(holders remove) 1 ", rf"\1 {number} ", line) if " remove " in line else line
        shown = stranger.type(f"{written} --yes" if re.search(r"holders (add|remove)", line) else written)
    assert len(re.findall(r"✓", shown)) > 3, "the history, proved"
    hers = f"{case}-rosario" if case == "caso" else f"rosario-{case}"
    assert "Ximena" in stranger.type(f"resguardo open --case {hers} --key rosario")
    stranger.type(f"resguardo open --case {case} --key ana", refused=True)
    stranger.type(f"mkdir -p third-case; cp {hers}/case.json third-case/")
    assert "Ximena" in stranger.type("resguardo open --case third-case --key third")
    stranger.type("resguardo open --case third-case --key ana", refused=True)


def _lines(text: str) -> list[str]:
    return [line for block in _BLOCK.findall(text) for line in block.splitlines()]
