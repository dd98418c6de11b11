"""Talking with the person at the keyboard: results on standard output, everything else on standard error."""

import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from app.cli.language import language, say
from app.client.errors import ReviewError, WordsError
from app.domain.errors import DomainError
from app.i18n import N_
from crypto.errors import CryptoError
from crypto.secret import SecretBytes

OK, TAMPERED, CANNOT = 0, 1, 2
_VARIABLE = "RESGUARDO_PASSPHRASE"


def out(text: str = "") -> None:
    """Print a result."""
    click.echo(text)


def note(text: str = "") -> None:
    """Print a remark, a warning or progress."""
    click.echo(text, err=True)


def out_json(value: Any) -> None:
    """Print a result for programs; ASCII only, so that no terminal acts on what somebody wrote."""
    click.echo(json.dumps(value))


def is_interactive() -> bool:
    """Say whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str) -> bool:
    """Ask a yes-or-no question whose careful answer is no; accents and capitals do not count."""
    yes = say(N_("yes"))
    answer = _folded(click.prompt(f"{question} [{yes}/{say(N_('NO'))}]", default="", show_default=False, err=True))
    return answer in {_folded(yes), _folded(yes)[0]}


def ask_to_go_on(question: str, *, sure: bool) -> None:
    """Have a step that counts confirmed, unless it was by option. Raises ReviewError: stopped, not_confirmed."""
    if sure:
        return
    if not is_interactive():
        raise ReviewError("not_confirmed")
    if not confirm(question):
        raise ReviewError("stopped")


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@contextmanager
def reported(*, as_json: bool) -> Iterator[None]:
    """Turn a refusal into its words and its exit status; with `--json` also into `{"error": …}` on standard output."""
    try:
        yield
    except DomainError as error:
        fail(error.code, error.text(language()), getattr(error, "exit_status", CANNOT), as_json=as_json)
    except CryptoError as error:
        kind = type(error).__name__
        fail(
            "unreadable",
            say(N_("Something that was read does not have its form ({kind})."), kind=kind),
            as_json=as_json,
        )


def fail(code: str, message: str, status: int = CANNOT, *, as_json: bool, **more: Any) -> NoReturn:
    """Leave with a message and an exit status."""
    if as_json:
        out_json({"error": {"code": code, "message": message}, **more})
    note(message)
    raise click.exceptions.Exit(status)


def ask_passphrase() -> SecretBytes:
    """Return the passphrase of a key file: from the environment, the keyboard, or a line of standard input."""
    if given := os.environ.get(_VARIABLE):
        return SecretBytes(given.encode())
    return _ask_secret(say(N_("Passphrase of the key file")), "no_passphrase")


def ask_new_passphrase() -> SecretBytes:
    """Return a new passphrase; somebody at the keyboard types it twice."""
    first = ask_passphrase()
    if not os.environ.get(_VARIABLE) and is_interactive():
        again = _ask_secret(say(N_("The same passphrase once more")), "no_passphrase")
        if first.reveal() != again.reveal():
            raise WordsError("passphrase_differs")
    return first


def ask_words() -> SecretBytes:
    """Return the twelve words as typed, without showing them."""
    if not is_interactive():
        raise WordsError("no_terminal")
    return _ask_secret(say(N_("Your twelve words, with spaces between (nothing is shown)")), "no_terminal")


def read_words_from_input() -> SecretBytes:
    """Return the words that a program writes to standard input."""
    return SecretBytes(sys.stdin.read(64 * 1024).encode())


def _ask_secret(prompt: str, code: str) -> SecretBytes:
    if is_interactive():
        return SecretBytes(click.prompt(prompt, hide_input=True, err=True).encode())
    line = sys.stdin.readline(4096).rstrip("\r\n")
    if not line:
        raise WordsError(code)
    return SecretBytes(line.encode())
