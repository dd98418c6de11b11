"""A log changes its keys before a cosigner that follows; a report across the change is made again elsewhere."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from crypto.log.checkpoint import Checkpoint, parse_verifier, verify_checkpoint
from crypto.log.policy import Policy, judge
from tests.attacks.detection.baseline import read
from tests.cosigner.running import RunningCosigner
from tests.keeping.test_recover import file_with_client, keeper_size
from tests.portal import RunningPortal, resguardo
from tests.staff import enrol, token_in

pytestmark = [pytest.mark.long]
_SECONDS = 600
DRAWN = 5


@dataclass
class World:
    """A portal with a real cosigner, an auditor's session, and the policy that everybody else brings."""

    portal: RunningPortal
    cosigner: RunningCosigner
    policy: Path
    folder: Path
    cookies: dict[str, str]
    first: str

    def cosigned_note(self) -> str:
        """Return the newest checkpoint, once all that is logged is published under the quorum."""
        policy = Policy.parse(self.policy.read_bytes())
        size = self.logged()
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            note = httpx2.get(f"{self.portal.url}/log/checkpoint").text
            if Checkpoint.of_note(note).size >= size and judge(note, policy, now=0, max_age=0).reached:
                return note
            time.sleep(0.2)
        raise AssertionError("not cosigned")

    def logged(self) -> int:
        """Return how many entries there are, published or not."""
        return keeper_size(self.portal)

    def rotate(self, *step: str) -> None:
        """Take a step of the change as soon as what is published allows it."""
        deadline = time.monotonic() + _SECONDS
        while (done := self.portal.cli("log", "rotate", *step)).returncode:
            assert time.monotonic() < deadline, done.stderr
            time.sleep(0.3)

    def restart(self) -> None:
        """Start the portal again, which signs with the keys that it finds."""
        self.portal.stop()
        self.portal.start()

    def get(self, path: str) -> Any:
        """Return an answer to the signed-in auditor."""
        answer = httpx2.get(f"{self.portal.url}{path}", cookies=self.cookies)
        assert answer.status_code == 200, answer.text
        return answer

    def announce_draw(self) -> Path:
        """Announce a draw on the audit page, and keep its file."""
        token = token_in(self.get("/office/audit").text)
        form = {"form_token": token, "count": str(DRAWN)}
        answer = httpx2.post(f"{self.portal.url}/office/audit/draw", data=form, cookies=self.cookies)
        assert answer.status_code == 200, answer.text
        path = self.folder / "draw.json"
        path.write_bytes(answer.content)
        return path

    def audit(self, *more: str | Path, where: str | Path = "") -> tuple[int, str, str]:
        """Audit with the policy; return exit status and what was said."""
        done = resguardo("audit", where or self.portal.url, "--policy", self.policy, *more)
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def world(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> Iterator[World]:
    """A portal whose ticks a cosigner of its own process signs, one case of it read by somebody."""
    portal = new_portal()
    first = str(portal.api()["log_vkey"])
    cosigner = RunningCosigner(tmp_path / "cosigner", logs=(first,))
    lines = cosigner.shown("--log", first, "--url", cosigner.url)["policy"]
    names = [line.split()[1] for line in lines]
    quorum = [f"group both all {' '.join(names)}", "quorum both", ""]
    asked = tmp_path / "cosigners.policy"
    asked.write_text("\n".join([*lines, *quorum]))
    policy = tmp_path / "readers.policy"
    policy.write_text("\n".join([f"log {first}", *lines, *quorum]))
    portal.stop()
    portal.settings["RESGUARDO_COSIGNERS"] = str(asked)
    cosigner.start()
    try:
        portal.start()
        file_with_client(portal, tmp_path / "case")
        case = str(json.loads((tmp_path / "case" / "case.json").read_text())["case"])
        rosa, alma = enrol(portal, "rosa", "reviewer"), enrol(portal, "alma", "auditor")
        portal.cli("staff", "assign", "rosa", case)
        for person in (rosa, alma):
            person.sign_in()
        read(rosa, case, "REVIEW")
        yield World(portal, cosigner, policy, tmp_path, dict(alma.client.cookies), first)
    finally:
        cosigner.stop()


def test_a_report_across_a_change_of_keys_is_made_again_elsewhere(world: World) -> None:
    """Announced, cosigned, side by side, the new keys alone; draws rest on what a real cosigner signed before."""
    state, openings, draw = world.folder / "state.json", world.folder / "openings", world.announce_draw()
    openings.mkdir()
    before = world.cosigned_note()
    status, said, err = world.audit("--state", state, "--draw", draw)
    assert status == 0, (said, err)
    drawn = json.loads(draw.read_text())
    assert len(drawn["indexes"]) == DRAWN
    assert judge(drawn["checkpoint"], Policy.parse(world.policy.read_bytes()), now=0, max_age=0).reached

    second = _changed(world)
    after = world.cosigned_note()
    for note, key in ((before, world.first), (after, second)):
        verify_checkpoint(note, parse_verifier(key).name, [parse_verifier(key)])

    (openings / "all.json").write_bytes(world.get("/api/v1/openings").content)
    (world.folder / "rows.json").write_bytes(world.get("/api/v1/rows").content)
    world.cosigned_note()
    report, copy = world.folder / "report", world.folder / "copy"
    given = ("--openings", openings, "--rows", world.folder / "rows.json", "--draw", draw, "--served")
    status, said, err = world.audit("--state", state, *given, "--report", report)
    assert status in {0, 3}, (said, err)
    told = json.loads((report / "report.json").read_text())
    assert (told["holds"], told["quorum"], told["key"], len(told["cosigned"])) == (True, True, second, 2)
    assert told["draw"]["opened"] == DRAWN
    assert "keys-changed" in {code for code, _ in told["remarks"]}
    assert told["rows"] > 0
    assert second in (report / "report.html").read_text()
    _made_again(world, report, copy, second)


def _changed(world: World) -> str:
    """Change the keys: the cosigner signs while both do, is told, and signs under the new ones alone."""
    world.portal.cli_json("log", "rotate", "--announce")
    world.rotate("--switch")
    world.restart()
    world.cosigned_note()
    announced = world.folder / "keys.json"
    announced.write_bytes(httpx2.get(f"{world.portal.url}/log/keys").content)
    world.rotate("--finish", "--at-once")
    world.cosigner.stop()
    world.cosigner.logs = ()
    shown = world.cosigner.shown("--announcement", str(announced))
    assert shown["evidence"] == []
    world.restart()
    world.cosigner.start()
    return str(world.portal.api()["log_vkey"])


def _made_again(world: World, report: Path, copy: Path, second: str) -> None:
    """Another auditor makes it again from a mirror, with the policy, the first key or the second, and no other."""
    done = resguardo("mirror", world.portal.url, copy, "--policy", world.policy)
    assert done.returncode == 0, (done.stdout, done.stderr)
    theirs = world.folder / "elsewhere" / "copy"
    shutil.copytree(report, theirs)
    for known in (("--policy", world.policy), ("--key", world.first), ("--key", second)):
        done = resguardo("audit", copy, "--reproduce", theirs, *known)
        assert (done.returncode, done.stdout) == (0, "The same report, byte for byte.\n"), (done.stdout, done.stderr)
    stranger = resguardo("audit", copy, "--reproduce", theirs, "--key", "other.example/log+00000000+AQ==")
    assert stranger.returncode == 2
    kept = (theirs / "inputs" / "draw.json").read_text()
    other = json.loads(kept)
    other["indexes"] = other["indexes"][:-1]
    (theirs / "inputs" / "draw.json").write_text(json.dumps(other))
    assert resguardo("audit", copy, "--reproduce", theirs, "--policy", world.policy).returncode == 2
    (theirs / "inputs" / "draw.json").write_text(kept)
    (theirs / "inputs" / "keys.json").unlink()
    alone = resguardo("audit", copy, "--reproduce", theirs, "--key", world.first)
    assert alone.returncode == 2, "without the announcement nothing leads from the first key to the report's"
