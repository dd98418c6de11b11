"""A case's beginning: eight recipients always, a founding text that certifies its number."""

import pytest

from app.domain.errors import FilingError
from app.domain.filing import check_holders, prepare
from crypto.age import hybrid_recipient
from crypto.keys import case_id, parse_genesis, standing_keys
from crypto.secret import SecretBytes
from tests.domain.cases import PORTAL, ROOT, Counter

OTHERS = [str(hybrid_recipient(SecretBytes(bytes([number]) * 32))) for number in range(1, 9)]


@pytest.mark.parametrize("count", [0, 1, 7])
def test_roster_is_always_eight(count):
    """However many hold a case, eight different recipients stand in it, each with its own salt."""
    prepared = prepare(PORTAL, ROOT, OTHERS[:count], Counter())
    assert len({str(entry.recipient) for entry in prepared.roster}) == 8
    assert len({entry.salt for entry in prepared.roster}) == 8
    assert prepared.holders == count + 1
    assert {str(entry.recipient) for entry in prepared.roster if entry.label == "holder"} == set(OTHERS[:count])
    assert [str(entry.recipient) for entry in prepared.roster if entry.label == "filer"] == [prepared.filer.recipient]


def test_filer_does_not_stand_at_a_fixed_place():
    """The place in the roster says nothing about whose key it is."""
    places = set()
    for attempt in range(12):
        prepared = prepare(PORTAL, ROOT, OTHERS[:1], Counter(str(attempt)))
        places.add([entry.label for entry in prepared.roster].index("filer"))
    assert len(places) > 2


def test_case_number_is_the_hash_of_its_founding_text():
    """The number certifies portal, filer's key and case key."""
    prepared = prepare(PORTAL, ROOT, [], Counter())
    founding = parse_genesis(prepared.genesis)
    assert prepared.case == case_id(prepared.genesis)
    assert founding.filer_vkey == prepared.filer_signer.vkey
    assert founding.case_recipient == prepared.case_keys.recipient
    assert prepared.status_code.count("-") == 5


def test_two_cases_of_one_root_have_nothing_in_common():
    """The portal cannot tell that two cases were filed with the same words."""
    first, second = (prepare(PORTAL, ROOT, [], Counter(label)) for label in "ab")
    assert first.filer.recipient != second.filer.recipient
    assert first.filer_signer.vkey != second.filer_signer.vkey
    assert first.status_code != second.status_code
    assert not {str(entry.recipient) for entry in first.roster} & {str(entry.recipient) for entry in second.roster}


@pytest.mark.parametrize(
    ("holders", "code", "number"),
    [
        (["age1pq1abc"], "holder_invalid", 1),
        ([OTHERS[0], "age1qqqq"], "holder_invalid", 2),
        ([OTHERS[0], OTHERS[1], f" {OTHERS[0]}\n"], "holder_twice", 3),
        ([standing_keys(ROOT).recipient], "holder_twice", 1),
        (OTHERS, "too_many_holders", None),
    ],
)
def test_bad_holders_are_refused_by_number(holders, code, number):
    """A malformed key, a key given twice, one's own key, a ninth holder."""
    with pytest.raises(FilingError) as caught:
        prepare(PORTAL, ROOT, holders, Counter())
    assert (caught.value.code, caught.value.params.get("number")) == (code, number)
    assert caught.value.text("es")


def test_holders_can_be_checked_before_anything_is_made():
    """The client checks keys when they are typed."""
    assert [str(recipient) for recipient in check_holders(OTHERS[:2])] == OTHERS[:2]
