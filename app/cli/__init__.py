"""`resguardo …`: the command line.

A verb's module is loaded when the verb is used and not before: a serving process never loads what opens sealed
records (law L1), and a petitioner's machine never needs the server's libraries.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from app.cli.command import VerbGroup, option
from app.cli.language import language, say, use_language
from app.cli.loading import loading
from app.domain.errors import DomainError
from app.i18n import N_

USAGE_ERROR = 2


def _acknowledged() -> click.Command:
    from app.cli.acknowledged import command

    return command


def _answer() -> click.Command:
    from app.cli.answer import command

    return command


def _audit() -> click.Command:
    from app.cli.audit import command

    return command


def _backup() -> click.Command:
    from app.cli.backup import command

    return command


def _check() -> click.Command:
    from app.cli.check import command

    return command


def _clean() -> click.Command:
    from app.cli.clean import command

    return command


def _cosign() -> click.Command:
    from app.cli.cosign import command

    return command


def _export() -> click.Command:
    from app.cli.export import command

    return command


def _file() -> click.Command:
    from app.cli.file import command

    return command


def _history() -> click.Command:
    from app.cli.history import command

    return command


def _holders() -> click.Command:
    from app.cli.holders import command

    return command


def _key() -> click.Command:
    from app.cli.key import command

    return command


def _marks() -> click.Command:
    from app.cli.marks import command

    return command


def _trace() -> click.Command:
    from app.cli.trace import command

    return command


def _messages() -> click.Command:
    from app.cli.messages import command

    return command


def _log() -> click.Command:
    from app.cli.log import command

    return command


def _mirror() -> click.Command:
    from app.cli.mirror import command

    return command


def _notice() -> click.Command:
    from app.cli.notice import command

    return command


def _open() -> click.Command:
    from app.cli.open import command

    return command


def _prepare() -> click.Command:
    from app.cli.prepare import command

    return command


def _release() -> click.Command:
    from app.cli.release import command

    return command


def _public() -> click.Command:
    from app.cli.public import command

    return command


def _redact() -> click.Command:
    from app.cli.redact import command

    return command


def _restore() -> click.Command:
    from app.cli.restore import command

    return command


def _refile() -> click.Command:
    from app.cli.refile import command

    return command


def _retention() -> click.Command:
    from app.cli.retention import command

    return command


def _serve() -> click.Command:
    from app.cli.serve import command

    return command


def _staff() -> click.Command:
    from app.cli.staff import command

    return command


def _status() -> click.Command:
    from app.cli.status import command

    return command


def _supplement() -> click.Command:
    from app.cli.supplement import command

    return command


def _suspend() -> click.Command:
    from app.cli.suspend import command

    return command


def _verify() -> click.Command:
    from app.cli.verify import command

    return command


def _withdraw() -> click.Command:
    from app.cli.withdraw import command

    return command


VERBS: dict[str, tuple[Callable[[], click.Command], str]] = {
    "key": (_key, N_("Make the twelve words that open your cases.")),
    "file": (_file, N_("File a petition: names are sealed on this machine before anything is sent.")),
    "open": (_open, N_("Open your case on this machine, names included.")),
    "history": (_history, N_("Who looked at your case, when and why, each line proved.")),
    "supplement": (_supplement, N_("Add to your petition, or correct it: a next version, sealed here.")),
    "refile": (_refile, N_("File a case again as a new one, tied to the earlier one.")),
    "holders": (_holders, N_("Who can open your case: list, add, remove, new words, rehearse.")),
    "status": (_status, N_("Where a case stands, by its status code.")),
    "messages": (_messages, N_("Read what the office asks you, opened and proved on this machine.")),
    "answer": (_answer, N_("Answer a question of the office: settled and sealed here, like a petition.")),
    "suspend": (_suspend, N_("Stop the office's access to your case for a while; --lift opens it again.")),
    "withdraw": (_withdraw, N_("Take your petition back: the case ends, the office sees no more of it.")),
    "export": (_export, N_("Write the petition for the official intake: redacted, with its proof.")),
    "public": (_public, N_("Make a stricter version of your petition, to give out. Made here, sent nowhere.")),
    "release": (_release, N_("Give out a public version through the portal; --withdraw calls it back.")),
    "acknowledged": (
        _acknowledged,
        N_("Enter the official office's acknowledgement: the clock starts on its day."),
    ),
    "notice": (_notice, N_("Be told by e-mail that something waits in your case, by a message that says nothing.")),
    "clean": (_clean, N_("Make the copies of evidence that the office would read, to look at.")),
    "redact": (_redact, N_("Show what would be hidden in a petition or in lines of text.")),
    "verify": (_verify, N_("Check an export's bundle without asking the portal.")),
    "audit": (_audit, N_("Check a portal's public log without trusting the portal.")),
    "mirror": (_mirror, N_("Keep a full copy of a log, for everybody to read.")),
    "cosign": (_cosign, N_("Cosign a log: vouch that it only grows, for whoever relies on you.")),
    "serve": (_serve, N_("Run a portal.")),
    "prepare": (_prepare, N_("Make a portal's folder and database ready, without serving.")),
    "check": (_check, N_("Say what is wrong with a portal's deployment, and how to mend it.")),
    "backup": (_backup, N_("Back up a portal, sealed, while it runs.")),
    "restore": (_restore, N_("Restore a backup into an empty place.")),
    "retention": (_retention, N_("Announce and destroy cases whose time is over.")),
    "marks": (_marks, N_("Hand the auditor what is needed to trace a leaked page (for the operator).")),
    "trace": (_trace, N_("Find the sitting that the code on a leaked page belongs to (for the auditor).")),
    "log": (_log, N_("The log's cosigners, and what became of the log after a loss.")),
    "staff": (_staff, N_("Enrol, assign and disable the office's people (for the operator).")),
}


class _Resguardo(VerbGroup):
    """The group whose verbs are loaded lazily and whose errors are plain lines."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the verbs in the order in which people meet them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        """Load one verb."""
        if cmd_name not in VERBS:
            return None
        with loading():
            return VERBS[cmd_name][0]()

    def describe(self, ctx: click.Context, name: str) -> str:  # noqa: ARG002 - the group's signature
        """Return the line of one verb without loading it."""
        return say(VERBS[name][1])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or refuse with the nearest one."""
        if not args[0].startswith("-") and args[0] not in VERBS:
            raise click.UsageError(_unknown_verb(args[0]))
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002, FBT001, FBT002 - click's own signature
        windows_expand_args: bool = True,  # noqa: ARG002, FBT001, FBT002 - click's own signature
        **extra: Any,
    ) -> Any:
        """Run the command line; whatever goes wrong is told in one or two plain lines, never as a traceback."""
        given = list(sys.argv[1:] if args is None else args)
        use_language(given, os.environ)
        try:
            code = super().main(given, prog_name or "resguardo", complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            _fail(given, "usage", _usage_text(error))
        except (click.Abort, KeyboardInterrupt):
            _fail(given, "stopped", say(N_("Stopped. Nothing more was done.")))
        except BrokenPipeError:
            # the reader of our output went away (`| head`); point stdout elsewhere so that exit does not complain
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(USAGE_ERROR)
        except DomainError as error:
            _fail(given, error.code, error.text(language()))
        except OSError as error:
            _fail(given, "system", say(N_("The system refused: {reason}."), reason=error.strerror or "I/O"))
        except Exception as error:  # noqa: BLE001 - a traceback may show names on a screen or in a shared log
            kind = type(error).__name__
            _fail(given, "internal", say(N_("Something went wrong inside the program ({kind})."), kind=kind))
        sys.exit(code if isinstance(code, int) else 0)


def _unknown_verb(verb: str) -> str:
    from rapidfuzz import process

    shown = "".join(character for character in verb[:40] if character.isprintable())
    nearest = process.extractOne(verb, list(VERBS), score_cutoff=50)
    if nearest:
        message = N_("There is no “{verb}”. Did you mean “resguardo {nearest}”?")
        return say(message, verb=shown, nearest=nearest[0])
    return say(N_("There is no “{verb}”. See “resguardo --help”."), verb=shown)


def _usage_text(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        text = say(N_("There is no option {name}."), name=error.option_name)
        nearest = ", ".join(error.possibilities or ())
        return f"{text} {say(N_('Did you mean {names}?'), names=nearest)}" if nearest else text
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return say(N_("{name} is missing."), name=" / ".join(error.param.opts))
    if isinstance(error, click.BadParameter) and error.param is not None:
        return say(N_("{name} cannot be used: {reason}"), name=" / ".join(error.param.opts), reason=error.message)
    return error.message


def _fail(arguments: Sequence[str], code: str, message: str) -> NoReturn:
    if "--json" in arguments:
        click.echo(json.dumps({"error": {"code": code, "message": message}}))
    click.echo(message, err=True)
    sys.exit(USAGE_ERROR)


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's callback
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version  # noqa: TID251 - reads the wheel's metadata, imports nothing

        click.echo(f"resguardo {version('resguardo')}")
        ctx.exit()


@click.group(
    cls=_Resguardo,
    help=N_("Resguardo: petitions for labor rights, with the names of witnesses sealed on your own machine."),
)
@option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help=N_("Show the version."))
def main() -> None:
    """Run `resguardo`."""


__all__ = ["language", "main"]
