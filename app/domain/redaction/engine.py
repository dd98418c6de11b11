"""The engine: from a text and the known identities to marks and questions.

The way of a text
    1. Fold it; note the surrogates that stand in it already and the declared names that must stay.
    2. Find known names, listed identifiers, identifiers of anybody.
    3. Merge: where two meet, one mark covers both, and the more telling label stays.
    4. Ask about what is left: other persons, quasi-identifiers, numbers.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from app.domain.redaction import persons, questions
from app.domain.redaction.discovery import discover
from app.domain.redaction.identifiers import Identifier
from app.domain.redaction.keep import Kept
from app.domain.redaction.known import KnownMatcher
from app.domain.redaction.listed import Listed, ListedIdentifiers
from app.domain.redaction.model import CASE_NUMBER, DECOY_NUMBER, Analysis, KnownIdentity, Mark, Suggestion
from app.domain.redaction.normalise import Folded, fold
from app.domain.redaction.reasons import reason
from app.domain.redaction.surrogates import Surrogates, apply, surrogate_pattern

Span = tuple[int, int]

# Where marks overlap, the label that says most about the stretch stays; a witness before everything.
_ORDER = [
    "PERSON",
    "CURP",
    "CLAVE_ELECTOR",
    "RFC",
    "EMAIL",
    "URL",
    "HANDLE",
    "CLABE",
    "CARD",
    "VIN",
    "NSS",
    "IMEI",
    "SSN",
    "SIN",
    "PASSPORT",
    "LICENCE",
    "INE",
    "MRZ",
    "EMPLOYEE_NO",
    "PLATE",
    "PHONE",
    "ADDRESS",
    "BIRTH_DATE",
    "GPS",
    "ACCOUNT",
    "CHAT",
    "NUMBER",
    "IDENTIFIER",
]
_RANK = {label: place for place, label in enumerate(_ORDER)}


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
        folded = fold(text)
        protected = [match.span() for match in surrogate_pattern().finditer(text)]
        kept = self._kept.spans(folded)
        names = list(self._known.find(folded, kept))
        numbers = list(discover(folded))
        marks = [item for item in names if isinstance(item, Mark)]
        marks += [self._listed_mark(folded, one) for one in self._listed.find(folded)]
        marks += [_mark(folded, one) for one in numbers if one.label not in (DECOY_NUMBER, CASE_NUMBER)]
        settled = merged([mark for mark in marks if not _inside(mark, kept, folded)], protected)
        asked = [item for item in names if isinstance(item, Suggestion)]
        asked += self._questions(folded, numbers, settled, [*protected, *(folded.span(*one) for one in kept)])
        return Analysis(tuple(settled), tuple(_free(asked, settled, protected)))

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
        yield from questions.nicknames(folded)
        ends = [folded.folded_offset(mark.end) for mark in marks if mark.label == "PERSON"]
        yield from questions.after_names(folded, ends)
        taken = sorted([*free, *((mark.start, mark.end) for mark in marks)])
        yield from persons.other_persons(folded, self._kept, taken)


def _mark(folded: Folded, one: Identifier) -> Mark:
    return Mark(*folded.span(one.start, one.end), one.label, None, "pattern", one.certainty, reason(one.by))


def _inside(mark: Mark, kept: list[Span], folded: Folded) -> bool:
    """Tell whether a found identifier lies in a declared name, such as the facility's own address."""
    if mark.identity_id is not None or mark.label == "PERSON":
        return False
    spans = (folded.span(*one) for one in kept)
    return any(start <= mark.start and mark.end <= end for start, end in spans)


def merged(marks: list[Mark], protected: Sequence[Span]) -> list[Mark]:
    """Return marks in order without overlaps; where two meet, one mark covers both."""
    out: list[Mark] = []
    for mark in sorted(marks, key=lambda item: (item.start, -item.end, _RANK[item.label])):
        for piece in _cut(mark, protected):
            if out and piece.start < out[-1].end:
                out[-1] = _union(out[-1], piece)
            else:
                out.append(piece)
    return out


def _cut(mark: Mark, protected: Sequence[Span]) -> list[Mark]:
    """Return what of a mark lies outside the surrogates that stand in the text already."""
    if not protected or not _overlaps(mark.start, mark.end, protected):
        return [mark]
    return []


def _overlaps(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(first < end and start < last for first, last in spans)


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


def _free(asked: Iterable[Suggestion], marks: Sequence[Mark], protected: Sequence[Span]) -> list[Suggestion]:
    """Return questions in order, each once, cut back to what no mark covers."""
    taken = sorted([*protected, *((mark.start, mark.end) for mark in marks)])
    ends = [end for _, end in taken]
    out: list[Suggestion] = []
    for item in sorted(set(asked), key=lambda one: (one.start, -one.end, one.kind)):
        for start, end in _without(item.start, item.end, islice(taken, bisect_right(ends, item.start), None)):
            if not any(one.start <= start and end <= one.end for one in out[-3:]):
                out.append(Suggestion(start, end, item.kind, item.reason))
    return out


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
