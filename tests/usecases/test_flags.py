"""Flags: what may show a person is said to the petitioner alone, held back at once, and settled by the petitioner."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.entities import Purpose
from app.domain.errors import AccessError, ProcedureError
from app.domain.filing.copies import Copy, seal_copies
from app.domain.filing.parts import PartStore
from app.domain.places import Spot
from app.domain.questions import QuestionState
from app.store.vault import StoreVault
from app.usecases.ask_question import withdraw_question
from app.usecases.assign_case import assign_case
from app.usecases.flag_place import check_flag, flag_place
from app.usecases.read_messages import read_messages
from app.usecases.read_redacted import begin_sitting, read_page
from app.usecases.revise_petition import revise_petition
from app.usecases.show_procedure import show_procedure
from crypto.framing import FrameKind, Head
from crypto.opening import HybridIdentity, open_framed
from tests.usecases.desks import Desk, desk_in
from tests.usecases.test_evidence import PAGES, filing_with, page
from tests.usecases.test_evidence_of_answers import with_copies

WORDS = "En el reflejo de la ventana se ve una cara."
PLACE = Spot("evidence-1", page=2, across=40, down=70)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk whose case has copies, open to Ana and Luis."""
    for made in desk_in(tmp_path, lambda portal: filing_with(portal, PAGES)):
        for name in ("Ana", "Luis"):
            begin_sitting(made.office, made.people[name], made.case, Purpose.REVIEW, "evidence-1")
        yield made


def flagged(desk: Desk, *, hold: bool = True, spot: Spot = PLACE) -> int:
    """Have Ana flag a place."""
    return flag_place(desk.office, desk.people["Ana"], desk.case, spot, WORDS, "es", hold=hold)


def replaced(desk: Desk, copy: Copy) -> dict[str, Any]:
    """Return the call of a version in which a copy was made anew."""
    store = PartStore(desk.versions.uploads.__setitem__)
    sealed = seal_copies(desk.case, (copy,), "es", store, os.urandom)
    kept = [entry for entry in desk.versions.body["copies"] if entry["copy"] != copy.number]
    return with_copies(desk.versions.call(copies=[sealed[0].entry(), *kept]), sealed, store)


def test_flagged_evidence_is_not_served_until_it_is_settled(desk: Desk) -> None:
    """A flag that holds ends every open sitting over that version, the flagger's too; each attempt is logged."""
    number = flagged(desk)
    for name in ("Ana", "Luis"):
        with pytest.raises(AccessError, match="held_back"):
            read_page(desk.office, desk.people[name], desk.case, "evidence-1", 1)
        with pytest.raises(AccessError, match="held_back"):
            begin_sitting(desk.office, desk.people[name], desk.case, Purpose.REVIEW, "evidence-1")
    assert (desk.entries()[-1]["kind"], desk.entries()[-1]["record"]) == ("record_refused", "evidence-1/1")
    begin_sitting(desk.office, desk.people["Ana"], desk.case, Purpose.REVIEW, "evidence-2")
    desk.answer(number, "Es un cartel, no una persona.")
    assert read_page(desk.office, desk.people["Ana"], desk.case, "evidence-1", 1).picture == page(10)
    (question,) = show_procedure(desk.office, desk.people["Ana"], desk.case).standing.questions
    assert question.state is QuestionState.ANSWERED


def test_a_flag_without_holding_leaves_the_copy_readable(desk: Desk) -> None:
    """What is only to be looked at is shown on, and can be taken back by who flagged it or a coordinator."""
    number = flagged(desk, hold=False)
    assert read_page(desk.office, desk.people["Luis"], desk.case, "evidence-1", 1).code == ""
    withdraw_question(desk.office, desk.people["Luis"], desk.case, number)
    with pytest.raises(ProcedureError, match="question_closed"):
        withdraw_question(desk.office, desk.people["Ana"], desk.case, number)


def test_a_flag_is_told_to_the_petitioner_and_to_no_colleague(desk: Desk) -> None:
    """Where somebody may be seen is sealed to the holders; a colleague sees that something is held back."""
    number = flagged(desk)
    (message,) = read_messages(desk.holder, desk.session())
    place = Head(desk.office.facts.name, desk.case, FrameKind.MESSAGE, message.sealed.record, 1)
    body = json.loads(open_framed(message.sealed.body, [HybridIdentity(desk.seed)], place))
    assert (body["question"], body["text"], body["flag"]["record"]) == (number, WORDS, "evidence-1/1")
    assert (body["flag"]["page"], body["flag"]["across"], body["flag"]["hold"]) == (2, 40, True)
    fields = message.asked.opening.values()
    assert fields["kind"] == "place_flagged"
    assert "flag evidence-1/1 held yes" in fields["detail"]
    other = desk.people["Eva"]
    assign_case(desk.office, other.name, desk.case)
    (seen,) = show_procedure(desk.office, other, desk.case).standing.questions
    assert (seen.text, seen.flag and seen.flag.spot) == ("", Spot("evidence-1/1"))
    with pytest.raises(ProcedureError, match="flag_own"):
        withdraw_question(desk.office, other, desk.case, number)
    (own,) = show_procedure(desk.office, desk.people["Ana"], desk.case).standing.questions
    assert own.text == WORDS


def test_who_has_not_just_seen_it_flags_nothing(desk: Desk) -> None:
    """The version that is flagged is that of an open sitting; places that cannot be and words that name are refused."""
    ana = desk.people["Ana"]
    with pytest.raises(AccessError, match="purpose_needed"):
        flagged(desk, spot=Spot("evidence-2"))
    for spot in (
        Spot("evidence-1", page=1, across=101),
        Spot("evidence-1", part="summary"),
        Spot("evidence-1", page=-1),
    ):
        with pytest.raises(ProcedureError, match="flag_place"):
            check_flag(desk.office, ana, desk.case, spot, WORDS, "es", hold=True)
    with pytest.raises(ProcedureError, match="question_guard"):
        check_flag(desk.office, ana, desk.case, PLACE, "Es PEGJ850315HJCRRN07", "es", hold=True)


def test_the_old_version_is_gone_after_redaction(desk: Desk) -> None:
    """Law L8: a copy made anew takes the flagged one's place; its rows and its key are destroyed."""
    flagged(desk)
    ana, vault = desk.people["Ana"], desk.office.vault
    assert isinstance(vault, StoreVault)
    revise_petition(desk.holder, desk.case, replaced(desk, Copy(1, (page(10), page(90)))))
    names = [name for name in vault._keys.beginning(f"record/{desk.case}/") if "evidence-1" in name]
    assert names == [f"record/{desk.case}/evidence-1/2"]
    with desk.office.ledger.view() as view:
        assert [each.version for each in view.cases.record_versions(desk.case) if each.record == "evidence-1"] == [2]
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW, "evidence-1")
    assert read_page(desk.office, ana, desk.case, "evidence-1", 2).picture == page(90)
