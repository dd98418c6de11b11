"""The filing page in a real Chromium: its weight, a slow line, ten witnesses on a slow telephone, large files.

Chromium's own CPU throttle slows the page's thread and not its workers. So the worker's time is taken as it is and
multiplied; the page's longest task is taken under the throttle.
"""

from __future__ import annotations

import base64
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from app.resources import STATIC
from app.web.assets import Assets
from tests.bench.evidence import _document
from tests.bench.rows import Bench, Row
from tests.bench.served import portal_in
from tests.browser.chromium import PHONE, chromium
from tests.browser.sealing import SealingPage, sealing_page
from tests.browser.weight import begun
from tests.portal import RunningPortal

SLOW_DOWN = 4
_SLOW_LINE = {"latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
WITNESSES = 10
MIB = 1024 * 1024
_SEAL = """
    const root = crypto.getRandomValues(new Uint8Array(16))
    await filing.selfTest()
    const keys = await filing.fetchPortal(location.origin)
    const prepared = await filing.prepareCase({ portal: keys, root, holders: [] })
    const tasks = []
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ type: "longtask" })
    const blob = document.querySelector("input")?.files[0]
    const begun = performance.now()
    const { uploads } = await filing.sealFiling({
        prepared, record: "{}", review: { settled: 0, careful: true, kept: [] },
        identities: Array.from({ length: given.witnesses }, (_, at) => ({ name: { full: `Testigo ${at}` } })),
        statements: [], originals: { petition: {}, witnesses: [], surrogates: {}, decisions: [] },
        files: blob ? [{ path: "evidence[0]", evidence: "E", title: "", blob }] : [],
    })
    const took = performance.now() - begun
    await new Promise((resolve) => setTimeout(resolve, 100))
    return { took, longest: Math.max(0, ...tasks), parts: uploads.length }
"""
_PAGES = """async ([files, addresses]) => {
    const modules = await Promise.all(addresses.map((one) => import(one)))
    const [{ PdfFile }, { needsOf }, { boxesOn, pictureOf }, { textEngine }] = modules
    const engine = await textEngine(document.querySelector("#filing").dataset.rules)
    const name = { given: "Wendolin", surname1: "Arce", surname2: "Ejemplo", name: "" }
    const analyse = engine.analyser([{ id: "w", ...name, aliases: [], identifiers: [] }], [], "es")
    const data = Uint8Array.from(atob(files), (letter) => letter.charCodeAt(0))
    const begun = performance.now()
    const file = await PdfFile.open(new Blob([data]))
    let bytes = 0
    let boxes = 0
    for (let page = 1; page <= file.pages; page++) {
        const drawn = await file.draw(page)
        const covered = boxesOn(drawn, [], needsOf(analyse, drawn.words))
        bytes += (await pictureOf(drawn, covered)).size
        boxes += covered.length
        drawn.bitmap.close()
    }
    const took = performance.now() - begun
    file.close()
    return { pages: file.pages, took, bytes, boxes }
}"""


def sealing(bench: Bench) -> list[Row]:
    """Measure what the filing page does before anything is sent."""
    size = 200 * MIB
    evidence = bench.folder / "evidence.mp4"
    evidence.write_bytes(os.urandom(MIB) * (size // MIB))
    rows = []
    with portal_in(bench.folder, "browser") as portal, chromium() as browser:
        rows += [_slow_line(browser, portal), *_weight(browser, portal)]
        rows.append(_copied_pages(browser, portal, bench.amount(20, 100)))
        with sealing_page(browser, portal) as page:
            rows += _ten_witnesses(page)
        with sealing_page(browser, portal) as page:
            rows += _large_file(page, evidence)
    return rows


@contextmanager
def _filing_page(browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """Give a page of a context of its own."""
    context = browser.new_context(viewport=PHONE, locale="es-MX")  # type: ignore[arg-type]  # playwright's own typed dictionary
    page = context.new_page()
    page.set_default_timeout(60_000)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    try:
        yield page, session
    finally:
        context.close()


def _slow_line(browser: Browser, portal: RunningPortal) -> Row:
    """Time what passes until somebody can begin, over HTTP/1.1; a proxy that speaks HTTP/2 is faster."""
    found = []
    for _ in range(3):
        with _filing_page(browser) as (page, session):
            session.send("Network.emulateNetworkConditions", {"offline": False, **_SLOW_LINE})
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})
            begun = time.monotonic()
            page.goto(portal.url + "/file", wait_until="commit")
            page.wait_for_selector("#start:not([hidden])")
            found.append(time.monotonic() - begun)
    best = min(found)
    name = f"filing page useful at 400 kbit/s, 400 ms, {SLOW_DOWN}× CPU"
    detail = "the fastest of three; the worker is not slowed"
    return Row(name, f"{best:.1f} s", "≤ 5 s", met=best <= 5, detail=detail)


def _weight(browser: Browser, portal: RunningPortal) -> list[Row]:
    """Weigh what has come when somebody can begin, and what comes with the first text."""
    with _filing_page(browser) as (page, _):
        page.goto(portal.url + "/file")
        found = begun(page)
    assets = Assets(STATIC)
    later = dict.fromkeys(
        name
        for part in ("file/rest.js", "file/engine.js", "seal/phrase.js")
        for name in assets.modules.loaded_beyond("file/page.js", part)
    )
    rest = sum(len(assets.compressed(name)) for name in (*later, "rules.json", "words/es.json"))
    light, detail = found.size <= 150_000, f"{len(found.paths)} requests"
    name = "filing page until one can begin, compressed"
    return [
        Row(name, f"{found.size / 1000:.0f} kB", "≤ 150 kB", met=light, detail=detail),
        Row("what comes while one writes: steps, text engine, words", f"{rest / 1000:.0f} kB"),
    ]


def _copied_pages(browser: Browser, portal: RunningPortal, pages: int) -> Row:
    """Make the office's copy of a PDF of text in the page, names covered, each page written."""
    named = ("copies/reader.js", "copies/finding.js", "copies/page.js", "file/engine.js")
    addresses = [Assets(STATIC).address(name) for name in named]
    document = base64.b64encode(_document(pages)).decode()
    with _filing_page(browser) as (page, _):
        page.goto(portal.url + "/file")
        page.wait_for_selector("#start:not([hidden])")
        page.evaluate(_PAGES, [base64.b64encode(_document(1)).decode(), addresses])
        with _peak() as memory:
            found = page.evaluate(_PAGES, [document, addresses])
    rate = found["pages"] / (found["took"] / 1000)
    growth = (memory["peak"] - memory["before"]) / MIB
    detail = f"{pages} pages of text, {found['boxes'] // pages} boxes each; the browser grew by {growth:.0f} MiB"
    name = "evidence: pages of a PDF at 150 dpi, copied in Chromium"
    return Row(name, f"{rate:.1f} pages/s", "≥ 5 pages/s", met=rate >= 5, detail=detail)


def _ten_witnesses(page: SealingPage) -> list[Row]:
    session = page.page.context.new_cdp_session(page.page)
    given = {"witnesses": WITNESSES}
    found = min((_done(page.run(_SEAL, given)) for _ in range(3)), key=lambda one: float(one["took"]))
    took = found["took"] * SLOW_DOWN
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})
    longest = _done(page.run(_SEAL, given))["longest"]
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return [
        Row(f"{WITNESSES} witnesses sealed in Chromium, × {SLOW_DOWN}", f"{took:.0f} ms", "≤ 400 ms", met=took <= 400),
        _longest(f"longest task of the page at {SLOW_DOWN}×", longest),
    ]


def _large_file(page: SealingPage, evidence: Path) -> list[Row]:
    page.page.evaluate("document.body.append(Object.assign(document.createElement('input'), { type: 'file' }))")
    page.page.locator("input").set_input_files(evidence)
    page.run("await filing.selfTest()")
    with _peak() as memory:
        found = _done(page.run(_SEAL, {"witnesses": 0}))
    # Chromium slows a page down by spinning in its thread, which takes a core from the workers: a run of its own.
    session = page.page.context.new_cdp_session(page.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})
    longest = _done(page.run(_SEAL, {"witnesses": 0}))["longest"]
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    size = evidence.stat().st_size
    rate = size / 1e6 / (found["took"] / 1000)
    growth = (memory["peak"] - memory["before"]) / MIB
    name = f"{size // MIB} MiB of evidence in Chromium"
    return [
        Row(f"{name}: sealed", f"{rate:.0f} MB/s", "≥ 20 MB/s", met=rate >= 20),
        Row(f"{name}: growth of the browser", f"{growth:.0f} MiB", "≤ 150 MiB", met=growth <= 150),
        _longest(f"{name}: longest task of the page at {SLOW_DOWN}×", longest),
    ]


def _longest(name: str, took: float) -> Row:
    return Row(name, f"{took:.0f} ms", "≤ 200 ms", met=took <= 200)


def _done(answer: Any) -> dict[str, Any]:
    if "ok" not in answer:
        raise RuntimeError(f"the page refused: {answer}")
    found: dict[str, Any] = answer["ok"]
    return found


@contextmanager
def _peak() -> Iterator[dict[str, int]]:
    """Give the resident memory of this process's descendants before, and the highest that was seen."""
    memory = {"before": _resident()}
    memory["peak"] = memory["before"]
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            memory["peak"] = max(memory["peak"], _resident())
            time.sleep(0.05)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        stop.set()
        thread.join()


def _resident() -> int:
    """Return the unshared resident bytes of the browser's processes, which descend from this one."""
    parents, sizes = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                after_name = (folder / "stat").read_text().rpartition(")")[2].split()
                resident, shared = map(int, (folder / "statm").read_text().split()[1:3])
            except OSError:
                continue
            parents[int(folder.name)] = int(after_name[1])
            sizes[int(folder.name)] = (resident - shared) * os.sysconf("SC_PAGE_SIZE")
    return sum(size for process, size in sizes.items() if _descends(process, parents))


def _descends(process: int, parents: dict[int, int]) -> bool:
    while process in parents:
        process = parents[process]
        if process == os.getpid():
            return True
    return False
