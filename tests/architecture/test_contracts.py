"""Who may import whom: the contracts hold, and the ones that matter most are really there."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def contracts() -> list[dict[str, Any]]:
    """Return the contracts of pyproject.toml."""
    settings: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    return settings


def forbidden_to(source: str) -> set[str]:
    """Return every module that a forbidding contract keeps from a module, transitively."""
    found = [item for item in contracts() if item["type"] == "forbidden" and source in item["source_modules"]]
    assert not any(item.get("allow_indirect_imports") for item in found), "a detour would do"
    return {name for item in found for name in item["forbidden_modules"]}


def test_import_contracts_hold() -> None:
    """Every contract is kept; a module without a layer fails as well."""
    done = subprocess.run(
        [sys.executable, "-c", _LINT, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


def test_the_contract_that_matters_most_is_there() -> None:
    """Law L1: nothing that serves reaches what opens, by any detour, and no exception is written in."""
    for source in ("app.main", "app.wiring", "app.web", "app.usecases", "app.store", "app.domain", "app.cli.serve"):
        assert {"app.client", "crypto.opening"} <= forbidden_to(source), source
    assert [item["name"] for item in contracts() if item.get("ignore_imports")] == []


def test_the_other_borders_are_there() -> None:
    """crypto is a leaf; the auditor knows formats only; the client knows no server; pages know no storage."""
    assert {"app", "sqlalchemy", "fastapi"} <= forbidden_to("crypto")
    assert {"app.domain", "app.store", "app.client"} <= forbidden_to("app.audit")
    assert {"app.store", "app.web", "fastapi"} <= forbidden_to("app.client")
    assert {"app.store", "sqlalchemy"} <= forbidden_to("app.web")
    layers = [item for item in contracts() if item["type"] == "layers"]
    assert layers, "the layers are gone"
    assert all(item["exhaustive"] for item in layers)
    protected = {name for item in contracts() if item["type"] == "protected" for name in item["protected_modules"]}
    assert {"crypto.opening", "cryptography", "hashlib", "sqlalchemy", "fastapi"} <= protected
