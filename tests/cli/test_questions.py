"""A question from the office's page to the petitioner's keyboard, then suspension and withdrawal, on a real portal."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.filings import PETITIONS
from tests.portal import RunningPortal, resguardo
from tests.staff import Colleague, enrol, token_in

WORDS = "¿En qué mes se revisó el contrato, y quién recibió copia? Sin nombres."


def run(*arguments: object) -> Any:
    """Run a command that answers in JSON, and return the answer."""
    done = resguardo(*map(str, arguments), "--json")
    assert done.returncode == 0, (done.stdout, done.stderr)
    return json.loads(done.stdout)


def asks(reviewer: Colleague, case: str, text: str = WORDS) -> httpx2.Response:
    """Ask through the office's form."""
    until = (datetime.now(UTC).date() + timedelta(days=9)).isoformat()
    page = reviewer.client.get(f"/office/cases/{case}/question")
    form = {"form_token": token_in(page.text), "text": text, "language": "es", "until": until, "act": "send"}
    return reviewer.client.post(f"/office/cases/{case}/question", data=form)


@pytest.mark.long
def test_a_question_reaches_the_petitioner_and_the_petitioner_changes_their_mind(
    shared_portal: RunningPortal, tmp_path: Path
) -> None:
    """Asked, read with its proof, access suspended and restored, the petition withdrawn: each step in the history."""
    folder = tmp_path / "case"
    filed = run("file", PETITIONS / "petition_example_es.yaml", "--portal", shared_portal.url, "--out", folder, "--yes")
    run("acknowledged", "--case", folder, "--date", "2026-03-12", "--ref", "OTLA-4")
    ana = enrol(shared_portal, "Ana Pregunta", "reviewer")
    ana.sign_in()
    assert shared_portal.cli("staff", "assign", "Ana Pregunta", filed["case"]).returncode == 0
    assert run("messages", "--case", folder) == []
    assert asks(ana, filed["case"]).status_code == 303

    told = resguardo("status", filed["status_code"], "--portal", shared_portal.url)
    assert "waits for your answer until" in told.stdout
    (question,) = run("messages", "--case", folder)
    assert (question["text"], question["state"], question["role"]) == (WORDS, "WAITING", "reviewer")
    shown = resguardo("messages", "--case", folder)
    assert WORDS in shown.stdout
    assert "The petitioner read it on" in ana.client.get(f"/office/cases/{filed['case']}").text

    assert resguardo("suspend", "--case", folder).returncode == 2
    assert run("suspend", "--case", folder, "--yes")["suspended"] is True
    assert run("suspend", "--case", folder, "--yes")["repeated"] is True
    assert asks(ana, filed["case"]).status_code == 409
    assert ana.client.get(f"/office/cases/{filed['case']}/record").status_code == 409
    status = run("status", filed["status_code"], "--portal", shared_portal.url)
    assert status["suspended"] is not None
    assert run("suspend", "--case", folder, "--lift", "--yes")["suspended"] is False

    gone = resguardo("withdraw", "--case", folder, "--yes")
    assert gone.returncode == 0
    assert "It cannot be undone." in gone.stderr
    assert "proved on this machine" in gone.stderr
    assert run("withdraw", "--case", folder, "--yes")["repeated"] is True
    late = resguardo("suspend", "--case", folder, "--yes", "--json")
    assert (late.returncode, "does not exist" in json.loads(late.stdout)["error"]["message"]) == (2, True)
    assert "Withdrawn." in resguardo("status", filed["status_code"], "--portal", shared_portal.url).stdout

    kinds = [entry["kind"] for entry in run("history", "--case", folder) if entry["kind"] != "case_opened"]
    assert kinds == [
        "petition_received",
        "acknowledged",
        "stage_changed",
        "case_assigned",
        "question_asked",
        "messages_read",
        "messages_read",
        "access_suspended",
        "step_refused",
        "record_refused",
        "access_restored",
        "petition_withdrawn",
        "step_refused",
    ]
