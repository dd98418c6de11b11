"""A portal and its cosigners: asked at each tick, alarms kept and shown, a quorum that auditors judge."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest

from app.config import SettingError, Settings
from app.cosigner.folder import CosignerFolder, opened
from app.cosigner.server import CosignerServer, serving
from app.cosigner.service import CosigningService
from app.domain.cosigners import HOLDER, Outcome
from app.domain.entities import EntryKind, Role
from app.domain.known_states import compare_known
from app.domain.ports import EntryDraft, Face
from app.keeping.checkup import Examined, examine
from app.store.cosigning import Cosigning, ask_all, cosigners_of
from app.store.keyring import read_keyring
from app.store.ledger import LogKeys, Publishing, publish
from app.submitting import submit
from app.wiring import Assembly, database_of, guard_of
from crypto.log.checkpoint import Checkpoint, LogSigner, sign_checkpoint
from crypto.log.policy import Policy, judge
from crypto.log.proof import LogProof
from crypto.log.submission import Submission
from crypto.secret import SecretBytes
from tests.assembled import assembled, environment_in, settings_in
from tests.cosigner.running import RunningCosigner
from tests.engine import change, copy_data
from tests.portal import RunningPortal, resguardo

DRAFT = EntryDraft(EntryKind.OPENINGS_READ, "rosa", Role.AUDITOR)


@dataclass
class Parts:
    """A portal of this process, whose ticks a test makes, and one cosigner over HTTP."""

    settings: Settings
    assembly: Assembly
    folder: CosignerFolder
    cosigning: Cosigning
    publishing: Publishing
    now: int = 1_800_000_000

    def append(self, count: int = 1) -> None:
        """Write entries."""
        for _ in range(count):
            self.assembly.office.ledger.write(lambda unit: unit.append(DRAFT))

    def tick(self) -> int:
        """Let a tick pass: publish, and ask who is due; return how many were asked."""
        self.now += self.cosigning.tick
        publish(self.publishing)
        return ask_all(self.cosigning)

    def outcome(self) -> Outcome:
        """What became of the last request."""
        (state,) = self.assembly.public.log.cosigners()
        return state.outcome


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    """A portal with one cosigner that knows its log."""
    with ExitStack() as stack:
        settings = settings_in(tmp_path)
        assembly = stack.enter_context(assembled(settings))
        folder = stack.enter_context(opened(tmp_path / "cosigner", "union.example/cosigner", os.urandom))
        folder.add_log(assembly.public.facts.log_vkey)
        made: list[Parts] = []

        def clock() -> int:
            return made[0].now

        server = stack.enter_context(serving(CosignerServer("127.0.0.1", 0, CosigningService(folder, clock), "")))
        keys = read_keyring(settings.data)
        policy = Policy.parse(_policy(folder, f"http://127.0.0.1:{server.server_port}").encode())
        writer, readers = database_of(settings).writer(Face.PETITIONER), database_of(settings).readers(Face.PETITIONER)
        stack.callback(writer.close)
        stack.callback(readers.dispose)
        guard = stack.enter_context(guard_of(settings, keys))
        cosigning = Cosigning(keys.log_origin, cosigners_of(policy), writer, readers, 10, clock, submit)
        log_keys = LogKeys(keys.log_origin, (keys.log,), (keys.log_pq,))
        made.append(Parts(settings, assembly, folder, cosigning, Publishing(writer, guard, log_keys, 10, clock)))
        yield made[0]


def _policy(folder: CosignerFolder, url: str) -> str:
    first, second = folder.keys.both
    return f"witness a {first.vkey} {url}\nwitness b {second.vkey} {url}\ngroup both all a b\nquorum both\n"


def test_the_published_checkpoint_carries_cosignatures(parts):
    """Both keys of one address, one request; the next tick extends it by a proof, a quiet one renews its time."""
    parts.append(3)
    assert parts.tick() == 1
    policy = Policy.parse(_policy(parts.folder, "http://x").encode())
    for count in (1, 0):
        parts.append(count)
        parts.tick()
        note = parts.assembly.public.log._newest(fresh=True)[1]
        judged = judge(note, policy, now=parts.now, max_age=9)
        assert judged.fresh
        assert set(judged.times.values()) == {parts.now}
    assert ask_all(parts.cosigning) == 0
    assert parts.assembly.public.log.alarms() == []


@pytest.mark.long
def test_a_lost_answer_is_asked_for_from_the_right_size(parts):
    """The cosigner is ahead of what this portal remembers of it: one 409, and a proof from there."""
    parts.append(3)
    parts.tick()
    change(environment_in(parts.settings.data.parent), "UPDATE log_cosigner SET size = 1")
    parts.append(2)
    parts.tick()
    assert parts.outcome() is Outcome.COSIGNED


@pytest.mark.long
def test_an_unreachable_cosigner_is_asked_again_soon(parts):
    """It holds up nothing, and is asked again within the tick."""
    down = [replace(parts.cosigning.cosigners[0], address="http://127.0.0.1:9")]
    parts.cosigning = replace(parts.cosigning, cosigners=down, tick=3600)
    parts.append()
    parts.tick()
    assert parts.outcome() is Outcome.UNREACHABLE
    assert ask_all(parts.cosigning) == 0
    parts.now += 60
    assert ask_all(parts.cosigning) == 1


@pytest.mark.long
def test_a_cosigner_that_was_not_told_of_the_log(parts):
    """404 is trouble, no alarm."""
    parts.folder.policy = Policy()
    parts.append()
    parts.tick()
    assert parts.outcome() is Outcome.UNKNOWN_LOG
    assert parts.assembly.public.log.alarms() == []


def test_a_rollback_raises_an_alarm_that_stays(parts):
    """The cosigner knows more than the portal has: 409; told by the check, kept in a row that nobody deletes."""
    parts.append(3)
    parts.tick()
    known = parts.folder.known(parts.cosigning.origin)
    assert known is not None
    change(environment_in(parts.settings.data.parent), "DELETE FROM log_publication WHERE size > 1")
    for _ in range(2):
        parts.now += 10
        ask_all(parts.cosigning)
    assert parts.outcome() is Outcome.ROLLBACK
    (alarm,) = parts.assembly.public.log.alarms()
    assert (alarm.outcome, alarm.size, alarm.told) == (Outcome.ROLLBACK, 1, known.checkpoint.size)
    assert [found["kind"] for found in parts.folder.evidence()] == ["older"]


def test_a_fork_raises_an_alarm(parts, tmp_path):
    """The cosigner cosigned another history of this log: one that somebody else signed with the log's key."""
    keys = read_keyring(parts.settings.data)
    other = sign_checkpoint(Checkpoint(keys.log_origin, 3, b"another history".ljust(32)), [keys.log])
    url = parts.cosigning.cosigners[0].address
    answer = httpx2.post(f"{url}/add-checkpoint", content=Submission(0, (), other).to_bytes())
    assert answer.status_code == 200
    parts.append(4)
    parts.tick()
    assert parts.outcome() is Outcome.FORK
    assert [found["kind"] for found in parts.folder.evidence()] == ["fork"]
    found = {finding.code for finding in examine(Examined(_with_policy(parts, tmp_path), parts.now))}
    assert {"cosigner_alarm", "no_quorum"} <= found


def test_a_holders_newest_checkpoint_meets_a_portal_with_another_history(parts):
    """What a device kept and our own key signed: an earlier state is fine, another history is an alarm that stays."""
    keys, portal = read_keyring(parts.settings.data), parts.assembly.petitioner
    parts.append(3)
    honest = LogProof.parse(portal.ledger.receipt_proof(2)).checkpoint
    assert not compare_known(portal, honest, HOLDER)
    assert not compare_known(portal, "nonsense", HOLDER)
    stranger = LogSigner(keys.log_origin, SecretBytes(b"s" * 32))
    assert not compare_known(portal, sign_checkpoint(Checkpoint(keys.log_origin, 3, b"x" * 32), [stranger]), HOLDER)
    assert portal.log.alarms() == []
    for size, outcome in ((3, Outcome.FORK), (99, Outcome.ROLLBACK)):
        assert compare_known(portal, sign_checkpoint(Checkpoint(keys.log_origin, size, b"x" * 32), [keys.log]), HOLDER)
        assert outcome in {alarm.outcome for alarm in portal.log.alarms()}
    assert {alarm.address for alarm in portal.log.alarms()} == {HOLDER}
    assert "holder_alarm" in {finding.code for finding in examine(Examined(parts.settings, parts.now))}


def _with_policy(parts: Parts, folder: Path) -> Settings:
    path = folder / "policy"
    path.write_text(_policy(parts.folder, parts.cosigning.cosigners[0].address))
    return settings_in(folder, RESGUARDO_COSIGNERS=str(path))


@pytest.mark.parametrize("text", ["quorum\n", "quorum none\n"])
def test_a_policy_without_cosigners_is_refused_at_start(tmp_path, text):
    """A setting that does nothing would be believed to do something."""
    path = tmp_path / "policy"
    path.write_text(text)
    with pytest.raises(SettingError, match="policy"):
        settings_in(tmp_path, RESGUARDO_COSIGNERS=str(path))
    with pytest.raises(SettingError, match="policy"):
        settings_in(tmp_path, RESGUARDO_COSIGNERS=str(tmp_path / "nowhere"))


# In processes of their own.


@pytest.mark.long
def test_two_cosigners_and_an_auditor_with_a_policy(tmp_path: Path) -> None:
    """Two of three sign at each tick; one dies by kill -9 and comes back; a portal that was set back is refused."""
    portal = RunningPortal(tmp_path / "data")
    names = ("union", "school", "paper")
    with ExitStack() as stack:
        portal.start()
        stack.callback(portal.stop)
        vkey = portal.api()["log_vkey"]
        portal.stop()
        copy_data(portal.data, tmp_path / "older")
        cosigners = [RunningCosigner(tmp_path / name, f"{name}.example/cosigner", (vkey,)) for name in names]
        lines = []
        for each, name in zip(cosigners, names, strict=True):
            keys = each.shown("--log", vkey)["keys"]
            lines.append(f"witness {name} {keys[0]} {each.url}")
            stack.callback(each.stop)
        for each in cosigners[:2]:
            each.start()
        policy = tmp_path / "policy"
        policy.write_text("\n".join([*lines, "group enough 2 union school paper", "quorum enough", ""]))
        portal.settings["RESGUARDO_COSIGNERS"] = str(policy)
        portal.start()
        published = portal.cli("log", "policy").stdout
        assert vkey in published
        readers = tmp_path / "readers.policy"
        readers.write_text(published)

        def audited() -> dict[str, object]:
            done = resguardo("audit", portal.url, "--policy", readers, "--json")
            return {"status": done.returncode, **json.loads(done.stdout)}

        deadline = time.monotonic() + 600  # until it has asked them for the first time
        while (first := audited())["status"] != 0:
            assert time.monotonic() < deadline, first
        assert first["quorum"] is True, first
        assert set(first["cosigned"]) == {"union", "school"}  # type: ignore[call-overload]
        cosigners[0].stop(signal.SIGKILL)
        portal.cli("staff", "enrol", "rosa", "--role", "auditor")
        cosigners[0].start()
        deadline = time.monotonic() + 600
        while audited()["status"] != 0:
            assert time.monotonic() < deadline
        states = portal.cli_json("log", "cosigners")["cosigners"]
        assert {state["outcome"] for state in states} == {"cosigned", "unreachable"}
        portal.stop()
        Path(portal.environment["RESGUARDO_GUARD"]).unlink()
        copy_data(tmp_path / "older", portal.data)
        portal.start()
        deadline = time.monotonic() + 600  # until it has asked them for the first time
        while not (last := audited())["remarks"]:
            assert time.monotonic() < deadline, last
        assert last["status"] == 2, last
        assert {item["code"] for item in last["obstacles"]} == {"no-quorum"}  # type: ignore[attr-defined]
        assert "cosigner-alarm" in {item["code"] for item in last["remarks"]}  # type: ignore[attr-defined]
        assert portal.cli("log", "cosigners").returncode == 1
        cosigners[0].stop()
        assert "older" in {found["kind"] for found in cosigners[0].shown()["evidence"]}
