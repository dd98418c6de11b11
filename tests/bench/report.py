"""How figures are told: a line on the terminal, a table between two markers of a page, the machine beside them."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from tests.bench.rows import Row

BEGIN = "<!-- bench: begin -->"
END = "<!-- bench: end -->"
_MARK = {True: "yes", False: "**no**", None: ""}
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Machine:
    """Where and when a run was made; `load` is how many processes wanted to run in the minute before."""

    date: str
    commit: str
    cores: int
    processor: str
    load: float
    python: str
    sqlite: str
    full: bool

    @classmethod
    def of_now(cls, *, full: bool) -> Self:
        """Return this machine, now."""
        return cls(
            date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            commit=_commit(),
            cores=os.cpu_count() or 1,
            processor=_processor(),
            load=os.getloadavg()[0],
            python=platform.python_version(),
            sqlite=sqlite3.sqlite_version,
            full=full,
        )

    def sentence(self) -> str:
        """Return the machine in words."""
        kind = "full" if self.full else "quick"
        return (
            f"{self.date}, commit {self.commit}, {kind} run; {self.cores} × {self.processor}, "
            f"load before the run {self.load:.1f}; Python {self.python}, SQLite {self.sqlite}."
        )

    def to_json(self) -> dict[str, Any]:
        """Return the machine as an object for JSON."""
        return asdict(self)


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def line(row: Row) -> str:
    """Return a row for the terminal."""
    met = {True: "met", False: "MISSED", None: ""}[row.met]
    parts = [f"{row.what}: {row.value}", f"target {row.target}: {met}" if row.target else "", row.ratio, row.detail]
    return " | ".join(part for part in parts if part)


def table(rows: Sequence[Row]) -> str:
    """Return rows as a Markdown table."""
    lines = ["| what | measured | target | met | against the machine | beside it |", "|---|---|---|---|---|---|"]
    for row in rows:
        cells = (row.what, row.value, row.target, _MARK[row.met], row.ratio, row.detail)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write(page: Path, about: Machine, rows: Sequence[Row]) -> None:
    """Replace what stands between the markers of a page."""
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{page} has no markers {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n{about.sentence()}\n\n{table(rows)}\n{END}{after}")
