"""The command line itself: what it loads, what it says, and how it fails."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from app.cli import VERBS
from app.cli.language import environment_language
from tests.cli.conftest import Run

Resguardo = Callable[..., Run]


def loaded_by(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after some code."""
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=600)
    return set(done.stdout.split())


def test_serving_never_loads_what_opens() -> None:
    """Law L1: the verb that serves loads neither the client nor the opening half of the cryptography."""
    loaded = loaded_by("from app.cli import VERBS; VERBS['serve'][0]()")
    assert "app.wiring" in loaded
    assert not {name for name in loaded if name.startswith(("app.client", "crypto.opening"))}


@pytest.mark.parametrize("verb", ["key", "file", "open", "history", "status"])
def test_a_petitioners_verb_needs_no_server(verb: str) -> None:
    """A petitioner installs no web framework and no database."""
    loaded = loaded_by(f"from app.cli import VERBS; VERBS['{verb}'][0]()")
    server = ("fastapi", "starlette", "sqlalchemy", "uvicorn", "jinja2", "argon2", "app.web", "app.store", "app.wiring")
    assert not {name for name in loaded if name.startswith(server)}


def test_help_loads_no_verb() -> None:
    """The listing costs nothing and works where only half of the libraries are installed."""
    loaded = loaded_by("from app.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass")
    assert not {name for name in loaded if name.startswith(("app.client", "app.cli.", "cryptography"))} - {
        "app.cli.command",
        "app.cli.language",
        "app.cli.loading",
    }


def test_help_lists_every_verb(resguardo: Resguardo) -> None:
    """All verbs of the contract, in the order in which people meet them."""
    shown = resguardo("--help")
    assert shown.status == 0
    assert [verb for verb in VERBS if f"\n  {verb} " in shown.out] == list(VERBS)


def test_a_misspelt_verb_gets_the_nearest(resguardo: Resguardo) -> None:
    """Somebody under stress is told what they meant."""
    run = resguardo("histroy", "--case", "x")
    assert run.status == 2
    assert "resguardo history" in run.err


def test_the_version_is_said(resguardo: Resguardo) -> None:
    """`--version` names the program and its version."""
    assert resguardo("--version").out.startswith("resguardo ")


def test_what_is_missing_is_named(resguardo: Resguardo) -> None:
    """An incomplete command says what it lacks, without a traceback."""
    run = resguardo("open")
    assert run.status == 2
    assert "--case" in run.err
    assert "Traceback" not in run.err + run.out


def test_programs_get_errors_as_json(resguardo: Resguardo) -> None:
    """With --json a program reads the error where it reads the answer."""
    for arguments in (["open", "--json"], ["open", "--json", "--case", "/nowhere"], ["nonsense", "--json"]):
        run = resguardo(*arguments)
        assert run.status == 2
        assert set(run.json()["error"]) == {"code", "message"}


def test_a_crash_shows_its_kind_only(resguardo: Resguardo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback may hold names; somebody would paste it into a forum."""

    def crash(_: object) -> None:
        raise RuntimeError("María Guadalupe")

    monkeypatch.setattr("app.client.case.CaseFile.load", crash)
    run = resguardo("open", "--case", "x")
    assert run.status == 2
    assert "RuntimeError" in run.err
    assert "Guadalupe" not in run.err + run.out
    assert "Traceback" not in run.err + run.out


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "es"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "es"),
        ({"LC_ALL": "fr_CA.UTF-8", "LANG": "en_US.UTF-8"}, "fr"),
        ({"RESGUARDO_LANG": "en", "LC_ALL": "fr_CA"}, "en"),
        ({"LANG": "nah_MX.UTF-8"}, "es"),
    ],
)
def test_the_language_is_found(environment: dict[str, str], language: str) -> None:
    """`RESGUARDO_LANG`, then the system's, then Spanish."""
    assert environment_language(environment) == language
