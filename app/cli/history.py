"""`resguardo history`: who looked at the case, when and why; every line proved on this machine."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from app.audit.quorum import MAX_AGE
from app.cli.access import clock, find_root
from app.cli.audit import progress_line
from app.cli.command import Verb, option
from app.cli.filed import at_portal, filed_case
from app.cli.language import language, say
from app.cli.moments import day_and_time
from app.cli.terminal import TAMPERED, fail, note, out, out_json, reported
from app.client.case import CaseFile
from app.client.errors import CopyError, NetworkError
from app.client.history import Finding, History, check_history
from app.client.opening import fetch_sealed, keep_sealed, open_answer, open_kept
from app.client.proofs import ProvedEntry, keep, kept, remember_newest, size_of_known
from app.client.publiclog import (
    Demand,
    Place,
    check_changes,
    check_published,
    check_rules,
    check_states,
    compare_shown,
    find_case,
    keys_of_case,
    public_log,
)
from app.client.signin import signed_in
from app.client.trust import OpenedCase
from app.domain.moments import rfc3339
from app.i18n import LANGUAGES, N_
from crypto.secret import SecretBytes

WHO = {
    "reviewer": N_("A reviewer"),
    "coordinator": N_("A coordinator of the office"),
    "panel": N_("A member of the panel"),
    "auditor": N_("An auditor"),
    "operator": N_("The portal's operator"),
    "holder": N_("Someone who holds this case"),
    "petitioner": N_("The petitioner"),
    "portal": N_("The portal"),
}
SENTENCES = {
    "petition_received": N_("The portal received the petition and signed the receipt"),
    "case_refiled": N_("{who} filed the case again: the earlier and the later one are tied together"),
    "petition_revised": N_("{who} changed the petition: version {version}"),
    "record_read": N_("{who} read the redacted record{purpose}"),
    "record_refused": N_("{who} asked for the redacted record and was refused"),
    "evidence_read": N_("{who} looked at a piece of evidence{purpose}"),
    "case_opened": N_("{who} opened the case with its key"),
    "record_read_by_holder": N_("{who} read the redacted record"),
    "openings_read": N_("{who} fetched what the access log says"),
    "acknowledged": N_("{who} entered that the official office received the petition: the clock runs"),
    "stage_changed": N_("The review by the official office began"),
    "decision_drafted": N_("{who} drafted an answer, which a second person must approve"),
    "decision_approved": N_("{who} approved the answer: it is given"),
    "correction": N_("{who} put a day right, or added a note, and said why"),
    "place_flagged": N_("{who} said that a person may be seen in what the office reads: “resguardo messages” shows it"),
    "question_asked": N_("{who} asked you a question: “resguardo messages” shows it"),
    "question_withdrawn": N_("{who} took a question back"),
    "question_answered": N_("{who} answered a question of the office"),
    "answer_read": N_("{who} read an answer{purpose}"),
    "messages_read": N_("{who} fetched the questions of the office"),
    "petition_withdrawn": N_("{who} withdrew the petition"),
    "access_suspended": N_("{who} suspended the office's access"),
    "access_restored": N_("{who} let the office back in"),
    "step_refused": N_("{who} tried a step that was not theirs, and was refused"),
    "public_released": N_("{who} gave out a public version of the petition"),
    "public_withdrawn": N_("{who} called the public version back"),
    "public_read": N_("{who} read the public version{purpose}"),
    "public_handed_on": N_("{who} wrote that the public version was handed on"),
    "notice_set": N_("{who} gave an address to be told by e-mail that something waits"),
    "notice_cleared": N_("{who} took the address for e-mail back"),
    "destruction_announced": N_("{who} announced that the case will be destroyed, because its time here is over"),
    "case_assigned": N_("{who} gave the case to somebody in the office to read"),
    "case_unassigned": N_("{who} took the case from somebody in the office"),
    "case_handed_over": N_("{who} handed the case from one person in the office to another"),
    "note_written": N_("{who} wrote a note for the office"),
    "notes_read": N_("{who} read the notes of the office"),
}
_OTHER = N_("{who}: {kind}{purpose}")
PURPOSES = {
    "REVIEW": N_(", to review it"),
    "CLARIFICATION": N_(", to ask about it"),
    "EXPORT": N_(", to export it"),
    "REPRISAL_RESPONSE": N_(", to answer a reprisal"),
    "LEGAL_ORDER": N_(", because of a legal order"),
    "AUDIT": N_(", to audit it"),
    "KEY_RECOVERY": N_(", to recover keys"),
    "CORRECTION": N_(", to correct it"),
}


@click.command("history", cls=Verb, help=N_("Who looked at your case, when and why, each line proved."))
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--log", "where", help=N_("A copy of the log, by address or folder, to search for what was not shown."))
@option("--offline", is_flag=True, help=N_("Search the copy without asking the portal."))
@option("--policy", type=click.Path(path_type=Path), help=N_("Policy file: which cosigners must have signed the log."))
@option(
    "--max-age",
    type=click.IntRange(1),
    default=MAX_AGE // 3600,
    show_default=True,
    help=N_("Hours after which a cosignature does not count."),
)
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    folder: Path,
    key: Path | None,
    where: str | None,
    offline: bool,
    policy: Path | None,
    max_age: int,
    lang: str | None,
    as_json: bool,
) -> None:
    """Show the history of a case; with `--log` or `--policy` compared with the public log."""
    del lang  # read before parsing, so that errors speak it too
    demand = Demand(int(clock()), policy, max_age * 3600, os.environ.get("RESGUARDO_PROXY"))
    with reported(as_json=as_json):
        case = filed_case(folder)
        if offline and not where:
            raise CopyError("offline")
        root = find_root(key, folder)
        before = list(kept(folder, case))
        opened, history = _kept(case, folder, root) if offline else _fetch(case, folder, root)
        if where or policy:
            history = _compared(history, opened, before, where, demand, offline=offline)
        elif history.entries:
            history = _compared_at_the_portal(history, opened, before, demand)
        for entry in history.entries:
            keep(folder, entry)
        remember_newest(folder, history.entries)
    _tell(history, as_json=as_json)


def _fetch(kept: CaseFile, folder: Path, root: SecretBytes) -> tuple[OpenedCase, History]:
    with at_portal(kept, folder) as (transport, case):
        answer = fetch_sealed(transport, case)
        try:
            opened = open_answer(case, answer, root)
        except (KeyError, TypeError, ValueError) as error:
            raise NetworkError("answer", host=transport.host) from error
        keep_sealed(folder, answer)
        with signed_in(transport, opened, clock):
            answer = transport.get_json("/api/v1/case/history")
        contradicted = transport.contradicted
    served, rules = answer.get("entries"), answer.get("signing_rules", [])
    if not isinstance(served, list) or not isinstance(rules, list):
        raise NetworkError("answer", host=transport.host)
    history = check_history(opened, folder, served, rules)
    if contradicted:
        found = (*history.findings, Finding("contradicted", size_of_known(case)))
        history = replace(history, findings=found)
    return opened, history


def _compared_at_the_portal(
    history: History, opened: OpenedCase, before: Sequence[ProvedEntry], demand: Demand
) -> History:
    """Return the history compared with the portal's own public log, where that can be read."""
    try:
        return _compared(history, opened, before, None, demand, offline=False)
    except CopyError:
        return history


def _kept(case: CaseFile, folder: Path, root: SecretBytes) -> tuple[OpenedCase, History]:
    """Return the case from what this folder keeps, and a history in which nothing was shown."""
    return open_kept(folder, case, root), History((), ())


def _compared(
    history: History,
    opened: OpenedCase,
    before: Sequence[ProvedEntry],
    where: str | None,
    demand: Demand,
    *,
    offline: bool,
) -> History:
    """Return the history with what the public log says against it (publiclog.py)."""
    shown = history.entries
    check_changes(opened.case, demand)
    with public_log(where or opened.case.url, keys_of_case(opened.case), demand) as log:
        proved = [*before, *shown]
        findings = [*history.findings, *check_states(log, proved), *check_published(log, proved, demand.now)]
        if where:
            walked = find_case(log, opened.case_log_key, len(shown) + len(before), progress_line())
            found, wrong = walked.found, walked.findings
            _tell_rules(walked.rules)
            if not offline:
                told = {index for index, _ in history.rules}
                wrong += check_rules(walked, shown, told, log.checkpoint.size)
            against = [*compare_shown(log, found, before if offline else shown)]
            if offline:  # what happened since this machine last looked is no finding, it is what one looks for
                unknown = {finding.place for finding in against if finding.code == "not_shown"}
                against = [finding for finding in against if finding.code != "not_shown"]
                _list(found, unknown)
            findings += [*wrong, *against]
            note(say(N_("{count} entries of this case are in the log, of {size}."), count=len(found),
                     size=log.checkpoint.size))  # fmt: skip
        if log.cosigned:
            note(say(N_("The policy's quorum signed it: {names}."), names=", ".join(log.cosigned)))
    return History(shown, tuple(dict.fromkeys(findings)))


def _tell_rules(rules: Sequence[tuple[int, str]]) -> None:
    """Tell what the log itself says about signed requests; what a portal begins with is no entry."""
    words = {
        "off": N_("Readers' devices sign nothing: so the log says from entry {index} on."),
        "offered": N_("Readers' devices may sign each look: so the log says from entry {index} on."),
        "required": N_("Readers' devices must sign each look: so the log says from entry {index} on."),
    }
    for index, rule in rules:
        note(say(words[rule], index=index))


def _list(found: Sequence[Place], unknown: Collection[int]) -> None:
    for place in found:
        words = N_("Entry {index} of the log, number {number} of this case, {time}")
        moment = day_and_time(rfc3339(int.from_bytes(place.entry[2:10], "big")))
        mark = " *" if place.index in unknown else ""
        note(say(words, index=place.index, number=place.number, time=moment) + mark)
    if unknown:
        note(say(N_("* not seen on this machine before: ask the portal what it was, without --offline.")))


def _tell(history: History, *, as_json: bool) -> None:
    entries = [plain(entry) for entry in history.entries]
    words = [finding.text(language()) for finding in history.findings]
    if not as_json:
        for entry in history.entries:
            signed = say(N_(" · signed by the reader's device")) if entry.signed else ""
            out(f"✓ {sentence(entry.fields)} · {day_and_time(entry.fields['time'])}{signed}")
        note()
        note(say(N_("✓ means: proved on this machine against the public log.")))
    elif not words:
        out_json(entries)
    if words:
        summary = say(N_("The history does not hold. Keep this folder: it is evidence."))
        shown = [{"code": finding.code, "place": finding.place} for finding in history.findings]
        fail("history", "\n".join([summary, *words]), TAMPERED, as_json=as_json, findings=shown, entries=entries)


def plain(entry: ProvedEntry) -> dict[str, object]:
    """Return an entry for programs."""
    shown = ("kind", "time", "role", "purpose", "record", "detail")
    return {"index": entry.index, **{name: entry.fields.get(name, "") for name in shown}, "signed": entry.signed}


def sentence(fields: Mapping[str, str]) -> str:
    """Return what an entry says, without its time."""
    who = say(WHO.get(fields["role"], N_("Somebody")))
    purpose = say(PURPOSES[fields["purpose"]]) if fields["purpose"] in PURPOSES else ""
    words = say(
        SENTENCES.get(fields["kind"], _OTHER),
        who=who,
        purpose=purpose,
        kind=fields["kind"],
        version=version_in(fields.get("detail", "")),
    )
    _, _, version = fields.get("record", "").partition("/")
    return words + (say(N_(" (version {version})"), version=version) if version.isdecimal() and version != "1" else "")


def version_in(detail: str) -> str:
    """Return the number of the version that a step of a case says it made, empty if it says none."""
    tokens = detail.split()
    return tokens[1] if tokens[:1] == ["version"] and len(tokens) > 1 else ""
