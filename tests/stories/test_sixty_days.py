"""The whole life of a case on a shifted clock: by command line and plain HTTP, and through Chromium."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import DESKTOP, watched_page
from tests.stories.desks import BrowserDesk
from tests.stories.sixty_days import NAMES, SLIP, Clock, ShiftedPortal, Story, http_desk, staffed


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that this process, the portal and every command share."""
    made = Clock(tmp_path / "clock", time.time)
    made.set(0)
    monkeypatch.setattr(time, "time", made.time)
    return made


@pytest.fixture
def portal(tmp_path: Path, clock: Clock) -> Iterator[ShiftedPortal]:
    """An office's portal on that clock."""
    settings = {"RESGUARDO_DEPLOYMENT": "office", "STORY_CLOCK": str(clock.path)}
    portal = ShiftedPortal(tmp_path / "data", settings=settings)
    portal.start()
    yield portal
    portal.stop()


@pytest.mark.long
def test_sixty_days_by_command_line_and_http(portal: ShiftedPortal, clock: Clock, tmp_path: Path) -> None:
    """Everything of the story happens, is in the log, and names nobody to the office."""
    story = Story(portal, clock, tmp_path, staffed(portal, http_desk))
    story.play()
    check(story)


@pytest.mark.long
@pytest.mark.browser
def test_sixty_days_in_chromium(portal: ShiftedPortal, clock: Clock, tmp_path: Path, browser: Browser) -> None:
    """The same, with the office's people at real pages."""
    with watched_page(browser, DESKTOP, locale="en-US") as shared:
        office = staffed(portal, lambda person: BrowserDesk(person, shared.page, portal.url))
        story = Story(portal, clock, tmp_path, office)
        story.play()
        check(story)


def check(story: Story) -> None:
    """Look at what is left: proofs, receipts, an outsider's audit, names."""
    for folder, key in ((story.own, ()), (story.others, ("--key", story.others / "key"))):
        history = story.run("history", "--case", folder, *key)
        kinds = [entry["kind"] for entry in history]
        assert kinds[0] == "petition_received"
        assert {"question_asked", "messages_read", "petition_revised", "record_read", "decision_approved"} <= set(kinds)
    story.clock.set(61)
    command = ("audit", f"{story.portal.url}/log/", "--receipts", story.own, "--state", story.folder / "audit")
    deadline = time.monotonic() + 600
    while (audited := story.ended(*command)).returncode:  # until the receipts are under a published checkpoint
        assert time.monotonic() < deadline, (audited.stdout, audited.stderr)
    pages = "\n".join(page for desk in story.office.desks() for page in desk.seen)
    assert [name for name in NAMES if name in pages] == []
    assert remains(story.portal.data, (*NAMES, SLIP)) == []


def remains(folder: Path, texts: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return where one of the texts stands in a file of the portal's data."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [(path.name, text) for path in files for text in texts if text.encode() in path.read_bytes()]
