"""Signed notes: the specification's vector, and every way to say something that nobody signed."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import note
from crypto.errors import BadSignatureError, NoteError, UnknownSignerError
from crypto.note import NoteSigner, NoteVerifier, SignatureLine
from crypto.secret import SecretBytes

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
TEXT = "This is an example message.\n"
LINE = (
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
VECTOR = f"{TEXT}\n{LINE}"


def signer(name: str = "portal.example/filer", seed: bytes = b"s") -> NoteSigner:
    return NoteSigner(name, SecretBytes(seed * 32))


def test_the_vector_of_the_specification_verifies():
    """c2sp.org/signed-note: the example note under its verifier key."""
    verified = note.verify(VECTOR, [NoteVerifier.parse(VKEY)])
    assert verified.text == TEXT
    assert verified.names == ("example.com/foo",)
    assert verified.key_ids == (bytes.fromhex("530d903a"),)


def test_a_verifier_key_is_read_and_written_unchanged():
    """vkey → verifier → vkey is the identity."""
    assert NoteVerifier.parse(VKEY).vkey == VKEY


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_what_was_signed_is_what_is_returned(text):
    """verify ∘ sign is the identity on texts."""
    by = signer()
    assert note.verify(note.sign(text + "\n", [by]), [by.verifier()]).text == text + "\n"


@given(st.integers(0, len(VECTOR.encode()) - 1), st.integers(1, 255))
def test_any_one_byte_change_is_refused(place, change):
    """A changed byte never leaves a note that verifies."""
    data = bytearray(VECTOR.encode())
    data[place] ^= change
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(NoteError):
        note.verify(text, [NoteVerifier.parse(VKEY)])


def test_unknown_signatures_are_ignored():
    """Sixteen signatures of which one is known: accepted."""
    others = [signer(f"other.example/{n}", bytes([n])) for n in range(15)]
    signed = note.sign(TEXT, [*others, signer()])
    assert note.verify(signed, [signer().verifier()]).names == ("portal.example/filer",)


def test_a_name_alone_or_an_id_alone_does_not_make_a_key_known():
    """A line that shares only the name, or only the id, with a known key is ignored."""
    by = signer()
    same_name = SignatureLine(by.name, b"\0\0\0\0", b"x" * 64)
    same_id = SignatureLine("other.example", by.key_id, b"x" * 64)
    good = SignatureLine(by.name, by.key_id, by.sign(TEXT.encode()))
    assert note.verify(note.assemble(TEXT, [same_name, same_id, good]), [by.verifier()]).names == (by.name,)
    with pytest.raises(UnknownSignerError):
        note.verify(note.assemble(TEXT, [same_name, same_id]), [by.verifier()])


def test_a_known_key_that_fails_rejects_the_note_although_another_fits():
    """Known and bad is worse than absent."""
    first, second = signer(), signer("portal.example/case", b"t")
    bad = SignatureLine(second.name, second.key_id, b"x" * 64)
    signed = note.assemble(TEXT, [SignatureLine(first.name, first.key_id, first.sign(TEXT.encode())), bad])
    assert note.verify(signed, [first.verifier()]).text == TEXT
    with pytest.raises(BadSignatureError):
        note.verify(signed, [first.verifier(), second.verifier()])


def test_a_second_line_of_the_same_key_is_checked_as_well():
    """A good signature does not cover for a bad one by the same key; two good ones count once."""
    by = signer()
    good = SignatureLine(by.name, by.key_id, by.sign(TEXT.encode()))
    bad = SignatureLine(by.name, by.key_id, b"x" * 64)
    assert note.verify(note.assemble(TEXT, [good, good]), [by.verifier()]).names == (by.name,)
    with pytest.raises(BadSignatureError):
        note.verify(note.assemble(TEXT, [good, bad]), [by.verifier()])


def test_the_last_empty_line_separates_text_from_signatures():
    """A text may hold empty lines, and something that looks like signatures."""
    by = signer()
    text = f"{TEXT}\n{LINE}\n{LINE}"
    assert note.verify(note.sign(text, [by]), [by.verifier()]).text == text


def test_a_note_without_known_signers_is_refused():
    """No verifiers: nobody's note."""
    with pytest.raises(UnknownSignerError):
        note.verify(VECTOR, [])


def test_more_signatures_than_the_limit_are_refused_before_any_is_checked():
    """Work is bounded."""
    with pytest.raises(NoteError, match="too many"):
        note.split(TEXT + "\n" + LINE * (note.MAX_SIGNATURES + 1))


def test_a_note_above_the_limit_is_refused():
    """Memory is bounded."""
    with pytest.raises(NoteError, match="too long"):
        note.split("a" * note.MAX_NOTE_SIZE + "\n\n" + LINE)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        TEXT,
        TEXT + LINE,
        TEXT + "\n" + LINE.removesuffix("\n"),
        TEXT + "\n\n",
        f"{TEXT}\n{LINE}\nrest\n",
        f"{TEXT}\n{LINE.replace('— ', '- ')}",
        f"{TEXT}\n— example.com/foo\n",
        f"{TEXT}\n— example.com/foo \n",
        f"{TEXT}\n—  Uw2QOkn8\n",
        f"{TEXT}\n— a+b Uw2QOkn8\n",
        f"{TEXT}\n— a\u00a0b Uw2QOkn8\n",
        f"{TEXT}\n— example.com/foo Uw2QOg==\n",
        f"{TEXT}\n— example.com/foo Uw2QOkn8==\n",
        f"{TEXT}\n— example.com/foo Uw2QOl==\n",
        f"{TEXT}\n— example.com/foo Uw2QO*n8\n",
        f"a\tb\n\n{LINE}",
        f"a\r\n\n{LINE}",
        f"a\ud800\n\n{LINE}",
    ],
)
def test_malformed_notes_are_refused(broken):
    """Anything that is not text, empty line, signature lines."""
    with pytest.raises(NoteError):
        note.split(broken)


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n", "nul\0\n", "half \ud800\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text):
    """The signer refuses what the verifier would."""
    with pytest.raises(NoteError):
        note.sign(text, [signer()])


def test_a_note_needs_a_signature():
    """No signers, no note."""
    with pytest.raises(NoteError):
        note.sign(TEXT, [])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "a" * 256, "\ud800"])
def test_key_names_that_break_the_line_are_refused(name):
    """A name is one word without a plus."""
    with pytest.raises(NoteError):
        signer(name)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "example.com/foo",
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("530d903a", "530D903A"),
        VKEY.replace("example.com/foo", "example.com/fox"),
        VKEY[:-1],
        VKEY + "=",
        "example.com/foo+00000000+AQ==",
        note.encode_vkey("a.example", 4, b"k" * 32),
        note.encode_vkey("a.example", 1, b"k" * 31),
        "a b+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_malformed_or_foreign_verifier_keys_are_refused(vkey):
    """The id must fit; other types are not Ed25519 notes."""
    with pytest.raises(NoteError):
        NoteVerifier.parse(vkey)


def test_a_public_key_that_is_no_point_refuses_every_signature():
    """A verifier made of nonsense verifies nothing, by the same error."""
    vkey = note.encode_vkey("a.example", 1, b"\xff" * 32)
    line = SignatureLine("a.example", note.key_id("a.example", 1, b"\xff" * 32), b"s" * 64)
    with pytest.raises(BadSignatureError):
        note.verify(note.assemble(TEXT, [line]), [NoteVerifier.parse(vkey)])


def test_base64_has_one_spelling():
    """Other spellings of the same bytes are refused."""
    assert note.strict_base64("YQ==") == b"a"
    for other in ("YR==", "YQ", "YQ=", " YQ==", "YQ==\n", "YQ-_"):
        with pytest.raises(ValueError, match="base64"):
            note.strict_base64(other)


def test_a_signer_does_not_show_its_key():
    """The seed is not in the signer's text."""
    seed = b"s" * 32
    shown = repr(vars(signer()))
    assert base64.b64encode(seed).decode() not in shown
    assert "ssss" not in shown
