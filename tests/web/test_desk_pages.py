"""The coordinator's pages, leave, hand-over, the way back, and saved views, as a browser without scripts walks them."""

from __future__ import annotations

import base64
import re

import pytest

from app.domain.entities import CaseId, Role
from app.usecases.file_petition import file_petition
from crypto.secret import SecretBytes
from tests.filings import make_filing
from tests.web.conftest import PASSWORD, Desk, Site


def new_case(site: Site) -> CaseId:
    """File a petition of the test's own."""
    return CaseId(file_petition(site.services.petitioner, make_filing(site.services.petitioner.facts.name).body).case)


def number(site: Site, name: str) -> int:
    """Return the number of somebody's account."""
    with site.services.office.ledger.view() as view:
        found = view.staff.by_name(name)
    assert found
    return found.id


def colleague(site: Site, name: str, role: Role = Role.REVIEWER) -> int:
    """Enrol somebody who needs no browser here."""
    if name not in site.accounts:
        site.enrol(name, role)
    return number(site, name)


@pytest.fixture
def coordinator(site: Site) -> Desk:
    """The browser of a coordinator."""
    return site.signed_in("Clara Coordina", Role.COORDINATOR)


def test_coordinator_assigns_and_takes_away(site: Site, coordinator: Desk) -> None:
    """From the queue to the page of the case: given to two, taken from one after a question."""
    case, first, second = new_case(site), colleague(site, "Pia Lee"), colleague(site, "Rita Lee")
    assert f'href="/office/cases/{case}/assignment"' in coordinator.get("/office").text
    where = f"/office/cases/{case}/assignment"
    assert "Nobody has this case yet" in coordinator.get(where).text
    assert coordinator.post(where).status_code == 422
    answer = coordinator.post(where, **{f"reader-{first}": "yes", f"reader-{second}": "yes"})
    assert answer.headers["location"] == where
    shown = coordinator.get(where).text
    assert "Pia Lee" in shown
    asked = coordinator.get(f"{where}/{first}").text
    assert "Take the case away from Pia Lee?" in asked
    assert "Afterwards nobody" not in asked
    assert coordinator.post(f"{where}/{first}").headers["location"] == where
    assert coordinator.get(f"{where}/{first}").status_code == 404
    assert "Afterwards nobody" in coordinator.get(f"{where}/{second}").text


def test_others_reach_none_of_it(site: Site, coordinator: Desk) -> None:
    """Pages and forms of a coordinator are closed to a reviewer, and to another site's forms."""
    case, other = new_case(site), colleague(site, "Pia Lee")
    reviewer = site.signed_in("Rosa Revisa", Role.REVIEWER)
    pages = (f"/office/cases/{case}/assignment", "/office/team", f"/office/team/{other}")
    forms = (
        pages[0],
        f"{pages[0]}/{other}",
        f"{pages[2]}/leave",
        f"{pages[2]}/hand-over",
        f"{pages[2]}/way-back",
        "/office/hand-overs/1/return",
    )
    for path in (*pages, f"{pages[2]}/hand-over", f"{pages[2]}/way-back"):
        assert reviewer.get(path).status_code == 403
    for path in forms:
        fields = {f"reader-{other}": "yes", f"case-{case}": str(other)}
        assert reviewer.post(path, **fields).status_code == 403
        assert coordinator.post(path, token="f" * 64).status_code == 403
    assert "Team" not in reviewer.get("/office").text.split("<main")[0]


def test_a_sick_colleagues_cases_are_handed_over(site: Site, coordinator: Desk) -> None:
    """Chosen, listed, confirmed once, said, and taken back."""
    sick, well = colleague(site, "Sara Enferma"), colleague(site, "Berta Sana")
    cases = [new_case(site), new_case(site)]
    for case in cases:
        site.assign("Sara Enferma", case)
    where = f"/office/team/{sick}/hand-over"
    assert "Who gets them?" in coordinator.get(where).text
    listed = coordinator.get(f"{where}?to-{well}=yes").text
    names = re.findall(r'<select id="case-[a-z2-7]+" name="(case-[a-z2-7]+)"', listed)
    assert {name.removeprefix("case-") for name in names} == set(cases)
    assert "Nobody else reads it" in listed
    moved = coordinator.post(where, leave="yes", **dict.fromkeys(names, str(well)))
    assert moved.headers["location"] == "/office/team?moved"
    team = coordinator.get("/office/team?moved").text
    assert "2 cases, to Berta Sana." in team
    assert "On leave" in team
    assert coordinator.post(where, **dict.fromkeys(names, str(well))).status_code == 409
    undo = re.search(r'action="(/office/hand-overs/\d+/return)"', team)
    assert undo
    assert coordinator.post(undo[1]).headers["location"] == "/office/team?back"
    assert coordinator.post(undo[1]).status_code == 409
    assert "2 open cases" in coordinator.get(f"/office/team/{sick}").text


def test_leave_from_ones_own_account(site: Site) -> None:
    """A button there and back; who has no cases has none."""
    desk = site.signed_in("Lea Libre", Role.REVIEWER)
    where = f"/office/team/{number(site, 'Lea Libre')}/leave"
    assert "I am on leave" in desk.get("/office/account").text
    answer = desk.post(where, away="yes", **{"from": "account"})
    assert answer.headers["location"] == "/office/account"
    assert "I am back" in desk.get("/office/account").text
    desk.post(where, away="no", **{"from": "account"})
    assert "I am on leave" in desk.get("/office/account").text
    assert "I am on leave" not in site.signed_in("Ada Audita", Role.AUDITOR).get("/office/account").text


def test_the_way_back_from_page_to_sign_in(site: Site, coordinator: Desk) -> None:
    """The coordinator confirms, the link is shown once, the colleague enrols anew and keeps their cases."""
    case = new_case(site)
    lost = site.signed_in("Paula Pierde", Role.REVIEWER)
    site.assign("Paula Pierde", case)
    where = f"/office/team/{number(site, 'Paula Pierde')}/way-back"
    assert "Make sure first" in coordinator.get(where).text
    wrong = coordinator.post(where, password="no", code=site.code("Clara Coordina"))
    assert (wrong.status_code, lost.get("/office").status_code) == (422, 200)
    made = coordinator.post(where, password=PASSWORD, code=site.code("Clara Coordina")).text
    link = re.search(r"/office/enrol/[0-9a-f]{64}", made)
    assert link
    assert lost.get("/office").status_code == 303
    browser = site.browser()
    secret = re.search(r'<code class="key">([A-Z2-7]+)</code>', browser.get(link[0]).text)
    assert secret
    site.accounts["Paula Pierde"] = SecretBytes(base64.b32decode(secret[1]))
    code = site.code("Paula Pierde")
    assert browser.post(link[0], password=PASSWORD, again=PASSWORD, code=code).status_code == 200
    again = site.signed_in("Paula Pierde", Role.REVIEWER)
    assert again.post(f"/office/cases/{case}/sitting", purpose="REVIEW").status_code == 303
    own = f"/office/team/{number(site, 'Clara Coordina')}/way-back"
    assert coordinator.get(own).status_code == 403


def test_views_are_kept_renamed_deleted_and_brought_back(site: Site) -> None:
    """One's own, under a name; parts of an address that do not exist are not kept."""
    new_case(site)
    desk, other = site.signed_in("Vera Vistas", Role.REVIEWER), site.signed_in("Otto Otro", Role.REVIEWER)
    query = "q=rincon&due=overdue&stage=NOWHERE&sort=due"
    assert desk.post("/office/views", name="Mis vencidos", query=query).headers["location"] == "/office/views"
    shown = desk.get("/office/views").text
    assert 'href="/office?q=rincon&amp;due=overdue&amp;sort=due"' in shown
    assert "Mis vencidos" in desk.get("/office").text
    assert "Mis vencidos" not in other.get("/office/views").text
    taken = desk.post("/office/views", name="mis VENCIDOS", query="q=x")
    assert (taken.status_code, 'id="name-wrong"' in taken.text) == (422, True)
    for name in ("", "x" * 61, "a\x07b"):
        assert desk.post("/office/views", name=name, query="q=x").status_code == 422
    view = re.search(r"/office/views/([0-9a-f]{16})/name", shown)
    assert view
    where = f"/office/views/{view[1]}"
    assert other.post(f"{where}/name", name="Ajena").status_code == 404
    assert other.post(f"{where}/deletion").status_code == 404
    assert desk.post(f"{where}/name", name="").status_code == 422
    desk.post(f"{where}/name", name="Urgentes")
    desk.post(f"{where}/deletion")
    gone = desk.get("/office/views").text
    assert "“Urgentes” was deleted." in gone
    desk.post(f"{where}/return")
    assert "Urgentes" in desk.get("/office").text
    desk.post(f"{where}/deletion")
    site.clock.ahead += 3600
    assert "Urgentes" not in site.signed_in("Vera Vistas", Role.REVIEWER).get("/office/views").text


def test_what_an_address_gets_wrong_is_said(site: Site) -> None:
    """A value that does not exist narrows nothing, and the page says so."""
    new_case(site)
    desk = site.signed_in("Ana Direcciones", Role.REVIEWER)
    shown = desk.get("/office?stage=LOST&assigned=@Nadie&sort=x&order=y&page=0&due=z&denial=q&q=a%00").text
    assert "Part of the address was left out" in shown
    assert shown.count("<li>The ") >= 7
    assert 'href="/office/cases/' in shown
    assert "Part of the address" not in desk.get("/office?stage=RECEIVED&assigned=mine&due=none").text


def test_what_waits_is_counted(site: Site) -> None:
    """New since the sign-in before this one, and nothing but counts."""
    site.signed_in("Nora Cuenta", Role.COORDINATOR)
    site.clock.ahead += 3600
    case = new_case(site)
    with site.services.office.ledger.view() as view:
        entry = view.cases.card(case)
    assert entry
    site.clock.ahead -= 3600
    desk = site.signed_in("Nora Cuenta", Role.COORDINATOR)
    shown = desk.get("/office").text
    assert "What waits" in shown
    assert re.search(r'href="\?waits=new"[^>]*><strong>\d+</strong>', shown)
    assert re.search(r'href="\?assigned=nobody"[^>]*><strong>[1-9]\d*</strong>', shown)


def test_notes_on_the_card(site: Site) -> None:
    """Written, shown after a logged look, corrected by another note; an identifier is refused with what was typed."""
    case = new_case(site)
    desk = site.signed_in("Nuria Anota", Role.REVIEWER)
    where = f"/office/cases/{case}"
    assert "Notes of the office" not in desk.get(where).text
    assert desk.post(f"{where}/notes", note="x").status_code == 403
    site.assign("Nuria Anota", case)
    wrong = desk.post(f"{where}/notes", note="CURP BOXW310820HNERXN09")
    assert (wrong.status_code, 'id="note-wrong"' in wrong.text) == (422, True)
    assert "BOXW310820HNERXN09</textarea>" in wrong.text
    assert desk.post(f"{where}/notes", note="<b>Llamar</b>\r\nel lunes").headers["location"] == f"{where}#notes"
    closed = desk.get(where).text
    assert "There is 1 note." in closed
    assert "Llamar" not in closed
    assert desk.post(f"{where}/notes/sitting").status_code == 303
    shown = desk.get(where).text
    assert "&lt;b&gt;Llamar&lt;/b&gt;" in shown
    assert desk.post(f"{where}/notes", note="El martes", corrects="1").status_code == 303
    assert "Corrected by note 2" in desk.get(where).text
    assert desk.post(f"{where}/notes", token="f" * 64, note="x").status_code == 403
