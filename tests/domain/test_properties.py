"""Laws for anything that may come in: refusals in words, never a crash, and no change passes."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.admission import admit
from app.domain.errors import AdmissionError, DomainError
from app.domain.filing.record import merged_classes, parse_record
from app.domain.paths import parse_path, path_text
from app.domain.petition import load, load_values
from tests.domain.cases import PORTAL, Filed, file
from tests.domain.petitions import MINIMUM, full, with_lines

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted(full())
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def filed() -> Filed:
    """Return one small filed case."""
    return file(with_lines("witnesses: [{name: {given: Wendolin, surname1: Arce}, statement: Lo vi.}]"))


def accepted_or_refused(read, data) -> None:
    words = "read"
    try:
        read(data)
    except DomainError as error:
        words = error.text("es")
    assert words.encode()


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(data):
    """Whatever a file holds, the answer is a petition or a refusal that can be shown."""
    accepted_or_refused(load, data)


@QUICK
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_after_a_good_petition_is_read_or_refused_in_words(text):
    """Garbage behind good lines is refused in words too."""
    accepted_or_refused(load, (MINIMUM + text).encode())


@QUICK
@given(st.sampled_from(FIELDS), JSON)
def test_any_value_in_any_field_is_read_or_refused_in_words(field, value):
    """No value in any field makes the model fail in another way than by refusing."""
    accepted_or_refused(load_values, {**full(), field: value})


@QUICK
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8) | st.just("other"), st.integers(min_value=0, max_value=20), max_size=8
    )
)
def test_merging_keeps_everybody_and_shows_no_small_class(classes):
    """The sum stays; nothing of one or two is shown unless there are no more people at all."""
    merged = merged_classes(classes)
    total = sum(classes.values())
    assert sum(merged.values()) == total
    assert all(count >= 3 or count == total for count in merged.values())


@QUICK
@given(st.lists(st.from_regex(r"[a-z_]{1,8}", fullmatch=True) | st.integers(0, 99), min_size=1, max_size=5))
def test_written_paths_read_back(steps):
    """A path that was written is read as the same path."""
    path = ("a", *steps)
    assert parse_path(path_text(path)) == path


@QUICK
@given(JSON)
def test_any_call_is_refused_with_a_code(value):
    """No call, however strange, makes the door fail in another way than by refusing."""
    call = value if isinstance(value, dict) else {"record": value, "parts": value}
    with pytest.raises(AdmissionError):
        admit(call, lambda _name: None, PORTAL)


@QUICK
@given(JSON)
def test_any_text_is_no_record_unless_it_is_one(value):
    """No JSON value is taken for a record."""
    with pytest.raises(AdmissionError):
        parse_record(json.dumps(value, sort_keys=True, separators=(",", ":")))


@QUICK
@given(field=st.sampled_from(["genesis", "manifest", "record"]), data=st.data())
def test_no_changed_character_passes_the_door(filed, field, data):
    """One changed character of founding text, manifest or record is refused."""
    body = filed.body()
    place = data.draw(st.integers(0, len(body[field]) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda character: character != body[field][place]))
    body[field] = body[field][:place] + other + body[field][place + 1 :]
    with pytest.raises(AdmissionError):
        filed.admit(body)


@QUICK
@given(data=st.data())
def test_no_changed_byte_of_a_sealed_part_passes_the_door(filed, data):
    """One changed byte of any sealed part is refused."""
    name = data.draw(st.sampled_from(sorted(filed.submission.parts)))
    part = bytearray(filed.submission.parts[name])
    place = data.draw(st.integers(0, len(part) - 1))
    part[place] ^= data.draw(st.integers(1, 255))
    body = filed.body()
    del body["parts"][name]
    with pytest.raises(AdmissionError) as caught:
        admit(body, {name: bytes(part)}.get, PORTAL)
    assert caught.value.code == "part_hash"
