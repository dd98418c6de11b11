"""Notices through the real portal and the command line: what leaves by mail, and where the address is not."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.sentinels import found_in
from tests.attacks.test_sentinels import everything_on_disk, pages_of
from tests.filings import PETITIONS
from tests.mail import Mailbox
from tests.portal import RunningPortal, resguardo
from tests.staff import Colleague, enrol

ADDRESS = "SENTINELaddress@correo.example"
PLANTED = {"address": "SENTINELaddress", "host": "correo.example"}
SECONDS = 600


def token_in(page: str) -> str:
    """Return the form token of a page."""
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def decline(place: str, day: str, first: Colleague, second: Colleague) -> None:
    """Decline a case as two people, through the pages."""
    page = first.client.get(f"{place}/decision?outcome=DECLINE&LAW_OUT_OF_SCOPE=on").text
    texts = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    form = {"form_token": token_in(page), "outcome": "DECLINE", "codes": "LAW_OUT_OF_SCOPE", "day": day, **texts}
    assert first.client.post(f"{place}/decision", data=form).status_code == 303
    card = second.client.get(place).text
    number = re.search(r'name="draft" value="(\d+)"', card)
    assert number
    approval = {"form_token": token_in(card), "draft": number[1]}
    assert second.client.post(f"{place}/approval", data=approval).status_code == 303


def arrived(mailbox: Mailbox, count: int) -> None:
    """Wait until so many messages came."""
    deadline = time.monotonic() + SECONDS
    while len(mailbox.letters) < count and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(mailbox.letters) == count


@pytest.mark.long
def test_a_decision_is_told_by_a_message_that_says_nothing(
    new_portal: Callable[..., RunningPortal], tmp_path: Path
) -> None:
    """Opt-in at the command line, one message after the decision, the address nowhere on the server or in an answer."""
    mailbox = Mailbox().start()
    settings = {
        "RESGUARDO_DEPLOYMENT": "office",
        "RESGUARDO_SMTP": mailbox.url,
        "RESGUARDO_SMTP_FROM": "aviso@mensajes.example",
    }
    portal, folder = new_portal(settings=settings), tmp_path / "case"
    filed = resguardo("file", PETITIONS / "petition_example_es.yaml", "--portal", portal.url, "--out", folder, "--yes")
    assert filed.returncode == 0, filed.stderr
    case = json.loads((folder / "case.json").read_text())
    assert notice(folder) == {"on": False, "from": "aviso@mensajes.example", "entries": []}
    assert [entry["kind"] for entry in notice(folder, ADDRESS)["entries"]] == ["notice_set"]
    assert notice(folder, ADDRESS)["entries"] == []
    assert notice(folder)["on"] is True
    status = json.loads(resguardo("status", case["status_code"], "--portal", portal.url, "--json").stdout)
    first, second = enrol(portal, "Ana Ejemplo", "reviewer"), enrol(portal, "Luis Muestra", "reviewer")
    for person in (first, second):
        assert portal.cli("staff", "assign", person.name, case["case"]).returncode == 0
        person.sign_in()
    decline(f"/office/cases/{case['case']}", status["since"], first, second)
    arrived(mailbox, 1)
    _, sender, recipients, content = mailbox.letters[0]
    assert (sender, recipients) == ("aviso@mensajes.example", (ADDRESS,))
    assert not re.search(rb"(?i)resguardo|invalid|127\.0\.0\.1|localhost|sentinel", content)
    told = json.loads(resguardo("history", "--case", folder, "--json").stdout)
    assert "notice_set" in [entry["kind"] for entry in told]
    auditor = enrol(portal, "auditor", "auditor")
    auditor.sign_in()
    answers = {**pages_of(portal, first, case["case"]), **pages_of(portal, auditor, case["case"])}
    hits = {name: found_in(data, PLANTED) for name, data in {**answers, **everything_on_disk(portal)}.items()}
    assert {name: found for name, found in hits.items() if found} == {}
    assert [entry["kind"] for entry in notice(folder, "--off")["entries"]] == ["notice_cleared"]
    assert len(mailbox.letters) == 1
    mailbox.stop()


def notice(folder: Path, *arguments: str) -> Any:
    """Run `resguardo notice` and return its answer."""
    done = resguardo("notice", "--case", folder, *arguments, "--json")
    assert done.returncode == 0, (done.stdout, done.stderr)
    return json.loads(done.stdout)


@pytest.mark.long
def test_a_refused_address_is_not_repeated(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """A portal without mail says so; a holder alone may ask."""
    portal, folder = new_portal(), tmp_path / "case"
    filed = resguardo("file", PETITIONS / "petition_example_en.yaml", "--portal", portal.url, "--out", folder, "--yes")
    assert filed.returncode == 0, filed.stderr
    assert "sends no e-mail" in resguardo("notice", "--case", folder).stdout
    done = resguardo("notice", "--case", folder, ADDRESS, "--json")
    assert done.returncode == 2
    assert "SENTINEL" not in done.stdout + done.stderr
    client = enrol(portal, "Ana Ejemplo", "reviewer").client
    assert client.get("/api/v1/case/notice").status_code == 401
    assert client.put("/api/v1/case/notice", json={"address": ADDRESS}).status_code == 401
    assert resguardo("notice", "--case", folder, ADDRESS, "--off").returncode == 2
