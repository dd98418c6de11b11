"""A case filed again with the real portal: tied in both histories, by the keys of both, and only so."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app.client.case import CaseFile
from app.client.keyring import load_root
from app.client.opening import open_case
from app.client.signin import signed_in
from app.client.transport import RefusedError, Transport
from app.client.trust import OpenedCase
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes
from tests.cli.test_supplement import Resguardo, story
from tests.client.cases import LETTER, write_petition
from tests.portal import RunningPortal


@pytest.fixture
def case(resguardo: Resguardo, shared_portal: RunningPortal, tmp_path: Path) -> Path:
    """A case that was filed with new words."""
    petition = write_petition(tmp_path / "petition")
    run = resguardo("file", petition, "--portal", shared_portal.url, "--out", tmp_path / "case", "--yes")
    assert run.status == 0, run.err
    return tmp_path / "case"


def kinds(resguardo: Resguardo, folder: Path, *more: object) -> list[str]:
    """Return what a history says of refiling."""
    lines = resguardo("history", "--case", folder, *more, "--json").json()
    return [line["detail"] for line in lines if line["kind"] == "case_refiled"]


def test_filed_again_from_what_is_sealed(resguardo: Resguardo, case: Path, tmp_path: Path) -> None:
    """Without the petition's file: text, names and files come from the earlier case; twice is once."""
    again = tmp_path / "again"
    for _ in range(2):
        run = resguardo("refile", "--case", case, "--out", again, "--yes", "--json")
        assert run.status == 0, run.err
    answer = run.json()
    assert answer["earlier"] == CaseFile.load(case).case != answer["case"]
    assert kinds(resguardo, case) == [f"refiled as {answer['case']}"]
    words = () if (again / "words.txt").exists() else ("--key", case)
    assert kinds(resguardo, again, *words) == [f"refiled from {answer['earlier']}"]
    assert len(story(resguardo, again, *words, "--files", tmp_path / "files")["witnesses"]) == 2
    assert (tmp_path / "files" / "carta.pdf").read_bytes() == LETTER


def test_nobody_ties_a_strangers_case_to_theirs(
    resguardo: Resguardo,
    case: Path,
    shared_portal: RunningPortal,
    tmp_path: Path,
) -> None:
    """A note that only one of the two has signed, or that names others, is refused."""
    other = tmp_path / "other"
    petition = write_petition(tmp_path / "b")
    assert resguardo("file", petition, "--portal", shared_portal.url, "--out", other, "--yes").status == 0
    mine, theirs = opened(case), opened(other)
    body = {"v": 1, "portal": mine.case.portal, "case": theirs.case.case, "earlier": mine.case.case}
    forged = NoteSigner(f"{mine.case.portal}/case", SecretBytes(bytes(32)))
    for signers, changed in (
        ([mine.signer], {}),
        ([mine.signer, forged], {}),
        ([mine.signer, theirs.signer], {"v": 2}),
        ([mine.signer, theirs.signer], {"earlier": theirs.case.case}),
        ([mine.signer], {"case": mine.case.case}),
    ):
        note = sign_typed(NoteType.LINK, {**body, **changed}, signers)
        with (
            Transport(mine.case.url, "es", lambda _: None) as transport,
            signed_in(transport, mine, time.time),
            pytest.raises(RefusedError) as stopped,
        ):
            transport.post("/api/v1/case/refiled", {"note": note})
        assert stopped.value.problem in {"link", "case_unknown"}
    assert kinds(resguardo, case) == []


def opened(folder: Path) -> OpenedCase:
    """Open a case."""
    kept = CaseFile.load(folder)
    with Transport(kept.url, "es", lambda _: None) as transport:
        return open_case(transport, kept, load_root(folder, lambda: SecretBytes(b"")))
