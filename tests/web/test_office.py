"""The office from enrolment to the proof of a look, as a browser without scripts walks it."""

from __future__ import annotations

import base64
import re

import pytest

from app.domain.entities import CaseId, Role
from app.usecases.enrol_staff import invite
from app.web.csrf import form_token
from crypto.log.proof import LogProof
from crypto.secret import SecretBytes
from tests.web.conftest import PASSWORD, Site


def test_enrolment_by_link(site: Site) -> None:
    """The link shows the key as picture and text, names each mistake at its field, and works once."""
    link = f"/office/enrol/{invite(site.services.office, 'Nora Muestra', Role.REVIEWER).token}"
    desk = site.browser()
    shown = desk.get(link).text
    secret = re.search(r'<code class="key">([A-Z2-7]+)</code>', shown)
    assert secret
    assert "<path stroke" in shown
    site.accounts["Nora Muestra"] = SecretBytes(base64.b32decode(secret[1]))
    code = site.code("Nora Muestra")
    for fields, field in (
        ({"password": PASSWORD, "again": "otra cosa", "code": code}, "again"),
        ({"password": "corta", "again": "corta", "code": code}, "password"),
        ({"password": PASSWORD, "again": PASSWORD, "code": "x"}, "code"),
    ):
        answer = desk.post(link, **fields)
        assert answer.status_code == 422
        assert f'id="{field}-wrong"' in answer.text
        assert PASSWORD not in answer.text
    assert desk.post(link, password=PASSWORD, again=PASSWORD, code=code).status_code == 200
    assert desk.get(link).status_code == 404
    assert site.signed_in("Nora Muestra", Role.REVIEWER).get("/office").status_code == 200


def test_wrong_sign_in_has_one_answer(site: Site) -> None:
    """Unknown name and wrong password read the same; the password is not shown again."""
    site.enrol("Ana Errada", Role.REVIEWER)
    desk = site.browser()
    desk.get("/office/sign-in")
    answers = [
        desk.post("/office/sign-in", name=name, password="no", code="000000") for name in ("Ana Errada", "Nadie")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].text.replace("Ana Errada", "") == answers[1].text.replace("Nadie", "")


def test_purpose_stands_before_the_record(site: Site, filed: tuple[CaseId, str]) -> None:
    """Card, purpose, record, proof: nothing of the record shows before the look is logged."""
    case, _ = filed
    desk = site.signed_in("Ana Ejemplo", Role.REVIEWER)
    queue = desk.get("/office").text
    assert "San Francisco del Rincón" in queue
    refused = desk.get(f"/office/cases/{case}/record")
    assert refused.status_code == 403
    assert "sieia" not in desk.get(f"/office/cases/{case}").text.lower()
    site.assign("Ana Ejemplo", case)
    assert desk.get(f"/office/cases/{case}/record").headers["location"] == f"/office/cases/{case}"
    assert desk.post(f"/office/cases/{case}/sitting").status_code == 422
    assert desk.post(f"/office/cases/{case}/sitting", purpose="AUDIT").status_code == 422
    opened = desk.post(f"/office/cases/{case}/sitting", purpose="REVIEW")
    assert opened.headers["location"] == f"/office/cases/{case}/record"
    record = desk.get(f"/office/cases/{case}/record").text
    assert "Autopartes Ejemplo del Bajío" in record
    assert not [name for name in ("Zárate", "Chepe", "Ollervides", "OETE951103") if name in record]
    proof = desk.get(f"/office/cases/{case}/proof")
    assert "attachment" in proof.headers["content-disposition"]
    assert f"entry {LogProof.parse(proof.text).index} of the log" in record


def test_sitting_ends(site: Site, filed: tuple[CaseId, str]) -> None:
    """After thirty minutes the record asks for a purpose again."""
    case, _ = filed
    desk = site.signed_in("Olga Muestra", Role.COORDINATOR)
    site.assign("Olga Muestra", case)
    desk.post(f"/office/cases/{case}/sitting", purpose="CLARIFICATION")
    site.clock.ahead += 29 * 60
    assert desk.get(f"/office/cases/{case}/record").status_code == 200
    site.clock.ahead += 60
    assert desk.get(f"/office/cases/{case}/record").status_code == 303
    assert desk.get(f"/office/cases/{case}/proof").status_code == 422


def test_filters_live_in_the_address(site: Site, filed: tuple[CaseId, str]) -> None:
    """An address can be sent to a colleague; what fits no card shows the empty state."""
    case, _ = filed
    desk = site.signed_in("Ana Filtro", Role.REVIEWER)
    assert case[:13] in desk.get("/office?q=RINCON&denial=BLACKLISTING&sort=facility&order=down").text
    nothing = desk.get("/office?sector=mining").text
    assert "No case fits these filters" in nothing
    assert desk.get("/office?sort=__class__&stage=%00&q=%3Cb%3E").status_code == 200


def test_sign_out_ends_the_session(site: Site) -> None:
    """The cookie is taken away, and an old copy of it opens nothing."""
    desk = site.signed_in("Ana Sale", Role.REVIEWER)
    kept = dict(desk.client.cookies)["resguardo_office"]
    assert desk.post("/office/sign-out", token=form_token("0" * 64)).status_code == 403
    assert desk.post("/office/sign-out").headers["location"] == "/office/sign-in?out"
    desk.client.cookies.set("resguardo_office", kept)
    assert desk.get("/office").status_code == 303


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR])
def test_others_see_no_cards(role: Role, site: Site, filed: tuple[CaseId, str]) -> None:
    """Auditors and operators have no cards and no records."""
    case, _ = filed
    desk = site.signed_in(f"Otra {role}", role)
    for path in (f"/office/cases/{case}", f"/office/cases/{case}/record", f"/office/cases/{case}/proof"):
        assert desk.get(path).status_code == 403
    assert desk.get("/office").status_code in {303, 403}


def test_auditor_downloads_openings(site: Site, filed: tuple[CaseId, str]) -> None:
    """The page gives the published size; the download is a file; a wrong range is named at its field."""
    desk = site.signed_in("Ada Auditora", Role.AUDITOR)
    assert "resguardo audit" in desk.get("/office/audit").text
    answer = desk.post("/office/audit/openings", **{"from": "0", "to": "1"})
    assert answer.json()["from"] == 0
    assert "attachment" in answer.headers["content-disposition"]
    for start, end in (("x", "1"), ("9", "²"), ("1", "0"), ("-1", "1"), ("9" * 30, "1")):
        wrong = desk.post("/office/audit/openings", **{"from": start, "to": end})
        assert wrong.status_code == 422


def test_reviewer_is_no_auditor(site: Site) -> None:
    """Openings name who read what: reviewers do not get them."""
    desk = site.signed_in("Ana Curiosa", Role.REVIEWER)
    assert desk.get("/office/audit").status_code == 403
    assert desk.post("/office/audit/openings", **{"from": "0", "to": "1"}).status_code == 403
