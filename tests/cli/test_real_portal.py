"""The whole way with the real portal: two holders, a lost paper, a file larger than a part, a power cut."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.client.cases import write_petition
from tests.portal import RunningPortal, resguardo


def run(*arguments: object) -> Any:
    """Run a command that answers in JSON, and return the answer."""
    done = resguardo(*map(str, arguments), "--json")
    assert done.returncode == 0, (done.stdout, done.stderr)
    return json.loads(done.stdout)


def test_two_custodians_one_loses_the_words(shared_portal: RunningPortal, tmp_path: Path) -> None:
    """A lawyer files for two; the words burn; the colleague opens with case.json and a key of their own."""
    letter = os.urandom(5_000_000)
    petition = write_petition(tmp_path / "petition", letter=letter)
    assert resguardo("key", "new", "--out", tmp_path / "colleague").returncode == 0
    holder = (tmp_path / "colleague" / "holder.txt").read_text().strip()
    case = tmp_path / "case"
    filed = run("file", petition, "--portal", shared_portal.url, "--out", case, "--holder", holder, "--yes")
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(case / "case.json", copy)
    shutil.rmtree(case)
    key = ("--key", tmp_path / "colleague")
    story = run("open", "--case", copy, *key, "--files", tmp_path / "files")
    assert [witness["name"]["given"] for witness in story["witnesses"]] == ["Ximena", "Eleuterio"]
    assert (tmp_path / "files" / "carta.pdf").read_bytes() == letter
    history = run("history", "--case", copy, *key)
    assert history[0]["index"] == filed["entry_index"]
    assert [entry["kind"] for entry in history] == ["petition_received", "case_opened", "case_opened"]
    status = run("status", filed["status_code"], "--portal", shared_portal.url, "--case", copy)
    assert status["stage"] == "RECEIVED"


@pytest.mark.long
def test_what_was_acknowledged_outlives_a_power_cut(tmp_path: Path) -> None:
    """The portal is killed and comes back: the history starts with the entry of the receipt (law L7)."""
    portal = RunningPortal(tmp_path / "data").start()
    try:
        petition = write_petition(tmp_path / "petition")
        command = ("file", petition, "--portal", portal.url, "--out", tmp_path / "case", "--yes")
        case = run(*command)
        before = (tmp_path / "case" / "receipt.tlog-proof").read_bytes()
        portal.kill()
        done = resguardo("history", "--case", tmp_path / "case", "--json")
        assert json.loads(done.stdout)["error"]["code"] == "unreachable"
        portal.start()
        assert run("history", "--case", tmp_path / "case")[0]["index"] == case["entry_index"]
        assert (tmp_path / "case" / "receipt.tlog-proof").read_bytes() == before
    finally:
        portal.stop()
