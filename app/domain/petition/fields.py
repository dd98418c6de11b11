"""Kinds of values in a petition's fields: each turns the written text into what the field wants, or says what it wants.

The refusals are pydantic errors of our own types (`PydanticCustomError`), whose type is a code of `PetitionError`; no
message holds the value.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

MAX_NARRATIVE = 1000 * 1000
"""Bytes of UTF-8 of the narrative."""
MAX_TEXT = 64 * 1024
"""Bytes of UTF-8 of any other free text."""
MAX_LINE = 2 * 1024
"""Bytes of UTF-8 of a name, a place, a code."""
MAX_ENTRIES = 1000
"""Entries of any list or open group."""
_MAX_OPEN_DEPTH = 4

_YES = frozenset({"true", "yes", "y", "on", "si", "sí", "oui", "verdadero"})
_NO = frozenset({"false", "no", "n", "off", "non", "falso"})
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)
_DATE_SCHEMA = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}


def _refuse(code: str, **context: Any) -> PydanticCustomError:
    return PydanticCustomError(code, "{code}", {"code": code, **context})


def _text(limit: int) -> BeforeValidator:
    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise _refuse("not_text")
        if len(value) > limit or len(value.encode()) > limit:
            raise _refuse("too_long", limit=limit)
        return value.strip()

    return BeforeValidator(check)


def _line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _flag(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in _YES and word not in _NO:
        raise _refuse("not_yes_or_no")
    return word in _YES


def is_yes_or_no(text: str) -> bool:
    """Tell whether a text is one of the words for yes and no, which name nobody."""
    return text.strip().lower() in _YES | _NO


def _number(value: Any) -> Any:
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise _refuse("not_a_number")
    return int(text)


def _percent(value: int) -> int:
    if not 0 <= value <= 100:
        raise _refuse("not_a_percentage")
    return value


def _date(value: Any) -> Any:
    match = _DATE.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise _refuse("not_a_date")
    year, month, day = (int(part) if part else 1 for part in match.groups())
    if year < 1900 or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        raise _refuse("not_a_date")
    return match.group()


def _mark(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", value.strip(), re.ASCII):
        raise _refuse("not_an_id")
    return value.strip()


def _language(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?", value.strip(), re.ASCII):
        raise _refuse("not_a_language")
    return value.strip().lower().split("-")[0]


def _country(value: Any) -> Any:
    known = {"mexico": "MX", "méxico": "MX", "mexique": "MX", "mex": "MX"}
    return known.get(value.strip().lower(), value.strip().upper()) if isinstance(value, str) else value


def _entries(value: Any) -> Any:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if not isinstance(value, list | tuple):
        raise _refuse("not_a_list")
    if len(value) > MAX_ENTRIES:
        raise _refuse("too_many_entries", limit=MAX_ENTRIES)
    return tuple(entry for entry in value if entry is not None)


def _group(value: Any) -> Any:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _refuse("not_a_group")
    if len(value) > MAX_ENTRIES:
        raise _refuse("too_many_entries", limit=MAX_ENTRIES)
    return value


def _open_value(value: Any, depth: int) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return _text(MAX_TEXT).func(value)  # type: ignore[call-arg]  # a plain one-argument check
    if depth >= _MAX_OPEN_DEPTH:
        raise _refuse("too_deep")
    if isinstance(value, list | tuple):
        return tuple(_open_value(entry, depth + 1) for entry in _entries(value))
    return {name: _open_value(inner, depth + 1) for name, inner in _group(value).items()}


def _open_group(value: Any) -> dict[str, Any]:
    return {name: _open_value(inner, 0) for name, inner in _group(value).items()}


def _identifiers(value: Any) -> dict[str, Any] | tuple[Any, ...]:
    if isinstance(value, str | list | tuple):
        return tuple(_open_value(entry, 0) for entry in _entries(value))
    return _open_group(value)


Line = Annotated[str, BeforeValidator(_line), _text(MAX_LINE)]
"""One line of text: spaces and line breaks are one space."""
Text = Annotated[str, _text(MAX_TEXT)]
LongText = Annotated[str, _text(MAX_NARRATIVE)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Number = Annotated[int, BeforeValidator(_number)]
Percent = Annotated[int, BeforeValidator(_number), AfterValidator(_percent)]
DateText = Annotated[str, BeforeValidator(_date), WithJsonSchema(_DATE_SCHEMA)]
"""A day, month or year as ISO 8601 writes it."""
Mark = Annotated[str, BeforeValidator(_mark), Field(json_schema_extra={"pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$"})]
"""A short name of an entry, such as E1."""
Language = Annotated[str, BeforeValidator(_language)]
Country = Annotated[str, BeforeValidator(_country), _text(MAX_LINE)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(_entries)]
Entries = BeforeValidator(_entries)
Group = BeforeValidator(_group)
_ANY = {"type": "object", "additionalProperties": True}
OpenGroup = Annotated[dict[str, Any], PlainValidator(_open_group), WithJsonSchema(_ANY)]
"""Named values that people choose: text, yes/no, lists and groups of these."""
Identifiers = Annotated[
    dict[str, Any] | tuple[Any, ...],
    PlainValidator(_identifiers),
    WithJsonSchema({"anyOf": [_ANY, {"type": "array", "items": {"type": "string"}}]}),
]
