"""Click's command, group and option, with help and headings in the reader's language.

Messages are written in English where the command is declared, marked with `N_`, and translated when they are shown,
because the language is known only then.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, TypeVar

import click

from app.cli.language import say
from app.i18n import N_

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any] | click.Command)

_OPTIONS = N_("Options")
_COMMANDS = N_("Commands")
_USAGE = N_("Usage: ")
_HELP = N_("Show this help and leave.")
_REQUIRED = N_("required")


class Option(click.Option):
    """An option whose help is translated when shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the names and the translated help."""
        shown = copy(self)
        shown.help = say(self.help) if self.help else self.help
        record = super(Option, shown).get_help_record(ctx)
        return record and (record[0], record[1].replace("[required]", f"[{say(_REQUIRED)}]"))


class _Translated(click.Command):
    """What verbs and groups of verbs share."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=say(_USAGE))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's own
        """Write what the command does."""
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(say(self.help))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        records = [record for parameter in self.get_params(ctx) if (record := parameter.get_help_record(ctx))]
        with formatter.section(say(_OPTIONS)):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help` with translated help."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say(_HELP)
        return option

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return one line for the listing."""
        return say(self.short_help or self.help or "")[: max(limit, 20)]


class Verb(_Translated):
    """One verb of the command line."""


class VerbGroup(_Translated, click.Group):
    """A verb that has verbs of its own."""

    command_class = Verb

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the verbs."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs, a line each."""
        rows = [(name, self.describe(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section(say(_COMMANDS)):
            formatter.write_dl(rows)

    def describe(self, ctx: click.Context, name: str) -> str:
        """Return the line of one verb."""
        command = self.get_command(ctx, name)
        return command.get_short_help_str(200) if command else ""


def option(*names: str, **attributes: Any) -> Callable[[_Decorated], _Decorated]:
    """Declare an option with translated help."""
    return click.option(*names, cls=Option, **attributes)
