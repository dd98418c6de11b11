"""From a case's standing to what pages show of it: clock, answer with its words, what was put right."""

from collections.abc import Mapping
from datetime import date

from app.domain import standing as domain
from app.domain.places import Spot
from app.domain.procedure import TABLE, Action, Field
from app.domain.questions import Question, QuestionState, waiting
from app.domain.reasons import codes_for
from app.i18n import LANGUAGES
from app.usecases.correct_dates import CORRECTIONS
from app.usecases.show_procedure import Procedure
from app.web.contexts.procedure import Change, Decision, PlaceView, QuestionView, StepForm, WaitingQuestion, Words
from app.web.contexts.procedure import Procedure as ProcedureView

_FIELDS: Mapping[Action, tuple[str, ...]] = {
    row.action: tuple(field.value for field in row.fields) for row in TABLE if row.action in CORRECTIONS
}


def view_of(found: Procedure, deployment: str, typed: Mapping[Action, Mapping[str, str]]) -> ProcedureView:
    """Return what the card shows of the procedure; `typed` is what a refused form held, by step."""
    standing = found.standing
    return ProcedureView(
        reference=standing.reference,
        decision=decision_of(standing.decision),
        draft=decision_of(standing.draft.decision) if standing.draft else None,
        draft_number=standing.draft.seq if standing.draft else 0,
        may_approve=found.may_approve,
        codes=codes_for(deployment) if Action.DRAFT in found.steps else (),
        forms=tuple(_form(step, typed.get(step, {})) for step in found.steps if step in CORRECTIONS),
        changes=changes_of(standing),
        questions=tuple(question_of(each) for each in reversed(standing.questions)),
        may_ask=Action.ASK in found.steps,
    )


def question_of(found: Question) -> QuestionView:
    """Return a question as pages of the office show it."""
    return QuestionView(
        number=found.number,
        language=found.language,
        paragraphs=paragraphs(found.text),
        asked=found.asked,
        until=found.until,
        state=found.state,
        is_open=found.is_open,
        read=found.read,
        closed=found.closed,
        flag=place_of(found.flag.spot) if found.flag else None,
        holds=found.is_open and found.flag is not None and found.flag.hold,
    )


def place_of(spot: Spot) -> PlaceView:
    """Return a place as pages show it."""
    _, _, version = spot.record.partition("/")
    return PlaceView(int(version or 0), spot.copy, spot.page, spot.across, spot.down, spot.part)


def waiting_of(standing: domain.Standing) -> WaitingQuestion | None:
    """Return the question that waits for the petitioner, as the status page says it."""
    found = waiting(standing.questions)
    if found is None:
        return None
    return WaitingQuestion(found.number, found.asked, found.until, found.state is QuestionState.OVERDUE)


def _form(action: Action, typed: Mapping[str, str]) -> StepForm:
    return StepForm(action, _FIELDS[action], {name: typed.get(name, "") for name in Field})


def decision_of(decision: domain.Decision | None) -> Decision | None:
    """Return an answer with its words in every language that it has."""
    if decision is None:
        return None
    words = tuple(words_of(decision, language) for language in LANGUAGES if language in decision.words)
    return Decision(decision.outcome, decision.dated.day, decision.codes, tuple(each for each in words if each))


def words_of(decision: domain.Decision | None, language: str) -> Words | None:
    """Return the words of an answer in one language, or None."""
    if decision is None or language not in decision.words:
        return None
    found = decision.words[language]
    return Words(language, paragraphs(found.not_met), paragraphs(found.cure))


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the lines of a text that are not empty."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def changes_of(standing: domain.Standing) -> tuple[Change, ...]:
    """Return what was put right, the newest last."""
    return tuple(
        Change(each.what, _day(each.before), _day(each.now), each.role, each.reason, each.recorded)
        for each in standing.corrections
    )


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
