"""`python -m tests.bench [NAME …] [--full] [--json FILE] [--write FILE]`: measure this machine's portal.

Names choose measurements; without any, all are taken, in less than five minutes on a quiet machine of two cores.
`--full` does several times as much. `--write docs/performance.md` puts the table between that page's markers.
Everything runs on loopback, in a folder that is thrown away, bounded in count and time.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import browser, calibration, engine, evidence, http, opening, phone, redaction, report, scale
from tests.bench.rows import Bench, Measurement, Row

MEASUREMENTS: dict[str, Measurement] = {
    "filing": http.filing,
    "reading": http.reading,
    "public": http.public,
    "appends": engine.appends,
    "million": engine.million,
    "opening": opening.opening,
    "start": http.start,
    "browser": browser.sealing,
    "scale": scale.scale,
    "redaction": redaction.redaction,
    "evidence": evidence.evidence,
    "phone": phone.phone,
}


def read_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.split("\n\n")[1])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument("--full", action="store_true", help="do several times as much")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table between the markers of this page")
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.names) - set(MEASUREMENTS))
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
    return chosen


def take(bench: Bench, names: list[str]) -> list[Row]:
    """Take measurements one after the other and print each row as it comes."""
    rows: list[Row] = []
    chosen = {name: MEASUREMENTS[name] for name in names or MEASUREMENTS}
    for name, measurement in {"calibration": calibration.measure, **chosen}.items():
        begun = time.monotonic()
        found = measurement(bench)
        for row in found:
            print(report.line(row), flush=True)
        print(f"  ({name}: {time.monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)
        rows += found
    return rows


def main() -> None:
    """Measure, print, write."""
    chosen = read_arguments()
    about = report.Machine.of_now(full=chosen.full)
    print(about.sentence(), flush=True)
    folder = Path(tempfile.mkdtemp(prefix="resguardo-bench-"))
    try:
        rows = take(Bench(folder, chosen.full), chosen.names)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if chosen.json:
        chosen.json.write_text(json.dumps({**about.to_json(), "rows": [row.to_json() for row in rows]}, indent=1))
    if chosen.write:
        report.write(chosen.write, about, rows)


if __name__ == "__main__":
    main()
