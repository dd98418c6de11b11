"""What is sealed: one size for identities, statements apart, files streamed, nothing of the originals outside."""

import base64
import json
from typing import Any

import pytest

from app.domain import filing
from app.domain.errors import FilingError
from app.domain.filing.manifest import MAX_INLINE, MAX_INLINE_PART, MAX_PART
from app.domain.filing.parts import PartStore, PartWriter
from app.domain.petition import load
from crypto.age import hybrid_recipient, read_header
from crypto.digest import sha256_hex
from crypto.framing import FrameKind, Head, unframe
from crypto.keys import case_keys, holder_commitment, status_hash
from crypto.opening import HybridIdentity, open_bytes
from crypto.secret import SecretBytes
from tests.domain.cases import PORTAL, ROOT, Counter, Filed, file, settle
from tests.domain.petitions import with_lines

SMALL = "{name: {given: Wendolin, surname1: Arce}}"
WITNESSES = (
    "witnesses:",
    "  - {id: W1, name: {given: Wendolin, surname1: Arce}, statement: Lo vi todo.}",
    f"  - {{id: W2, name: Ulises Pardo Quiroz, relation: {'muy ' * 2000}, identifiers: {{curp: X}}}}",
)


def objects(filed: Filed, kind: FrameKind) -> list[dict[str, Any]]:
    return [json.loads(body) for body in filed.opened(kind)]


def test_identities_have_one_size_and_a_slip_key_each():
    """A short and a long identity cannot be told apart, and each holds a slip key of its own from the first version."""
    filed = file(with_lines(*WITNESSES))
    assert len({entry["size"] for entry in filed.entries(FrameKind.IDENTITY)}) == 1
    bodies = objects(filed, FrameKind.IDENTITY)
    assert {body["id"] for body in bodies} == {"W1", "W2"}
    assert {len(base64.b64decode(body["slip_key"])) for body in bodies} == {32}
    assert len({body["slip_key"] for body in bodies}) == 2
    assert {body["label"] for body in bodies} == {"[TESTIGO-01]", "[TESTIGO-02]"}
    assert not any("statement" in body for body in bodies)


def test_statements_are_sealed_apart():
    """Whoever may open a story need not learn the name."""
    filed = file(with_lines(*WITNESSES))
    (statement,) = objects(filed, FrameKind.STATEMENT)
    assert statement["statement"] == "Lo vi todo."
    assert "Wendolin" not in json.dumps(statement)
    assert statement["identity"] in {entry["record"] for entry in filed.entries(FrameKind.IDENTITY)}


def test_identity_beyond_16_kib_is_refused_by_field():
    """What does not fit is refused, naming the longest field; nothing is cut."""
    lines = ("witnesses:", f"  - {SMALL}", f"  - {{name: X, relation: '{'muy ' * 5000}'}}")
    with pytest.raises(FilingError) as caught:
        file(with_lines(*lines))
    assert (caught.value.code, caught.value.field) == ("identity_too_large", "witnesses[1].relation")
    assert "16 KiB" in caught.value.text("en")


def test_originals_hold_all_texts_and_no_identity():
    """Every text as written and every sealed field is in the originals; identities and local paths are not."""
    lines = (
        *WITNESSES,
        "petitioners: [{id: P1, name: Pilar Rentería Solís, type: person, key_custodian: su hermana}]",
        "evidence: [{id: E1, title: Foto de Wendolin Arce, sha256: abc, file: /home/yo/carta.jpg}]",
        "synthetic: true",
        "fixture: {a: b}",
    )
    source = filing.MemoryFile("carta.jpg", b"x")
    filed = file(with_lines(*lines), files={"evidence[0]": source})
    (originals,) = objects(filed, FrameKind.ORIGINALS)
    petition = originals["petition"]
    assert petition["petitioners"][0]["name"]["full"] == "Pilar Rentería Solís"
    assert petition["petitioners"][0]["key_custodian"] == "su hermana"
    assert petition["evidence"] == [{"id": "E1", "title": "Foto de Wendolin Arce", "sha256": "abc"}]
    assert [entry["id"] for entry in petition["witnesses"]] == ["W1", "W2"]
    assert not {"synthetic", "fixture"} & set(petition)
    assert originals["surrogates"]["witnesses[0]"].startswith("[TESTIGO-")
    assert "Ulises" not in json.dumps(originals)


def test_case_key_goes_to_all_holders_and_opens_the_rest():
    """Each holder opens the case key alone; in it are the case identity, the log key, the roster, the founding text."""
    other = SecretBytes(b"\x07" * 32)
    filed = file(with_lines(*WITNESSES), holders=(str(hybrid_recipient(other)),))
    (entry,) = filed.entries(FrameKind.CASE_KEY)
    place = Head(PORTAL, filed.prepared.case, FrameKind.CASE_KEY, entry["record"], 1)
    opened = [
        json.loads(unframe(open_bytes(filed.ciphertext(entry), [HybridIdentity(seed)]), place))
        for seed in (other, filed.prepared.filer.seed)
    ]
    assert opened[0] == opened[1]
    identity = HybridIdentity.parse(SecretBytes(opened[0]["case_identity"].encode()))
    assert str(identity.recipient) == filed.prepared.case_keys.recipient
    assert base64.b64decode(opened[0]["case_log_key"]) == filed.prepared.case_log_key.reveal()
    assert opened[0]["genesis"] == filed.submission.genesis
    commitments = [
        base64.b64encode(holder_commitment(base64.b64decode(one["salt"]), one["recipient"])).decode()
        for one in opened[0]["roster"]
    ]
    assert commitments == filed.manifest()["roster"]
    assert sorted(one["label"] for one in opened[0]["roster"]) == ["filer", "holder", *["unused"] * 6]


def test_every_object_is_for_the_case_key_alone():
    """Nothing but the case key is sealed to people: a holder who leaves takes no stanza along."""
    filed = file(with_lines(*WITNESSES))
    for entry in filed.manifest()["objects"]:
        header, _ = read_header(__import__("io").BytesIO(filed.ciphertext(entry)))
        assert len(header.stanzas) == (8 if entry["kind"] == FrameKind.CASE_KEY else 1)


def test_manifest_names_keys_hashes_and_nothing_of_originals():
    """The manifest holds hashes of ciphertexts and of the record; the status code only as a hash."""
    filed = file(with_lines(*WITNESSES))
    manifest = filed.manifest()
    keys = case_keys(filed.prepared.case_seed)
    assert manifest["recipient"] == keys.recipient
    assert manifest["status"] == status_hash(filed.prepared.status_code) == filed.submission.status_hash
    assert manifest["record"] == sha256_hex(filed.submission.record.encode())
    assert manifest["review"]["careful"] is True
    assert (manifest["epoch"], manifest["version"], manifest["previous"]) == (1, 1, "")
    assert filed.submission.manifest_sha256 == sha256_hex(filed.submission.manifest.encode())
    for entry in manifest["objects"]:
        data = filed.ciphertext(entry)
        assert (len(data), sha256_hex(data)) == (entry["size"], entry["sha256"])


def test_object_is_cut_at_the_size_of_a_part():
    """An object of exactly two parts has two; one byte more begins a third."""
    for size, count in ((2 * MAX_PART, 2), (2 * MAX_PART + 1, 3)):
        store = PartStore(lambda _name, _data: None)
        writer = PartWriter(store)
        writer.write(bytes(size))
        assert len(writer.finish("file", "0" * 16).parts) == count


class LargeFile:
    """A file that exists only while it is read, and remembers how much was asked for at once."""

    name = "lectura en el comedor.wav"

    def __init__(self, size: int, says: int | None = None) -> None:
        self.size = says or size
        self.real = size
        self.largest_read = 0

    def open(self) -> "LargeFile":
        self.left = self.real
        return self

    def read(self, size: int, /) -> bytes:
        self.largest_read = max(self.largest_read, size)
        data = b"\xa7" * min(size, self.left)
        self.left -= len(data)
        return data


EVIDENCE = "evidence: [{id: E1, title: Lectura, file: lectura.wav}]"


def test_large_file_is_streamed_in_parts():
    """A file passes in small reads; its parts of 4 MiB leave as they are made, and open again to the same bytes."""
    source = LargeFile(9 * 1024 * 1024)
    filed = file(with_lines(EVIDENCE), files={"evidence[0]": source})
    assert source.largest_read <= 64 * 1024
    assert {len(data) <= MAX_PART for data in filed.uploads.values()} == {True}
    (entry,) = filed.entries(FrameKind.FILE)
    assert len(entry["parts"]) == 5  # 16 MiB of padded content
    assert filed.submission.upload == filed.prepared.upload
    assert filed.opened(FrameKind.FILE) == [b"\xa7" * source.real]
    (index,) = objects(filed, FrameKind.FILE_INDEX)
    (line,) = index["files"]
    assert line["name"] == source.name
    assert line["sha256"] == sha256_hex(b"\xa7" * source.real)
    assert (line["record"], line["evidence"], line["size"]) == (entry["record"], "E1", source.real)


def test_small_filing_travels_in_one_call():
    """Without large files nothing is uploaded beforehand, and there is no upload id."""
    filed = file(with_lines(*WITNESSES))
    assert filed.submission.upload is None
    assert not filed.uploads
    assert all(len(data) <= MAX_INLINE_PART for data in filed.submission.parts.values())


def test_many_small_parts_spill_over():
    """What does not fit into 4 MiB inside the call goes to the sink."""
    lines = ("witnesses:", *(f"  - {{name: {{given: Wendolin, surname1: Arce{n}}}}}" for n in range(300)))
    filed = file(with_lines(*lines))
    assert sum(map(len, filed.submission.parts.values())) <= MAX_INLINE
    assert filed.uploads
    assert filed.admit().uploaded == set(filed.uploads)


def test_call_without_uploads_refuses_large_parts():
    """Assisted intake that has no sink says so instead of losing a part."""
    petition = load(with_lines(EVIDENCE)).petition
    prepared = filing.prepare(PORTAL, ROOT, [], Counter())
    with pytest.raises(ValueError, match="too large"):
        filing.seal(prepared, settle(petition), {"evidence[0]": LargeFile(2**20)}, filing.no_sink, Counter())


@pytest.mark.parametrize("says", [2**20 - 1, 2**20 + 1])
def test_file_that_changes_while_it_is_sealed_is_refused(says):
    """A file that grows or shrinks meanwhile is not filed half."""
    with pytest.raises(FilingError) as caught:
        file(with_lines(EVIDENCE), files={"evidence[0]": LargeFile(2**20, says)})
    assert (caught.value.code, caught.value.field) == ("file_changed", "evidence[0]")


@pytest.mark.parametrize(
    "files", [{}, {"evidence[0]": filing.MemoryFile("a", b""), "evidence[1]": filing.MemoryFile("b", b"")}]
)
def test_files_must_be_those_that_the_petition_names(files):
    """A file that is named and missing, or given and not named, stops the filing."""
    with pytest.raises(FilingError) as caught:
        file(with_lines(EVIDENCE), files=files)
    assert caught.value.code == "file_missing"


def test_too_many_files_are_refused(monkeypatch):
    """The number of files has a limit that is said."""
    monkeypatch.setattr("app.domain.filing.sealing.MAX_FILES", 0)
    with pytest.raises(FilingError) as caught:
        file(with_lines(EVIDENCE), files={"evidence[0]": filing.MemoryFile("a", b"a")})
    assert caught.value.code == "too_many_files"


def test_evidence_without_a_mark_is_indexed_by_its_place():
    """A file of an entry without a mark is found by its place in the list."""
    filed = file(with_lines("evidence: [{file: a.txt}]"), files={"evidence[0]": filing.MemoryFile("a.txt", b"a")})
    (index,) = objects(filed, FrameKind.FILE_INDEX)
    assert (index["files"][0]["evidence"], index["files"][0]["title"]) == ("evidence[0]", "")


def test_submission_does_not_show_its_secrets():
    """What is printed by mistake shows no key and no part."""
    filed = file(with_lines(*WITNESSES))
    shown = repr(filed.submission) + repr(filed.prepared)
    assert filed.prepared.status_code not in shown
    assert base64.b64encode(filed.prepared.case_log_key.reveal()).decode() not in shown
