"""The auditor's pages over a real portal: findings first, one entry by field, downloads, and the report."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from app.audit.reporting.folder import Inputs, make
from app.domain.entities import CaseId, Purpose, Role
from app.usecases.read_redacted import begin_sitting
from app.web.audit_view import PublishedFiles
from tests.web.conftest import Site


def test_findings_stand_first_and_are_logged(site: Site, filed: tuple[CaseId, str]) -> None:
    """A reading beside the log is named on top of the page; the look at it is an entry of its own."""
    case, _ = filed
    site.enrol("Berta Ajena", Role.REVIEWER)
    office = site.services.office
    with office.ledger.view() as view:
        ana = view.staff.by_name("Berta Ajena")
    assert ana is not None
    office.ledger.write(lambda unit: unit.cases.assign(case, ana.id, 0))
    begin_sitting(office, ana, case, Purpose.REVIEW)
    site.publish()
    desk = site.signed_in("Ada Muestra", Role.AUDITOR)
    assert "unassigned-read" not in desk.get("/office/audit").text
    page = desk.post("/office/audit/look").text
    assert page.index("unassigned-read") < page.index("One entry") < page.index("resguardo audit")
    site.publish()
    size = office.log.published_size()
    opened = desk.post("/office/audit/entry", entry=str(size - 1)).text
    assert "openings_read" in opened
    assert "Its fields lead to what the log committed to." in opened
    assert 'class="way-up"' in opened
    assert desk.get("/office/audit?entry=0").text.count("joined, on its") >= 1
    assert "way-up" not in desk.get("/office/audit?entry=99999").text


@pytest.mark.long
def test_the_report_of_the_page_is_made_again_elsewhere(site: Site, filed: tuple[CaseId, str], tmp_path: Path) -> None:
    """What the page hands out is what the program makes from the same log."""
    site.publish()
    desk = site.signed_in("Ada Muestra", Role.AUDITOR)
    answer = desk.post("/office/audit/report")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    inputs = Inputs({name.removeprefix("inputs/"): data for name, data in files.items() if name.startswith("inputs/")})
    made = make(inputs, PublishedFiles(site.services.office.log))
    assert made == {name: data for name, data in files.items() if not name.startswith("inputs/")}
    assert json.loads(made["report.json"])["holds"]


@pytest.mark.long
def test_downloads_are_logged_and_mistakes_are_named(site: Site, filed: tuple[CaseId, str]) -> None:
    """Rows, a draw, named openings; a wrong number stays on the page, at its field."""
    site.publish()
    desk = site.signed_in("Ada Muestra", Role.AUDITOR)
    assert desk.post("/office/audit/rows", since="0").json()["rows"]
    size = str(site.services.office.log.published_size())
    assert {row[1] for row in desk.post("/office/audit/rows", since=size).json()["rows"]} == {None}
    page = desk.get("/office/audit?since=2").text
    assert page.count('value="2"') == 3
    draw = desk.post("/office/audit/draw", count="3").json()
    assert draw["opening"]["fields"]["detail"][1] == "3"
    assert [each["index"] for each in desk.post("/office/audit/openings", indexes="1, 0").json()["openings"]] == [0, 1]
    for path, field, value in (
        ("draw", "count", "0"),
        ("draw", "count", "x"),
        ("openings", "indexes", "1,99999"),
        ("openings", "indexes", "-1"),
        ("entry", "entry", "99999"),
        ("rows", "since", "99999"),
        ("rows", "since", "x"),
    ):
        answer = desk.post(f"/office/audit/{path}", **{field: value})
        assert answer.status_code == 422
        assert f'id="{field}-wrong"' in answer.text
    reviewer = site.signed_in("Rosa Muestra", Role.REVIEWER)
    for path in ("look", "rows", "draw", "report"):
        assert reviewer.post(f"/office/audit/{path}").status_code == 403
    assert reviewer.get("/api/v1/rows").status_code == 403
    assert desk.get("/api/v1/rows").json()["v"] == 1
    assert desk.get("/api/v1/served").json()["origin"] == site.services.office.facts.log_origin
