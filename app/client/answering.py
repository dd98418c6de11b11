"""Which question an answer is for, as the holder says or as there is only one; everything else is refused in words."""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from app.client.errors import ClientError
from app.client.messages import OfficeQuestion
from app.i18n import N_


class AnswerError(ClientError):
    """An answer that has no question to go to; nothing was sent."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "no_question": N_("No question of the office is open. Nothing was sent."),
        "several_questions": N_("Several questions are open: {numbers}. Say which with --question. Nothing was sent."),
        "several_answers": N_(
            "Several questions are answered: {numbers}. Say which with --question. Nothing was sent."
        ),
        "question_unknown": N_("There is no question {number}: see “resguardo messages”. Nothing was sent."),
        "question_answered": N_(
            "Question {number} is answered already. If a name slipped into the answer, send a corrected one with "
            "--slip: it takes the place of the first one, which is destroyed. Nothing was sent."
        ),
        "question_over": N_("Question {number} waits no more: it was taken back, or ended. Nothing was sent."),
        "nothing_to_correct": N_(
            "There is no answer to question {number} yet. Leave out --slip to give one. Nothing was sent."
        ),
        "no_answer_yet": N_("No question of the office is answered yet, so there is nothing to correct."),
        "both_from_input": N_("The answer and the words cannot both come from standard input."),
    }


def choose(
    questions: Sequence[OfficeQuestion], answered: Collection[int], number: int | None, *, slip: bool
) -> OfficeQuestion:
    """Return the question that is to be answered; `answered` are those for which the case has an answer.

    Raises:
        AnswerError: there is none, it is not clear which, or it does not wait for one.
    """
    fits = [each for each in questions if (each.number in answered if slip else each.is_open)]
    if number is None:
        return _only(fits, slip=slip)
    found = next((each for each in questions if each.number == number), None)
    if found is None:
        raise AnswerError("question_unknown", number=number)
    if found not in fits:
        raise AnswerError(_reason(found, answered, slip=slip), number=number)
    return found


def _only(fits: Sequence[OfficeQuestion], *, slip: bool) -> OfficeQuestion:
    if not fits:
        raise AnswerError("no_answer_yet" if slip else "no_question")
    if len(fits) > 1:
        numbers = ", ".join(str(each.number) for each in fits)
        raise AnswerError("several_answers" if slip else "several_questions", numbers=numbers)
    return fits[0]


def _reason(found: OfficeQuestion, answered: Collection[int], *, slip: bool) -> str:
    if slip:
        return "nothing_to_correct"
    return "question_answered" if found.number in answered else "question_over"
