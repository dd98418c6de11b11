"""What stands in the place of what was taken out: `[TESTIGO-03]`, `[CURP]`, `[DATO TESTADO]`.

Rules of this module
    1. The numbers of the witnesses are a random permutation per case: their order says nothing.
    2. All witnesses' surrogates of a first version have one width; later ones keep those of before, and never give one
       to somebody else.
    3. A surrogate is never marked again, so that redacting twice is redacting once.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from app.domain.redaction.model import Mark
from app.domain.redaction.normalise import clean
from app.domain.redaction.rules import load

Random = Callable[[int], bytes]


@cache
def surrogate_pattern() -> re.Pattern[str]:
    """Return the pattern of everything this module may have written, in any language."""
    data = load("surrogates")
    numbered = [*data["witness"].values(), *data["witness_also"]]
    witness = "|".join(re.escape(word) for word in numbered)
    fixed = {re.escape(word) for words in data["labels"].values() for word in words.values()}
    return re.compile(rf"\[(?:(?:{witness})-[0-9]{{2,4}}|{'|'.join(sorted(fixed, key=lambda w: (-len(w), w)))})\]")


class Surrogates:
    """The surrogates of one case in one language."""

    def __init__(
        self, identity_ids: Sequence[str], language: str, random: Random, known: Mapping[str, str] | None = None
    ) -> None:
        """Number the witnesses; `known` are surrogates of an earlier version, by id, which stay and are not reused."""
        data = load("surrogates")
        self._language = language if language in data["witness"] else "en"
        self._labels: dict[str, dict[str, str]] = data["labels"]
        word = data["witness"][self._language]
        kept = {one: label for one, label in (known or {}).items() if label.startswith(f"[{word}-")}
        ids = [one for one in dict.fromkeys(identity_ids) if one not in kept]
        taken = {int(label[len(word) + 2 : -1]) for label in kept.values()}
        free = [number for number in range(1, len(ids) + len(taken) + max(taken, default=0) + 1) if number not in taken]
        numbers = [free[place - 1] for place in _permutation(len(ids), random)]
        width = max(2, len(str(max([len(ids), *numbers], default=0))))
        named = {one: f"[{word}-{number:0{width}d}]" for one, number in zip(ids, numbers, strict=True)}
        self._witness = {**kept, **named}

    def for_identity(self, identity_id: str) -> str:
        """Return the surrogate of a witness."""
        return self._witness[identity_id]

    def for_mark(self, mark: Mark) -> str:
        """Return the surrogate of a mark: of the witness for a name, of the kind for everything else."""
        if mark.label == "PERSON" and mark.identity_id in self._witness:
            return self._witness[mark.identity_id]
        return self.for_label(mark.label)

    def for_label(self, label: str) -> str:
        """Return the surrogate of a kind of identifier, of another person (`PERSON`) or of a detail (`DETAIL`)."""
        words = self._labels.get(label) or self._labels["IDENTIFIER"]
        return f"[{words[self._language]}]"


def apply(text: str, marks: Iterable[Mark], surrogates: Surrogates) -> str:
    """Return the text with every mark replaced, and without characters that could hide something.

    Marks must be in order and not overlap, as `Engine.analyse` gives them.
    """
    pieces = []
    position = 0
    for mark in marks:
        pieces.append(clean(text[position : mark.start]))
        pieces.append(surrogates.for_mark(mark))
        position = mark.end
    pieces.append(clean(text[position:]))
    return "".join(pieces)


def _permutation(count: int, random: Random) -> list[int]:
    """Return 1…count in random order (Fisher–Yates, without the bias of a plain remainder)."""
    numbers = list(range(1, count + 1))
    for place in range(count - 1, 0, -1):
        other = _below(place + 1, random)
        numbers[place], numbers[other] = numbers[other], numbers[place]
    return numbers


def _below(limit: int, random: Random) -> int:
    ceiling = (1 << 32) - (1 << 32) % limit
    while True:
        value = int.from_bytes(random(4), "big")
        if value < ceiling:
            return value % limit
