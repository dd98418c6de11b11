"""The official office's acknowledgement, from a volunteer's keyboard to the clock; and portals that only pretend."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.client.cases import write_petition
from tests.client.loopback import LoopbackPortal, answer_json, problem
from tests.filings import PETITIONS
from tests.portal import RunningPortal
from tests.portal import resguardo as run_apart
from tests.staff import enrol, token_in

Resguardo = Callable[..., Run]
PATH = "/api/v1/case/acknowledgement"
ROUTE = Path(__file__).parent.parent.parent / "docs" / "story-acknowledgement.md"


@pytest.fixture
def liar() -> Iterator[LoopbackPortal]:
    """A portal that can be made to lie."""
    with LoopbackPortal() as server:
        yield server


@pytest.fixture
def case(resguardo: Resguardo, liar: LoopbackPortal, tmp_path: Path) -> Path:
    """A case filed there."""
    petition = write_petition(tmp_path / "petition")
    assert resguardo("file", petition, "--portal", liar.url, "--out", tmp_path / "case", "--yes").status == 0
    return tmp_path / "case"


def acknowledged(resguardo: Resguardo, case: Path, *more: str, day: str = "2026-03-12") -> Run:
    """Enter an acknowledgement."""
    return resguardo("acknowledged", "--case", case, "--date", day, "--ref", "OTLA-7", "--json", *more)


@pytest.mark.parametrize(
    "answer",
    [
        {"repeated": False, "entries": []},
        {"repeated": False, "entries": [{}]},
        {"repeated": False, "entries": [{"proof": "x", "leaf": "x", "opening": {}}]},
        {"repeated": True, "entries": ["x"]},
    ],
)
def test_a_portal_that_proves_nothing_is_not_believed(
    resguardo: Resguardo, liar: LoopbackPortal, case: Path, answer: dict[str, Any]
) -> None:
    """Taking the words and not logging them: the petitioner hears it (exit status 1, evidence)."""
    liar.lies[PATH] = lambda _: answer_json(answer)
    run = acknowledged(resguardo, case)
    assert (run.status, run.json()["error"]["code"]) == (1, "unproved")


def test_an_entry_of_something_else_proves_nothing(resguardo: Resguardo, liar: LoopbackPortal, case: Path) -> None:
    """A true entry of the log that says something else is no acknowledgement."""
    index = liar.append("record_read", "reviewer", "REVIEW")
    line = {
        "index": index,
        "leaf": json.loads(json.dumps(_leaf(liar, index))),
        "opening": liar.opening(index),
        "proof": liar.proof(index),
    }
    liar.lies[PATH] = lambda _: answer_json({"repeated": False, "entries": [line]})
    assert acknowledged(resguardo, case).status == 1


def _leaf(portal: LoopbackPortal, index: int) -> str:
    import base64

    return base64.b64encode(portal.entries[index]).decode()


def test_refusals_come_in_the_portals_words(resguardo: Resguardo, liar: LoopbackPortal, case: Path) -> None:
    """What the portal refuses is said as it said it; an answer of another form is named."""
    liar.lies[PATH] = lambda _: problem(409, "already_acknowledged", "Say why.")
    run = acknowledged(resguardo, case)
    assert (run.status, "Say why." in run.err) == (2, True)
    liar.lies[PATH] = lambda _: answer_json({"entries": None})
    assert acknowledged(resguardo, case).json()["error"]["code"] == "answer"


def test_a_day_that_is_none_is_not_sent(resguardo: Resguardo, liar: LoopbackPortal, case: Path) -> None:
    """The mistake is found before anything is opened or sent."""
    seen = len(liar.seen)
    run = acknowledged(resguardo, case, day="12/03/2026")
    assert (run.status, run.json()["error"]["code"], len(liar.seen)) == (2, "day", seen)


# --- the story, against a real portal ------------------------------------------------------------------------------


def today() -> date:
    """Return today in the east of Washington, as the volunteer's calendar has it."""
    return datetime.now(UTC).date()


def filed(portal: RunningPortal, folder: Path) -> Any:
    """File the Spanish example and return what case.json holds."""
    petition = PETITIONS / "petition_example_es.yaml"
    done = run_apart("file", petition, "--portal", portal.url, "--out", folder, "--yes", "--json")
    assert done.returncode == 0, (done.stdout, done.stderr)
    return json.loads((folder / "case.json").read_text())


def status_of(portal: RunningPortal, code: str, *more: str) -> Any:
    """Run `resguardo status`."""
    done = run_apart("status", code, "--portal", portal.url, *more)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout


@pytest.mark.long
def test_a_volunteer_watches_the_clock_start(shared_portal: RunningPortal, tmp_path: Path) -> None:
    """Before: no deadline. The acknowledgement comes by mail; entered, the clock runs for everybody with the code."""
    folder = tmp_path / "case"
    case = filed(shared_portal, folder)
    code = case["status_code"]
    before = json.loads(status_of(shared_portal, code, "--json"))
    assert (before["stage"], before["due"], before["overdue"], before["reasons"]) == ("RECEIVED", None, False, [])
    assert "No deadline is running." in status_of(shared_portal, code)

    day = today() - timedelta(days=10)
    entered = ("acknowledged", "--case", folder, "--date", day.isoformat(), "--ref", "OTLA-2026-17")
    done = run_apart(*entered)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "proved on this machine" in done.stderr
    assert "days left." in done.stdout
    assert len(list((folder / "proofs").glob("*.tlog-proof"))) == 2

    after = json.loads(status_of(shared_portal, code, "--json"))
    assert (after["stage"], after["since"], after["overdue"]) == ("US_REVIEW", day.isoformat(), False)
    assert after["due"] == (day + timedelta(days=30)).isoformat()
    assert after["clocks"][0]["start"] == {"day": day.isoformat(), "basis": "received", "precision": "day"}
    assert (
        "19 days left." in status_of(shared_portal, code)
        or "20 days left." in status_of(shared_portal, code)
        or ("21 days left." in status_of(shared_portal, code))
    )

    calendar = tmp_path / "reminder.ics"
    assert "days left." in status_of(shared_portal, code, "--calendar", str(calendar))
    entries = calendar.read_bytes()
    assert b"DTSTART;VALUE=DATE:" + after["due"].replace("-", "").encode() in entries
    assert case["case"].encode() not in entries

    again = json.loads(run_apart(*entered, "--json").stdout)
    assert (again["repeated"], again["entries"]) == (True, [])
    earlier = (*entered[:4], (day - timedelta(days=40)).isoformat(), *entered[5:], "--json")
    refused = run_apart(*earlier)
    assert refused.returncode == 2
    assert "--reason" in json.loads(refused.stdout)["error"]["message"]
    corrected = json.loads(run_apart(*earlier, "--reason", "The letter says so.").stdout)
    assert (corrected["overdue"], corrected["entries"][0]["kind"]) == (True, "correction")
    told = status_of(shared_portal, code)
    assert "overdue" in told
    assert "The letter says so." in told

    history = json.loads(run_apart("history", "--case", folder, "--json").stdout)
    kinds = [entry["kind"] for entry in history if entry["kind"] != "case_opened"]
    assert kinds == ["petition_received", "acknowledged", "stage_changed", "correction"]


def test_the_answer_reaches_the_petitioner(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """The office's own portal: under the clock from the receipt, declined by two, reasons in words at the keyboard."""
    portal = new_portal(settings={"RESGUARDO_DEPLOYMENT": "office"})
    case = filed(portal, tmp_path / "case")
    born = json.loads(status_of(portal, case["status_code"], "--json"))
    assert (born["stage"], born["clocks"][0]["days_left"]) == ("US_REVIEW", 30)
    mine = ("--case", tmp_path / "case", "--date", born["since"], "--ref", "OTLA-1")
    assert run_apart("acknowledged", *mine, "--reason", "Other day.").returncode == 2

    place = f"/office/cases/{case['case']}"
    first, second = enrol(portal, "Ana Ejemplo", "reviewer"), enrol(portal, "Luis Muestra", "reviewer")
    for person in (first, second):
        assert portal.cli("staff", "assign", person.name, case["case"]).returncode == 0
        person.sign_in()
    page = first.client.get(f"{place}/decision?outcome=DECLINE&LAW_OUT_OF_SCOPE=on").text
    texts = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    form = {
        "form_token": token_in(page),
        "outcome": "DECLINE",
        "codes": "LAW_OUT_OF_SCOPE",
        "day": born["since"],
        **texts,
    }
    assert first.client.post(f"{place}/decision", data=form).status_code == 303
    card = second.client.get(place).text
    number = re.search(r'name="draft" value="(\d+)"', card)
    assert number
    approval = {"form_token": token_in(card), "draft": number[1]}
    assert second.client.post(f"{place}/approval", data=approval).status_code == 303

    answered = json.loads(status_of(portal, case["status_code"], "--json"))
    assert (answered["stage"], answered["reasons"]) == ("DECLINED", ["LAW_OUT_OF_SCOPE"])
    assert set(answered["decision"]["words"]) == {"es", "en", "fr"}
    told = status_of(portal, case["status_code"])
    assert "The law named is outside the mechanism" in told
    assert texts["cure-en"] in told


def test_the_story_in_the_docs_is_the_one_that_runs() -> None:
    """Docs that lie fail: every command of the story is a verb with these options."""
    from app.cli import VERBS

    commands = re.findall(r"^resguardo (\w+)(.*)$", ROUTE.read_text(), re.MULTILINE)
    assert {"file", "acknowledged", "status", "history"} <= {verb for verb, _ in commands}
    for verb, rest in commands:
        if verb not in VERBS:
            assert verb == "export"  # built beside this
            continue
        known = {name for parameter in VERBS[verb][0]().params for name in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, (verb, rest)
