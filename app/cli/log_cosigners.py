"""`resguardo log cosigners` and `resguardo log policy`: who cosigns the portal's log, and the file that says so."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.moments import day_and_time
from app.cli.terminal import OK, TAMPERED, note, out, out_json, reported
from app.config import cosigning_policy, read_settings
from app.domain.cosigners import Alarm, CosignerState, Outcome
from app.domain.moments import rfc3339
from app.i18n import LANGUAGES, N_
from app.store.keyring import read_keyring
from app.wiring import cosigners_and_alarms
from crypto.log.policy import PolicyLog

OUTCOMES = {
    Outcome.COSIGNED: N_("cosigned"),
    Outcome.OTHER_SIZE: N_("asks for a proof from another size than it says itself"),
    Outcome.ROLLBACK: N_("ALARM: it knows more entries of this log than this portal has"),
    Outcome.FORK: N_("ALARM: it knows another history of this log"),
    Outcome.UNKNOWN_LOG: N_("does not know this log: give its operator the log's verifier key"),
    Outcome.UNKNOWN_KEY: N_("knows this log under another key"),
    Outcome.REFUSED: N_("refused the request"),
    Outcome.BAD_ANSWER: N_("answered with something else than a cosignature by a key of the policy"),
    Outcome.UNREACHABLE: N_("did not answer"),
}


@click.command("cosigners", cls=Verb, help=N_("Say who cosigned the log and when, and what was refused."))
@option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def cosigners(*, data: Path | None, lang: str | None, as_json: bool) -> None:
    """Show each cosigner's state; leave with 1 where one of them raised an alarm."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        states, alarms = cosigners_and_alarms(read_settings(data=data))
    if as_json:
        out_json({"cosigners": [_plain(state) for state in states], "alarms": [_plain_alarm(each) for each in alarms]})
    else:
        _tell(states, alarms)
    raise click.exceptions.Exit(TAMPERED if alarms else OK)


def _plain(state: CosignerState) -> dict[str, object]:
    when = rfc3339(state.time) if state.time else None
    return {"address": state.address, "size": state.size, "time": when, "outcome": state.outcome, "told": state.told}


def _plain_alarm(alarm: Alarm) -> dict[str, object]:
    kept = {"size": alarm.size, "told": alarm.told, "checkpoint": alarm.checkpoint}
    return {"address": alarm.address, "kind": alarm.outcome, "time": rfc3339(alarm.at), **kept}


def _tell(states: Sequence[CosignerState], alarms: Sequence[Alarm]) -> None:
    for state in states:
        out(f"{state.address}: {say(OUTCOMES[state.outcome])}")
        if state.time:
            moment = day_and_time(rfc3339(state.time))
            out("  " + say(N_("Last cosigned: {size} entries, {time}"), size=state.size, time=moment))
    if not states:
        out(say(N_("No cosigner was asked yet. See RESGUARDO_COSIGNERS in the operator's guide.")))
    for alarm in alarms:
        moment = day_and_time(rfc3339(alarm.at))
        words = N_("{time}: {address} refused {size} entries, it knows {told}. {what}")
        what = say(OUTCOMES[alarm.outcome])
        note(say(words, time=moment, address=alarm.address, size=alarm.size, told=alarm.told, what=what))
    if alarms:
        note(say(N_("Stop, keep everything, and compare with the cosigner's evidence before anything goes on.")))


@click.command("policy", cls=Verb, help=N_("Print the policy file for petitioners and auditors."))
@option("--data", type=click.Path(path_type=Path, file_okay=False), help=N_("Where the portal keeps its data."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
def policy(*, data: Path | None, lang: str | None) -> None:
    """Print the log's key with the cosigners and the quorum of the settings."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=False):
        settings = read_settings(data=data)
        keyring = read_keyring(settings.data)
        own = PolicyLog(keyring.log.vkey, f"{settings.url}/log" if settings.url else "")
        made = replace(cosigning_policy(settings), logs=(own,))
    out(made.to_text().rstrip("\n"))
    note(say(N_("Hand it out by ways that this portal does not control: on paper, at the cosigners, at a union.")))
