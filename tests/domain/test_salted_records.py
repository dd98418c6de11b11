"""A destroyed record is not guessed by its hash, which manifests go on naming; one that stays keeps its salt."""

import json
import os
from typing import Any

import rfc8785

from app.domain.filing.answering import answer_record, load_answer
from app.domain.filing.review import Settled, review
from app.domain.filing.revising import Known, Piece, Revision, revise
from app.domain.filing.sealing import first_key
from app.domain.petition import load
from app.domain.record_view import view_of
from crypto.digest import sha256_hex
from crypto.framing import FrameKind
from tests.domain.cases import Filed, file
from tests.domain.petitions import MINIMUM

OTHER = MINIMUM.replace("la mitad del turno", "todo el turno")


def settled(text: str) -> Settled:
    """Return a petition, settled on another device than before."""
    return review(load(text.encode()).petition, "es", os.urandom).settle(careful=True)


def pieces(filed: Filed, kind: FrameKind) -> tuple[Piece, ...]:
    """Return what was sealed of a kind, opened."""
    marks = [entry["record"] for entry in filed.entries(kind)]
    return tuple(Piece(mark, json.loads(body)) for mark, body in zip(marks, filed.opened(kind), strict=True))


def known(filed: Filed) -> Known:
    """Return a case as its holder has opened it."""
    return Known(
        key=first_key(filed.prepared),
        manifest=filed.manifest(),
        manifest_sha256=filed.submission.manifest_sha256,
        identities=(),
        statements=(),
        originals=pieces(filed, FrameKind.ORIGINALS)[0],
        index=pieces(filed, FrameKind.FILE_INDEX)[0],
    )


def follow(filed: Filed, text: str) -> Revision:
    """Return the next version of a case with this petition."""
    kept: dict[str, bytes] = {}
    return revise(known(filed), settled(text), {}, kept.__setitem__, os.urandom)


def guessed(record: str, **changed: Any) -> str:
    """Return the hash of a guess at a record's text."""
    return sha256_hex(rfc8785.dumps({**json.loads(record), **changed}).decode().encode())


def test_a_destroyed_record_is_not_guessed_by_its_hash() -> None:
    """Who has all words of a destroyed version, and the next version whole, cannot confirm them."""
    filed = file(OTHER.encode())
    words = json.loads(filed.submission.record)
    after = follow(filed, MINIMUM)
    assert after.record is not None
    named = filed.manifest()["record"]
    del words["salt"]
    assert guessed(after.record, **words) != named, "a salt that both versions had would confirm it"
    assert sha256_hex(rfc8785.dumps(words)) != named
    assert guessed(filed.submission.record) == named


def test_the_same_words_have_another_hash_in_each_case() -> None:
    """Two petitions in the same words are not told to be the same by their manifests."""
    one, other = settled(MINIMUM), settled(MINIMUM)
    assert {**one.record, "salt": ""} == {**other.record, "salt": ""}
    assert one.record_text != other.record_text


def test_a_record_that_says_the_same_stays() -> None:
    """A next version that changes nothing for the office makes no new record: reviewers are not asked again."""
    assert follow(file(MINIMUM.encode()), MINIMUM).record is None


def test_no_page_of_the_office_prints_the_salt() -> None:
    """It keeps a secret only as long as it goes where the text goes, and helps no reader."""
    made = settled(MINIMUM).record
    assert made["salt"] not in repr(view_of(made))


def test_an_answer_is_salted_like_a_record() -> None:
    """Two answers in the same words have nothing in common that could be compared."""
    case = known(file(MINIMUM.encode()))
    loaded = load_answer(case, b"text: Fue en marzo.\n")
    made = review(loaded.petition, "es", os.urandom).settle(careful=True)
    one, other = (json.loads(answer_record(made, 1, os.urandom)) for _ in range(2))
    assert len(one["salt"]) == 64
    assert one.pop("salt") != other.pop("salt") != made.record["salt"]
    assert one == other
