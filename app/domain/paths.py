"""How a place inside a petition is written: `facts.timeline[2].what`, and as a pattern `facts.timeline[].what`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]
"""Names of fields and places in lists, from the outside in."""

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def path_text(path: Iterable[str | int]) -> str:
    """Return a path as people read it."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def parse_path(text: str) -> Path:
    """Return the steps of a written path; what is between the steps is not checked."""
    return tuple(int(number) if number else name for number, name in _STEP.findall(text))


def pattern_of(path: Path) -> tuple[str, ...]:
    """Return a path's shape: each place in a list becomes `[]`."""
    return tuple("[]" if isinstance(step, int) else step for step in path)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every value that is neither a group nor a list, with its path; absent values (None) are left out."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    elif value is not None:
        yield path, value
