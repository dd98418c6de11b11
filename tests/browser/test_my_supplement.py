"""A case added to and corrected in a real browser: a witness more, a name that slipped pulled, all of it proved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.asked import Kept, file_case, office_record, open_by_words, reviewed, run
from tests.browser.chromium import Watched
from tests.browser.test_copies import nothing_but_pixels, pages_of, tick
from tests.browser.test_my_answer import arrive, looked_at
from tests.cli.test_evidence import opened, written
from tests.client.loopback import altered
from tests.portal import RunningPortal
from tests.staff import Colleague

pytestmark = [pytest.mark.node, pytest.mark.long]


@pytest.fixture(scope="module")
def read(shared_portal: RunningPortal, tmp_path_factory: pytest.TempPathFactory) -> tuple[Kept, Colleague]:
    """A case that a reviewer has read."""
    kept = file_case(shared_portal, tmp_path_factory.mktemp("supplemented"))
    return kept, reviewed(shared_portal, kept, "Ana Suplemento")


def test_a_witness_is_added_and_a_slipped_name_pulled(
    watched: Watched, shared_portal: RunningPortal, read: tuple[Kept, Colleague], axe: str, tmp_path: Path
) -> None:
    """Laws L2, L6, L7, L8: the new name is sealed and hidden; what slipped is gone, its readers named."""
    kept, reviewer = read
    page = watched.page
    assert "juntar firmas" in office_record(reviewer, kept)
    open_by_words(page, shared_portal, kept)
    page.click("#supplement-begin")
    page.wait_for_selector("#supplement:not([hidden])")
    expect(page.locator("#supplement-known")).to_contain_text("Ximena Arrayán Pedroza")
    text = page.input_value("#supplement-facts-narrative")
    page.fill("#supplement-facts-narrative", f"{text}\nTambién lo vio Gumersinda Quetzal.")
    page.click("#witness-add")
    page.locator('#witness-list [data-part="name"]').fill("Gumersinda Quetzal Tun")
    page.locator("#witness-list summary").click()
    page.locator('#witness-list [data-part="statement"]').fill("Yo también lo vi.")
    (tmp_path / "lista.txt").write_bytes(b"lista ficticia")
    page.set_input_files("#evidence-file", tmp_path / "lista.txt")
    looked_at(page, axe, "supplement")
    page.click("#supplement-review")
    page.wait_for_selector("#review:not([hidden])")
    expect(page.locator("#review-texts")).not_to_contain_text("Gumersinda")
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")
    looked_at(page, axe, "supplement-check")
    expect(page.locator("#check-shown")).to_contain_text("Testigos nuevos, sellados: 1")
    page.click("#send-now")
    arrive(page)
    page.click("#sent-home")
    expect(page.locator("#witnesses")).to_contain_text("Gumersinda Quetzal Tun")
    shown = office_record(reviewer, kept)
    assert "También lo vio" in shown
    assert "Gumersinda" not in shown

    page.click("#slip-begin")
    page.wait_for_selector("#supplement:not([hidden])")
    assert page.is_checked("#supplement-slip")
    page.click("#supplement-review")
    page.wait_for_selector("#review:not([hidden])")
    page.locator("#review-words > summary").click()
    page.fill("#review-more", "juntar firmas")
    page.click("#review-add")
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")
    page.click("#send-now")
    arrive(page)
    expect(page.locator("#sent-more")).to_contain_text("Una persona revisora")
    looked_at(page, axe, "slip-sent")
    assert "juntar firmas" not in office_record(reviewer, kept)
    page.click("#sent-home")
    page.wait_for_selector("#history > li")
    assert page.locator("#history .no-tick").count() == 0

    page.click("#supplement-begin")
    page.click("#supplement-review")
    page.wait_for_selector("#review:not([hidden])")
    page.click("#review-go")
    expect(page.locator("#review-wrong")).to_contain_text("No cambiaría nada")
    story = json.loads(run("open", "--case", kept.folder, "--files", tmp_path / "files", "--json"))
    assert [one["name"].get("full", "") for one in story["witnesses"]].count("Gumersinda Quetzal Tun") == 1
    assert (tmp_path / "files" / "lista.txt").read_bytes() == b"lista ficticia"
    assert (tmp_path / "files" / "carta.pdf").exists()


def test_history_cut_before_a_version_is_found(watched: Watched, shared_portal: RunningPortal, tmp_path: Path) -> None:
    """Law L5: a list that ends before the newest version is not whole; another holder’s version is opened."""
    kept = file_case(shared_portal, tmp_path)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    (tmp_path / "more.yaml").write_text('facts: {timeline: [{date: "2025-08-12", what: "Nos juntaron."}]}')
    run("supplement", "--case", kept.folder, "--add", tmp_path / "more.yaml", "--yes")
    page.click("#history-again")
    expect(page.locator("#history")).to_contain_text("versión 2")
    expect(page.locator("#history-wrong")).to_be_hidden()

    def cut(body: dict[str, Any]) -> None:
        kinds = [entry["opening"]["fields"]["kind"][1] for entry in body["entries"]]
        del body["entries"][kinds.index("petition_revised") :]

    page.reload()
    lie = altered(cut)

    def answer(route: Route) -> None:
        honest = route.fetch()
        status, kind, body = lie((honest.status, "application/json", honest.body()))
        route.fulfill(status=status, content_type=kind, body=body)

    page.route("**/api/v1/case/history", answer)
    open_by_words(page, shared_portal, kept)
    expect(page.locator("#history-findings")).to_contain_text("La versión 2")


def test_copies_stand_are_made_anew_and_taken_back_and_a_witness_leaves(
    watched: Watched, shared_portal: RunningPortal, axe: str, tmp_path: Path
) -> None:
    """Laws L2, L6, L8: after a slip no copy stands unsaid; who leaves is sealed nowhere and stays blacked out."""
    out = tmp_path / "case"
    said = run("file", written(tmp_path / "petition"), "--portal", shared_portal.url, "--out", out, "--yes", "--json")
    kept = Kept(out, json.loads(said)["case"], (out / "words.txt").read_text())
    reviewer = reviewed(shared_portal, kept, "Ana Copias")
    [picture] = pages_of(reviewer, kept.number, 1)
    page = watched.page
    open_by_words(page, shared_portal, kept)
    page.click("#slip-begin")
    page.wait_for_selector("#supplement:not([hidden])")
    page.click("#supplement-review")
    expect(page.locator("#supplement-wrong")).to_contain_text("puede haber un nombre")
    photo = page.locator("#supplement-copies > li", has_text="Foto de la lista")
    photo.locator("select").select_option("again")
    photo.locator("[data-canvas]").wait_for()
    photo.locator("summary").click()
    photo.locator("[data-add]").click()
    expect(photo.locator("[data-chosen]")).to_contain_text("Caja 2 de 2")
    page.locator("#supplement-copies > li", has_text="Aviso").locator("select").select_option("stay")
    page.click("#supplement-review")
    expect(page.locator("#supplement-wrong")).to_contain_text("mira cada hoja")
    tick(photo, 1)
    looked_at(page, axe, "supplement-copies")
    _send(page, "Copias nuevas que ve la oficina: 1")
    [covered] = pages_of(reviewer, kept.number, 1)
    nothing_but_pixels([covered], tmp_path)
    assert covered != picture
    assert "TESTIGO" in opened(reviewer, kept.number, 2)

    page.click("#sent-home")
    page.click("#supplement-begin")
    page.click("text=Sacar a alguien como testigo")
    page.check("text=Sacar del caso a Ximena")
    page.locator("#supplement-copies > li", has_text="Foto de la lista").locator("select").select_option("no")
    page.locator("#supplement-copies > li", has_text="Aviso").locator("select").select_option("stay")
    _send(page, "Copias quitadas y destruidas en la oficina: 1", "Testigos que salen: 1")
    page.click("#sent-home")
    expect(page.locator("#witnesses")).not_to_contain_text("Ximena")
    shown = office_record(reviewer, kept)
    assert "TESTIGO" in shown
    assert "Ximena" not in shown
    assert reviewer.client.get(f"/office/cases/{kept.number}/evidence/1").status_code == 404
    story = json.loads(run("open", "--case", kept.folder, "--json"))
    assert "Ximena" not in json.dumps(story["witnesses"])
    (tmp_path / "more.yaml").write_text('facts: {timeline: [{date: "2025-08-12", what: "Nos juntaron."}]}')
    run("supplement", "--case", kept.folder, "--add", tmp_path / "more.yaml", "--yes")
    assert "Ximena" not in office_record(reviewer, kept), "the program keeps hidden what the page hid"


def _send(page: Page, *lines: str) -> None:
    """Go on from the supplement until it arrived; each line stands in what changes."""
    page.click("#supplement-review")
    page.wait_for_selector("#review:not([hidden])")
    button = page.locator('#review-open [data-do="hide"]')
    while button.count():
        button.click()
    page.click("#review-go")
    page.wait_for_selector("#check:not([hidden])")
    for line in lines:
        expect(page.locator("#check-shown")).to_contain_text(line)
    page.click("#send-now")
    arrive(page)
