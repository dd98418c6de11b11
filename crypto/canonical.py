"""Canonical JSON: the one spelling of a value that is hashed and signed.

The standard encoder, which is C, writes the same bytes as RFC 8785 for what nearly all of our values are made of, some
ten times faster than the library of that name, which is plain Python. What could differ goes to the library: floats,
integers beyond 2^53, names that UTF-16 and Unicode order differently, types that are not JSON's own, half characters.

Source: RFC 8785.
"""

from __future__ import annotations

import json
from typing import Any

import rfc8785
from rfc8785 import CanonicalizationError

__all__ = ["CanonicalizationError", "canonical_json"]

_SAFE = 2**53
_FIRST_SURROGATE = "\ud800"
"""From here on, code units of UTF-16 no longer sort as characters do."""
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")).encode


def canonical_json(value: Any) -> bytes:
    """Return a value in canonical form; raises CanonicalizationError, UnicodeError or RecursionError for none."""
    try:
        if _is_plain(value):
            return _encode(value).encode()
    except (TypeError, UnicodeEncodeError, RecursionError):
        pass  # a name that is no text, a half character, too deep: the library says why it refuses
    return rfc8785.dumps(value)


def _is_plain(value: Any) -> bool:
    """Tell whether the standard encoder writes a value canonically; raises TypeError for a name that is no text."""
    if isinstance(value, str | bool) or value is None:
        return True
    if isinstance(value, int):
        return -_SAFE < value < _SAFE
    if type(value) is dict:
        names = "".join(value)
        if not names.isascii() and max(names) >= _FIRST_SURROGATE:
            return False
        value = value.values()
    elif type(value) not in (list, tuple):
        return False
    for inner in value:  # noqa: SIM110 - all() would need two frames a level, and refuse what the library takes
        if type(inner) is not str and not _is_plain(inner):
            return False
    return True
