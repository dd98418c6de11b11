"""Calls the browser's engine where it runs: under Node.js, and in a worker of Chromium over plain loopback HTTP."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser

from app.domain.redaction.rules import bundle
from tests import node

HERE = Path(__file__).parent
ENGINE = HERE.parents[1] / "app" / "static" / "engine"
Call = tuple[str, object]


def assemble(folder: Path) -> Path:
    """Lay out the engine, its rules and the test's modules in a folder, and return it."""
    shutil.copytree(ENGINE, folder / "engine")
    for name in ("twin.js", "twin.mjs", "twin-worker.js"):
        shutil.copy(HERE / name, folder / name)
    (folder / "rules.json").write_text(bundle(), encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "index.html").write_text("<!doctype html><title>Engine</title>", encoding="utf-8")
    (folder / "favicon.ico").write_bytes(b"")
    return folder


def in_node(folder: Path, calls: Sequence[Call]) -> list[Any]:
    """Return the answers of the engine under Node.js."""
    answers: list[Any] = node.run(folder / "twin.mjs", list(calls))
    return answers


_CALL = """calls => new Promise((resolve, reject) => {
  const worker = new Worker("./twin-worker.js", { type: "module" });
  worker.onerror = (event) => reject(new Error(event.message));
  worker.onmessage = ({ data }) => data === "ready" ? worker.postMessage(calls) : resolve(JSON.stringify(data));
})"""


def in_browser(browser: Browser, folder: Path, calls: Sequence[Call]) -> str:
    """Return the answers of the engine in a worker of the browser, as JSON."""
    with _served(folder) as address:
        page = browser.new_page()
        try:
            page.goto(f"{address}/index.html")
            answers: str = page.evaluate(_CALL, list(calls))
            return answers
        finally:
            page.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_request(self, *_args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
