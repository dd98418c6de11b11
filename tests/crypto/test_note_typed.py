"""Typed notes: a signature made for one purpose is worth nothing for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import note
from crypto.errors import BadSignatureError, NoteError, NoteTypeError, UnknownSignerError
from crypto.note import NoteSigner, NoteType
from crypto.secret import SecretBytes

FILER = NoteSigner("portal.example/filer", SecretBytes(b"f" * 32))

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.sampled_from(NoteType), st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), values, max_size=4)
)
def test_a_body_comes_back_as_it_was_signed(kind, body):
    """open_typed ∘ sign_typed is the identity on bodies."""
    assert note.open_typed(note.sign_typed(kind, body, [FILER]), kind, [FILER.verifier()]) == body


def test_the_text_is_the_type_line_and_canonical_json():
    """Keys sorted, no spaces, text not escaped (RFC 8785)."""
    signed = note.sign_typed(NoteType.MANIFEST, {"v": 1, "case": "ñ"}, [FILER])
    assert signed.startswith('resguardo/manifest/v1\n{"case":"ñ","v":1}\n\n— portal.example/filer ')


@pytest.mark.parametrize("kind", NoteType)
@pytest.mark.parametrize("wanted", NoteType)
def test_a_note_of_one_type_is_not_taken_for_another(kind, wanted):
    """A manifest is no sign-in, whoever asks the person to sign it."""
    signed = note.sign_typed(kind, {"v": 1}, [FILER])
    if kind is wanted:
        assert note.open_typed(signed, wanted, [FILER.verifier()]) == {"v": 1}
    else:
        with pytest.raises(NoteTypeError):
            note.open_typed(signed, wanted, [FILER.verifier()])


@pytest.mark.parametrize(
    "body",
    [
        '{"v": 1}\n',
        '{"v":1}\n\n',
        '{"v":1,"v":1}\n',
        '{"v":1.0}\n',
        '{"v":NaN}\n',
        '{"b":1,"a":1}\n',
        "[1]\n",
        "null\n",
        "1\n",
        "\n",
        "{\n",
        '{"v":1}{"v":1}\n',
        '{"v":"\\u0041"}\n',
        '{"v":"\\ud800"}\n',
        '{"v":' + "[" * 100_000 + "\n",
        '{"v":123456789012345678901234567890}\n',
    ],
)
def test_a_body_that_is_not_canonical_is_refused(body):
    """One body, one text: nothing that two readers could read differently."""
    signed = note.sign(f"{NoteType.STATUS}\n{body}", [FILER])
    with pytest.raises(NoteTypeError):
        note.open_typed(signed, NoteType.STATUS, [FILER.verifier()])


def test_the_signature_is_checked_before_the_body_is_read():
    """A forged note is refused as forged, whatever it says."""
    signed = note.sign_typed(NoteType.STATUS, {"v": 1}, [FILER])
    with pytest.raises(BadSignatureError):
        note.open_typed(signed.replace('"v":1', '"v":2'), NoteType.STATUS, [FILER.verifier()])
    with pytest.raises(UnknownSignerError):
        note.open_typed(signed, NoteType.STATUS, [])


@pytest.mark.parametrize("body", [{"v": float("nan")}, {"v": 2**60}, {"v": "\ud800"}, {"v": object()}])
def test_a_body_without_canonical_form_is_not_signed(body):
    """The signer refuses what no verifier could read."""
    with pytest.raises(NoteError):
        note.sign_typed(NoteType.STATUS, body, [FILER])


def test_only_registered_types_are_signed():
    """A type line outside the registry raises at once."""
    with pytest.raises(ValueError, match="resguardo/other/v1"):
        note.sign_typed("resguardo/other/v1", {}, [FILER])  # type: ignore[arg-type]  # the wrong type is the test


def test_type_lines_are_one_line_and_carry_a_version():
    """The registry's own form."""
    for kind in NoteType:
        place, name, version = kind.value.split("/")
        assert (place, version) == ("resguardo", "v1")
        assert name.replace("-", "").isalpha()
