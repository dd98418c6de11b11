"""A mirror: follows, serves from any web server, and cannot be made to forget."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader

from app.audit.auditor import Kept, audit
from app.audit.finding import Report
from app.audit.mirror import Followed, Mirror, follow
from app.audit.source import locate_folder, locate_portal
from app.cli import main
from crypto.log.checkpoint import parse_verifier
from tests.audit.portal import HONEST, NOW, OTHER, Portal, entries_of, entry, said, shared_client, told
from tests.crypto.log.published import LOG


def step(portal: Portal, folder: Path) -> tuple[Followed, Report]:
    """Follow once, over HTTP."""
    return follow(Mirror(folder, [parse_verifier(LOG.vkey)]), locate_portal(portal.address, shared_client()))


def same_files(portal: Portal, folder: Path) -> bool:
    """Say whether the mirror has every file of the portal's log, byte for byte."""
    theirs = portal.folder / "log"
    files = [path.relative_to(theirs) for path in theirs.rglob("*") if path.is_file()]
    return all((folder / "log" / path).read_bytes() == (theirs / path).read_bytes() for path in files)


class _Quiet(SimpleHTTPRequestHandler):
    """Static files as any web server gives them, without lines on standard error."""

    def log_message(self, *_args: Any) -> None:
        """Tests read results."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder by Python's own static server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("sizes", [(0, 1, 255, 256, 257, 700), (700,), (512, 513)])
def test_the_copy_is_the_log(portal, tmp_path, sizes):
    """Step by step, over tile borders: the portal's files, byte for byte, and nothing of the past is lost."""
    folder = tmp_path / "mirror"
    before = 0
    for size in sizes:
        portal.publish(entries_of(size))
        done, report = step(portal, folder)
        assert report.holds, list(report.findings)
        assert done == Followed(before, size)
        assert same_files(portal, folder)
        before = size
    assert step(portal, folder)[0] == Followed(before, before)


def test_any_web_server_serves_it_and_every_check_accepts_it(portal, tmp_path):
    """Audited over a static server and as a folder, read by a program that we did not write."""
    folder = tmp_path / "mirror"
    portal.publish(entries_of(300))
    step(portal, folder)
    portal.publish(HONEST)
    step(portal, folder)
    with served(folder) as address:
        report = audit(lambda: locate_portal(address, shared_client()), Kept((LOG.vkey,)), NOW)
        assert (report.holds, report.size) == (True, 700)
    assert audit(lambda: locate_folder(folder), Kept((LOG.vkey,)), NOW).holds
    reader = TilesReader(LocalBackend(folder / "log"))
    head = reader.get_checkpoint()
    reader.set_size(head.size)
    assert reader.calculate_root_hash() == head.root_hash


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (HONEST[:600], "tail-cut"),
        ([*HONEST[:5], entry(5, b"x"), *HONEST[6:]], "fork"),
        ([*HONEST[:5], entry(5, b"x"), *HONEST[6:], entry(701)], "fork"),
    ],
)
def test_a_rewritten_log_is_refused_and_kept_as_evidence(portal, tmp_path, rows, code):
    """The copy stays as it was; the signed contradiction lies beside it."""
    folder = tmp_path / "mirror"
    step(portal, folder)
    before = (folder / "log/checkpoint").read_bytes()
    portal.publish(rows)
    for _ in range(2):
        done, report = step(portal, folder)
        assert report.exit_status == 1
        assert set(said(report)) == {code}
        assert done == Followed(700, 700)
    (kept,) = folder.glob("refused-*")
    assert (kept / "checkpoint").read_bytes() == portal.file("checkpoint").read_bytes()
    assert (folder / "log/checkpoint").read_bytes() == before
    assert audit(lambda: locate_folder(folder), Kept((LOG.vkey,)), NOW).holds


@pytest.mark.long
def test_another_key_is_refused(portal, tmp_path):
    """With a copy it convicts, without one nothing can be said."""
    folder = tmp_path / "mirror"
    portal.publish(HONEST, OTHER, pq=False)
    assert told(step(portal, folder)[1]) == {"other-key"}
    portal.publish(HONEST)
    step(portal, folder)
    portal.publish(HONEST, OTHER, pq=False)
    assert set(said(step(portal, folder)[1])) == {"key-changed"}


@pytest.mark.long
def test_a_withheld_bundle_changes_nothing(portal, tmp_path):
    """Half of a publication is none."""
    folder = tmp_path / "mirror"
    portal.publish(entries_of(300))
    step(portal, folder)
    portal.publish(HONEST)
    portal.statuses["log/tile/entries/001"] = 404
    done, report = step(portal, folder)
    assert set(said(report)) == {"withheld"}
    assert done == Followed(300, 300)
    del portal.statuses["log/tile/entries/001"]
    assert step(portal, folder)[0] == Followed(300, 700)


@pytest.mark.long
def test_a_break_in_the_middle_is_gone_over(portal, tmp_path):
    """What a killed process left beside is thrown away."""
    folder = tmp_path / "mirror"
    portal.publish(entries_of(300))
    step(portal, folder)
    junk = folder / ".incoming/tile/0/000"
    junk.parent.mkdir(parents=True)
    junk.write_bytes(b"junk")
    portal.publish(HONEST)
    assert step(portal, folder)[0] == Followed(300, 700)
    assert same_files(portal, folder)


@pytest.mark.long
def test_a_damaged_copy_is_not_believed(portal, tmp_path):
    """Its own checkpoint must be the log's."""
    folder = tmp_path / "mirror"
    step(portal, folder)
    path = folder / "log/checkpoint"
    path.write_text(path.read_text().replace("700", "701"))
    assert told(step(portal, folder)[1]) == {"bad-state"}


@pytest.mark.long
def test_the_command(portal, tmp_path):
    """With a key, with a policy, with neither; in words and for programs."""
    folder = tmp_path / "mirror"

    def run(*words: object) -> Any:
        return CliRunner().invoke(main, ["mirror", portal.address, str(folder), *map(str, words), "--lang", "en"])

    assert run().exit_code == 2
    assert run("--key", "nonsense").exit_code == 2
    policy = tmp_path / "policy"
    policy.write_text(f"log {LOG.vkey}\nquorum none\n")
    done = run("--policy", policy)
    assert done.exit_code == 0, done.output
    assert "700 entries are in" in done.output
    assert json.loads(run("--key", LOG.vkey, "--json").output) == {
        "ok": True,
        "before": 700,
        "size": 700,
        "findings": [],
        "obstacles": [],
    }
    portal.publish(HONEST[:3])
    done = run("--key", LOG.vkey)
    assert done.exit_code == 1
    assert "tail-cut" in done.output
    gone = CliRunner().invoke(main, ["mirror", str(tmp_path / "nowhere"), str(folder), "--key", LOG.vkey])
    assert gone.exit_code == 2
