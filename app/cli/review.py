"""Settling the redaction at the keyboard: each place with its surroundings and its reason, one decision at a time."""

from collections.abc import Sequence
from typing import Any

import click

from app.cli.language import say
from app.cli.terminal import confirm, is_interactive, note
from app.client.errors import ReviewError
from app.client.transport import printable
from app.domain.filing.review import Decision, Finding, Review, Settled
from app.domain.paths import parse_path
from app.i18n import N_

HIDE, KEEP, HIDE_ALIKE, KEEP_ALIKE, BACK, STOP = "1", "2", "3", "4", "0", "q"
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
    return _sign_off(review, _Dialogue(review).decide())


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
        self._steps: list[list[str]] = []

    def decide(self) -> dict[str, Decision]:
        """Return a decision for every open finding."""
        while waiting := [finding for finding in self._open if finding.id not in self._decisions]:
            finding = waiting[0]
            alike = [other for other in waiting if self._is_alike(other, finding)]
            self._show(finding, len(self._open) - len(waiting) + 1, len(alike))
            self._take(self._ask(len(alike)), finding, alike)
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
        note("  " + " · ".join([*choices, say(N_("0 back")), say(N_("q stop, nothing is sent"))]))

    def _ask(self, alike: int) -> str:
        choices = [HIDE, KEEP, *([HIDE_ALIKE, KEEP_ALIKE] if alike > 1 else []), BACK, STOP]
        while True:
            answer = str(click.prompt("  >", default=HIDE, show_default=True, err=True)).strip().lower()
            if answer in choices:
                return answer

    def _take(self, answer: str, finding: Finding, alike: Sequence[Finding]) -> None:
        if answer == STOP:
            raise ReviewError("stopped")
        if answer == BACK:
            for taken in self._steps.pop() if self._steps else []:
                del self._decisions[taken]
            return
        chosen = alike if answer in {HIDE_ALIKE, KEEP_ALIKE} else [finding]
        decision: Decision = "redact" if answer in {HIDE, HIDE_ALIKE} else "keep"
        self._decisions.update({item.id: decision for item in chosen})
        self._steps.append([item.id for item in chosen])


def _sign_off(review: Review, decisions: dict[str, Decision]) -> Settled:
    """Show each text that its author flagged as the office will read it, and have it signed off."""
    settled = review.settle(decisions, signed_off=review.sign_offs)
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
