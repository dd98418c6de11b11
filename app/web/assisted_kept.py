"""What travels between the pages of assisted intake: everything, in one hidden field, because the server keeps nothing.

It is the person's own text, and is read like anything typed: bounded, checked against the questions, and looked through
again before it is filed. So it is neither signed nor encrypted. That a form belongs to the browser that sends it is the
form token's part (csrf.py): without it another site could have somebody file under words which that site knows.

What it means on a phone that others use: the browser holds these pages until its window is closed. `no-store` keeps
them from its disk; leaving by our own link takes the form's cookie away, so that going back sends nothing any more.
"""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationError

from app.domain.assisted_form import BY_NAME, LONGEST_STORY, Answers, Step
from app.domain.errors import AssistedError
from app.domain.filing import Decision
from app.i18n import LANGUAGES
from app.web.bodies import Strict
from app.web.forms import Form

KEY_BYTES = 32

Name = Annotated[str, StringConstraints(max_length=64)]
Said = Annotated[str, StringConstraints(max_length=2 * LONGEST_STORY)]
Texts = dict[Name, Said]


class Begun(Strict):
    """What was drawn when the petition was first looked through: words, preparation, and the filing's own key."""

    words: Annotated[str, StringConstraints(max_length=1024), Field(repr=False)]
    preparation: Annotated[str, StringConstraints(max_length=128), Field(repr=False)]
    key: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$"), Field(repr=False)]
    language: Annotated[str, StringConstraints(pattern=f"^({'|'.join(LANGUAGES)})$")]


class Kept(Strict):
    """All answers so far, all decisions, and what was begun."""

    texts: Annotated[Texts, Field(max_length=100, repr=False)] = Field(default_factory=dict)
    chosen: Annotated[dict[Name, tuple[Name, ...]], Field(max_length=20, repr=False)] = Field(default_factory=dict)
    entries: Annotated[dict[Name, tuple[Texts, ...]], Field(max_length=20, repr=False)] = Field(default_factory=dict)
    visited: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    begun: Annotated[Begun | None, Field(repr=False)] = None
    decisions: Annotated[dict[str, Decision], Field(max_length=2000, repr=False)] = Field(default_factory=dict)
    copied: bool = False
    """Whether the words were typed back."""

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what a page carried. Raises AssistedError: assisted_form."""
        if not text:
            return cls()
        try:
            kept = cls.model_validate_json(text)
        except ValidationError:
            kept = None
        if kept is None:
            raise AssistedError("assisted_form")
        kept.answers.check()
        return kept

    @property
    def answers(self) -> Answers:
        """What was answered."""
        return Answers(self.texts, self.chosen, self.entries)

    def text(self) -> str:
        """Return what the next page carries."""
        return self.model_dump_json(exclude_defaults=True)

    def with_answers(self, **changed: object) -> Self:
        """Return a copy with other answers; what was decided about the old texts does not count for new ones."""
        return self.model_copy(update={**changed, "decisions": {}})

    def saved(self, place: str, form: Form) -> Self:
        """Return a copy with the answers that a page brought; `place` is the step, with `.2` for its second entry."""
        step, number = step_of(place)
        if step is None:
            return self
        texts, chosen = _typed(step, form)
        seen = self.model_copy(update={"visited": (*(name for name in self.visited if name != step.name), step.name)})
        if not step.most:
            texts = {**{name: text for name, text in self.texts.items() if name not in step.names}, **texts}
            chosen = {**self.chosen, **chosen}
            changed = (texts, chosen) != (self.texts, self.chosen)
            return seen.with_answers(texts=texts, chosen=chosen) if changed else seen
        return seen.with_entry(step, number, texts) if number else seen

    def without(self, step: Step, number: int) -> Self:
        """Return a copy without one entry of a list."""
        left = [entry for place, entry in enumerate(self.entries.get(step.name, ()), 1) if place != number]
        return self.with_answers(entries={**self.entries, step.name: tuple(left)})

    def entry(self, step: Step, number: int) -> Mapping[str, str]:
        """Return one entry of a list, empty if it is a new one."""
        entries = self.entries.get(step.name, ())
        return entries[number - 1] if 0 < number <= len(entries) else {}

    def with_entry(self, step: Step, number: int, texts: Mapping[str, str]) -> Self:
        """Return a copy with one entry of a list written anew, or added where the number is a new one."""
        entries = list(self.entries.get(step.name, ()))
        if texts == self.entry(step, number):
            return self
        if number <= len(entries):
            entries[number - 1] = dict(texts)
        elif len(entries) < step.most:
            entries.append(dict(texts))
        return self.with_answers(entries={**self.entries, step.name: tuple(entries)})


def step_of(place: str) -> tuple[Step | None, int]:
    """Return the step of a place such as `story` or `witness.2`, and the number of the entry or 0."""
    name, _, number = place.partition(".")
    return BY_NAME.get(name), int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0


def _typed(step: Step, form: Form) -> tuple[Texts, dict[str, tuple[str, ...]]]:
    texts, chosen = {}, {}
    for question in step.questions:
        if question.kind == "many":
            chosen[question.name] = form.many(question.name)
        elif text := form.text(question.name).replace("\r\n", "\n"):
            texts[question.name] = text
    return texts, chosen
