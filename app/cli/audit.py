"""`resguardo audit URL`: check a portal's public log, or a mirror of it in a folder, without trusting the portal."""

import base64
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from app.audit.auditor import Kept, audit
from app.audit.finding import PER_CODE, Act, Code, Finding, Note, Obstacle, Place, Remark, Report
from app.audit.quorum import MAX_AGE
from app.audit.source import Located, locate_folder, locate_portal, new_client
from app.audit.words import FINDINGS, OBSTACLES, REMARKS, RULES, act_sentence, printable, sentence
from app.cli.audit_report import repeat, write_report
from app.cli.command import Verb, option
from app.cli.language import language, say
from app.cli.terminal import note, out, out_json
from app.i18n import LANGUAGES, N_
from crypto.log.totals import to_csv

_SHOW_PROGRESS_AFTER = 1.0  # seconds


@click.command("audit", cls=Verb, help=N_("Check a portal's public log without trusting the portal."))
@click.argument("url")
@option("--key", "keys", multiple=True, help=N_("Verifier key of the log, from somewhere else than the portal."))
@option("--receipt", type=click.Path(path_type=Path), help=N_("A receipt that you hold; it also proves the log's key."))
@option("--trust-portal-key", "trust", is_flag=True, help=N_("Take the key that the portal shows today."))
@option("--state", type=click.Path(path_type=Path), help=N_("File that remembers the log from one audit to the next."))
@option("--all", "everything", is_flag=True, help=N_("Fetch every entry again, also those of earlier audits."))
@option("--receipts", type=click.Path(path_type=Path), help=N_("Folder with receipts to compare (*.tlog-proof)."))
@option(
    "--openings",
    type=click.Path(path_type=Path),
    help=N_("File of openings from the auditors' pages, or a folder of them."),
)
@option("--rules", type=click.Path(path_type=Path), help=N_("File of rules: which are on, and their thresholds."))
@option(
    "--rows",
    type=click.Path(path_type=Path),
    help=N_("File of the portal's rows, from the auditors' pages, or a folder of them."),
)
@option("--draw", type=click.Path(path_type=Path), help=N_("Draw that the portal logged; what is drawn goes into it."))
@option("--served", is_flag=True, help=N_("Ask the portal what it ran, and since when, and compare with its log."))
@option("--report", "folder", type=click.Path(path_type=Path), help=N_("New folder for a report with its proofs."))
@option("--reproduce", type=click.Path(path_type=Path), help=N_("Make a report again, and compare every byte."))
@option("--policy", type=click.Path(path_type=Path), help=N_("Policy file: which cosigners must have signed the log."))
@option(
    "--max-age",
    type=click.IntRange(1),
    default=MAX_AGE // 3600,
    show_default=True,
    help=N_("Hours after which a cosignature does not count."),
)
@option("--totals", is_flag=True, help=N_("Count petitions received and decided by month, from the log alone (CSV)."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    url: str,
    keys: tuple[str, ...],
    receipt: Path | None,
    state: Path | None,
    everything: bool,
    receipts: Path | None,
    openings: Path | None,
    rules: Path | None,
    rows: Path | None,
    draw: Path | None,
    served: bool,
    folder: Path | None,
    reproduce: Path | None,
    policy: Path | None,
    max_age: int,
    lang: str | None,
    trust: bool,
    totals: bool,
    as_json: bool,
) -> None:
    """Audit a log and leave with 0 (it holds), 1 (evidence of tampering), 2 (could not check), 3 (ask about acts)."""
    del lang  # read before parsing, so that errors speak it too
    kept = Kept(
        keys=keys,
        receipt=receipt,
        state=state,
        receipts=receipts,
        openings=openings,
        rules=rules,
        rows=rows,
        draw=draw,
        ask_served=served or folder is not None,
        policy=policy,
        max_age=max_age * 3600,
        trust_portal_key=trust,
        totals=totals,
        everything=everything,
    )
    now = int(time.time())  # noqa: TID251 - an entry point reads the clock
    with reached(url) as locate:
        if reproduce is not None:
            repeat(locate, reproduce, keys, policy, as_json=as_json)
        found: list[Located] = []
        report = audit(lambda: _kept_aside(found, locate()), kept, now, progress_line())
        _keep_draw(draw, report)
        if folder is not None and report.seen is not None:
            write_report(folder, report, found[0], kept)
    if as_json:
        out_json(as_plain(report))
    else:
        _tell(report)
        _tell_unopened(report, url)
        _tell_acts(report)
        if totals and report.holds:
            out(to_csv(report.months).rstrip("\n"))
    raise click.exceptions.Exit(report.exit_status)


@contextmanager
def reached(url: str) -> Iterator[Callable[[], Located]]:
    """Give what finds a log: at an address, or in a folder."""
    if not url.startswith(("http://", "https://")):
        yield lambda: locate_folder(Path(url))
        return
    with new_client(os.environ.get("RESGUARDO_PROXY")) as client:
        yield lambda: locate_portal(url, client)


def _kept_aside(found: list[Located], located: Located) -> Located:
    found.append(located)
    return located


def _keep_draw(path: Path | None, report: Report) -> None:
    """Write into the file of a draw what was drawn."""
    draw = report.seen.draw if report.seen else None
    if path is not None and draw is not None and draw.indexes:
        path.write_bytes(draw.to_bytes())


def progress_line() -> Callable[[int, int], None]:
    """Return what shows progress where somebody looks on, else what shows nothing."""
    return _progress() if sys.stderr.isatty() else lambda _done, _all: None


def _progress() -> Callable[[int, int], None]:
    """Return what shows progress on one line of the terminal, once the audit takes more than a moment."""
    start = shown = time.monotonic()

    def progress(done: int, size: int) -> None:
        nonlocal shown
        current = time.monotonic()
        if current - start > _SHOW_PROGRESS_AFTER and (current - shown > _SHOW_PROGRESS_AFTER / 4 or done == size):
            shown = current
            click.echo(
                f"\r{say(N_('{done} of {size} entries checked'), done=done, size=size)}", err=True, nl=done == size
            )

    return progress


def as_plain(report: Report) -> dict[str, Any]:
    """Return a report as an object for JSON; `root` in base64, `where` as in `app.audit.finding`."""
    return {
        "ok": report.holds,
        "origin": report.origin,
        "key": report.vkey,
        "size": report.size,
        "root": base64.b64encode(report.root).decode(),
        "findings": [_item(finding, FINDINGS[finding.code]) for finding in report.findings],
        "omitted": report.findings.omitted(),
        "remarks": [_item(remark, REMARKS[remark.code]) for remark in report.remarks],
        "obstacles": [_item(obstacle, OBSTACLES[obstacle.code]) for obstacle in report.obstacles],
        "acts": [
            {
                "rule": act.rule,
                "entries": list(act.entries),
                "about": dict(act.about),
                "text": act_sentence(language(), act),
            }
            for act in report.acts
        ],
        "receipts": report.receipts,
        "openings": report.openings,
        "signed": report.signed,
        "compared": report.compared,
        "new": report.new if report.compared else None,
        "fetched_again": report.again,
        "opened_to": report.seen.known if report.seen is not None else None,
        "months": [asdict(month) for month in report.months],
        "cosigned": report.cosigned,
        "quorum": report.quorum,
    }


def _item(item: Finding | Note[Remark] | Note[Obstacle], msgid: str) -> dict[str, Any]:
    return {"code": item.code.value, "where": dict(item.where), "text": sentence_of(item.where, msgid)}


def _act(act: Act) -> dict[str, Any]:
    said = act_sentence(language(), act)
    return {"rule": act.rule.value, "entries": list(act.entries), "about": dict(act.about), "text": said}


def sentence_of(where: Place, msgid: str) -> str:
    """Return a message behind its place, in the language in use."""
    return sentence(language(), where, msgid)


def _tell(report: Report) -> None:
    if report.origin:
        out(say(N_("Log {origin}, {size} entries"), origin=printable(report.origin), size=report.size))
        out(say(N_("Root {root}"), root=base64.b64encode(report.root).decode()))
    if report.holds:
        out(say(N_("The log holds.")))
        _tell_extent(report)
    elif set(report.findings.counts) in ({Code.SUCCEEDED}, {Code.SUCCEEDED, Code.LOST}):
        out(say(N_("THE LOG WAS SUCCEEDED AFTER A LOSS; WHAT WAS KEPT HOLDS")))
    elif len(report.findings):
        out(say(N_("EVIDENCE OF TAMPERING")))
    else:
        out(say(N_("The log could not be checked.")))
    for finding in report.findings:
        out(f"  - {sentence_of(finding.where, FINDINGS[finding.code])} [{finding.code}]")
    if report.findings.omitted():
        out(say(N_("  … and {count} more"), count=report.findings.omitted()))
    for obstacle in report.obstacles:
        note(sentence_of(obstacle.where, OBSTACLES[obstacle.code]))
    for remark in report.remarks:
        note(sentence_of(remark.where, REMARKS[remark.code]))
    if len(report.findings):
        note(say(N_("Keep your state file and receipts: with them anyone can repeat this.")))


def _tell_acts(report: Report) -> None:
    """Tell what the rules found: the first of each rule, and how many more."""
    if not report.acts:
        return
    out(say(N_("{count} findings about what was done, to be asked about:"), count=len(report.acts)))
    for rule, (name, _) in RULES.items():
        acts = [act for act in report.acts if act.rule is rule]
        if acts:
            out(f"  {say(name)} [{rule}]")
        for act in acts[:PER_CODE]:
            out(f"  - {act_sentence(language(), act)}")
        if len(acts) > PER_CODE:
            out(say(N_("  … and {count} more"), count=len(acts) - PER_CODE))


def _tell_unopened(report: Report, url: str) -> None:
    """Tell where an auditor goes on downloading."""
    seen = report.seen
    if seen is not None and report.openings and seen.known < report.size and url.startswith(("http://", "https://")):
        address = f"{url.rstrip('/').removesuffix('/log')}/office/audit?since={seen.known}"
        note(say(N_("Entries from {index} on are not open yet: {address}"), index=seen.known, address=address))


def _tell_followed(report: Report) -> None:
    """Tell what was not fetched this time."""
    day = datetime.fromtimestamp(report.whole, UTC).date().isoformat()
    text = N_(
        "Older ones were read from the copy beside the state file, and {count} bundles of them fetched again. "
        "Everything was fetched last on {day}; --all does it now."
    )
    out(say(text, count=report.again, day=day))


def _tell_extent(report: Report) -> None:
    if report.quorum:
        names = ", ".join(str(printable(name)) for name in sorted(report.cosigned))
        out(say(N_("The policy's quorum signed it: {names}."), names=names or "-"))
    if report.compared:
        out(say(N_("It continues what was kept from the last audit.")))
        out(say(N_("{count} entries are new since then."), count=report.new))
    if report.again is not None:
        _tell_followed(report)
    if report.receipts:
        out(say(N_("{count} receipts are in it."), count=report.receipts))
    seen = report.seen
    if seen is not None and seen.draw is not None and seen.drawn is None:
        out(",".join(map(str, seen.draw.indexes)))
    if report.openings:
        out(say(N_("{count} openings fit their entries."), count=report.openings))
    if report.signed:
        out(say(N_("{count} looks were signed by readers' devices."), count=report.signed))
