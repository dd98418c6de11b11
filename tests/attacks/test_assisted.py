"""Assisted intake through the real portal: the documented script, sentinels in large attachments, lost answers."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from tests.assisted import FILE, PREPARE, Caller, read
from tests.attacks.sentinels import found_in, plant
from tests.attacks.test_sentinels import everything_on_disk, pages_of, read_as_reviewer
from tests.attacks.test_tampering import wait_for_size
from tests.filings import PETITIONS
from tests.portal import RunningPortal, resguardo
from tests.staff import enrol

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "assisted_example.py"
ON = {"RESGUARDO_ASSISTED": "on"}
MIB = 1024 * 1024
SIZES = (3 * MIB, 30 * MIB)
_DRAWN = re.compile(r"[0-9a-f]{32,}")  # five digits stand in one of these by chance
NAMES = ("Verónica Isela", "Cantúa", "Domene", "CADV010617MNLNMRZ2", "20931")


def caller_of(portal: RunningPortal, **values: Any) -> Caller:
    """Return another organization's system that calls a running portal."""
    client = httpx2.Client(base_url=portal.url, headers={"accept-language": "en"})
    portal.clients.append(client)
    return Caller(client.post, **values)


def test_the_documented_script_files_a_whole_case(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """A reviewer reads it without names, the words open it with the command line, the audit holds."""
    portal, folder = new_portal(settings=ON), tmp_path / "case"
    petition = yaml.safe_load((PETITIONS / "petition_example_en.yaml").read_text())
    petition["evidence"][3]["file"] = "letters.txt"
    source, letters = tmp_path / "petition.yaml", tmp_path / "letters.txt"
    source.write_text(yaml.safe_dump(petition))
    letters.write_text("Seven letters.")
    for _ in range(2):  # as after a lost answer: the same case and receipt
        subprocess.run([sys.executable, SCRIPT, portal.url, source, folder], check=True, timeout=600, cwd=tmp_path)
        case = json.loads((folder / "case.json").read_text())["case"]
        assert [row.id for row in portal.rows("SELECT id FROM petition_case")] == [case]
    out = tmp_path / "out"
    opened = resguardo("open", "--case", folder, "--key", folder / "words.txt", "--files", out)
    assert opened.returncode == 0, opened.stderr
    assert all(name in opened.stdout for name in NAMES)
    assert "Seven letters." in [path.read_text() for path in out.rglob("*") if path.is_file()]
    history = resguardo("history", "--case", folder, "--key", folder / "words.txt")
    assert history.returncode == 0, history.stderr
    reviewer = enrol(portal, "reviewer", "reviewer")
    reviewer.sign_in()
    assert portal.cli("staff", "assign", "reviewer", case).returncode == 0
    read_as_reviewer(portal, reviewer, case)
    record = reviewer.client.get(f"/office/cases/{case}/record").text
    assert "WITNESS-" in record
    read = _DRAWN.sub("", record)
    assert [name for name in NAMES if name in read] == []
    wait_for_size(portal, 4)
    receipt = folder / "receipt.tlog-proof"
    audited = resguardo("audit", portal.url, "--receipt", receipt, "--json")
    assert audited.returncode == 0, (audited.stdout, audited.stderr)
    assert json.loads(audited.stdout)["ok"] is True


def planted_caller(portal: RunningPortal, folder: Path) -> tuple[Caller, dict[str, str]]:
    """Return a caller whose petition and attachments of 3 and 30 MB hold sentinels."""
    path, planted = plant(folder)
    caller = caller_of(portal, petition=read(path))
    for place, item in enumerate(caller.petition["evidence"]):
        content = f"SENTINELbody{place} ".encode()
        size = SIZES[place] if place < len(SIZES) else 2000
        caller.files[item["file"]] = (content * (size // len(content) + 1))[:size]
    return caller, planted


@pytest.mark.long
@pytest.mark.parametrize("interrupted", [False, True], ids=["whole", "after errors"])
def test_sentinels_stay_in_the_memory_of_a_request(
    new_portal: Callable[..., RunningPortal], tmp_path: Path, interrupted: bool
) -> None:
    """Laws L1, L2: in no row, WAL, blob, log line, temporary file, error answer or page, attachments of 30 MB too."""
    portal = new_portal(settings=ON | ({"RESGUARDO_UPLOAD_LIMIT": "16"} if interrupted else {}))
    caller, planted = planted_caller(portal, tmp_path)
    begun = caller.prepare()
    assert begun.status_code == 200, begun.text
    answers = break_on_the_way(portal, caller) if interrupted else {}
    if interrupted:
        portal.stop()
        portal.settings = ON
        caller.post = caller_of(portal.start()).post
    filed = caller.file()
    assert filed.status_code == 201, filed.text
    answers["filed"] = filed.content
    case = filed.json()["case"]
    reviewer = enrol(portal, "reviewer", "reviewer")
    reviewer.sign_in()
    assert portal.cli("staff", "assign", "reviewer", case).returncode == 0
    read_as_reviewer(portal, reviewer, case)
    answers |= pages_of(portal, reviewer, case)
    words = caller.begun["words"]
    hits = {name: found_in(data, planted) for name, data in {**answers, **everything_on_disk(portal)}.items()}
    assert {name: found for name, found in hits.items() if found} == {}
    assert not any(words.encode() in data for data in everything_on_disk(portal).values())
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "case.json").write_text(json.dumps(filed.json()["case_json"]))
    (folder / "words.txt").write_text(words)
    out = tmp_path / "out"
    opened = resguardo("open", "--case", folder, "--key", folder / "words.txt", "--files", out, "--json")
    assert opened.returncode == 0, opened.stderr
    assert found_in(opened.stdout.encode(), planted), "the search would not find a sentinel that is there"
    contents = {path.read_bytes() for path in out.rglob("*") if path.is_file() and path.stat().st_size >= SIZES[0]}
    assert set(list(caller.files.values())[:2]) <= contents


def break_on_the_way(portal: RunningPortal, caller: Caller) -> dict[str, bytes]:
    """Make calls that fail at every step, with the large attachments in them; return what was answered."""
    guarded = json.loads(json.dumps(caller.petition))
    guarded["facility"]["legal_name"] = "Zuxandra Vroquelta Ixmendrol"
    made_up = json.loads(json.dumps(caller.petition))
    made_up["facts"]["SENTINEL001x"] = "SENTINEL001x"
    attempts: dict[str, tuple[bytes, str]] = {
        name: (json.dumps(caller.body(**changed)).encode(), "application/json")
        for name, changed in {
            "guard": {"petition": guarded},
            "unknown field": {"petition": made_up},
            "wrong words": {"words": "SENTINEL001x " * 12},
            "missing decision": {"careful": False},
            "missing file": {"files": []},
            "holder": {"holders": ["SENTINEL001x"]},
            "field too many": {"SENTINEL001x": "SENTINEL001x"},
            "no room for a part": {},
        }.items()
    }
    whole = json.dumps(caller.body()).encode()
    attempts["cut off"] = (whole[: len(whole) // 2], "application/json")
    attempts["no JSON"] = (b"SENTINELbody0 " * 400_000, "application/json")
    form = b'--x\r\ncontent-disposition: form-data; name="f"; filename="SENTINELfile0"\r\n\r\n'
    attempts["a form"] = (form + b"SENTINELbody0 " * 400_000 + b"\r\n--x--\r\n", "multipart/form-data; boundary=x")
    answers = {}
    for name, (body, kind) in attempts.items():
        for path in (FILE, PREPARE) if len(body) < 24 * MIB else (FILE,):
            answer = httpx2.post(portal.url + path, content=body, headers={"content-type": kind})
            assert 400 <= answer.status_code < 500, (name, path, answer.status_code, answer.text)
            answers[f"{name} {path}"] = answer.content
    hang_up(portal, whole)
    return answers


def hang_up(portal: RunningPortal, body: bytes) -> None:
    """Send half of a call and go away."""
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=600)
    connection.putrequest("POST", FILE)
    connection.putheader("content-length", str(len(body)))
    connection.endheaders()
    connection.send(body[: len(body) // 2])
    connection.close()


@pytest.mark.long
def test_a_lost_answer_and_a_killed_portal_lose_nothing(
    new_portal: Callable[..., RunningPortal], tmp_path: Path
) -> None:
    """Law L7: whoever calls again with what they kept has one case, and the same receipt each time."""
    portal = new_portal(settings=ON)
    caller = caller_of(portal)
    assert caller.prepare().status_code == 200
    body = json.dumps(caller.body()).encode()
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=600)
    connection.request("POST", FILE, body, {"content-type": "application/json"})
    connection.close()  # the answer comes to nobody
    portal.kill()
    portal.start()
    first = caller.file()
    assert first.status_code in {200, 201}, first.text
    portal.kill()
    portal.start()
    again = caller.file()
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.json()["case"] == caller.begun["case"]


def test_off_by_default(new_portal: Callable[..., RunningPortal]) -> None:
    """Law L2: nobody offers this door without having decided to; the sealed one does not depend on it."""
    portal = new_portal()
    said = portal.api()
    assert (said["sealed"], said["assisted"]["on"]) == (True, False)
    answer = caller_of(portal).prepare()
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:resguardo:problem:assisted_off"
    assert "resguardo file" in answer.json()["detail"]
