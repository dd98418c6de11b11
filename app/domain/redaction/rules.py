"""The shared data of redaction, read once: folding, names, places, words, patterns."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@cache
def load(name: str) -> dict[str, Any]:
    """Return one of the data files, such as `rules` or `gazetteer`."""
    content: dict[str, Any] = json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
    return content


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


def compiled(pattern: str) -> re.Pattern[str]:
    r"""Compile a pattern of the data files as JavaScript would read it: `\d` and `\b` are of ASCII."""
    return re.compile(pattern, re.ASCII)
