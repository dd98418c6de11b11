"""Words for people, in Spanish, English and French, from the gettext catalogues of `app/locale`.

A message is written in plain English at its place (`N_("…")` where it is declared, `t(language, "…")` where it is
shown) and translated in `app/locale/<language>/LC_MESSAGES/messages.po`. The catalogues are read as text, so that
there is no compiled file which could differ from the one that is reviewed.
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = ("es", "en", "fr")
LANGUAGE_NAMES = {"es": "Español", "en": "English", "fr": "Français"}
DEFAULT_LANGUAGE = "es"
_LOCALE = Path(__file__).parent / "locale"
_SCRIPT_WORDS = (".js", "redaction/reasons.py")
"""Where a message is said that a browser needs; each catalogue names the files of its messages."""
_FRENCH_SPACES = re.compile(r" (?=[:;?!»])|(?<=«) ")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark a message for the catalogues where it is declared."""
    return msgid


@cache
def catalogue(language: str) -> Catalog:
    """Return the catalogue of a language; English is the messages themselves."""
    path = _LOCALE / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        found = read_po(file, locale=language)
    for message in found if language == "fr" else ():
        message.string = as_printed_in_french(str(message.string))
    return found


def as_printed_in_french(text: str) -> str:
    """Return a text whose punctuation is bound to its words: on a phone, no line may begin with a colon."""
    return _APOSTROPHE.sub("’", _FRENCH_SPACES.sub("\N{NO-BREAK SPACE}", text))


@cache
def _lookup(language: str, msgid: str) -> str:
    message = catalogue(language).get(msgid)
    if message is None or not message.string or not isinstance(message.string, str):
        return msgid
    return message.string


def t(language: str, msgid: str, **values: object) -> str:
    """Return a message in a language, with its named `{places}` filled in."""
    text = _lookup(language, msgid)
    return text.format(**values) if values else text


def page_words(language: str, scripts: Collection[str] = ()) -> dict[str, str]:
    """Return what our scripts say, and the reasons of the text engine: each message with its translation.

    `scripts`: only what these say, by their paths below `app/static`.
    """
    wanted = tuple(f"static/{script}" for script in scripts) or _SCRIPT_WORDS
    said = ((message, [place for place, _ in message.locations]) for message in catalogue(language) if message.id)
    return {
        str(message.id): str(message.string)
        for message, places in said
        if message.string and any(place.endswith(wanted) for place in places)
    }


def translator(language: str) -> Callable[..., str]:
    """Return `t` for one language."""

    def translate(msgid: str, **values: object) -> str:
        return t(language, msgid, **values)

    return translate


def choose_language(wanted: Iterable[str]) -> str:
    """Return the first supported language of a list of tags such as `es-MX`, or the default."""
    for tag in wanted:
        language = tag.strip().lower().replace("_", "-").split("-")[0]
        if language in LANGUAGES:
            return language
    return DEFAULT_LANGUAGE


def accepted_languages(header: str) -> list[str]:
    """Return the tags of an `Accept-Language` header, best first (RFC 9110, 12.5.4)."""
    weighted = []
    for place, part in enumerate(header[:200].split(",")):
        tag, _, parameter = part.partition(";")
        weighted.append((-_quality(parameter), place, tag.strip()))
    return [tag for quality, _, tag in sorted(weighted) if tag and quality < 0]


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
