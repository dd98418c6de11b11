"""The table of procedure: complete, closed, and the same for everybody who reads it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest

from app.domain.deadlines import Basis, Dated, Milestone
from app.domain.entities import READERS, EntryKind, Role, Stage
from app.domain.errors import ProcedureError
from app.domain.procedure import (
    MOST_QUESTION,
    MOST_REASON,
    MOST_REFERENCE,
    MOST_WORDS,
    STATES,
    TABLE,
    Action,
    Asked,
    Deployment,
    Field,
    Outcome,
    ReasonWords,
    Stated,
    Transition,
    check_languages,
    check_stated,
    day_of,
    find,
    possible,
    until_of,
)
from app.domain.reasons import REASON_NAMES, TEMPLATES, check_codes, codes_for, languages_needed, received, template
from app.i18n import LANGUAGES
from crypto.log.leaf import LeafKind

TODAY = date(2026, 3, 12)
D0 = {Milestone.D0: Dated(date(2026, 3, 2))}
READ = ("RECEIVED", "FILED", "US_REVIEW", "REQUEST_SENT", "DECLINED")
STAFF = {"reviewer", "coordinator", "panel"}
ALLOWED = {
    ("custodian", "RECEIVED", "acknowledge"): {"holder"},
    ("office", "RECEIVED", "acknowledge"): {"portal"},
    ("custodian", "RECEIVED", "acknowledge_for"): STAFF,
    ("office", "RECEIVED", "acknowledge_for"): STAFF,
    ("custodian", "FILED", "begin_review"): {"portal"},
    ("office", "FILED", "begin_review"): {"portal"},
    **{
        (where, "US_REVIEW", what): STAFF
        for where in ("custodian", "office")
        for what in ("draft", "take_up", "decline", "note_clock")
    },
    **{
        (where, stage, what): STAFF
        for where in ("custodian", "office")
        for stage in ("REQUEST_SENT", "DECLINED")
        for what in ("correct_decision", "note_clock")
    },
    **{("custodian", stage, "correct_d0"): STAFF | {"holder"} for stage in ("US_REVIEW", "REQUEST_SENT", "DECLINED")},
    **{("office", stage, "correct_d0"): STAFF for stage in ("US_REVIEW", "REQUEST_SENT", "DECLINED")},
    **{
        (where, stage, what): who
        for where in ("custodian", "office")
        for stages, whats, who in (
            (("US_REVIEW", "REQUEST_SENT"), ("ask",), STAFF),
            (READ, ("flag", "withdraw_question"), STAFF),
            (READ, ("answer",), {"holder"}),
            ((*READ, "WITHDRAWN"), ("read_messages",), {"holder"}),
            (("RECEIVED", "FILED", "US_REVIEW", "REQUEST_SENT"), ("withdraw",), {"holder"}),
            (READ, ("suspend", "lift", "release"), {"holder"}),
            ((*READ, "WITHDRAWN"), ("recall",), {"holder"}),
            (READ, ("hand_on",), STAFF),
        )
        for stage in stages
        for what in whats
    },
}
NEEDS = {"suspend": False, "lift": True}
"""Steps for which it matters whether access is suspended; readers of the office are kept out by policy, not here."""
"""Written by hand, so that a row that slips into the table is noticed."""
MATRIX = list(itertools.product(Deployment, Stage, Action, Role))


ASKED = Asked("¿Quién firmó el convenio?", "es", date(2026, 3, 26))


def full(**changes: object) -> Stated:
    """Return a statement that has everything."""
    values: dict[str, object] = {
        "day": Dated(date(2026, 3, 10)),
        "reference": "OTLA-7",
        "reason": "Because.",
        "note": "Closed.",
        "outcome": Outcome.TAKE_UP,
        "asked": ASKED,
    }
    return Stated(**{**values, **changes})  # type: ignore[arg-type]  # values by name


def row_of(action: Action) -> Transition:
    """Return the first row of an action."""
    return next(row for row in TABLE if row.action is action)


@pytest.mark.parametrize(("deployment", "stage", "action", "role"), MATRIX)
def test_unlisted_steps_are_refused(deployment: Deployment, stage: Stage, action: Action, role: Role) -> None:
    """Every state × suspension × role × action × deployment: what the list above does not have is refused."""
    for suspended in (False, True):
        fits = NEEDS.get(action, suspended) is suspended
        allowed = fits and role in ALLOWED.get((deployment, stage, action), set())
        assert (action in possible(stage, role, deployment, suspended=suspended)) == allowed
        if allowed:
            row = find(action, stage, role, deployment, suspended=suspended)
            assert (row.source, row.action) == (stage, action)
            continue
        known = fits and any((each, stage, action) in ALLOWED for each in Deployment)
        with pytest.raises(ProcedureError) as refused:
            find(action, stage, role, deployment, suspended=suspended)
        assert refused.value.code == ("step_not_yours" if known else "step_unlisted")


def test_every_stage_has_a_state_and_a_way_in() -> None:
    """A stage without name, or that nothing leads to, is a mistake in the table."""
    assert [state.stage for state in STATES] == list(Stage)
    assert {row.target for row in TABLE} | {Stage.RECEIVED} == set(Stage)


def test_rows_are_one_each() -> None:
    """One row for a step at a stage: the order of the table decides nothing."""
    assert len({(row.action, row.source) for row in TABLE}) == len(TABLE)


def test_no_clock_stands_in_a_row() -> None:
    """Overdue is a fact, never a block: an answer long after the due date is accepted."""
    check_stated(
        row_of(Action.TAKE_UP), full(day=Dated(date(2026, 3, 12))), TODAY, {Milestone.D0: Dated(date(2024, 1, 1))}
    )


@pytest.mark.parametrize("space", ["\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", " "])
def test_words_pasted_from_a_word_processor_are_taken(space: str) -> None:
    """French is written with spaces that do not break; a control or direction sign is still refused."""
    check_languages({"fr": ReasonWords(f"Il manque{space}: les dates.", "Un reçu.")}, ["fr"])
    for hostile in ("\x07", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{LINE SEPARATOR}"):
        with pytest.raises(ProcedureError):
            check_languages({"fr": ReasonWords(f"Il manque{hostile}les dates.", "Un reçu.")}, ["fr"])


def test_only_decisions_stand_in_the_open() -> None:
    """The log's open kinds: taken up, declined, closed by its petitioner; all else is an event like any other."""
    opened = {row.action: row.leaf for row in TABLE if row.leaf is not LeafKind.EVENT}
    assert opened == {
        Action.TAKE_UP: LeafKind.DECIDED_TAKEN_UP,
        Action.DECLINE: LeafKind.DECIDED_DECLINED,
        Action.WITHDRAW: LeafKind.DECIDED_CLOSED,
    }


def test_decisions_need_two() -> None:
    """Rows that end the screen want a second person, and only those."""
    assert {row.action for row in TABLE if row.second_person} == {Action.TAKE_UP, Action.DECLINE}


def test_what_follows_is_the_portals() -> None:
    """A step that comes with another one is never taken by a person."""
    for row in TABLE:
        if row.follow is not None:
            for deployment in Deployment:
                following = find(row.follow, row.target, Role.PORTAL, deployment)
                assert all(roles == {Role.PORTAL} for roles in following.who.values())


def test_every_correction_says_why() -> None:
    """Dates are put right by an event with its reason."""
    for row in TABLE:
        if row.kind is EntryKind.CORRECTION:
            assert Field.REASON in row.fields
            assert row.source is row.target


@pytest.mark.parametrize(
    ("action", "changes", "code"),
    [
        (Action.ACKNOWLEDGE, {"day": None}, "day_form"),
        (Action.ACKNOWLEDGE, {"day": Dated(date(2026, 3, 14))}, "day_future"),
        (Action.ACKNOWLEDGE, {"day": Dated(date(2020, 6, 30))}, "day_early"),
        (Action.ACKNOWLEDGE, {"reference": " "}, "reference_missing"),
        (Action.ACKNOWLEDGE, {"reference": "a\nb"}, "reference_missing"),
        (Action.ACKNOWLEDGE, {"reference": "x" * (MOST_REFERENCE + 1)}, "reference_missing"),
        (Action.ACKNOWLEDGE_FOR, {"reason": ""}, "reason_missing"),
        (Action.ACKNOWLEDGE_FOR, {"reason": "\x1b[2J"}, "reason_missing"),
        (Action.NOTE_CLOCK, {"note": "x" * (MOST_REASON + 1)}, "note_missing"),
        (Action.DRAFT, {"outcome": None}, "outcome_missing"),
        (Action.DRAFT, {"day": Dated(date(2026, 3, 1))}, "day_before_clock"),
        (Action.ASK, {"asked": None}, "question_missing"),
        (Action.ASK, {"asked": replace(ASKED, text=" \n ")}, "question_missing"),
        (Action.ASK, {"asked": replace(ASKED, text="x" * (MOST_QUESTION + 1))}, "question_missing"),
        (Action.ASK, {"asked": replace(ASKED, text="\u202eoculto")}, "question_missing"),
        (Action.ASK, {"asked": replace(ASKED, language="de")}, "question_language"),
        (Action.ASK, {"asked": replace(ASKED, until=TODAY)}, "until_past"),
        (Action.ASK, {"asked": replace(ASKED, until=date(2027, 3, 14))}, "until_far"),
    ],
)
def test_a_step_states_what_it_must(action: Action, changes: dict[str, object], code: str) -> None:
    """What is missing or does not fit is named by its field."""
    with pytest.raises(ProcedureError) as refused:
        check_stated(row_of(action), full(**changes), TODAY, D0)
    assert refused.value.code == code
    assert refused.value.field


def test_days_fit_each_other() -> None:
    """The intake's day is not after the answer; east of Washington it may be tomorrow already."""
    row = row_of(Action.CORRECT_D0)
    check_stated(row, full(day=Dated(date(2026, 3, 13))), TODAY, D0)
    with pytest.raises(ProcedureError, match="day_after_decision"):
        check_stated(row, full(), TODAY, {**D0, Milestone.N0: Dated(date(2026, 3, 9))})


@pytest.mark.parametrize("text", ["", "2026-3-1", "20260301", "2026-W10-1", "yesterday", "2026-02-30"])
def test_a_day_is_written_one_way(text: str) -> None:
    """A day that can be read two ways is not taken."""
    with pytest.raises(ProcedureError, match="day_form"):
        day_of(text)
    assert day_of("2026-03-01", Basis.PUBLIC) == Dated(date(2026, 3, 1), Basis.PUBLIC)
    assert until_of("2026-03-01") == date(2026, 3, 1)


def test_each_reason_has_its_words_in_three_languages() -> None:
    """A template per code, except where only the writer knows, and never the English in place of another."""
    assert set(TEMPLATES) == set(REASON_NAMES)
    for code in set(TEMPLATES) - {"OTHER", "NONE_GIVEN"}:
        words = [template([code], language) for language in LANGUAGES]
        assert all(each.not_met and each.cure for each in words)
        assert len({each.not_met for each in words}) == len({each.cure for each in words}) == 3
    assert template(["OTHER", "NONE_GIVEN"], "es") == ReasonWords("", "")


def test_all_words_of_a_refusal_fit_its_form() -> None:
    """Three reasons at once can be drafted without cutting what the templates give."""
    for codes in itertools.combinations(TEMPLATES, 3):
        for language in LANGUAGES:
            words = template(codes, language)
            assert max(len(words.not_met), len(words.cure)) <= MOST_WORDS


def test_reasons_fit_together() -> None:
    """At least one, of the list; "none given" alone, and only where somebody else decides."""
    check_codes(["OTHER", "INSUFFICIENT_EVIDENCE"], "office")
    check_codes(["NONE_GIVEN"], "custodian")
    for codes, deployment, code in (
        ([], "office", "codes_missing"),
        (["NONE_GIVEN"], "office", "codes_unknown"),
        (["WITHDRAWN_BY_PETITIONER"], "custodian", "codes_unknown"),
        (["NONE_GIVEN", "OTHER"], "custodian", "codes_alone"),
    ):
        with pytest.raises(ProcedureError, match=code):
            check_codes(codes, deployment)
    assert "NONE_GIVEN" not in codes_for("office")
    assert (received(()), received(["NONE_GIVEN"]), received(["OTHER"])) == (
        "NO_REASONS_RECEIVED",
        "NO_REASONS_RECEIVED",
        "REASONS_RECEIVED",
    )


def test_words_stand_in_every_language() -> None:
    """A refusal in one language only is not a refusal with reasons; none are asked where none were given."""
    words = {language: ReasonWords("a", "b") for language in LANGUAGES}
    check_languages(words, languages_needed(["OTHER"]))
    check_languages({}, languages_needed(["NONE_GIVEN"]))
    for changed, field in (
        ({**words, "fr": ReasonWords("a", " ")}, "cure-fr"),
        ({**words, "es": ReasonWords("x" * (MOST_WORDS + 1), "b")}, "not_met-es"),
        ({"es": words["es"], "en": words["en"]}, "not_met-fr"),
    ):
        with pytest.raises(ProcedureError) as refused:
            check_languages(changed, LANGUAGES)
        assert refused.value.field == field


def test_readers_are_the_three() -> None:
    """Operators and auditors take no step of the procedure."""
    assert {role.value for role in READERS} == STAFF
