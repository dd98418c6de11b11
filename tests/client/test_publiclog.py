"""The petitioner's own check, against any copy of the log: what lying about a list does not hide (law L5)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.client.case import CaseFile
from app.client.errors import CopyError, TamperingError
from app.client.history import check_history
from app.client.opening import fetch_sealed, keep_sealed, open_answer, open_kept
from app.client.proofs import ProvedEntry, keep, kept
from app.client.publiclog import (
    Demand,
    check_published,
    check_rules,
    check_states,
    compare_shown,
    find_case,
    keys_of_case,
    public_log,
)
from app.client.signin import signed_in
from app.client.transport import Transport
from app.client.trust import OpenedCase
from crypto.access_request import rule_tag
from crypto.log.checkpoint import Checkpoint, Ed25519Cosigner
from crypto.log.commitments import FIELDS
from crypto.log.leaf import Leaf, LeafKind
from crypto.secret import SecretBytes
from tests.cli.conftest import resguardo as resguardo  # noqa: PLC0414 - a fixture
from tests.client.cases import ROOT, Filed
from tests.client.loopback import Answer, LoopbackPortal, altered
from tests.crypto.log.published import TIME, publish

PATH = "/api/v1/case/history"
UNION = Ed25519Cosigner("union.example/cosigner", SecretBytes(b"u" * 32))
NOW = TIME + 3600


def looked(filed: Filed) -> tuple[OpenedCase, tuple[ProvedEntry, ...]]:
    """Fetch the history as the command does, and keep it."""
    with Transport(filed.case.url, "es", lambda _: None) as transport:
        answer = fetch_sealed(transport, filed.case)
        opened = open_answer(filed.case, answer, ROOT)
        keep_sealed(filed.folder, answer)
        with signed_in(transport, opened, lambda: 1_773_306_000.0):
            served = transport.get_json(PATH)["entries"]
    found = check_history(opened, filed.folder, served)
    for entry in found.entries:
        keep(filed.folder, entry)
    return opened, found.entries


def codes(
    folder: Path, opened: OpenedCase, shown: Sequence[ProvedEntry], before: Sequence[ProvedEntry] = (), **demand: Any
) -> list[tuple[str, int]]:
    """What a copy of the log says against a history that was shown."""
    with public_log(str(folder), keys_of_case(opened.case), Demand(NOW, **demand)) as log:
        walked = find_case(log, opened.case_log_key, len(shown), lambda _done, _all: None)
        found, wrong = walked.found, walked.findings
        findings = [*check_states(log, [*before, *shown]), *wrong, *compare_shown(log, found, shown)]
    return [(finding.code, finding.place) for finding in findings]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where the copies lie."""
    return tmp_path / "copy"


@pytest.fixture
def read(portal: LoopbackPortal, filed: Filed) -> LoopbackPortal:
    """A portal at which two officers read the record."""
    portal.append("record_read", "reviewer", "REVIEW")
    portal.append("record_read", "panel", "CLARIFICATION")
    return portal


@pytest.mark.long
def test_an_honest_portal_and_an_honest_copy_agree(read, filed, copy):
    """Everything shown is in the log, everything in the log was shown; what is newer than the copy waits."""
    opened, shown = looked(filed)
    publish(copy, read.entries, [read.log], [])
    assert codes(copy, opened, shown) == []
    publish(copy, read.entries[:2], [read.log], [])
    assert codes(copy, opened, shown) == []


def test_what_the_portal_did_not_show_is_found_in_the_log(read, filed, copy):
    """It cuts its list at the end, where the tags leave no gap: the copy has more."""
    read.lies[PATH] = altered(lambda answer: answer["entries"].__delitem__(slice(2, None)))
    opened, shown = looked(filed)
    publish(copy, read.entries, [read.log], [])
    assert codes(copy, opened, shown) == [("not_shown", 2), ("not_shown", 3)]


def test_signing_rules_are_read_in_the_log_itself(portal, filed, copy):
    """Devices had to sign from entry 1 on, and the portal hides that: the copy has the rule, and the look lacks it."""
    about = dict.fromkeys(FIELDS, "")
    for rule in ("required", "offered"):
        leaf = Leaf(LeafKind.EVENT, 0, os.urandom(32), rule_tag(rule), os.urandom(32))
        portal.entries.append(leaf.to_bytes())
        portal.opened.append((SecretBytes(bytes(32)), about))
        portal.append("record_read", "reviewer", "REVIEW")

    def hidden(answer):
        del answer["entries"][3], answer["entries"][1]

    portal.lies[PATH] = altered(hidden)
    opened, shown = looked(filed)
    publish(copy, portal.entries, [portal.log], [])
    with public_log(str(copy), keys_of_case(opened.case), Demand(NOW)) as log:
        walked = find_case(log, opened.case_log_key, len(shown), lambda _done, _all: None)
        said = [check_rules(walked, shown, told, log.checkpoint.size) for told in ((), (1, 3))]
    assert walked.rules == [(1, "required"), (3, "offered")]
    hides, tells = ([(each.code, each.place) for each in found] for found in said)
    assert hides == [("rule_not_shown", 1), ("rule_not_shown", 3), ("unsigned", 2)]
    assert tells == [("unsigned", 2)]


def test_a_burnt_counter_is_found(portal, filed, copy):
    """Something was counted and never logged, however many at once."""
    portal.append("record_read", "reviewer", "REVIEW", counter=700)
    opened, shown = looked(filed)
    publish(copy, portal.entries, [portal.log], [])
    found = codes(copy, opened, shown)
    assert ("skipped", 1) in found
    assert ("skipped", 699) in found


def test_as_many_burnt_counters_are_found_as_the_log_has_entries(portal, filed, copy):
    """A read under number 5000, far behind everything shown, in a log in which a case could have got there."""
    portal.append("record_read", "reviewer", "REVIEW")
    opened, shown = looked(filed)
    hidden = portal.append("record_read", "reviewer", "REVIEW", counter=5000)
    publish(copy, [*portal.entries, *(b"%106d" % number for number in range(5000))], [portal.log], [])
    found = codes(copy, opened, shown)
    assert ("not_shown", hidden) in found
    assert ("skipped", 4999) in found


def test_a_late_and_a_doubled_counter_are_found(portal, filed, copy):
    """Logged behind a later one; logged twice."""
    for counter in (2, 1, 2):
        portal.append("record_read", "reviewer", "REVIEW", counter=counter)
    portal.counter = 3
    opened, shown = looked(filed)
    publish(copy, portal.entries, [portal.log], [])
    assert {("late", 1), ("doubled", 2)} <= set(codes(copy, opened, shown))


def test_what_was_proved_long_ago_and_is_not_public(read, filed, copy):
    """The portal's own log shows an old state; a copy of somebody else may be behind, and accuses nobody."""
    opened, shown = looked(filed)
    publish(copy, read.entries[:1], [read.log], [])
    moment = shown[0].leaf.time
    with public_log(str(copy), keys_of_case(opened.case), Demand(NOW)) as log:
        own = replace(log, tick=10)
        assert [(each.code, each.place) for each in check_published(own, shown, moment + 31)] == [("unpublished", 1)]
        assert list(check_published(own, shown, moment + 30)) == []
        assert list(check_published(log, shown, moment + 1000)) == []


@pytest.mark.long
def test_what_was_shown_and_is_not_in_the_log(read, filed, copy):
    """The portal proved an entry to us, and published another in its place: two histories, each signed."""
    opened, shown = looked(filed)
    other = [*read.entries[:1], b"another".ljust(106, b"."), *read.entries[2:]]
    publish(copy, other, [read.log], [])
    found = codes(copy, opened, shown)
    assert ("not_in_log", 1) in found
    assert any(code == "other_history" for code, _ in found)


@pytest.mark.long
def test_a_proof_from_before_convicts_a_rewritten_log(read, filed, copy):
    """Every proof that was ever kept is compared."""
    looked(filed)
    before = list(kept(filed.folder, filed.case))
    del read.entries[1:], read.opened[1:]
    read.counter = 1
    for _ in range(6):
        read.append("record_read", "reviewer", "AUDIT")
    opened, shown = looked(filed)
    publish(copy, read.entries, [read.log], [])
    assert any(code == "other_history" for code, _ in codes(copy, opened, shown, before))


@pytest.mark.long
def test_entries_hidden_under_an_unknown_kind_are_found(read, filed, copy):
    """The tag counts, whatever else the entry calls itself."""
    opened, shown = looked(filed)
    entry = bytearray(read.entries[1])
    entry[1] = 77
    publish(copy, [*read.entries, bytes(entry)], [read.log], [])
    found = codes(copy, opened, shown)
    assert ("doubled", 1) in found


def test_a_copy_with_other_entries_is_no_copy(read, filed, copy):
    """A mirror can lie, too: the entries must make the signed root."""
    opened, shown = looked(filed)
    publish(copy, read.entries, [read.log], [])
    path = copy / f"tile/entries/000.p/{len(read.entries)}"
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    with pytest.raises(TamperingError, match="log_entries"):
        codes(copy, opened, shown)


@pytest.mark.long
def test_other_keys_and_nothing_are_told_apart(read, filed, copy, tmp_path):
    """A log under another key convicts; an empty folder does not."""
    opened, shown = looked(filed)
    with pytest.raises(CopyError, match="no_log"):
        codes(copy, opened, shown)
    with LoopbackPortal(seed=b"9" * 32) as other:
        publish(copy, read.entries, [other.log], [])
    with pytest.raises(TamperingError, match="log_key"):
        codes(copy, opened, shown)


def test_the_quorum_of_a_policy_is_asked_for(read, filed, copy, tmp_path):
    """None, enough, too old."""
    opened, shown = looked(filed)
    policy = tmp_path / "policy"
    policy.write_text(f"witness union {UNION.vkey}\nquorum union\n")
    publish(copy, read.entries, [read.log], [])
    with pytest.raises(CopyError, match="no_quorum"):
        codes(copy, opened, shown, policy=policy)
    publish(copy, read.entries, [read.log], [UNION])
    assert codes(copy, opened, shown, policy=policy) == []
    with pytest.raises(CopyError, match="old_cosignatures"):
        codes(copy, opened, shown, policy=policy, max_age=60)
    policy.write_text("quorum\n")
    with pytest.raises(CopyError, match="policy"):
        codes(copy, opened, shown, policy=policy)


def test_the_case_is_searched_without_the_portal(
    read: LoopbackPortal, filed: Filed, copy: Path, resguardo: Callable[..., Any]
) -> None:
    """The portal is gone: what was kept opens the case key, the copy shows what happened since."""
    words = ("history", "--case", filed.folder, "--lang", "en", "--log", copy)
    assert "--offline" in resguardo(*words, "--offline").err or "sealed" in resguardo(*words, "--offline").err
    publish(copy, read.entries, [read.log], [])
    first = resguardo(*words)
    assert first.status == 0, first
    read.append("record_read", "reviewer", "REVIEW")
    publish(copy, read.entries, [read.log], [])
    read.lies[f"/api/v1/cases/{filed.case.case}/key"] = lambda _answer: (503, "text/plain", b"")
    found = resguardo(*words, "--offline")
    assert found.status == 0, found
    assert "number 4 of this case" in found.err
    assert " *" in found.err
    read.append("record_read", "reviewer", "REVIEW", counter=9)
    publish(copy, read.entries, [read.log], [])
    convicted = resguardo(*words, "--offline", "--json")
    assert convicted.status == 1
    assert {item["code"] for item in convicted.json()["findings"]} == {"skipped"}


@pytest.mark.long
def test_a_portal_that_admits_a_contradiction_is_told_about(
    read: LoopbackPortal, filed: Filed, resguardo: Callable[..., Any]
) -> None:
    """The newest checkpoint goes along with each sign-in; the portal's own answer is an alarm on this side, too."""
    words = ("history", "--case", filed.folder, "--lang", "en")
    assert resguardo(*words).status == 0
    known = CaseFile.load(filed.folder).known
    assert Checkpoint.of_note(known).size == len(read.entries)
    assert resguardo(*words).status == 0
    assert json.loads(_sign_in(read))["known"] == known
    read.lies["/api/v1/sign-in"] = lambda _answer: (200, "application/json", b'{"log": "contradicted"}')
    found = resguardo(*words)
    assert found.status == 1
    assert "contradicts" in found.err


def _instead(answer: Answer, _honest: Answer) -> Answer:
    return answer


def _sign_in(portal: LoopbackPortal) -> bytes:
    return next(body for body in reversed(portal.bodies) if b'"note"' in body)


def test_a_portal_that_rewrites_its_public_log_meets_our_proofs(
    read: LoopbackPortal, filed: Filed, copy: Path, resguardo: Callable[..., Any]
) -> None:
    """Without any option: what this machine proved is compared with the log that the portal shows the public."""
    words = ("history", "--case", filed.folder, "--lang", "en")
    other = [b"another".ljust(106, b"."), *read.entries[1:], *read.entries]
    publish(copy, other, [read.log], [])
    for path in (path for path in copy.rglob("*") if path.is_file()):
        answer = (200, "application/octet-stream", path.read_bytes())
        read.lies[f"/log/{path.relative_to(copy)}"] = partial(_instead, answer)
    found = resguardo(*words, "--json")
    assert found.status == 1
    assert "other_history" in {item["code"] for item in found.json()["findings"]}


@pytest.mark.long
def test_kept_case_keys_are_those_of_the_case(read, filed):
    """Who has the folder and other words opens nothing."""
    opened, _ = looked(filed)
    again = open_kept(filed.folder, filed.case, ROOT)
    assert again.case_log_key.reveal() == opened.case_log_key.reveal()
    (filed.folder / "sealed.json").write_text("{}")
    with pytest.raises(CopyError, match="sealed"):
        open_kept(filed.folder, filed.case, ROOT)
