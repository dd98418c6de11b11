"""Copies of evidence for the office: pages as pictures, or one text; each a redacted record of its own.

A copy has a number of its case, from 1 on, and the record's index of evidence names it. Its head, in canonical form,
names its pages by their hashes, and `salt` keeps a copy that was destroyed from being guessed by the head's hash, which
manifests go on naming. No name, hash, size or time of an original is in it.

Pages travel encrypted under a key that their copy's call brings: what waits at the portal for its call cannot be read
there by anyone (FORMAT.md, "Copies of evidence").
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Copy:
    """What the office may see of a piece of evidence: pages in the strict form (`app.domain.pages`), or a text."""

    number: int
    pages: tuple[bytes, ...] = field(default=(), repr=False)
    text: str | None = field(default=None, repr=False)


def copy_name(number: int) -> str:
    """Return the name of a copy among a case's records."""
    return f"evidence-{number}"
