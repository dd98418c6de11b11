"""Reads a petition file, YAML or JSON, into plain values without believing anything it says.

Rules
    1. Every scalar stays the text that was written: `04417` is no octal number, `NO` no falsehood, `2025-09-02` no date
       object. What a field wants (a yes, a number, a date) is decided by the model. Only an empty value, `~` and a
       plain lower-case `null` mean "absent"; `Null` is a surname.
    2. Anchors, aliases, type tags and second documents are refused: a petition needs none of them, a bomb does.
    3. The same field twice is refused: two readers would see two different petitions.
    4. Nothing recurses: a file of a million brackets costs a counter, not the stack.
    5. Messages name the line. The parsers' own words are dropped, since they quote the file.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from app.domain.errors import PetitionError
from app.domain.paths import Path, path_text

MAX_FILE = 20 * 1000 * 1000
"""Bytes of a whole petition file."""
MAX_DEPTH = 24
MAX_VALUES = 200_000
_ABSENT = ("", "~", "null")
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Source:
    """A petition as plain values (text, true/false, absent, lists, groups) and the line of each place."""

    value: dict[str, Any]
    lines: Mapping[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Return the line of a place or of the nearest one around it; 0 when unknown."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def read(data: bytes) -> Source:
    """Return the plain values of a petition file; what begins with a brace is read as JSON, all else as YAML.

    Raises:
        PetitionError: too large, empty, not UTF-8, not well-formed, or against the rules above; names the line.
    """
    text = _decode(data)
    source = _read_json(text) if text.lstrip().startswith(("{", "[")) else _read_yaml(text)
    _check_characters(source)
    return source


def _decode(data: bytes) -> str:
    if len(data) > MAX_FILE:
        raise PetitionError("too_large", limit=MAX_FILE // 1_000_000)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
    else:
        if not text.strip():
            raise PetitionError("empty")
        return text
    raise PetitionError("encoding", line=line)


def _check_characters(source: Source) -> None:
    pending: list[tuple[Path, Any]] = [((), source.value)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, dict):
            pending.extend(((*path, name), inner) for name, inner in value.items())
            value = "".join(value)
        elif isinstance(value, list):
            pending.extend(((*path, place), inner) for place, inner in enumerate(value))
        if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
            raise PetitionError("characters", _safe_path(path), line=source.line_of(path))


def _safe_path(path: Path) -> str:
    return path_text(path).encode("utf-8", "replace").decode()


# YAML


def _read_yaml(text: str) -> Source:
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.YAMLError as error:
        line = _line_of_error(error, text)
    else:
        return builder.source()
    raise PetitionError("syntax", line=line)


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


def _line_of_error(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(error, "position", None)
    return text[:position].count("\n") + 1 if isinstance(position, int) else 1


@dataclass
class _Open:
    """A list or group whose end has not been read yet."""

    value: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None


class _Builder:
    """Turns parser events into plain values without recursion (rules 1 to 4)."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._root: Any = None
        self._documents = 0
        self._values = 0
        self.lines: dict[Path, int] = {}

    def source(self) -> Source:
        if not isinstance(self._root, dict):
            raise PetitionError("not_a_mapping", line=1)
        return Source(self._root, self.lines)

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise PetitionError("several_documents", line=line)
        elif isinstance(event, yaml.NodeEvent):
            self._refuse_tricks(event, line)
            self._node(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()

    def _refuse_tricks(self, event: yaml.NodeEvent, line: int) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise PetitionError("alias", line=line)
        if getattr(event, "tag", None) is not None:
            raise PetitionError("tag", line=line)
        self._values += 1
        if self._values > MAX_VALUES:
            raise PetitionError("too_many", line=line)

    def _node(self, event: yaml.NodeEvent, line: int) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            top.key = self._new_key(event, top, line)
            return
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
        else:
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._attach(top, value, line)
        if isinstance(value, dict | list):
            if len(self._open) >= MAX_DEPTH:
                raise PetitionError("too_deep", line=line)
            self._open.append(_Open(value, path))

    def _new_key(self, event: yaml.NodeEvent, top: _Open, line: int) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise PetitionError("key", line=line)
        name = str(event.value)
        if name in top.value:
            raise PetitionError("duplicate", path_text((*top.path, _plain_name(name))), line=line)
        self.lines[(*top.path, name)] = line
        return name

    def _attach(self, top: _Open | None, value: Any, line: int) -> Path:
        if top is None:
            self._root = value
            return ()
        if isinstance(top.value, list):
            path: Path = (*top.path, len(top.value))
            top.value.append(value)
            self.lines[path] = line
            return path
        path = (*top.path, top.key or "")
        top.value[top.key or ""] = value
        top.key = None
        return path


def _scalar(event: yaml.ScalarEvent) -> str | None:
    plain = event.style is None or event.style == ""
    return None if plain and event.value in _ABSENT else str(event.value)


# JSON


def _read_json(text: str) -> Source:
    try:
        value = json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_no_constant, object_pairs_hook=_unique_pairs
        )
    except json.JSONDecodeError as error:
        problem = PetitionError("json_syntax", line=error.lineno)
    except RecursionError:
        problem = PetitionError("too_deep", line=0)
    else:
        if not isinstance(value, dict):
            raise PetitionError("not_a_mapping", line=1)
        return Source(value)
    raise problem


def _no_constant(_name: str) -> NoReturn:
    raise PetitionError("json_syntax", line=0)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    group = dict(pairs)
    if len(group) != len(pairs):
        names = [name for name, _ in pairs]
        raise PetitionError("duplicate", _plain_name(next(name for name in names if names.count(name) > 1)))
    return group


def _plain_name(name: str) -> str:
    """Return a field name as written, or a sign for one that may be a sentence or a person (rule 5)."""
    return name if len(name) <= 40 and name.replace("_", "").replace("-", "").isalnum() else "…"
