"""My case compares what it is shown with the public log, in a real browser (law L5): two histories meet in the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from app.store.keyring import read_keyring
from crypto.log.checkpoint import Checkpoint, sign_checkpoint
from tests.browser.chromium import Watched
from tests.browser.test_my_case import Kept, door, opened
from tests.client.cases import write_petition
from tests.portal import RunningPortal, resguardo

pytestmark = [pytest.mark.node]
_STORES = "async () => [{ ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), await caches.keys()]"


@pytest.fixture(scope="module")
def kept(shared_portal: RunningPortal, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A case with its folder, filed by the command line."""
    folder = tmp_path_factory.mktemp("filed")
    out = folder / "case"
    petition = write_petition(folder / "petition")
    assert resguardo("file", petition, "--portal", shared_portal.url, "--out", out, "--yes").returncode == 0
    case = json.loads((out / "case.json").read_text())
    return Kept(out, case["case"], (out / "words.txt").read_text())


def _open(page: Page, portal: RunningPortal, kept: Kept, case_file: Path) -> None:
    door(page, portal)
    page.set_input_files("#case-file", case_file)
    page.set_input_files("#key", kept.folder / "words.txt")
    page.click("#open")
    opened(page)


def _other_state(portal: RunningPortal, size: int) -> str:
    """Return a state of this log that is none of it, signed by its own key: what a portal with two histories gave."""
    keyring = read_keyring(portal.data)
    return sign_checkpoint(Checkpoint(keyring.log_origin, size, b"\x07" * 32), [keyring.log])


def _case_file(kept: Kept, tmp_path: Path, known: str) -> Path:
    body = json.loads((kept.folder / "case.json").read_text()) | {"known": known}
    path = tmp_path / "case.json"
    path.write_text(json.dumps(body))
    return path


def test_the_saved_case_carries_what_is_known_and_the_browser_keeps_nothing(
    watched: Watched, shared_portal: RunningPortal, kept: Kept
) -> None:
    """What this device knows of the log leaves in case.json only; the program reads that, and nothing stays behind."""
    page = watched.page
    _open(page, shared_portal, kept, kept.folder / "case.json")
    page.wait_for_selector("#history-whole:not([hidden])")
    expect(page.locator("#history-wrong")).to_be_hidden()
    assert any("/log/checkpoint" in url for url in watched.requested)
    with page.expect_download() as given:
        page.click("#case-save")
    saved = json.loads(Path(given.value.path()).read_text())
    assert Checkpoint.of_note(saved["known"]).size > Checkpoint.of_note(_known(kept)).size
    assert page.evaluate(_STORES) == [{}, {}, [], []]


def _known(kept: Kept) -> str:
    return str(json.loads((kept.folder / "case.json").read_text())["known"])


@pytest.mark.long
def test_a_history_shown_to_one_browser_alone_raises_the_alarm(
    watched: Watched, shared_portal: RunningPortal, kept: Kept, tmp_path: Path
) -> None:
    """A fork: what the portal signed for one person travels with the sign-in; the page says so, the alarm stays."""
    page = watched.page
    before = len(shared_portal.api()["alarms"])
    _open(page, shared_portal, kept, _case_file(kept, tmp_path, _other_state(shared_portal, 1)))
    expect(page.locator("#history-wrong")).to_be_visible()
    expect(page.locator("#history-findings")).to_contain_text("El propio portal dice que su bitácora contradice")
    expect(page.locator("#history-findings")).to_contain_text("dos historias")
    assert len(shared_portal.api()["alarms"]) == before + 1
    with page.expect_download() as given:
        page.click("#case-save")
    saved = json.loads(Path(given.value.path()).read_text())
    assert saved["known"] == _other_state(shared_portal, 1), "the evidence is not overwritten"


@pytest.mark.long
def test_a_public_log_rewritten_for_one_browser_is_found(
    watched: Watched, shared_portal: RunningPortal, kept: Kept
) -> None:
    """The history is the true one and the public log that this browser gets is another: the proofs do not fit it."""
    page = watched.page
    checkpoint = _other_state(shared_portal, 900)

    def lie(route: Route) -> None:
        route.fulfill(status=200, content_type="text/plain; charset=utf-8", body=checkpoint)

    def tile(route: Route) -> None:
        width = int(route.request.url.rpartition(".p/")[2] or 256) if ".p/" in route.request.url else 256
        route.fulfill(status=200, content_type="application/octet-stream", body=b"\x05" * 32 * width)

    page.route(f"{shared_portal.url}/log/checkpoint", lie)
    page.route(f"{shared_portal.url}/log/tile/**", tile)
    _open(page, shared_portal, kept, kept.folder / "case.json")
    expect(page.locator("#history-findings")).to_contain_text("dos historias")
