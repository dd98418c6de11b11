"""Finding the known identities in a folded text.

The way of a name
    1. Every distinct word of the text is judged once (`index.KnownIndex.judge`).
    2. The places of the words that stand for somebody are collected; so are phrases, letters written apart, and
       names broken by a space or a line's end.
    3. Neighbours that share an identity become one run: `LARA ALMANZA, Uriel Cecilia`, `Zárate de Olmedo`.
    4. A run takes in initials and particles at its sides, and the rest of a handle.
    5. A run is a mark, a question, or, by its context, nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.redaction.context import stands_for_other, titled
from app.domain.redaction.index import Found, KnownIndex, Phrase, is_word
from app.domain.redaction.model import POSSIBLE_NAME, Certainty, KnownIdentity, Mark, Suggestion
from app.domain.redaction.normalise import Folded, fold_characters
from app.domain.redaction.reasons import reason
from app.domain.redaction.rules import particles, word_set
from app.domain.redaction.variants import WORD

_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ \n._\-*·/]{1,3}[^\W\d_]){2,}(?![^\W_])")
_LETTER = re.compile(r"[^\W\d_]")
_NEXT = re.compile(r"[ \t\n\-]{1,3}([^\W_]+)")
_PHRASE_GAP = re.compile(r"[^\w\n]{0,4}\n?[^\w\n]{0,2}(?:_|(?=[^\W_]))")
_PHRASE_NEXT = re.compile(_PHRASE_GAP.pattern + r"([^\W_]+)")
_PARTICLES = r"(?:d[eo]l?|las?|los|d[aou]s?|des|le|v[ao]n|der|den|san|santa|st|ste|vda|viuda|m[ac]c?|mac|alias)"
_GAP = re.compile(
    rf"(?:[ \t,*_\-'\"·|/+]|\.(?=\S)|\.[ ]?|\n(?!\n)|<[^<>\n]{{0,40}}>|{_PARTICLES}(?![^\W_])|[^\W\d_][.'])*"
)
_GAP_LIMIT = 40
_LEFT_INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_](?:\.[ ]?|[ ])){1,4}$")
_LEFT_TOGETHER = re.compile(r"(?<![^\W_])([^\W\d_]{2,3})\.?[ ]$")
_RIGHT_INITIAL = re.compile(r",?[ ]{0,2}([^\W\d_])(?:(\.)|(?![^\W_]|'))")
_TAG = re.compile(r"<[^<>\n]{0,40}>")
_TAG_BEFORE = re.compile(r"<[^<>/\n]{1,38}>$")
_TAG_AFTER = re.compile(r"</[^<>\n]{1,36}>")
_LEFT_PARTICLES = re.compile(
    r"(?<![^\W_])(?:d[e']|del|de[ ]la|de[ ]los|de[ ]las|la|los|el|van|von|le|mc|mac|o'|san|st)[ ]?$"
)


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


class KnownMatcher:
    """Finds the identities of one case in texts."""

    def __init__(self, identities: Sequence[KnownIdentity]) -> None:
        self.identities = identities
        self.index = KnownIndex(identities)
        self._judged: dict[str, Found | None] = {}
        self._small = [_small_words(identity) for identity in identities]

    def find(self, folded: Folded, kept: Sequence[tuple[int, int]]) -> Iterator[Mark | Suggestion]:
        """Return marks and questions, in offsets of the original; `kept` are folded stretches that must stay."""
        if not self.identities:
            return
        hits = sorted(self._hits(folded), key=lambda hit: (hit.start, -hit.end))
        for run in self._runs(folded.text, hits):
            if any(start <= run.start and run.end <= end for start, end in kept):
                continue
            self._extend(folded, run)
            yield from self._verdict(folded, run)
        yield from self._literals(folded)

    # 1 and 2: words, phrases, letters apart

    def _judge(self, words: set[str]) -> set[str]:
        judged = self._judged
        if len(judged) > 400_000:
            judged.clear()
        interesting = set()
        for word in words:
            if word not in judged:
                judged[word] = self.index.judge(word)
            if judged[word] is not None or word in self.index.phrases:
                interesting.add(word)
        return interesting | (words & self.index.prefixes)

    def _hits(self, folded: Folded) -> Iterator[Hit]:
        text = folded.text
        interesting = self._judge(set(WORD.findall(text)))
        if interesting:
            for match in WORD.finditer(text):
                word = match[0]
                if word in interesting:
                    yield from self._hits_at(text, word, match.start(), match.end())
        yield from self._spaced(text)

    def _hits_at(self, text: str, word: str, start: int, end: int) -> Iterator[Hit]:
        found = self._judged.get(word)
        if found is not None:
            yield Hit(start, end, found)
        if word in self.index.phrases:
            yield from self._phrases(text, start, end, self.index.phrases[word])
        if word in self.index.prefixes and (found is None or found.strength not in ("exact", "nickname")):
            yield from self._broken(text, word, start, end)

    def _phrases(self, text: str, start: int, end: int, phrases: dict[str, list[Phrase]]) -> Iterator[Hit]:
        second = _PHRASE_NEXT.match(text, end)
        for phrase in (*phrases.get("", ()), *(phrases.get(second[1], ()) if second else ())):
            last = _phrase_end(text, end, phrase.words[1:])
            if last:
                yield _phrase_hit(start, last, phrase)

    def _broken(self, text: str, word: str, start: int, end: int) -> Iterator[Hit]:
        """Find a name that a space or a line's end cut in two."""
        match = _NEXT.match(text, end)
        if match is None or len(word) + len(match[1]) < 5:
            return
        found = self.index.words.get(word + match[1])
        if not found or (is_word(word) and is_word(match[1]) and "\n" not in match[0]):
            return
        yield Hit(start, match.end(), Found(frozenset(found), "variant", "surname"))

    def _spaced(self, text: str) -> Iterator[Hit]:
        for match in _SPACED.finditer(text):
            places = [letter.start() + match.start() for letter in _LETTER.finditer(match[0])]
            letters = "".join(text[place] for place in places)
            for first, last, owners in self.index.names_apart(letters):
                yield Hit(places[first], places[last - 1] + 1, Found(owners, "variant", "surname"), kind="spaced")

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
        if not owners or hit.start - run.end > _GAP_LIMIT:
            return False
        gap = text[run.end : max(run.end, hit.start)]
        if _GAP.fullmatch(gap) is None and not (gap.strip() == "y" and any("y" in self._small[one] for one in owners)):
            return False
        if "," in gap and not self._surname_first(text, run, hit):
            return False
        return not (gap.startswith(". ") and run.end - run.hits[-1].start > 4)

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
        run.start, run.end = self._left(text, run), self._right(text, run)
        run.start, run.end = _whole_handle(text, run.start, run.end)
        run.start, run.end = _whole_emphasis(text, run.start, run.end)
        run.extended = (run.start, run.end) != (start, end)

    def _initials(self, run: Run) -> set[str]:
        return {letter for owner in run.owners for letter in self.index.people[owner].initials}

    def _left(self, text: str, run: Run) -> int:
        start = self._left_particles(text, run, run.start)
        window = text[max(0, start - 16) : start]
        match = _LEFT_INITIALS.search(window)
        if match and set(_LETTER.findall(match[0])) <= self._initials(run) and _initials_like(match[0]):
            return start - len(match[0])
        together = _LEFT_TOGETHER.search(window)
        if together and set(together[1]) <= self._initials(run) and not is_word(together[1]):
            return start - len(together[0])
        return start

    def _left_particles(self, text: str, run: Run, start: int) -> int:
        match = _LEFT_PARTICLES.search(text[max(0, start - 8) : start])
        if match is None:
            return start
        words = match[0].replace("'", " ").split()
        own = {word for owner in run.owners for word in self._small[owner]}
        return start - len(match[0]) if words and set(words) <= own else start

    def _right(self, text: str, run: Run) -> int:
        """Take in initials after a name: `Centeno, E. G.`, `Lupe Z.`; an undotted one only if it is no word."""
        initials, end = self._initials(run), run.end
        for _ in range(4):
            match = _RIGHT_INITIAL.match(text, end)
            if match is None or match[1] not in initials or ("," in match[0] and end != run.end):
                return end
            if not match[2] and match[1] in _SMALL_LETTERS:
                return end
            end = match.end()
        return end

    # 5: the verdict

    def _verdict(self, folded: Folded, run: Run) -> Iterator[Mark | Suggestion]:
        start, end = folded.span(run.start, run.end)
        distinct = {folded.text[hit.start : hit.end] for hit in run.hits if hit.found.strength != "short"}
        whole = len(distinct) > 1 or any(hit.kind == "alias" for hit in run.hits)
        label = next((hit.label for hit in run.hits if hit.label != "PERSON"), "PERSON")
        formal = any(hit.found.role in ("given", "surname") for hit in run.hits)
        if label == "PERSON" and formal and stands_for_other(folded, run.start, run.end, lone=not whole):
            return
        if not distinct or not (whole or self._stands_alone(folded, run)):
            if _worth_asking(folded.text, run):
                yield Suggestion(start, end, POSSIBLE_NAME, reason(POSSIBLE_NAME))
            return
        yield Mark(start, end, label, self._owner(run), _kind(run), _certainty(run), reason(_kind(run)))

    def _owner(self, run: Run) -> str | None:
        return self.identities[min(run.owners)].id if len(run.owners) == 1 else None

    def _stands_alone(self, folded: Folded, run: Run) -> bool:
        hit = min(run.hits, key=lambda each: (not each.found.alone, each.start))
        word = folded.text[hit.start : hit.end]
        written = folded.original[slice(*folded.span(hit.start, hit.end))]
        if (
            hit.label != "PERSON"
            or titled(folded, run.start)
            or (run.extended and "." in folded.text[run.start : run.end])
        ):
            return True
        if not hit.found.alone:
            return False
        capital = written[:1].isupper()
        if hit.found.strength in ("typo", "far_typo") and not capital:
            return hit.found.strength == "typo"
        if len(word) <= 3 or hit.found.role == "nickname":
            return capital and not (is_word(word) and _starts_sentence(folded.text, hit.start))
        if not is_word(word):
            return True
        return capital and not (word in word_set("grammar") and _starts_sentence(folded.text, hit.start))

    def _literals(self, folded: Folded) -> Iterator[Mark]:
        for literal, owner in self.index.literals:
            place = folded.original.find(literal)
            while place >= 0:
                end = place + len(literal)
                yield Mark(place, end, "PERSON", self.identities[owner].id, "alias", "certain", reason("alias"))
                place = folded.original.find(literal, end)


_SMALL_LETTERS = frozenset("aeoyuix")


def _small_words(who: KnownIdentity) -> set[str]:
    """Return the particles of a name, as far as they are known: `de la Torre`."""
    text = " ".join((who.given, who.surname1, who.surname2, who.name, *who.aliases))
    return set(WORD.findall(fold_characters(text))) & particles()


def _take(run: Run, hit: Hit) -> None:
    run.hits.append(hit)
    run.owners &= hit.found.owners
    run.end = max(run.end, hit.end)


def _phrase_end(text: str, position: int, words: tuple[str, ...]) -> int:
    for word in words:
        gap = _PHRASE_GAP.match(text, position)
        if gap is None or not text.startswith(word, gap.end()):
            return 0
        position = gap.end() + len(word)
    following = text[position : position + 1]
    return 0 if following.isalpha() else position


def _phrase_hit(start: int, end: int, phrase: Phrase) -> Hit:
    return Hit(start, end, Found(frozenset((phrase.owner,)), "exact", "alias"), phrase.label, phrase.kind)


def _initials_like(text: str) -> bool:
    letters = _LETTER.findall(text)
    return "." in text or (len(letters) == 1 and letters[0] not in _SMALL_LETTERS) or len(letters) > 1


def _whole_handle(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the rest of a handle: `_88` after a name, `team_` and `@` before it."""
    while start > 0 and _joined(text, start - 1, start - 2):
        start -= 1
    while end < len(text) and _joined(text, end, end + 1):
        end += 1
    if start > 0 and text[start - 1] == "@":
        start -= 1
    return start, end


def _joined(text: str, position: int, beyond: int) -> bool:
    """Tell whether a character belongs to the same handle; an underscore only between two of its characters."""
    if text[position] == "_":
        return 0 <= beyond < len(text) and text[beyond].isalnum()
    return text[position].isalnum()


def _whole_emphasis(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the markup that opens before a name and closes inside it: `**Marcel** Martel`, `<b>Ana</b> Ruiz`."""
    opened, closed = _TAG_BEFORE.search(text[max(0, start - 40) : start]), _TAG_AFTER.match(text, end)
    tags = _TAG.findall(text[start:end])
    if opened and sum(1 if tag.startswith("</") else -1 for tag in tags) > 0:
        start -= len(opened[0])
    elif closed and sum(1 if tag.startswith("</") else -1 for tag in tags) < 0:
        end = closed.end()
    for sign in ("**", "*", "__", "~~", "`"):
        if text[start:end].count(sign) % 2:
            if text.endswith(sign, 0, start):
                return start - len(sign), end
            if text.startswith(sign, end):
                return start, end + len(sign)
    return start, end


def _starts_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start].rstrip(" \t\"'*_-—¿¡([")
    return not before or before[-1] in ".!?:\n;"


def _worth_asking(text: str, run: Run) -> bool:
    """Tell whether a run that is no mark is a question: a name that is a word too, or an unsure misspelling."""
    return any(
        hit.found.strength in ("exact", "nickname")
        or (hit.found.strength in ("typo", "variant") and not is_word(text[hit.start : hit.end]))
        for hit in run.hits
        if hit.end - hit.start > 2
    )


def _kind(run: Run) -> str:
    kinds = {hit.kind for hit in run.hits}
    if "alias" in kinds:
        return "alias"
    strengths = {hit.found.strength for hit in run.hits}
    if strengths <= {"typo", "far_typo"}:
        return "typo"
    if strengths <= {"nickname", "short"}:
        return "nickname"
    return "name"


def _certainty(run: Run) -> Certainty:
    sure = any(hit.found.strength in ("exact", "variant", "inside") for hit in run.hits)
    return "certain" if sure else "likely"
