"""`resguardo retention`: announce and destroy what the schedule says; without `--run` it only shows."""

import json
from datetime import date
from pathlib import Path

import click

from app.cli.access import clock
from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.terminal import note, out, reported
from app.config import Settings, read_settings
from app.domain.deadlines import legal_day
from app.domain.entities import Stage
from app.domain.ports import Face
from app.domain.retention import WARNING_DAYS, Plan
from app.i18n import LANGUAGES, N_
from app.usecases.destroy_cases import announce, destroy, finish, plan_retention
from app.wiring import assemble, prepare


@click.command("retention", cls=Verb, help=N_("Announce and destroy cases whose time is over, by the schedule."))
@option("--run", "running", is_flag=True, help=N_("Do it. Without it, only what is due is shown."))
@option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(*, running: bool, data: Path | None, lang: str | None, as_json: bool) -> None:
    """Show, or announce and destroy, what the schedule says."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        settings = read_settings(data=data)
        today = legal_day(int(clock()))
        plans, done = _work(settings, today, running=running)
    rows = [_row(plan, today, destroyed=plan in done) for plan in plans]
    if as_json:
        out(json.dumps(rows))
        return
    for row in rows:
        out(f"{row['case']}  {row['rule']:<18} {row['day']}  {say(_WORDS[row['state']])}")
    if not rows:
        out(say(N_("No case has a time at which it ends.")))
    if not running:
        words = N_("Nothing was done. With --run: announce, and destroy what was announced {days} days before.")
        note(say(words, days=WARNING_DAYS))


_WORDS = {
    "kept": N_("kept until then"),
    "to_announce": N_("to be announced"),
    "announced": N_("announced"),
    "due": N_("to be destroyed"),
    "destroyed": N_("destroyed"),
}


def _work(settings: Settings, today: date, *, running: bool) -> tuple[list[Plan], list[Plan]]:
    schedule = {Stage.DECLINED: settings.keep_declined, Stage.WITHDRAWN: settings.keep_withdrawn}
    prepare(settings)
    assembly = assemble(settings, [Face.PETITIONER], publisher=False)
    try:
        portal = assembly.petitioner
        plans = plan_retention(portal, schedule, today)
        if not running:
            return plans, []
        finish(portal)
        announce(portal, plans, today)
        done = [plan for plan in plans if plan.is_due(today) and destroy(portal, plan) is not None]
        left = plan_retention(portal, schedule, today)
        return [*left, *done], done
    finally:
        assembly.close()


def _row(plan: Plan, today: date, *, destroyed: bool) -> dict[str, str]:
    day = max(plan.day, plan.announced.day) if plan.announced else plan.day
    if destroyed:
        state = "destroyed"
    elif plan.is_due(today):
        state = "due"
    elif plan.announced:
        state = "announced"
    else:
        state = "to_announce" if plan.is_to_announce(today) else "kept"
    return {"case": plan.case, "rule": plan.rule, "day": day.isoformat(), "state": state}
