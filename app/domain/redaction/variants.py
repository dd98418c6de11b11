"""How one name may be written: nicknames, diminutives, abbreviations, phonetic spelling, misread letters."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain, combinations, pairwise

from app.domain.redaction.normalise import composed, fold_characters
from app.domain.redaction.rules import compiled, load, particles, shared, title_words

WORD = compiled("{W}+")
_PLAIN = re.compile("[a-z]+")
_STRETCHED = re.compile(r"([a-z])\1\1+")


def name_tokens(text: str) -> tuple[str, ...]:
    """Return the folded words of a name without its small words (`de`, `von`) and titles; of `de la O` the last."""
    words = WORD.findall(shared("names", "apostrophe").sub("", fold_characters(text)))
    kept = tuple(word for word in words if word not in particles() and word not in title_words())
    return kept or tuple(words[-1:])


def elided(text: str) -> list[str]:
    """Return what stands before an apostrophe inside a name's words: `mo` of Mo'o, `d` of D'Angelo."""
    return [match[1] for match in shared("names", "elided").finditer(fold_characters(text))]


def joined(text: str) -> list[str]:
    """Return the words of a name that follow particles, written as one word with them: vandermeer, delagarza."""
    found, lead = [], ""
    for word in WORD.findall(fold_characters(text)):
        if word in particles():
            lead += word
            continue
        if lead and len(lead + word) > 4:
            found.append(lead + word)
        lead = ""
    return found


@cache
def _nickname_tables() -> tuple[dict[tuple[str, ...], frozenset[str]], dict[str, frozenset[tuple[str, ...]]]]:
    """Return formal name → nicknames and nickname → formal names, all languages in one."""
    forward: dict[tuple[str, ...], set[str]] = {}
    backward: dict[str, set[tuple[str, ...]]] = {}
    for names in load("nicknames")["hypocoristics"].values():
        for formal, nicknames in names.items():
            key = name_tokens(formal)
            for nickname in nicknames:
                folded = " ".join(WORD.findall(fold_characters(nickname)))
                forward.setdefault(key, set()).add(folded)
                backward.setdefault(folded, set()).add(key)
    return (
        {key: frozenset(values) for key, values in forward.items()},
        {key: frozenset(values) for key, values in backward.items()},
    )


def nicknames(given: tuple[str, ...]) -> set[str]:
    """Return the nicknames of a sequence of given names, of one or several words each."""
    forward, backward = _nickname_tables()
    found: set[str] = set()
    for first in range(len(given)):
        for last in range(first + 1, len(given) + 1):
            found |= forward.get(given[first:last], frozenset())
    for word in given:  # a witness who is listed as Lupe is Guadalupe in the payroll
        for formal in backward.get(word, frozenset()):
            found |= {" ".join(formal)} | forward[formal]
    return found - set(given)


@cache
def _written_nicknames() -> dict[str, frozenset[str]]:
    """Return folded nickname → how it is written, of those with more than plain letters: `Toño`, `Chío`."""
    found: dict[str, set[str]] = {}
    for names in load("nicknames")["hypocoristics"].values():
        for nickname in (nickname for nicknames in names.values() for nickname in nicknames):
            if not nickname.isascii():
                found.setdefault(" ".join(WORD.findall(fold_characters(nickname))), set()).add(composed(nickname))
    return {word: frozenset(written) for word, written in found.items()}


def accented_nicknames(given: tuple[str, ...]) -> set[str]:
    """Return the nicknames of given names that are written with more than plain letters."""
    table = _written_nicknames()
    return {written for nickname in nicknames(given) for written in table.get(nickname, ())}


def clips(given: tuple[str, ...]) -> set[str]:
    """Return what given names are cut to: Cleme, Xochi, Vani, Ivi, Tavo, Memé, Mafer; nobody lists them all."""
    found: set[str] = set()
    for word in filter(_PLAIN.fullmatch, given):
        found.update(word[:size] for size in range(3, len(word) - 1))
        found.update(word[place:] for place in range(1, len(word) - 3) if _syllable(word[place : place + 2]))
        found.update(
            2 * word[place : place + 2] for place in range(len(word) - 1) if _syllable(word[place : place + 2])
        )
        found.update(_petted(word))
    for first, second in pairwise(given):
        if _PLAIN.fullmatch(first + second):
            found.update(first[:size] + second[:more] for size in (2, 3, 4) for more in (2, 3, 4) if size + more > 4)
    return found - set(given)


def _petted(word: str) -> Iterator[str]:
    """Return the beginnings of a name with the endings of pet names: Vani, Ivi, Gladis."""
    rules = load("patterns")["names"]
    for size in range(2, min(6, len(word))):
        if word[size - 1] not in rules["vowels"]:
            for ending in rules["pet_endings"] if size > 2 else rules["short_pet_endings"]:
                yield word[:size] + ending


def _syllable(letters: str) -> bool:
    vowels = load("patterns")["names"]["vowels"]
    return letters[0] not in vowels and letters[1] in vowels


def diminutives(word: str) -> set[str]:
    """Return the regular Spanish diminutives of a given name: Rosita, Carlitos, Carmencita, Paquito."""
    if len(word) < 4 and not (len(word) == 3 and word[-1] in "aeo"):
        return set()
    stem, last = word[:-1], word[-1]
    if word.endswith(("os", "as", "es")):
        plural = _soft(word[:-2]) + "it"
        return {plural + word[-2:], plural + "as"} if word.endswith("es") else {plural + word[-2:]}  # Merceditas
    if last in "ao":
        return {
            _soft(stem) + "it" + last,
            _soft(stem) + "ill" + last,
            _soft(stem) + "in" + ("" if last == "o" else "a"),
        }
    if last in "enr":
        return {word + "cito", word + "cita", _soft(stem if last == "e" else word) + "ito", _soft(word) + "ita"}
    return {_soft(word) + "ito", _soft(word) + "ita"}


def pet_forms(word: str) -> set[str]:
    """Return rarer regular pet forms of a given name: Martucha, Andresillo, Susannette."""
    if len(word) < 4:
        return set()
    stem = word[:-1] if word[-1] in "aeo" else word
    rules = load("patterns")["names"]
    endings = rules["rare_endings"].get(word[-1], rules["rare_endings"]["other"])
    return {_soft(stem) + ending for ending in endings}


def stretched(word: str) -> bool:
    """Tell whether a letter stands three times or more in a row: `martaaa`."""
    return _STRETCHED.search(word) is not None


def unstretched(word: str) -> tuple[str, str]:
    """Return a word with each letter that stands three times or more in a row once, and twice."""
    return _STRETCHED.sub(r"\1", word), _STRETCHED.sub(r"\1\1", word)


def _soft(stem: str) -> str:
    changes: dict[str, str] = load("patterns")["names"]["soft"]
    return stem[:-1] + changes.get(stem[-1], stem[-1])


@cache
def _abbreviation_table() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for short, longs in load("nicknames")["abbreviations"].items():
        for name in longs:
            table.setdefault(name, []).append(short)
    return {name: tuple(shorts) for name, shorts in table.items()}


def abbreviations(word: str) -> tuple[str, ...]:
    """Return the written short forms of a name: Ma., Gpe., Fco., Hdz."""
    return _abbreviation_table().get(word, ())


def written_out(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return name words with abbreviations written out, if they stand for one name only: Ma. Gpe., Hdz."""
    table = load("nicknames")["abbreviations"]
    return tuple(table[word][0] if len(table.get(word, ())) == 1 else word for word in words)


@cache
def _sounds() -> list[tuple[re.Pattern[str], str]]:
    """Return what sounds alike; `=` stands for the letter that was found twice."""
    rules = load("patterns")["names"]["sounds"]
    return [(compiled(pattern), r"\1" if sound == "=" else sound) for pattern, sound in rules]


def sound_key(word: str) -> str:
    """Return one key for spellings that sound alike in Spanish: b/v, s/z/c, y/i/ll, g/j, silent h."""
    for pattern, replacement in _sounds():
        word = pattern.sub(replacement, word)
    return word


@cache
def _misread() -> dict[int, str]:
    return str.maketrans(load("patterns")["names"]["misread"])


def shape_key(word: str) -> str:
    """Return one key for what a scanner or a keyboard confuses: 0/O, 1/I/l, 5/S, 8/B."""
    word = word.translate(_misread())
    for pair, single in load("patterns")["names"]["misread_pairs"]:
        word = word.replace(pair, single)
    return word


def unmisread(text: str) -> str:
    """Return a text with the digits that touch letters as the letters that they are mistaken for: `de1` → `del`."""
    table: dict[str, str] = load("patterns")["names"]["misread_small"]
    return shared("names", "misread_gap").sub(lambda match: table[match[0]], text)


@lru_cache(maxsize=1)  # a word is judged by two rules, one after the other
def deletions(word: str, depth: int) -> frozenset[str]:
    """Return the word without any one letter, or without any one or two."""
    sizes = range(max(0, len(word) - depth), len(word))
    return frozenset(map("".join, chain.from_iterable(combinations(word, size) for size in sizes)))


def edit_distance(left: str, right: str, limit: int) -> int:
    """Return the edits (insert, delete, replace, swap) between two short words, or `limit` + 1 if there are more."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if last and i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
