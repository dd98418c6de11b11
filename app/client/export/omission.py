"""Leaving out what its author marks as business confidential: it may leave the office's view only by consent.

Rules
  1. What stands at a marked path of the record, or below it, is taken out.
  2. So are translations of it: by the shape of the path, since they are numbered as the petition was.
  3. A path that leads nowhere takes out nothing, and is still named.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.paths import Path, parse_path, pattern_of


def leave_out(record: Mapping[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """Return the record without what stands at some of its paths."""
    marked = [parse_path(path) for path in paths]
    kept = _without(record, (), set(marked))
    shapes = {pattern_of(path) for path in marked}
    kept["translations"] = {
        language: {path: text for path, text in texts.items() if not _is_marked(parse_path(path), shapes)}
        for language, texts in kept.get("translations", {}).items()
    }
    return dict(kept)


def _without(value: Any, path: Path, marked: set[Path]) -> Any:
    if isinstance(value, Mapping):
        return {k: _without(v, (*path, k), marked) for k, v in value.items() if (*path, k) not in marked}
    if isinstance(value, list):
        return [_without(v, (*path, k), marked) for k, v in enumerate(value) if (*path, k) not in marked]
    return value


def _is_marked(path: Path, shapes: set[tuple[str, ...]]) -> bool:
    """Tell whether a path or one above it, or below it, has a marked shape."""
    shape = pattern_of(path)
    return any(shape[: len(other)] == other or other[: len(shape)] == shape for other in shapes)
