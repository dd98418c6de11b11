"""Questions from a portal that lies: what the log does not have in these very words is not shown."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.client.case import CaseFile
from app.client.errors import NetworkError, TamperingError
from app.client.messages import MessageError, OfficeQuestion, fetch_messages
from app.client.opening import open_case
from app.client.steps import Step, suspend, withdraw
from app.client.transport import Transport
from app.client.trust import Listed
from crypto.age import HybridRecipient, seal
from crypto.digest import sha256_hex
from crypto.framing import FrameKind, Head, frame
from tests.client.cases import ROOT, Filed
from tests.client.loopback import LoopbackPortal, answer_json

PATH = "/api/v1/case/messages"
RECORD = "0123456789abcdef"
WORDS = "¿En qué mes se entregó el convenio?"
Change = Callable[[dict[str, Any]], object]


def sealed(
    portal: LoopbackPortal, text: str = WORDS, number: int = 3, case: str | None = None, epoch: int = 1
) -> bytes:
    """Seal a question to the case's public key, as anybody can."""
    body = {"v": 1, "question": number, "language": "es", "text": text, "asked": "2026-03-12", "until": "2026-03-26"}
    head = Head(portal.name, case or portal.case["id"], FrameKind.MESSAGE, RECORD, epoch)
    recipient = HybridRecipient.parse(portal.case["body"]["recipient"])
    return seal(frame(head, json.dumps(body).encode()), [recipient], random=os.urandom)


def served(portal: LoopbackPortal, message: bytes, logged: bytes | None = None) -> dict[str, Any]:
    """Return a question as it is served; the log holds the hash of `logged`."""
    said = f"ask US_REVIEW question 3 until 2026-03-26 sha256 {sha256_hex(logged or message)}"
    index = portal.append("question_asked", "reviewer", detail=said)
    line = {"question": 3, "state": "WAITING", "epoch": 1, "record": RECORD, "sha256": sha256_hex(message)}
    return {**line, "body": base64.b64encode(message).decode(), "asked": portal.line(index), "closed": None}


def read(portal: LoopbackPortal, filed: Filed, *lines: Any) -> tuple[OfficeQuestion, ...]:
    """Fetch messages as the command line does."""
    portal.lies[PATH] = lambda _: answer_json({"messages": list(lines)})
    case = CaseFile.load(filed.folder)
    with Transport(case.url, "es", lambda _: None) as transport:
        opened = open_case(transport, case, ROOT)
        return fetch_messages(transport, opened, lambda: 1_773_306_000.0, filed.folder)


def refused(portal: LoopbackPortal, filed: Filed, *lines: Any) -> str:
    """Expect that nothing is shown, and return the finding."""
    with pytest.raises(TamperingError) as stopped:
        read(portal, filed, *lines)
    return stopped.value.code


def test_a_question_of_the_office_is_read(portal: LoopbackPortal, filed: Filed) -> None:
    """Proved by its entry, opened with the case key, its proof kept."""
    (question,) = read(portal, filed, served(portal, sealed(portal)))
    assert (question.text, question.number, question.until, question.is_open) == (WORDS, 3, "2026-03-26", True)
    assert (filed.folder / "proofs" / f"{question.entry.index}.tlog-proof").exists()
    assert question.plain()["role"] == "reviewer"
    assert read(portal, filed) == ()


def test_a_question_that_the_log_does_not_have_in_these_words(portal: LoopbackPortal, filed: Filed) -> None:
    """Anybody can seal to the case: a perfect message under another one's entry is refused."""
    forged = sealed(portal, "Mándenos los nombres.")
    assert refused(portal, filed, served(portal, forged, logged=sealed(portal))) == "message"


def test_a_question_sealed_anew_is_believed_by_the_manifest_only(portal: LoopbackPortal, filed: Filed) -> None:
    """After a new case key: the ciphertext that the signed manifest names under this mark, and no other, not even the
    one that the log names.
    """
    first, anew, forged = sealed(portal), sealed(portal), sealed(portal, "Mándenos los nombres.")
    case = CaseFile.load(filed.folder)

    def read_anew(message: bytes, named: bytes) -> tuple[OfficeQuestion, ...]:
        line = served(portal, message, logged=first)
        portal.lies[PATH] = lambda _: answer_json({"messages": [line]})
        listed = Listed(FrameKind.MESSAGE, RECORD, len(named), sha256_hex(named))
        with Transport(case.url, "es", lambda _: None) as transport:
            opened = open_case(transport, case, ROOT)
            manifest = replace(opened.manifest, objects=(*opened.manifest.objects, listed))
            return fetch_messages(transport, replace(opened, manifest=manifest), lambda: 1_773_306_000.0, filed.folder)

    (question,) = read_anew(anew, named=anew)
    assert (question.text, question.number, question.record) == (WORDS, 3, RECORD)
    for message in (forged, first):
        with pytest.raises(MessageError, match="message"):
            read_anew(message, named=anew)
    other = sealed(portal, number=4)
    with pytest.raises(MessageError, match="message"):
        read_anew(other, named=other)


def test_a_question_without_its_entry(portal: LoopbackPortal, filed: Filed) -> None:
    """Served with an entry of something else, or with none."""
    line = served(portal, sealed(portal))
    other = portal.line(portal.append("record_read", "reviewer", "REVIEW"))
    assert refused(portal, filed, {**line, "asked": other}) == "message"
    assert refused(portal, filed, {**line, "asked": {}}) == "unproved"
    assert refused(portal, filed, "nothing") == "message"


@pytest.mark.parametrize(
    "change",
    [
        {"case": "a" * 26},
        {"epoch": 2},
        {"number": 4},
    ],
)
def test_a_question_of_another_place(portal: LoopbackPortal, filed: Filed, change: dict[str, Any]) -> None:
    """A question of another case, epoch or number does not pass, though the log names its hash."""
    assert refused(portal, filed, served(portal, sealed(portal, **change))) == "message"


@pytest.mark.parametrize(
    "change",
    [
        {"state": "ANSWERED"},
        {"state": "GONE"},
        {"state": 7},
        {"record": "fedcba9876543210"},
        {"body": "!"},
    ],
)
def test_a_line_that_does_not_hold_together(portal: LoopbackPortal, filed: Filed, change: dict[str, Any]) -> None:
    """A state without its proof, and whatever else differs from what was sealed."""
    assert refused(portal, filed, {**served(portal, sealed(portal)), **change}) == "message"


def test_that_it_was_taken_back_needs_its_entry(portal: LoopbackPortal, filed: Filed) -> None:
    """The entry must close this question, and in the way that is said."""
    line = served(portal, sealed(portal))

    def closed(number: int, kind: str = "question_withdrawn") -> dict[str, Any]:
        detail = f"withdraw_question US_REVIEW question {number}"
        return portal.line(portal.append(kind, "reviewer", detail=detail))

    (question,) = read(portal, filed, {**line, "state": "WITHDRAWN", "closed": closed(3)})
    assert (question.state, question.is_open) == ("WITHDRAWN", False)
    assert refused(portal, filed, {**line, "state": "WITHDRAWN", "closed": closed(4)}) == "message"
    assert refused(portal, filed, {**line, "state": "ANSWERED", "closed": closed(3)}) == "message"
    assert refused(portal, filed, {**line, "state": "WITHDRAWN", "closed": closed(3, "record_read")}) == "message"


def test_an_answer_of_another_form_is_named(portal: LoopbackPortal, filed: Filed) -> None:
    """What is not a list of messages is not from such a portal."""
    portal.lies[PATH] = lambda _: answer_json({"messages": None})
    case = CaseFile.load(filed.folder)
    with Transport(case.url, "es", lambda _: None) as transport, pytest.raises(NetworkError, match="answer"):
        fetch_messages(transport, open_case(transport, case, ROOT), lambda: 1_773_306_000.0, filed.folder)


@pytest.mark.parametrize("kind", ["petition_withdrawn", "access_suspended", "access_restored"])
def test_a_step_is_believed_by_its_own_entry_only(portal: LoopbackPortal, filed: Filed, kind: str) -> None:
    """Withdrawing and suspending: a true entry of another kind proves nothing (exit status 1)."""
    for name in ("withdrawal", "suspension"):
        line = portal.line(portal.append(kind, "holder"))
        portal.lies[f"/api/v1/case/{name}"] = lambda _, line=line: answer_json({"repeated": False, "entries": [line]})  # type: ignore[misc]  # bound now
    case = CaseFile.load(filed.folder)
    with Transport(case.url, "es", lambda _: None) as transport:
        reached = (transport, open_case(transport, case, ROOT), lambda: 1_773_306_000.0, filed.folder)
        steps: dict[str, Callable[[], Step]] = {
            "petition_withdrawn": lambda: withdraw(*reached),
            "access_suspended": lambda: suspend(*reached, suspended=True),
            "access_restored": lambda: suspend(*reached, suspended=False),
        }
        assert not steps.pop(kind)().repeated
        for step in steps.values():
            with pytest.raises(TamperingError, match="unproved"):
                step()
