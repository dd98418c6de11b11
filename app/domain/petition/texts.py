"""The written texts of a petition by path, and the short names under which a petition may refer to them.

`evidence.E2` means the entry with the mark E2, `narrative` means `facts.narrative`; a place in a list also counts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.paths import Path, parse_path

_SHORT = {"narrative": ("facts", "narrative"), "summary": ("facts", "summary"), "timeline": ("facts", "timeline")}


def resolve(petition: Mapping[str, Any], reference: str) -> Path | None:
    """Return the path that a reference inside a plain petition means, or None if it leads nowhere."""
    steps = parse_path(reference)
    if not steps:
        return None
    head = _SHORT.get(str(steps[0]), (steps[0],))
    path: Path = ()
    value: Any = petition
    for step in (*head, *steps[1:]):
        found = _step(value, step)
        if found is None:
            return None
        path = (*path, found)
        value = value[found]
    return path


def _step(value: Any, step: str | int) -> str | int | None:
    if isinstance(value, Mapping):
        return step if step in value else None
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    if isinstance(step, int) or step.isdigit():
        return int(step) if int(step) < len(value) else None
    return next(
        (place for place, entry in enumerate(value) if isinstance(entry, Mapping) and entry.get("id") == step), None
    )
