"""`resguardo status CODE`: where a case stands, in plain words, from a statement that the portal signed."""

from pathlib import Path

import click

from app.cli.access import clock, randomness, reach
from app.cli.command import Verb, option
from app.cli.filed import followed
from app.cli.language import language, say
from app.cli.moments import day
from app.cli.terminal import note, out, out_json, reported
from app.client.case import CaseFile
from app.client.folder import write_file
from app.client.portal import check_pinned, fetch_portal
from app.client.status import Clock, Correction, Status, fetch_status
from app.client.succession import logs_of
from app.client.transport import printable
from app.domain.deadlines import legal_day
from app.domain.reasons import REASON_NAMES
from app.domain.reminders import reminder_days, reminder_file
from app.i18n import LANGUAGES, N_

STAGES = {
    "RECEIVED": N_("Received. The petition is in custody and has not been decided."),
    "FILED": N_("Filed. The official office has the petition."),
    "US_REVIEW": N_("Under review. The official office examines whether it takes the case up."),
    "REQUEST_SENT": N_("Taken up. The United States asked Mexico to review the case."),
    "WITHDRAWN": N_("Withdrawn. You took the petition back, and the office has no access to it any more."),
    "DECLINED": N_("Declined. The official office did not take the case up. You can file again with what was missing."),
}
MILESTONES = {
    "D0": N_("day of receipt"),
    "R0": N_("day of the request to Mexico"),
    "N0": N_("day of the negative answer"),
    "W0": N_("day of the withdrawal"),
    "note": N_("note on the clock"),
}
_STOPPED = "STOPPED"
_ENTRY = N_("entry")
_LONGEST = 10_000
DEPLOYMENTS = {
    "office": N_("This portal is run by the office that decides."),
    "custodian": N_(
        "This is not the official channel: {portal} keeps the petition and its secrets. "
        "The official clock starts when the official office receives it."
    ),
}
_ENDS = N_(
    "From {day} on the portal destroys this case: keys, texts, files. Export what you need before: resguardo export"
)
_TODAY = N_("The signature was checked with the key that the portal shows today. Add --case to check with yours.")


@click.command("status", cls=Verb, help=N_("Where a case stands, by its status code."))
@click.argument("code")
@option("--portal", required=True, help=N_("Address of the portal, such as https://resguardo.example."))
@option("--portal-key", "pinned", multiple=True, help=N_("Key that the portal must show, as it was given to you."))
@option("--case", "folder", type=click.Path(path_type=Path), help=N_("Case folder whose keys must have signed."))
@option(
    "--calendar",
    type=click.Path(path_type=Path),
    help=N_("Calendar file (.ics) to write, with the next days; it names no case."),
)
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    code: str,
    portal: str,
    pinned: tuple[str, ...],
    folder: Path | None,
    calendar: Path | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Show a status."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json), reach(portal) as transport:
        if folder is not None:
            case = followed(transport, CaseFile.load(folder), folder)
            vkey = logs_of(case)[-1].statement_vkey
        else:
            keys = fetch_portal(transport)
            check_pinned(keys, pinned)
            vkey = keys.statement_vkey
        status = fetch_status(transport, code, [vkey])
        if calendar is not None:
            write_file(calendar, _calendar(status))
    if as_json:
        out_json(status.plain())
        return
    tell(status, pinned=bool(folder or pinned))
    if calendar is not None:
        note(say(N_("Written: {path}"), path=calendar))


def _calendar(status: Status) -> bytes:
    today, question = legal_day(int(clock())), status.more.get("question")
    days = reminder_days(status.due, question if isinstance(question, dict) else None, today)
    return reminder_file(days, language(), today, randomness)


def tell(status: Status, *, pinned: bool) -> None:
    """Print a status in plain words; `pinned` says that its key was known before."""
    out(say(STAGES.get(status.stage, N_("Stage: {stage}.")), stage=status.stage))
    out(say(N_("Since {day}."), day=day(status.since)))
    _tell_deadline(status)
    _tell_reasons(status)
    for change in status.corrections:
        _tell_correction(change)
    _tell_question(status)
    if status.suspended:
        out(say(N_("You suspended the office's access on {day}. The deadline runs on."), day=day(status.suspended)))
    if isinstance(ends := status.more.get("destroyed_from"), str):
        out(say(_ENDS, day=day(ends)))
    if status.deployment in DEPLOYMENTS:
        out(say(DEPLOYMENTS[status.deployment], portal=status.portal))
    if not pinned:
        note(say(_TODAY))


def _tell_deadline(status: Status) -> None:
    clock = status.clock
    if status.due is None or (clock is not None and clock.state == _STOPPED):
        out(say(N_("No deadline is running.")))
        return
    if clock is not None and clock.start:
        out(say(N_("The official office received the petition on {day}."), day=day(clock.start)))
    if clock is not None and clock.end:
        out(say(N_("Answer was due on {day}; it came on {answered}."), day=day(status.due), answered=day(clock.end)))
    elif status.overdue:
        out(say(N_("Answer was due on {day}: overdue."), day=day(status.due)))
    else:
        out(say(N_("Answer is due by {day}."), day=day(status.due)))
    if clock is not None:
        _tell_clock(clock)


def _tell_clock(clock: Clock) -> None:
    if clock.rolled:
        out(say(N_("That day is on a weekend; the Monday after is {day}."), day=day(clock.rolled)))
    if clock.late:
        out(say(N_("1 day late.")) if clock.late == 1 else say(N_("{days} days late."), days=clock.late))
    if clock.left is not None:
        out(say(N_("1 day left.")) if clock.left == 1 else say(N_("{days} days left."), days=clock.left))
    if clock.note:
        out(say(N_("Note of the office: {note}"), note=_shown(clock.note)))


def _tell_reasons(status: Status) -> None:
    named = [say(REASON_NAMES[code]) if code in REASON_NAMES else code for code in status.reasons]
    out(say(N_("Reasons given: {reasons}."), reasons=", ".join(named) or say(N_("none so far"))))
    if words := status.words.get(language()):
        out(say(N_("What was not met:")))
        out(_shown(words[0]))
        out(say(N_("What would cure it:")))
        out(_shown(words[1]))


def _tell_question(status: Status) -> None:
    question = status.question
    if question is None:
        if status.more.get("question", "") is None:
            out(say(N_("No question from the office is waiting for you.")))
        return
    values = {"number": question.number, "asked": day(question.asked), "until": day(question.until)}
    if question.overdue:
        out(
            say(
                N_("Question {number} of {asked} waits; an answer was asked for by {until}. Late still counts."),
                **values,
            )
        )
    else:
        out(say(N_("Question {number} of {asked} waits for your answer until {until}."), **values))
    note(say(N_("Read it with “resguardo messages”, answer it with “resguardo answer”.")))


def _tell_correction(change: Correction) -> None:
    what = say(MILESTONES.get(change.what, _ENTRY))
    values = {"recorded": day(change.recorded), "what": what, "before": _day(change.before), "now": _day(change.now)}
    out(say(N_("Corrected on {recorded}: {what}, from {before} to {now}."), **values))
    out(say(N_("Why: {reason}"), reason=_shown(change.reason)))


def _day(text: str) -> str:
    try:
        return day(text)
    except ValueError:
        return _shown(text) or "–"


def _shown(text: str) -> str:
    return "\n".join(printable(line, _LONGEST) for line in text.split("\n"))
