"""A command line on a machine without settings of its own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import main


@dataclass(frozen=True)
class Run:
    """What a command left: exit status, standard output, standard error."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """Return standard output as JSON."""
        return json.loads(self.out)


@pytest.fixture
def resguardo(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Run `resguardo …` in this process, in Spanish, with nobody at the keyboard."""
    for name in ("RESGUARDO_LANG", "RESGUARDO_PASSPHRASE", "RESGUARDO_PROXY", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object, typed: str = "", env: dict[str, str] | None = None) -> Run:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=typed, env=env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Run(result.exit_code, result.stdout, result.stderr)

    return run
