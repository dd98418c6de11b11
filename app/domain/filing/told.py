"""What people decided about the places of an earlier text, by the words that stood there.

A next version is reviewed afresh, and the rules know nothing of what a person blacked out by hand, nor that they said
"hide this" where the careful choice would have kept it. Both are sealed with the originals, and hold for every later
text of the case, whoever writes it and with whatever program.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.paths import parse_path
from app.domain.redaction.model import Suggestion

BY_HAND = "by_hand"


@dataclass(frozen=True)
class Told:
    """Words that were hidden by hand, and (kind, words) of questions that were answered with "hide"; lower case."""

    by_hand: frozenset[str] = field(default=frozenset(), repr=False)
    hidden: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)
    named: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    """The label that (kind, words) got where a person said whom they mean; only where it is one label everywhere."""

    def stretches(self, text: str) -> Iterator[Suggestion]:
        """Yield every place of a text where words stand that were hidden by hand, in order of the words."""
        for words in sorted(self.by_hand):
            for start in _occurrences(text, words):
                yield Suggestion(start, start + len(words), BY_HAND, "")

    def hides(self, kind: str, words: str) -> bool:
        """Tell whether such a question was answered with "hide" before."""
        return (kind, words.lower()) in self.hidden


NOTHING = Told()


def told_of(review: Sequence[Mapping[str, Any]], text: Mapping[str, Any]) -> Told:
    """Return what was decided; `review` as it is sealed with the plain values `text`."""
    redacted = [
        (str(entry["kind"]), words)
        for entry in review
        if entry["decision"] == "redact" and (words := _words(text, entry))
    ]
    return Told(
        frozenset(words for kind, words in redacted if kind == BY_HAND),
        frozenset((kind, words) for kind, words in redacted if kind != BY_HAND),
        _agreed(
            ((str(entry["kind"]), words), str(entry.get("as", "")))
            for entry in review
            if entry["decision"] == "redact" and (words := _words(text, entry))
        ),
    )


def _agreed(named: Iterable[tuple[tuple[str, str], str]]) -> dict[tuple[str, str], str]:
    labels: dict[tuple[str, str], set[str]] = {}
    for words, label in named:
        labels.setdefault(words, set()).add(label)
    return {words: min(one) for words, one in labels.items() if len(one) == 1 and "" not in one}


def joined(told: Iterable[Told]) -> Told:
    """Return all of it together."""
    each = list(told)
    return Told(
        frozenset[str]().union(*(one.by_hand for one in each)),
        frozenset[tuple[str, str]]().union(*(one.hidden for one in each)),
        _agreed(item for one in each for item in one.named.items()),
    )


def _words(text: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    value: Any = text
    for step in parse_path(str(entry["path"])):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return ""  # the text of a copy: it is read from its file each time
    return value[entry["start"] : entry["end"]].lower() if isinstance(value, str) else ""


def _occurrences(text: str, words: str) -> Iterator[int]:
    inside = text.lower()
    if len(inside) != len(text):  # a letter whose lower case is longer: found letter by letter, the places stay right
        inside = "".join(letter.lower()[0] for letter in text)
    start = inside.find(words)
    while start >= 0:
        yield start
        start = inside.find(words, start + len(words))
