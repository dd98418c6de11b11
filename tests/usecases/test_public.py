"""Public versions over a real store: signed, looked at, in the log and in history, served while in force, then gone."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from pypdf import PdfReader

from app.domain.entities import PUBLIC, Purpose, RecordPlace
from app.domain.errors import AccessError, AdmissionError, DomainError, ProcedureError
from app.domain.policy import ticket_for_release
from app.domain.released import Audience
from app.usecases.ask_question import withdraw_question
from app.usecases.flag_place import flag_place
from app.usecases.hand_on_public import hand_on_public, show_office_copy, take_document
from app.usecases.read_redacted import begin_sitting, read_redacted
from app.usecases.release_public import list_released, recall_public, release_public
from app.usecases.show_released import check_released, list_public, show_document, show_public
from app.usecases.suspend_access import suspend_access
from app.usecases.withdraw_petition import withdraw_petition
from crypto.digest import sha256_hex
from crypto.note import NoteSigner, NoteType, NoteVerifier, open_typed
from crypto.secret import SecretBytes
from tests.released import release_note, version_of
from tests.usecases.desks import Desk
from tests.usecases.test_matrix import RECORD_PART


def released(desk: Desk, text: str, audience: Audience = Audience.OFFICE) -> str:
    """Release a version as a holder and return its hash."""
    note = release_note(desk.versions.signer(), desk.holder.facts.name, desk.case, text, audience)
    release_public(desk.holder, desk.case, text, note)
    return sha256_hex(text.encode())


def refusal(desk: Desk, text: str, note: str) -> str:
    """Return the code with which a release is refused."""
    with pytest.raises(DomainError) as caught:
        release_public(desk.holder, desk.case, text, note)
    return caught.value.code


def test_a_released_version_is_read_under_a_sitting_and_handed_on(desk: Desk) -> None:
    """The office reads it logged like any record; its document bears the hash; to whom it went is in the history."""
    text, ana = version_of(), desk.people["Ana"]
    assert show_office_copy(desk.office, ana, desk.case) is None
    with pytest.raises(ProcedureError, match="public_none"):
        take_document(desk.office, ana, desk.case)
    sha256 = released(desk, text)
    with pytest.raises(AccessError, match="purpose_needed"):
        take_document(desk.office, ana, desk.case)
    begin_sitting(desk.office, ana, desk.case, Purpose.EXPORT, PUBLIC)
    assert read_redacted(desk.office, ana, desk.case, PUBLIC).record == json.loads(text)
    shown = PdfReader(io.BytesIO(take_document(desk.office, ana, desk.case)))
    assert sha256 in "".join(page.extract_text() for page in shown.pages).replace("\n", "")
    hand_on_public(desk.office, ana, desk.case, "Recursos Humanos de la planta")
    copy = show_office_copy(desk.office, ana, desk.case)
    assert copy is not None
    assert list_released(desk.holder, desk.case).handed == copy.handed
    assert [each.stated.note for each in copy.handed] == ["Recursos Humanos de la planta"]
    statement = open_typed(copy.statement, NoteType.RELEASED, [NoteVerifier.parse(desk.office.facts.statement_vkey)])
    assert (statement["sha256"], statement["withdrawn"], statement["note"]) == (sha256, None, copy.released.note)
    assert desk.kinds()[-3:] == ["public_released", "public_read", "public_handed_on"]
    assert desk.entries()[-3]["detail"].endswith(f"public 1 audience office sha256 {sha256}")
    assert show_office_copy(desk.office, desk.people["Eva"], desk.case) is None, "who does not read the case"


def test_what_was_called_back_is_gone_and_still_told_from_a_forgery(desk: Desk) -> None:
    """Text, document and keys go (law L8); the hash stays, with the day on which it was called back."""
    ana = desk.people["Ana"]
    sha256 = released(desk, version_of(), Audience.EVERYONE)
    begin_sitting(desk.office, ana, desk.case, Purpose.EXPORT, PUBLIC)
    assert show_document(desk.holder, desk.case).startswith(b"%PDF")
    place = RecordPlace(desk.case, PUBLIC, 1)
    with desk.holder.ledger.view() as view:
        sealed = view.cases.record_sealed(place)
        ticket = ticket_for_release(view.released.of(desk.case)[-1])
    assert sealed is not None
    assert json.loads(desk.holder.vault.open_record(ticket, sealed))
    (entry,) = recall_public(desk.holder, desk.case)
    assert entry.opening.values()["kind"] == "public_withdrawn"
    assert recall_public(desk.holder, desk.case) == ()
    with desk.holder.ledger.view() as view:
        assert (view.cases.record_sealed(place), view.cases.page_sealed(place, 1)) == (None, None)
    with pytest.raises(LookupError):  # whoever kept the ciphertext and the ticket has no key any more
        desk.holder.vault.open_record(ticket, sealed)
    for refused in (
        lambda: show_public(desk.holder, desk.case),
        lambda: show_document(desk.holder, desk.case),
        lambda: read_redacted(desk.office, ana, desk.case, PUBLIC),
        lambda: take_document(desk.office, ana, desk.case),
        lambda: hand_on_public(desk.office, ana, desk.case, "A la empresa"),
    ):
        with pytest.raises((AccessError, ProcedureError)):
            refused()
    checked = check_released(desk.holder, sha256.upper())
    assert checked is not None
    assert checked.released.withdrawn is not None
    assert check_released(desk.holder, "0" * 64) is None
    assert check_released(desk.holder, "not a hash") is None


@pytest.mark.long
def test_only_what_is_for_everybody_is_public(desk: Desk) -> None:
    """For the office alone: no page of it; for everybody: listed, until the petition is withdrawn."""
    text = version_of()
    released(desk, text)
    assert list_public(desk.holder) == []
    with pytest.raises(AccessError, match="public_unknown"):
        show_public(desk.holder, desk.case)
    released(desk, text, Audience.EVERYONE)
    assert [each.text for each in list_public(desk.holder)] == [text]
    assert [each.audience for each in list_released(desk.holder, desk.case).versions] == ["office", "everyone"]
    assert desk.kinds()[-2:] == ["public_withdrawn", "public_released"], "one in force at a time"
    suspend_access(desk.holder, desk.case, suspended=True)
    assert show_public(desk.holder, desk.case).text == text
    withdraw_petition(desk.holder, desk.case)
    assert list_public(desk.holder) == []
    with pytest.raises(AccessError, match="public_unknown"):
        show_public(desk.holder, desk.case)
    assert len(recall_public(desk.holder, desk.case)) == 1, "what was given out can be called back after the end"


@pytest.mark.long
def test_the_same_release_again_changes_nothing(desk: Desk) -> None:
    """A lost answer is asked for again."""
    text = version_of()
    released(desk, text)
    before = desk.kinds()
    released(desk, text)
    assert desk.kinds() == before


@pytest.mark.long
def test_a_release_that_was_overtaken_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two holders at one moment: what the second agreed to was another case than the one that it would change."""
    text, typesetter = version_of(), desk.holder.typesetter
    note = release_note(desk.versions.signer(), desk.holder.facts.name, desk.case, text)
    set_page = typesetter.set

    def overtaken(content: Mapping[str, Any], moment: int, template: str) -> bytes:
        monkeypatch.undo()
        released(desk, text, Audience.EVERYONE)
        return set_page(content, moment, template)

    monkeypatch.setattr(typesetter, "set", overtaken)
    assert refusal(desk, text, note) == "revision_behind"
    [standing] = list_released(desk.holder, desk.case).versions
    assert standing.audience == Audience.EVERYONE


def test_nothing_of_a_witness_has_a_place_in_it(desk: Desk) -> None:
    """Fields that are not on the list, days, numbers on labels and identifiers are refused; nothing is kept."""
    signer, portal = desk.versions.signer(), desk.holder.facts.name
    value = json.loads(version_of())

    def code(**changed: object) -> str:
        text = version_of(**changed)
        return refusal(desk, text, release_note(signer, portal, desk.case, text))

    facts = value["facts"]
    assert code(witnesses=[{"name": "Rosa"}]) == "record_field"
    assert code(evidence=[]) == "record_field"
    assert code(facility={**value["facility"], "address": "Calle 1"}) == "record_field"
    assert code(facts={**facts, "narrative": "El 11 de agosto vio la lista."}) == "public_day"
    assert code(facts={**facts, "period_from": "2025-08-11"}) == "record_field"
    assert code(facts={**facts, "narrative": "Lo vio [TESTIGO-02]."}) == "public_number"
    assert code(facts={**facts, "narrative": "Su CURP es BOXW310820HNERXN09."}) == "record_guard"
    text = json.dumps(value)
    assert refusal(desk, text, release_note(signer, portal, desk.case, text)) == "record_form"
    assert list_released(desk.holder, desk.case).versions == ()


@pytest.mark.long
def test_a_release_that_the_case_key_did_not_sign_is_refused(desk: Desk) -> None:
    """Another key, another case, another text, another portal, an unknown audience, no note at all."""
    text, portal, signer = version_of(), desk.holder.facts.name, desk.versions.signer()
    stranger = NoteSigner(f"{portal}/case", SecretBytes(b"s" * 32))
    for note in (
        release_note(stranger, portal, desk.case, text),
        release_note(signer, portal, "a" * 26, text),
        release_note(signer, portal, desk.case, text + " "),
        release_note(signer, "other.invalid", desk.case, text),
        release_note(signer, portal, desk.case, text, to="press"),
        "resguardo/release/v1\n",
        "",
    ):
        assert refusal(desk, text, note) == "release_note"
    assert "public_released" not in desk.kinds()


@pytest.mark.long
def test_no_release_while_a_person_may_be_seen_somewhere(desk: Desk) -> None:
    """A flag of the office that waits: the same words may stand in the public text."""
    text, ana = version_of(), desk.people["Ana"]
    begin_sitting(desk.office, ana, desk.case, Purpose.REVIEW)
    number = flag_place(desk.office, ana, desk.case, RECORD_PART, "Un nombre.", "es", hold=False)
    note = release_note(desk.versions.signer(), desk.holder.facts.name, desk.case, text)
    assert refusal(desk, text, note) == "public_flagged"
    assert desk.entries()[-1]["detail"] == "release public_flagged"
    withdraw_question(desk.office, ana, desk.case, number)
    released(desk, text)


@pytest.mark.long
def test_the_office_writes_no_identifier_of_whom_it_handed_it_to(desk: Desk) -> None:
    """What the office writes about handing on reaches the petitioner and the log: it names nobody by a number."""
    released(desk, version_of())
    with pytest.raises(ProcedureError, match="question_guard"):
        hand_on_public(desk.office, desk.people["Ana"], desk.case, "A GODE561231GR8, CURP BOXW310820HNERXN09")
    with pytest.raises(ProcedureError, match="note_missing"):
        hand_on_public(desk.office, desk.people["Ana"], desk.case, " ")
    with pytest.raises(AdmissionError):
        released(desk, "{}")
