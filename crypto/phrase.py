"""Twelve words: 128 bits of BIP-39 entropy, written and read in Spanish, English and French.

Rules
1. The words are the entropy itself (and four bits of checksum), never the PBKDF2 seed of wallets.
2. Reading is forgiving where nothing is lost: accents and case are folded, numbers and punctuation between the words
   are skipped, the first four letters of a word suffice (they are unique in each list), all three lists are tried.
3. Reading is strict where something would be: the checksum must fit, all words come from one list, and a text that
   means different keys in different languages is refused.
4. No error text holds a word.

Worked example: ``1. Ábaco 2. abdomen …`` reads like ``abac abdo …``.

Source: BIP 39; the lists are those of the package ``mnemonic``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from mnemonic import Mnemonic
from rapidfuzz import process
from rapidfuzz.distance import OSA

from crypto.digest import sha256
from crypto.errors import PhraseError
from crypto.secret import SecretBytes

LANGUAGES = ("es", "en", "fr")
ROOT_SIZE = 16
WORD_COUNT = 12
BITS_PER_WORD = 11
CHECKSUM_BITS = 4
SIGNIFICANT_LETTERS = 4
MAX_SUGGESTIONS = 4
MAX_TYPOS = 2
_LIST_NAMES = {"es": "spanish", "en": "english", "fr": "french"}
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class _WordList:
    """One language: its words as shown, as folded, and the number of each by its first four letters."""

    shown: tuple[str, ...]
    folded: tuple[str, ...]
    numbers: dict[str, int]


def words(root: SecretBytes, language: str) -> list[str]:
    """Return the twelve words of a 16-byte root in ``es``, ``en`` or ``fr``; raises ValueError for anything else."""
    if len(root) != ROOT_SIZE:
        raise ValueError("a root has 16 bytes")
    if language not in LANGUAGES:
        raise ValueError("the words exist in es, en and fr")
    entropy = root.reveal()
    bits = int.from_bytes(entropy, "big") << CHECKSUM_BITS | _checksum(entropy)
    shown = _word_list(language).shown
    return [shown[bits >> BITS_PER_WORD * place & 2047] for place in reversed(range(WORD_COUNT))]


def root(text: str) -> SecretBytes:
    """Return the 16-byte root that twelve typed words mean.

    1. Fold and split the text. 2. Look each word up in each list. 3. Keep the lists whose checksum fits.

    Raises: PhraseError with ``reason``, ``position`` and ``suggestions``. Source: BIP 39.
    """
    typed = _WORD.findall(_fold(text))  # 1
    if len(typed) != WORD_COUNT:
        raise PhraseError(f"twelve words are needed, and {len(typed)} were given", "count")
    numbers = {language: _look_up(typed, language) for language in LANGUAGES}  # 2
    complete = [found for found in map(_all_found, numbers.values()) if found]
    if not complete:
        raise _unknown_word(typed, numbers)
    roots = {entropy for entropy in map(_entropy, complete) if entropy is not None}  # 3
    if not roots:
        raise PhraseError("all words exist, but they do not belong together: one is wrong or out of order", "checksum")
    if len(roots) > 1:
        raise PhraseError("the words mean different keys in different languages: write them in full", "ambiguous")
    return SecretBytes(roots.pop())


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@cache
def _word_list(language: str) -> _WordList:
    shown = tuple(unicodedata.normalize("NFC", word) for word in Mnemonic(_LIST_NAMES[language]).wordlist)
    folded = tuple(map(_fold, shown))
    return _WordList(shown, folded, {word[:SIGNIFICANT_LETTERS]: number for number, word in enumerate(folded)})


def _look_up(typed: Sequence[str], language: str) -> list[int | None]:
    numbers = _word_list(language).numbers
    return [numbers.get(word[:SIGNIFICANT_LETTERS]) for word in typed]


def _all_found(numbers: Sequence[int | None]) -> list[int]:
    """Return the numbers if none is missing, else an empty list."""
    found = [number for number in numbers if number is not None]
    return found if len(found) == len(numbers) else []


def _checksum(entropy: bytes) -> int:
    return sha256(entropy)[0] >> 8 - CHECKSUM_BITS


def _entropy(numbers: Sequence[int]) -> bytes | None:
    """Return the entropy of twelve word numbers, or None where the checksum does not fit."""
    bits = 0
    for number in numbers:
        bits = bits << BITS_PER_WORD | number
    entropy = (bits >> CHECKSUM_BITS).to_bytes(ROOT_SIZE, "big")
    return entropy if bits & (1 << CHECKSUM_BITS) - 1 == _checksum(entropy) else None


def _unknown_word(typed: Sequence[str], numbers: dict[str, list[int | None]]) -> PhraseError:
    """Name the first word at fault in the language that knows most of the words, with near words of it."""
    missing = {language: found.count(None) for language, found in numbers.items()}
    nearest = [language for language in LANGUAGES if missing[language] == min(missing.values())]
    position = min(numbers[language].index(None) for language in nearest)
    suggestions = _suggest(typed[position], nearest)
    return PhraseError(f"word {position + 1} is in none of the lists", "word", position + 1, suggestions)


def _suggest(word: str, languages: Sequence[str]) -> tuple[str, ...]:
    """Return up to four words that are near to ``word``: those it begins first, then by typing errors."""
    ranked: list[tuple[float, str]] = []
    for language in languages:
        known = _word_list(language)
        ranked += [
            (0, shown) for shown, folded in zip(known.shown, known.folded, strict=True) if folded.startswith(word)
        ]
        near = process.extract(word, known.folded, scorer=OSA.distance, score_cutoff=MAX_TYPOS, limit=MAX_SUGGESTIONS)
        ranked += [(distance, known.shown[number]) for _, distance, number in near]
    ranked.sort(key=lambda entry: entry[0])
    return tuple(dict.fromkeys(shown for _, shown in ranked))[:MAX_SUGGESTIONS]
