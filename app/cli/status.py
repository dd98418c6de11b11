"""`resguardo status CODE`: where a case stands, in plain words, from a statement that the portal signed."""

from pathlib import Path

import click

from app.cli.access import reach
from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.moments import day
from app.cli.terminal import note, out, out_json, reported
from app.client.case import CaseFile
from app.client.portal import check_pinned, fetch_portal
from app.client.status import Status, fetch_status
from app.i18n import LANGUAGES, N_

STAGES = {
    "RECEIVED": N_("Received. The petition is in custody and has not been decided."),
}
DEPLOYMENTS = {
    "office": N_("This portal is run by the office that decides."),
    "custodian": N_(
        "This is not the official channel: {portal} keeps the petition and its secrets. "
        "The official clock starts when the official office receives it."
    ),
}
_TODAY = N_(
    "The signature was checked with the key that the portal shows today. Add --case to check with yours."
)


@click.command("status", cls=Verb, help=N_("Where a case stands, by its status code."))
@click.argument("code")
@option("--portal", required=True, help=N_("Address of the portal, such as https://resguardo.example."))
@option("--portal-key", "pinned", multiple=True, help=N_("Key that the portal must show, as it was given to you."))
@option("--case", "folder", type=click.Path(path_type=Path), help=N_("Case folder whose keys must have signed."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    code: str, portal: str, pinned: tuple[str, ...], folder: Path | None, lang: str | None, *, as_json: bool
) -> None:
    """Show a status."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json), reach(portal) as transport:
        if folder is not None:
            vkey = CaseFile.load(folder).statement_vkey
        else:
            keys = fetch_portal(transport)
            check_pinned(keys, pinned)
            vkey = keys.statement_vkey
        status = fetch_status(transport, code, [vkey])
    if as_json:
        out_json(status.plain())
    else:
        _tell(status, pinned=bool(folder or pinned))


def _tell(status: Status, *, pinned: bool) -> None:
    out(say(STAGES.get(status.stage, N_("Stage: {stage}.")), stage=status.stage))
    out(say(N_("Since {day}."), day=day(status.since)))
    if status.due is None:
        out(say(N_("No deadline is running.")))
    elif status.overdue:
        out(say(N_("Answer was due on {day}: overdue."), day=day(status.due)))
    else:
        out(say(N_("Answer is due by {day}."), day=day(status.due)))
    out(say(N_("Reasons given: {reasons}."), reasons=", ".join(status.reasons) or say(N_("none so far"))))
    if status.deployment in DEPLOYMENTS:
        out(say(DEPLOYMENTS[status.deployment], portal=status.portal))
    if not pinned:
        note(say(_TODAY))
