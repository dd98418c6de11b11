"""The table in docs/procedure.md, written from the code: `python -m tests.procedure_page` brings it up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.domain.entities import Role, Stage
from app.domain.procedure import STATES, TABLE, Action, Deployment, Transition
from app.domain.reasons import REASON_NAMES
from app.domain.standing import CLOCKS
from tests.matrix import lookers, roles_for

PAGE = Path(__file__).resolve().parent.parent / "docs" / "procedure.md"
ROUTES = PAGE.parent.parent / "tests" / "architecture" / "routes.txt"
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


_SHORT = {
    Role.REVIEWER: "R",
    Role.COORDINATOR: "C",
    Role.PANEL: "P",
    Role.HOLDER: "H",
    Role.PORTAL: "–",  # what the portal does by itself, nobody may ask it to
}


def _cell(each: Mapping[Deployment, Sequence[Role]]) -> str:
    short = {deployment: "".join(_SHORT[role] for role in roles).strip("–") for deployment, roles in each.items()}
    if len(set(short.values())) == 1:
        return short[Deployment.OFFICE] or "–"
    return "; ".join(f"{deployment.value}: {roles or '–'}" for deployment, roles in short.items())


def _matrix() -> list[str]:
    """Return who may do what at which stage; in brackets who may do it while access is suspended."""
    lines = [_row(["", *(stage.value for stage in Stage)]), _row(["---"] * (len(Stage) + 1))]
    for action in Action:
        cells = [_both(lambda when, s=stage, a=action: _roles_for(a, s, suspended=when)) for stage in Stage]  # type: ignore[misc]  # bound now
        lines.append(_row([f"`{action}`", *cells]))
    looks = [_both(lambda when, s=stage: dict.fromkeys(Deployment, lookers(s, suspended=when))) for stage in Stage]  # type: ignore[misc]  # bound now
    return [*lines, _row(["read the record", *looks]), _row(["read an answer", *looks])]


def _roles_for(action: Action, stage: Stage, *, suspended: bool) -> Mapping[Deployment, Sequence[Role]]:
    return {each: roles_for(action, stage, each, suspended=suspended) for each in Deployment}


def _both(cell: Callable[[bool], Mapping[Deployment, Sequence[Role]]]) -> str:
    """Return a cell, and in brackets the one of a suspended case where that differs."""
    normal, suspended = _cell(cell(False)), _cell(cell(True))
    return normal if normal == suspended else f"{normal} [{suspended}]"


def _routes() -> list[str]:
    """Return the routes that are not open to everybody, by who they let in."""
    found: dict[str, list[str]] = {}
    for line in ROUTES.read_text(encoding="utf-8").splitlines():
        method, path, access = line.split()
        found.setdefault(access, []).append(f"`{method} {path}`")
    lines = [_row(["access", "routes"]), _row(["---"] * 2)]
    return [*lines, *(_row([access, ", ".join(found[access])]) for access in sorted(found) if access != "public")]


def tables() -> str:
    """Return the tables of stages, steps, clocks and reasons in Markdown."""
    lines = ["### Stages", "", _row(["stage", "name", "entered when", "clock"]), _row(["---"] * 4)]
    for state in STATES:
        clocks = ", ".join(clock.code for clock in state.clocks) or "–"
        lines.append(_row([state.stage.value, state.name, state.entered, clocks]))
    heads = ["step", "from", "to", "who", "states", "day", "log kind", "in the open", "brings with it"]
    lines += ["", "### Steps", "", _row(heads), _row(["---"] * len(heads)), *(_step(row) for row in TABLE)]
    lines += ["", "### Who may do what, and when", "", *_matrix()]
    lines += ["", "### Routes", "", *_routes()]
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
