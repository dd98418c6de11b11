"""Words and key files as people keep them."""

from pathlib import Path

import pytest

from app.client.errors import FolderError, WordsError
from app.client.keyring import (
    check_passphrase,
    has_key,
    load_root,
    new_root,
    read_words,
    require_empty,
    words_text,
    write_holder,
    write_protected,
    write_words,
)
from crypto import phrase
from crypto.keys import standing_keys
from crypto.secret import SecretBytes

ROOT = SecretBytes(bytes(range(16)))


def no_passphrase() -> SecretBytes:
    """Fail: no passphrase may be asked for."""
    raise AssertionError("nobody is asked")


def counting(size: int) -> bytes:
    """Return bytes that stand for random ones."""
    return bytes(range(size))


@pytest.mark.parametrize("language", phrase.LANGUAGES)
def test_words_written_are_words_read(tmp_path: Path, language: str) -> None:
    """The file that was written opens what was sealed, in each language."""
    path = write_words(tmp_path, ROOT, language)
    assert load_root(tmp_path, no_passphrase).reveal() == ROOT.reveal()
    assert load_root(path, no_passphrase).reveal() == ROOT.reveal()
    assert f"· {language}\n" in path.read_text()


def test_words_stand_numbered_in_rows_of_four() -> None:
    """Twelve words, three rows, so that they can be copied by hand without losing the place."""
    rows = [line for line in words_text(ROOT, "es").splitlines() if line and not line.startswith("#")]
    assert [row.count(".") for row in rows] == [4, 4, 4]
    assert rows[2].startswith(" 9. ")


def test_words_are_read_as_people_write_them() -> None:
    """Capitals, missing accents, commas, line breaks, four letters."""
    words = phrase.words(ROOT, "es")
    assert read_words(" \n".join(word.upper() for word in words)).reveal() == ROOT.reveal()
    assert read_words(", ".join(word[:4] for word in words)).reveal() == ROOT.reveal()


def test_a_wrong_word_is_named_by_its_place_only() -> None:
    """The error says which word and what may be meant, and repeats none of the others."""
    words = phrase.words(ROOT, "es")
    with pytest.raises(WordsError) as refused:
        read_words(" ".join([*words[:6], "zzzzqx", *words[7:]]))
    shown = refused.value.text("en") + str(refused.value) + repr(refused.value.params)
    assert "7" in shown
    assert not any(word in shown for word in [*words, "zzzzqx"])


@pytest.mark.parametrize("text", ["", "uno dos", "# solo un comentario"])
def test_too_few_words_are_refused(text: str) -> None:
    """Twelve, no fewer."""
    with pytest.raises(WordsError) as refused:
        read_words(text)
    assert refused.value.code == "words_count"


def test_swapped_words_are_noticed() -> None:
    """The checksum finds words that exist but do not belong together."""
    words = phrase.words(ROOT, "es")
    with pytest.raises(WordsError) as refused:
        read_words(" ".join([words[11], *words[1:11], words[0]]))
    assert refused.value.code == "words_checksum"


def test_a_protected_key_needs_its_passphrase(tmp_path: Path) -> None:
    """The words never reach the disk; another passphrase opens nothing."""
    path = write_protected(tmp_path, ROOT, "es", SecretBytes(b"una frase larga"), counting)
    assert not any(word in path.read_text() for word in phrase.words(ROOT, "es") if len(word) > 4)
    assert load_root(tmp_path, lambda: SecretBytes(b"una frase larga")).reveal() == ROOT.reveal()
    with pytest.raises(WordsError) as refused:
        load_root(tmp_path, lambda: SecretBytes(b"otra frase larga"))
    assert refused.value.code == "passphrase_wrong"


def test_a_damaged_key_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    """Not "wrong passphrase", after which people try passphrases for an hour."""
    (tmp_path / "key.age").write_text("-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n")
    with pytest.raises(WordsError) as refused:
        load_root(tmp_path, lambda: SecretBytes(b"x"))
    assert refused.value.code == "key_unreadable"
    (tmp_path / "key.age").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WordsError):
        load_root(tmp_path, no_passphrase)


def test_keys_are_never_written_over(tmp_path: Path) -> None:
    """A second `key new` in the same place would lose every case of the first."""
    require_empty(tmp_path)
    write_words(tmp_path, ROOT, "es")
    with pytest.raises(FolderError):
        require_empty(tmp_path)
    assert has_key(tmp_path)


def test_the_holder_file_is_what_others_need(tmp_path: Path) -> None:
    """One line: the public key that others give as --holder."""
    assert write_holder(tmp_path, ROOT).read_text() == standing_keys(ROOT).recipient + "\n"


def test_a_short_passphrase_is_refused() -> None:
    """Whoever steals the file guesses offline."""
    with pytest.raises(WordsError):
        check_passphrase(SecretBytes(b"short"))


def test_no_key_is_said(tmp_path: Path) -> None:
    """An empty folder has no words."""
    with pytest.raises(WordsError) as refused:
        load_root(tmp_path, no_passphrase)
    assert refused.value.code == "no_key"


def test_a_root_has_128_bits() -> None:
    """As many as twelve words say."""
    assert new_root(counting).reveal() == bytes(range(16))
