"""What the portal lets in: each rule is tried by a client that breaks it, with everything else in order."""

import base64
import json

import pytest
import rfc8785

from app.domain.admission.objects import ObjectReader
from app.domain.errors import AdmissionError
from app.domain.filing import MemoryFile
from app.domain.filing.manifest import ObjectEntry
from crypto.age import HybridRecipient, ScryptRecipient, hybrid_recipient, seal
from crypto.digest import sha256_hex
from crypto.framing import IDENTITY_SIZE, FrameKind
from crypto.keys import genesis_text
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes
from tests.domain.cases import PORTAL, Counter, Filed, file, replaced
from tests.domain.petitions import with_lines

LINES = (
    "witnesses:",
    "  - {name: {given: Wendolin, surname1: Arce}, statement: Lo vi.}",
    "  - {name: {given: Ulises, surname1: Pardo}, statement: Lo oí.}",
    "evidence: [{id: E1, title: Lectura, file: lectura.wav}]",
)


@pytest.fixture(scope="module")
def filed() -> Filed:
    """Return one filed case with two witnesses and a file of several parts."""
    return file(with_lines(*LINES), files={"evidence[0]": MemoryFile("lectura.wav", b"\xa7" * (9 * 2**20))})


def refused(filed: Filed, body=None, portal: str = PORTAL) -> tuple[str, str]:
    with pytest.raises(AdmissionError) as caught:
        filed.admit(body, portal)
    assert caught.value.text("es")
    return caught.value.code, caught.value.field


def test_honest_filing_is_admitted(filed):
    """What the client built is let in whole."""
    admitted = filed.admit()
    assert admitted.case == filed.prepared.case
    assert admitted.manifest_sha256 == filed.submission.manifest_sha256
    assert admitted.record == filed.settled.record
    assert admitted.record_text == filed.submission.record
    assert admitted.case_log_key.reveal() == filed.prepared.case_log_key.reveal()
    assert admitted.uploaded == set(filed.uploads)
    assert dict(admitted.inline) == dict(filed.submission.parts)
    assert admitted.upload == filed.prepared.upload
    assert admitted.founding.portal == PORTAL


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"extra": 1}, "extra"),
        ({"genesis": None}, "genesis"),
        ({"genesis": "a" * 9000}, "genesis"),
        ({"manifest": 7}, "manifest"),
        ({"case_log_key": "AAAA"}, "case_log_key"),
        ({"case_log_key": "*" * 44}, "case_log_key"),
        ({"status_hash": "00"}, "status_hash"),
        ({"record": {}}, "record"),
        ({"record": '"\ud800"'}, "record"),
        ({"upload": "../../etc/passwd"}, "upload"),
        ({"parts": []}, "parts"),
        ({"parts": {"a": "not base64!"}}, "parts"),
    ],
)
def test_malformed_call_is_refused_by_field(filed, change, field):
    """Missing, extra and mistyped fields of the call are named."""
    assert refused(filed, {**filed.body(), **change}) == ("malformed", field)


def test_missing_field_is_refused(filed):
    """A call without a manifest is no filing."""
    body = filed.body()
    del body["manifest"]
    assert refused(filed, body) == ("malformed", "manifest")


@pytest.mark.parametrize("sizes", [[256 * 1024 + 1], [256 * 1024] * 17, [2 * 2**20] * 3])
def test_too_much_inside_the_call_is_refused(filed, sizes):
    """Parts inside the call are small, and few enough together."""
    parts = {f"{number:064x}": base64.b64encode(bytes(size)).decode() for number, size in enumerate(sizes)}
    assert refused(filed, {**filed.body(), "parts": parts}) == ("inline_size", "parts")


def test_foreign_portal_is_refused(filed):
    """A petition that was sealed for another portal is not taken in here."""
    assert refused(filed, portal="other.invalid") == ("foreign_portal", "genesis")
    assert refused(filed, filed.with_manifest(portal="other.invalid")) == ("foreign_portal", "manifest.portal")


def test_malformed_founding_text_is_refused(filed):
    """A founding text in another spelling, or with a key that is none, founds nothing."""
    assert refused(filed, {**filed.body(), "genesis": filed.submission.genesis + "\n"}) == ("genesis", "genesis")
    vkey = filed.prepared.filer_signer.vkey
    broken = vkey[:-4] + ("AAA=" if not vkey.endswith("AAA=") else "BBB=")
    founding = filed.submission.genesis.replace(vkey, broken)
    assert refused(filed, {**filed.body(), "genesis": founding})[0] == "genesis"


def test_case_of_somebody_else_cannot_be_taken(filed):
    """With another founding text the manifest does not fit: not its key, not its case."""
    nonce = b"\x01" * 32
    stranger = NoteSigner(f"{PORTAL}/filer", SecretBytes(b"\x09" * 32))
    theirs = genesis_text(PORTAL, stranger.vkey, filed.prepared.case_keys.recipient, nonce)
    assert refused(filed, {**filed.body(), "genesis": theirs}) == ("manifest_signature", "manifest")
    mine = genesis_text(PORTAL, filed.prepared.filer_signer.vkey, filed.prepared.case_keys.recipient, nonce)
    assert refused(filed, {**filed.body(), "genesis": mine}) == ("case_mismatch", "manifest.case")


def test_manifest_with_one_changed_letter_is_refused(filed):
    """What the filer did not sign is not believed."""
    changed = filed.submission.manifest.replace('"careful":true', '"careful":false')
    assert refused(filed, {**filed.body(), "manifest": changed}) == ("manifest_signature", "manifest")


def test_manifest_that_is_no_note_or_another_note_is_refused(filed):
    """Text that is no note, and a note of another type by the right key."""
    assert refused(filed, {**filed.body(), "manifest": "hello"}) == ("manifest_form", "manifest")
    other = sign_typed(NoteType.SIGN_IN, filed.manifest(), [filed.prepared.filer_signer])
    assert refused(filed, {**filed.body(), "manifest": other}) == ("manifest_form", "manifest")


OTHER_RECIPIENT = str(hybrid_recipient(SecretBytes(b"\x05" * 32)))


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"unknown": 1}, "manifest_field", "manifest.unknown"),
        ({"v": 2}, "manifest_field", "manifest.v"),
        ({"case": "a" * 26}, "case_mismatch", "manifest.case"),
        ({"recipient": OTHER_RECIPIENT}, "recipient_mismatch", "manifest.recipient"),
        ({"epoch": 2}, "first_version", "manifest.version"),
        ({"version": 2}, "first_version", "manifest.version"),
        ({"previous": "0" * 64}, "first_version", "manifest.version"),
        ({"signer": "x"}, "manifest_field", "manifest.signer"),
        ({"roster": []}, "roster", "manifest.roster"),
        ({"roster": ["A" * 43 + "="] * 8}, "roster", "manifest.roster"),
        ({"record": "0" * 64}, "record_hash", "record"),
        ({"objects": []}, "manifest_field", "manifest.objects"),
    ],
)
def test_dishonest_manifest_is_refused_by_field(filed, change, code, field):
    """A manifest that its owner signed and that does not hold together."""
    assert refused(filed, filed.with_manifest(**change)) == (code, field)


def test_keys_of_another_name_are_refused(filed):
    """A sign-in key named as a case signer would let one signature stand for the other."""
    assert refused(filed, filed.with_manifest(sign_in=filed.manifest()["signer"])) == (
        "manifest_field",
        "manifest.sign_in",
    )


def test_status_hash_must_be_the_signed_one(filed):
    """The code under which a case is asked for is the filer's choice, not the carrier's."""
    assert refused(filed, {**filed.body(), "status_hash": "0" * 64}) == ("status_mismatch", "status_hash")


def test_record_with_a_sealed_field_is_refused(filed):
    """A changed client cannot put witnesses into the record."""
    body = filed.with_record({**filed.settled.record, "witnesses": [{"name": "Wendolin"}]})
    assert refused(filed, body) == ("record_field", "witnesses")


def test_record_that_is_not_canonical_is_refused(filed):
    """Two spellings of one record would have two hashes."""
    assert refused(filed, filed.with_record(json.dumps(filed.settled.record))) == ("record_form", "record")


def test_identifier_in_a_free_text_is_refused_by_field_and_kind(filed):
    """The guard looks again at the door, and does not repeat what it found."""
    record = json.loads(rfc8785.dumps(dict(filed.settled.record)))
    record["facts"]["summary"] = "Su CURP es BOXW310820HNERXN09."
    with pytest.raises(AdmissionError) as caught:
        filed.admit(filed.with_record(record))
    assert (caught.value.code, caught.value.field) == ("record_guard", "facts.summary")
    assert "BOXW" not in caught.value.text("en") + repr(caught.value)


def of_kind(filed: Filed, kind: FrameKind):
    return filed.entries(kind)[0]


def test_objects_must_be_complete_and_known(filed):
    """One case key, one list of originals, one file index; no object of an unknown kind; no mark twice."""
    objects = filed.manifest()["objects"]
    without = [entry for entry in objects if entry["kind"] != "originals"]
    assert refused(filed, filed.with_manifest(objects=without))[0] in ("objects", "unused_part")
    odd = [{**entry, "kind": "poem"} if entry["kind"] == "file" else entry for entry in objects]
    assert refused(filed, filed.with_manifest(objects=odd)) == ("object_kind", "manifest.objects")
    same = [{**entry, "record": "0" * 16} for entry in objects]
    assert refused(filed, filed.with_manifest(objects=same)) == ("object_record", "manifest.objects")


def test_part_that_was_not_uploaded_is_refused(filed):
    """A filing is complete or not at all."""
    name = next(iter(filed.uploads))
    lost = Filed(filed.prepared, filed.settled, filed.sealed, filed.submission, {**filed.uploads})
    del lost.uploads[name]
    assert refused(lost)[0] == "missing_part"


def test_part_that_nobody_named_is_refused(filed):
    """Nothing is stored that no manifest names."""
    body = filed.body()
    body["parts"][sha256_hex(b"x")] = base64.b64encode(b"x").decode()
    assert refused(filed, body) == ("unused_part", "parts")


def test_part_named_twice_is_refused(filed):
    """One uploaded part named a thousand times would make a small call read gigabytes."""
    objects = filed.manifest()["objects"]
    for entry in objects:
        if entry["kind"] == "file":
            entry["parts"] += [entry["parts"][0]] * 1000
    assert refused(filed, filed.with_manifest(objects=objects)) == ("repeated_part", "manifest.objects")


def test_altered_part_is_refused(filed):
    """One changed byte of a sealed part is found, inside the call and among the uploads."""
    body = filed.body()
    name = of_kind(filed, FrameKind.IDENTITY)["parts"][0]
    data = bytearray(base64.b64decode(body["parts"][name]))
    data[-1] ^= 1
    body["parts"][name] = base64.b64encode(data).decode()
    assert refused(filed, body)[0] == "part_hash"
    uploads = {key: value[:-1] + bytes([value[-1] ^ 1]) for key, value in filed.uploads.items()}
    assert refused(Filed(filed.prepared, filed.settled, filed.sealed, filed.submission, uploads))[0] == "part_hash"


def test_empty_or_oversized_part_is_refused(filed):
    """A part has a size that the interface names."""
    for data in (b"", bytes(4 * 2**20 + 1)):
        uploads = dict.fromkeys(filed.uploads, data)
        assert refused(Filed(filed.prepared, filed.settled, filed.sealed, filed.submission, uploads))[0] == "part_size"


def test_reordered_parts_are_refused(filed):
    """Each part is itself, and together they are something else."""
    objects = filed.manifest()["objects"]
    for entry in objects:
        if entry["kind"] == "file":
            entry["parts"][1], entry["parts"][2] = entry["parts"][2], entry["parts"][1]
    assert refused(filed, filed.with_manifest(objects=objects))[0] == "object_hash"


def test_swapped_objects_are_refused(filed):
    """The case key in the place of an identity, and the reverse, is seen from outside; a swapped size too."""
    objects = filed.manifest()["objects"]
    kinds = {"case-key": "identity", "identity": "case-key"}
    one = next(entry["record"] for entry in objects if entry["kind"] == "identity")
    swapped = [
        {**entry, "kind": kinds[entry["kind"]]} if entry["record"] == one or entry["kind"] == "case-key" else entry
        for entry in objects
    ]
    assert refused(filed, filed.with_manifest(objects=swapped))[0] == "wrong_recipients"
    larger = [{**entry, "size": entry["size"] + 1} for entry in objects]
    assert refused(filed, filed.with_manifest(objects=larger))[0] == "object_hash"


def test_truncated_object_is_refused(filed):
    """A cut age file does not have a padded size; one cut in its header is none."""
    entry = of_kind(filed, FrameKind.STATEMENT)
    data = filed.ciphertext(entry)
    assert refused(filed, replaced(filed, entry, data[:-1]))[0] == "object_size"
    assert refused(filed, replaced(filed, entry, data[:500]))[0] == "not_sealed"
    assert refused(filed, replaced(filed, entry, data[:1700]))[0] == "object_size"


def case_recipient(filed: Filed) -> HybridRecipient:
    return HybridRecipient.parse(filed.prepared.case_keys.recipient)


def test_plaintext_is_not_stored_as_ciphertext(filed):
    """What only begins like a sealed file, or not at all, is refused."""
    entry = of_kind(filed, FrameKind.IDENTITY)
    for data in (b"Wendolin Arce", b"age-encryption.org/v1\n-> X25519 abc\n", b"age-encryption.org/v1\n" * 60_000):
        assert refused(filed, replaced(filed, entry, data[: 200 * 1024]))[0] == "not_sealed"


def test_passphrase_and_classic_recipients_are_refused(filed):
    """Sealed to a passphrase is as weak as the passphrase; a classic stanza is as weak as its curve."""
    entry = of_kind(filed, FrameKind.STATEMENT)
    sealed = seal(bytes(4096), [ScryptRecipient(SecretBytes(b"x"), 1)], random=Counter())
    assert refused(filed, replaced(filed, entry, sealed))[0] == "not_sealed"
    honest = seal(bytes(4096), [case_recipient(filed)], random=Counter())
    classic = honest.replace(b"-> mlkem768x25519 ", b"-> X25519 ")
    assert refused(filed, replaced(filed, entry, classic))[0] == "not_sealed"


def test_number_of_recipients_is_fixed(filed):
    """A case key for seven or nine, an identity for two: somebody was left out or let in."""
    recipients = [hybrid_recipient(SecretBytes(bytes([number]) * 32)) for number in range(1, 10)]
    for kind, count in ((FrameKind.CASE_KEY, 7), (FrameKind.CASE_KEY, 9), (FrameKind.STATEMENT, 2)):
        data = seal(bytes(4096), recipients[:count], random=Counter())
        assert refused(filed, replaced(filed, of_kind(filed, kind), data))[0] == "wrong_recipients"


@pytest.mark.parametrize("size", [0, 4096, IDENTITY_SIZE - 1, 2 * IDENTITY_SIZE])
def test_identity_of_another_size_is_refused(filed, size):
    """Every identity has the one size: another would tell whose story is longer."""
    data = seal(bytes(size), [case_recipient(filed)], random=Counter())
    assert refused(filed, replaced(filed, of_kind(filed, FrameKind.IDENTITY), data))[0] == "object_size"


@pytest.mark.parametrize("size", [0, 1, 4095, 5000, 100_000])
def test_object_that_is_not_padded_is_refused(filed, size):
    """Files and statements have padded sizes only."""
    data = seal(bytes(size), [case_recipient(filed)], random=Counter())
    assert refused(filed, replaced(filed, of_kind(filed, FrameKind.STATEMENT), data))[0] == "object_size"


@pytest.mark.parametrize("size", [4096, 65536, 131072])
def test_object_of_a_padded_size_is_admitted(filed, size):
    """Padded sizes at the borders of chunks are sizes."""
    data = seal(bytes(size), [case_recipient(filed)], random=Counter())
    assert filed.admit(replaced(filed, of_kind(filed, FrameKind.STATEMENT), data)).case == filed.prepared.case


def test_object_is_read_part_by_part():
    """The reader gives bytes of one part at a time, in order, and then none."""
    parts = {sha256_hex(data): data for data in (b"abc", b"de")}
    entry = ObjectEntry(kind="file", record="0" * 16, size=5, sha256="0" * 64, parts=list(parts))
    reader = ObjectReader(entry, {}, parts.get)
    assert [reader.read(2) for _ in range(4)] == [b"ab", b"c", b"de", b""]
    assert (reader.size, reader.sha256) == (5, sha256_hex(b"abcde"))


def test_object_of_one_part_has_the_hash_of_its_part():
    """It is not hashed a second time; a part that is another than its name is refused as any is."""
    name = sha256_hex(b"abc")
    entry = ObjectEntry(kind="file", record="0" * 16, size=3, sha256="0" * 64, parts=[name])
    reader = ObjectReader(entry, {name: b"abc"}, dict[str, bytes]().get)
    assert (reader.read(8), reader.read(8), reader.sha256) == (b"abc", b"", name)
    with pytest.raises(AdmissionError, match="part_hash"):
        ObjectReader(entry, {name: b"abd"}, dict[str, bytes]().get).read(8)
