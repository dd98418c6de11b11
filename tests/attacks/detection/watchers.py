"""Who looks at a log, each with what they kept, and what each of them says; the words are those that people see."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from app.audit.auditor import Kept, audit_located
from app.audit.finding import Report
from app.audit.source import UnreachableError, WithheldError, locate_portal, new_client
from app.audit.words import FINDINGS, OBSTACLES, REMARKS
from app.cli.audit import as_plain
from app.cli.serve import STANDINGS
from app.client.errors import CopyError, NetworkError, TamperingError
from app.client.history import Finding
from app.config import SettingError
from tests.attacks.detection.baseline import cosigning
from tests.attacks.detection.liar import Liar
from tests.attacks.detection.scene import Scene
from tests.portal import RunningPortal, resguardo

STATE, RECEIPTS, PETITIONER, COSIGNER, START = "state", "receipts", "petitioner", "cosigner", "start"
WATCHERS = (STATE, RECEIPTS, PETITIONER, COSIGNER, START)
_BESIDE = frozenset({"past-unknown"})
"""What is said about the conduct of the office, and not about its log."""
_PLACE = re.compile(r"\{[a-z_]+\}")


def sentences() -> dict[str, str]:
    """Return every sentence by its name: who says it, and the code."""
    found = {f"auditor:{code.value}": text for table in (FINDINGS, OBSTACLES, REMARKS) for code, text in table.items()}
    tables = {"petitioner": (Finding, TamperingError, CopyError, NetworkError), "start": (SettingError,)}
    for who, classes in tables.items():
        found |= {f"{who}:{code}": text for each in classes for code, text in each.MESSAGES.items()}
    found |= {f"start:{code}": text for code, text in STANDINGS.items()}
    return found | {f"cosigner:{code}": text for code, text in COSIGNER_SAYS.items()}


COSIGNER_SAYS: Mapping[str, str] = {
    "fork": "FORK of {origin}: it signed another history of {size} entries than the one cosigned. Evidence: {folder}",
    "older": "{origin} showed {size} entries after {known_size} were cosigned. Kept: {folder}",
}


@dataclass
class Stage:
    """A portal that runs on a scene's data folder, with its cosigner and whoever stands in between."""

    scene: Scene
    portal: RunningPortal
    liar: Liar
    started: tuple[str, ...]


@contextmanager
def staged(scene: Scene) -> Iterator[Stage]:
    """Start with the guard in place and note what that says; then go on, without the guard if it was taken away."""
    with Liar(scene.base.liar, scene.base.port, list(scene.lies)) as liar, ExitStack() as stack:
        portal = scene.portal
        started = tuple(_start(portal))
        stack.callback(portal.stop)
        if scene.unguarded:
            portal.stop()
            Path(portal.environment["RESGUARDO_GUARD"]).unlink()
        if not scene.deaf:
            stack.enter_context(cosigning(scene.folder / "cosigner", scene.base.cosigner))
        if scene.unguarded:
            portal.start()
        yield Stage(scene, portal, liar, started)


def look(scene: Scene, stage: Stage) -> dict[str, tuple[str, ...]]:
    """Return what each watcher says of a scene, as names of sentences."""
    stage.liar.lies.clear()
    if scene.after:
        scene.after()
    stage.liar.lies[:] = scene.lies
    _ask_cosigner(scene)
    kept = _with_state(scene)
    _wait_for_cosigner(scene, stage)
    said = {
        STATE: tuple(_audited(scene, kept)),
        RECEIPTS: tuple(_audited(scene, Kept(receipts=scene.folder / "receipts"))),
        PETITIONER: tuple(_history(scene)),
        START: stage.started,
    }
    return said | {COSIGNER: tuple(_evidence(stage.scene))}


# start-up


def _start(portal: RunningPortal) -> Iterator[str]:
    """Start with the guard in place; yield what the start says."""
    try:
        portal.start()
    except AssertionError:
        words = portal.log_file.read_text()
        yield next((name for name, text in sentences().items() if name.startswith("start:") and _fits(text, words)),
                   f"start:{words[-200:]}")  # fmt: skip
        portal.process = None
        return
    standing = httpx2.get(f"{portal.url}/health").json()["log"]
    if standing != "whole":
        assert _fits(STANDINGS[standing], portal.log_file.read_text())
        yield f"start:{standing}"


def _fits(sentence: str, words: str) -> bool:
    """Say whether words are a sentence with its gaps filled."""
    pattern = ".*?".join(re.escape(part) for part in _PLACE.split(sentence))
    return re.search(pattern, words, re.DOTALL) is not None


# the cosigner


def _wait_for_cosigner(scene: Scene, stage: Stage) -> None:
    """Wait until all is published and the portal knows what its cosigner says of it, if it is one that asks."""
    portal = stage.portal
    if portal.process is None or httpx2.get(f"{portal.url}/health").status_code >= 500:
        return
    begun, deadline = int(time.time()), time.monotonic() + scene.patience
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(f"file:{stage.scene.data / 'portal.db'}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT asked, outcome, size FROM log_cosigner").fetchone()
            (head,) = db.execute("SELECT size FROM log_head").fetchone()
            (out,) = db.execute("SELECT max(size) FROM log_publication").fetchone()
        told = row and row[0] >= begun and (row[1] in {"rollback", "fork"} or row[2] == out)
        if out == head and (told or scene.deaf):
            return
        time.sleep(0.05)


def _ask_cosigner(scene: Scene) -> None:
    for body in scene.submissions:
        httpx2.post(f"http://127.0.0.1:{scene.base.cosigner}/add-checkpoint", content=body.encode())


def _evidence(scene: Scene) -> Iterator[str]:
    """Read what the folder keeps, in the words of `resguardo cosign --show`, which wants the folder for itself."""
    if not any((scene.folder / "cosigner" / "evidence").iterdir()):
        return
    copied = scene.folder / "cosigner-shown"
    shutil.copytree(scene.folder / "cosigner", copied, ignore=shutil.ignore_patterns(".*"))  # not what is half written
    words = resguardo("cosign", copied, "--show").stderr
    yield from (f"cosigner:{code}" for code, text in COSIGNER_SAYS.items() if _fits(text, words))


# auditors


def _with_state(scene: Scene) -> Kept:
    openings = scene.folder / "openings.json"
    if scene.asks_openings:
        answer = httpx2.get(f"{scene.url}/api/v1/openings", cookies=scene.base.cookies)
        if answer.status_code == 200:
            openings.write_bytes(scene.opened(answer.content))
    return Kept(
        state=scene.folder / "state.json",
        policy=scene.base.folder / "readers.policy",
        openings=openings if openings.exists() else None,
        max_age=scene.max_age,
    )


def wait_until_it_holds(scene: Scene) -> None:
    """Audit with state and policy until everything is published and cosigned, and holds; the state goes on."""
    kept = Kept(state=scene.folder / "state.json", policy=scene.base.folder / "readers.policy")
    deadline = time.monotonic() + 600
    while not (report := _report(scene, kept)).holds:
        assert time.monotonic() < deadline, as_plain(report)
        time.sleep(0.3)


def look_as_petitioner(scene: Scene) -> None:
    """Let the petitioner look before anything is done, which is an entry of its own."""
    list(_history(scene))


def _audited(scene: Scene, kept: Kept) -> Iterator[str]:
    for code, text in _told(_report(scene, kept)):
        name = f"auditor:{code}"
        assert _fits(sentences()[name], text), (name, text)
        yield name


def _report(scene: Scene, kept: Kept) -> Report:
    with new_client() as client:
        try:
            located = locate_portal(scene.url, client)
        except (WithheldError, UnreachableError):
            from app.audit.auditor import audit

            def nowhere() -> object:
                raise WithheldError("checkpoint")

            return audit(nowhere, kept, 0)  # type: ignore[arg-type]  # it only raises
        return audit_located(located, kept, int(time.time()), pause=lambda seconds: time.sleep(seconds / 8))


def _told(report: Report) -> Iterator[tuple[str, str]]:
    plain = as_plain(report)
    seen: dict[str, str] = {}
    for item in (*plain["findings"], *plain["obstacles"], *plain["remarks"]):
        if item["code"] not in _BESIDE:
            seen.setdefault(item["code"], item["text"])
    yield from sorted(seen.items())


# the petitioner


def _history(scene: Scene) -> Iterator[str]:
    """Look with the portal's help; where it gives none, without."""
    policy = ("--policy", scene.base.folder / "readers.policy") if scene.asks_quorum else ()
    words = ("history", "--case", scene.folder / "case", "--log", scene.url, "--json", *policy)
    done = resguardo(*words)
    said = list(_said(done.stdout, done.returncode))
    if done.returncode == 2:
        done = resguardo(*words, "--offline")
        said += _said(done.stdout, done.returncode)
    yield from dict.fromkeys(said)


def _said(output: str, status: int) -> Iterator[str]:
    if status == 0:
        return
    answer = json.loads(output)
    findings = {item["code"] for item in answer.get("findings", ())}
    names = sorted(f"petitioner:{code}" for code in findings) or [f"petitioner:{answer['error']['code']}"]
    for name in names:
        assert _fits(sentences()[name], answer["error"]["message"]), (name, answer["error"])
        yield name
