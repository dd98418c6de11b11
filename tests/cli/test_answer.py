"""Answers to the office with the real portal: by a second holder, corrected, one at a time, broken off, overtaken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.client.errors import NetworkError
from app.client.revising import REVISION_FILE
from app.client.transport import Transport
from tests.cli.conftest import Run
from tests.cli.test_keyboard import QUESTION, SIGN_OFF, Terminal
from tests.cli.test_questions import asks
from tests.cli.test_supplement import additions, story, supplement
from tests.client.cases import write_petition
from tests.portal import RunningPortal
from tests.staff import Colleague, enrol, token_in

Resguardo = Callable[..., Run]
ANSWER = """
text: |
  Fue el 11 de agosto, y lo vio Eleuterio Bracamontes.
evidence:
  - {id: A1, kind: document, title: "Recibo de Ximena Arrayán", date: "2025-08-15", file: recibo.pdf}
"""
RECEIPT = b"%PDF-1.7 recibo ficticio " * 30


@dataclass
class Asked:
    """A case with one question, as its filer and a second holder have it, and who asked."""

    case: Path
    theirs: Path
    key: Path
    number: str
    reviewer: Colleague


@pytest.fixture
def asked(resguardo: Resguardo, shared_portal: RunningPortal, tmp_path: Path) -> Asked:
    """File with a second holder, have the case acknowledged and assigned, and ask."""
    key, case, theirs = tmp_path / "key", tmp_path / "case", tmp_path / "theirs"
    resguardo("key", "new", "--out", key)
    petition, holder = write_petition(tmp_path / "petition"), key / "holder.txt"
    run = resguardo(
        "file", petition, "--portal", shared_portal.url, "--out", case, "--holder", holder, "--yes", "--json"
    )
    assert run.status == 0, run.err
    theirs.mkdir()
    shutil.copy(case / "case.json", theirs)
    day = resguardo("acknowledged", "--case", case, "--date", "2026-03-12", "--ref", "OTLA-4")
    assert day.status == 0, day.err
    reviewer = enrol(shared_portal, f"Ana {tmp_path.name[5:60]}", "reviewer")
    reviewer.sign_in()
    number = run.json()["case"]
    assert shared_portal.cli("staff", "assign", reviewer.name, number).returncode == 0
    assert asks(reviewer, number).status_code == 303
    return Asked(case, theirs, key, number, reviewer)


def written(folder: Path, text: str = ANSWER) -> Path:
    """Write an answer, its file beside it."""
    folder.mkdir(exist_ok=True)
    (folder / "recibo.pdf").write_bytes(RECEIPT)
    (folder / "answer.yaml").write_text(text)
    return folder / "answer.yaml"


def answer(resguardo: Resguardo, *arguments: object) -> Any:
    """Send an answer and return what the verb says of it."""
    run = resguardo("answer", *arguments, "--yes", "--json")
    assert run.status == 0, run.err
    return run.json()


def refused(resguardo: Resguardo, *arguments: object) -> str:
    """Run the verb in vain and return the code of the refusal."""
    run = resguardo("answer", *arguments, "--yes", "--json")
    assert run.status == 2, run.out
    return str(run.json()["error"]["code"])


def office_reads(asked: Asked, question: int) -> str:
    """Read an answer at the office, purpose said first."""
    page = f"/office/cases/{asked.number}/answers/{question}"
    client = asked.reviewer.client
    form = {"form_token": token_in(client.get(page).text), "purpose": "REVIEW"}
    return client.post(page, data=form, follow_redirects=True).text


def test_a_second_holder_answers_and_a_slip_is_pulled(resguardo: Resguardo, asked: Asked, tmp_path: Path) -> None:
    """Names are hidden, files sealed; a supplement keeps them; what slipped is replaced, and its readers named."""
    file = written(tmp_path / "answer", ANSWER.replace("Fue el", "Lo sabe la güera de la puerta cuatro. Fue el"))
    run = resguardo("answer", "--case", asked.theirs, "--key", asked.key, file, "--yes", "--json", "--lang", "en")
    assert run.status == 0, run.err
    said = run.json()
    assert (said["version"], said["late"], said["readers"]) == (2, False, [])
    assert "This is what the office will read of your answer:" in run.err
    assert "Bracamontes" not in run.err
    assert (asked.theirs / "receipts" / "2.tlog-proof").exists()
    number = said["question"]
    assert resguardo("messages", "--case", asked.case, "--json").json()[0]["state"] == "ANSWERED"
    shown = office_reads(asked, number)
    assert "Fue en agosto, y lo vio" in shown
    assert "güera de la puerta cuatro" in shown
    assert "Bracamontes" not in shown
    assert "Arrayán" not in shown

    supplement(resguardo, "--case", asked.case, "--add", additions(tmp_path / "new"))
    kept = story(resguardo, asked.case, "--files", tmp_path / "files")
    assert "Eleuterio Bracamontes" in kept["answers"][0]["text"]
    assert (tmp_path / "files" / "recibo.pdf").read_bytes() == RECEIPT

    assert refused(resguardo, "--case", asked.case, file) == "no_question"
    assert refused(resguardo, "--case", asked.case, "--question", number, file) == "question_answered"
    (tmp_path / "answer" / "recibo.pdf").unlink()
    file.write_text(ANSWER)
    pulled = answer(resguardo, "--case", asked.case, "--slip", file)
    assert (pulled["version"], pulled["question"]) == (4, number)
    assert f"answer-{number}" in {reader["record"].split("/")[0] for reader in pulled["readers"]}
    shown = office_reads(asked, number)
    assert "Fue en agosto, y lo vio" in shown
    assert "güera" not in shown
    assert (len(story(resguardo, asked.case)["answers"]), len(story(resguardo, asked.case)["files"])) == (1, 3)
    history = resguardo("history", "--case", asked.case, "--json").json()
    kinds = [line["kind"] for line in history]
    assert kinds.count("question_answered") == 1
    assert [line["detail"] for line in history if line["kind"] == "petition_revised"][-1].endswith(
        f"answer {number} destroys"
    )


def test_an_answer_goes_to_one_question_that_waits(resguardo: Resguardo, asked: Asked, tmp_path: Path) -> None:
    """None is guessed where several are open; an unknown one, a wrong field and a correction of nothing are refused."""
    file = written(tmp_path / "answer")
    assert refused(resguardo, "--case", asked.case, "--slip", file) == "no_answer_yet"
    assert asks(asked.reviewer, asked.number, "¿Y quién firmó por la empresa?").status_code == 303
    assert refused(resguardo, "--case", asked.case, file) == "several_questions"
    assert refused(resguardo, "--case", asked.case, "--question", 999, file) == "question_unknown"
    numbers = [line["number"] for line in resguardo("messages", "--case", asked.case, "--json").json()]
    assert refused(resguardo, "--case", asked.case, "--question", numbers[0], "--slip", file) == "nothing_to_correct"
    for wrong in ("texto: Fue en marzo.\n", "evidence: []\n", ANSWER.replace("2025-08-15", "mañana")):
        path = written(tmp_path / "wrong", wrong)
        assert refused(resguardo, "--case", asked.case, "--question", numbers[1], path) == "petition_refused"
    run = resguardo("answer", "--case", asked.case, "--question", numbers[1], file, "--json")
    assert run.json()["error"]["code"] in {"review_open", "unconfirmed"}
    run = resguardo(
        "answer", "--case", asked.case, "--question", numbers[1], "-", "--yes", "--json", typed="text: Nadie.\n"
    )
    assert run.json()["question"] == numbers[1]
    assert answer(resguardo, "--case", asked.case, file)["question"] == numbers[0]


@pytest.mark.parametrize("when", ["after", pytest.param("before", marks=pytest.mark.long)])
def test_a_break_answers_once(
    resguardo: Resguardo, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The line breaks before or after the portal took the answer: the same bytes are sent again, and count once."""
    real, file = Transport.post, written(tmp_path / "answer")

    def post(self: Transport, path: str, *rest: Any, **more: Any) -> Any:
        if path != "/api/v1/case/revisions":
            return real(self, path, *rest, **more)
        if when == "after":
            real(self, path, *rest, **more)
        raise NetworkError("unreachable", host="portal")

    monkeypatch.setattr(Transport, "post", post)
    assert refused(resguardo, "--case", asked.case, file) == "unreachable"
    assert (asked.case / REVISION_FILE).exists()
    monkeypatch.undo()
    assert answer(resguardo, "--case", asked.case, file)["version"] == 2
    assert not (asked.case / REVISION_FILE).exists()
    kinds = [line["kind"] for line in resguardo("history", "--case", asked.case, "--json").json()]
    assert kinds.count("question_answered") == 1


def test_a_colleague_was_faster(
    resguardo: Resguardo, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their supplement came in between: the answer is made again from it; their answer leaves nothing to answer."""
    real, file, new = Transport.post, written(tmp_path / "answer"), additions(tmp_path / "new")
    theirs = ("--case", asked.theirs, "--key", asked.key)
    first = iter([True])

    def post(self: Transport, path: str, *rest: Any, **more: Any) -> Any:
        if path == "/api/v1/case/revisions" and next(first, False):
            assert supplement(resguardo, *theirs, "--add", new)["version"] == 2
        return real(self, path, *rest, **more)

    monkeypatch.setattr(Transport, "post", post)
    assert answer(resguardo, "--case", asked.case, file)["version"] == 3
    monkeypatch.undo()
    opened = story(resguardo, asked.case)
    assert (len(opened["witnesses"]), len(opened["answers"])) == (3, 1)
    assert refused(resguardo, *theirs, file) == "no_question"


def test_questions_and_answers_outlive_a_case_key(resguardo: Resguardo, asked: Asked, tmp_path: Path) -> None:
    """After a new case key the old question is proved as before, its answer and file open, a new one is answered.

    The ciphertext that the office made is gone: whoever had the old case key has nothing to open.
    """
    file = written(tmp_path / "answer")
    assert answer(resguardo, "--case", asked.case, file)["version"] == 2
    before = resguardo("messages", "--case", asked.case, "--json").json()
    gone = next(line for line in resguardo("holders", "list", "--case", asked.case, "--json").json() if not line["own"])
    run = resguardo("holders", "remove", gone["number"], "--case", asked.case, "--yes", "--json")
    assert run.status == 0, run.err
    assert resguardo("messages", "--case", asked.case, "--json").json() == before
    assert asks(asked.reviewer, asked.number, "¿Y quién firmó por la empresa?").status_code == 303
    assert answer(resguardo, "--case", asked.case, written(tmp_path / "more", "text: Nadie firmó."))["version"] == 4
    opened = story(resguardo, asked.case, "--files", tmp_path / "files")
    assert [line["question"] for line in opened["answers"]] == sorted(line["question"] for line in opened["answers"])
    assert len(opened["answers"]) == 2
    assert (tmp_path / "files" / "recibo.pdf").read_bytes() == RECEIPT
    theirs = ("--case", asked.theirs, "--key", asked.key)
    assert refused(resguardo, *theirs, file) == "words_wrong"


def test_nothing_is_sent_before_somebody_saw_it(resguardo: Resguardo, asked: Asked, tmp_path: Path) -> None:
    """In a terminal: the question, what is doubtful, what the office will read; only “yes” sends it."""
    file = written(tmp_path / "answer", "text: Lo vio Eleuterio Bracamontes, el único soldador del turno de noche.\n")
    for reply, status in (("no", 2), ("yes", 0)):
        terminal = Terminal("answer", "--case", asked.case, file)
        terminal.expect("of the office:")
        terminal.expect("Sin nombres.")
        while terminal.expect(QUESTION, SIGN_OFF) == QUESTION:
            terminal.type("1")
        terminal.expect("Send it now?")
        shown = terminal.shown.partition(SIGN_OFF)[2]
        assert "Lo vio [" in shown
        assert "Bracamontes" not in shown
        terminal.type(reply)
        assert terminal.end() == status, terminal.shown
    history = resguardo("history", "--case", asked.case, "--json").json()
    assert [line["kind"] for line in history].count("question_answered") == 1
