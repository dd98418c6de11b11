"""The export with the real portal: two examples, three languages, no name in any of it for any reader."""

import contextlib
import json
import re
import shutil
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
import yaml

from app.domain.paths import leaves
from app.i18n import LANGUAGES
from crypto.log.checkpoint import Ed25519Cosigner
from crypto.secret import SecretBytes
from tests.conftest import EXAMPLES
from tests.portal import RunningPortal, resguardo

HASH = re.compile(r"[0-9a-f]{64}")
SHORTEST = 4
"""Letters below which a word of a sealed field is found everywhere by chance."""


def filed(portal: RunningPortal, folder: Path, name: str) -> Path:
    """File an example and return its case folder."""
    case = folder / f"case-{name}"
    done = resguardo("file", EXAMPLES / f"petition_example_{name}.yaml", "--portal", portal.url, "--out", case, "--yes")
    assert done.returncode == 0, done.stderr
    assert "of your evidence" not in done.stderr, "a heading over nothing: the examples bring no file"
    return case


def secrets_of(name: str) -> set[str]:
    """Return what must be nowhere: the strings that must be redacted, and every field of every witness."""
    petition = yaml.safe_load((EXAMPLES / f"petition_example_{name}.yaml").read_text())
    words = {entry["text"] for entry in petition["fixture"]["must_redact"]}
    for witness in petition["witnesses"]:
        hidden = {key: witness.get(key) for key in ("name", "aliases", "identifiers", "statement")}
        hidden["phone"] = (witness.get("contact") or {}).get("phone")
        words |= {str(value) for _, value in leaves(hidden)}
    words |= {entry["sha256"] for entry in petition["evidence"]}
    return {word for word in words if len(word) >= SHORTEST}


def readings(pdf: bytes) -> Iterator[str]:
    """Yield everything that independent readers find in a document: two libraries' text, properties, raw streams."""
    document = pypdfium2.PdfDocument(pdf)
    yield "\n".join(page.get_textpage().get_text_bounded() for page in document)
    yield json.dumps(document.get_metadata_dict())
    yield " ".join(entry.get_title() for entry in document.get_toc())
    reader = pypdf.PdfReader(BytesIO(pdf))
    yield "\n".join(page.extract_text() for page in reader.pages)
    yield str(reader.metadata)
    yield re.sub(rb"stream\r?\n.*?\r?\nendstream", b"", pdf, flags=re.DOTALL).decode("latin-1")
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        raw = found[1]
        with contextlib.suppress(zlib.error):
            raw = zlib.decompress(raw)
        yield raw.decode("latin-1")
        yield raw.decode("utf-16-be", "replace")


def places_kept(name: str) -> list[str]:
    """Return the streets and towns that stay readable though a witness is called like them (`Calle Hidalgo`)."""
    petition = yaml.safe_load((EXAMPLES / f"petition_example_{name}.yaml").read_text())
    return [r"\s*".join(map(re.escape, kept.split())) for kept in petition["fixture"]["must_keep"]]


def appears(word: str, text: str) -> bool:
    """Tell whether a word stands in a text as a word of its own, whatever the white space."""
    pattern = r"\s*".join(re.escape(part) for part in word.split())
    return re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", text) is not None


def export(case: Path, folder: Path, *more: str) -> tuple[bytes, bytes, dict[str, Any]]:
    """Export a case and return document, bundle and answer."""
    pdf, bundle = folder / "export.pdf", folder / "export.json"
    done = resguardo("export", "--case", case, "--out", pdf, "--bundle", bundle, "--json", *more)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return pdf.read_bytes(), bundle.read_bytes(), json.loads(done.stdout)


@pytest.mark.long
@pytest.mark.parametrize("name", ["es", "en"])
def test_no_reader_finds_a_name(shared_portal: RunningPortal, tmp_path: Path, name: str) -> None:
    """Whatever must be redacted, and whatever is sealed, is in no export, in any language, however it is read."""
    case = filed(shared_portal, tmp_path, name)
    hidden, kept = secrets_of(name), re.compile("|".join(places_kept(name)))
    assert len(hidden) > 20
    for language in LANGUAGES:
        pdf, bundle, told = export(case, tmp_path, "--lang", language, "--with-confidential")
        for text in [*readings(pdf), bundle.decode()]:
            assert [word for word in hidden if appears(word, kept.sub("", text))] == []
        hashes = set(HASH.findall(next(readings(pdf))))
        assert hashes == {told["record_sha256"], told["manifest_sha256"]}


def test_an_outside_body_verifies_what_it_was_sent(shared_portal: RunningPortal, tmp_path: Path) -> None:
    """PDF and bundle arrive by mail; the recipient has the log's key from elsewhere and no portal to ask."""
    case = filed(shared_portal, tmp_path, "es")
    pdf, bundle, told = export(case, tmp_path)
    key = shared_portal.api()["log_vkey"]
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.pdf").write_bytes(pdf)
    (outside / "b.json").write_bytes(bundle)
    offline = {"RESGUARDO_PROXY": "http://127.0.0.1:1"}
    done = resguardo(
        "verify", outside / "b.json", "--pdf", outside / "a.pdf", "--key", key, "--json", environment=offline
    )
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert (answer["ok"], answer["case"], answer["given"]) == (True, told["case"], [key])
    assert answer["left_out"] == told["left_out"] == ["trade.us_customers"]
    assert not answer["record_included"]
    assert b"Example Motors" not in pdf + bundle
    policy = outside / "log.policy"
    policy.write_text(f"log {key}\nquorum none\n")
    words = ("verify", outside / "b.json", "--policy", policy)
    done = resguardo(*words, "--log", shared_portal.url)
    assert done.returncode == 0, done.stderr
    union = Ed25519Cosigner("union.example/cosigner", SecretBytes(b"u" * 32)).vkey
    policy.write_text(f"log {key}\nwitness union {union}\nquorum union\n")
    assert json.loads(resguardo(*words, "--json").stdout)["error"]["code"] == "no_quorum"
    (outside / "a.pdf").write_bytes(pdf + b" ")
    done = resguardo("verify", outside / "b.json", "--pdf", outside / "a.pdf", "--key", key)
    assert done.returncode == 1
    assert "The PDF is not the one" in done.stderr


def test_the_same_export_twice_and_every_one_in_the_log(shared_portal: RunningPortal, tmp_path: Path) -> None:
    """The same case gives the same bytes; each making of it is a line of the history."""
    case = filed(shared_portal, tmp_path, "en")
    first, second = (export(case, tmp_path)[:2] for _ in range(2))
    assert first == second
    done = resguardo("history", "--case", case, "--json")
    kinds = [entry["kind"] for entry in json.loads(done.stdout)]
    assert kinds.count("record_read_by_holder") == 2


def test_a_folder_without_receipt_is_told_where_to_get_one(shared_portal: RunningPortal, tmp_path: Path) -> None:
    """A co-holder has case.json only: the message says what to copy, and nothing is written."""
    case = filed(shared_portal, tmp_path, "es")
    (case / "receipt.tlog-proof").unlink()
    done = resguardo("export", "--case", case, "--out", tmp_path / "x.pdf")
    assert done.returncode == 2
    assert "receipt.tlog-proof" in done.stderr
    assert not (tmp_path / "x.pdf").exists()


def test_one_name_for_both_files_is_refused(tmp_path: Path) -> None:
    """The bundle would overwrite the document."""
    same = tmp_path / "x.pdf"
    done = resguardo("export", "--case", tmp_path, "--out", same, "--bundle", same, "--json")
    assert json.loads(done.stdout)["error"]["code"] == "same_file"


def test_what_cannot_be_checked_is_told_apart_from_what_is_false(tmp_path: Path) -> None:
    """A missing file and an unreadable key leave with 2, another file with 1."""
    other = tmp_path / "other.json"
    shutil.copy(EXAMPLES / "petition_example_es.yaml", other)
    assert resguardo("verify", tmp_path / "none.json").returncode == 2
    assert resguardo("verify", other, "--key", "x").returncode == 2
    assert resguardo("verify", other).returncode == 1
