"""`resguardo key new`."""

import stat
from collections.abc import Callable
from pathlib import Path

from app.client.keyring import load_root
from crypto.keys import standing_keys
from crypto.secret import SecretBytes
from tests.cli.conftest import Run

Resguardo = Callable[..., Run]
PASSPHRASE = "una frase bastante larga"


def test_new_words_are_written_and_not_shown(resguardo: Resguardo, tmp_path: Path) -> None:
    """A terminal keeps what scrolled by; the file is the only place."""
    folder = tmp_path / "key"
    run = resguardo("key", "new", "--out", folder)
    assert run.status == 0
    assert stat.S_IMODE((folder / "words.txt").stat().st_mode) == 0o600
    root = load_root(folder, lambda: SecretBytes(b""))
    assert (folder / "holder.txt").read_text().strip() == standing_keys(root).recipient
    words = [line for line in (folder / "words.txt").read_text().splitlines() if line[:2].strip().isdigit()]
    assert words
    assert not any(line.strip() in run.out + run.err for line in words)


def test_two_keys_differ(resguardo: Resguardo, tmp_path: Path) -> None:
    """Randomness is the system's."""
    for name in ("a", "b"):
        assert resguardo("key", "new", "--out", tmp_path / name).status == 0
    assert (tmp_path / "a" / "holder.txt").read_text() != (tmp_path / "b" / "holder.txt").read_text()


def test_words_are_not_written_over(resguardo: Resguardo, tmp_path: Path) -> None:
    """A second try in the same folder changes nothing."""
    resguardo("key", "new", "--out", tmp_path)
    before = (tmp_path / "words.txt").read_bytes()
    run = resguardo("key", "new", "--out", tmp_path)
    assert run.status == 2
    assert (tmp_path / "words.txt").read_bytes() == before


def test_a_protected_key_leaves_no_words(resguardo: Resguardo, tmp_path: Path) -> None:
    """With --protect only the sealed file exists."""
    run = resguardo(
        "key", "new", "--out", tmp_path, "--protect", "--lang", "fr", env={"RESGUARDO_PASSPHRASE": PASSPHRASE}
    )
    assert run.status == 0
    assert {path.name for path in tmp_path.iterdir()} == {"key.age", "holder.txt"}
    root = load_root(tmp_path, lambda: SecretBytes(PASSPHRASE.encode()))
    assert (tmp_path / "holder.txt").read_text().strip() == standing_keys(root).recipient


def test_a_passphrase_comes_from_a_program(resguardo: Resguardo, tmp_path: Path) -> None:
    """A program writes it to standard input; without one the command says what it needs."""
    assert resguardo("key", "new", "--out", tmp_path / "a", "--protect", typed=PASSPHRASE + "\n").status == 0
    run = resguardo("key", "new", "--out", tmp_path / "b", "--protect")
    assert run.status == 2
    assert "RESGUARDO_PASSPHRASE" in run.err
    assert not (tmp_path / "b").exists()


def test_a_short_passphrase_is_refused(resguardo: Resguardo, tmp_path: Path) -> None:
    """Nothing is written under one that is guessed in an afternoon."""
    run = resguardo("key", "new", "--out", tmp_path / "a", "--protect", env={"RESGUARDO_PASSPHRASE": "hola"})
    assert run.status == 2
    assert not (tmp_path / "a").exists()
