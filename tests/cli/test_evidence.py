"""Evidence that can be shown, with the real portal: shown, looked at, taken back; what cannot be shown stays sealed."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.client.cleaning.reading import Reader
from app.domain.pages import read_page
from tests.browser.letters import letter
from tests.cli.conftest import Run
from tests.cli.test_questions import asks
from tests.client.cases import PETITION, write_petition
from tests.client.cleaning import planted
from tests.portal import RunningPortal
from tests.staff import Colleague, enrol, token_in

Resguardo = Callable[..., Run]
SHOWN = """evidence:
  - {id: E2, kind: photo, title: "Foto de la lista", date: "2025-09-12", file: IMG_4411_Ximena.jpg, show: yes,
     boxes: [{page: 1, x: 0, y: 0, w: 20, h: 10}]}
  - {id: E3, kind: document, title: "Aviso", file: aviso.docx, show: yes}
  - {id: E4, kind: audio, title: "Nota de voz", file: voz.ogg, show: yes}
"""


def written(folder: Path) -> Path:
    """Write the petition with a photograph, a letter and a voice note."""
    path = write_petition(folder, PETITION.replace("evidence:\n", SHOWN, 1))
    (folder / "IMG_4411_Ximena.jpg").write_bytes(planted.jpeg())
    notice = f"<w:document {planted._W}><w:body><w:p>"
    notice += planted._run("Ximena Arrayán firmó con los demás.") + "</w:p></w:body></w:document>"
    (folder / "aviso.docx").write_bytes(planted._zip({"word/document.xml": notice}))
    (folder / "voz.ogg").write_bytes(b"OggS" + b"\0" * 500)
    return path


def opened(reviewer: Colleague, case: str, number: int, purpose: str = "REVIEW") -> str:
    """Open a copy for a purpose and return its page."""
    path = f"/office/cases/{case}/evidence/{number}"
    door = reviewer.client.get(path)
    assert "<img" not in door.text
    answer = reviewer.client.post(path, data={"form_token": token_in(door.text), "purpose": purpose})
    assert answer.status_code == 303, answer.text
    return reviewer.client.get(path).text


def picture_in(shown: bytes) -> bytes:
    """Return the picture of a page within its reader's mark."""
    held = re.search(rb"data:image/\w+;base64,([\w+/=]+)", shown)
    assert held
    return base64.b64decode(held[1])


@pytest.mark.long
def test_what_the_petitioner_shows_is_what_the_office_sees(
    resguardo: Resguardo, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """A photograph as pixels, a letter as text, both without names; a voice note stays sealed and loses nothing."""
    petition, case = written(tmp_path / "petition"), tmp_path / "case"
    run = resguardo("file", petition, "--portal", shared_portal.url, "--out", case, "--yes", "--json")
    assert run.status == 0, run.err
    number = run.json()["case"]
    assert sorted(path.name for path in (case / "shown").iterdir()) == ["evidence-1-page-1.jpg", "evidence-2.txt"]
    reviewer = enrol(shared_portal, f"Ana {tmp_path.name[5:50]}", "reviewer")
    reviewer.sign_in()
    assert shared_portal.cli("staff", "assign", reviewer.name, number).returncode == 0

    page = opened(reviewer, number, 1)
    assert re.search(r'alt="[^"]*1[^"]*1', page)
    shown = reviewer.client.get(f"/office/cases/{number}/evidence/1/pages/1")
    assert shown.headers["content-type"] == "image/svg+xml"
    assert shown.headers["cache-control"] == "no-store"
    assert f">{reviewer.name} · ".encode() in shown.content
    picture = picture_in(shown.content)
    assert picture == (case / "shown" / "evidence-1-page-1.jpg").read_bytes()
    assert read_page(picture).media == "image/jpeg"
    assert b"MARKER" not in picture
    with Image.open(io.BytesIO(picture)) as image:
        assert not image.getexif()
    text = opened(reviewer, number, 2)
    assert "TESTIGO" in text
    assert "Ximena" not in text + page
    assert reviewer.client.get(f"/office/cases/{number}/evidence/1/pages/2").status_code == 404
    assert reviewer.client.get(f"/office/cases/{number}/evidence/3").status_code == 404

    lines = resguardo("history", "--case", case)
    assert lines.status == 0, lines.err
    _take_back(resguardo, case, petition)
    assert reviewer.client.get(f"/office/cases/{number}/evidence/1/pages/1").status_code == 404
    assert "TESTIGO" in opened(reviewer, number, 2)


def _take_back(resguardo: Resguardo, case: Path, petition: Path) -> None:
    """Correct the petition so that the photograph is not shown any more; the letter's copy stands."""
    text = petition.read_text().replace("IMG_4411_Ximena.jpg, show: yes", "IMG_4411_Ximena.jpg, show: no")
    petition.write_text(text)
    run = resguardo("supplement", petition, "--case", case, "--yes", "--json")
    assert run.status == 0, run.err
    assert (run.json()["changed"]["copies"], run.json()["changed"]["files_removed"]) == (0, 0)


@pytest.mark.long
def test_a_voice_notes_words_are_sealed_and_make_its_copy_again(
    resguardo: Resguardo, shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """Who is added later is covered in what a recording says too, and a case filed again shows it, without the file."""
    petition, case = written(tmp_path / "petition"), tmp_path / "case"
    said = "Ximena dijo que Telmo Quijada\ncerró la puerta."
    (tmp_path / "petition" / "voz.txt").write_text(said)
    spoken = petition.read_text().replace("file: voz.ogg, show", "file: voz.ogg, transcript: voz.txt, show")
    petition.write_text(spoken)
    run = resguardo("file", petition, "--portal", shared_portal.url, "--out", case, "--yes", "--json")
    assert run.status == 0, run.err
    held = resguardo("open", "--case", case, "--json").json()
    assert [(line["evidence"], line["text"]) for line in held["transcripts"]] == [("E4", said)]
    assert "cerró la puerta" in resguardo("open", "--case", case).out

    for gone in ("voz.txt", "voz.ogg", "aviso.docx", "IMG_4411_Ximena.jpg"):
        (tmp_path / "petition" / gone).unlink()
    added = tmp_path / "added.yaml"
    added.write_text("witnesses:\n  - {id: W9, name: {given: Telmo, surname1: Quijada}}\n")
    run = resguardo("supplement", "--add", added, "--case", case, "--yes", "--json")
    assert run.status == 0, run.err
    assert run.json()["changed"]["copies"] == 1
    (copy,) = (path for path in (case / "shown").glob("*.txt") if "cerró" in path.read_text())
    assert not re.search("Telmo|Quijada|Ximena", copy.read_text())
    assert resguardo("open", "--case", case, "--json").json()["transcripts"] == held["transcripts"]

    again = resguardo("refile", "--case", case, "--out", tmp_path / "again", "--yes", "--json")
    assert again.status == 0, again.err
    (copy,) = (path for path in (tmp_path / "again" / "shown").glob("*.txt") if "cerró" in path.read_text())
    assert not re.search("Telmo|Quijada|Ximena", copy.read_text())
    assert (
        resguardo("open", "--case", tmp_path / "again", "--key", case, "--json").json()["transcripts"]
        == held["transcripts"]
    )


@pytest.mark.long
def test_clean_shows_what_would_be_shown_and_sends_nothing(resguardo: Resguardo, tmp_path: Path) -> None:
    """Copies to look at, the reason for what has none, and no file that is not to be shown."""
    petition = written(tmp_path / "petition")
    run = resguardo("clean", petition, "--out", tmp_path / "looked", "--json")
    assert run.status == 0, run.err
    answer = run.json()
    assert answer["refused"] == {"evidence[2]": "sound"}
    assert {path: line["copy"] for path, line in answer["copies"].items()} == {"evidence[0]": 1, "evidence[1]": 2}
    assert "Ximena" not in (tmp_path / "looked" / "evidence-2.txt").read_text()


ANSWER = """
text: |
  Así lo firmaron. Lo vio Eleuterio Bracamontes.
evidence:
  - {id: A1, kind: document, title: "Aviso nuevo", date: "2025-10-12", file: nuevo.docx, show: yes}
  - {id: A2, kind: photo, title: "Otra foto", date: "2025-10-13", file: otra.jpg, show: yes}
  - {id: A3, kind: audio, title: "Nota", file: voz.ogg, show: yes}
"""


def answered(folder: Path) -> Path:
    """Write an answer with a letter, a photograph and a voice note."""
    folder.mkdir()
    notice = (
        f"<w:document {planted._W}><w:body><w:p>{planted._run('Firmó Ximena Arrayán.')}</w:p></w:body></w:document>"
    )
    (folder / "nuevo.docx").write_bytes(planted._zip({"word/document.xml": notice}))
    (folder / "otra.jpg").write_bytes(planted.jpeg())
    (folder / "voz.ogg").write_bytes(b"OggS" + b"\0" * 500)
    (folder / "answer.yaml").write_text(ANSWER)
    return folder / "answer.yaml"


@pytest.mark.long
def test_copies_through_the_life_of_a_case(resguardo: Resguardo, shared_portal: RunningPortal, tmp_path: Path) -> None:
    """New words for the case, an answer with evidence, a correction of it, filed again, taken back: each copy right."""
    petition, case = written(tmp_path / "petition"), tmp_path / "case"
    run = resguardo("file", petition, "--portal", shared_portal.url, "--out", case, "--yes", "--json")
    number = run.json()["case"]
    assert resguardo("acknowledged", "--case", case, "--date", "2026-03-12", "--ref", "OTLA-4").status == 0
    reviewer = enrol(shared_portal, f"Eva {tmp_path.name[5:50]}", "reviewer")
    reviewer.sign_in()
    assert shared_portal.cli("staff", "assign", reviewer.name, number).returncode == 0
    first = (case / "shown" / "evidence-1-page-1.jpg").read_bytes()

    assert resguardo("key", "new", "--out", tmp_path / "new").status == 0
    words = resguardo("holders", "words", "--case", case, "--new-key", tmp_path / "new", "--yes", "--json")
    assert words.status == 0, words.err
    key = ("--key", tmp_path / "new")
    opened(reviewer, number, 1)
    assert picture_in(reviewer.client.get(f"/office/cases/{number}/evidence/1/pages/1").content) == first

    assert asks(reviewer, number).status_code == 303
    file = answered(tmp_path / "answer")
    said = resguardo("answer", "--case", case, *key, file, "--yes", "--json")
    assert said.status == 0, said.err
    page = answer_page(reviewer, number, said.json()["question"])
    assert re.findall(r"/evidence/(\d+)\"", page) == ["3", "4"]
    assert "TESTIGO" in opened(reviewer, number, 3)
    assert "<img" in opened(reviewer, number, 4)
    picture = picture_in(reviewer.client.get(f"/office/cases/{number}/evidence/4/pages/1").content)
    assert b"MARKER" not in picture

    (tmp_path / "answer" / "otra.jpg").unlink()
    file.write_text(ANSWER.replace("nuevo.docx, show: yes", "nuevo.docx, show: no"))
    slip = resguardo("answer", "--case", case, *key, "--slip", file, "--yes", "--json")
    assert slip.status == 0, slip.err
    assert {"evidence-3/3", "evidence-4/3"} <= {reader["record"] for reader in slip.json()["readers"]}
    assert reviewer.client.get(f"/office/cases/{number}/evidence/3").status_code == 404
    assert picture_in(reviewer.client.get(f"/office/cases/{number}/evidence/4/pages/1").content) == picture

    again = resguardo("refile", "--case", case, *key, "--out", tmp_path / "again", "--yes", "--json")
    assert again.status == 0, again.err
    assert sorted(path.name for path in (tmp_path / "again" / "shown").iterdir()) == [
        "evidence-1-page-1.jpg",
        "evidence-2.txt",
    ]
    assert (tmp_path / "again" / "shown" / "evidence-1-page-1.jpg").read_bytes() == first
    assert resguardo("withdraw", "--case", case, *key, "--yes").status == 0
    assert reviewer.client.get(f"/office/cases/{number}/evidence/1/pages/1").status_code in (403, 404, 409)


def answer_page(reviewer: Colleague, case: str, question: int) -> str:
    """Open an answer and return its page."""
    page = f"/office/cases/{case}/answers/{question}"
    form = {"form_token": token_in(reviewer.client.get(page).text), "purpose": "REVIEW"}
    return reviewer.client.post(page, data=form, follow_redirects=True).text


@pytest.mark.long
def test_what_was_struck_out_of_the_text_is_covered_in_the_copies(resguardo: Resguardo, tmp_path: Path) -> None:
    """Law L2: with the careful choice, what was struck is covered on the pages that still say it."""
    shown = 'evidence:\n  - {id: E2, kind: document, title: "Aviso", file: aviso.pdf, show: yes}\n'
    told = "Eleuterio es el único soldador del turno de noche. Lo vio"
    text = PETITION.replace("evidence:\n", shown, 1).replace("Eleuterio Bracamontes Ik lo vio", told)
    path = write_petition(tmp_path / "petition", text)
    (path.parent / "aviso.pdf").write_bytes(
        letter(["Aviso de baja", "", "El soldador deja su puesto.", "", "Hay comedor."])
    )
    run = resguardo("clean", path, "--out", tmp_path / "copies", "--json")
    assert run.status == 0, run.err
    [page] = (tmp_path / "copies").iterdir()
    reader = Reader.find()
    if reader is None:
        pytest.skip("tesseract is not installed here")
    with Image.open(page) as image:
        read = " ".join(word.text for word in reader.words(image.convert("L")))
    assert "soldador" not in read
    assert "comedor" in read
