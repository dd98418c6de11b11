"""The row of evidence: pages of a text PDF drawn, names covered, written and checked, and the memory that it takes."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from functools import cache

from app.client.cleaning.copying import copy_of
from app.domain.redaction import Engine, KnownIdentity
from tests.bench.rows import Bench, Row

PAGES = 200
_LINE = "La empresa despidió a la trabajadora Wendolin Arce Ejemplo el día {number}, en la línea de soldadura. "
_MEASURE = "from tests.bench.evidence import measured; print(*measured({pages}))"


def evidence(bench: Bench) -> list[Row]:
    """Clean a PDF of 200 pages, in a process of its own, so that its memory is nobody else's."""
    pages = bench.amount(40, PAGES)
    command = [sys.executable, "-c", _MEASURE.format(pages=pages)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    rate, parent, child = (float(value) for value in said)
    detail = f"{pages} pages of text, 25 names each; no OCR; {child:.0f} MiB in the process that decodes"
    return [
        Row("evidence: pages of a PDF at 150 dpi, cleaned", f"{rate:.1f} pages/s", "≥ 15 pages/s", rate >= 15, detail),
        Row(
            f"evidence: memory for {pages} pages",
            f"{max(parent, child):.0f} MiB",
            "< 500 MiB",
            max(parent, child) < 500,
        ),
    ]


def measured(pages: int) -> tuple[float, float, float]:
    """Return pages a second, and MiB of this process and of its children at their largest."""
    data, engine = _document(pages), Engine([KnownIdentity("w1", "Wendolin", "Arce", "Ejemplo")], (), "es")
    begun = time.monotonic()
    copy = copy_of(data, (), engine, None)
    taken = time.monotonic() - begun
    memory = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return len(copy.pages) / taken, memory[0], memory[1]


@cache
def _document(pages: int) -> bytes:
    """Set a PDF in a child: the compiler's memory is not ours."""
    code = (
        "import sys, typst\nfrom tests.bench.evidence import _LINE\n"
        f"page = ''.join(_LINE.format(number=n) for n in range(25))\n"
        f"sys.stdout.buffer.write(typst.compile('#pagebreak()\\n'.join([page + chr(10)] * {pages}).encode()))"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
