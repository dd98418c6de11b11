"""A cosigner against logs that lie, over real HTTP: what it cosigns, what it refuses, what it keeps as evidence."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from app.cosigner.folder import CosignerError, CosignerFolder, Cosigners, log_id_of, opened
from app.cosigner.server import CosignerServer, serving
from app.cosigner.service import CosigningService
from crypto.log import merkle
from crypto.log.checkpoint import (
    Checkpoint,
    LogSigner,
    cosignature_times,
    parse_verifier,
    sign_checkpoint,
    verify_checkpoint,
)
from crypto.log.submission import MAX_REQUEST, Submission
from crypto.secret import SecretBytes
from tests.crypto.log.published import LOG, ORIGIN, PQ, checkpoint_of, node_of
from tests.crypto.log.test_keychange import FALSE, A, B, C, announced

NAME = "union.example/cosigner"
NOW = 1_800_000_000
ROWS = [f"entry {number}".encode() for number in range(60)]
OTHER_ROWS = [*ROWS[:30], b"another", *ROWS[31:]]


def request_of(rows: Sequence[bytes], old: int, *, signer: LogSigner = LOG, proof_of: Sequence[bytes] = ()) -> bytes:
    """A log's request for a cosignature of its rows."""
    leaves = [merkle.leaf_hash(row) for row in proof_of or rows]
    proof = merkle.consistency_proof(old, len(leaves), node_of(leaves))
    note = sign_checkpoint(checkpoint_of(rows, signer.name), [signer], [PQ] if signer is LOG else [], 5)
    return Submission(old, tuple(proof), note).to_bytes()


class Clock:
    """A clock that a test sets."""

    now = NOW

    def __call__(self) -> int:
        """Return the time."""
        return self.now


class Running:
    """A cosigner on loopback: its folder, clock and address."""

    def __init__(self, folder: CosignerFolder, clock: Clock, url: str) -> None:
        self.folder = folder
        self.clock = clock
        self.url = url

    def send(self, body: bytes) -> httpx2.Response:
        """Send a request."""
        return httpx2.post(f"{self.url}/add-checkpoint", content=body)

    def kinds(self) -> list[str]:
        """The kinds of evidence that are kept."""
        return sorted(str(found["kind"]) for found in self.folder.evidence())


@contextmanager
def running(path: Path) -> Iterator[Running]:
    """Serve a cosigner's folder in this process."""
    clock = Clock()
    with opened(path, NAME, os.urandom) as folder:
        folder.add_log(LOG.vkey)
        service = CosigningService(folder, clock)
        with serving(CosignerServer("127.0.0.1", 0, service, "about\n")) as server:
            yield Running(folder, clock, f"http://127.0.0.1:{server.server_port}")


@pytest.fixture
def cosigner(tmp_path: Path) -> Iterator[Running]:
    """A fresh cosigner of the log."""
    with running(tmp_path / "cosigner") as made:
        yield made


def check(answer: httpx2.Response, rows: Sequence[bytes], keys: Cosigners, time: int = NOW) -> None:
    """Check that an answer holds good cosignatures of rows by both keys."""
    assert answer.status_code == 200
    note = sign_checkpoint(checkpoint_of(rows), [LOG]) + answer.text
    verify_checkpoint(note, ORIGIN, [parse_verifier(LOG.vkey), *keys.verifiers()])
    for verifier in keys.verifiers():
        assert cosignature_times(note, [verifier]) == {NAME: time}


def test_a_growing_log_is_cosigned(cosigner):
    """From nothing, by a proof, and the same size once more with a newer time."""
    check(cosigner.send(request_of(ROWS[:7], 0)), ROWS[:7], cosigner.folder.keys)
    check(cosigner.send(request_of(ROWS[:52], 7)), ROWS[:52], cosigner.folder.keys)
    cosigner.clock.now += 3600
    check(cosigner.send(request_of(ROWS[:52], 52)), ROWS[:52], cosigner.folder.keys, NOW + 3600)
    assert cosigner.kinds() == []


@pytest.mark.long
def test_an_empty_log_is_cosigned(cosigner):
    """A log begins with a checkpoint of nothing."""
    check(cosigner.send(request_of([], 0)), [], cosigner.folder.keys)
    check(cosigner.send(request_of(ROWS[:3], 0)), ROWS[:3], cosigner.folder.keys)


def test_another_old_size_is_told_the_right_one(cosigner):
    """A log whose last answer was lost learns from where to prove."""
    cosigner.send(request_of(ROWS[:7], 0))
    for old in (0, 3, 8):
        answer = cosigner.send(request_of(ROWS[:52], old))
        assert (answer.status_code, answer.text) == (409, "7\n")
        assert answer.headers["content-type"] == "text/x.tlog.size"
    assert cosigner.kinds() == []


def test_a_rollback_is_refused_and_kept(cosigner):
    """A smaller checkpoint than the one that was cosigned."""
    cosigner.send(request_of(ROWS[:52], 0))
    for old in (0, 40):
        assert cosigner.send(request_of(ROWS[:40], old)).status_code == 409
    assert cosigner.kinds() == ["older"]


def test_a_fork_of_a_known_size_is_refused_and_kept(cosigner):
    """Two roots for one size, both signed by the log: whoever holds the folder convicts it."""
    cosigner.send(request_of(ROWS[:52], 0))
    assert cosigner.send(request_of(OTHER_ROWS[:52], 52)).status_code == 409
    (found,) = cosigner.folder.evidence()
    folder = Path(str(found["folder"]))
    request = Submission.parse((folder / "request").read_bytes())
    one = verify_checkpoint(request.checkpoint, ORIGIN, [parse_verifier(LOG.vkey)])
    other = verify_checkpoint((folder / "known.checkpoint").read_text(), ORIGIN, [parse_verifier(LOG.vkey)])
    assert one.size == other.size == found["size"] == 52
    assert one.root != other.root


def test_a_fork_behind_a_proof_is_refused_and_kept(cosigner):
    """A larger tree that does not continue the cosigned one: 422, once with its own proof, once with a stolen one."""
    cosigner.send(request_of(ROWS[:52], 0))
    assert cosigner.send(request_of(OTHER_ROWS, 52)).status_code == 422
    assert cosigner.send(request_of(OTHER_ROWS, 52, proof_of=ROWS)).status_code == 422
    assert cosigner.kinds() == ["fork"]
    check(cosigner.send(request_of(ROWS, 52)), ROWS, cosigner.folder.keys)


def test_unknown_logs_and_keys_are_refused(cosigner):
    """404 for a log that nobody told of; 403 for another key under its name, and for a false signature."""
    stranger = LogSigner("stranger.example/log", SecretBytes(b"s" * 32))
    impostor = LogSigner(ORIGIN, SecretBytes(b"i" * 32))
    assert cosigner.send(request_of(ROWS[:7], 0, signer=stranger)).status_code == 404
    assert cosigner.send(request_of(ROWS[:7], 0, signer=impostor)).status_code == 403
    request = Submission.parse(request_of(ROWS[:7], 0))
    forged = request.checkpoint.replace(f"\n{7}\n", f"\n{8}\n", 1)
    assert cosigner.send(Submission(0, (), forged).to_bytes()).status_code == 403
    assert cosigner.folder.known(ORIGIN) is None


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"old 0\n\nnonsense", 400), (b"x" * (MAX_REQUEST + 1), 413)])
def test_malformed_requests_are_refused(cosigner, body, status):
    """Strangers send what they like."""
    assert cosigner.send(body).status_code == status


def test_an_old_size_beyond_the_checkpoint_is_refused(cosigner):
    """As the specification asks: 400."""
    note = sign_checkpoint(checkpoint_of(ROWS[:7]), [LOG])
    assert cosigner.send(Submission(8, (), note).to_bytes()).status_code == 400


@pytest.mark.long
def test_other_addresses_and_methods(cosigner):
    """One POST, two GETs, nothing else."""
    assert httpx2.get(f"{cosigner.url}/").text == "about\n"
    assert httpx2.get(f"{cosigner.url}/add-checkpoint").status_code == 404
    assert httpx2.post(f"{cosigner.url}/other", content=b"x").status_code == 404
    assert httpx2.put(f"{cosigner.url}/add-checkpoint", content=b"x").status_code == 501
    assert httpx2.post(f"{cosigner.url}/add-checkpoint", content=iter([b"x"])).status_code == 411


@pytest.mark.long
def test_anyone_may_read_what_was_cosigned(cosigner):
    """An auditor compares it with what the portal shows."""
    address = f"{cosigner.url}/{log_id_of(ORIGIN)}/checkpoint"
    assert httpx2.get(address).status_code == 404
    cosigner.send(request_of(ROWS[:7], 0))
    assert Checkpoint.of_note(httpx2.get(address).text) == checkpoint_of(ROWS[:7])
    assert httpx2.get(f"{cosigner.url}/{'0' * 64}/checkpoint").status_code == 404


def test_time_does_not_run_back(cosigner):
    """A clock that was set back signs nothing: it would say that nothing larger was seen at a time when it was."""
    cosigner.send(request_of(ROWS[:7], 0))
    cosigner.clock.now -= 1
    assert cosigner.send(request_of(ROWS[:8], 7)).status_code == 503
    cosigner.clock.now += 1
    check(cosigner.send(request_of(ROWS[:8], 7)), ROWS[:8], cosigner.folder.keys)


@pytest.mark.long
def test_many_at_once_make_one_history(cosigner):
    """The race of the specification: of two histories sent side by side at most one is ever cosigned."""
    cosigner.send(request_of(ROWS[:7], 0))
    bodies = [request_of(rows[:size], 7) for size in range(40, 52) for rows in (ROWS, OTHER_ROWS)]
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda b=body: statuses.append(cosigner.send(b).status_code)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(200) == 1
    assert set(statuses) == {200, 409}


# The folder.


def test_a_restarted_cosigner_remembers(tmp_path):
    """Same keys, same memory."""
    with running(tmp_path / "c") as first:
        first.send(request_of(ROWS[:52], 0))
        keys = first.folder.keys
    with running(tmp_path / "c") as second:
        assert second.send(request_of(ROWS[:40], 0)).text == "52\n"
        check(second.send(request_of(ROWS, 52)), ROWS, keys)


def test_lost_memory_is_refused(tmp_path):
    """Keys that were restored without what they cosigned would cosign a fork."""
    with running(tmp_path / "c") as first:
        first.send(request_of(ROWS[:52], 0))
    (tmp_path / "c" / "logs").rename(tmp_path / "lost")
    with pytest.raises(CosignerError, match="memory_lost"), opened(tmp_path / "c", NAME, os.urandom):
        pass
    (tmp_path / "c" / "cosigner.json").unlink()
    with pytest.raises(CosignerError, match="memory_lost"), opened(tmp_path / "c", NAME, os.urandom):
        pass


def test_a_changed_memory_is_not_believed(cosigner):
    """A file without our own cosignature says nothing, and nothing is cosigned."""
    cosigner.send(request_of(ROWS[:52], 0))
    path = cosigner.folder.path / "logs" / f"{log_id_of(ORIGIN)}.checkpoint"
    path.write_text(sign_checkpoint(checkpoint_of(ROWS[:7]), [LOG]))
    assert cosigner.send(request_of(ROWS[:9], 7)).status_code == 500


def test_a_full_disk_cosigns_nothing(cosigner, monkeypatch):
    """What is not durable is not answered."""

    def full(_path: Path, _text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.cosigner.folder._write", full)
    assert cosigner.send(request_of(ROWS[:7], 0)).status_code == 500
    monkeypatch.undo()
    check(cosigner.send(request_of(ROWS[:7], 0)), ROWS[:7], cosigner.folder.keys)


@pytest.mark.parametrize(("name", "code"), [(None, "name"), ("two words", "bad_name")])
def test_a_new_cosigner_needs_a_name(tmp_path, name, code):
    """The name is part of the keys."""
    with pytest.raises(CosignerError, match=code), opened(tmp_path / "c", name, os.urandom):
        pass


def test_a_folder_is_for_one_name_and_one_process(cosigner):
    """Two processes would each remember something else."""
    path = cosigner.folder.path
    with pytest.raises(CosignerError, match="running"), opened(path, NAME, os.urandom):
        pass


def test_other_names_and_damaged_folders_are_refused(tmp_path):
    """Nothing is guessed."""
    with opened(tmp_path / "c", NAME, os.urandom) as folder, pytest.raises(CosignerError, match="log_key"):
        folder.add_log("nonsense")
    with pytest.raises(CosignerError, match="renamed"), opened(tmp_path / "c", "other.example/c", os.urandom):
        pass
    (tmp_path / "c" / "policy").write_text("quorum\n")
    with pytest.raises(CosignerError, match="damaged"), opened(tmp_path / "c", NAME, os.urandom):
        pass


@pytest.mark.long
def test_files_are_private(cosigner):
    """The keys are nobody else's."""
    cosigner.send(request_of(ROWS[:7], 0))
    files = [path for path in cosigner.folder.path.rglob("*") if path.is_file()]
    assert len(files) > 4
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


@pytest.mark.long
def test_evidence_is_limited(cosigner, monkeypatch):
    """Whoever holds the log's key cannot fill the disk."""
    monkeypatch.setattr("app.cosigner.folder.MAX_EVIDENCE", 3)
    cosigner.send(request_of(ROWS[:52], 0))
    for size in range(1, 8):
        assert cosigner.send(request_of(ROWS[:size], 0)).status_code == 409
    assert len(cosigner.folder.evidence()) == 3
    assert all((Path(str(found["folder"])) / "request").exists() for found in cosigner.folder.evidence())


@pytest.mark.long
def test_seats_are_limited(cosigner, monkeypatch):
    """The connection after the last seat is told to come back, and nobody else suffers."""
    import socket

    server = httpx2.URL(cosigner.url)
    held = [socket.create_connection((server.host, server.port)) for _ in range(64)]
    try:
        answers = []
        for _ in range(3):
            with closing(socket.create_connection((server.host, server.port))) as late:
                late.settimeout(10)
                answers.append(late.recv(100))
        assert any(b"503" in answer for answer in answers)
    finally:
        for each in held:
            each.close()


@pytest.mark.long
def test_what_is_shown_is_json(cosigner):
    """Evidence is readable without this program."""
    cosigner.send(request_of(ROWS[:52], 0))
    cosigner.send(request_of(OTHER_ROWS[:52], 52))
    (found,) = cosigner.folder.evidence()
    kept = json.loads((Path(str(found["folder"])) / "finding.json").read_text())
    assert (kept["kind"], kept["origin"], kept["known_size"]) == ("fork", ORIGIN, 52)


def test_another_key_of_a_known_log_needs_its_announcement(tmp_path):
    """Law L5: an unannounced key is refused; an announced one takes the old one's place, which counts no more."""
    with opened(tmp_path / "keys", NAME, os.urandom) as folder:
        folder.add_log(A.public.log)
        for wrong in (B.public.log, C.public.log):
            with pytest.raises(CosignerError, match="log_known"):
                folder.add_log(wrong)
        with pytest.raises(CosignerError, match="announcement_other"):
            folder.follow([announced(B, C)])
        with pytest.raises(CosignerError, match="announcement"):
            folder.follow([*FALSE.values()])
        folder.follow([announced(A, B)])
        assert [log.vkey for log in folder.policy.logs] == [B.public.log]
        folder.follow([announced(A, B)])
        folder.follow([announced(A, B), announced(B, C)])
    with opened(tmp_path / "keys", None, os.urandom) as again:
        assert [log.vkey for log in again.policy.logs] == [C.public.log]
        service = CosigningService(again, Clock())
        rows = [b"row"]
        answers = [service.add_checkpoint(request_of(rows, 0, signer=keys.log)).status for keys in (A, B, C)]
    assert answers == [403, 403, 200]
