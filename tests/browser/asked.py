"""A case with a question of the office, as a reviewer makes one: for tests of what a holder does about it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.cli.test_questions import asks
from tests.client.cases import write_petition
from tests.portal import RunningPortal, resguardo
from tests.staff import Colleague, enrol, token_in


@dataclass(frozen=True)
class Kept:
    """What the person who filed with the command line keeps."""

    folder: Path
    number: str
    words: str

    @property
    def bare(self) -> str:
        """The twelve words and nothing else."""
        return " ".join(re.findall(r"[^\W\d]+", re.sub(r"^#.*$", "", self.words, flags=re.MULTILINE)))


def run(*arguments: object) -> str:
    """Run a command that must succeed and return what it says."""
    done = resguardo(*map(str, arguments))
    assert done.returncode == 0, (done.stdout, done.stderr)
    return str(done.stdout)


def file_case(portal: RunningPortal, folder: Path, *more: object) -> Kept:
    """File a petition with two witnesses and a file."""
    out = folder / "case"
    run("file", write_petition(folder / "petition"), "--portal", portal.url, "--out", out, "--yes", *more)
    return Kept(out, json.loads((out / "case.json").read_text())["case"], (out / "words.txt").read_text())


def reviewed(portal: RunningPortal, kept: Kept, name: str) -> Colleague:
    """Have the case acknowledged, and assigned to a reviewer who has signed in."""
    run("acknowledged", "--case", kept.folder, "--date", "2026-03-12", "--ref", "OTLA-4")
    reviewer = enrol(portal, name, "reviewer")
    reviewer.sign_in()
    assert portal.cli("staff", "assign", name, kept.number).returncode == 0
    return reviewer


def ask(reviewer: Colleague, kept: Kept) -> None:
    """Ask a question through the office's form."""
    assert asks(reviewer, kept.number).status_code == 303


def office_reads(reviewer: Colleague, kept: Kept, path: str) -> str:
    """Read something of the case at the office, purpose said first."""
    page = f"/office/cases/{kept.number}/{path}"
    form = {"form_token": token_in(reviewer.client.get(page).text), "purpose": "REVIEW"}
    return str(reviewer.client.post(page, data=form, follow_redirects=True).text)


def office_record(reviewer: Colleague, kept: Kept) -> str:
    """Read the redacted record at the office, purpose said first."""
    card = f"/office/cases/{kept.number}"
    form = {"form_token": token_in(reviewer.client.get(card).text), "purpose": "REVIEW"}
    assert reviewer.client.post(f"{card}/sitting", data=form).status_code == 303
    return str(reviewer.client.get(f"{card}/record", follow_redirects=True).text)


def open_by_words(page: Page, portal: RunningPortal, kept: Kept, words: str = "", code: str = "") -> None:
    """Type the number and the words, and wait until the case stands there and its history was checked."""
    page.goto(f"{portal.url}/mycase")
    page.wait_for_selector("#door:not([hidden])")
    page.fill("#number", kept.number)
    page.fill("#code", code)
    page.select_option("#way", "words")
    page.fill("#words", words or kept.bare)
    page.click("#open")
    page.wait_for_selector("#case:not([hidden])")
    page.wait_for_selector("#history > li")
