"""My case searches a whole copy of the log for its own entries, in a real browser (law L5), and the program agrees."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.cli.access import find_root
from app.client.case import CaseFile
from app.client.opening import open_kept
from app.store.keyring import read_keyring
from crypto.log.checkpoint import Checkpoint
from crypto.log.commitments import case_tag
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.tiles import bundles_of_size, split_bundle
from crypto.secret import SecretBytes
from tests.browser.chromium import DESKTOP, watched_page
from tests.browser.test_my_case import door, opened
from tests.client.cases import write_petition
from tests.crypto.log.published import publish
from tests.portal import RunningPortal, resguardo

pytestmark = [pytest.mark.node, pytest.mark.long]
_LATER = 4
"""Seconds after which what was proved is public at a portal that publishes each second."""


@dataclass(frozen=True)
class Filed:
    """A case folder, its log key, the last checkpoint before it was filed, and its portal."""

    folder: Path
    key: SecretBytes
    before: str
    portal: RunningPortal


@pytest.fixture(scope="module")
def filed(shared_portal: RunningPortal, tmp_path_factory: pytest.TempPathFactory) -> Filed:
    """A case that was filed by the command line, looked at once, and is public."""
    portal, folder = shared_portal, tmp_path_factory.mktemp("filed")
    out, before = folder / "case", _note(portal)
    petition = write_petition(folder / "petition")
    assert resguardo("file", petition, "--portal", portal.url, "--out", out, "--yes").returncode == 0
    done = resguardo("history", "--case", out, "--json")
    assert done.returncode == 0, done.stdout
    deadline = time.monotonic() + 600
    while Checkpoint.of_note(_note(portal)).size <= max(each["index"] for each in json.loads(done.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    case = CaseFile.load(out)
    return Filed(out, open_kept(out, case, find_root(None, out)).case_log_key, before, portal)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desk in Spanish; any console message fails."""
    with watched_page(browser, DESKTOP) as watched:
        yield watched.page


def _note(portal: RunningPortal) -> str:
    return httpx2.get(f"{portal.url}/log/checkpoint").text


def _entries(portal: RunningPortal) -> list[bytes]:
    """Return every entry that is out."""
    found: list[bytes] = []
    for bundle in bundles_of_size(Checkpoint.of_note(_note(portal)).size):
        found += split_bundle(httpx2.get(f"{portal.url}/log/{bundle.path()}").content)
    return found


def _open(page: Page, filed: Filed) -> None:
    door(page, filed.portal)
    page.set_input_files("#case-file", filed.folder / "case.json")
    page.set_input_files("#key", filed.folder / "words.txt")
    page.click("#open")
    opened(page)
    page.wait_for_selector("#history-whole:not([hidden]), #history-wrong:not([hidden])")
    page.locator("details:has(#walk) > summary").click()


def _findings(page: Page) -> list[str]:
    return page.locator("#walk-findings li").all_inner_texts()


def test_the_portals_own_log_has_what_was_shown(page: Page, filed: Filed) -> None:
    """Nothing is missing, doubled or late; and what is done meanwhile accuses nobody."""
    _open(page, filed)
    for _ in range(2):
        page.click("#walk")
        expect(page.locator("#walk-state")).to_contain_text("ninguna falta")
        expect(page.locator("#walk-wrong")).to_be_hidden()
        assert resguardo("history", "--case", filed.folder).returncode == 0


def test_an_entry_that_the_portal_leaves_out_is_found(page: Page, filed: Filed) -> None:
    """The list ends early: the history lacks only what this page proved itself, and the log has all the others."""

    def shorter(route: Route) -> None:
        body = route.fetch().json()
        body["entries"] = body["entries"][:2]
        route.fulfill(status=200, content_type="application/json", body=json.dumps(body))

    page.route("**/api/v1/case/history", shorter)
    _open(page, filed)
    expect(page.locator("#history-findings li")).to_have_count(1)
    page.click("#walk")
    expect(page.locator("#walk-wrong")).to_be_visible()
    assert _findings(page)
    assert all("el portal no la mostró" in words for words in _findings(page))


def test_what_was_proved_and_never_published_is_found(page: Page, filed: Filed) -> None:
    """The public log stands still for this browser, at a state of before the filing."""

    def old(route: Route) -> None:
        route.fulfill(status=200, content_type="text/plain", body=filed.before)

    page.route("**/log/checkpoint", old)
    _open(page, filed)
    expect(page.locator("#history-findings")).to_contain_text("publica")
    deadline = time.time() + _LATER
    while time.time() < deadline:
        page.wait_for_timeout(200)
    page.click("#history-again")
    expect(page.locator("#history-findings li")).to_have_count(1)
    expect(page.locator("#history-findings")).to_contain_text("la bitácora pública del portal sigue sin tenerla")


def _made_up(key: SecretBytes, number: int) -> bytes:
    return Leaf(LeafKind.EVENT, int(time.time()), case_tag(key, number), os.urandom(32), os.urandom(32)).to_bytes()


def _told(filed: Filed, copy: Path) -> dict[str, set[int]]:
    """Return what the program says of a copy, by code."""
    answer = json.loads(resguardo("history", "--case", filed.folder, "--log", copy, "--json").stdout)
    found: dict[str, set[int]] = {}
    for each in answer["findings"]:
        found.setdefault(each["code"], set()).add(each["place"])
    return found


def test_counters_in_a_copy_are_walked_as_by_the_program(page: Page, filed: Filed, tmp_path: Path) -> None:
    """Skipped, doubled and late ones, in a folder that somebody else keeps, under the portal's own signature."""
    real, keys = _entries(filed.portal), read_keyring(filed.portal.data)
    tags = {case_tag(filed.key, number): number for number in range(1000)}
    mine = [(tags[leaf[10:42]], leaf) for leaf in real if leaf[10:42] in tags]
    first = max(number for number, _ in mine) + 1
    end = first + 3
    made = [_made_up(filed.key, end), _made_up(filed.key, end - 1), mine[0][1]]
    publish(tmp_path / "copy" / "log", [*real, *made], [keys.log], [keys.log_pq])
    publish(tmp_path / "broken" / "log", real, [keys.log], [keys.log_pq])
    width = len(real) % 256
    path = tmp_path / "broken" / "log" / "tile" / "entries" / f"{len(real) // 256:03}.p" / str(width)
    written = path.read_bytes()
    path.write_bytes(written[:-1] + bytes([written[-1] ^ 1]))

    _open(page, filed)
    page.set_input_files("#walk-copy", tmp_path / "copy")
    expect(page.locator("#walk-wrong")).to_be_visible()
    seen = " ".join(_findings(page))
    assert f"El número {end - 1} de este caso está en la bitácora detrás" in seen
    assert "número 0 de este caso está dos veces" in seen
    assert f"El número {first} de este caso" in seen
    told = _told(filed, tmp_path / "copy")
    assert (told["late"], told["doubled"]) == ({end - 1}, {0})
    assert told["skipped"] == set(range(first, end - 1))
    assert sum("nunca" in words for words in _findings(page)) == len(told["skipped"]) == 2

    page.set_input_files("#walk-copy", tmp_path / "broken")
    expect(page.locator("#walk-state")).to_contain_text("no dan la raíz")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "note.txt").write_text("nothing")
    page.set_input_files("#walk-copy", tmp_path / "empty")
    expect(page.locator("#walk-state")).to_contain_text("no hay una copia entera")
