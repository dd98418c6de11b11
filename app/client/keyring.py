"""The key folder: twelve words on this machine, as plain text or under a passphrase, and what to hand to others.

`words.txt`   twelve numbered words in rows of four (mode 0600), or
`key.age`     the same text under a passphrase: an armored age file, which the `age` program opens too;
`holder.txt`  the public key `age1pq1…` that colleagues give as `--holder`, so that these words open their case too.
"""

import re
from collections.abc import Callable
from pathlib import Path

from app.client.errors import FolderError, WordsError
from app.client.folder import make_folder, read_file, write_text
from app.i18n import N_, t
from crypto import age, opening, phrase
from crypto.errors import AgeError, NoMatchError, PhraseError
from crypto.keys import standing_keys
from crypto.secret import Random, SecretBytes

WORDS_FILE = "words.txt"
PROTECTED_FILE = "key.age"
HOLDER_FILE = "holder.txt"
ROOT_SIZE = 16
SHORTEST_PASSPHRASE = 12
_ROW = 4
_LIMIT = 64 * 1024
_NUMBERING = re.compile(r"\b\d{1,2}\b[.):]?")
_ABOUT_WORDS = N_(
    "Your twelve words. Whoever has them opens your cases; without them nobody does, not even the portal.\n"
    "Copy them by hand, in order, keep the paper where nobody looks, and delete this file."
)

Ask = Callable[[], SecretBytes]


def new_root(random: Random) -> SecretBytes:
    """Return a new root: 128 bits, from which everything that a person holds is derived."""
    return SecretBytes(random(ROOT_SIZE))


def numbered(root: SecretBytes, language: str) -> str:
    """Return the twelve words of a root, numbered, in rows of four."""
    cells = [f"{place:2}. {word:<12}" for place, word in enumerate(phrase.words(root, language), start=1)]
    rows = ("".join(cells[start : start + _ROW]).rstrip() for start in range(0, len(cells), _ROW))
    return "".join(f"{row}\n" for row in rows)


def words_text(root: SecretBytes, language: str) -> str:
    """Return what words.txt holds: what it is, the language, the words."""
    about = "".join(f"# {line}\n" for line in t(language, _ABOUT_WORDS).split("\n"))
    return f"# resguardo · {language}\n{about}\n{numbered(root, language)}"


def read_words(text: str) -> SecretBytes:
    """Return the root of twelve words, however they were written down: numbered, in rows, without accents.

    Raises:
        WordsError: with the place of the word at fault and words near to it, never the words given.
    """
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    try:
        return phrase.root(_NUMBERING.sub(" ", " ".join(lines)))
    except PhraseError as error:
        raise _explained(error) from None


def _explained(error: PhraseError) -> WordsError:
    if error.reason == "word":
        suggestions = ", ".join(error.suggestions)
        code = "words_word" if suggestions else "words_unknown"
        return WordsError(code, position=error.position, suggestions=suggestions)
    return WordsError(f"words_{error.reason}")


def require_empty(folder: Path) -> None:
    """Raises `FolderError` when a folder holds words or a key already: they are never written over."""
    if any((folder / name).exists() for name in (WORDS_FILE, PROTECTED_FILE, HOLDER_FILE)):
        raise FolderError("keys_present", path=str(folder))


def write_words(folder: Path, root: SecretBytes, language: str) -> Path:
    """Write words.txt and return its path."""
    make_folder(folder)
    write_text(folder / WORDS_FILE, words_text(root, language))
    return folder / WORDS_FILE


def write_protected(folder: Path, root: SecretBytes, language: str, passphrase: SecretBytes, random: Random) -> Path:
    """Write key.age under a passphrase and return its path; the words never reach the disk."""
    make_folder(folder)
    content = words_text(root, language).encode()
    sealed = age.seal(content, [age.ScryptRecipient(passphrase)], random=random)
    write_text(folder / PROTECTED_FILE, age.armor(sealed))
    return folder / PROTECTED_FILE


def write_holder(folder: Path, root: SecretBytes) -> Path:
    """Write holder.txt, which is public, and return its path."""
    write_text(folder / HOLDER_FILE, f"{standing_keys(root).recipient}\n")
    return folder / HOLDER_FILE


def check_passphrase(passphrase: SecretBytes) -> SecretBytes:
    """Return a new passphrase; raises `WordsError` when it is so short that a thief of the file guesses it."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise WordsError("passphrase_short", minimum=SHORTEST_PASSPHRASE)
    return passphrase


def has_key(path: Path) -> bool:
    """Say whether a folder holds words or a key file."""
    return any((path / name).exists() for name in (WORDS_FILE, PROTECTED_FILE))


def load_root(path: Path, ask_passphrase: Ask) -> SecretBytes:
    """Return the root in a key folder, a words file or a key.age file.

    Raises:
        WordsError: nothing is there, it is damaged, or the passphrase is another.
    """
    for place in (path / WORDS_FILE, path / PROTECTED_FILE) if path.is_dir() else (path,):
        if place.exists():
            return _read_key(read_file(place, _LIMIT), ask_passphrase)
    raise WordsError("no_key", path=str(path))


def _read_key(data: bytes, ask_passphrase: Ask) -> SecretBytes:
    text = _decoded(data)
    if not text.lstrip().startswith(age.ARMOR_BEGIN):
        return read_words(text)
    try:
        identity = opening.ScryptIdentity(ask_passphrase())
        return read_words(_decoded(opening.open_bytes(opening.dearmor(text), [identity])))
    except NoMatchError:
        raise WordsError("passphrase_wrong") from None
    except AgeError:
        raise WordsError("key_unreadable") from None


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WordsError("key_unreadable") from None
