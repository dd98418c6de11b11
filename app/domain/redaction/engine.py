"""The engine: from a text and the known identities to marks and questions.

The way of a text
    1. Fold it; note the surrogates that stand in it already and the declared names that must stay.
    2. Find known names, listed identifiers, identifiers of anybody.
    3. Merge: where two meet, one mark covers both, and the more telling label stays.
    4. Ask about what is left: other persons, quasi-identifiers, numbers.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from app.domain.redaction import persons, questions
from app.domain.redaction.discovery import discover
from app.domain.redaction.identifiers import Identifier
from app.domain.redaction.keep import Kept
from app.domain.redaction.known import KnownMatcher
from app.domain.redaction.listed import Listed, ListedIdentifiers
from app.domain.redaction.model import (
    CAPITALISED,
    CASE_NUMBER,
    DECOY_NUMBER,
    POSSIBLE_NAME,
    Analysis,
    KnownIdentity,
    Mark,
    Suggestion,
)
from app.domain.redaction.normalise import Folded, fold, fold_characters
from app.domain.redaction.reasons import reason
from app.domain.redaction.rules import compiled, load, word_set
from app.domain.redaction.surrogates import Surrogates, apply, surrogate_pattern
from app.domain.redaction.variants import WORD
from app.domain.redaction.windows import Span, united

# A surrogate, or what was found already, while the rest is looked at: no word, no separator, no cue.
_SETTLING = load("patterns")["settling"]
_BLOCK: str = _SETTLING["block"]
_WIDTH: int = _SETTLING["width"]
_LATER_GROUP = re.compile(r"(?<![0-9])[0-9]+", re.ASCII)
_RANK = {label: place for place, label in enumerate(load("kinds")["order"])}


class Engine:
    """Analyses the texts of one case; built once, then asked for each text.

    `keep` holds names that must stay: facility, organizations, unions, places.
    """

    def __init__(self, identities: Sequence[KnownIdentity], keep: Iterable[str] = (), language: str = "es") -> None:
        self.identities = tuple(identities)
        self.language = language
        self._known = KnownMatcher(self.identities)
        self._listed = ListedIdentifiers(self.identities, self._known.index)
        self._kept = Kept(keep, self._known.index)

    def analyse(self, text: str) -> Analysis:
        """Return every mark and question of a text."""
        protected = [match.span() for match in surrogate_pattern().finditer(text)]
        masked = _masked(text, protected, _same_length)
        folded = fold(masked)
        kept = self._kept.spans(folded)
        numbers = list(discover(folded))
        marks, asked, hits = self._marks(folded, kept, numbers)
        # A form such as "who speaks in a chat" fits a surrogate too: what was taken out is not taken out again.
        settled = _free_marks(self._settle(folded, _free_marks(merged(marks), protected), hits), protected)
        declared = [folded.span(*one) for one in kept]
        questions_left = [*asked, *self._questions(folded, numbers, settled, [*protected, *declared])]
        return Analysis(tuple(settled), tuple(_free(masked, questions_left, settled, protected)))

    def _marks(
        self, folded: Folded, kept: list[Span], numbers: list[Identifier]
    ) -> tuple[list[Mark], list[Suggestion], list[int]]:
        names, hits = self._known.find(folded, kept)
        marks = [item for item in names if isinstance(item, Mark)]
        marks += [self._listed_mark(folded, one) for one in self._listed.find(folded)]
        declared = [folded.span(*one) for one in kept]
        found = (
            _mark(folded, one)
            for one in (*numbers, *self._listed.alike(folded))
            if one.label not in (DECOY_NUMBER, CASE_NUMBER)
        )
        marks += [mark for mark in found if not _inside(mark, declared)]
        return marks, [item for item in names if isinstance(item, Suggestion)], hits

    def _settle(self, folded: Folded, marks: list[Mark], hits: list[int]) -> list[Mark]:
        """Look again at what stands near a mark and is none, with the marks taken out, until nothing new shows.

        What stood beside a mark may have hidden something, or told that it was a place; redacting twice must be
        redacting once.
        """
        if not marks:
            return marks
        places = {*hits, *_doubtful(folded)}
        doubts = sorted({folded.start(place) for place in places})
        new: Sequence[Mark] = marks
        for _ in range(_SETTLING["rounds"]):
            doubts = _outside(sorted({*doubts, *_torn(folded, new)}), marks)
            near = _beside(doubts, new)
            new = [
                mark
                for start, end in _stretches(folded.original, near)
                for mark in self._again(folded.original, marks, near, (start, end))
            ]
            if not new:
                break
            marks = merged([*marks, *new])
        return marks

    def _again(self, text: str, marks: list[Mark], near: list[int], stretch: Span) -> Iterator[Mark]:
        """Return the marks of a stretch, once its known marks are taken out, that stand on one of the places `near`."""
        start, end = stretch
        inside = marks[bisect_right(marks, start, key=_end) : bisect_left(marks, end, key=_start)]
        spans = [(max(start, mark.start) - start, min(end, mark.end) - start) for mark in inside]
        folded = fold(_masked(text[start:end], spans, _one_length))
        back = _Back(spans)
        for mark in self._marks(folded, self._kept.spans(folded), list(discover(folded)))[0]:
            placed = back.mark(mark, start)
            first = bisect_left(near, placed.start)
            if first < len(near) and near[first] < placed.end:
                yield placed

    def _listed_mark(self, folded: Folded, one: Listed) -> Mark:
        start, end = folded.span(one.start, one.end)
        identity = self.identities[one.owner].id
        return Mark(start, end, one.label, identity, "listed", "certain", reason("listed"))

    def _questions(
        self, folded: Folded, numbers: list[Identifier], marks: list[Mark], free: list[Span]
    ) -> Iterator[Suggestion]:
        for one in numbers:
            if one.label in (DECOY_NUMBER, CASE_NUMBER):
                yield Suggestion(*folded.span(one.start, one.end), one.label, reason(one.label))
        yield from questions.quasi_identifiers(folded)
        names = [mark for mark in marks if mark.label == "PERSON"]
        yield from questions.after_names(folded, [folded.folded_offset(mark.end) for mark in names])
        beside = list(questions.beside_names(folded, names))
        yield from beside
        taken = sorted([*free, *((mark.start, mark.end) for mark in marks), *((one.start, one.end) for one in beside)])
        for item in persons.other_persons(folded, self._kept, taken):
            yield self._sharper(folded.original[item.start : item.end], item)

    def _sharper(self, written: str, item: Suggestion) -> Suggestion:
        """Return a question about a capital as one about a witness if a word begins as their given name does."""
        if item.kind == CAPITALISED and any(map(self._known.index.resembles, WORD.findall(fold_characters(written)))):
            return replace(item, kind=POSSIBLE_NAME, reason=reason(POSSIBLE_NAME))
        return item


def _mark(folded: Folded, one: Identifier) -> Mark:
    return Mark(*folded.span(one.start, one.end), one.label, None, "pattern", one.certainty, reason(one.by))


def _free_marks(marks: Iterable[Mark], protected: Sequence[Span]) -> list[Mark]:
    return [mark for mark in marks if not _inside(mark, protected)]


def _inside(mark: Mark, declared: Sequence[Span]) -> bool:
    """Tell whether a found identifier lies in a declared name, such as the facility's own address."""
    if not declared:
        return False
    place = bisect_right(declared, (mark.start, len(_BLOCK) << 40))
    return any(start <= mark.start and mark.end <= end for start, end in declared[max(0, place - 4) : place])


def _masked(text: str, spans: Sequence[Span], block: Callable[[int], str]) -> str:
    pieces, position = [], 0
    for start, end in spans:
        pieces += [text[position:start], block(end - start)]
        position = end
    return "".join([*pieces, text[position:]])


def _same_length(length: int) -> str:
    return _BLOCK * length


def _one_length(_length: int) -> str:
    return _BLOCK * _WIDTH


class _Back:
    """The way back from a text whose marks were replaced by blocks of one length."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._starts: list[int] = []  # where each block begins in the masked text
        self._ends: list[int] = []  # where its mark ends in the text
        gone = 0
        for start, end in spans:
            self._starts.append(start - gone)
            self._ends.append(end)
            gone += end - start - _WIDTH

    def _offset(self, offset: int) -> int:
        """Return where a character of the masked text stands; for one of a block, the last of its mark."""
        place = bisect_right(self._starts, offset) - 1
        if place < 0:
            return offset
        beyond = offset - self._starts[place] - _WIDTH
        return self._ends[place] + max(-1, beyond)

    def mark(self, mark: Mark, origin: int) -> Mark:
        """Return a mark of the masked stretch at its place in the text, where the stretch begins at `origin`."""
        start, end = self._offset(mark.start), self._offset(mark.end - 1) + 1
        return replace(mark, start=origin + start, end=origin + end)


def _start(mark: Mark) -> int:
    return mark.start


def _end(mark: Mark) -> int:
    return mark.end


def _doubtful(folded: Folded) -> Iterator[int]:
    """Return where numbers and signs of contacts stand: each group of a number, for a mark may take the first."""
    text, apart = folded.text, _SETTLING["apart"]
    signs = ((place, place + len(sign)) for sign in _SETTLING["signs"] for place in _places(text, sign))
    likely = sorted([*((start, end + apart) for start, end in folded.blocks), *signs])
    for start, end in united(likely, len(text)):
        for match in compiled(_SETTLING["doubt"]).finditer(text, start, end):
            yield match.start()
            for group in _LATER_GROUP.finditer(text, match.start() + 1, match.end()):
                yield group.start()


def _places(text: str, sign: str) -> Iterator[int]:
    place = text.find(sign)
    while place >= 0:
        yield place
        place = text.find(sign, place + 1)


def _torn(folded: Folded, marks: Sequence[Mark]) -> Iterator[int]:
    """Return where a mark ends inside a word: what is left of it may be a name by itself."""
    for mark in marks:
        before, after = folded.folded_offset(mark.start) - 1, folded.folded_offset(mark.end)
        if before >= 0 and folded.text[before].isalnum():
            yield folded.start(before)
        if folded.text[after : after + 1].isalnum():
            yield folded.start(after)


def _outside(places: list[int], marks: Sequence[Mark]) -> list[int]:
    """Return the places, in order, that no mark covers."""
    starts = [mark.start for mark in marks]
    before = ((place, bisect_right(starts, place) - 1) for place in places)
    return [place for place, number in before if number < 0 or marks[number].end <= place]


def _beside(places: list[int], marks: Sequence[Mark]) -> list[int]:
    """Return the places, in order, that stand near one of the marks."""
    near = _SETTLING["near"]
    spans = united(sorted((mark.start - near, mark.end + near) for mark in marks), 1 << 62)
    return [place for start, end in spans for place in places[bisect_left(places, start) : bisect_left(places, end)]]


def _stretches(text: str, places: list[int]) -> list[Span]:
    """Return what must be looked at to judge some places: their surroundings, from space to space."""
    reach = _SETTLING["reach"]
    wide = ((_space_before(text, place - reach), _space_after(text, place + reach)) for place in places)
    return united(wide, len(text))


def _space_before(text: str, place: int) -> int:
    return max(0, *(text.rfind(space, 0, max(0, place)) for space in " \n")) if place > 0 else 0


def _space_after(text: str, place: int) -> int:
    found = [at for space in " \n" if (at := text.find(space, place)) >= 0]
    return min(found, default=len(text))


def merged(marks: list[Mark]) -> list[Mark]:
    """Return marks in order without overlaps; where two meet, one mark covers both."""
    out: list[Mark] = []
    for mark in sorted(marks, key=lambda item: (item.start, -item.end, _RANK[item.label])):
        if out and mark.start < out[-1].end:
            out[-1] = _union(out[-1], mark)
        else:
            out.append(mark)
    return out


def _union(left: Mark, right: Mark) -> Mark:
    telling = min((left, right), key=lambda item: (_RANK[item.label], item.identity_id is None, item.start))
    owners = {mark.identity_id for mark in (left, right) if mark.identity_id is not None}
    same = telling.identity_id if len(owners) < 2 or telling.label != "PERSON" else None
    certain = "certain" in (left.certainty, right.certainty)
    return Mark(
        min(left.start, right.start),
        max(left.end, right.end),
        telling.label,
        same,
        telling.kind,
        "certain" if certain else "likely",
        telling.reason,
    )


def _free(text: str, asked: Iterable[Suggestion], marks: Sequence[Mark], protected: Sequence[Span]) -> list[Suggestion]:
    """Return questions in order, each once, cut back to what no mark covers and still says something."""
    taken = sorted([*protected, *((mark.start, mark.end) for mark in marks)])
    ends = [end for _, end in taken]
    out: list[Suggestion] = []
    for item in sorted(dict.fromkeys(_named(asked)), key=lambda one: (one.start, -one.end, one.kind)):
        near = taken[bisect_right(ends, item.start) : bisect_left(taken, (item.end,))]
        for start, end in _without(item.start, item.end, near):
            if end - start < item.end - item.start and not _says(text[start:end]):
                continue
            if not any(one.start <= start and end <= one.end for one in out[-3:]):
                out.append(Suggestion(start, end, item.kind, item.reason))
    return out


def _says(rest: str) -> bool:
    """Tell whether what is left beside a mark is more than an article or `and`: not `el` before a marked nickname."""
    words = WORD.findall(fold_characters(rest))
    return any(word not in word_set("grammar") for word in words) or any(map(str.isdecimal, rest))


def _named(asked: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """Return questions; a capitalised word around a witness's possible name is that question, which is not let stay."""
    asked = list(asked)
    names = sorted((one for one in asked if one.kind == POSSIBLE_NAME), key=lambda one: one.start)
    starts = [one.start for one in names]
    for item in asked:
        place = bisect_left(starts, item.end) - 1
        if item.kind == CAPITALISED and place >= 0 and item.start < names[place].end:
            yield replace(item, kind=POSSIBLE_NAME, reason=names[place].reason)
        else:
            yield item


def _without(start: int, end: int, taken: Iterable[Span]) -> list[Span]:
    """Return the pieces of a stretch between the stretches taken; single letters and spaces are not worth it."""
    pieces = []
    for first, last in taken:
        if first >= end:
            break
        pieces.append((start, first))
        start = last
    pieces.append((start, end))
    return [(left, right) for left, right in pieces if right - left > 1]


def redact(engine: Engine, text: str, surrogates: Surrogates) -> str:
    """Return a text redacted automatically: every mark replaced, no question settled."""
    return apply(text, engine.analyse(text).marks, surrogates)
