"""The shared data of redaction, read once: folding, names, places, words, patterns.

`data/patterns.json` says how a pattern is written so that Python and JavaScript read it alike.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
NAMES = (
    "folding", "gazetteer", "identifiers", "kinds", "nicknames", "patterns", "questions", "surrogates", "words"
)  # fmt: skip


@cache
def load(name: str) -> dict[str, Any]:
    """Return one of the data files, such as `questions` or `gazetteer`."""
    content: dict[str, Any] = json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
    return content


def bundle() -> str:
    """Return every rule as one JSON text, which is all that the browser's engine is given."""
    whole = {name: load(name) for name in NAMES}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@cache
def word_set(name: str) -> frozenset[str]:
    """Return `words`, `also_names` or `grammar` of the word lists."""
    return frozenset(load("words")[name].split())


@cache
def place_names() -> frozenset[str]:
    """Return every folded place name, of one or several words."""
    data = load("gazetteer")
    return frozenset(data["states"]) | frozenset(data["municipalities"]) | frozenset(data["places_abroad"])


@cache
def cue_set(name: str) -> frozenset[str]:
    """Return one of the gazetteer's lists as a set."""
    return frozenset(load("gazetteer")[name])


@cache
def title_words() -> frozenset[str]:
    """Return the forms of address of all languages, folded."""
    return frozenset(word for words in load("nicknames")["titles"].values() for word in words)


@cache
def particles() -> frozenset[str]:
    """Return the small words inside names, such as `de` and `von`."""
    return frozenset(load("nicknames")["particles"])


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of the data files, with its classes of any script written out."""
    for name, forms in load("patterns")["classes"].items():
        pattern = pattern.replace(name, forms["python"])
    return re.compile(pattern)


@cache
def shared(group: str, name: str) -> re.Pattern[str]:
    """Return one of the patterns of `patterns.json`, such as `names`, `gap`."""
    return compiled(load("patterns")[group][name])
