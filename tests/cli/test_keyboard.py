"""Somebody at the keyboard: a real terminal, question by question."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.cases import write_petition
from tests.client.loopback import LoopbackPortal

PETITION = """
kind: rapid_response
language: es
facility: {legal_name: "Fábrica Ficticia, S.A. de C.V.", municipality: Silao, state: Guanajuato, country: MX}
confidentiality: {personal_identity: [facts.narrative]}
facts:
  narrative: |
    Despidieron a Ximena Arrayán Pedroza, la única soldadora del turno de noche.
evidence:
  - {id: E1, kind: document, title: "Carta", file: carta.pdf}
witnesses:
  - {id: W1, name: {given: "Ximena", surname1: "Arrayán", surname2: "Pedroza"}}
"""

QUESTION = "> [1]: "
SIGN_OFF = "what the office will read"


class Terminal:
    """A command in a pseudo-terminal; `shown` is all that it printed."""

    def __init__(self, *arguments: object) -> None:
        self._master, slave = pty.openpty()
        command = [sys.executable, "-m", "app.cli", *map(str, arguments)]
        environment = os.environ | {"RESGUARDO_LANG": "en", "TERM": "dumb"}
        self._process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment)
        os.close(slave)
        self.shown = ""
        self._read = 0

    def expect(self, *texts: str) -> str:
        """Wait until one of some texts appears after what was expected before, and return it."""
        end = time.monotonic() + 600
        while not (found := [text for text in texts if text in self.shown[self._read :]]):
            assert time.monotonic() < end, self.shown
            assert self._take(), self.shown
        self._read = self.shown.index(found[0], self._read) + len(found[0])
        return found[0]

    def hide_everything(self) -> None:
        """Answer every question with its careful answer, up to the text to be signed off."""
        while self.expect(QUESTION, SIGN_OFF) == QUESTION:
            self.type("1")

    def _take(self) -> bool:
        if not select.select([self._master], [], [], 1)[0]:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.shown += data.decode("utf-8", "replace")
        return bool(data)

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self._master, line.encode() + b"\n")

    def end(self) -> int:
        """Return the exit status."""
        while self._take() and self._process.poll() is None:
            pass
        status = self._process.wait(600)
        os.close(self._master)
        return status


@pytest.fixture
def portal() -> Iterator[LoopbackPortal]:
    """A portal on loopback."""
    with LoopbackPortal() as server:
        yield server


def test_a_person_settles_takes_back_signs_off_and_sends(portal: LoopbackPortal, tmp_path: Path) -> None:
    """Each question with its place and reason, one taken back, the text read as the office will, then sent."""
    petition = write_petition(tmp_path / "petition", PETITION)
    terminal = Terminal("file", petition, "--portal", portal.url, "--out", tmp_path / "case")
    terminal.expect("1/")
    terminal.expect("facts.narrative")
    terminal.expect("Why:")
    terminal.expect(QUESTION)
    terminal.type("2")
    terminal.expect("2/")
    terminal.expect(QUESTION)
    terminal.type("0")
    terminal.expect("1/")
    terminal.hide_everything()
    terminal.expect("May this text go out")
    terminal.type("yes")
    terminal.expect("Send it now?")
    terminal.type("y")
    assert terminal.end() == 0
    assert "única soldadora" not in portal.case["record"]
    assert "Arrayán" not in portal.case["record"]


def test_a_person_says_what_was_done_less_exactly(portal: LoopbackPortal, tmp_path: Path) -> None:
    """The dismissal of a witness is offered in other words, and the office reads those."""
    petition = write_petition(tmp_path / "petition", PETITION)
    terminal = Terminal("file", petition, "--portal", portal.url, "--out", tmp_path / "case")
    terminal.expect("8 less exact: “Perjudicaron”")
    terminal.expect(QUESTION)
    terminal.type("8")
    terminal.hide_everything()
    terminal.expect("May this text go out")
    terminal.type("yes")
    terminal.expect("Send it now?")
    terminal.type("y")
    assert terminal.end() == 0
    assert "Perjudicaron a [TESTIGO-01], [DATO TESTADO]" in portal.case["record"]


def test_a_person_stops_and_nothing_is_sent(portal: LoopbackPortal, tmp_path: Path) -> None:
    """At any question."""
    petition = write_petition(tmp_path / "petition", PETITION)
    terminal = Terminal("file", petition, "--portal", portal.url, "--out", tmp_path / "case")
    terminal.expect("1/")
    terminal.type("q")
    assert terminal.end() == 2
    assert {path for _, path in portal.seen} == {"/api/v1/portal"}
    assert not (tmp_path / "case").exists()


def test_a_text_not_signed_off_is_not_sent(portal: LoopbackPortal, tmp_path: Path) -> None:
    """The careful answer to both last questions is no."""
    petition = write_petition(tmp_path / "petition", PETITION)
    terminal = Terminal("file", petition, "--portal", portal.url, "--out", tmp_path / "case")
    terminal.hide_everything()
    terminal.expect("May this text go out")
    terminal.type("")
    assert terminal.end() == 2
    assert {path for _, path in portal.seen} == {"/api/v1/portal"}


def test_words_and_passphrases_are_not_shown(tmp_path: Path) -> None:
    """What is typed in secret does not appear on the screen; twice the same, or nothing is written."""
    terminal = Terminal("key", "new", "--out", tmp_path / "key", "--protect")
    terminal.expect("Passphrase")
    terminal.type("una frase bastante larga")
    terminal.expect("once more")
    terminal.type("otra frase bastante larga")
    assert terminal.end() == 2
    assert "frase" not in terminal.shown
    assert not (tmp_path / "key").exists()
