"""The bundled libraries of our pages, built when they are missing or older than what they are made of."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from app.resources import STATIC
from tests import node

ROOT = Path(__file__).resolve().parent.parent
VENDOR = STATIC / "vendor"


@cache
def built() -> None:
    """Build the libraries into app/static/vendor if that was not done yet; skips without Node.js."""
    made = VENDOR / "versions.json"
    sources = [*(ROOT / "vendor").iterdir(), ROOT / "package-lock.json"]
    if made.exists() and made.stat().st_mtime >= max(path.stat().st_mtime for path in sources):
        return
    node.package("esbuild")
    command = [node.binary(), str(ROOT / "vendor" / "build.mjs"), str(node.PACKAGES), str(VENDOR)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=node.TIMEOUT)
    assert done.returncode == 0, done.stderr.decode()
