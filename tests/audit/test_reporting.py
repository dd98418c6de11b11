"""A report is made again by another auditor, byte for byte, from a mirror; what was changed in it shows."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from app.cli import main
from crypto.log.checkpoint import parse_verifier
from crypto.log.commitments import Opening, verify_opening
from crypto.log.leaf import Leaf
from crypto.log.proof import LogProof
from tests.audit.offices import HOUR, Watched, watched_in


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """An office in which somebody read at night what was not theirs."""
    with watched_in(tmp_path, monkeypatch) as made:
        case, ana = made.case("Eva"), made.office.who("Ana")
        made.read("Eva", case)
        made.beside_the_log(lambda unit: unit.cases.assign(case, ana.id, 0))
        made.wait(15 * HOUR)
        made.read("Ana", case)
        yield made


def run(*arguments: str | Path, lang: str = "en") -> tuple[int, str, str]:
    """Run `resguardo audit`; return exit status, standard output and standard error."""
    result = CliRunner().invoke(main, ["audit", *map(str, arguments), "--lang", lang])
    return result.exit_code, result.stdout, result.stderr


def made(watched: Watched, lang: str = "en", name: str = "report") -> tuple[Path, Path]:
    """Write a report from everything; return its folder and the mirror."""
    openings, mirror = watched.kept_openings(), watched.mirror()
    given = ("--key", watched.vkey, "--openings", openings, "--report", watched.folder / name)
    status, out, err = run(mirror, *given, "--state", watched.folder / "state", lang=lang)
    assert status == 3, (out, err)
    return watched.folder / name, mirror


def test_another_auditor_makes_the_same_report_from_a_mirror(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another folder, language, time zone and day; the log has grown meanwhile; not a byte differs."""
    folder, _ = made(watched, "es")
    theirs = watched.folder / "elsewhere" / "copy"
    shutil.copytree(folder, theirs)
    watched.wait(40 * 24 * HOUR)
    watched.case("Ana")
    watched.publish()
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert run(watched.mirror(), "--reproduce", theirs, "--key", watched.vkey) == (
        0, "The same report, byte for byte.\n", ""
    )  # fmt: skip
    assert '<html lang="es">' in (theirs / "report.html").read_text()
    status, _, err = run(watched.mirror(), "--reproduce", theirs)
    assert status == 0
    assert "--key" in err


@pytest.mark.long
def test_a_report_that_was_changed_is_another(watched: Watched) -> None:
    """A finding taken out of the page, a proof removed, a file added, an opening left out of the inputs."""
    folder, mirror = made(watched)
    page, proof = folder / "report.html", min(folder.glob("proofs/*"))
    kept = {path: path.read_bytes() for path in (page, proof, folder / "inputs" / "openings" / "0000.json")}
    page.write_bytes(kept[page].replace(b"Ana", b"Eva"))
    proof.unlink()
    (folder / "report.txt").write_text("All is well.")
    status, out, _ = run(mirror, "--reproduce", folder, "--key", watched.vkey, "--json")
    assert status == 1
    assert json.loads(out)["differing"] == [proof.relative_to(folder).as_posix(), "report.html", "report.txt"]
    (folder / "report.txt").unlink()
    for path, data in kept.items():
        path.write_bytes(data)
    openings = folder / "inputs" / "openings" / "0000.json"
    fewer = json.loads(openings.read_text())
    del fewer["openings"][-1]
    openings.write_text(json.dumps(fewer))
    status, out, _ = run(mirror, "--reproduce", folder, "--key", watched.vkey)
    assert status == 1
    assert "report.json" in out


@pytest.mark.long
def test_proofs_of_a_report_stand_alone(watched: Watched) -> None:
    """Each entry that a finding names: its place in the log and its opening, checked from one file."""
    folder, _ = made(watched)
    report = json.loads((folder / "report.json").read_text())
    named = {index for _, entries, _ in report["acts"] for index in entries}
    assert [rule for rule, _, _ in report["acts"]] == ["odd-hours", "unassigned-read"]
    verifier = parse_verifier(watched.vkey)
    for index in named:
        proof = LogProof.parse((folder / "proofs" / f"entry-{index}.tlog-proof").read_text())
        told = json.loads(proof.extra or b"")
        leaf = base64.b64decode(told["leaf"])
        proof.verify(leaf, verifier.name, [verifier])
        shown = verify_opening(Opening.from_json(told["opening"]), Leaf.from_bytes(leaf).commitment)
        assert (shown["actor"], shown["kind"]) == ("Ana", "record_read")


@pytest.mark.long
@pytest.mark.parametrize("lang", ["es", "en", "fr"])
def test_page_and_document_say_the_same(watched: Watched, lang: str) -> None:
    """Both name the reader and every rule; the PDF is tagged and searchable."""
    folder, _ = made(watched, lang)
    page = (folder / "report.html").read_text()
    document = PdfReader(folder / "report.pdf")
    text = " ".join(" ".join(each.extract_text() for each in document.pages).split())
    root = document.root_object
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]) == lang
    for word in ("Ana", "[odd-hours]", "[unassigned-read]", "2026-11-19 03:00"):
        assert word in page
        assert word in text
    assert "<script" not in page


@pytest.mark.long
def test_a_report_is_not_written_over_another(watched: Watched) -> None:
    """A folder with something in it stays as it is; a report under another key than the one given is refused."""
    folder, mirror = made(watched)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert run(mirror, "--key", watched.vkey, "--report", folder)[0] == 2
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert run(mirror, "--reproduce", folder, "--key", "other.example/log+00000000+AQ==")[0] == 2
    assert run(mirror, "--reproduce", mirror, "--key", watched.vkey)[0] == 2
