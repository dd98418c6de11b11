"""The rows of evidence: pages of a text PDF drawn, names covered, written and checked, and the memory that it takes;
the same by the command, and a copy saved as a PDF."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from PIL import Image

from app.client.cleaning.copying import Eyes, copy_of
from app.client.cleaning.drawing import encoded
from app.domain.pages import DOCUMENT
from app.domain.pages.binding import bound
from app.domain.redaction import Engine, KnownIdentity
from app.store.typesetter import Typesetter
from tests.bench.rows import Bench, Row

PAGES = 200
_LINE = "La empresa despidió a la trabajadora Wendolin Arce Ejemplo el día {number}, en la línea de soldadura. "
_MEASURE = "from tests.bench.evidence import {what}; print(*{what}({pages}))"
_PETITION = """kind: rapid_response
language: es
facility: {legal_name: "Fábrica de ejemplo", municipality: "Silao", state: "Guanajuato", country: MX}
petitioners: [{id: P1, name: "Sindicato Ficticio", type: union, country: MX, lead: true}]
facts: {period_from: "2025-08-11", narrative: "Se despidió a quien firmó."}
evidence: [{id: E1, kind: document, title: "Expediente", file: letter.pdf, show: yes}]
witnesses: [{id: W1, name: {given: "Wendolin", surname1: "Arce", surname2: "Ejemplo"}}]
"""


def evidence(bench: Bench) -> list[Row]:
    """Clean a PDF of 200 pages, in a process of its own, so that its memory is nobody else's."""
    pages = bench.amount(40, PAGES)
    rate, parent, child = _apart("measured", pages)
    detail = f"{pages} pages of text, 25 names each; no OCR; {child:.0f} MiB in the process that decodes"
    by_command, most = _apart("commanded", pages)
    begun, largest, size = _apart("saved", pages)
    return [
        Row("evidence: pages of a PDF at 150 dpi, cleaned", f"{rate:.1f} pages/s", "≥ 15 pages/s", rate >= 15, detail),
        _memory(f"evidence: memory for {pages} pages", max(parent, child)),
        Row(
            "evidence: the same by `resguardo clean`, start and writing included",
            f"{by_command:.1f} pages/s",
            "≥ 15 pages/s",
            by_command >= 15,
            "no OCR; the command takes the name from its petition",
        ),
        _memory(f"evidence: memory of `resguardo clean` for {pages} pages", most),
        _memory(
            f"evidence: memory for a copy of {pages} pages saved as a tagged PDF",
            largest,
            f"{begun:.1f} s from the frame to the last byte, {size:.1f} MB; the larger of both processes",
        ),
    ]


def _memory(what: str, most: float, detail: str = "") -> Row:
    return Row(what, f"{most:.0f} MiB", "< 500 MiB", most < 500, detail)


def _apart(what: str, pages: int) -> list[float]:
    """Run a measurement below in a process of its own."""
    command = [sys.executable, "-c", _MEASURE.format(what=what, pages=pages)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return [float(value) for value in said]


def measured(pages: int) -> tuple[float, float, float]:
    """Return pages a second, and MiB of this process and of its children at their largest."""
    data, engine = _document(pages), Engine([KnownIdentity("w1", "Wendolin", "Arce", "Ejemplo")], (), "es")
    begun = time.monotonic()
    copy = copy_of(data, (), engine, Eyes())
    taken = time.monotonic() - begun
    return len(copy.pages) / taken, _own(), _of_children()


def commanded(pages: int) -> tuple[float, float]:
    """Return pages a second of the command, and MiB of its largest process."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "letter.pdf").write_bytes(_document(pages))
        (folder / "petition.yaml").write_text(_PETITION)
        command = [
            sys.executable,
            "-m",
            "app.cli",
            "clean",
            str(folder / "petition.yaml"),
            "--out",
            str(folder / "look"),
        ]
        environment = {**os.environ, "PATH": str(Path(sys.executable).parent)}  # tesseract is elsewhere
        begun = time.monotonic()
        subprocess.run(command, capture_output=True, check=True, env=environment)
        taken = time.monotonic() - begun
        if len(list((folder / "look").iterdir())) != pages:
            raise ValueError("the command left pages out")
    return pages / taken, _of_children()


def saved(pages: int) -> tuple[float, float, float]:
    """Return seconds, MiB of the larger process, and MB of a copy that a reader saves, from pages made one by one."""
    title = {"width": DOCUMENT.width, "height": DOCUMENT.height, "channels": 1}
    each = [{**title, "title": f"Página {at}", "alt": f"Documento. Página {at}"} for at in range(1, pages + 1)]
    content: dict[str, object] = {
        "lang": "es",
        "title": "Prueba",
        "mark": "Eva Guarda",
        "facts": [],
        "notices": [],
        "text": None,
    }
    begun, size = time.monotonic(), 0
    frame = Typesetter().set({**content, "pages": each}, 0)
    for piece in bound(frame, _page):
        size += len(piece)
    return time.monotonic() - begun, max(_own(), _of_children()), size / 1_000_000


def _own() -> float:
    """Return MiB of this process at its largest since its program began.

    `getrusage` would count what stood in its memory before: that of whoever started it, which may have measured more.
    """
    said = Path("/proc/self/status").read_text()
    return int(said.partition("VmHWM:")[2].split()[0]) / 1024


def _of_children() -> float:
    """Return MiB of the largest child at its largest, or of this process when it started one."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _page(number: int) -> bytes:
    """Return a page, one of four, of noise in its upper part: 300 kB, as 200 of what a call may bring."""
    return _noise(20 + number % 4)


@cache
def _noise(level: int) -> bytes:
    page = Image.new("L", DOCUMENT, "white")
    page.paste(Image.effect_noise((DOCUMENT.width, DOCUMENT.height // 5), level), (0, 0))
    return encoded(page)


@cache
def _document(pages: int) -> bytes:
    """Set a PDF in a child: the compiler's memory is not ours."""
    code = (
        "import sys, typst\nfrom tests.bench.evidence import _LINE\n"
        f"page = ''.join(_LINE.format(number=n) for n in range(25))\n"
        f"sys.stdout.buffer.write(typst.compile('#pagebreak()\\n'.join([page + chr(10)] * {pages}).encode()))"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
