"""Twelve words: strict where a key would be another, forgiving where it would not."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import phrase
from crypto.errors import PhraseError
from crypto.secret import SecretBytes

roots = st.binary(min_size=16, max_size=16)
languages = st.sampled_from(phrase.LANGUAGES)
SPANISH = phrase.words(SecretBytes(bytes(range(16))), "es")


def refused(text: str) -> PhraseError:
    with pytest.raises(PhraseError) as caught:
        phrase.root(text)
    for word in text.split():
        assert len(word) < 4 or word not in str(caught.value), "the text of the error holds a word"
    return caught.value


@given(roots, languages)
def test_words_and_back(entropy, language):
    """Twelve words in each language, and back without being told which."""
    words = phrase.words(SecretBytes(entropy), language)
    assert len(words) == 12
    assert phrase.root(" ".join(words)).reveal() == entropy


def plain(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


@pytest.mark.parametrize(
    "typed",
    [
        lambda words: " ".join(plain(word) for word in words),
        lambda words: " ".join(word.upper() for word in words),
        lambda words: " ".join(unicodedata.normalize("NFD", word) for word in words),
        lambda words: " ".join(plain(word)[:4] for word in words),
        lambda words: ", ".join(words) + ".",
        lambda words: "\n".join(f"{place}. {word}" for place, word in enumerate(words, 1)),
        lambda words: "".join(f"{place}){word.title()}\t" for place, word in enumerate(words, 1)),
        lambda words: "  ".join(words).join(("\ufeff \n", " \n")),
    ],
    ids=["no accents", "upper case", "decomposed", "four letters", "commas", "numbered", "title case", "spaces"],
)
@given(entropy=roots, language=languages)
def test_forgiving_entry(typed, entropy, language):
    """What people write: without accents, in capitals, shortened, numbered."""
    assert phrase.root(typed(phrase.words(SecretBytes(entropy), language))).reveal() == entropy


def test_known_values():
    """Vectors of BIP 39 for the entropy in English, and the first words of the other lists."""
    assert phrase.words(SecretBytes(bytes(16)), "en") == ["abandon"] * 11 + ["about"]
    assert phrase.words(SecretBytes(b"\x7f" * 16), "en")[-1] == "yellow"
    assert phrase.words(SecretBytes(b"\xff" * 16), "en") == ["zoo"] * 11 + ["wrong"]
    assert phrase.words(SecretBytes(bytes(16)), "es")[0] == "ábaco"
    assert phrase.words(SecretBytes(bytes(16)), "fr")[0] == "abaisser"


@pytest.mark.parametrize("language", phrase.LANGUAGES)
def test_four_letters_tell_the_words_of_a_list_apart(language):
    """The rule of four letters rests on this property of the lists."""
    known = phrase._word_list(language)
    assert len(set(known.folded)) == len(known.numbers) == 2048


@pytest.mark.parametrize("text", ["", "ábaco", " ".join(SPANISH[:11]), " ".join([*SPANISH, "ábaco"]), "1 2 3 4"])
def test_other_count_is_refused(text):
    """Eleven or thirteen words are not guessed at."""
    error = refused(text)
    assert (error.reason, error.position, error.suggestions) == ("count", None, ())


@given(st.permutations(range(12)))
def test_reordered_words_are_refused_or_another_key(order):
    """The checksum has four bits: it finds 15 of 16 mistakes, and never gives the same key for another order."""
    changed = [SPANISH[place] for place in order]
    try:
        entropy = phrase.root(" ".join(changed)).reveal()
    except PhraseError as error:
        entropy = error.reason.encode()
    assert entropy == b"checksum" or (entropy == bytes(range(16))) == (changed == SPANISH)


def test_wrong_checksum_is_refused():
    """Twelve good words that do not belong together."""
    error = refused("zoo " * 12)
    assert (error.reason, error.position) == ("checksum", None)


@pytest.mark.parametrize(
    ("wrong", "language", "meant"),
    [
        ("zzrro", "es", "zurdo"),
        ("avaco", "es", "ábaco"),
        ("abondon", "en", "abandon"),
        ("zo", "en", "zoo"),
        ("abzisser", "fr", "abaisser"),
    ],
)
def test_wrong_word_is_named_by_place_with_near_words(wrong, language, meant):
    """The position and what may have been meant, in the language of the other words; other lists do not mix in."""
    words = phrase.words(SecretBytes(bytes(range(16))), language)
    words[6] = wrong
    error = refused(" ".join(words))
    assert (error.reason, error.position) == ("word", 7)
    assert len(error.suggestions) <= phrase.MAX_SUGGESTIONS
    assert set(error.suggestions) <= set(phrase._word_list(language).shown)
    if meant != "zurdo":
        assert meant in error.suggestions


def test_words_of_two_languages_are_refused():
    """A phrase comes from one list."""
    english = phrase.words(SecretBytes(bytes(range(16))), "en")
    error = refused(" ".join([*SPANISH[:11], english[11]]))
    assert (error.reason, error.position) == ("word", 12)


def test_nonsense_has_no_suggestions():
    """Twelve words of no language at all."""
    error = refused("xxxxxxxx " * 12)
    assert (error.reason, error.position, error.suggestions) == ("word", 1, ())


def _shared_phrase() -> tuple[str, set[bytes]]:
    """Find twelve beginnings that are valid in English and in French, with different keys."""
    english, french = (phrase._word_list(language).numbers for language in ("en", "fr"))
    shared = sorted(set(english) & set(french) - set(phrase._word_list("es").numbers))
    for last in itertools.product(shared[:60], repeat=2):
        typed = shared[:10] + list(last)
        roots = {phrase._entropy([numbers[word] for word in typed]) for numbers in (english, french)}
        if None not in roots and len(roots) == 2:
            return " ".join(typed), {root for root in roots if root}
    raise AssertionError("the lists share too little")


def test_phrase_with_two_meanings_is_refused():
    """A text that is a key in English and another key in French opens neither."""
    text, meanings = _shared_phrase()
    assert len(meanings) == 2
    error = refused(text)
    assert (error.reason, error.position) == ("ambiguous", None)


@pytest.mark.parametrize(("size", "language"), [(32, "es"), (0, "es"), (16, "de")])
def test_wrong_use_is_refused(size, language):
    """A root has 16 bytes and a language is one of three."""
    with pytest.raises(ValueError, match=r"16 bytes|es, en and fr"):
        phrase.words(SecretBytes(bytes(size)), language)
