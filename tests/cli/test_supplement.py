"""Next versions with the real portal: a new witness, a slipped name, two holders at once, a break at each step."""

from __future__ import annotations

import io
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.client.case import CaseFile
from app.client.errors import NetworkError
from app.client.keyring import load_root
from app.client.opening import open_case
from app.client.revising import REVISION_FILE, keep, key_of, send, sink_of
from app.client.transport import Transport
from app.domain.filing.parts import PartStore
from app.domain.filing.revising import Revision, next_manifest
from app.domain.filing.sealing import CaseSealer
from crypto.framing import FrameKind
from crypto.secret import SecretBytes
from tests.cli.conftest import Run
from tests.client.cases import PETITION, write_petition
from tests.portal import RunningPortal

Resguardo = Callable[..., Run]
THIRD = """
witnesses:
  - id: W3
    name: {given: "Casilda", surname1: "Ocotlán", surname2: "Uribe"}
    statement: "Yo firmé también, y Casilda soy yo."
evidence:
  - {id: E2, kind: photo, title: "Foto del comedor", date: "2025-10-02", file: foto.jpg}
facts:
  timeline:
    - {date: "2025-10", what: "Casilda Ocotlán Uribe pidió hablar con la gerencia."}
"""


@pytest.fixture
def case(resguardo: Resguardo, shared_portal: RunningPortal, tmp_path: Path) -> Path:
    """A case that was filed with new words."""
    petition = write_petition(tmp_path / "petition")
    run = resguardo("file", petition, "--portal", shared_portal.url, "--out", tmp_path / "case", "--yes")
    assert run.status == 0, run.err
    return tmp_path / "case"


def additions(folder: Path, text: str = THIRD) -> Path:
    """Write a file of what is new, with its photograph."""
    folder.mkdir(exist_ok=True)
    (folder / "foto.jpg").write_bytes(b"\xff\xd8 una foto ficticia " * 50)
    path = folder / "new.yaml"
    path.write_text(text)
    return path


def supplement(resguardo: Resguardo, *arguments: object) -> Any:
    """Run the verb and return its answer."""
    run = resguardo("supplement", *arguments, "--yes", "--json")
    assert run.status == 0, run.err
    return run.json()


def story(resguardo: Resguardo, case: Path, *more: object) -> Any:
    """Open a case."""
    run = resguardo("open", "--case", case, "--json", *more)
    assert run.status == 0, run.err
    return run.json()


def body(transport_case: Path, resguardo: Resguardo) -> Any:
    """Return what case.json holds."""
    del resguardo
    return json.loads((transport_case / "case.json").read_text())


def test_a_new_witness_and_a_new_file(resguardo: Resguardo, case: Path, tmp_path: Path) -> None:
    """Only what is new is given; what was there stays, file and all; the receipt is kept beside the first one."""
    before = story(resguardo, case)
    answer = supplement(resguardo, "--case", case, "--add", additions(tmp_path / "new"))
    assert answer["version"] == 2
    changed = answer["changed"]
    assert (changed["witnesses_added"], changed["witnesses_changed"], changed["files_added"]) == (1, 0, 1)
    assert changed["record"]
    after = story(resguardo, case, "--files", tmp_path / "files")
    assert [witness["id"] for witness in after["witnesses"]] == ["W1", "W2", "W3"]
    assert [witness["label"] for witness in after["witnesses"]][:2] == [one["label"] for one in before["witnesses"]]
    assert {path.name for path in (tmp_path / "files").iterdir()} == {"carta.pdf", "foto.jpg"}
    assert (case / "receipts" / "2.tlog-proof").exists()
    assert not (case / REVISION_FILE).exists()
    history = resguardo("history", "--case", case, "--json").json()
    assert [line["detail"] for line in history if line["kind"] == "petition_revised"] == ["version 2 record"]


def test_files_of_an_answer_stay(resguardo: Resguardo, case: Path, tmp_path: Path) -> None:
    """A file that only an answer names is not the petition's: its next version keeps both as they are sealed."""
    root, filed = load_root(case, lambda: SecretBytes(b"")), CaseFile.load(case)
    with Transport(filed.url, "es", lambda _: None) as transport:
        opened = open_case(transport, filed, root)
        store = PartStore(sink_of(case))
        sealer = CaseSealer(key_of(opened), store, os.urandom)
        sealer.file(sealer.new_record(), io.BytesIO(b"recibo"), 6)
        sealer.body(FrameKind.ANSWER, sealer.new_record(), {"v": 1})
        own = [item.entry() for item in sealer.objects]
        objects = [*opened.manifest.body["objects"], *own]
        manifest = next_manifest(sealer.key, opened.manifest.body, opened.manifest.sha256, {"objects": objects})
        revision = Revision(manifest, None, None, None, store.inline)
        send(transport, opened, case, keep(case, revision, opened), lambda: int(time.time()), lambda *_: None)
    supplement(resguardo, "--case", case, "--add", additions(tmp_path / "new"))
    with Transport(filed.url, "es", lambda _: None) as transport:
        newest = open_case(transport, CaseFile.load(case), root).manifest
    assert newest.version == 3
    assert [item for item in own if item in newest.body["objects"]] == own


def test_the_whole_petition_corrected(resguardo: Resguardo, case: Path, tmp_path: Path) -> None:
    """A corrected statement is sealed anew, its witness changed; the unchanged file keeps its sealed object."""
    petition = write_petition(tmp_path / "petition", PETITION.replace("Vi cómo la sacaron.", "Vi cómo se la llevaron."))
    changed = supplement(resguardo, petition, "--case", case)["changed"]
    assert (changed["witnesses_changed"], changed["files_added"], changed["record"]) == (1, 0, False)
    assert story(resguardo, case)["witnesses"][1]["statement"] == "Vi cómo se la llevaron."
    (tmp_path / "petition" / "carta.pdf").unlink()
    run = resguardo("supplement", petition, "--case", case, "--yes", "--json")
    assert run.json()["error"]["code"] == "nothing_new"
    less = PETITION.replace(", file: carta.pdf", "")
    changed = supplement(resguardo, write_petition(tmp_path / "less", less), "--case", case)["changed"]
    assert changed["files_removed"] == 0, "evidence without a file keeps the one that it had"


def test_a_slip_lists_who_had_read_it(resguardo: Resguardo, case: Path, tmp_path: Path) -> None:
    """The older versions are destroyed; the export, which reads the record, is told from those of the office."""
    petition = write_petition(tmp_path / "petition", PETITION.replace("por juntar firmas", "por organizarse"))
    answer = supplement(resguardo, petition, "--case", case, "--slip")
    assert answer["readers"] == []
    history = resguardo("history", "--case", case, "--json").json()
    assert history[-2]["detail"] == "version 2 record destroys" or "version 2 record destroys" in [
        line["detail"] for line in history
    ]


def test_two_holders_at_once(resguardo: Resguardo, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one's version came in between: the change is made again from theirs, and neither is lost."""
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(case / "case.json", copy)
    shutil.copy(case / "words.txt", copy)
    real, theirs = Transport.post, additions(tmp_path / "theirs", THIRD.replace("W3", "W4").replace("E2", "E4"))
    first = iter([True])

    def post(self: Transport, path: str, *rest: Any, **more: Any) -> Any:
        if path == "/api/v1/case/revisions" and next(first, False):
            assert supplement(resguardo, "--case", copy, "--add", theirs)["version"] == 2
        return real(self, path, *rest, **more)

    monkeypatch.setattr(Transport, "post", post)
    answer = supplement(
        resguardo, "--case", case, "--add", additions(tmp_path / "mine", THIRD.replace("Casilda", "Ana"))
    )
    monkeypatch.undo()
    assert answer["version"] == 3
    assert {witness["id"] for witness in story(resguardo, case)["witnesses"]} == {"W1", "W2", "W3", "W4"}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_break_loses_nothing(
    resguardo: Resguardo, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The line breaks before or after the portal took the version: the next run sends the same bytes again."""
    real = Transport.post

    def post(self: Transport, path: str, *rest: Any, **more: Any) -> Any:
        if path != "/api/v1/case/revisions":
            return real(self, path, *rest, **more)
        if when == "after":
            real(self, path, *rest, **more)
        raise NetworkError("unreachable", host="portal")

    monkeypatch.setattr(Transport, "post", post)
    run = resguardo("supplement", "--case", case, "--add", additions(tmp_path / "new"), "--yes", "--json")
    assert run.status == 2
    kept = (case / REVISION_FILE).read_text()
    monkeypatch.undo()
    run = resguardo("supplement", "--case", case, "--yes", "--json")
    assert run.status == 0, run.err
    assert run.json()["version"] == 2
    assert not (case / REVISION_FILE).exists()
    assert len(story(resguardo, case)["witnesses"]) == 3
    assert kept


def test_nobody_to_ask(resguardo: Resguardo, case: Path, tmp_path: Path) -> None:
    """Without a terminal and without --yes nothing is sent."""
    run = resguardo("supplement", "--case", case, "--add", additions(tmp_path / "new"), "--json")
    assert run.json()["error"]["code"] in {"review_open", "unconfirmed"}
    assert not (case / REVISION_FILE).exists()
