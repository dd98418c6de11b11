"""The table in docs/procedure.md, written from the code: `python -m tests.procedure_page` brings it up to date."""

from __future__ import annotations

from pathlib import Path

from app.domain.procedure import STATES, TABLE, Deployment, Transition
from app.domain.reasons import REASON_NAMES
from app.domain.standing import CLOCKS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "procedure.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _who(row: Transition) -> str:
    each = {deployment: ", ".join(sorted(row.who[deployment])) for deployment in Deployment}
    if len(set(each.values())) == 1:
        return each[Deployment.OFFICE]
    return "; ".join(f"{deployment.value}: {roles}" for deployment, roles in each.items())


def _step(row: Transition) -> str:
    cells = [
        f"`{row.action}`",
        row.source.value,
        "–" if row.source is row.target else row.target.value,
        _who(row) + (" (not the drafter)" if row.second_person else ""),
        ", ".join([*(field.value for field in row.fields)]) or "–",
        row.milestone.value if row.milestone else "–",
        f"`{row.kind}`",
        row.leaf.name,
        f"`{row.follow}`" if row.follow else "–",
    ]
    return _row(cells)


def tables() -> str:
    """Return the tables of stages, steps, clocks and reasons in Markdown."""
    lines = ["### Stages", "", _row(["stage", "name", "entered when", "clock"]), _row(["---"] * 4)]
    for state in STATES:
        clocks = ", ".join(clock.code for clock in state.clocks) or "–"
        lines.append(_row([state.stage.value, state.name, state.entered, clocks]))
    heads = ["step", "from", "to", "who", "states", "day", "log kind", "in the open", "brings with it"]
    lines += ["", "### Steps", "", _row(heads), _row(["---"] * len(heads)), *(_step(row) for row in TABLE)]
    lines += ["", "### Clocks", "", _row(["clock", "from", "calendar days", "to"]), _row(["---"] * 4)]
    for clock in CLOCKS:
        lines.append(
            _row([clock.code, clock.start.value, str(clock.days), " or ".join(end.value for end in clock.ends)])
        )
    lines += ["", "### Reasons for declining", "", _row(["code", "words"]), _row(["---"] * 2)]
    lines += [_row([f"`{code}`", name]) for code, name in REASON_NAMES.items()]
    return "\n".join(lines)


def written(text: str) -> str:
    """Return the page with its tables as the code has them."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
