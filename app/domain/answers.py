"""An answer to the office's question as a step of the procedure, in the transaction that brings its record.

Whoever holds the case answers an open question once. To take back what slipped, a later version replaces the answer's
record and destroys the older one: that is no second answer, and makes no second step.
"""

from app.domain.chronicle import By, Chronicle, read_events
from app.domain.deadlines import legal_day
from app.domain.entities import Case, Role
from app.domain.ports import Portal, Unit
from app.domain.procedure import Action, Stated, find
from app.domain.questions import open_question, questions


def take_answer(portal: Portal, unit: Unit, case: Case, question: int, sha256: str, *, destroys: bool) -> None:
    """Append that a question is answered by the record with a hash (hex).

    `destroys` is that of the version: an answer that is there already is replaced only so. Raises ProcedureError:
    step_unlisted, question_unknown, question_closed.
    """
    events = read_events(portal, unit, case.id)
    known = any(each.action is Action.ANSWER and each.stated.question == question for each in events)
    if known and destroys:
        return
    find(Action.ANSWER, case.stage, Role.HOLDER, portal.facts.deployment, suspended=case.suspended is not None)
    open_question(questions(case.stage, events, legal_day(portal.clock())), question)
    stated = Stated(question=question, sha256=sha256)
    Chronicle(portal, unit).take(case, By(Role.HOLDER), Action.ANSWER, stated)
