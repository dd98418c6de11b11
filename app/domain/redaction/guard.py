"""The guard: identifiers and hidden characters in texts that should be redacted; it knows no name.

It runs on the petitioner's device before filing and again on the server. A hit names the field and the kind, never
what stood there: the answer of a server may be logged, and the match may be a person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.redaction.discovery import discover
from app.domain.redaction.identifiers import Identifier
from app.domain.redaction.model import CASE_NUMBER, DECOY_NUMBER
from app.domain.redaction.normalise import fold, hidden_characters, mixed_scripts
from app.domain.redaction.surrogates import surrogate_pattern


@dataclass(frozen=True, slots=True)
class Hit:
    """A field that the guard refuses: its path and what kind of thing was found."""

    path: str
    kind: str


def check(fields: Mapping[str, str]) -> tuple[Hit, ...]:
    """Return one hit per field and kind, in order; empty if nothing is to be refused."""
    together = " ".join(fields.values())  # with a space no word and no line end goes from one text into the next
    odd = hidden_characters(together) or mixed_scripts(together)
    hits = {Hit(path, kind): None for path, text in fields.items() for kind in _kinds(text, odd=odd)}
    return tuple(hits)


def _kinds(text: str, *, odd: bool) -> Iterator[str]:
    """Yield the kinds of what is to be refused in a text; `odd` if any text holds hidden or foreign characters."""
    if odd and hidden_characters(text):
        yield "FORMAT_CHARACTER"
    if odd and mixed_scripts(text):
        yield "MIXED_SCRIPT"
    masked = surrogate_pattern().sub(lambda match: "\u25a0" * len(match[0]), text) if "[" in text else text
    for one in discover(fold(masked), "guard"):
        if _sufficient(one):
            yield one.label


def _sufficient(one: Identifier) -> bool:
    return one.guard and one.label not in (DECOY_NUMBER, CASE_NUMBER)
