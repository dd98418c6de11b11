"""No plaintext anywhere it should not be: sentinels are looked for in everything that the server has or says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from tests.attacks.sentinels import found_in, plant
from tests.portal import RunningPortal, resguardo
from tests.staff import Colleague, enrol


def everything_on_disk(portal: RunningPortal) -> dict[str, bytes]:
    """Return every file of the server: data, guard, log, temporary folder, and PostgreSQL's own where that serves."""
    roots = [portal.data, portal.temporary]
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    files += [portal.log_file, Path(portal.environment["RESGUARDO_GUARD"])]
    return {str(path): path.read_bytes() for path in files} | portal.database_bytes()


def pages_of(portal: RunningPortal, person: Colleague, case: str) -> dict[str, bytes]:
    """Return every page that somebody of the office can reach about a case."""
    paths = [
        "/office",
        f"/office/cases/{case}",
        f"/office/cases/{case}/record",
        f"/office/cases/{case}/proof",
        "/office/audit",
    ]
    paths += ["/api/v1/openings", "/api/v1/case", "/api/v1/case/record", "/api/v1/case/history"]
    return {f"{person.role} {path}": person.client.get(path, follow_redirects=True).content for path in paths}


def read_as_reviewer(portal: RunningPortal, person: Colleague, case: str) -> None:
    """Give a purpose and open the record."""
    card = person.client.get(f"/office/cases/{case}")
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', card.text)
    assert token
    form = {"form_token": token[1], "purpose": "REVIEW"}
    assert person.client.post(f"/office/cases/{case}/sitting", data=form).status_code == 303


@pytest.mark.parametrize("interrupted", [False, True], ids=["whole", "after errors"])
def test_sentinels_are_nowhere_on_the_server(
    new_portal: Callable[..., RunningPortal], tmp_path: Path, interrupted: bool
) -> None:
    """Laws L1, L2, L6: in no row, WAL, blob, log line, temporary file, error answer or page of another role."""
    portal = new_portal()
    path, planted = plant(tmp_path)
    if interrupted:
        _break_on_the_way(portal, tmp_path)
    done = resguardo("file", path, "--portal", portal.url, "--out", tmp_path / "case", "--yes", "--json")
    assert done.returncode == 0, (done.stdout, done.stderr)
    case = json.loads(done.stdout)["case"]
    staff = [enrol(portal, role, role) for role in ("reviewer", "coordinator", "panel", "auditor", "operator")]
    answers: dict[str, bytes] = {}
    for person in staff:
        person.sign_in()
        if person.role in {"reviewer", "coordinator", "panel"}:
            assert portal.cli("staff", "assign", person.name, case).returncode == 0
            read_as_reviewer(portal, person, case)
        answers |= pages_of(portal, person, case)
    assert b"TESTIGO-" in answers[f"reviewer /office/cases/{case}/record"]
    opened = resguardo("open", "--case", tmp_path / "case", "--key", tmp_path / "case" / "words.txt", "--json")
    assert found_in(opened.stdout.encode(), planted), "the search would not find a sentinel that is there"
    hits = {name: found_in(data, planted) for name, data in {**answers, **everything_on_disk(portal)}.items()}
    assert {name: found for name, found in hits.items() if found} == {}


def _break_on_the_way(portal: RunningPortal, folder: Path) -> None:
    """Send sentinels to every address that takes a body, in ways that fail; no answer may repeat them."""
    text = "SENTINELbody0 Qwyxalia Vroquelta SENTINEL001x"
    bodies: list[bytes] = [
        text.encode(),
        json.dumps({"code": text, "case": text, "note": text}).encode(),
        json.dumps(
            {
                "genesis": text,
                "manifest": text,
                "case_log_key": text,
                "status_hash": text,
                "record": text,
                "upload": text,
                "parts": {text: text},
            }
        ).encode(),
        b"\xff" + text.encode(),
    ]
    kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
    attempts = [(body, kind) for body in bodies for kind in kinds] + [(text.encode() * 400_000, kinds[2])]
    paths = [
        "/api/v1/petitions",
        "/api/v1/status",
        "/api/v1/sign-in",
        "/api/v1/sign-in/challenge",
        "/status",
        f"/api/v1/cases/{'a' * 26}/key",
        "/office/sign-in",
    ]
    for path in paths:
        for body, kind in attempts:
            answer = httpx2.post(portal.url + path, content=body, headers={"content-type": kind})
            assert 400 <= answer.status_code < 500, (path, answer.status_code)
            assert b"SENTINEL" not in answer.content, path
            assert b"Qwyxalia" not in answer.content, path
    answer = httpx2.put(f"{portal.url}/api/v1/uploads/{'0' * 32}/{'0' * 64}", content=text.encode())
    assert answer.status_code == 422
    assert b"SENTINEL" not in answer.content
