"""The text engine's rules as they travel to a browser: a sixth less to wait for on a slow line.

Made from the one set of rules when the portal starts. What only people read (`about`) is left out. Of each word in the
sorted lists stands a capital letter, which says how many letters of the word before go (A none, B one …), and what
comes instead. The twin of app/static/file/rules.js, which unpacks them; a test compares what comes out.
"""

import json
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from app.domain.redaction.rules import bundle

_NONE = ord("A")
_MOST = 25
"""Letters that one capital can take away."""


def packed_rules() -> str:
    """Return the rules as one JSON text."""
    rules: dict[str, dict[str, Any]] = json.loads(bundle())
    for rule in rules.values():
        rule.pop("about", None)
    rules["words"] = {name: "".join(_steps(words.split())) for name, words in rules["words"].items()}
    rules["gazetteer"] = {name: _packed(entry) for name, entry in rules["gazetteer"].items()}
    return json.dumps(rules, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _packed(entry: Any) -> Any:
    """Return a list of phrases as one text of steps; anything else, and a list that cannot be said so, as it is."""
    if not isinstance(entry, list):
        return entry
    try:
        return "".join(_steps(entry))
    except ValueError:
        return entry


def _steps(words: list[str]) -> Iterator[str]:
    """Yield each word as what it changes of the one before. Raises ValueError for one that cannot be said so."""
    before = ""
    for word in words:
        kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, word, strict=False)))
        gone = len(before) - kept
        if gone > _MOST or not word.islower():
            raise ValueError(f"a list of words has one that does not pack: {word}")
        yield chr(_NONE + gone) + word[kept:]
        before = word
