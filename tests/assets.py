"""The bundled libraries of our pages, built when they are missing or older than what they are made of."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

from app.resources import STATIC
from tests import node

ROOT = Path(__file__).resolve().parent.parent
VENDOR = STATIC / "vendor"


def built() -> None:
    """Build the libraries into app/static/vendor if that was not done yet; skips without Node.js."""
    if not build_if_possible():
        node.missing(f"not all npm packages of package.json are in {node.PACKAGES} (make setup)")


@cache
def build_if_possible() -> bool:
    """Return whether the libraries are there; a portal that is started reads them once, so this comes before."""
    made = VENDOR / "versions.json"
    sources = [*(ROOT / "app" / "bundling").iterdir(), ROOT / "package-lock.json"]
    if made.exists() and made.stat().st_mtime >= max(path.stat().st_mtime for path in sources):
        return True
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    if not all((node.PACKAGES / name).is_dir() for name in wanted):
        return False
    command = [node.binary(), str(ROOT / "app" / "bundling" / "build.mjs"), str(node.PACKAGES), str(VENDOR)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=node.TIMEOUT)
    assert done.returncode == 0, done.stderr.decode()
    return True
