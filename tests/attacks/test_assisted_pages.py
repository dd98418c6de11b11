"""The assisted pages through the real portal: sentinels in every answer, errors at each step, lost answers."""

from __future__ import annotations

import http.client
import json
import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.domain.assisted_form import BY_NAME
from tests.attacks.sentinels import FILE_BYTES, found_in
from tests.attacks.test_sentinels import everything_on_disk, pages_of, read_as_reviewer
from tests.portal import RunningPortal, resguardo
from tests.scriptless import Reader
from tests.staff import enrol

ON = {"RESGUARDO_ASSISTED": "on"}
MULTIPART = "multipart/form-data; boundary=x"
CHOICES = {"one", "list", "many"}


def reader_of(portal: RunningPortal) -> Reader:
    """Return somebody with a browser without scripts."""
    client = httpx2.Client(base_url=portal.url)
    portal.clients.append(client)
    return Reader(client)


def sealed_answers(planted: dict[str, str]) -> dict[str, str]:
    """Return an answer with a sentinel for each sealed question about a witness."""
    answers = {"witness-alias": "Qwyxalia", "witness-name": "Zuxandra Vroquelta Ixmendrol"}
    planted |= {"alias": "Qwyxalia", "name": "Vroquelta"}
    for question in BY_NAME["witness"].questions:
        if question.kind in CHOICES:
            answers[question.name] = "yes"
        elif question.name not in answers:
            answers[question.name] = planted[question.name] = f"SENTINEL{len(planted):03d}x"
    return {name.replace("-", "_"): text for name, text in answers.items()}


def tell_everything(reader: Reader, planted: dict[str, str]) -> None:
    """Go to the last page: a story that names the witness, one witness, one file, a person who files."""
    reader.tell(story_after="También Qwyxalia lo vio, y Zuxandra Vroquelta lo contó.")
    reader.press("witness")
    reader.press("witness.1")
    reader.press("next", **sealed_answers(planted))
    reader.press("tasks")
    reader.press("proof")
    reader.press("proof.1")
    reader.press("next", proof_title="Carta que recibió Qwyxalia", proof_kind="document")
    reader.press("tasks")
    reader.press("you")
    planted |= {"filer": "SENTINELfiler", "filer's telephone": "SENTINELphone"}
    reader.press("next", you_filer="workers", you_name="SENTINELfiler Vroquelta", you_phone="SENTINELphone 4770000000")
    reader.press("tasks")
    reader.settle()
    reader.copy_words()


def large_file(planted: dict[str, str]) -> dict[str, tuple[str, bytes]]:
    """Return a file of 3 MB whose name and content hold sentinels."""
    planted |= {"file name": "SENTINELfile0", "file content": "SENTINELbody0"}
    content = b"SENTINELbody0 " * (FILE_BYTES // 14 + 1)
    return {"file-1": ("SENTINELfile0.pdf", content[:FILE_BYTES])}


def test_sentinels_stay_in_the_memory_of_a_page(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """Laws L1, L2: in no row, WAL, blob, log line, temporary file, address or page of the office, errors included."""
    portal = new_portal(settings=ON)
    reader = reader_of(portal)
    planted: dict[str, str] = {}
    tell_everything(reader, planted)
    chosen = large_file(planted)
    answers = break_on_the_way(portal, reader, chosen)
    words = " ".join(json.loads(reader.form.fields["kept"][0])["begun"]["words"].split())
    reader.press("file", chosen)
    assert reader.status == 200, reader.page
    first = saved_files(reader)
    reader.again()
    assert saved_files(reader)["receipt.tlog-proof"] == first["receipt.tlog-proof"]
    assert found_in(reader.page.encode(), planted) == []
    case = json.loads(first["case.json"])["case"]
    reviewer = enrol(portal, "reviewer", "reviewer")
    reviewer.sign_in()
    assert portal.cli("staff", "assign", "reviewer", case).returncode == 0
    read_as_reviewer(portal, reviewer, case)
    answers |= pages_of(portal, reviewer, case)
    assert b"TESTIGO-" in answers[f"reviewer /office/cases/{case}/record"]
    disk = everything_on_disk(portal)
    hits = {name: found_in(data, planted) for name, data in {**answers, **disk}.items()}
    assert {name: found for name, found in hits.items() if found} == {}
    assert not any(words.encode() in data for data in disk.values())
    opened_with_the_words(tmp_path, first, words, planted, chosen["file-1"][1])


def saved_files(reader: Reader) -> dict[str, bytes]:
    """Return the files that the receipt page holds."""
    links = re.findall(r'download="([^"]+)" href="data:[^"]*?base64,([^"]+)"', reader.page)
    return {name: b64decode(data) for name, data in links}


def opened_with_the_words(
    folder: Path, saved: dict[str, bytes], words: str, planted: dict[str, str], content: bytes
) -> None:
    """The command line opens the case with what the page gave: names, text and the file as it was."""
    case, out = folder / "case", folder / "out"
    case.mkdir()
    (case / "case.json").write_bytes(saved["case.json"])
    (case / "receipt.tlog-proof").write_bytes(saved["receipt.tlog-proof"])
    (case / "words.txt").write_text(words)
    opened = resguardo("open", "--case", case, "--key", case / "words.txt", "--files", out, "--json")
    assert opened.returncode == 0, opened.stderr
    assert set(planted.values()) - {"SENTINELbody0", "SENTINELfile0"} <= set(
        re.findall("|".join(planted.values()), opened.stdout)
    )
    assert content in [path.read_bytes() for path in out.rglob("*") if path.is_file()]


def break_on_the_way(portal: RunningPortal, reader: Reader, chosen: dict[str, tuple[str, bytes]]) -> dict[str, bytes]:
    """Send the last page in ways that fail, the file in it; return what was answered."""
    form, client = reader.form, reader.client
    fields: dict[str, Any] = {**form.fields, "go": "file"}
    files = {name: (*content, "application/octet-stream") for name, content in chosen.items()}
    kept = json.loads(form.fields["kept"][0])
    changed = {
        "wrong words": {**kept, "begun": {**kept["begun"], "words": "SENTINEL001x " * 12}},
        "unknown field": {**kept, "SENTINEL001x": "SENTINEL001x"},
        "unknown question": {**kept, "texts": {"SENTINEL001x": "SENTINEL001x"}},
        "unknown mark": {**kept, "decisions": {"SENTINEL001x": "keep"}},
    }
    answers = {}
    for name, value in changed.items():
        sent = {**fields, "kept": json.dumps(value)}
        answers[name] = client.post("/assisted/file", data=sent, files=files)
    answers["token"] = client.post("/assisted/file", data={**fields, "form_token": "0" * 64}, files=files)
    answers["not ours"] = client.post("/assisted/file", data=fields, files={"SENTINEL001x": files["file-1"]})
    whole = b'--x\r\ncontent-disposition: form-data; name="f"; filename="SENTINELfile0"\r\n\r\n' + chosen["file-1"][1]
    for name, body in {"cut off": whole, "nameless": whole.replace(b"form-data", b"SENTINEL001x")}.items():
        answers[name] = client.post("/assisted/file", content=body, headers={"content-type": MULTIPART})
    answers["no form"] = client.post("/assisted/file", content=whole, headers={"content-type": "text/plain"})
    answers["page"] = client.post("/assisted", content=chosen["file-1"][1])
    for name, answer in answers.items():
        assert 400 <= answer.status_code < 500, (name, answer.status_code, answer.text)
    hang_up(portal, whole)
    echoes = {"unknown mark", "not ours", "wrong words"}  # the last page again, with its own form in it
    return {name: answer.content for name, answer in answers.items() if name not in echoes}


def hang_up(portal: RunningPortal, body: bytes) -> None:
    """Send half of a form and go away."""
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=600)
    connection.putrequest("POST", "/assisted/file")
    connection.putheader("content-length", str(len(body)))
    connection.putheader("content-type", MULTIPART)
    connection.endheaders()
    connection.send(body[: len(body) // 2])
    connection.close()


@pytest.mark.long
def test_a_double_click_and_a_power_cut_file_once(new_portal: Callable[..., RunningPortal]) -> None:
    """Law L7: the same page sent again, also after the portal was killed, gives the same case and receipt."""
    portal = new_portal(settings=ON)
    reader = reader_of(portal)
    reader.tell()
    reader.settle()
    reader.copy_words()
    reader.press("file")
    first = saved_files(reader)
    portal.kill()
    portal.start()
    reader.again()
    again = saved_files(reader)
    assert (again["case.json"], again["receipt.tlog-proof"]) == (first["case.json"], first["receipt.tlog-proof"])
    case = json.loads(first["case.json"])["case"]
    reviewer = enrol(portal, "reviewer", "reviewer")
    reviewer.sign_in()
    queue = reviewer.client.get("/office").text
    assert queue.count(f'href="/office/cases/{case}"') == queue.count('class="case"') == 1
