"""Which language the command line speaks: `--lang`, else `RESGUARDO_LANG`, else the system's, else Spanish."""

import os
from collections.abc import Mapping, Sequence
from contextvars import ContextVar

from app.i18n import choose_language, t

_current: ContextVar[str | None] = ContextVar("language", default=None)
_ENVIRONMENT = ("RESGUARDO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def environment_language(environment: Mapping[str, str]) -> str:
    """Return the language of the first variable that is set; a set one that we do not speak means Spanish."""
    for name in _ENVIRONMENT:
        if value := environment.get(name):
            return choose_language([value.partition(".")[0]])
    return choose_language([])


def use_language(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Settle the language before anything is parsed, so that help and usage errors speak it too."""
    _current.set(_asked_for(arguments) or environment_language(environment))


def language() -> str:
    """Return the language in use."""
    return _current.get() or environment_language(os.environ)


def say(msgid: str, **values: object) -> str:
    """Return a message in the language in use."""
    return t(language(), msgid, **values)


def _asked_for(arguments: Sequence[str]) -> str | None:
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return choose_language([arguments[place + 1]])
        if argument.startswith("--lang="):
            return choose_language([argument.removeprefix("--lang=")])
    return None
