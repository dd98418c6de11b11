"""What is looked for: every word and phrase that stands for a known identity, and how a word of a text is judged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import permutations
from typing import Literal

from app.domain.redaction import variants
from app.domain.redaction.model import KnownIdentity
from app.domain.redaction.normalise import DAMAGED, composed, fold_characters
from app.domain.redaction.rules import cue_set, load, particles, place_names, title_words, word_set

Strength = Literal["exact", "nickname", "variant", "typo", "far_typo", "short", "clip", "inside"]
Role = Literal["given", "surname", "alias", "nickname", "short"]

_ANCHOR: int = load("patterns")["names"]["anchor"]  # letters by which a name is found inside a longer word
_RANK: dict[Strength, int] = {name: place for place, name in enumerate(load("patterns")["names"]["ranks"])}
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """A word of the text that may stand for identities; `alone` is false if it needs a neighbour of the same."""

    owners: frozenset[int]
    strength: Strength
    role: Role
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several words in a row: an alias, a compound nickname, a handle in parts, a birth date in words."""

    words: tuple[str, ...]
    owner: int
    label: str
    kind: str


@dataclass(slots=True)
class Person:
    """The words of one identity by their part of the name."""

    given: tuple[str, ...]
    surnames: tuple[str, ...]
    unsplit: bool
    initials: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()  # initials of its particles: v, d of `van der Meer`
    words: set[str] = field(default_factory=set)


def person(identity: KnownIdentity) -> Person:
    """Split an identity into given names and surnames; an unsplit name by the usual shape."""
    given = variants.written_out(variants.name_tokens(identity.given)) if identity.given else ()
    surnames = tuple(
        word for part in (identity.surname1, identity.surname2) if part for word in variants.name_tokens(part)
    )
    whole = variants.written_out(variants.name_tokens(identity.name)) if identity.name else ()
    if whole and not given and not surnames:
        given, surnames = _guessed(whole)
        return Person(given, surnames, unsplit=True)
    extra = tuple(word for word in whole if word not in given and word not in surnames)
    return Person(given, surnames + extra, unsplit=False)


def _one_particle(words: Sequence[str]) -> list[str]:
    """Return the words of a name with one particle where several follow each other: `van Meer` for `van der Meer`."""
    places = range(len(words))
    return [words[place] for place in places if not (place and {words[place], words[place - 1]} <= particles())]


def _guessed(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if len(words) < 3:
        return words[:1], words[1:]
    if len(words) == 3:
        middle_given = words[1] in cue_set("given_names") or bool(variants.nicknames(words[1:2]))
        return (words[:2], words[2:]) if middle_given else (words[:1], words[1:])
    return words[:-2], words[-2:]


class KnownIndex:
    """All words and phrases of a case's identities, built once and asked for each distinct word of a text."""

    def __init__(self, identities: Sequence[KnownIdentity]) -> None:
        self.people = [person(identity) for identity in identities]
        self.words: dict[str, dict[int, tuple[Strength, Role]]] = {}
        self.phrases: dict[str, dict[str, list[Phrase]]] = {}  # by the first and the second word
        self.lone_phrases: set[str] = set()  # those of one word
        self.pairs: set[str] = set()  # two words, joined, that begin a phrase or may be a name broken in two
        self.literals: list[tuple[str, int]] = []
        self.initials: dict[str, set[int]] = {}  # whole rows of initials: mghr, hrmg, mgh
        self.half_initials: dict[str, set[int]] = {}  # those of given names or surnames alone, which are a question
        self._clips: dict[str, set[int]] = {}  # what given names may be cut to
        self._beginnings: set[str] = set()  # three letters and four of the given names
        self.accented: set[str] = set()  # words of aliases as they are written, those with more than plain letters
        self.elided: set[str] = set()  # what stands before an apostrophe inside a name
        for owner, identity in enumerate(identities):
            self._add_person(owner)
            self._add_forms(owner)
            self._add_joined(owner, identity)
            parts = (identity.given, identity.surname1, identity.surname2, identity.name)
            self.elided.update(before for part in parts for before in variants.elided(part))
            self._add_initials(owner, identity)
            self._add_aliases(owner, identity.aliases)
        self._build_lookups()

    # building

    def _add(self, word: str, owner: int, strength: Strength, role: Role) -> None:
        if len(word) < 2 and not (word and not word.isascii()):
            return
        owners = self.words.setdefault(word, {})
        if owner not in owners or _RANK[strength] < _RANK[owners[owner][0]]:
            owners[owner] = (strength, role)

    def _add_person(self, owner: int) -> None:
        who = self.people[owner]
        who.initials = frozenset(word[0] for word in (*who.given, *who.surnames))
        for word in who.given:
            self._add(word, owner, "exact", "given")
            for small in sorted(variants.diminutives(word)):
                self._add(small, owner, "nickname", "nickname")
            for small in sorted(variants.pet_forms(word)):
                if not is_word(small) and not is_other_name(small):
                    self._add(small, owner, "nickname", "nickname")
        for word in who.surnames:
            self._add(word, owner, "exact", "surname")
        for word in (*who.given, *who.surnames):
            for short in variants.abbreviations(word):
                self._add(short, owner, "short", "short" if word in who.given else "surname")
            for long in load("patterns")["names"]["single_letters"].get(word, ()):
                self._add(long, owner, "short", "short")
        self._add_nicknames(owner)
        self._beginnings.update(word[:size] for word in who.given for size in (3, 4) if len(word) > 3)
        for clip in variants.clips(who.given):
            self._clips.setdefault(clip, set()).add(owner)
        who.words = {word for word in (*who.given, *who.surnames) if len(word) > 1}

    def _add_forms(self, owner: int) -> None:
        """Look for families (`the Mays`) and for two short names written as one (`evapaz`)."""
        who = self.people[owner]
        for word in who.surnames:
            if len(word) > 2 and word[-1] != "s" and not is_other_name(word + "s"):
                self._add(word + "s", owner, "typo", "surname")
        for pair in permutations((*who.given, *who.surnames), 2):
            if max(map(len, pair)) < _ANCHOR < len(pair[0] + pair[1]) and not is_word(pair[0] + pair[1]):
                self._add(pair[0] + pair[1], owner, "variant", "surname")  # evapaz

    def _add_joined(self, owner: int, identity: KnownIdentity) -> None:
        """Look for names with their particles joined: vandermeer, delagarza."""
        for part in (identity.given, identity.surname1, identity.surname2, identity.name):
            for word in variants.joined(part):
                self._add(word, owner, "exact", "surname")
            words = tuple(variants.WORD.findall(fold_characters(part)))
            if len(words) > 1 and len(words[-1]) == 1 and set(words[:-1]) <= particles():
                self.add_phrase(Phrase(words, owner, "PERSON", "name"))  # de la O

    def _add_initials(self, owner: int, identity: KnownIdentity) -> None:
        """Look for the rows of initials that stand for the whole name: `E. L. G.`, `O. B.`"""
        who = self.people[owner]
        parts = (identity.given, identity.surname1, identity.surname2, identity.name)
        words = [word for part in parts for word in variants.WORD.findall(fold_characters(part))]
        who.small = frozenset(word[0] for word in words if word in particles())
        given, surnames = ("".join(word[0] for word in names) for names in (who.given, who.surnames))
        rows = {"".join(word[0] for word in words), "".join(word[0] for word in _one_particle(words))}
        for first in {given, given[:1]}:
            for last in {surnames, surnames[:1]} if first else ():
                rows |= {first + last, last + first} if last else set()
        first_surname = "".join(word[0] for word in variants.WORD.findall(fold_characters(identity.surname1)))
        if given and first_surname:
            rows |= {given + first_surname, given[0] + first_surname, given[0] + first_surname + surnames[-1:]}
        for row in rows:
            if len(row) > 1:
                self.initials.setdefault(row, set()).add(owner)
        for half in (given, surnames):
            if len(half) > 1:
                self.half_initials.setdefault(half, set()).add(owner)

    def _add_nicknames(self, owner: int) -> None:
        who = self.people[owner]
        self.accented.update(variants.accented_nicknames(who.given))
        for nickname in sorted(variants.nicknames(who.given)):
            words = tuple(nickname.split())
            if len(words) == 1:
                self._add(nickname, owner, "nickname", "nickname")
                for short in variants.abbreviations(nickname):
                    self._add(short, owner, "short", "short")
            else:
                self.add_phrase(Phrase(words, owner, "PERSON", "nickname"))

    def _add_aliases(self, owner: int, aliases: Iterable[str]) -> None:
        for alias in aliases:
            written = map(composed, alias.split(" "))
            self.accented.update(word for word in written if not word.isascii())
            words = tuple(variants.WORD.findall(fold_characters(alias)))
            if not words:
                if alias.strip():
                    self.literals.append((alias.strip(), owner))
                continue
            if len(words) > 1:
                for first in (words[0], *load("patterns")["names"]["contracted"].get(words[0], ())):
                    self.add_phrase(Phrase((first, *words[1:]), owner, "PERSON", "alias"))
            telling = variants.name_tokens(alias)
            for word in telling if len(words) > 1 else words:
                if len(words) == 1 or (len(word) > 2 and word not in word_set("grammar") and word not in particles()):
                    self._add(word, owner, "exact", "alias")
                    self.people[owner].words.add(word)
                    for small in sorted(variants.diminutives(word)):
                        self._add(small, owner, "nickname", "nickname")

    def add_phrase(self, phrase: Phrase) -> None:
        """Look for several words in a row."""
        second = phrase.words[1] if len(phrase.words) > 1 else ""
        if second:
            self.pairs.add(phrase.words[0] + second)
        else:
            self.lone_phrases.add(phrase.words[0])
        same = self.phrases.setdefault(phrase.words[0], {}).setdefault(second, [])
        if phrase not in same:
            same.append(phrase)

    def _build_lookups(self) -> None:
        self.prefixes: set[str] = set(self.elided)
        self.pairs.update(self.words)
        others = load("patterns")["names"]["other_rows"]
        self.rows = {row for row in self.initials if len(row) > 2 and row not in others}
        self._sounds: dict[str, set[str]] = {}
        self.cut_words: dict[str, set[int]] = {}  # beginnings of names that are words; they count with a full stop
        self._short_sounds: dict[str, set[str]] = {}  # of names of three letters: they count beside another only
        self._shapes: dict[str, set[str]] = {}
        self._near: dict[str, tuple[str, ...]] = {}  # thousands: tuples, which the garbage collector need not visit
        self._anchors: dict[str, list[str]] = {}
        self._own: dict[int, set[str]] = {}
        self._loose: dict[str, tuple[str, ...]] = {}
        self._edges: dict[str, set[str]] = {}
        self._heads: dict[str, set[str]] = {}
        for word, owners in self.words.items():
            for owner in owners:
                self._own.setdefault(owner, set()).add(word)
            strengths = {strength for strength, _ in owners.values()}
            if strengths <= {"short", "typo"}:
                continue
            self._shapes.setdefault(variants.shape_key(word), set()).add(word)
            if len(word) == _ANCHOR - 1 and "exact" in strengths:
                self._short_sounds.setdefault(variants.sound_key(word), set()).add(word)
            if len(word) >= _ANCHOR:
                self._anchors.setdefault(word[:_ANCHOR], []).append(word)
                self._sounds.setdefault(variants.sound_key(word), set()).add(word)
            if len(word) >= _ANCHOR and "exact" in strengths:
                self._edges.setdefault(word[0] + word[-1], set()).add(word)
                self._add_heads(word)
                self._add_cut_words(word)
                for less in (word, *variants.deletions(word, 2 if len(word) >= 6 else 1)):
                    self._loose[less] = (*self._loose.get(less, ()), word)
            if len(word) >= 5 and "exact" in strengths:
                self.prefixes.update(word[:size] for size in range(2, len(word)))
                for less in (word, *variants.deletions(word, 2 if len(word) >= 7 else 1)):
                    self._near[less] = (*self._near.get(less, ()), word)

    def _add_heads(self, word: str) -> None:
        """Look for a name whose end was left out beside another: `Fern.`"""
        for size in range(3, len(word) - 1):
            if word[:size] not in particles():
                self._heads.setdefault(word[:size], set()).add(word)

    def _add_cut_words(self, word: str) -> None:
        """Look for a name that was cut to what is a word, with a full stop: `Cons.`"""
        for size in range(3, len(word) - 1):
            if is_word(word[:size]) and word[:size] not in particles() and word[:size] not in title_words():
                self.cut_words.setdefault(word[:size], set()).update(self.words[word])

    # judging a word of a text

    def judge(self, word: str) -> Found | None:
        """Return what a folded word stands for, or None; the strongest way of writing wins."""
        if word in self.words:
            return self.exact(word)
        if len(word) > 64:
            return None
        if variants.stretched(word):
            plain = next((less for less in variants.unstretched(word) if less in self.words), None)
            if plain is not None:
                return self.exact(plain)
        if len(word) < _ANCHOR:
            sounds = self._sounds_like(word) if len(word) == _ANCHOR - 1 else None
            found = self._misread(word) or sounds or self._clipped(word)
            return found or self._short_sound(word) or self._beside_only(word)
        found = self._misread(word) or self._sounds_like(word) or self._inside(word) or self._misspelt(word)
        return found or self._clipped(word) or self._short_sound(word) or self._beside_only(word)

    def _short_sound(self, word: str) -> Found | None:
        """Find a name of three letters as it sounds: `Anna`, `lus`; beside another name only."""
        if len(word) > _ANCHOR + 1:
            return None
        same = self._short_sounds.get(variants.sound_key(word), _NOTHING)
        owners = frozenset(owner for name in same for owner in self.words[name])
        return Found(owners, "short", "short", alone=False) if owners else None

    def exact(self, word: str) -> Found:
        """Return what a word of the index stands for; the strongest way of writing wins."""
        owners = self.words[word]
        best = min(owners.values(), key=lambda item: _RANK[item[0]])
        same = frozenset(owners)
        return Found(same, best[0], best[1], alone=best[0] != "short")

    def _merged(self, words: Iterable[str], strength: Strength, *, alone: bool) -> Found | None:
        owners: set[int] = set()
        roles: set[Role] = set()
        for word in words:
            for owner, (how, role) in self.words[word].items():
                if how != "short":
                    owners.add(owner)
                    roles.add(role)
        if not owners:
            return None
        return Found(frozenset(owners), strength, "surname" if "surname" in roles else min(roles), alone)

    def _misread(self, word: str) -> Found | None:
        if word.isalpha() and ("l" not in word and "rn" not in word and "i" not in word and "m" not in word):
            return None
        if not word.strip("0123456789"):
            return None
        similar = self._shapes.get(variants.shape_key(word), ())
        return self._merged(similar, "variant", alone=len(word) > 2 and not is_word(word)) if len(word) > 1 else None

    def _sounds_like(self, word: str) -> Found | None:
        same = self._sounds.get(variants.sound_key(word), ())
        return self._merged(same, "variant", alone=not is_word(word))

    def _misspelt(self, word: str) -> Found | None:
        if not word.replace(DAMAGED, "").isalpha():
            return None
        depth = 2 if 6 <= len(word) <= 24 else 1
        candidates = _shared(self._near, {word, *variants.deletions(word[:24], depth)})
        if not candidates:
            return None
        ordinary = is_word(word) or is_other_name(word)
        near = {known for known in candidates if variants.edit_distance(word, known, 1) <= 1}
        if near:
            return self._merged(near, "typo", alone=not ordinary)
        far = {name for name in candidates if len(name) >= 7 and variants.edit_distance(word, name, 2) <= 2}
        return self._merged(far, "far_typo", alone=not ordinary and word[0] in {name[0] for name in far})

    def _clipped(self, word: str) -> Found | None:
        """Find what a given name may be cut to, and what is no word, title or name by itself; a place is a question."""
        owners = self._clips.get(word)
        if owners is None or is_word(word) or is_other_name(word) or word in title_words():
            return None
        return Found(frozenset(owners), "clip", "nickname", alone=not is_place(word))

    def resembles(self, word: str) -> bool:
        """Tell whether a word that is no other begins as a witness's given name does: a pet name on no list."""
        if word[:3] not in self._beginnings or is_word(word) or is_place(word):
            return False
        return len(word) <= 6 or (word[:4] in self._beginnings and len(word) <= 10)

    def _beside_only(self, word: str) -> Found | None:
        """Find a bad misspelling or shortening that counts only beside another name: `Rosa Pot`, `Fern. Paz`."""
        if not 3 <= len(word) <= 12 or not word.isalpha() or is_word(word) or is_other_name(word):
            return None
        candidates = _shared(self._loose, {word, *variants.deletions(word, 2 if len(word) >= _ANCHOR else 1)})
        close = {name for name in candidates if variants.edit_distance(word, name, 2) <= (2 if len(name) >= 6 else 1)}
        short = {name for name in self._edges.get(word[0] + word[-1], _NOTHING) if _shortens(word, name)}
        cut = self._heads.get(word, _NOTHING)
        owners = frozenset(owner for name in close | short | cut for owner in self.words[name])
        return Found(owners, "short", "short", alone=False) if owners else None

    def _inside(self, word: str) -> Found | None:
        """Find a known name in a longer word: jbarrientos, barbarazedillo, lupita88, team7zarate."""
        letters = word.strip("0123456789")
        if letters != word and len(letters) >= _ANCHOR and letters in self.words:
            return self.exact(letters)
        if len(letters) < _ANCHOR + 1 or is_word(word):
            return None
        owners: set[int] = set()
        for place in range(len(letters) - _ANCHOR + 1):
            for anchor in self._anchors.get(letters[place : place + _ANCHOR], ()):
                if letters.startswith(anchor, place):
                    rest = letters[:place], letters[place + len(anchor) :]
                    owners.update(owner for owner in self.words[anchor] if self._explained(owner, anchor, rest))
                    owners.update(owner for owner in self.words[anchor] if self._cut_before(owner, rest))
        return Found(frozenset(owners), "inside", "surname") if owners else None

    def _explained(self, owner: int, anchor: str, rest: tuple[str, str]) -> bool:
        unlikely_by_chance = len(anchor) >= 7 and not is_word(anchor)
        if unlikely_by_chance and sum(map(len, rest)) <= 12:
            return True
        return all(self._composed(owner, part) for part in rest)

    def _cut_before(self, owner: int, rest: tuple[str, str]) -> bool:
        """Tell whether the beginning of a given name stands before a surname: `keycalix`."""
        before, after = rest
        return len(before) > 2 and not after and any(word.startswith(before) for word in self.people[owner].given)

    def of_one(self, owners: Iterable[int], part: str) -> bool:
        """Tell whether letters are an initial and a part of the name of one of some identities: `fmis` of F. Mis."""
        people = [self.people[owner] for owner in owners]
        return any(part[0] in who.initials and part[1:] in who.words for who in people)

    def holds_a_name(self, word: str) -> bool:
        """Tell whether a known name stands in a long word, whatever the rest: `fuerzamartha`, `actadiegofinal`."""
        if not _ANCHOR + 1 < len(word) <= 64 or is_word(word):
            return False
        for place in range(len(word) - _ANCHOR + 1):
            for anchor in self._anchors.get(word[place : place + _ANCHOR], ()):
                edge = place == 0 or place + len(anchor) == len(word)
                if (edge or len(anchor) > _ANCHOR) and word.startswith(anchor, place):
                    return True
        return False

    def _composed(self, owner: int, part: str) -> bool:
        part = part.strip("0123456789")
        if not part or part in load("patterns")["names"]["affixes"]:
            return True
        if len(part) <= 3 and set(part) <= self.people[owner].initials:
            return True
        if len(part) <= 6 and self._particles(owner, part):
            return True
        own = (word for word in self._own.get(owner, ()) if part.startswith(word))
        return any(self._composed(owner, part[len(word) :]) for word in own)

    def _particles(self, owner: int, part: str) -> bool:
        """Tell whether letters are small words of the name, joined: vander, dela."""
        small = (word for word in particles() if part.startswith(word) and word[0] in self.people[owner].small)
        return not part or any(self._particles(owner, part[len(word) :]) for word in small)

    # inside spaced letters

    def names_apart(self, letters: str) -> list[tuple[int, int, frozenset[int]]]:
        """Return where known names stand in letters that were written apart: (start, end, owners)."""
        if letters in self.words:
            return [(0, len(letters), frozenset(self.words[letters]))]
        found = []
        for place in range(len(letters)):
            for anchor in self._anchors.get(letters[place : place + _ANCHOR], ()):
                if letters.startswith(anchor, place):
                    owners = self.words[anchor]
                    start, end = self._grown(letters, place, place + len(anchor), owners)
                    found.append((start, end, frozenset(owners)))
        return found

    def _grown(self, letters: str, start: int, end: int, owners: Iterable[int]) -> tuple[int, int]:
        """Take in the short names and particles that touch a name written apart: L E E, D E  L E Ó N."""
        own = [word for owner in owners for word in (*self._own[owner], *particles()) if len(word) > 1]
        for _ in range(4):
            before = max((len(word) for word in own if letters.endswith(word, 0, start)), default=0)
            after = max((len(word) for word in own if letters.startswith(word, end)), default=0)
            if not before and not after:
                break
            start, end = start - before, end + after
        initials = {letter for owner in owners for letter in self.people[owner].initials}
        return start, end + (len(letters) == end + 1 and letters[end] in initials)


def _shared(names: dict[str, tuple[str, ...]], forms: set[str]) -> set[str]:
    """Return the names that have one of some forms: nearly always none."""
    return set().union(*(names[form] for form in names.keys() & forms))


def _shortens(short: str, name: str) -> bool:
    """Tell whether a word leaves letters out of a name, in order: sdval, hdz."""
    if len(name) - len(short) < 2:
        return False
    letters = iter(name)
    return all(letter in letters for letter in short)


def is_word(word: str) -> bool:
    """Tell whether a folded word is a common word of one of the languages, also if it is a name as well."""
    return word in _words()


@cache
def _words() -> frozenset[str]:
    return word_set("words") | word_set("also_names") | word_set("grammar")


def is_place(word: str) -> bool:
    """Tell whether a folded word is a place's name, or one that leads to a place, a venue or a firm."""
    return word in _places()


@cache
def _places() -> frozenset[str]:
    cues = ("more_places", "place_words", "venue_words", "organization_words", "street_words")
    return place_names().union(*map(cue_set, cues))


def is_other_name(word: str) -> bool:
    """Tell whether a folded word is a frequent given name or surname."""
    return word in _other_names()


@cache
def _other_names() -> frozenset[str]:
    return cue_set("given_names") | cue_set("surnames")
