"""Commitments: one field shown, the others hidden, none changed."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import CommitmentError
from crypto.log import commitments
from crypto.log.commitments import FIELDS, Opening
from crypto.secret import SecretBytes

KEY = SecretBytes(b"k" * 32)
VALUES = {
    "actor": "reviewer-7",
    "case": "abc",
    "detail": "",
    "kind": "record_read",
    "purpose": "REVIEW",
    "record": "1f",
    "role": "reviewer",
    "time": "2026-01-02T03:04:05Z",
}
texts = st.fixed_dictionaries({name: st.text(st.characters(codec="utf-8"), max_size=20) for name in FIELDS})
names = st.sets(st.sampled_from(FIELDS))


def test_the_commitment_by_hand():
    """Written out with hashlib: HMAC salts, field hashes, a tree of eight."""
    level = []
    for name in sorted(VALUES):
        salt = hmac.digest(b"k" * 32, name.encode(), "sha256")
        level.append(hashlib.sha256(b"\0" + salt + name.encode() + b"\0" + VALUES[name].encode()).digest())
    while len(level) > 1:
        level = [hashlib.sha256(b"\1" + level[n] + level[n + 1]).digest() for n in range(0, len(level), 2)]
    assert commitments.commit(KEY, VALUES) == level[0]


def test_the_fields_stand_in_sorted_order():
    """The tree's order is the names' order."""
    assert tuple(sorted(FIELDS)) == FIELDS
    assert len(FIELDS) == 8


@given(texts, names)
def test_what_is_shown_verifies_and_nothing_else_is(values, reveal):
    """verify ∘ open shows exactly the chosen fields, through JSON."""
    opening = commitments.open_fields(KEY, values, reveal, index=7)
    again = Opening.from_json(json.loads(json.dumps(opening.to_json())))
    assert again == opening
    shown = commitments.verify_opening(again, commitments.commit(KEY, values))
    assert shown == {name: values[name] for name in reveal}
    assert not set(again.fields) & set(again.hidden)


@given(texts, st.sampled_from(FIELDS), st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_shown_field_cannot_say_something_else(values, name, lie):
    """Another value under the same salt is refused."""
    opening = commitments.open_fields(KEY, values, FIELDS, index=7)
    forged = Opening(7, {**opening.fields, name: (opening.fields[name][0], lie)}, {})
    if lie == values[name]:
        return
    with pytest.raises(CommitmentError):
        commitments.verify_opening(forged, commitments.commit(KEY, values))


def test_names_cannot_be_swapped():
    """The name is under the hash."""
    opening = commitments.open_fields(KEY, VALUES, FIELDS, index=7)
    swapped = {**opening.fields, "actor": opening.fields["role"], "role": opening.fields["actor"]}
    with pytest.raises(CommitmentError):
        commitments.verify_opening(Opening(7, swapped, {}), commitments.commit(KEY, VALUES))


def test_entries_with_equal_fields_have_unrelated_commitments():
    """The entry key salts everything: nothing can be guessed by hashing names."""
    other = SecretBytes(b"o" * 32)
    assert commitments.commit(KEY, VALUES) != commitments.commit(other, VALUES)
    first, second = (commitments.open_fields(key, VALUES, (), index=7) for key in (KEY, other))
    assert not set(first.hidden.values()) & set(second.hidden.values())


def test_missing_doubled_and_unknown_fields_are_refused():
    """Both together are exactly the registered fields."""
    opening = commitments.open_fields(KEY, VALUES, ["kind"], index=7)
    commitment = commitments.commit(KEY, VALUES)
    hidden = dict(opening.hidden)
    without = {name: data for name, data in hidden.items() if name != "actor"}
    for broken in (
        Opening(7, opening.fields, without),
        Opening(7, {}, hidden),
        Opening(7, opening.fields, {**hidden, "kind": b"h" * 32}),
        Opening(7, opening.fields, {**without, "other": b"h" * 32}),
        Opening(7, opening.fields, {**without, "kind": b"h" * 32}),
    ):
        with pytest.raises(CommitmentError):
            commitments.verify_opening(broken, commitment)


def test_only_the_registered_fields_are_committed():
    """A field less or more raises; so does showing an unknown one."""
    for values in ({}, {**VALUES, "name": "x"}, dict.fromkeys(FIELDS[1:], "")):
        with pytest.raises(CommitmentError):
            commitments.commit(KEY, values)
    with pytest.raises(CommitmentError):
        commitments.open_fields(KEY, VALUES, ["name"], index=7)
    with pytest.raises(CommitmentError):
        commitments.commit(KEY, {**VALUES, "detail": "\ud800"})


def test_an_entry_key_has_its_size():
    """A short key would be a salt that can be guessed."""
    with pytest.raises(ValueError, match="32"):
        commitments.commit(SecretBytes(b"short"), VALUES)


@pytest.mark.parametrize(
    "change",
    [
        {"index": -1},
        {"index": "7"},
        {"index": True},
        {"index": 2**63},
        {"fields": []},
        {"hidden": None},
        {"fields": {"kind": ["AAAA", "x"]}},
        {"fields": {"kind": ["!", "x"]}},
        {"fields": {"kind": "x"}},
        {"fields": {"kind": ["A" * 43 + "="]}},
        {"fields": {"kind": ["A" * 43 + "=", 1]}},
        {"fields": {"kind": [1, "x"]}},
        {"hidden": {"kind": "A" * 42 + "B="}},
        {"more": 1},
    ],
)
def test_malformed_openings_are_refused(change):
    """What comes from a file is checked before it is used."""
    data = commitments.open_fields(KEY, VALUES, ["kind"], index=7).to_json()
    with pytest.raises(CommitmentError):
        Opening.from_json({**data, **change})
    with pytest.raises(CommitmentError):
        Opening.from_json([data])


def test_case_tags_are_an_hmac_of_the_counter():
    """The holder computes them; each differs; another key shares none."""
    tags = [commitments.case_tag(KEY, counter) for counter in range(100)]
    assert tags[3] == hmac.digest(b"k" * 32, (3).to_bytes(8, "big"), "sha256")
    assert len(set(tags)) == 100
    assert not set(tags) & {commitments.case_tag(SecretBytes(b"o" * 32), counter) for counter in range(100)}
