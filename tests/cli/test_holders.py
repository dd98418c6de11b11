"""Holders come and go: with the real portal, its database in hand, and everything that the one who left had before."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.client.case import CaseFile
from app.client.errors import NetworkError, TamperingError, WordsError
from app.client.keyring import load_root
from app.client.opening import fetch_contents, open_case
from app.client.signin import signed_in
from app.client.transport import Transport
from crypto.digest import sha256_hex
from crypto.errors import AgeError
from crypto.keys import holder_keys, parse_genesis, standing_keys
from crypto.opening import HybridIdentity, open_bytes
from crypto.secret import SecretBytes
from tests.cli.conftest import Run
from tests.cli.test_questions import WORDS, asks
from tests.cli.test_supplement import additions, story, supplement
from tests.client.cases import LETTER, write_petition
from tests.portal import RunningPortal
from tests.staff import enrol

Resguardo = Callable[..., Run]


@dataclass
class Shared:
    """A case of two holders: the filer's folder and words, the colleague's."""

    portal: RunningPortal
    case: Path
    theirs: Path
    key: Path


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[RunningPortal]:
    """A portal whose data folder this test looks into."""
    served = RunningPortal(tmp_path / "data").start()
    yield served
    served.stop()


@pytest.fixture
def shared(resguardo: Resguardo, portal: RunningPortal, tmp_path: Path) -> Shared:
    """File with a colleague as second holder."""
    key, case, theirs = tmp_path / "colleague", tmp_path / "case", tmp_path / "theirs"
    resguardo("key", "new", "--out", key)
    petition = write_petition(tmp_path / "petition", letter=LETTER * 40_000)
    holder = key / "holder.txt"
    run = resguardo("file", petition, "--portal", portal.url, "--out", case, "--holder", holder, "--yes")
    assert run.status == 0, run.err
    theirs.mkdir()
    shutil.copy(case / "case.json", theirs)
    return Shared(portal, case, theirs, key)


def change(resguardo: Resguardo, *arguments: object) -> Any:
    """Run a verb of `holders` and return its answer."""
    run = resguardo("holders", *arguments, "--yes", "--json")
    assert run.status == 0, run.err
    return run.json()


def ask(resguardo: Resguardo, shared: Shared) -> bytes:
    """Have the office ask something that nobody fetches; return the ciphertext."""
    assert resguardo("acknowledged", "--case", shared.case, "--date", "2026-03-12", "--ref", "OTLA-4").status == 0
    ana = enrol(shared.portal, "Ana", "reviewer")
    ana.sign_in()
    number = CaseFile.load(shared.case).case
    assert shared.portal.cli("staff", "assign", ana.name, number).returncode == 0
    assert asks(ana, number).status_code == 303
    return bytes(shared.portal.rows("SELECT body FROM message")[0].body)


def holders(resguardo: Resguardo, case: Path, *more: object) -> Any:
    """List holders."""
    run = resguardo("holders", "list", "--case", case, *more, "--json")
    assert run.status == 0, run.err
    return run.json()


def everything(portal: RunningPortal) -> bytes:
    """Return every byte of the portal's database and blobs; on PostgreSQL the rows, whose old versions are its own."""
    files = [path.read_bytes() for path in sorted(portal.data.rglob("*")) if path.is_file()]
    return b"".join([*files, *portal.table_bytes().values()])


def ciphertexts(case: Path, root: SecretBytes) -> dict[str, bytes]:
    """Return every ciphertext of a case, as a holder may have copied them."""
    kept = CaseFile.load(case)
    with Transport(kept.url, "es", lambda _: None) as transport:
        opened = open_case(transport, kept, root)
        with signed_in(transport, opened, time.time):
            return {
                item.sha256: transport.get(f"/api/v1/case/objects/{item.sha256}", item.size)
                for item in opened.manifest.objects
            }


def test_rehearsal_proves_and_changes_nothing(resguardo: Resguardo, shared: Shared) -> None:
    """The second holder opens the key on their machine; no sign-in, so no entry, and nothing but the key is fetched."""
    run = resguardo("holders", "rehearse", "--case", shared.theirs, "--key", shared.key, "--json")
    assert run.status == 0, run.err
    assert (run.json()["opens"], run.json()["version"]) == (True, 1)
    other = resguardo("key", "new", "--out", shared.key.parent / "stranger")
    assert other.status == 0
    run = resguardo("holders", "rehearse", "--case", shared.theirs, "--key", shared.key.parent / "stranger", "--json")
    assert run.json()["error"]["code"] == "words_wrong"
    history = resguardo("history", "--case", shared.case, "--json").json()
    assert [line["kind"] for line in history] == ["petition_received", "case_opened"], "only the history's own sign-in"


def test_somebody_is_added(resguardo: Resguardo, shared: Shared, tmp_path: Path) -> None:
    """A third person opens with words of their own; nothing but the case key was sealed again."""
    resguardo("key", "new", "--out", tmp_path / "third")
    before = holders(resguardo, shared.case)
    answer = change(resguardo, "add", tmp_path / "third" / "holder.txt", "--case", shared.case)
    assert answer["version"] == 2
    listed = holders(resguardo, shared.case)
    assert (len(before), len(listed)) == (2, 3)
    assert [one["own"] for one in listed].count(True) == 1
    assert len(story(resguardo, shared.theirs, "--key", tmp_path / "third")["witnesses"]) == 2
    run = resguardo("holders", "add", tmp_path / "third" / "holder.txt", "--case", shared.case, "--yes", "--json")
    assert run.json()["error"]["code"] == "holder_twice"


def test_a_removed_holder_opens_nothing_written_later(resguardo: Resguardo, shared: Shared, tmp_path: Path) -> None:
    """With words, case.json and every ciphertext of before, and with the server's whole data of after (law L8).

    A question that was asked before, and that they did not fetch, is among it.
    """
    asked = ask(resguardo, shared)
    root = load_root(shared.key, lambda: SecretBytes(b""))
    copied = ciphertexts(shared.theirs, root)
    question = sha256_hex(asked)
    kept = CaseFile.load(shared.theirs)
    with Transport(kept.url, "es", lambda _: None) as transport:
        opened = open_case(transport, kept, root)
    number = next(str(one["number"]) for one in holders(resguardo, shared.case) if not one["own"])
    answer = change(resguardo, "remove", number, "--case", shared.case, "--new-code")
    assert answer["status_code"] != kept.status_code
    supplement(resguardo, "--case", shared.case, "--add", additions(tmp_path / "new"))
    assert len(story(resguardo, shared.case, "--files", tmp_path / "files")["witnesses"]) == 3
    assert (tmp_path / "files" / "carta.pdf").read_bytes() == LETTER * 40_000

    (told,) = resguardo("messages", "--case", shared.case, "--json").json()
    assert (told["text"], told["state"]) == (WORDS, "WAITING")
    log = resguardo("history", "--case", shared.case, "--json").json()
    assert any(line["detail"].endswith(f"sha256 {question}") for line in log if line["kind"] == "question_asked")

    # with what they had: neither the code, nor the words, nor the sign-in key of before
    with Transport(kept.url, "es", lambda _: None) as transport:
        with pytest.raises(NetworkError, match="case_not_found"):
            open_case(transport, kept, root)
        known = replace(kept, status_code=answer["status_code"])
        with pytest.raises(WordsError, match="words_wrong"):
            open_case(transport, known, root)
        with pytest.raises(NetworkError, match="sign_in"), signed_in(transport, opened, time.time):
            pass

    # with the server's data of after: every key of theirs on every ciphertext there is
    shared.portal.stop()
    stored = shared.portal.rows
    parts = {row.sha256: bytes(row.data) for row in stored("SELECT sha256, data FROM part WHERE data IS NOT NULL")}
    rows = stored("SELECT kind, parts FROM sealed_object")
    genesis = parse_genesis(kept.genesis)
    seeds = (holder_keys(root, kept.portal, genesis.nonce).seed, standing_keys(root).seed, opened.seed)
    identities = [HybridIdentity(seed) for seed in seeds]
    assert len(rows) > 6
    assert "message" in [kind for kind, _ in rows]
    assert [(row.epoch, bytes(row.body)) for row in stored("SELECT epoch, body FROM message")] == [(2, b"")]
    for kind, names in rows:
        pieces = [
            parts.get(name) or (shared.portal.data / "blobs" / name[:2] / name).read_bytes() for name in names.split()
        ]
        with pytest.raises(AgeError):
            open_bytes(b"".join(pieces), identities)
        assert kind

    # what they copied is not among the server's bytes any more: not in rows, pages, write-ahead file or blobs
    left = everything(shared.portal)
    assert asked[200:264] not in left
    notes = "".join(row.note for row in stored("SELECT note FROM manifest"))
    for sha256, ciphertext in copied.items():
        assert ciphertext[200:264] not in left, "before vacuum"
        assert sha256 in notes, "old manifests stay"
    shared.portal.vacuum()
    left = everything(shared.portal)
    assert not any(ciphertext[200:264] in left for ciphertext in copied.values())


@pytest.mark.long
def test_a_fork_by_whoever_left_is_refused(resguardo: Resguardo, shared: Shared) -> None:
    """They still have the old signer: the portal knows another, and so does each machine that saw the new epoch."""
    root = load_root(shared.key, lambda: SecretBytes(b""))
    old = CaseFile.load(shared.theirs)
    with Transport(old.url, "es", lambda _: None) as transport:
        opened = open_case(transport, old, root)
    number = next(str(one["number"]) for one in holders(resguardo, shared.case) if not one["own"])
    change(resguardo, "remove", number, "--case", shared.case)
    from app.client.revising import key_of
    from app.client.trust import check_chain
    from app.domain.filing.revising import next_manifest

    key = key_of(opened)
    forged = next_manifest(key, opened.manifest.body, opened.manifest.sha256, {})
    with Transport(old.url, "es", lambda _: None) as transport:
        own = load_root(shared.case, lambda: SecretBytes(b""))
        answer = transport.post(f"/api/v1/cases/{old.case}/key", {"code": old.status_code})
        mine = CaseFile.load(shared.case)
        assert open_case(transport, mine, own).manifest.epoch == 2
    genesis = parse_genesis(old.genesis)
    assert check_chain(mine, genesis, answer["manifests"])[-1].epoch == 2
    with pytest.raises(TamperingError, match="manifest_other"):
        check_chain(mine, genesis, [answer["manifests"][0], forged])
    with pytest.raises(TamperingError, match="manifest"):
        check_chain(old, genesis, [*answer["manifests"], forged])


def test_own_words_are_changed(resguardo: Resguardo, shared: Shared, tmp_path: Path) -> None:
    """The old words open nothing, the new ones everything, the colleague's still do."""
    resguardo("key", "new", "--out", tmp_path / "new")
    case = CaseFile.load(shared.case)
    replace(case, words_from="portal").save(shared.case)
    assert "resguardo holders words" in resguardo("open", "--case", shared.case).err
    answer = change(resguardo, "words", "--case", shared.case, "--new-key", tmp_path / "new", "--new-code")
    assert answer["status_code"] != case.status_code
    assert CaseFile.load(shared.case).words_from == "device"
    run = resguardo("open", "--case", shared.case, "--json")
    assert run.json()["error"]["code"] == "words_wrong"
    assert len(story(resguardo, shared.case, "--key", tmp_path / "new")["witnesses"]) == 2
    shutil.copy(shared.case / "case.json", shared.theirs)
    assert len(story(resguardo, shared.theirs, "--key", shared.key)["witnesses"]) == 2
    number = json.loads((shared.case / "case.json").read_text())["case"]
    run = resguardo("open", "--case", number, "--portal", shared.portal.url, "--key", tmp_path / "new", "--json")
    assert len(run.json()["witnesses"]) == 2, "new words and the case number are enough"


@pytest.mark.parametrize("when", ["after", pytest.param("before", marks=pytest.mark.long)])
def test_a_break_while_somebody_is_removed(
    resguardo: Resguardo, shared: Shared, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The answer is lost: the next run finds out which code and key hold, and ends with one receipt."""
    real = Transport.post

    def post(self: Transport, path: str, *rest: Any, **more: Any) -> Any:
        if path != "/api/v1/case/revisions":
            return real(self, path, *rest, **more)
        if when == "after":
            real(self, path, *rest, **more)
        raise NetworkError("unreachable", host="portal")

    number = next(str(one["number"]) for one in holders(resguardo, shared.case) if not one["own"])
    monkeypatch.setattr(Transport, "post", post)
    run = resguardo("holders", "remove", number, "--case", shared.case, "--new-code", "--yes", "--json")
    assert run.status == 2
    monkeypatch.undo()
    change(resguardo, "remove", number, "--case", shared.case, "--new-code")
    assert len(holders(resguardo, shared.case)) == 1
    opened = resguardo("open", "--case", shared.case, "--json")
    assert opened.status == 0, opened.err


def test_contents_come_sealed_only(resguardo: Resguardo, shared: Shared) -> None:
    """The new epoch's objects are what the old ones were: the same marks, the same bodies."""
    root = load_root(shared.case, lambda: SecretBytes(b""))
    before = pieces(shared.case, root)
    number = next(str(one["number"]) for one in holders(resguardo, shared.case) if not one["own"])
    change(resguardo, "remove", number, "--case", shared.case)
    assert pieces(shared.case, root) == before


def pieces(case: Path, root: SecretBytes) -> list[tuple[str, str, str]]:
    """Return what every sealed object but the files holds."""
    kept = CaseFile.load(case)
    with Transport(kept.url, "es", lambda _: None) as transport:
        opened = open_case(transport, kept, root)
        with signed_in(transport, opened, time.time):
            found = fetch_contents(transport, opened).pieces
    return sorted((piece.kind, piece.record, json.dumps(piece.content)) for piece in found)
