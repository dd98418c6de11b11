"""The case folder on disk."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from app.client.case import CaseFile
from app.client.errors import FolderError
from app.client.folder import make_folder, read_file, write_file

CASE = CaseFile(
    state="filed",
    portal="portal.invalid",
    url="https://portal.example",
    case="a" * 26,
    status_code="AAAA-AAAA-AAAA-AAAA-AAAA-AAAA",
    log_origin="portal.invalid/log",
    log_vkey="k",
    statement_vkey="s",
    genesis="g",
    manifest_sha256="0" * 64,
    manifest_version=1,
    entry_index=7,
    language="es",
)


def mode(path: Path) -> int:
    """Return a path's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_and_files_are_their_owners_alone(tmp_path: Path) -> None:
    """Nobody else on a shared machine reads words or cases, whatever the umask."""
    folder = tmp_path / "new" / "case"
    make_folder(folder)
    write_file(folder / "words.txt", b"x")
    assert (mode(folder), mode(folder / "words.txt")) == (0o700, 0o600)


def test_an_open_folder_is_closed(tmp_path: Path) -> None:
    """A folder that others could enter no longer lets them."""
    tmp_path.chmod(0o755)
    make_folder(tmp_path)
    assert mode(tmp_path) == 0o700


def test_a_link_laid_beside_is_not_followed(tmp_path: Path) -> None:
    """Whoever can lay a link cannot have words written elsewhere."""
    victim = tmp_path / "victim"
    victim.write_text("keep")
    (tmp_path / ".words.txt.new").symlink_to(victim)
    write_file(tmp_path / "words.txt", b"secret")
    assert victim.read_text() == "keep"
    assert (tmp_path / "words.txt").read_bytes() == b"secret"


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in the middle shows the old content, never half of the new."""
    path = tmp_path / "case.json"
    write_file(path, b"old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(FolderError) as refused:
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert "No space left" in refused.value.text("en")


def test_a_file_beyond_its_limit_is_not_read(tmp_path: Path) -> None:
    """A prepared case folder does not fill the memory."""
    (tmp_path / "x").write_bytes(b"123456")
    with pytest.raises(FolderError):
        read_file(tmp_path / "x", 5)


def test_case_json_comes_back_as_it_was(tmp_path: Path) -> None:
    """What is kept is what was pinned."""
    CASE.save(tmp_path)
    assert CaseFile.load(tmp_path) == CASE
    assert json.loads((tmp_path / "case.json").read_text())["format"] == "resguardo/case/v1"


def test_a_copy_without_our_additions_is_read(tmp_path: Path) -> None:
    """A case.json with the fields of the format alone is a filed case at its first manifest."""
    CASE.save(tmp_path)
    body = json.loads((tmp_path / "case.json").read_text())
    del body["state"], body["manifest_version"]
    (tmp_path / "case.json").write_text(json.dumps(body))
    assert CaseFile.load(tmp_path) == CASE


def test_a_telephones_files_are_a_case_folder(tmp_path: Path) -> None:
    """Law L7: under the names that a phone gave, one file holds case and receipt; of two cases none is guessed."""
    CASE.save(tmp_path)
    body = json.loads((tmp_path / "case.json").read_text()) | {"receipt": "a receipt"}
    (tmp_path / "case.json").rename(tmp_path / "caso-x7k2.json")
    (tmp_path / "caso-x7k2.json").write_text(json.dumps(body))
    (tmp_path / "lista.json").write_text("[1, 2]")
    assert CaseFile.load(tmp_path) == CASE
    assert (tmp_path / "receipt.tlog-proof").read_text() == "a receipt"
    (tmp_path / "receipt.tlog-proof").write_text("kept")
    assert CaseFile.load(tmp_path) == CASE
    assert (tmp_path / "receipt.tlog-proof").read_text() == "kept"
    (tmp_path / "case.json").rename(tmp_path / "caso-b3c4.json")
    with pytest.raises(FolderError) as refused:
        CaseFile.load(tmp_path)
    assert refused.value.code == "not_a_case"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": "resguardo/case/v2"}, "case_newer"),
        ({"state": "other"}, "case_unreadable"),
        ({"case": 5}, "case_unreadable"),
        ({"entry_index": "7"}, "case_unreadable"),
        ({"language": "xx"}, "case_unreadable"),
    ],
)
def test_a_changed_case_json_is_refused(tmp_path: Path, change: dict[str, object], code: str) -> None:
    """A damaged or later file is said to be so, and nothing is guessed."""
    CASE.save(tmp_path)
    body = json.loads((tmp_path / "case.json").read_text()) | change
    (tmp_path / "case.json").write_text(json.dumps(body))
    with pytest.raises(FolderError) as refused:
        CaseFile.load(tmp_path)
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", "[" * 100_000])
def test_a_torn_case_json_is_refused(tmp_path: Path, text: str) -> None:
    """Whatever stands there, there is no traceback."""
    (tmp_path / "case.json").write_text(text)
    with pytest.raises(FolderError):
        CaseFile.load(tmp_path)


def test_an_unconfirmed_case_says_so(tmp_path: Path) -> None:
    """A pending case is not opened; the words say what to do."""
    replace(CASE, state="pending", entry_index=None).save(tmp_path)
    with pytest.raises(FolderError) as refused:
        CaseFile.load(tmp_path).require_filed()
    assert "resguardo file" in refused.value.text("en")
