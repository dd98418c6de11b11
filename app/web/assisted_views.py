"""The pages of assisted intake from what was said so far: words in the reader's language, answers in their places."""

from collections.abc import Iterator, Mapping
from functools import partial

from app.domain.assisted_form import BY_NAME, STEPS, Question, Step, codes_of, problems_of
from app.domain.filing import Finding, Review
from app.domain.labels import label
from app.i18n import N_, t
from app.usecases.preview_assisted import Preview
from app.web.assisted_kept import Kept
from app.web.contexts.assisted import (
    Answered,
    Asked,
    AssistedCheckPage,
    AssistedListPage,
    AssistedReviewPage,
    AssistedStepPage,
    AssistedTasksPage,
    Hidden,
    MarkChoice,
    Task,
)
from app.web.contexts.cards import Choice
from app.web.contexts.frame import Problem
from app.web.words import day

_AROUND = 70
"""Characters shown on each side of a mark."""
_NAMELESS = N_("Without a name")
UNDECIDED = N_("Decide each mark. {count} are left; the first is here.")


def tasks_page(kept: Kept, language: str) -> AssistedTasksPage:
    """Return the list of tasks with how each stands."""
    tasks = (Task(step.name, t(language, step.title), _state(step, kept)) for step in STEPS)
    return AssistedTasksPage(kept.text(), tuple(tasks))


def _state(step: Step, kept: Kept) -> str:
    if any(question.needed for question in step.questions) and not step.most:
        return "needed" if list(problems_of(step, kept.texts)) else "done"
    return "done" if step.name in kept.visited else "optional"


def step_page(kept: Kept, step: Step, number: int, language: str, problems: tuple[Problem, ...]) -> AssistedStepPage:
    """Return a page of questions; `number` is that of an entry of a list, or 0."""
    texts = kept.entry(step, number) if step.most else kept.texts
    return AssistedStepPage(
        kept=kept.text(),
        place=f"{step.name}.{number}" if number else step.name,
        back=step.name if number else "tasks",
        title=t(language, step.entry if number else step.title),
        lead="" if number else t(language, step.lead),
        questions=tuple(_asked(question, texts, kept, language) for question in step.questions),
        problems=problems,
    )


def _asked(question: Question, texts: Mapping[str, str], kept: Kept, language: str) -> Asked:
    value = texts.get(question.name, "")
    picked = kept.chosen.get(question.name, ()) if question.kind == "many" else (value,)
    words = partial(label, language, question.table) if question.table else str
    return Asked(
        name=question.name,
        words=t(language, question.words),
        hint=t(language, question.hint) if question.hint else "",
        kind=question.kind,
        sees=question.sees,
        longest=question.longest,
        value=value,
        choices=tuple(Choice(code, words(code), code in picked) for code in codes_of(question)),
    )


def list_page(kept: Kept, step: Step, language: str) -> AssistedListPage:
    """Return the page of a list."""
    entries = kept.entries.get(step.name, ())
    shown = ((number, _entry_words(entry, language)) for number, entry in enumerate(entries, 1))
    title, lead = t(language, step.title), t(language, step.lead)
    return AssistedListPage(kept.text(), step.name, title, lead, tuple(shown), len(entries) >= step.most)


def _entry_words(entry: Mapping[str, str], language: str) -> str:
    return entry.get("witness-name") or entry.get("proof-title") or t(language, _NAMELESS)


def check_page(kept: Kept, language: str, problems: tuple[Problem, ...]) -> AssistedCheckPage:
    """Return all answers."""
    sections = tuple(_answered(step, kept, language) for step in STEPS)
    return AssistedCheckPage(kept.text(), sections, problems)


def missing(kept: Kept, language: str) -> Iterator[Problem]:
    """Yield what keeps the petition from being filed."""
    for step in STEPS:
        sources = kept.entries.get(step.name, ()) if step.most else (kept.texts,)
        for texts in sources:
            for name, msgid, values in problems_of(step, texts):
                words = next(t(language, question.words) for question in step.questions if question.name == name)
                yield Problem("", f"{t(language, step.title)}: {words}. {t(language, msgid, **values)}")


def _answered(step: Step, kept: Kept, language: str) -> Answered:
    if step.most:
        entries = kept.entries.get(step.name, ())
        lines = [(str(number), _entry_words(entry, language)) for number, entry in enumerate(entries, 1)]
    else:
        lines = [
            (t(language, question.words), answer)
            for question in step.questions
            if (answer := _answer(question, kept, language))
        ]
    sealed = all(question.sees == "sealed" for question in step.questions)
    return Answered(step.name, t(language, step.title), tuple(lines), sealed)


def _answer(question: Question, kept: Kept, language: str) -> str:
    if question.kind == "many":
        return "\n".join(label(language, question.table, code) for code in kept.chosen.get(question.name, ()))
    value = kept.texts.get(question.name, "")
    if question.table and value:
        return label(language, question.table, value)
    return day(language, value) if question.kind == "month" else value


# The review


def mark_names(review: Review) -> dict[str, str]:
    """Return the id of each open mark by the name of its field."""
    return {f"mark-{place}": finding.id for place, finding in enumerate(review.open, 1)}


def review_page(kept: Kept, preview: Preview, language: str, problems: tuple[Problem, ...]) -> AssistedReviewPage:
    """Return every mark with its reason; the open ones with a choice that only a person makes."""
    review = preview.review
    names = {mark: name for name, mark in mark_names(review).items()}
    marks = tuple(_mark(names[finding.id], finding, review, kept, language) for finding in review.open)
    hidden = tuple(
        Hidden(review.quote(finding), t(language, finding.reason)) for finding in review.findings if not finding.open
    )
    left = sum(not mark.chosen for mark in marks)
    return AssistedReviewPage(kept.text(), marks, hidden, left, problems)


def _mark(name: str, finding: Finding, review: Review, kept: Kept, language: str) -> MarkChoice:
    text = review.texts[finding.path]
    return MarkChoice(
        name=name,
        before=_before(text[: finding.start]),
        quote=review.quote(finding),
        after=_after(text[finding.end :]),
        reason=t(language, finding.reason),
        chosen=kept.decisions.get(finding.id, ""),
    )


def _before(text: str) -> str:
    shown = text[-_AROUND:]
    return shown if len(text) <= _AROUND else "… " + shown.partition(" ")[2]


def _after(text: str) -> str:
    shown = text[:_AROUND]
    return shown if len(text) <= _AROUND else shown.rpartition(" ")[0] + " …"


def evidence_of(kept: Kept, language: str) -> tuple[tuple[int, str], ...]:
    """Return number and title of each entry of the evidence."""
    entries = kept.entries.get(BY_NAME["proof"].name, ())
    return tuple((number, _entry_words(entry, language)) for number, entry in enumerate(entries, 1))
