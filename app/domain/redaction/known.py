"""Finding the known identities in a folded text.

The way of a name
    1. Every distinct word is judged once (`index.KnownIndex.judge`), whatever text it stands in.
    2. The places of the words that stand for somebody are collected, and of the pairs that may: the beginning of a
       phrase, a name broken by a space or a line's end; so are letters written apart.
    3. Neighbours that share an identity become one run: `LARA ALMANZA, Uriel Cecilia`, `Zárate de Olmedo`.
    4. A run takes in initials and particles at its sides, and the rest of a handle.
    5. A run is a mark, a question, or, by its context, nothing.
    6. Half a name that may be somebody else's (`el supervisor Ramírez`) is likely only, and so is each place where it
       stands alone in the same text: a person says whom it means.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from app.domain.redaction.context import (
    Reading,
    acting,
    beside_stranger,
    company_follows,
    given_before,
    is_declared,
    named_after,
    named_before,
    nickname_reading,
    of_an_office,
    reading,
    strange_initials,
    titled,
    titled_otherwise,
)
from app.domain.redaction.index import Found, KnownIndex, Phrase, Role, Strength, is_other_name, is_place, is_word
from app.domain.redaction.model import POSSIBLE_NAME, Certainty, KnownIdentity, Mark, Suggestion
from app.domain.redaction.normalise import Folded, composed, fold_characters
from app.domain.redaction.reasons import reason
from app.domain.redaction.rules import compiled, cue_set, load, particles, shared, title_words, word_set
from app.domain.redaction.things import like_a_thing
from app.domain.redaction.variants import WORD, edit_distance, nicknames, unmisread
from app.domain.redaction.words import Words

_LETTER = compiled("{L}")
_MARKUP = frozenset("<" + "".join(load("patterns")["names"]["emphasis"]))  # a name without these is whole
_LEADS: frozenset[str] = frozenset(load("patterns")["names"]["leads"])  # all that `left_particles` may end with
_FILE_SIGNS = frozenset("_-.")  # what joins the parts of a file's name
_TAGS = "#@_"  # what stands beside a handle, a hashtag or a file's name
_LONGEST_LEAD = 3  # letters of what initials may end with: one, two together, `del`
_LISTED: frozenset[Role] = frozenset(("given", "alias"))  # what is looked for in three small letters too
_HALVES: frozenset[Role] = frozenset(("given", "surname"))  # a name is whole that has both
_APART = 3  # characters that may stand between two letters, or two halves, of a name written apart


_pattern = partial(shared, "names")


@dataclass(slots=True)
class Hit:
    """A stretch of folded text that stands for some identities."""

    start: int
    end: int
    found: Found
    label: str = "PERSON"
    kind: str = "name"


@dataclass(slots=True)
class Run:
    """Neighbouring hits that share at least one identity."""

    hits: list[Hit]
    owners: frozenset[int]
    start: int
    end: int
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """What the hits of a run say together, whatever stands around it."""

    label: str
    roles: frozenset[Role]
    exact: bool
    kind: str
    certainty: Certainty


class KnownMatcher:
    """Finds the identities of one case in texts."""

    def __init__(self, identities: Sequence[KnownIdentity]) -> None:
        self.identities = identities
        self.index = KnownIndex(identities)
        self._judged: dict[str, Found | None] = {}
        self._interesting: set[str] = set()  # of the judged words those that stand for somebody
        self._more = (self.index.lone_phrases, self.index.rows, frozenset(self.index.cut_words))
        self._small = [_small_words(identity) for identity in identities]
        self._lead = [_leading_words(identity) for identity in identities]
        self._small_of: dict[frozenset[int], frozenset[str]] = {}  # the small words of some owners, once asked

    def find(self, folded: Folded, kept: Sequence[tuple[int, int]]) -> tuple[list[Mark | Suggestion], list[int]]:
        """Return marks and questions, in offsets of the original, and the folded places of hits that count alone.

        `kept` are folded stretches that must stay.
        """
        if not self.identities:
            return [], []
        found: list[Mark | Suggestion] = []
        hits = sorted(self._hits(folded), key=_longest_first)
        for run in self._runs(folded.text, hits):
            if kept and any(start <= run.start and run.end <= end for start, end in kept):
                continue
            _shorten_clips(run)
            self._extend(folded, run)
            found.extend(self._verdict(folded, run))
        found.extend(self._literals(folded))
        found.extend(self._tagged(folded))
        return _with_doubt(folded, found), [hit.start for hit in hits if hit.found.strength != "short"]

    # 1 and 2: words, phrases, letters apart

    def _judge(self, words: set[str]) -> set[str]:
        if len(self._judged) > 400_000:
            self._judged.clear()
        for word in words.difference(self._judged):
            self._judged_once(word)
        return (words & self._interesting).union(*map(words.intersection, self._more))

    def _judged_once(self, word: str) -> Found | None:
        found = self._judged[word] = self.index.judge(word)
        if found is not None:
            self._interesting.add(word)
        return found

    def _hits(self, folded: Folded) -> Iterator[Hit]:
        text, words, index = folded.text, folded.words, self.index
        alone, beside = words.among(self._judge(words.distinct)), words.pairs(index.pairs)
        for place in sorted({*alone, *beside}):
            word, start = words.words[place], words.starts[place]
            found = self._judged[word]
            if found is not None:
                yield Hit(start, start + len(word), found)
            elif word in index.cut_words and text.startswith(".", start + len(word)):
                owners = frozenset(index.cut_words[word])
                yield Hit(start, start + len(word), Found(owners, "short", "short", alone=False))
            if word in index.phrases:
                yield from self._phrases(folded, place)
            if word in index.rows:
                yield from self._capital_row(folded, start, word)
            if word in index.prefixes and place + 1 < len(words.words) and word + words.words[place + 1] in index.words:
                yield from self._broken(words, place, found)
        for start, end in words.apart(_APART):
            yield from self._spaced(text, start, end)
            yield from self._rows_of_initials(folded, start, end)
        for start, end in words.linked(particles()):
            yield from self._rows_of_initials(folded, start, end)

    def _phrases(self, folded: Folded, place: int) -> Iterator[Hit]:
        text, words = folded.text, folded.words
        start, phrases = words.starts[place], self.index.phrases[words.words[place]]
        second = words.words[place + 1] if place + 1 < len(words.words) else ""
        for phrase in (*phrases.get("", ()), *(phrases.get(second, ()) if second else ())):
            last = _phrase_end(text, start + words.lengths[place], phrase.words[1:])
            # `de la O` is a name, `de la o el` is none
            letter = last and len(phrase.words[-1]) == 1 and text[last - 1].isalpha()
            if last and not (letter and not folded.original[folded.start(last - 1)].isupper()):
                yield _phrase_hit(start, last, phrase)

    def _broken(self, words: Words, place: int, found: Found | None) -> Iterator[Hit]:
        """Find a name that a space or a line's end cut in two."""
        word, following, gap = words.words[place], words.words[place + 1], words.gap(place + 1)
        if word in self.index.elided and _pattern("elision").fullmatch(gap):
            yield Hit(words.starts[place], words.starts[place + 1] + len(following), self.index.exact(word + following))
            return
        sure = (
            found is not None
            and found.strength in ("exact", "nickname")
            and (is_word(following) or following in particles() or following in self.index.words or gap != " ")
        )
        joined = word in particles() and following in self.index.words
        if word not in self.index.prefixes or sure or joined or len(gap) > _APART or gap.strip(" \t\n-"):
            return
        small = word in particles() or is_word(word)
        if len(word) + len(following) >= 5 and not (small and is_word(following) and "\n" not in gap):
            owners = frozenset(self.index.words[word + following])
            end = words.starts[place + 1] + len(following)
            yield Hit(words.starts[place], end, Found(owners, "variant", "surname"))

    def _capital_row(self, folded: Folded, start: int, row: str) -> Iterator[Hit]:
        """Find initials without full stops for a whole name, `MGHR`; three letters, or a word, are a question."""
        if folded.original[slice(*folded.span(start, start + len(row)))].isupper():
            sure = len(row) > 3 and not is_word(row)
            owners = frozenset(self.index.initials[row])
            yield Hit(start, start + len(row), Found(owners, "variant", "alias", alone=sure))

    def _spaced(self, text: str, start: int, end: int) -> Iterator[Hit]:
        for match in _pattern("spaced").finditer(text, start, end):
            places = [letter.start() + match.start() for letter in _LETTER.finditer(match[0])]
            letters = "".join(text[place] for place in places)
            for first, last, owners in self.index.names_apart(letters):
                yield Hit(places[first], places[last - 1] + 1, Found(owners, "variant", "surname"), kind="spaced")

    def _rows_of_initials(self, folded: Folded, start: int, end: int) -> Iterator[Hit]:
        """Find initials that stand alone for a whole name: `E. L. G.`, `M. v. d. M.`; not `S. A.`"""
        lead = _pattern("initial_before").search(folded.text[max(0, start - 16) : start])
        start -= len(lead[0]) if lead else 0
        more = _pattern("initials_after").match(folded.text, end)
        end = more.end() if more else end
        for match in _pattern("initials_alone").finditer(folded.text, start, min(len(folded.text), end + 1)):
            places = [letter.start() for letter in _pattern("single").finditer(folded.text, *match.span())]
            capital = [place for place in places if folded.original[folded.start(place)].isupper()]
            row = "".join(folded.text[place] for place in capital)
            first = match.start()
            if row not in self.index.initials and row[:1] in title_words() and len(capital) > 2:
                row, first = row[1:], capital[1]  # `la C. A. R.`: the citizen's letter is none of hers
            owners = frozenset(self.index.initials.get(row, ()))
            half = not owners
            if half and row not in load("patterns")["names"]["other_initials"]:
                owners = frozenset(self.index.half_initials.get(row, ()))  # `H.L.`: two surnames
            small = {folded.text[place] for place in places if place not in capital}
            if not owners or any(not small <= self.index.people[owner].small for owner in owners):
                continue
            sure = not half and row not in load("patterns")["names"]["other_initials"]
            yield Hit(first, match.end(), Found(owners, "variant", "alias", alone=sure))

    # 3: runs

    def _runs(self, text: str, hits: list[Hit]) -> Iterator[Run]:
        run: Run | None = None
        for hit in hits:
            if run is not None and self._joins(text, run, hit):
                _take(run, hit)
                continue
            if run is not None:
                yield run
            run = Run([hit], hit.found.owners, hit.start, hit.end)
        if run is not None:
            yield run

    def _joins(self, text: str, run: Run, hit: Hit) -> bool:
        owners = run.owners & hit.found.owners
        if not owners or hit.start - run.end > load("patterns")["names"]["gap_limit"]:
            return False
        gap = text[run.end : max(run.end, hit.start)]
        if gap == " " or _given_between(text, run, hit):
            return True
        if "\n" in gap and _pattern("speaks").match(text, hit.end) is not None:
            return False  # who speaks next in a chat
        if _pattern("gap").fullmatch(unmisread(gap)) is None and not (
            gap.strip() == "y" and self._and(run, hit, owners)
        ):
            return False
        if "," in gap and not self._surname_first(text, run, hit):
            return False
        long = run.end - run.hits[-1].start > 4 and run.hits[-1].found.strength != "short"
        return not (gap.startswith(". ") and long)

    def _and(self, run: Run, hit: Hit, owners: frozenset[int]) -> bool:
        """Tell whether `y` stands inside a name: `Ortega y Gasset`, and between two surnames of one witness."""
        surnames = run.hits[-1].found.role == hit.found.role == "surname"
        return surnames or any("y" in self._small[one] for one in owners)

    def _surname_first(self, text: str, run: Run, hit: Hit) -> bool:
        """Tell whether a comma stands between surnames and given names rather than between two mentions."""
        if "," in text[run.start : run.end] or hit.found.role == "surname" != run.hits[0].found.role:
            return False
        unsplit = any(self.index.people[owner].unsplit for owner in run.owners)
        return unsplit or run.hits[-1].found.role == "surname" or hit.found.role == "surname"

    # 4: initials, particles, handles

    def _extend(self, folded: Folded, run: Run) -> None:
        text = folded.text
        start, end = run.start, run.end
        run.start, run.end = self._left(folded, run), self._right(folded, run)
        married = _pattern("right_married").match(text, run.end) if text.startswith(" ", run.end) else None
        if married is not None and folded.original[folded.start(married.start(1))].isupper():
            run.end = married.end()
        else:
            run.end = self._husband(folded, run)
        run.end = self._right_particles(folded, run)
        run.end = self._cut_after(folded, run)
        self._beside_alike(folded, run)
        first = run.start
        run.start, run.end = _whole_file(text, *_whole_handle(text, run.start, run.end))
        number = _pattern("file_number").match(text, run.start)
        run.extended = (run.start, run.end) != (start, end)
        if number is not None and number.end() <= first and _a_file(text, run):
            run.start = number.end()  # `01_statement_[…].pdf`
        run.start, run.end = _whole_emphasis(text, run.start, run.end)
        run.extended = (run.start, run.end) != (start, end)

    def _right_particles(self, folded: Folded, run: Run) -> int:
        """Take in the particles of a surname that a list puts last: `Linde Maciel, Ma. C. van der`."""
        if len(run.hits) < 2:
            return run.end
        more = _pattern("right_particles").match(folded.text, run.end)
        if more is None:
            return run.end
        own = {word for owner in run.owners for word in self._small[owner]}
        return more.end() if set(WORD.findall(more[0])) <= own else run.end

    def _husband(self, folded: Folded, run: Run) -> int:
        """Take in a husband's surname after a woman's whole name: `Rosa Saldívar de Oyervides`, not `de Monterrey`."""
        if not folded.text.startswith(" de ", run.end) or (len(run.hits) < 2 and not titled(folded, run.start)):
            return run.end
        first = self.index.people[min(run.owners)].given[:1]
        more = _pattern("right_husband").match(folded.text, run.end)
        if more is None or not first or _of_a_man(first[0]) or run.hits[-1].found.role != "surname":
            return run.end
        name, capital = more[1], folded.original[folded.start(more.start(1))].isupper()
        named = is_other_name(name) or not is_word(name)
        strange = capital and named and not (is_place(name) or name in title_words())
        return more.end() if strange and not company_follows(folded, more.end()) else run.end

    def _cut_after(self, folded: Folded, run: Run) -> int:
        """Take in the beginning of another part of the name after a hyphen: `TOUSSAINT ROSE-MER`."""
        more = _pattern("cut_after").match(folded.text, run.end) if len(run.hits) > 1 else None
        parts = (word for owner in run.owners for word in self.index.people[owner].words)
        return more.end() if more is not None and any(word.startswith(more[1]) for word in parts) else run.end

    def _initials(self, run: Run) -> set[str]:
        return {letter for owner in run.owners for letter in self.index.people[owner].initials}

    def _left(self, folded: Folded, run: Run) -> int:
        text, word = folded.text, _word_before(folded, run.start)
        start = self._left_particles(folded, run, word)
        if start > 1:
            start = self._left_compound(folded, run, start)
        word = word if start == run.start else _word_before(folded, start)
        if not word or (len(word) > _LONGEST_LEAD and word.isalpha()):
            return start
        window = text[max(0, start - 16) : start]
        match = _pattern("left_initials").search(window)
        own = self._own_initials(run, match[0]) if match else ""
        if own and _initials_like(own):
            return start - len(own)
        together = _pattern("left_together").search(window)
        if together and set(together[1]) <= self._initials(run) and not is_word(together[1]):
            return start - len(together[0])
        return start

    def _left_compound(self, folded: Folded, run: Run, start: int) -> int:
        """Take in what makes a given name longer: `María del Socorro`, `Anne-Marie`; and `jm.` of a handle."""
        text = folded.text
        if text[start - 1] in "._-":
            sign = "left_hyphen" if text[start - 1] == "-" else "left_dotted"
            more = _pattern(sign).search(text[max(0, start - 16) : start])
            if more is None:
                return start
            named = folded.original[folded.start(start - len(more[0]))].isupper()
            named = named and (more[1] in cue_set("given_names") or bool(nicknames((more[1],))))
            if sign == "left_hyphen":
                named = named and run.hits[0].found.role == "given"
                return start - len(more[0]) if named or self.index.of_one(run.owners, more[1]) else start
            handle = len(run.hits) > 1 and set(more[1]) <= self._initials(run)
            handle = handle or (len(more[1]) > 1 and self.index.of_one(run.owners, more[1]))
            return start - len(more[0]) if handle and any(sign in text[run.start : run.end] for sign in "._") else start
        if len(run.hits) < 2 or run.hits[0].found.role != "given":
            return start
        more = _pattern("left_given").search(text[max(0, start - 20) : start])
        capital = more is not None and folded.original[folded.start(start - len(more[0]))].isupper()
        return start - len(more[0]) if more is not None and capital else start

    def _beside_alike(self, folded: Folded, run: Run) -> None:
        """Take in what is no word and resembles another part of the name: `rosa mae chee` for Rosa May Chi."""
        text = folded.text
        if any(hit.found.strength == "short" for hit in run.hits) or len(run.owners) > 1:
            return
        before = _pattern("left_alike").search(text[max(0, run.start - 12) : run.start])
        if before is not None and _on_no_list(before[1]) and _alike(before[1], self._unsaid(text, run)):
            run.start -= len(before[0])
        for _ in range(2):
            after = _pattern("right_alike").match(text, run.end)
            if after is None or not (_on_no_list(after[1]) and _alike(after[1], self._unsaid(text, run))):
                return
            run.end = after.end()

    def _unsaid(self, text: str, run: Run) -> Iterator[str]:
        """Return the words of a run's identity that none of its hits is."""
        said = {text[hit.start : hit.end] for hit in run.hits}
        return (word for owner in run.owners for word in self.index.people[owner].words if word not in said)

    def _own_initials(self, run: Run, written: str) -> str:
        """Return the end of some letters that are all initials of the run's identities: `J. C. ` of `y J. C. `."""
        small = {letter for owner in run.owners for letter in self.index.people[owner].small}
        initials, own = self._initials(run) | small, ""
        for piece in reversed(_pattern("initial").findall(written)):
            if piece[0] not in initials:
                break
            own = piece + own
        return own

    def _left_particles(self, folded: Folded, run: Run, before: str) -> int:
        text, start = folded.text, run.start
        if not before or (before.isalpha() and before not in _LEADS):
            return start
        match = _pattern("left_particles").search(unmisread(text[max(0, start - 20) : start]))
        if match is None:
            return start
        word = text[run.hits[0].start : run.hits[0].end]
        own = {small for owner in run.owners for small in self._leading(owner, word)}
        first = len(match[0])
        for small in reversed(list(WORD.finditer(match[0]))):
            if small[0] not in own:
                break
            first = small.start()
        return start - len(match[0]) + first

    def _leading(self, owner: int, word: str) -> Collection[str]:
        """Return the particles that lead to a word of an identity; if it is written otherwise, those of its like."""
        lead = self._lead[owner]
        if word in lead:
            return lead[word]
        alike = [particles for name, particles in lead.items() if name[0] == word[:1]]
        return {small for particles in alike for small in particles} if alike else self._small[owner]

    def _right(self, folded: Folded, run: Run) -> int:
        """Take in initials after a name: `Centeno, E. G.`, `Lupe Z.`, `Villalobos de la O`; not a company's `S.A.`."""
        end = run.end
        stop = run.hits[-1].found.strength == "short" and folded.text.startswith(". ", end)
        if _pattern("right_initial").match(folded.text, end + stop) is None or company_follows(folded, end):
            return end
        initials = self._initials(run)
        small = {letter for owner in run.owners for letter in self.index.people[owner].small}
        own = {word for owner in run.owners for word in self._small[owner]}
        for _ in range(4):
            stop = end == run.end and run.hits[-1].found.strength == "short" and folded.text.startswith(". ", end)
            match = _pattern("right_initial").match(folded.text, end + stop)
            if match is None or ("," in match[0] and end != run.end and not self._given_last(folded, run, match)):
                return end
            if match[2] not in initials and not (match[3] and match[2] in small):
                return end
            if not set(match[1].split()) <= own:
                return end
            small_letter = match[2] in load("patterns")["names"]["small_letters"]
            if not match[3] and not match[1] and small_letter and not _in_a_list(folded, run, match):
                return end
            end = match.end()
        return end

    def _given_last(self, folded: Folded, run: Run, initial: re.Match[str]) -> bool:
        """Tell whether a comma stands between surnames and the initials of given names: `Celaya Y., A.`"""
        given = {name[0] for owner in run.owners for name in self.index.people[owner].given}
        if not initial[3] or initial[2] not in given or "," in folded.text[run.start : initial.start()]:
            return False
        if any(hit.found.role != "surname" for hit in run.hits):
            return False
        more = _pattern("stranger_next").match(folded.text, initial.end())
        return more is None or not folded.original[folded.start(more.start(1))].isupper()

    # 5: the verdict

    def _verdict(self, folded: Folded, run: Run) -> Iterator[Mark | Suggestion]:
        owned = folded.text.startswith("'s", run.end) and _pattern("owner").match(folded.text, run.end) is not None
        start, end = folded.span(run.start, run.end + 2 * owned)
        distinct = {folded.text[hit.start : hit.end] for hit in run.hits if hit.found.strength != "short"}
        manner = _manner_of(run)
        whole = len(distinct) > 1 or manner.kind == "alias"
        if manner.label == "PERSON":
            read = self._reading(folded, run, manner, whole=whole)
            if read == "other":
                return
            if read == "doubtful":
                stranger = beside_stranger(folded, run.start, run.end, self._is_known)
                yield Suggestion(start, end, POSSIBLE_NAME, reason("namesake" if stranger else POSSIBLE_NAME))
                return
        sure = self._more_than_words(folded, run) if whole else self._stands_alone(folded, run)
        if not (sure if distinct else self._shortened_surname(folded, run)):
            if _worth_asking(folded.text, run):
                yield Suggestion(start, end, POSSIBLE_NAME, reason(POSSIBLE_NAME))
            return
        mark = Mark(start, end, manner.label, self._owner(run), manner.kind, manner.certainty, reason(manner.kind))
        halved = not whole and manner.label == "PERSON" and manner.roles <= _HALVES
        yield self._unless_a_namesake(folded, run, mark, manner.roles) if halved else mark

    def _unless_a_namesake(self, folded: Folded, run: Run, mark: Mark, roles: Collection[str]) -> Mark:
        """Put half a name in doubt that has somebody else's given name, title or office beside it."""
        owners = [self.index.people[owner] for owner in run.owners]
        if "given" not in roles:
            first = given_before(folded, run.start, self._is_known)
            if first < run.start:
                return _doubted(replace(mark, start=folded.start(first)))
            if titled_otherwise(folded, run.start, {name for owner in owners for name in owner.given[:1]}):
                return _doubted(mark)
        return _doubted(mark) if of_an_office(folded, run.start, run.end) else mark

    def _reading(self, folded: Folded, run: Run, manner: Manner, *, whole: bool) -> Reading:
        """Ask the context what a run stands for; a given name with a surname is whole, an alias is only a venue's."""
        roles = manner.roles
        if roles.isdisjoint(_HALVES):
            return self._nickname_reading(folded, run) if roles <= {"alias", "nickname"} else "person"
        if not manner.exact and is_declared(folded.text[run.start : run.end]):
            return "other"
        if named_after(folded, run.start, run.end):
            return "other"
        if whole and (roles >= _HALVES or "alias" in roles or "nickname" in roles):
            return reading(folded, run.start, run.end, lone=False, own=(), known=self._is_known)
        own = self._own_small(run.owners)
        read = reading(folded, run.start, run.end, lone=True, own=own, known=self._is_known)
        if read == "person" and strange_initials(folded, run.start, self._initials(run)):
            return "doubtful"
        return self._unless_a_thing(folded, run, read, own)

    def _unless_a_thing(self, folded: Folded, run: Run, read: Reading, own: Collection[str]) -> Reading:
        """Return a reading, or doubt where a person is read and the phrase is one of things: `Toluca, Rosa y Silao`."""
        if read != "person" or titled(folded, run.start):
            return read
        exact = len(run.hits) == 1 and run.hits[0].found.strength == "exact"
        thing = like_a_thing(folded, run.start, run.end, own, self._is_known, exact=exact)
        return "doubtful" if thing else "person"

    def _nickname_reading(self, folded: Folded, run: Run) -> Reading:
        if folded.text[run.end - 1] == "." and len(_pattern("single").findall(folded.text[run.start : run.end])) > 2:
            return "person"  # `P. D. M.`: a sentence ends there
        own = self._own_small(run.owners)
        read = nickname_reading(folded, run.start, run.end, own, self._is_known)
        return self._unless_a_thing(folded, run, read, own)

    def _own_small(self, owners: frozenset[int]) -> frozenset[str]:
        small = self._small_of.get(owners)
        if small is None:
            small = self._small_of[owners] = frozenset(word for owner in owners for word in self._small[owner])
        return small

    def _is_known(self, word: str) -> bool:
        found = self._judged[word] if word in self._judged else self._judged_once(word)
        return found is not None

    def _owner(self, run: Run) -> str | None:
        return self.identities[min(run.owners)].id if len(run.owners) == 1 else None

    def _stands_alone(self, folded: Folded, run: Run) -> bool:
        hit = run.hits[0] if len(run.hits) == 1 else min(run.hits, key=lambda one: (not one.found.alone, one.start))
        word = folded.text[hit.start : hit.end]
        written = folded.original[slice(*folded.span(hit.start, hit.end))]
        # `photo_chain_broken.jpg`
        small = hit.label == "PERSON" and not written[:1].isupper()
        filed = small and _plain(word) and _a_file_of_things(folded.text, run, word)
        if not filed and (
            hit.label != "PERSON"
            or titled(folded, run.start)
            or (run.extended and "." in folded.text[run.start : run.end])
        ):
            return True
        if filed or not hit.found.alone:
            return False
        capital = written[:1].isupper()
        if _may_be_introduced(hit, word) and (
            named_before(folded, run.start, run.end)
            or (hit.found.role != "surname" and acting(folded, run.start, run.end))
        ):
            return True
        if hit.found.strength == "clip":
            return _clipped_as_a_name(folded, run, written)
        if hit.found.strength in ("typo", "far_typo") and not capital:
            return hit.found.strength == "typo" and not (word[-1] == "s" and word[:-1] in self.index.words)
        return _whole_line(folded.text, run) or self._as_a_name(folded, hit, word, capital=capital)

    def _shortened_surname(self, folded: Folded, run: Run) -> bool:
        """Tell whether a surname stands alone as it is shortened, with a capital (`Hdz. no firmó`), or two names do."""
        capitals = {
            folded.text[hit.start : hit.end]
            for hit in run.hits
            if folded.original[folded.start(hit.start)].isupper() and folded.text.startswith(".", hit.end)
        }
        if len(capitals) > 1:
            return True
        for hit in run.hits:
            word = folded.text[hit.start : hit.end]
            written = hit.found.role == "surname" and folded.original[folded.start(hit.start)].isupper()
            if written and len(word) > 2 and not (is_word(word) or is_other_name(word)):
                return True
        return False

    def _more_than_words(self, folded: Folded, run: Run) -> bool:
        """Tell whether a run of several words is more than words in small letters that resemble names: `diez días`."""
        if self._plain_phrase(folded, run):
            return named_before(folded, run.start, run.end) or acting(folded, run.start, run.end)
        roles = {hit.found.role for hit in run.hits if hit.found.strength == "exact"}
        exact = roles >= {"given", "surname"} or all(hit.found.strength == "exact" for hit in run.hits)
        words = [folded.text[hit.start : hit.end] for hit in run.hits]
        small = not any(folded.original[folded.start(hit.start)].isupper() for hit in run.hits)
        return exact or not small or not all(map(is_word, words))

    def _plain_phrase(self, folded: Folded, run: Run) -> bool:
        """Tell whether an alias that is common words alone stands in small letters after a partitive: `du pain`."""
        if _pattern("partitive").match(folded.text, run.start) is None or run.extended:
            return False
        if any(hit.found.role != "alias" for hit in run.hits):
            return False
        words = list(WORD.finditer(folded.text, run.start, run.end))
        if len(words) < 2 or any(folded.original[folded.start(word.start())].isupper() for word in words):
            return False
        return all(_plain(word[0]) or word[0] in particles() for word in words)

    def _as_a_name(self, folded: Folded, hit: Hit, word: str, *, capital: bool) -> bool:
        """Tell whether a word is written as names are: what is a word too, or a short nickname, needs a capital."""
        if not capital and word in cue_set("common_nouns"):
            return False
        if len(word) == 3 and hit.found.role in _LISTED and hit.found.strength == "exact" and not is_word(word):
            return True
        if is_word(word) and self._accented(folded, hit, capital=capital):
            return True
        if len(word) <= 3 or (hit.found.role == "nickname" and is_word(word)):
            return capital and not (is_word(word) and _starts_sentence(folded.text, hit.start))
        if not is_word(word):
            return True
        return capital and not (word in word_set("grammar") and _starts_sentence(folded.text, hit.start))

    def _accented(self, folded: Folded, hit: Hit, *, capital: bool) -> bool:
        """Tell whether a word is written with the signs of an alias or nickname: `Memé`, not `Même`; `Toño`, `toño`."""
        written = composed(folded.original[slice(*folded.span(hit.start, hit.end))])
        if capital:
            return written in self.index.accented
        return "ñ" in written and written.capitalize() in self.index.accented

    def _tagged(self, folded: Folded) -> Iterator[Suggestion]:
        """Ask about handles, hashtags and files' names that hold a known name among whatever else: `#FuerzaMartha`."""
        words = folded.words
        for place in sorted(_tagged_words(folded)):
            if self.index.holds_a_name(words.words[place]):
                start = words.starts[place]
                span = folded.span(start, start + words.lengths[place])
                yield Suggestion(*span, POSSIBLE_NAME, reason(POSSIBLE_NAME))

    def _literals(self, folded: Folded) -> Iterator[Mark]:
        for literal, owner in self.index.literals:
            place = folded.original.find(literal)
            while place >= 0:
                end = place + len(literal)
                yield Mark(place, end, "PERSON", self.identities[owner].id, "alias", "certain", reason("alias"))
                place = folded.original.find(literal, end)


def _tagged_words(folded: Folded) -> set[int]:
    """Return the places of the words beside the signs of handles, hashtags and files' names."""
    text, words = folded.text, folded.words
    places: set[int] = set()
    for sign in _TAGS:
        at = text.find(sign)
        while at >= 0:
            places.update((words.before(at + 2), words.before(at)) if sign == "_" else (words.before(at + 2),))
            at = text.find(sign, at + 1)
    places.update(words.before(match.start()) for match in _pattern("file_ends").finditer(text))
    return places - {-1}


def _word_before(folded: Folded, start: int) -> str:
    """Return the word before a name, or nothing if more stands between than what joins initials and particles.

    Within a word it is a space: what stands before is then no word.
    """
    words = folded.words
    place = words.before(start)
    if place < 0:
        return ""
    end = words.starts[place] + words.lengths[place]
    if end > start:
        return " "
    return "" if folded.text[end:start].strip(" \n.-'") else words.words[place]


def _doubted(mark: Mark) -> Mark:
    return replace(mark, certainty="likely", reason=reason("namesake"))


def _with_doubt(folded: Folded, found: list[Mark | Suggestion]) -> list[Mark | Suggestion]:
    """Return what was found; where half a name is somebody else's once, it is in doubt wherever it stands alone."""
    namesake = reason("namesake")
    written = [_words_of(folded, item) for item in found if item.reason == namesake]
    if not written:
        return found
    doubted = {part for words in written for part in (words, words.split(" ")[-1])}
    names = {id(item) for item in found if item.kind == "name" and _words_of(folded, item) in doubted}
    return [_doubted(item) if isinstance(item, Mark) and id(item) in names else item for item in found]


def _words_of(folded: Folded, item: Mark | Suggestion) -> str:
    return folded.text[folded.folded_offset(item.start) : folded.folded_offset(item.end)]


def _small_words(who: KnownIdentity) -> set[str]:
    """Return the particles of a name, as far as they are known: `de la Torre`."""
    text = " ".join((who.given, who.surname1, who.surname2, who.name, *who.aliases))
    found = set(WORD.findall(fold_characters(text))) & particles()
    return found | {short for word in found for short in load("patterns")["names"]["saints"].get(word, ())}


def _leading_words(who: KnownIdentity) -> dict[str, set[str]]:
    """Return for each word of a name the particles that lead to it: `meer` → `van`, `der`."""
    found: dict[str, set[str]] = {}
    for part in (who.given, who.surname1, who.surname2, who.name, *who.aliases):
        lead: set[str] = set()
        for word in WORD.findall(fold_characters(part)):
            if word in particles():
                lead.update((word, *load("patterns")["names"]["saints"].get(word, ())))
                continue
            found.setdefault(word, set()).update(lead)
            lead = set()
    return found


def _shorten_clips(run: Run) -> None:
    """Let what may be a clipped name count beside another name as a shortened one does: `Fern. Paz`, `Ivi Paz`."""
    if len(run.hits) > 1:
        for hit in run.hits:
            if hit.found.strength == "clip":
                hit.found = replace(hit.found, strength="short", role="short", alone=False)


def _longest_first(hit: Hit) -> int:
    """Return what sorts hits by their beginning, of those that begin together the longest first."""
    return (hit.start << 40) - hit.end


def _take(run: Run, hit: Hit) -> None:
    run.hits.append(hit)
    run.owners &= hit.found.owners
    run.end = max(run.end, hit.end)


def _phrase_end(text: str, position: int, words: tuple[str, ...]) -> int:
    for word in words:
        gap = _pattern("phrase_gap").match(text, position)
        if gap is None or not text.startswith(word, gap.end()):
            return 0
        position = gap.end() + len(word)
    following = text[position : position + 1]
    return 0 if following.isalpha() else position


def _phrase_hit(start: int, end: int, phrase: Phrase) -> Hit:
    return Hit(start, end, Found(frozenset((phrase.owner,)), "exact", "alias"), phrase.label, phrase.kind)


def _may_be_introduced(hit: Hit, word: str) -> bool:
    """Tell whether `soy`, `hola` or `att` before a word make it a name: not `soy moreno`, `its may`."""
    plain = hit.found.strength in ("exact", "nickname", "clip") and (hit.found.role != "surname" or not is_word(word))
    return plain and word not in word_set("grammar") and word not in cue_set("calendar")


def _clipped_as_a_name(folded: Folded, run: Run, written: str) -> bool:
    """Tell whether a given name cut short is written as names are: not `IME`, `Mat. 5`, `cleme`."""
    shouted = written.isupper() and len(written) > 4
    if not shouted and not (written[:1].isupper() and written[1:].islower()):
        return False
    follows = _pattern("abbreviated").match(folded.text, run.end)
    return follows is None or len(written) > 4 or folded.original[folded.start(follows.end() - 1)].isupper()


def _of_a_man(given: str) -> bool:
    return given[-1] == "o" and given not in load("patterns")["names"]["women"]


def _given_between(text: str, run: Run, hit: Hit) -> bool:
    """Tell whether a given name that is not on the list stands inside a name: `Soledad Guadalupe Zubizarreta`."""
    if hit.found.role != "surname" or run.hits[-1].found.role != "given":
        return False
    more = _pattern("between").fullmatch(text, run.end, max(run.end, hit.start))
    if more is None or not (more[1] in cue_set("given_names") or nicknames((more[1],))):
        return False
    return text[run.hits[-1].start : hit.end] not in cue_set("heroes")


def _plain(word: str) -> bool:
    """Tell whether a folded word is a common one, also one that people are called."""
    return is_word(word) or word in cue_set("common_nouns")


def _a_file(text: str, run: Run) -> bool:
    """Tell whether a run ends as files' names do: `.docx`."""
    return run.extended and _pattern("file_ends").search(text, max(run.start, run.end - 6), run.end) is not None


def _a_file_of_things(text: str, run: Run, word: str) -> bool:
    """Tell whether a common word stands among others in a file's name: `chain_broken.jpg`, not `letter_rosa.pdf`."""
    if not _a_file(text, run):
        return False
    others = [part for part in WORD.findall(text, run.start, run.end)[:-1] if part != word]
    if any(part in load("patterns")["names"]["person_files"] for part in others):
        return False
    return any(len(part) > _LONGEST_LEAD and is_word(part) for part in others)


def _initials_like(text: str) -> bool:
    letters = _LETTER.findall(text)
    return (
        "." in text
        or (len(letters) == 1 and letters[0] not in load("patterns")["names"]["small_letters"])
        or len(letters) > 1
    )


def _in_a_list(folded: Folded, run: Run, initial: re.Match[str]) -> bool:
    """Tell whether a letter ends a name in a list of names in capitals: `RAMOS VALDES MIGUEL A   P-4471`."""
    if len(run.hits) < 2 and initial.start() == run.end:
        return False
    if _pattern("list_ends").match(folded.text, initial.end()) is None:
        return False
    if _pattern("cell_ends").match(folded.text, initial.end()) is not None:
        return folded.original[folded.start(initial.start(2))].isupper()
    written = folded.original[folded.start(run.start) : folded.end(initial.end())]
    return written.isupper()


def _whole_handle(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the rest of a handle: `_88` after a name, `team_` and `@` before it."""
    while start > 0 and _joined(text, start - 1, start - 2):
        start -= 1
    while end < len(text) and _joined(text, end, end + 1):
        end += 1
    if start > 0 and text[start - 1] == "@":
        start -= 1
    return start, end


def _whole_file(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in what else a file is called, but for numbers: `decl_[…]_v3.docx`, not `IMG_4471_`."""
    if text[end : end + 1] not in _FILE_SIGNS:
        return start, end
    more = _pattern("file_name").match(text, end)
    if more is None:
        return start, end
    while start > 1 and text[start - 1] in "-." and text[start - 2].isalpha():
        start = _letters_before(text, start - 1)
    return start, more.end()


def _letters_before(text: str, end: int) -> int:
    while end > 0 and text[end - 1].isalpha():
        end -= 1
    return end


def _on_no_list(word: str) -> bool:
    return not (is_word(word) or is_place(word) or word in particles() or word in title_words())


def _alike(word: str, names: Iterable[str]) -> bool:
    """Tell whether a word is one of some names misspelt, also a short one."""
    return any(word[0] == name[0] and len(name) > 2 and edit_distance(word, name, 2) <= 2 for name in names)


def _joined(text: str, position: int, beyond: int) -> bool:
    """Tell whether a character belongs to the same handle; an underscore only between two of its characters."""
    if text[position] == "_":
        return 0 <= beyond < len(text) and text[beyond].isalnum()
    return text[position].isalnum()


def _whole_emphasis(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the markup that opens before a name and closes inside it: `**Marcel** Martel`, `<b>Ana</b> Ruiz`."""
    if _MARKUP.isdisjoint(text[start:end]):
        return start, end
    opened, closed = (
        _pattern("tag_before").search(text[max(0, start - 40) : start]),
        _pattern("tag_after").match(text, end),
    )
    tags = _pattern("tag").findall(text[start:end])
    if opened and sum(1 if tag.startswith("</") else -1 for tag in tags) > 0:
        start -= len(opened[0])
    elif closed and sum(1 if tag.startswith("</") else -1 for tag in tags) < 0:
        end = closed.end()
    for sign in load("patterns")["names"]["emphasis"]:
        if text[start:end].count(sign) % 2:
            if text.endswith(sign, 0, start):
                return start - len(sign), end
            if text.startswith(sign, end):
                return start, end + len(sign)
    return start, end


def _starts_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start].rstrip(" \t\"'*_-—¿¡([")
    return not before or before[-1] in ".!?:\n;"


def _whole_line(text: str, run: Run) -> bool:
    """Tell whether nothing else stands on the line, a signature, or its words follow: who speaks in a chat."""
    before = text[max(0, run.start - 8) : run.start].rstrip(" -–—")
    signs = _pattern("signs_after").match(text, run.end)  # `jaz 🌙:`
    after = ":" if signs else text[run.end : run.end + 8].lstrip(" .")
    if after[:1] == ":" and before[-1:] not in ("", "\n"):
        return _pattern("speaker").search(text[max(0, run.start - 20) : run.start]) is not None
    return before[-1:] in ("", "\n") and after[:1] in ("", "\n", ":")


def _worth_asking(text: str, run: Run) -> bool:
    """Tell whether a run that is no mark is a question: a name that is a word too, or an unsure misspelling."""
    return any(
        hit.found.strength in ("exact", "nickname", "clip")
        or (hit.found.strength in ("typo", "far_typo", "variant") and not is_word(text[hit.start : hit.end]))
        or (hit.found.strength == "short" and text.startswith(".", hit.end) and not is_word(text[hit.start : hit.end]))
        for hit in run.hits
        if hit.end - hit.start > 2
    )


def _manner_of(run: Run) -> Manner:
    return _manner(tuple([(hit.label, hit.kind, hit.found.strength, hit.found.role) for hit in run.hits]))


@lru_cache(maxsize=1 << 12)
def _manner(hits: tuple[tuple[str, str, Strength, Role], ...]) -> Manner:
    label = next((label for label, *_ in hits if label != "PERSON"), "PERSON")
    kinds = {kind for _, kind, *_ in hits}
    strengths = {strength for *_, strength, _ in hits}
    sure = not strengths.isdisjoint(("exact", "variant", "inside"))
    roles = frozenset(role for *_, role in hits)
    return Manner(label, roles, strengths == {"exact"}, _kind(kinds, strengths), "certain" if sure else "likely")


def _kind(kinds: set[str], strengths: set[Strength]) -> str:
    if "alias" in kinds:
        return "alias"
    if strengths <= {"typo", "far_typo"}:
        return "typo"
    if strengths <= {"nickname", "short", "clip"}:
        return "nickname"
    return "name"
