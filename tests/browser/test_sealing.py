"""Sealing in a real Chromium, under the policy of a sealed page, against a real portal; opened by the command line."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error

from app.client.keyring import write_words
from crypto.secret import SecretBytes
from tests.browser.sealing import SealingPage, sealing_page
from tests.filings import settled
from tests.portal import RunningPortal, resguardo

ROOT = SecretBytes(bytes(range(16)))
FILE = """
    const url = location.origin
    const root = bytes(given.root)
    const portal = await filing.fetchPortal(url)
    const prepared = await filing.prepareCase({ portal, root, holders: [] })
    const steps = []
    const blob = new Blob(Array.from({ length: given.pieces }, () => bytes(given.piece)))
    const sealed = await filing.sealFiling({
        prepared,
        record: given.record,
        review: { settled: 1, careful: true, kept: [] },
        identities: given.names.map((name) => ({ name: { full: name }, label: "[TESTIGO]" })),
        statements: [{ witness: 0, id: "W1", statement: "Me citaron a solas." }],
        originals: {
            petition: { facts: { narrative: "Despidieron a Ximena." } },
            witnesses: given.names.map((_, at) => `W${at}`),
            surrogates: {},
            decisions: [],
        },
        files: given.pieces ? [{ path: "evidence[0]", evidence: "E1", title: "video", blob, name: "Ximena.mp4" }] : [],
        onProgress: ({ step }) => steps.push(step),
    })
    const receipt = await filing.sendFiling({ url, ...sealed, onProgress: ({ step }) => steps.push(step) })
"""


def given(names: list[str], pieces: int = 0) -> dict[str, object]:
    """Return what the page files: names, and a file of so many MiB."""
    return {
        "root": base64.b64encode(ROOT.reveal()).decode(),
        "record": settled().record_text,
        "names": names,
        "pieces": pieces,
        "piece": base64.b64encode(os.urandom(1024) * 1024).decode(),
    }


def done(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what the page's function returned; fail with what it threw."""
    assert "ok" in answer, answer
    found: dict[str, Any] = answer["ok"]
    return found


def test_self_test_passes(browser: Browser, shared_portal: RunningPortal) -> None:
    """The worker starts under the real policy, seals, and opens what it sealed."""
    with sealing_page(browser, shared_portal) as page:
        assert page.run("await filing.selfTest(); return {}") == {"ok": {}}


@pytest.mark.long
def test_page_files_and_the_command_line_opens(browser: Browser, shared_portal: RunningPortal, tmp_path: Path) -> None:
    """Laws L1, L2, L7: sealed in the browser, received with a verified receipt, opened by another implementation."""
    with sealing_page(browser, shared_portal) as page:
        body = FILE + "return { case: prepared.case, code: prepared.statusCode, receipt, steps: [...new Set(steps)] }"
        filed = done(page.run(body, given(["Ximena Arrayán", "Eleuterio Ik 🐦"], pieces=9)))
        assert filed["steps"] == ["seal", "send"]
        _no_name_in_what_was_asked_for(page)
    folder = tmp_path / "key"
    write_words(folder, ROOT, "es")
    out = tmp_path / "out"
    opened = resguardo(
        "open", "--case", filed["case"], "--portal", shared_portal.url, "--key", folder, "--files", out, "--json"
    )
    assert opened.returncode == 0, (opened.stdout, opened.stderr)
    story = json.loads(opened.stdout)
    assert [witness["name"]["full"] for witness in story["witnesses"]] == ["Ximena Arrayán", "Eleuterio Ik 🐦"]


def _no_name_in_what_was_asked_for(page: SealingPage) -> None:
    assert not [url for url in page.watched.requested if "Ximena" in url or "Array" in url]


@pytest.mark.long
def test_page_opens_its_case(browser: Browser, shared_portal: RunningPortal) -> None:
    """Laws L4, L5: signed in, contents and file opened in the page, the history proved entry by entry."""
    body = (
        FILE
        + """
    const opened = await opening.openCase({ url, number: prepared.case, root })
    await opening.signIn({ url, opened })
    const contents = await opening.fetchContents({ url, opened })
    const index = contents.pieces.find(({ kind }) => kind === "file-index").content.files
    const file = await opening.fetchFile({ url, opened, listed: contents.files[0] })
    const same = (await file.arrayBuffer()).byteLength === blob.size
    const history = await opening.fetchHistory({ url, opened, receipt: receipt.text, before: [contents.access] })
    const taken = { ...contents.access, index: 10 ** 6 }
    const forged = await opening.fetchHistory({ url, opened, receipt: receipt.text, before: [taken] })
    await opening.signOut({ url })
    return {
        names: contents.pieces.filter(({ kind }) => kind === "identity").map(({ content }) => content.name.full).sort(),
        name: index[0].name, same,
        kinds: history.entries.map(({ fields }) => fields.kind), findings: history.findings,
        forged: forged.findings.map(({ code }) => code),
    }
    """
    )
    with sealing_page(browser, shared_portal) as page:
        found = done(page.run(body, given(["Ximena", "Eleuterio"], pieces=5)))
    assert found["names"] == ["Eleuterio", "Ximena"]
    assert (found["name"], found["same"]) == ("Ximena.mp4", True)
    assert found["kinds"] == ["petition_received", "case_opened"]
    assert (found["findings"], found["forged"]) == ([], ["withheld"])


@pytest.mark.long
def test_lost_connection_goes_on_where_it_broke(browser: Browser, shared_portal: RunningPortal) -> None:
    """Law L7: parts that arrived are not sent again, the rest is made anew, and there is one case and one receipt."""
    body = (
        FILE.replace(
            "const receipt = await filing.sendFiling", "const sent = new Set(); const send = () => filing.sendFiling"
        ).replace("{ url, ...sealed, onProgress", "{ url, ...sealed, sent, onProgress")
        + """
    let first
    const stop = new AbortController()
    try { await filing.sendFiling({ url, ...sealed, sent, signal: stop.signal, onProgress: () => stop.abort() }) }
    catch (error) { first = error.code }
    const arrived = sent.size
    const receipt = await send()
    const again = await filing.sendFiling({ url, ...sealed, sent })
    const [right, same] = [receipt.case === prepared.case, again.index === receipt.index]
    return { first, arrived, all: sealed.uploads.length, case: right, same }
    """
    )
    with sealing_page(browser, shared_portal) as page:
        found = done(page.run(body, given(["Ximena"], pieces=30)))
    assert found["first"] == "stopped"
    assert 0 < found["arrived"] < found["all"]
    assert (found["case"], found["same"]) == (True, True)


@pytest.mark.parametrize("library", ["vendor/age-encryption.js", "seal/worker.js", "seal/framing.js", "seal/errors.js"])
def test_code_changed_by_one_byte_does_not_run(library: str, browser: Browser, shared_portal: RunningPortal) -> None:
    """A library, the worker, or any module with another hash: the page cannot even begin, and nothing is sent."""
    quiet = ("error: Failed to find a valid digest", "error: Fetch API cannot load")
    with sealing_page(browser, shared_portal, quiet=quiet, changed=library) as page:
        try:
            answer = page.run(FILE + "return {}", given(["Ximena"]))
        except Error as error:
            answer = {"code": str(error)}
        assert "ok" not in answer
        assert page.watched.console
        # What the portal says of itself may have been asked for; nothing that a person gave.
        sent = [url for url in page.watched.requested if "/api/" in url and not url.endswith("/api/v1/portal")]
        assert sent == []


def test_browser_loads_what_the_page_names(browser: Browser, shared_portal: RunningPortal) -> None:
    """Every module that Chromium asks for has a hash: none is imported that the list of links does not have."""
    with sealing_page(browser, shared_portal) as page:
        page.run("await filing.selfTest(); return {}")
        named = page.page.eval_on_selector_all("link[rel=modulepreload]", "links => links.map((link) => link.href)")
        loaded = {url for url in page.watched.requested if url.endswith(".js")}
    assert loaded == set(named)
