"""The engine: from a text and the known identities to marks and questions."""

from collections.abc import Iterable, Sequence

from app.domain.redaction.keep import Kept
from app.domain.redaction.known import KnownMatcher
from app.domain.redaction.model import Analysis, KnownIdentity, Mark, Suggestion
from app.domain.redaction.normalise import fold
from app.domain.redaction.surrogates import Surrogates, apply, surrogate_pattern


class Engine:
    """Analyses the texts of one case; built once, then asked for each text.

    `keep` holds names that must stay: facility, organizations, unions, places.
    """

    def __init__(self, identities: Sequence[KnownIdentity], keep: Iterable[str] = (), language: str = "es") -> None:
        self.identities = tuple(identities)
        self.language = language
        self._known = KnownMatcher(self.identities)
        self._kept = Kept(keep, self._known.index)

    def analyse(self, text: str) -> Analysis:
        """Return every mark and question of a text."""
        folded = fold(text)
        protected = [match.span() for match in surrogate_pattern().finditer(text)]
        kept = self._kept.spans(folded)
        found = list(self._known.find(folded, kept))
        marks = merged([item for item in found if isinstance(item, Mark)], protected)
        asked = [item for item in found if isinstance(item, Suggestion)]
        return Analysis(tuple(marks), tuple(_outside(asked, marks, protected)))


def merged(marks: list[Mark], protected: Sequence[tuple[int, int]]) -> list[Mark]:
    """Return marks in order without overlaps; where two meet, one mark covers both."""
    out: list[Mark] = []
    for mark in sorted(marks, key=lambda item: (item.start, -item.end)):
        if _overlaps(mark.start, mark.end, protected):
            continue
        if out and mark.start < out[-1].end:
            out[-1] = _union(out[-1], mark)
        else:
            out.append(mark)
    return out


def _overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in spans)


def _union(left: Mark, right: Mark) -> Mark:
    return Mark(
        left.start, max(left.end, right.end), left.label, left.identity_id, left.kind, left.certainty, left.reason
    )


def _outside(asked: list[Suggestion], marks: list[Mark], protected: Sequence[tuple[int, int]]) -> list[Suggestion]:
    spans = [(mark.start, mark.end) for mark in marks] + list(protected)
    return [item for item in asked if not _overlaps(item.start, item.end, spans)]


def redact(engine: Engine, text: str, surrogates: Surrogates) -> str:
    """Return a text redacted automatically: every mark replaced, no question settled."""
    return apply(text, engine.analyse(text).marks, surrogates)
