"""The steps of the procedure: drafting an answer, approving somebody else's, putting a day right."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.deadlines import Basis
from app.domain.entities import CaseId, StaffMember
from app.domain.errors import ProcedureError
from app.domain.procedure import MOST_WORDS, Action, Field, Outcome, ReasonWords, Stated, day_of
from app.domain.reasons import check_codes, codes_for, languages_needed, template
from app.i18n import N_, t
from app.usecases.correct_dates import CORRECTIONS, correct_dates
from app.usecases.decide import approve_decision, draft_decision
from app.usecases.list_queue import show_card
from app.web.access import Reader
from app.web.card_pages import card_page
from app.web.contexts.desk import DecisionPage
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.forms import SubmittedForm
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)
_TEXTS = ("not_met", "cure")
_CARDS_OWN = frozenset({"step_unlisted", "step_not_yours", "same_person", "draft_changed", "no_draft"})
"""Refusals that no field of a form can mend."""


@router.get("/cases/{case}/decision", response_class=HTMLResponse)
def begin_decision(request: Request, session: Reader, case: str) -> Response:
    """Show the draft's form with words to start from; an unfit choice leads back to the card with its mistake."""
    member, query = session.staff, request.query_params
    deployment = services_of(request).office.facts.deployment
    codes = tuple(code for code in codes_for(deployment) if code in query)
    try:
        outcome = _outcome(query.get(Field.OUTCOME, ""))
        if outcome is Outcome.DECLINE:
            check_codes(codes, deployment)
    except ProcedureError as error:
        return _card_again(request, member, CaseId(case), Problem(error.field, error.text(language_of(request))))
    texts = _suggested(codes) if outcome is Outcome.DECLINE else {}
    return render_for_staff(request, member, _draft_page(request, member, CaseId(case), outcome, codes, texts))


@router.post("/cases/{case}/decision")
def draft(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Append a draft; mistakes are shown at their fields with everything that was typed."""
    check_form(request, form, session_token(request))
    member, case_id = session.staff, CaseId(case)
    outcome, codes = _outcome(form.text(Field.OUTCOME)), tuple(form.text("codes").split())
    texts = {name: _lines(form.text(name)) for name in (*_names(codes, outcome), Field.DAY)}
    try:
        draft_decision(services_of(request).office, member, case_id, _stated(outcome, codes, texts))
    except ProcedureError as error:
        if error.code in _CARDS_OWN or error.field == "codes":
            raise
        problem = Problem(error.field, error.text(language_of(request)))
        page = _draft_page(request, member, case_id, outcome, codes, texts, problem)
        return render_for_staff(request, member, page, status=422)
    return RedirectResponse(f"/office/cases/{case}#decision", status_code=303)


@router.post("/cases/{case}/approval")
def approve(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Approve the draft that was shown. Raises AccessError, ProcedureError."""
    check_form(request, form, session_token(request))
    number = form.text("draft")
    seen = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    approve_decision(services_of(request).office, session.staff, CaseId(case), seen)
    return RedirectResponse(f"/office/cases/{case}#decision", status_code=303)


@router.post("/cases/{case}/correction")
def correct(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Append a correction; mistakes are shown at their fields on the card."""
    check_form(request, form, session_token(request))
    member, case_id = session.staff, CaseId(case)
    action = next((each for each in CORRECTIONS if each == form.text("step")), None)
    if action is None:
        raise ProcedureError("step_unlisted")
    typed = {field.value: _lines(form.text(field)) for field in Field}
    try:
        correct_dates(services_of(request).office, member, case_id, action, _corrected(action, typed))
    except ProcedureError as error:
        if error.code in _CARDS_OWN:
            raise
        problem = Problem(f"{action}-{error.field}", error.text(language_of(request)))
        return _card_again(request, member, case_id, problem, typed={action: typed})
    return RedirectResponse(f"/office/cases/{case}#decision", status_code=303)


def _card_again(
    request: Request,
    member: StaffMember,
    case: CaseId,
    problem: Problem,
    typed: Mapping[Action, Mapping[str, str]] | None = None,
) -> Response:
    return render_for_staff(request, member, card_page(request, member, case, problem, typed=typed), status=422)


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text)
    except ValueError as error:
        raise ProcedureError("outcome_missing", Field.OUTCOME) from error


def _names(codes: tuple[str, ...], outcome: Outcome) -> tuple[str, ...]:
    """Return the names of the text fields that a draft has."""
    if outcome is Outcome.TAKE_UP:
        return ()
    return tuple(f"{name}-{language}" for language in languages_needed(codes) for name in _TEXTS)


def _suggested(codes: tuple[str, ...]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for language in languages_needed(codes):
        words = template(codes, language)
        texts |= {f"not_met-{language}": words.not_met, f"cure-{language}": words.cure}
    return texts


def _lines(text: str) -> str:
    """Return text with the line ends that browsers send made plain."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _stated(outcome: Outcome, codes: tuple[str, ...], texts: Mapping[str, str]) -> Stated:
    needed = languages_needed(codes) if outcome is Outcome.DECLINE else ()
    words = {each: ReasonWords(texts[f"not_met-{each}"], texts[f"cure-{each}"]) for each in needed}
    day = day_of(texts[Field.DAY], Basis.EFFECTIVE)
    return Stated(day=day, outcome=outcome, codes=codes if outcome is Outcome.DECLINE else (), words=words)


def _corrected(action: Action, typed: Mapping[str, str]) -> Stated:
    basis = Basis.EFFECTIVE if action is Action.CORRECT_DECISION else Basis.RECEIVED
    day = None if action is Action.NOTE_CLOCK else day_of(typed[Field.DAY], basis)
    return Stated(day=day, reference=typed[Field.REFERENCE], reason=typed[Field.REASON], note=typed[Field.NOTE])


def _draft_page(
    request: Request,
    member: StaffMember,
    case: CaseId,
    outcome: Outcome,
    codes: tuple[str, ...],
    texts: Mapping[str, str],
    *problems: Problem,
) -> DecisionPage:
    card = show_card(services_of(request).office, member, case)
    languages = languages_needed(codes) if outcome is Outcome.DECLINE else ()
    facility = str(card.about.get("facility", "")) or t(language_of(request), N_("Case"))
    return DecisionPage(case, facility, outcome, codes, languages, texts, MOST_WORDS, problems)
