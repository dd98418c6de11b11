"""The message catalogues against the source: what is said must be in es and fr, and nothing else.

`python -m tests.catalogues` lists what is missing or no longer used; `--update` brings the files up to date and keeps
every translation. Run as a test by tests/test_catalogues.py.
"""

from __future__ import annotations

import functools
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATED = ("es", "fr")
KEYWORDS = {"N_": None, "_": None, "say": None, "translate": None, "t": (2,)}


def file_of(language: str) -> Path:
    """Return the catalogue file of a language."""
    return ROOT / "app" / "locale" / language / "LC_MESSAGES" / "messages.po"


def messages() -> Iterator[tuple[str, str]]:
    """Yield (message, file) for everything that the source says to people."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield from _extract("python", path, {})
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield from _extract("jinja2.ext:babel_extract", path, {"trimmed": "true", "silent": "false"})
    for path in sorted((ROOT / "app" / "static").rglob("*.js")):
        if "vendor" not in path.parts:
            yield from _extract("javascript", path, {})


def _extract(method: str, path: Path, options: dict[str, str]) -> Iterator[tuple[str, str]]:
    source = io.BytesIO(path.read_bytes())
    keywords: dict[str, tuple[int, ...] | None] = dict(KEYWORDS)
    for _, message, _, _ in extract(method, source, keywords, options=options):
        text = message if isinstance(message, str) else message[0]
        if text:
            yield text, path.relative_to(ROOT).as_posix()


@functools.cache
def source_messages() -> dict[str, list[str]]:
    """Return every message with the files that say it."""
    found: dict[str, list[str]] = {}
    for message, place in messages():
        places = found.setdefault(message, [])
        if place not in places:
            places.append(place)
    return found


def catalogue(language: str) -> Catalog:
    """Return a catalogue as it is committed."""
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, known: dict[str, str]) -> Catalog:
    """Return a catalogue of exactly the source's messages with the known translations."""
    fresh = Catalog(locale=language, project="Resguardo", fuzzy=False, charset="utf-8")
    for message, places in sorted(source_messages().items()):
        fresh.add(message, known.get(message, ""), locations=[(place, 0) for place in places])
    return fresh


def write(language: str, known: dict[str, str]) -> None:
    """Write a catalogue without dates, tools or line numbers: a change of words is all that changes the file."""
    path = file_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, updated(language, known), width=120, omit_header=True, include_lineno=False)
    header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(header + buffer.getvalue().decode())


def translations(language: str) -> dict[str, str]:
    """Return the translations of a committed catalogue."""
    if not file_of(language).exists():
        return {}
    return {str(message.id): str(message.string) for message in catalogue(language) if message.id and message.string}


def problems() -> list[str]:
    """Return what is missing, unused, or has other places than the original."""
    source = source_messages()
    found = []
    for language in TRANSLATED:
        known = translations(language)
        found += [
            f"{language}: not translated: {message!r} ({source[message][0]})"
            for message in source
            if message not in known
        ]
        found += [f"{language}: no longer used: {message!r}" for message in known if message not in source]
        found += [
            f"{language}: other places: {message!r}"
            for message, text in known.items()
            if _places(message) != _places(text)
        ]
    return found


def _places(text: str) -> set[str]:
    import string

    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return {"malformed"}


if __name__ == "__main__":
    if "--update" in sys.argv:
        for each in TRANSLATED:
            write(each, translations(each))
    print("\n".join(problems()) or "complete")
