"""`python -m tests.attacks.detection [NAME …] [--write]`: play the cells and print, or write, docs/detection.md."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from tests.attacks.detection.baseline import built
from tests.attacks.detection.cells import CELLS
from tests.attacks.detection.played import Theatre, in_order
from tests.attacks.detection.table import read, write


def main() -> None:
    """Play all cells, or those whose name contains a word, and keep what the page says of the others."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.detection", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="play only cells whose name contains one of these")
    parser.add_argument("--alone", action="store_true", help="only cells that need a portal of their own")
    parser.add_argument("--write", action="store_true", help="write docs/detection.md")
    asked = parser.parse_args()
    os.environ["RESGUARDO_LANG"] = "en"
    results = read()
    with tempfile.TemporaryDirectory(prefix="resguardo-cells-") as folder:
        base = Path(folder) / "base"
        base.mkdir()
        with Theatre(built(base), Path(folder)) as theatre:
            chosen = [name for name in CELLS if not asked.names or any(word in name for word in asked.names)]
            chosen = [name for name in chosen if not (asked.alone and CELLS[name].lying)]
            for cell in in_order(chosen):
                results[cell.name] = theatre.play(cell)
                print(cell.name, {who: names for who, names in results[cell.name].items() if names}, flush=True)
    if asked.write:
        write(results)


if __name__ == "__main__":
    main()
