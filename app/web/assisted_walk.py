"""The way through the pages of assisted intake: what was sent is kept, and the next page follows from the button.

1. Answers are taken up from every button, so that nothing typed is lost by looking back; only going on checks them.
2. Words are drawn when the texts are first looked through, and stay the same from then on.
3. Nobody reaches the last page past an open mark, nor without having typed some of the words back: the page before is
   shown in its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException

from app.domain.assisted import MAX_FILE
from app.domain.assisted_form import BY_NAME, STEPS, petition_of, problems_of
from app.domain.errors import PetitionRefusedError, RoutedElsewhereError
from app.domain.filing import Decision
from app.domain.ports import Portal
from app.domain.record_view import view_of
from app.domain.redaction.normalise import fold_text
from app.i18n import N_, t
from app.usecases.prepare_assisted import prepare_assisted
from app.usecases.preview_assisted import Preview, preview_assisted
from app.web import assisted_views as views
from app.web.assisted_door import CALL, MIB
from app.web.assisted_kept import KEY_BYTES, Begun, Kept, step_of
from app.web.contexts.assisted import AssistedConfirmPage, AssistedSeenPage, AssistedTypedPage, AssistedWordsPage
from app.web.contexts.frame import Page, Problem
from app.web.forms import Form

AFTER_STEPS = ("check", "review", "seen", "words", "typed", "confirm")
ORDER = (*BY_NAME, *AFTER_STEPS)
REPEATABLE = frozenset(question.name for step in STEPS for question in step.questions if question.kind == "many")
FIELDS = 600
"""Fields of one form: a mark is one of them."""
ALL_FILES = CALL // MIB - 4
"""Megabytes of all files together: the rest of a call is for the texts."""
_WORDS_ASKED = 3
_CHOICES: Mapping[str, Decision] = {"redact": "redact", "keep": "keep"}
_WORD_WRONG = N_("This is not the word with that number. Look at your paper, or go back to the words.")


@dataclass(frozen=True)
class Walk:
    """One request's way: the portal, the reader's language, and what is kept."""

    portal: Portal
    language: str
    kept: Kept

    def turn(self, place: str, go: str, form: Form) -> Page:
        """Take up what a page sent, and return the next one. Raises HTTPException: 422 for no button of ours."""
        walk = self._with(self.kept.saved(place, form))  # 1
        if place == "review":
            walk = walk.decided(form)
        if go == "next":
            return walk.go_on(place, form)
        if go == "hide":
            return walk.decided(form, rest="redact").page("review")
        action, _, rest = go.partition(":")
        if action == "drop":
            return walk.without(rest)
        return walk.page(place if go == "stay" else go)

    def page(self, place: str, problems: tuple[Problem, ...] = ()) -> Page:
        """Return a page by its place."""
        step, number = step_of(place)
        if place == "tasks":
            return views.tasks_page(self.kept, self.language)
        if step is not None:
            if step.most and not number:
                return views.list_page(self.kept, step, self.language)
            return views.step_page(self.kept, step, number, self.language, problems)
        if place == "check":
            return views.check_page(self.kept, self.language, problems)
        if place not in AFTER_STEPS:
            raise HTTPException(422)
        return self._looked_through(place, problems)

    def _with(self, kept: Kept) -> "Walk":
        return replace(self, kept=kept)

    def go_on(self, place: str, form: Form) -> Page:
        """Return the page after one, or the same with what is wrong."""
        problems = self._problems(place, form)
        if problems:
            return self.page(place, problems)
        step, number = step_of(place)
        if step is not None and number:
            return self.page(step.name)
        if place == "typed":
            return self._with(self.kept.model_copy(update={"copied": True})).after(place)
        return self.after(place)

    def after(self, place: str) -> Page:
        """Return the page that follows a place."""
        if place not in ORDER[:-1]:
            raise HTTPException(422)
        return self.page(ORDER[ORDER.index(place) + 1])

    def without(self, entry: str) -> Page:
        """Return the page of a list without one of its entries."""
        step, number = step_of(entry)
        if step is None or not step.most:
            raise HTTPException(422)
        return self._with(self.kept.without(step, number)).page(step.name)

    def _problems(self, place: str, form: Form) -> tuple[Problem, ...]:
        step, number = step_of(place)
        if step is not None and (number or not step.most):
            texts = self.kept.entry(step, number) if number else self.kept.texts
            found = problems_of(step, texts)
            return tuple(Problem(name, t(self.language, msgid, **values)) for name, msgid, values in found)
        if place == "check":
            return tuple(views.missing(self.kept, self.language))
        if place == "typed":
            return self._mistyped(form)
        return self._undecided() if place == "review" else ()

    # The pages after the answers

    def petition(self, files: Mapping[int, str] | None = None) -> dict[str, object]:
        """Return the petition of the answers, in the language in which it was first looked through."""
        language = self.kept.begun.language if self.kept.begun else self.language
        return petition_of(self.kept.answers, language, files)

    def _looked_through(self, place: str, problems: tuple[Problem, ...]) -> Page:
        gaps = tuple(views.missing(self.kept, self.language))
        if gaps:
            return self.page("check", gaps)
        try:
            walk = self._begun()  # 2
            preview = walk.preview()
        except (PetitionRefusedError, RoutedElsewhereError) as error:
            return self.page("check", (Problem("", error.text(self.language)),))
        return walk.shown(place, preview, problems)

    def _begun(self) -> "Walk":
        if self.kept.begun is not None:
            return self
        prepared = prepare_assisted(self.portal, self.petition(), self.language, {})
        begun = Begun(
            words=" ".join(prepared.words),
            preparation=prepared.preparation,
            key=self.portal.random(KEY_BYTES).hex(),
            language=self.language,
        )
        return self._with(self.kept.model_copy(update={"begun": begun}))

    def preview(self) -> Preview:
        """Return what would be filed."""
        begun = self.kept.begun
        assert begun is not None
        return preview_assisted(
            self.portal, self.petition(), begun.language, begun.words, begun.preparation, self.kept.decisions
        )

    def shown(self, place: str, preview: Preview, problems: tuple[Problem, ...]) -> Page:
        """Return a page that needs the texts looked through."""
        kept, begun = self.kept, self.kept.begun
        assert begun is not None
        if place == "review" or preview.record is None:  # 3
            refused = preview.refusal
            if place != "review" and refused is not None and not problems:
                problems = (Problem("", refused.text(self.language)),)
            return views.review_page(kept, preview, self.language, problems)
        if place == "seen":
            return AssistedSeenPage(kept.text(), view_of(preview.record))
        if place == "words" or (place == "confirm" and not kept.copied):
            words = tuple(begun.words.split())
            return AssistedWordsPage(kept.text(), words, preview.case, preview.status_code)
        if place == "typed":
            return AssistedTypedPage(kept.text(), asked_words(begun), problems)
        evidence = views.evidence_of(kept, self.language)
        return AssistedConfirmPage(kept.text(), evidence, MAX_FILE // MIB, ALL_FILES, problems)

    # Marks and words

    def decided(self, form: Form, rest: Decision | None = None) -> "Walk":
        """Take up the choices of the review page; `rest` is what a person chose for all others at once."""
        if self.kept.begun is None:
            return self
        names = views.mark_names(self.preview().review)
        decisions = {mark: choice for name, mark in names.items() if (choice := _CHOICES.get(form.text(name)))}
        if rest is not None:
            decisions = dict.fromkeys(names.values(), rest) | decisions
        return self._with(self.kept.model_copy(update={"decisions": decisions}))

    def _undecided(self) -> tuple[Problem, ...]:
        if self.kept.begun is None:
            return ()
        names = views.mark_names(self.preview().review)
        open_marks = [name for name, mark in names.items() if mark not in self.kept.decisions]
        if not open_marks:
            return ()
        return (Problem(open_marks[0], t(self.language, views.UNDECIDED, count=len(open_marks))),)

    def _mistyped(self, form: Form) -> tuple[Problem, ...]:
        begun = self.kept.begun
        if begun is None:
            return ()
        words = begun.words.split()
        wrong = [n for n in asked_words(begun) if fold_text(form.text(f"word-{n}")) != fold_text(words[n - 1])]
        return tuple(Problem(f"word-{number}", t(self.language, _WORD_WRONG)) for number in wrong)


def asked_words(begun: Begun) -> tuple[int, ...]:
    """Return the numbers of the words to type back: the same for a petition each time, others for the next."""
    left = list(range(1, len(begun.words.split()) + 1))
    drawn = bytes.fromhex(begun.key)[:_WORDS_ASKED]
    return tuple(sorted(left.pop(byte % len(left)) for byte in drawn))
