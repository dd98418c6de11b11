"""Law L5 when keys change, as the world sees it: what the log announced is followed, and no other key."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from app.store.keyring import make_keys, put_keyring, read_keyring, read_keys
from tests.keeping.test_recover import audit, codes, file_with_client, keeper_size, wait_for_size
from tests.portal import RunningPortal, resguardo

pytestmark = [pytest.mark.long]


def changed(portal: RunningPortal) -> str:
    """Announce new keys, wait for the publication, let both sign, and start again; return the new log key."""
    portal.cli_json("log", "rotate", "--announce")
    wait_for_size(portal, keeper_size(portal))
    made = portal.cli_json("log", "rotate", "--switch")
    assert made["stage"] == "overlap"
    restarted(portal)
    return str(made["log_vkey"])


def restarted(portal: RunningPortal) -> None:
    """Stop and start, and wait until the new start is published."""
    portal.stop()
    portal.start()
    case = portal.data.with_name(f"case-{os.urandom(3).hex()}")
    file_with_client(portal, case)
    wait_for_size(portal, keeper_size(portal))


def finished(portal: RunningPortal) -> None:
    """Let the new keys sign alone."""
    early = portal.cli("log", "rotate", "--finish")
    assert (early.returncode, "Both sets of keys sign until" in early.stderr) == (2, True)
    portal.cli_json("log", "rotate", "--finish", "--at-once")
    restarted(portal)


def test_everybody_follows_the_announced_keys(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """Filed under the first keys; both sign; the new ones alone: case, audit, receipts, mirror and export go on."""
    portal = new_portal()
    case, state, copy = tmp_path / "case", tmp_path / "state.json", tmp_path / "copy"
    file_with_client(portal, case)
    first = portal.api()["log_vkey"]
    wait_for_size(portal, keeper_size(portal))
    assert audit(portal, "--key", first, "--state", state)[0] == 0
    assert resguardo("mirror", portal.url, copy, "--key", first).returncode == 0

    second = changed(portal)
    assert portal.api()["log_vkey"] == second != first
    for key in (first, second):
        status, report = audit(portal, "--key", key)
        assert (status, codes(report)) == (0, set()), report
        assert "keys-changed" in [each["code"] for each in report["remarks"]]
    finished(portal)

    note = httpx2.get(f"{portal.url}/log/checkpoint").text
    ids = re.findall(r"— \S+ (\S{6})", note)
    assert len(ids) == 2, "one Ed25519, one ML-DSA line: the old keys sign no more"

    # an auditor: with the first key, with the state, with the receipts; the state goes on with the new key
    assert audit(portal, "--key", first)[0] == 0
    status, report = audit(portal, "--state", state)
    assert (status, codes(report)) == (0, set()), report
    assert json.loads(state.read_text())["vkey"] == second
    status, report = audit(portal, "--receipts", case)
    assert (status, codes(report)) == (0, set()), report

    # a copy of before goes on, and whoever holds only the first key checks it without the portal
    done = resguardo("mirror", portal.url, copy, "--key", first)
    assert done.returncode == 0, (done.stdout, done.stderr)
    offline = resguardo("audit", copy, "--key", first, "--json")
    assert offline.returncode == 0, offline.stdout

    # the petitioner of before goes on, and is told
    history = resguardo("history", "--case", case, "--log", copy)
    assert history.returncode == 0, (history.stdout, history.stderr)
    assert "announced new keys, under the ones that you know" in history.stderr
    code = json.loads((case / "case.json").read_text())["status_code"]
    assert resguardo("status", code, "--portal", portal.url, "--case", case).returncode == 0
    assert resguardo("status", code, "--portal", portal.url, "--portal-key", first).returncode == 0
    pdf, bundle = tmp_path / "export.pdf", tmp_path / "export.json"
    made = resguardo("export", "--case", case, "--out", pdf, "--bundle", bundle)
    assert made.returncode == 0, (made.stdout, made.stderr)
    for key in (first, second):
        checked = resguardo("verify", bundle, "--pdf", pdf, "--key", key)
        assert checked.returncode == 0, (checked.stdout, checked.stderr)
    # and once more
    third = changed(portal)
    assert audit(portal, "--key", first)[0] == 0
    assert audit(portal, "--state", state)[0] == 0
    assert json.loads(state.read_text())["vkey"] == third


def test_an_unannounced_key_is_refused_by_everybody(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """Somebody puts other keys of the right name in their place, and re-signs everything: nothing leads there."""
    portal = new_portal()
    case, state, copy = tmp_path / "case", tmp_path / "state.json", tmp_path / "copy"
    file_with_client(portal, case)
    first = portal.api()["log_vkey"]
    wait_for_size(portal, keeper_size(portal))
    assert audit(portal, "--key", first, "--state", state)[0] == 0
    assert resguardo("mirror", portal.url, copy, "--key", first).returncode == 0
    portal.stop()
    keyring = read_keyring(portal.data)
    number = make_keys(portal.data, keyring, os.urandom)
    new = read_keys(portal.data, keyring.log_origin, number)
    put_keyring(portal.data, replace(keyring, keys=new, number=number, leaving=(1, keyring.keys)))
    portal.start()  # both sign, so that its own start-up agrees; then the new one alone
    restarted(portal)
    portal.stop()
    put_keyring(portal.data, replace(keyring, keys=new, number=number))
    portal.start()
    restarted(portal)

    assert portal.api()["log_vkey"] == new.log.vkey != first
    status, report = audit(portal, "--state", state)
    assert (status, "key-changed" in codes(report)) == (1, True), report
    assert json.loads(state.read_text())["vkey"] == first
    refused = resguardo("mirror", portal.url, copy, "--key", first)
    assert refused.returncode == 1, (refused.stdout, refused.stderr)
    history = resguardo("history", "--case", case)
    assert history.returncode == 1
    assert "nothing in the log announces it" in history.stderr
    code = json.loads((case / "case.json").read_text())["status_code"]
    assert resguardo("status", code, "--portal", portal.url, "--portal-key", first).returncode == 1
