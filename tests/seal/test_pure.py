"""The pure modules against their Python twins: the same answers, and the same refusals."""

from __future__ import annotations

import base64
import io
import json
import os
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.client.cleaning.drawing import encoded
from app.domain.pages import DOCUMENT
from crypto import phrase
from crypto.age import ScryptRecipient, armor, hybrid_recipient, seal
from crypto.errors import KeyTextError, NoteError, PhraseError
from crypto.framing import IDENTITY_SIZE, FrameKind, Head, frame, padded_size
from crypto.keys import normalise_status_code, status_hash
from crypto.log.commitments import FIELDS, case_tag, commit, open_fields
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.merkle import EMPTY_ROOT, CompactRange, inclusion_proof, leaf_hash, range_hash
from crypto.note import NoteSigner, NoteType, open_typed, sign_typed
from crypto.secret import SecretBytes
from tests.seal.modules import Refused, call, data, one, result, run

pytestmark = pytest.mark.node
PLACE: dict[str, Any] = {
    "portal": "portal.invalid",
    "case": "a" * 26,
    "kind": "statement",
    "record": "0" * 16,
    "epoch": 1,
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: abs(value) < 2**53)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(JSON, min_size=6, max_size=9))
def test_canonical_json_is_the_same(values: list[object]) -> None:
    """RFC 8785: numbers, strings and the order of names, whatever they are."""
    found = run(*(call("canonical.js", "canonical", {"v": value}) for value in values))
    assert found == [rfc8785.dumps({"v": value}).decode() for value in values]  # type: ignore[dict-item]  # plain JSON


@pytest.mark.parametrize(
    "text",
    ['{"a":1,"a":2}', '{"b":1,"a":2}', '{ "a":1}', '{"a":1.0}', '{"a":9007199254740993}', '{"a":1e400}',
     '{"a":"\\u0041"}', "[1]", "null", '{"a":"\\ud800"}', "", '{"a":-0}', '{"a":1}\n'],
)  # fmt: skip
def test_what_is_not_canonical_is_refused(text: str) -> None:
    """Another spelling of a signed text is another text."""
    refused = one("canonical.js", "parseCanonical", text)
    assert isinstance(refused, Refused)
    assert refused.code == "canonical"


def test_words_are_the_same_and_read_the_same() -> None:
    """Three languages, written and read; accents, case, numbering and all but four letters do not count."""
    roots = [os.urandom(16) for _ in range(8)] + [bytes(16), b"\xff" * 16]
    written = run(
        *(call("phrase.js", "words", data(root), language) for root in roots for language in phrase.LANGUAGES)
    )
    expected = [phrase.words(SecretBytes(root), language) for root in roots for language in phrase.LANGUAGES]
    assert written == expected
    typed = [" ".join(f"{at}. {word}" for at, word in enumerate(words, 1)) for words in expected]
    typed += [text.upper() for text in typed]
    typed += ["".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)) for text in typed]
    typed += [" ".join(word[:4] for word in words) for words in expected]
    assert run(*(call("phrase.js", "root", text) for text in typed)) == [_root(text) for text in typed]


def _root(text: str) -> bytes | Refused:
    try:
        return phrase.root(text).reveal()
    except PhraseError as error:
        return Refused(f"words_{error.reason}", "WordsError", {})


def test_wrong_words_are_refused_alike() -> None:
    """A word too few, one wrong, two swapped: the same finding at the same place, near words the same."""
    words = phrase.words(SecretBytes(bytes(range(16))), "es")
    few, wrong, swapped = words[:-1], [*words[:5], "zapatoo", *words[6:]], [words[1], words[0], *words[2:]]
    for case in (few, wrong, ["qqqq", *words[1:]], swapped):
        found = one("phrase.js", "root", " ".join(case))
        with pytest.raises(PhraseError) as ours:
            phrase.root(" ".join(case))
        expected = ours.value
        assert found.code in {f"words_{expected.reason}", "words_unknown" if expected.reason == "word" else ""}
        if expected.reason == "word":
            assert found.details["position"] == expected.position
            assert tuple(found.details["suggestions"]) == expected.suggestions


@pytest.mark.parametrize(
    "text", ["abcd-efgh-ijkl-mnop-qrst-uvwx", " ABCD EFGH 1jkl 0nop qr8t_uvwx ", "abc", "ñ" * 24, "9" * 24]
)
def test_status_codes_read_the_same(text: str) -> None:
    """The same normal form and hash, or refused by both."""
    found = one("keys.js", "normaliseStatusCode", text)
    try:
        expected = normalise_status_code(text)
    except KeyTextError:
        assert isinstance(found, Refused)
        return
    assert found == expected
    assert one("keys.js", "statusHash", text) == status_hash(expected)


def test_frames_are_the_same() -> None:
    """Heads, sizes and zeros, byte for byte; a body that does not fit is refused."""
    head = Head(**PLACE)
    lengths = [0, 1, 4096, 4097, 2**20, 8 * 2**20, 8 * 2**20 + 1, 20 * 2**20]
    assert run(*(call("framing.js", "paddedSize", length) for length in lengths)) == [padded_size(n) for n in lengths]
    assert one("framing.js", "frame", PLACE, data("año".encode())) == frame(head, "año".encode())
    assert one("framing.js", "frame", PLACE, data(bytes(IDENTITY_SIZE)), IDENTITY_SIZE).code == "frame_full"


@pytest.mark.parametrize("kind", sorted(FrameKind))
def test_kinds_are_the_same(kind: str) -> None:
    """Every registered kind has a frame; an unknown one has none."""
    assert one("framing.js", "frame", {**PLACE, "kind": kind}, data(b"x")) == frame(
        Head(**{**PLACE, "kind": kind}), b"x"
    )
    assert isinstance(one("framing.js", "frame", {**PLACE, "kind": f"{kind}s"}, data(b"x")), Refused)


def test_frames_of_another_place_are_refused() -> None:
    """Another case, kind, mark, epoch or portal, another head, padding that is not zero, a body cut short."""
    good = frame(Head(**PLACE), b"body")
    places = [{**PLACE, "case": "b" * 26}, {**PLACE, "kind": "identity"}, {**PLACE, "record": "1" * 16},
              {**PLACE, "epoch": 2}, {**PLACE, "portal": "other.invalid"}]  # fmt: skip
    spaced = good.replace(b'{"case"', b'{ "case"', 1)
    hostile = [good[:-1] + b"\x01", spaced, good[:50], b"", b"\n" + good, good.replace(b'"len":4', b'"len":9999')]
    assert one("framing.js", "unframe", data(good), PLACE) == b"body"
    refused = run(
        *(call("framing.js", "unframe", data(good), place) for place in places),
        *(call("framing.js", "unframe", data(bad), PLACE) for bad in hostile),
    )
    assert {(item.kind, item.code) for item in refused} == {("TamperingError", "place")}


def test_notes_go_both_ways_and_hostile_ones_nowhere() -> None:
    """Ours open there, theirs here; another type, key, byte, spelling or body is refused as in Python."""
    seed = bytes(range(32))
    signer = NoteSigner("portal.invalid/filer", SecretBytes(seed))
    other = NoteSigner("portal.invalid/filer", SecretBytes(bytes(32)))
    note = sign_typed(NoteType.MANIFEST, {"v": 1, "name": "Ñandú"}, [signer])
    made = run(
        call("notes.js", "signer", "portal.invalid/filer", data(seed)),
        call("notes.js", "signTyped", NoteType.MANIFEST, {"v": 1, "name": "Ñandú"}, result(0)),
    )
    assert made[1] == note
    assert made[0]["vkey"] == signer.vkey
    assert open_typed(made[1], NoteType.MANIFEST, [signer.verifier()]) == {"v": 1, "name": "Ñandú"}
    two = note + note.split("\n\n")[1]
    forged = note.replace('"v":1', '"v":2')
    hostile = [
        (forged, "manifest"), (note, "receipt"), (note.replace("\u2014", "-"), "manifest"), (note[:-1], "manifest"),
        (sign_typed(NoteType.MANIFEST, {"v": 1}, [other]), "manifest"), (note.replace("=\n", "\n"), "manifest"),
        (note.replace("\n\n", "\n"), "manifest"), (two.replace(two[-10], "A"), "manifest"),
    ]  # fmt: skip
    for text, kind in hostile:
        with pytest.raises(NoteError):
            open_typed(text, NoteType(f"resguardo/{kind}/v1"), [signer.verifier()])
    found = run(
        call("notes.js", "verifier", signer.vkey),
        call("notes.js", "openTyped", two, NoteType.MANIFEST, [result(0)]),
        *(call("notes.js", "openTyped", text, f"resguardo/{kind}/v1", [result(0)]) for text, kind in hostile),
    )
    assert found[1] == {"v": 1, "name": "Ñandú"}
    assert all(isinstance(item, Refused) for item in found[2:])


def test_inclusion_proofs_verify_iff_the_leaf_is_there() -> None:
    """Every leaf of trees of several sizes; no other leaf, index, root or shortened path."""
    calls, expected = [], []
    for size in (1, 2, 3, 7, 8, 13):
        leaves = [leaf_hash(bytes([number])) for number in range(size)]
        tree = CompactRange()
        for leaf in leaves:
            tree.append(leaf)
        nodes = {(0, at): leaf for at, leaf in enumerate(leaves)}

        def node(level: int, index: int, nodes: dict[tuple[int, int], bytes] = nodes) -> bytes:
            return (
                nodes[0, index] if not level else range_hash(index << level, (index + 1) << level, _lower(nodes, level))
            )

        for index in range(size):
            path = [data(step) for step in inclusion_proof(index, size, node)]
            right = (data(leaves[index]), index, size, path, data(tree.root()))
            wrong = [
                (data(EMPTY_ROOT), *right[1:]),
                (*right[:4], data(EMPTY_ROOT)),
                (*right[:1], index + 1, *right[2:]),
            ]
            wrong += [(*right[:3], path[:-1], right[4])] if path else []
            calls += [call("log/merkle.js", "verifyInclusion", *arguments) for arguments in (right, *wrong)]
            expected += [True] + [False] * len(wrong)
    assert [not isinstance(item, Refused) for item in run(*calls)] == expected


def _lower(nodes: dict[tuple[int, int], bytes], level: int) -> Callable[[int, int], bytes]:
    from crypto.log.merkle import node_hash

    def below(height: int, index: int) -> bytes:
        if height == 0:
            return nodes[0, index]
        return node_hash(below(height - 1, 2 * index), below(height - 1, 2 * index + 1))

    return below


def test_openings_fit_the_commitment_or_are_refused() -> None:
    """Shown and hidden fields lead to the leaf's commitment; a changed word, a field too many or too few does not."""
    key = SecretBytes(bytes(range(32)))
    fields = {name: f"ñ {name}" for name in FIELDS}
    leaf = Leaf(LeafKind.EVENT, 3600, b"c" * 32, b"s" * 32, commit(key, fields))
    opening = open_fields(key, fields, ["kind", "time"], index=7).to_json()
    parsed = one("log/leaf.js", "parseLeaf", data(leaf.to_bytes()))
    assert (parsed["commitment"], parsed["time"], parsed["caseTag"]) == (leaf.commitment, 3600, b"c" * 32)
    good = one("log/leaf.js", "verifyOpening", opening, data(leaf.commitment))
    assert good == {"index": 7, "fields": {"kind": "ñ kind", "time": "ñ time"}}
    said = json.loads(json.dumps(opening))
    said["fields"]["kind"][1] = "record_read"
    less = {**opening, "hidden": {name: value for name, value in opening["hidden"].items() if name != "actor"}}
    both = {**opening, "hidden": {**opening["hidden"], "kind": base64.b64encode(bytes(32)).decode()}}
    refused = run(
        *(call("log/leaf.js", "verifyOpening", item, data(leaf.commitment)) for item in (said, less, both, None))
    )
    assert all(isinstance(item, Refused) for item in refused)
    assert one("log/leaf.js", "caseTag", data(bytes(32)), 2**40 + 5) == case_tag(SecretBytes(bytes(32)), 2**40 + 5)


def test_key_files_go_both_ways() -> None:
    """A key file of the command line opens in the browser and the reverse; a wrong passphrase is told apart."""
    ours = armor(seal("doce ñ".encode(), [ScryptRecipient(SecretBytes("contraseña".encode()), 10)], random=os.urandom))
    found = run(
        call("age.js", "openWithPassphrase", ours, "contraseña"),
        call("age.js", "openWithPassphrase", ours, "otra"),
        call("age.js", "openWithPassphrase", ours.replace("A", "B"), "contraseña"),
        call("age.js", "sealWithPassphrase", "doce", "contraseña", 10),
        call("age.js", "openWithPassphrase", result(3), "contraseña"),
    )
    assert found[0] == "doce ñ"
    assert (found[1].code, found[2].kind, found[4]) == ("passphrase_wrong", "WordsError", "doce")


def test_classic_recipients_are_refused() -> None:
    """Law L10: a classic `age1…`, upper case, a mistyped or a cut key is no holder's key."""
    good = str(hybrid_recipient(SecretBytes(bytes(range(32)))))
    classic = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    bad = [classic, good.upper(), good[:-1], good[:-1] + ("q" if good[-1] != "q" else "p"), good + "q", ""]
    found = run(*(call("age.js", "checkRecipient", text) for text in (good, *bad)))
    assert found[0] == good
    assert all(isinstance(item, Refused) for item in found[1:])


def test_what_is_nearly_white_or_black_in_a_copy_is_white_or_black() -> None:
    """Law L6: letters a shade off their paper, or off the box below them, are no pixels of a page's copy either."""
    levels = Image.frombytes("L", (256, 1), bytes(range(256))).resize(DOCUMENT, Image.Resampling.NEAREST)
    with Image.open(io.BytesIO(encoded(levels))) as image:
        theirs = sorted({level for level, count in enumerate(image.histogram()) if count})
    assert sorted(set(one("../copies/form.js", "level", data(bytes(range(256)))))) == theirs
