"""Settling the redaction at the keyboard: each place with its surroundings and its reason, one decision at a time."""

from collections.abc import Sequence
from typing import Any

import click

from app.cli.language import say
from app.cli.terminal import confirm, is_interactive, note
from app.client.errors import ReviewError
from app.client.transport import printable
from app.domain.filing.review import DETAIL, LESS, PERSON, Decision, Finding, Review, Settled, whole_name
from app.domain.filing.review import OTHER as OTHER_PERSON
from app.domain.paths import parse_path
from app.domain.redaction import KnownIdentity
from app.i18n import N_

HIDE, KEEP, HIDE_ALIKE, KEEP_ALIKE, BACK, STOP = "1", "2", "3", "4", "0", "q"
OTHER, OTHER_ALIKE, NAMED, WORDED, SETTLED = "5", "6", "7", "8", "s"
_AROUND = 70
_LONGEST = 1_000_000


def settle(review: Review, *, careful: bool) -> Settled:
    """Return the petition as a person settled it, or by the careful choice.

    Raises:
        ReviewError: there is something to decide and nobody to ask, or the person stopped.
    """
    certain = len(review.findings) - len(review.open)
    note(say(N_("Hidden for certain: {certain} places. To decide: {open}."), certain=certain, open=len(review.open)))
    if careful:
        return review.settle(careful=True)
    waiting = len(review.open) + len(review.sign_offs)
    if waiting and not is_interactive():
        _list(review)
        raise ReviewError("review_open", count=waiting)
    dialogue = _Dialogue(review)
    if not review.open and certain and is_interactive():
        dialogue.offer()
    return _sign_off(review, dialogue.decide(), dialogue.otherwise)


def _list(review: Review) -> None:
    """Say where something is open; not what stands there, since this output may land in a log."""
    for finding in review.open:
        note(f"  {finding.path}: {say(finding.reason)}")
    for path in review.sign_offs:
        note(f"  {path}: {say(N_('to be read and signed off'))}")


class _Dialogue:
    """Goes through the open findings; every answer can be taken back."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._open = review.open
        self._decisions: dict[str, Decision] = {}
        self.otherwise: dict[str, str] = {}
        """What was said of marks, settled ones too, as `Review.settle` takes it."""
        self._steps: list[tuple[dict[str, Decision], dict[str, str]]] = []

    def decide(self) -> dict[str, Decision]:
        """Return a decision for every open finding."""
        while waiting := [finding for finding in self._open if finding.id not in self._decisions]:
            finding = waiting[0]
            alike = [other for other in waiting if self._is_alike(other, finding)]
            self._show(finding, len(self._open) - len(waiting) + 1, len(alike))
            self._take(self._ask(finding, len(alike)), finding, alike)
        return self._decisions

    def _is_alike(self, one: Finding, other: Finding) -> bool:
        return one.kind == other.kind and self._review.quote(one).casefold() == self._review.quote(other).casefold()

    def _show(self, finding: Finding, number: int, alike: int) -> None:
        text = self._review.texts[finding.path]
        before = printable(text[max(0, finding.start - _AROUND) : finding.start], _AROUND)
        after = printable(text[finding.end : finding.end + _AROUND], _AROUND)
        marked = click.style(printable(self._review.quote(finding), 400), bold=True, reverse=True)
        note()
        note(f"{number}/{len(self._open)} · {finding.path}")
        note(f"  …{before}[{marked}]{after}…")
        note("  " + say(N_("Why: {reason}"), reason=say(finding.reason)))
        choices = [say(N_("1 hide")), say(N_("2 keep"))]
        if alike > 1:
            choices += [say(N_("3 hide all {count} like it"), count=alike), say(N_("4 keep all {count}"), count=alike)]
        if finding.person:
            choices += [say(N_("5 hide: it is another person"))]
            choices += [say(N_("6 hide all {count}: another person"), count=alike)] if alike > 1 else []
        choices += [f"{mark} {self._is(person)}" for mark, person in self._named(finding).items()]
        worded = self._review.less_exact(finding)
        choices += [say(N_("8 less exact: “{words}”"), words=worded)] if worded else []
        note(
            "  "
            + " · ".join(
                [*choices, say(N_("s change what is settled")), say(N_("0 back")), say(N_("q stop, nothing is sent"))]
            )
        )

    def _named(self, finding: Finding) -> dict[str, KnownIdentity]:
        """Return the people whom it may mean, by what is typed for them: `7`, `71`, `72`."""
        people = self._review.candidates(finding)
        return {f"{NAMED}{place or ''}": person for place, person in enumerate(people[:10])}

    def _is(self, person: KnownIdentity) -> str:
        return say(N_("it is {name}"), name=printable(whole_name(person), 200))

    def _ask(self, finding: Finding, alike: int) -> str:
        choices = [HIDE, KEEP, *([HIDE_ALIKE, KEEP_ALIKE] if alike > 1 else []), SETTLED, BACK, STOP]
        choices += [*([OTHER, *([OTHER_ALIKE] if alike > 1 else [])] if finding.person else []), *self._named(finding)]
        choices += [WORDED] if self._review.less_exact(finding) else []
        while True:
            answer = str(click.prompt("  >", default=HIDE, show_default=True, err=True)).strip().lower()
            if answer in choices:
                return answer

    def _take(self, answer: str, finding: Finding, alike: Sequence[Finding]) -> None:
        if answer == STOP:
            raise ReviewError("stopped")
        if answer == BACK:
            if self._steps:
                self._decisions, self.otherwise = self._steps.pop()
            return
        if answer == SETTLED:
            self._change()
            return
        chosen = alike if answer in {HIDE_ALIKE, KEEP_ALIKE, OTHER_ALIKE} else [finding]
        decision: Decision = "keep" if answer in {KEEP, KEEP_ALIKE} else "redact"
        if decision == "keep" and not self._sure(finding):
            return
        self._remember()
        self._decisions.update({item.id: decision for item in chosen})
        if answer in {OTHER, OTHER_ALIKE}:
            number = self._next_other()
            self.otherwise.update({item.id: f"{OTHER_PERSON}{number}" for item in chosen})
        elif answer == WORDED:
            self.otherwise[finding.id] = f"{LESS}{self._review.less_exact(finding)}"
        elif answer.startswith(NAMED):
            self.otherwise[finding.id] = f"{PERSON}{self._named(finding)[answer].id}"

    def _remember(self) -> None:
        self._steps.append((dict(self._decisions), dict(self.otherwise)))

    def _next_other(self) -> int:
        taken = [
            int(said.removeprefix(OTHER_PERSON)) for said in self.otherwise.values() if said.startswith(OTHER_PERSON)
        ]
        return max(taken, default=0) + 1

    def _sure(self, finding: Finding) -> bool:
        """Say what would be read before part of a known person's name stays."""
        names = [printable(whole_name(person), 200) for person in self._review.candidates(finding)]
        if not names:
            return True
        note(
            "  "
            + say(N_("It is part of a name on your list: {names}. The government would read:"), names=", ".join(names))
        )
        note(f"  …{self._around(finding)}…")
        return confirm(say(N_("May it be read?")))

    def _around(self, finding: Finding) -> str:
        text = self._review.texts[finding.path]
        return printable(text[max(0, finding.start - _AROUND) : finding.end + _AROUND], 3 * _AROUND)

    def offer(self) -> None:
        """Ask whether something of what is settled shall be changed."""
        if confirm(say(N_("Everything was settled. Look at it, to change something?"))):
            self._change()

    def _change(self) -> None:
        """Change what is settled, place by place, until nothing more is named."""
        settled = [one for one in self._review.findings if not one.open or one.id in self._decisions]
        while True:
            for number, finding in enumerate(settled, 1):
                note(f"  {number} · {printable(self._review.quote(finding), 60)} · {self._state(finding)}")
            answer = str(click.prompt(say(N_("Which one? Its number, or 0 to go on")), default="0", err=True)).strip()
            if not answer.isdecimal() or not 0 < int(answer) <= len(settled):
                return
            self._change_one(settled[int(answer) - 1])

    def _state(self, finding: Finding) -> str:
        if self.otherwise.get(finding.id, self._decisions.get(finding.id)) == "keep":
            return say(N_("stays"))
        said = self.otherwise.get(finding.id, "")
        people = {f"{PERSON}{person.id}": person for person in self._review.people}
        if said in people:
            return self._is(people[said])
        if said.startswith(LESS):
            return printable(said.removeprefix(LESS), 60)
        return say(N_("another person")) if said.startswith(OTHER_PERSON) else say(N_("hidden"))

    def _change_one(self, finding: Finding) -> None:
        ways: dict[str, str] = {}
        if finding.person:
            ways = {f"{PERSON}{person.id}": self._is(person) for person in self._review.people}
            ways[f"{OTHER_PERSON}{self._next_other()}"] = say(N_("another person"))
        ways |= {DETAIL: say(N_("hidden, without saying who or what")), "": say(N_("as it was found"))}
        if self._review.may_stay(finding):
            ways["keep"] = say(N_("it stays"))
        for number, words in enumerate(ways.values(), 1):
            note(f"    {number} {words}")
        answer = str(click.prompt("  >", default="0", err=True)).strip()
        if not answer.isdecimal() or not 0 < int(answer) <= len(ways):
            return
        way = [*ways][int(answer) - 1]
        if way == "keep" and not self._sure(finding):
            return
        self._remember()
        self.otherwise.pop(finding.id, None)
        if finding.open:
            self._decisions[finding.id] = "keep" if way == "keep" else "redact"
        if way:
            self.otherwise[finding.id] = way


def _sign_off(review: Review, decisions: dict[str, Decision], otherwise: dict[str, str]) -> Settled:
    """Show each text that its author flagged as the office will read it, and have it signed off."""
    settled = review.settle(decisions, signed_off=review.sign_offs, otherwise=otherwise)
    for path in review.sign_offs:
        note()
        note(say(N_("This is what the office will read of {path}:"), path=path))
        note()
        for line in _shown(settled, path).split("\n"):
            note(f"  {printable(line, _LONGEST)}")
        note()
        note(say(N_("Could your employer tell from it who somebody is?")))
        if not confirm(say(N_("May this text go out as it stands?"))):
            raise ReviewError("stopped")
    return settled


def _shown(settled: Settled, path: str) -> str:
    """Return what the record says at a path of the petition; nothing where the record leaves it out."""
    value: Any = settled.record
    try:
        for step in parse_path(path):
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return ""
    return value if isinstance(value, str) else ""
