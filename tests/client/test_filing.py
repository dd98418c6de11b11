"""Filing: nothing is lost, nothing is filed twice, nothing leaves unsealed (laws L2, L7)."""

import json
import os
from pathlib import Path

import pytest

from app.client.case import CaseFile
from app.client.errors import FolderError, NetworkError, TamperingError
from app.client.filing import DiskFile, Pending, evidence_files, existing, seal_into, send
from app.client.portal import check_pinned, fetch_portal
from app.client.transport import RefusedError, Transport
from app.domain.filing import Review, prepare
from app.domain.petition import load
from tests.client.cases import PETITION, ROOT, Filed, write_petition
from tests.client.loopback import Answer, LoopbackPortal, altered, problem

FILING = "/api/v1/petitions"


def sealed(portal: LoopbackPortal, folder: Path, letter: bytes = b"x" * 100) -> tuple[CaseFile, Pending]:
    """Seal the petition into a folder; nothing is sent."""
    path = write_petition(folder.parent / "petition", letter=letter)
    loaded = load(path.read_bytes())
    with Transport(portal.url, "es", lambda _: None) as transport:
        keys = fetch_portal(transport)
    return seal_into(
        folder,
        keys=keys,
        url=portal.url,
        prepared=prepare(keys.name, ROOT, [], os.urandom),
        settled=Review(loaded.petition, "es", os.urandom).settle(careful=True),
        files=evidence_files(loaded.petition, path.parent),
        petition=path.read_bytes(),
        language="es",
        random=os.urandom,
    )


def sent(portal: LoopbackPortal, folder: Path) -> CaseFile:
    """Send what a folder holds."""
    case = existing(folder)
    assert case is not None
    with Transport(portal.url, "es", lambda _: None) as transport:
        return send(transport, folder, case, Pending.load(folder), lambda _done, _total: None)[0]


def files_of(folder: Path) -> set[str]:
    """Return the names in a folder."""
    return {path.name for path in folder.iterdir()}


def test_a_filed_case_keeps_what_is_needed(filed: Filed) -> None:
    """case.json, receipt, words; the sealed copy is gone."""
    assert files_of(filed.folder) == {"case.json", "receipt.tlog-proof", "words.txt"}
    assert filed.case.state == "filed"
    assert filed.case.entry_index == 0


def test_before_anything_is_sent_everything_is_on_disk(portal: LoopbackPortal, tmp_path: Path) -> None:
    """A crash here loses nothing: state, ciphertext and manifest are written first."""
    case, _ = sealed(portal, tmp_path / "case")
    assert CaseFile.load(tmp_path / "case") == case
    assert case.state == "pending"
    assert {name for _, name in portal.seen} == {"/api/v1/portal"}


def test_a_lost_answer_loses_nothing(portal: LoopbackPortal, tmp_path: Path) -> None:
    """The portal took it and the line broke: the same bytes again bring the same receipt, once."""
    sealed(portal, tmp_path / "case")
    portal.drops = 100
    with pytest.raises(NetworkError):
        sent(portal, tmp_path / "case")
    portal.drops = 0
    calls = {body for body in portal.bodies if body.startswith(b'{"genesis"')}
    case = sent(portal, tmp_path / "case")
    assert len(calls) == 1
    assert case.entry_index == 0
    assert len(portal.entries) == 1


def test_a_dropped_answer_is_asked_for_again(portal: LoopbackPortal, tmp_path: Path) -> None:
    """A short break is not even noticed."""
    sealed(portal, tmp_path / "case")
    portal.drops = 2
    assert sent(portal, tmp_path / "case").state == "filed"
    assert len(portal.entries) == 1


def test_large_files_go_in_parts(portal: LoopbackPortal, tmp_path: Path) -> None:
    """A file of 9 MB travels in sealed parts of at most 4 MiB, each under its hash, again after a break."""
    letter = os.urandom(9_000_000)
    _, pending = sealed(portal, tmp_path / "case", letter)
    assert len(pending.uploads) == 4  # 16 MiB padded; what age adds is small and travels in the call
    portal.drops = 100
    with pytest.raises(NetworkError):
        sent(portal, tmp_path / "case")
    portal.drops = 0
    portal.uploads.clear()
    sent(portal, tmp_path / "case")
    assert set(portal.uploads) == set(pending.uploads)
    assert max(len(part) for part in portal.uploads.values()) == 4 * 1024 * 1024
    assert not any(letter[at : at + 32] in part for part in portal.uploads.values() for at in (0, 5_000_000))


def test_a_part_changed_on_disk_is_not_sent(portal: LoopbackPortal, tmp_path: Path) -> None:
    """Somebody at the folder cannot have other bytes filed."""
    _, pending = sealed(portal, tmp_path / "case", os.urandom(1_000_000))
    (tmp_path / "case" / "pending" / pending.uploads[0]).write_bytes(b"other")
    with pytest.raises(FolderError):
        sent(portal, tmp_path / "case")
    assert not portal.uploads


def test_a_final_refusal_frees_the_folder(portal: LoopbackPortal, tmp_path: Path) -> None:
    """The portal's guard says no: nothing was stored, and the same folder can be used after mending."""
    sealed(portal, tmp_path / "case")
    portal.lies[FILING] = lambda _: problem(422, "record_guard")
    with pytest.raises(RefusedError):
        sent(portal, tmp_path / "case")
    assert existing(tmp_path / "case") is None
    assert not files_of(tmp_path / "case")


@pytest.mark.parametrize("status", [401, 403, 404, 409, 429, 500, 503])
def test_any_other_refusal_keeps_everything(portal: LoopbackPortal, tmp_path: Path, status: int) -> None:
    """Whether it was taken is not known then."""
    sealed(portal, tmp_path / "case")
    portal.lies[FILING] = lambda _: problem(status, "x")
    with pytest.raises(NetworkError):
        sent(portal, tmp_path / "case")
    del portal.lies[FILING]
    assert sent(portal, tmp_path / "case").state == "filed"


def other_receipt(answer: dict[str, str]) -> None:
    """Change the receipt's proof."""
    answer["receipt"] = answer["receipt"].replace("index 0", "index 1")


@pytest.mark.parametrize(
    "change",
    [
        other_receipt,
        lambda answer: answer.update(case="b" * 26),
        lambda answer: answer.update(entry_index=5),
        lambda answer: answer.update(receipt="x"),
    ],
)
def test_a_false_receipt_is_not_a_receipt(portal: LoopbackPortal, tmp_path: Path, change: object) -> None:
    """It is kept as evidence, the case stays unconfirmed, and it can be filed again."""
    sealed(portal, tmp_path / "case")
    portal.lies[FILING] = altered(change)  # type: ignore[arg-type]  # the table holds functions of one shape
    with pytest.raises(TamperingError):
        sent(portal, tmp_path / "case")
    assert "receipt.tlog-proof" in files_of(tmp_path / "case")
    del portal.lies[FILING]
    assert sent(portal, tmp_path / "case").state == "filed"


def test_a_receipt_for_another_manifest_is_refused(portal: LoopbackPortal, tmp_path: Path) -> None:
    """A perfect receipt of another petition does not confirm this one."""
    sealed(portal, tmp_path / "other")
    sent(portal, tmp_path / "other")
    honest = portal.answer("POST", FILING, next(body for body in portal.bodies if body.startswith(b'{"genesis"')))
    sealed(portal, tmp_path / "case")

    def same_again(answer: Answer) -> Answer:
        body = json.loads(answer[2]) | {"receipt": json.loads(honest[2])["receipt"]}
        return answer[0], answer[1], json.dumps(body).encode()

    portal.lies[FILING] = same_again
    with pytest.raises(TamperingError):
        sent(portal, tmp_path / "case")


def test_a_receipt_by_another_key_is_refused(portal: LoopbackPortal, tmp_path: Path) -> None:
    """Keys are pinned when the portal is first met, before the filing."""
    sealed(portal, tmp_path / "case")
    with LoopbackPortal(seed=bytes([5]) * 32) as other:
        portal.log, portal.statements = other.log, other.statements
    with pytest.raises(TamperingError):
        sent(portal, tmp_path / "case")


def test_a_key_given_beforehand_is_demanded(portal: LoopbackPortal) -> None:
    """With --portal-key a portal with another key is refused before anything is read to it."""
    with Transport(portal.url, "es", lambda _: None) as transport:
        keys = fetch_portal(transport)
    check_pinned(keys, [portal.log.vkey])
    check_pinned(keys, [portal.statements.vkey])
    with LoopbackPortal(seed=bytes([5]) * 32) as other, pytest.raises(TamperingError):
        check_pinned(keys, [other.log.vkey])


@pytest.mark.parametrize(
    "change",
    [
        {"log_vkey": "x"},
        {"log_origin": "other/log"},
        {"name": "two words"},
        {"name": None},
        {"deployment": "palace"},
        {"statement_vkey": 7},
    ],
)
def test_a_portal_that_describes_itself_wrongly_is_refused(portal: LoopbackPortal, change: dict[str, object]) -> None:
    """Keys are named after the log, names are names."""
    portal.lies["/api/v1/portal"] = altered(lambda answer: answer.update(change))
    with Transport(portal.url, "es", lambda _: None) as transport, pytest.raises(NetworkError):
        fetch_portal(transport)


def test_a_filed_folder_is_not_used_again(filed: Filed) -> None:
    """One folder, one case."""
    with pytest.raises(FolderError) as refused:
        existing(filed.folder)
    assert refused.value.code == "folder_used"


def test_a_missing_evidence_file_is_said_first(tmp_path: Path) -> None:
    """Before the portal hears anything."""
    with pytest.raises(FolderError) as refused:
        evidence_files(load(PETITION.encode()).petition, tmp_path)
    assert "carta.pdf" in refused.value.text("en")


def test_an_evidence_file_is_closed_after_reading(tmp_path: Path) -> None:
    """A thousand files do not exhaust the machine."""
    (tmp_path / "x").write_bytes(b"abc")
    reader = DiskFile(tmp_path / "x").open()
    assert reader.read(10) == b"abc"
    assert reader.read(10) == b""
    assert reader.read(10) == b""


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "resguardo/pending/v1"}'])
def test_a_torn_sealed_copy_is_said(tmp_path: Path, text: str) -> None:
    """The person is told to keep the folder, not shown a traceback."""
    (tmp_path / "pending.json").write_text(text)
    with pytest.raises(FolderError):
        Pending.load(tmp_path)


def test_no_plaintext_touches_the_disk(portal: LoopbackPortal, tmp_path: Path) -> None:
    """While a petition waits, its folder holds ciphertext and the redacted record only."""
    folder = tmp_path / "case"
    sealed(portal, folder, b"PLAINTEXT-OF-THE-LETTER " * 40_000)
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in ("PLAINTEXT", "Ximena", "Bracamontes", "77123", "carta.pdf"):
        assert secret.encode() not in everything
