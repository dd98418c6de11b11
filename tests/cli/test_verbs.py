"""The petitioner's verbs as they are typed, against a portal on loopback."""

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.client.keyring import load_root
from crypto.secret import SecretBytes
from tests.cli.conftest import Run
from tests.client.cases import LETTER, PETITION, write_petition
from tests.client.loopback import LoopbackPortal, altered, problem

Resguardo = Callable[..., Run]


@pytest.fixture
def portal() -> Iterator[LoopbackPortal]:
    """A portal on loopback."""
    with LoopbackPortal() as server:
        yield server


@pytest.fixture
def petition(tmp_path: Path) -> Path:
    """A petition file with one evidence file beside it."""
    return write_petition(tmp_path / "petition")


@pytest.fixture
def case(resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path) -> Path:
    """A case filed with new words."""
    assert resguardo("file", petition, "--portal", portal.url, "--out", tmp_path / "case", "--yes").status == 0
    return tmp_path / "case"


def case_json(folder: Path) -> Any:
    """Return what case.json holds."""
    return json.loads((folder / "case.json").read_text())


def test_filing_answers_programs(resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path) -> None:
    """The contract of `file --json`, and the folder that it leaves."""
    folder = tmp_path / "case"
    run = resguardo("file", petition, "--portal", portal.url, "--out", folder, "--yes", "--json")
    assert run.status == 0, run.err
    kept = case_json(folder)
    assert run.json() == {"case": kept["case"], "status_code": kept["status_code"], "entry_index": 0}
    assert {path.name for path in folder.iterdir()} == {"case.json", "receipt.tlog-proof", "words.txt"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert kept["log_vkey"] == portal.log.vkey


def test_filing_warns_of_a_single_holder(
    resguardo: Resguardo, case: Path, portal: LoopbackPortal, petition: Path
) -> None:
    """Law L7: with one holder the client has warned, and with --yes went on."""
    run = resguardo("file", petition, "--portal", portal.url, "--out", case.parent / "b", "--yes", "--lang", "en")
    assert "--holder" in run.err
    assert "not the official channel" in run.err


def test_no_word_of_the_petition_is_printed_where_logs_are(
    resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path
) -> None:
    """What a script records of a filing names nobody, with --yes and without."""
    for extra in (["--yes"], [], ["--yes", "--json"]):
        run = resguardo("file", petition, "--portal", portal.url, "--out", tmp_path / f"c{len(extra)}", *extra)
        for secret in ("Ximena", "Arrayán", "Bracamontes", "77123", "renuncia"):
            assert secret not in run.out + run.err


def test_without_anybody_to_ask_nothing_is_sent(
    resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path
) -> None:
    """No terminal and no --yes: what is open is listed, and the portal hears nothing of the petition."""
    run = resguardo("file", petition, "--portal", portal.url, "--out", tmp_path / "case", "--json")
    assert run.status == 2
    assert run.json()["error"]["code"] in {"review_open", "one_holder"}
    assert {path for _, path in portal.seen} == {"/api/v1/portal"}
    assert not (tmp_path / "case").exists()


def test_an_own_key_leaves_no_words_in_the_case(
    resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path
) -> None:
    """With --key the words stay where they are kept."""
    resguardo("key", "new", "--out", tmp_path / "key")
    run = resguardo(
        "file", petition, "--portal", portal.url, "--out", tmp_path / "case", "--key", tmp_path / "key", "--yes"
    )
    assert run.status == 0
    assert not (tmp_path / "case" / "words.txt").exists()
    opened = resguardo("open", "--case", tmp_path / "case", "--key", tmp_path / "key", "--json")
    assert len(opened.json()["witnesses"]) == 2


def test_a_colleague_opens_after_the_words_are_lost(
    resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path
) -> None:
    """Two holders from the first day: one loses the words, the other has case.json and their own."""
    resguardo("key", "new", "--out", tmp_path / "colleague")
    holder = tmp_path / "colleague" / "holder.txt"
    for given in (holder, holder.read_text()):
        folder = tmp_path / f"case{len(str(given))}"
        run = resguardo("file", petition, "--portal", portal.url, "--out", folder, "--holder", given, "--yes")
        assert run.status == 0, run.err
        (folder / "words.txt").unlink()
        opened = resguardo("open", "--case", folder, "--key", tmp_path / "colleague" / "words.txt", "--json")
        assert opened.json()["witnesses"][0]["name"]["given"] == "Ximena"


@pytest.mark.parametrize("holder", ["age1pq1nonsense", "hello", "age1qqqq"])
def test_a_mistyped_holder_is_refused_first(
    resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path, holder: str
) -> None:
    """Before anything is made or sent."""
    run = resguardo(
        "file", petition, "--portal", portal.url, "--out", tmp_path / "c", "--holder", holder, "--yes", "--json"
    )
    assert run.status == 2
    assert run.json()["error"]["code"] == "holder_invalid"
    assert not portal.seen


def test_a_broken_filing_goes_on_where_it_was(
    resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same command again files the same sealed petition, once."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    command = ("file", petition, "--portal", portal.url, "--out", tmp_path / "case", "--yes", "--json")
    portal.drops = 100
    run = resguardo(*command)
    assert run.status == 2
    assert run.json()["error"]["code"] == "interrupted"
    assert resguardo("open", "--case", tmp_path / "case", "--json").json()["error"]["code"] == "case_pending"
    portal.drops = 0
    run = resguardo(*command)
    assert run.status == 0, run.err
    assert len(portal.entries) == 1
    assert len({body for body in portal.bodies if body.startswith(b'{"genesis"')}) == 1
    assert resguardo("open", "--case", tmp_path / "case", "--json").status == 0


def test_another_text_is_not_mistaken_for_the_sealed_one(
    resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever changes the petition in between is told, and nothing is sent."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    command = ("file", petition, "--portal", portal.url, "--out", tmp_path / "case", "--yes", "--json")
    portal.drops = 100
    resguardo(*command)
    portal.drops = 0
    petition.write_text(PETITION.replace("Silao", "León"))
    assert resguardo(*command).json()["error"]["code"] == "petition_changed"
    petition.write_text(PETITION)
    with LoopbackPortal() as elsewhere:
        other = [elsewhere.url if argument == portal.url else argument for argument in command]
        assert resguardo(*other).json()["error"]["code"] == "other_portal"
    with LoopbackPortal(seed=bytes([5]) * 32) as thief:
        portal.log, portal.statements = thief.log, thief.statements
        run = resguardo(*command)
    assert (run.status, run.json()["error"]["code"]) == (1, "key_unannounced")


def test_a_filed_case_is_not_filed_over(
    resguardo: Resguardo, portal: LoopbackPortal, petition: Path, case: Path
) -> None:
    """A second petition needs a folder of its own."""
    before = (case / "case.json").read_bytes()
    run = resguardo("file", petition, "--portal", portal.url, "--out", case, "--yes", "--json")
    assert run.json()["error"]["code"] == "folder_used"
    assert (case / "case.json").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "line"),
    [("kind: rapid_response\nkind: x\n", 2), ("kind: rapid_response\nwitneses: []\n", 2), ("\xff\xfe", 1)],
)
def test_a_malformed_petition_names_the_line(
    resguardo: Resguardo, portal: LoopbackPortal, tmp_path: Path, text: str, line: int
) -> None:
    """What is wrong, where, and nothing is sent."""
    path = tmp_path / "p.yaml"
    path.write_bytes(text.encode("latin-1"))
    run = resguardo("file", path, "--portal", portal.url, "--out", tmp_path / "case", "--yes", "--json")
    assert run.status == 2
    assert str(line) in run.json()["error"]["message"]
    assert not portal.seen


def test_a_missing_petition_is_said(resguardo: Resguardo, portal: LoopbackPortal, tmp_path: Path) -> None:
    """No traceback for a mistyped path."""
    run = resguardo("file", tmp_path / "none.yaml", "--portal", portal.url, "--out", tmp_path / "case", "--json")
    assert run.json()["error"]["code"] == "cannot_read"


def test_open_answers_programs(resguardo: Resguardo, case: Path) -> None:
    """The contract of `open --json`: witnesses and narrative, as written."""
    story = resguardo("open", "--case", case, "--json").json()
    assert [witness["name"]["surname1"] for witness in story["witnesses"]] == ["Arrayán", "Bracamontes"]
    assert story["witnesses"][1]["statement"] == "Vi cómo la sacaron."
    assert story["narrative"].startswith("El 11 de agosto de 2025 despidieron a Ximena Arrayán Pedroza")
    assert story["files"][0]["name"] == "carta.pdf"


def test_open_shows_people_what_they_need(resguardo: Resguardo, case: Path, tmp_path: Path) -> None:
    """Readable, with a warning that names are on the screen, and the files on request."""
    run = resguardo("open", "--case", case, "--files", tmp_path / "files", "--lang", "en")
    assert run.status == 0
    assert "names on this screen" in run.err
    assert "Arrayán" in run.out
    assert "slip_key" not in run.out
    assert (tmp_path / "files" / "carta.pdf").read_bytes() == LETTER


def test_other_words_are_told_apart(resguardo: Resguardo, case: Path, tmp_path: Path) -> None:
    """Words that are a key, of another case; and words that are no key."""
    resguardo("key", "new", "--out", tmp_path / "other")
    run = resguardo("open", "--case", case, "--key", tmp_path / "other", "--json")
    assert (run.status, run.json()["error"]["code"]) == (2, "words_wrong")
    run = resguardo("open", "--case", case, "--key", "-", "--json", typed="uno dos tres")
    assert run.json()["error"]["code"] == "words_count"
    (case / "words.txt").unlink()
    assert resguardo("open", "--case", case, "--json").json()["error"]["code"] == "no_terminal"


def test_a_lie_leaves_with_status_one(resguardo: Resguardo, portal: LoopbackPortal, case: Path) -> None:
    """Evidence of tampering has its own exit status, and nothing of the case is printed."""
    portal.lies["/api/v1/case"] = altered(lambda answer: answer.update(genesis="x"))
    run = resguardo("open", "--case", case, "--json")
    assert run.status == 1
    assert set(run.json()) == {"error"}
    assert "Ximena" not in run.out + run.err


def test_history_answers_programs(resguardo: Resguardo, portal: LoopbackPortal, case: Path) -> None:
    """The contract of `history --json`, with proofs kept."""
    portal.append("record_read", "reviewer", "REVIEW")
    lines = resguardo("history", "--case", case, "--json").json()
    assert [line["kind"] for line in lines] == ["petition_received", "record_read", "case_opened"]
    assert lines[1] == {
        "index": 1,
        "kind": "record_read",
        "time": "2026-03-12T09:41:00Z",
        "role": "reviewer",
        "purpose": "REVIEW",
        "record": "",
        "detail": "",
        "signed": False,
    }
    assert len(list((case / "proofs").iterdir())) == 3


def test_history_tells_people_in_sentences(resguardo: Resguardo, portal: LoopbackPortal, case: Path) -> None:
    """Who, what, why, when; with a tick for what was proved here."""
    portal.append("record_read", "reviewer", "REVIEW")
    shown = resguardo("history", "--case", case, "--lang", "en").out
    assert "✓ A reviewer read the redacted record, to review it · March 12, 2026" in shown


def test_a_gap_in_the_history_leaves_with_status_one(resguardo: Resguardo, portal: LoopbackPortal, case: Path) -> None:
    """A hidden reading is a finding, for people and for programs."""
    portal.append("record_read", "reviewer", "REVIEW")
    portal.lies["/api/v1/case/history"] = altered(lambda answer: answer["entries"].pop(1))
    run = resguardo("history", "--case", case, "--json")
    assert run.status == 1
    assert run.json()["findings"] == [{"code": "gap", "place": 1}]
    assert resguardo("history", "--case", case).status == 1


def test_status_answers_programs(resguardo: Resguardo, portal: LoopbackPortal, case: Path) -> None:
    """The contract of `status --json`; the code is read in any spacing."""
    code = case_json(case)["status_code"].replace("-", " ").lower()
    run = resguardo("status", code, "--portal", portal.url, "--json")
    expected: dict[str, object] = {
        "stage": "RECEIVED",
        "since": "2026-03-12T09:41:00Z",
        "due": None,
        "overdue": False,
        "reasons": [],
    }
    assert run.json() == expected


def test_status_tells_people(resguardo: Resguardo, portal: LoopbackPortal, case: Path) -> None:
    """Stage, day, deadline, and whose channel this is."""
    run = resguardo("status", case_json(case)["status_code"], "--portal", portal.url, "--lang", "en", "--case", case)
    assert run.status == 0
    assert "March 12, 2026" in run.out
    assert "not the official channel" in run.out


def test_a_status_by_another_key_is_refused(resguardo: Resguardo, portal: LoopbackPortal, case: Path) -> None:
    """With the case folder at hand the statement key is the one of the day of filing."""
    code = case_json(case)["status_code"]
    with LoopbackPortal(seed=bytes([5]) * 32) as thief:
        portal.statements = thief.statements
        assert resguardo("status", code, "--portal", portal.url, "--case", case, "--json").status == 1
        pinned = ("--portal-key", case_json(case)["statement_vkey"])
        assert resguardo("status", code, "--portal", portal.url, *pinned, "--json").status == 1


@pytest.mark.parametrize(("code", "error"), [("nonsense", "code_malformed"), ("A" * 24, "code_not_found")])
def test_a_wrong_code_is_said(resguardo: Resguardo, portal: LoopbackPortal, code: str, error: str) -> None:
    """Mistyped and unknown are two things; neither is repeated back."""
    run = resguardo("status", code, "--portal", portal.url, "--json")
    assert run.status == 2
    assert run.json()["error"]["code"] == error
    assert code not in run.json()["error"]["message"]


def test_an_address_without_encryption_is_refused(resguardo: Resguardo, petition: Path, tmp_path: Path) -> None:
    """Plain http to another machine: nothing is looked up, nothing sent."""
    run = resguardo("file", petition, "--portal", "http://portal.example", "--out", tmp_path / "c", "--yes", "--json")
    assert run.json()["error"]["code"] == "insecure"


def test_a_refusal_of_the_portal_is_passed_on(
    resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path
) -> None:
    """The portal's words reach the person; the folder can be used again, with the same words."""
    folder = tmp_path / "case"
    portal.lies["/api/v1/petitions"] = lambda _: problem(422, "record_guard", "facts.narrative: CURP")
    run = resguardo("file", petition, "--portal", portal.url, "--out", folder, "--yes", "--json")
    assert "facts.narrative: CURP" in run.json()["error"]["message"]
    root = load_root(folder, lambda: SecretBytes(b""))
    del portal.lies["/api/v1/petitions"]
    assert resguardo("file", petition, "--portal", portal.url, "--out", folder, "--yes").status == 0
    assert load_root(folder, lambda: SecretBytes(b"")).reveal() == root.reveal()


def test_number_and_words_are_enough(resguardo: Resguardo, portal: LoopbackPortal, case: Path) -> None:
    """After a fire: the case number and the twelve words on paper, and nothing else."""
    kept = case_json(case)
    words = (case / "words.txt").read_text()
    shutil.rmtree(case)
    given = ("open", "--case", kept["case"], "--portal", portal.url, "--key", "-", "--json")
    assert len(resguardo(*given, typed=words).json()["witnesses"]) == 2
    run = resguardo("open", "--case", "b" * 26, *given[3:], typed=words)
    assert (run.status, run.json()["error"]["code"]) == (1, "genesis")
    run = resguardo("open", "--case", "nonsense", *given[3:], typed=words)
    assert run.json()["error"]["code"] == "not_a_number"


def test_another_holder_needs_the_code_too(
    resguardo: Resguardo, portal: LoopbackPortal, petition: Path, tmp_path: Path
) -> None:
    """A colleague's words do not give the filer's status code; with it they open the case."""
    resguardo("key", "new", "--out", tmp_path / "key")
    holder = ("--holder", tmp_path / "key" / "holder.txt")
    resguardo("file", petition, "--portal", portal.url, "--out", tmp_path / "case", *holder, "--yes")
    kept = case_json(tmp_path / "case")
    given = ("open", "--case", kept["case"], "--portal", portal.url, "--key", tmp_path / "key", "--json")
    assert resguardo(*given).json()["error"]["code"] == "case_not_found"
    assert len(resguardo(*given, "--code", kept["status_code"]).json()["witnesses"]) == 2
