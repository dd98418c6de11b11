"""`resguardo audit URL`: check a portal's public log, or a mirror of it in a folder, without trusting the portal."""

import base64
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.audit.auditor import Kept, audit
from app.audit.finding import Code, Finding, Note, Obstacle, Place, Remark, Report
from app.audit.quorum import MAX_AGE
from app.audit.source import Located, locate_folder, locate_portal, new_client
from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.terminal import note, out, out_json
from app.i18n import LANGUAGES, N_
from crypto.log.totals import to_csv

FINDINGS = {
    Code.ENTRY_ALTERED: N_("what stands in the log is not what was logged: altered or replaced"),
    Code.ROW_DELETED: N_("a row was deleted; the later ones moved up"),
    Code.ROW_INSERTED: N_("a row was put in between; the later ones moved down"),
    Code.ROW_DOUBLED: N_("a row stands twice; the later ones moved down"),
    Code.ROWS_SWAPPED: N_("rows changed places"),
    Code.TAIL_CUT: N_("these entries are known and now missing: the end was cut off, or an older database restored"),
    Code.ROLLED_BACK: N_(
        "these entries are known and now missing: the log is back in an earlier state (an older database?)"
    ),
    Code.FORK: N_("the log has two histories: what is shown now contradicts what was signed before"),
    Code.KEY_CHANGED: N_("the log is signed with another key, or under another name, than the one that was kept"),
    Code.CHECKPOINT_FORGED: N_("the checkpoint carries the log's key id, and the signature is false"),
    Code.COSIGNATURE_FORGED: N_("the checkpoint shows a cosignature under a known cosigner's key, and it is false"),
    Code.ROOT_MISMATCH: N_("the published entries do not make the signed root"),
    Code.TILE_ALTERED: N_("this tile is not what the entries make"),
    Code.BUNDLE_MISMATCH: N_("this bundle of entries is damaged"),
    Code.WITHHELD: N_("the signed checkpoint promises this file, and the portal does not give it"),
    Code.LEAF_LENGTH: N_("the entry does not have 106 bytes"),
    Code.LEAF_VERSION: N_("the entry has an unknown version"),
    Code.LEAF_KIND: N_("the entry has an unknown kind"),
    Code.TIME_DECREASING: N_("the entry is dated before the one ahead of it"),
    Code.TIME_TICK: N_("the entry's time is finer than the publication tick"),
    Code.TAG_DOUBLED: N_("the entry carries a tag that another entry has"),
    Code.RECEIPT_MISSING: N_("a receipt proves this entry, and the log was published without it"),
    Code.OPENING_MISMATCH: N_("what the office says about this entry is not what the entry commits to"),
    Code.OPENING_DOUBLED: N_("the office gave two openings of this entry"),
    Code.SUCCEEDED: N_(
        "here the portal says that it lost data and went on with another log name and new keys; what was kept before "
        "is the same. Ask its operator what happened"
    ),
    Code.LOST: N_("these entries were signed and are lost: the portal says that it lost data"),
    Code.SUCCESSION_FALSE: N_("the portal says that its log succeeded another, and the log does not bear it out"),
}
REMARKS = {
    Remark.PENDING_RECEIPT: N_("newer than the last publication; it must appear with the next one"),
    Remark.PENDING_OPENING: N_("opened before its publication; check again after the next one"),
    Remark.OTHER_LOG: N_("this receipt is of another log and was left out"),
    Remark.PORTAL_KEY_DIFFERS: N_("the portal shows others another key than the one you gave"),
    Remark.PORTAL_KEY_TRUSTED: N_(
        "the key is the portal's own word: keep a state file or a receipt to be able to compare"
    ),
    Remark.OLD_TICK: N_(
        "{count} entries have times between today's publication ticks; a longer tick may have been set since"
    ),
    Remark.NO_OPENING: N_("{count} entries in between have no opening in the file"),
    Remark.SUCCESSOR: N_("here this log took another's place after a loss; {count} entries are known to be lost"),
    Remark.SUCCESSOR_KEY: N_(
        "the successor's key is the portal's own word: ask for it elsewhere, and give it with --key. Then the state "
        "file goes on with the successor"
    ),
    Remark.STATE_RENEWED: N_("the state of the former log was kept; the state file goes on with the successor"),
    Remark.COSIGNER_ALARM: N_(
        "{count} times a cosigner refused this log as contradicting what it knows; the portal says so itself. Ask the "
        "cosigners for their evidence"
    ),
    Remark.DESTROYED: N_(
        "{count} entries have no opening any more: an entry of the log says that their case was destroyed"
    ),
}
OBSTACLES = {
    Obstacle.NO_KEY: N_(
        "Which key should the log be signed with? Give --key, --receipt or --state, or --trust-portal-key."
    ),
    Obstacle.BAD_KEY: N_("A verifier key cannot be read."),
    Obstacle.OTHER_KEY: N_(
        "The log is signed with another key. Without a kept state or receipt nobody can say which is right."
    ),
    Obstacle.NO_CHECKPOINT: N_("No checkpoint of a log was found there."),
    Obstacle.BAD_CHECKPOINT: N_("The checkpoint cannot be read."),
    Obstacle.UNREACHABLE: N_("The log could not be read to its end."),
    Obstacle.BAD_STATE: N_("The state file cannot be read or written."),
    Obstacle.BAD_RECEIPT: N_("This receipt is damaged."),
    Obstacle.BAD_OPENINGS: N_("This is no file of openings of this log."),
    Obstacle.NO_RECEIPTS: N_("There is no receipt (*.tlog-proof) in this folder."),
    Obstacle.NO_MIRROR_KEY: N_("Which key should the log be signed with? Give --key or --policy."),
    Obstacle.BAD_POLICY: N_("This policy file cannot be read."),
    Obstacle.NO_QUORUM: N_(
        "Too few of the policy's cosigners signed this checkpoint: it may be one of two histories. Ask the cosigners."
    ),
    Obstacle.OLD_COSIGNATURES: N_(
        "The cosignatures are too old, the newest of {hours} hours ago: this may be an old state, shown for the "
        "newest. Ask the cosigners."
    ),
}
_PLACES = (
    ("first", N_("Entries {first} to {last}")),
    ("index", N_("Entry {index}")),
    ("path", N_("File {path}")),
    ("size", N_("Size {size}")),
    ("file", "{file}"),
)
_SHOW_PROGRESS_AFTER = 1.0  # seconds


@click.command("audit", cls=Verb, help=N_("Check a portal's public log without trusting the portal."))
@click.argument("url")
@option("--key", "keys", multiple=True, help=N_("Verifier key of the log, from somewhere else than the portal."))
@option("--receipt", type=click.Path(path_type=Path), help=N_("A receipt that you hold; it also proves the log's key."))
@option("--trust-portal-key", "trust", is_flag=True, help=N_("Take the key that the portal shows today."))
@option("--state", type=click.Path(path_type=Path), help=N_("File that remembers the log from one audit to the next."))
@option("--receipts", type=click.Path(path_type=Path), help=N_("Folder with receipts to compare (*.tlog-proof)."))
@option("--openings", type=click.Path(path_type=Path), help=N_("File of openings, from the office's auditor page."))
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
    receipts: Path | None,
    openings: Path | None,
    policy: Path | None,
    max_age: int,
    lang: str | None,
    trust: bool,
    totals: bool,
    as_json: bool,
) -> None:
    """Audit a log and leave with 0 (it holds), 1 (evidence of tampering) or 2 (could not check)."""
    del lang  # read before parsing, so that errors speak it too
    kept = Kept(keys, receipt, state, receipts, openings, policy, max_age * 3600, trust_portal_key=trust, totals=totals)
    now = int(time.time())  # noqa: TID251 - an entry point reads the clock
    report = _audit(url, kept, now)
    if as_json:
        out_json(as_plain(report))
    else:
        _tell(report)
        if totals and report.holds:
            out(to_csv(report.months).rstrip("\n"))
    raise click.exceptions.Exit(report.exit_status)


def _audit(url: str, kept: Kept, now: int) -> Report:
    progress = progress_line()
    if not url.startswith(("http://", "https://")):
        return audit(lambda: locate_folder(Path(url)), kept, now, progress)
    with new_client(os.environ.get("RESGUARDO_PROXY")) as client:

        def locate() -> Located:
            return locate_portal(url, client)

        return audit(locate, kept, now, progress)


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
        "remarks": [_item(remark, _text_of(remark)) for remark in report.remarks],
        "obstacles": [_item(obstacle, _text_of(obstacle)) for obstacle in report.obstacles],
        "receipts": report.receipts,
        "openings": report.openings,
        "compared": report.compared,
        "months": [asdict(month) for month in report.months],
        "cosigned": report.cosigned,
        "quorum": report.quorum,
    }


def _item(item: Finding | Note, msgid: str) -> dict[str, Any]:
    return {"code": item.code.value, "where": dict(item.where), "text": sentence_of(item.where, msgid)}


def _text_of(item: Note) -> str:
    return REMARKS[item.code] if isinstance(item.code, Remark) else OBSTACLES[item.code]


def sentence_of(where: Place, msgid: str) -> str:
    """Return a message behind its place, such as "Entry 5: the entry does not have 106 bytes"."""
    shown = {name: _printable(value) for name, value in where.items()}
    message = say(msgid, **shown) if shown else say(msgid)
    places = [say(place, **shown) for name, place in _PLACES if name in where]
    return f"{', '.join(places)}: {message}" if places else message


def _printable(value: int | str) -> int | str:
    """Return a value fit for a terminal: file names and paths are not ours."""
    return value if isinstance(value, int) else "".join(c if c.isprintable() else "?" for c in value[:300])


def _tell(report: Report) -> None:
    if report.origin:
        out(say(N_("Log {origin}, {size} entries"), origin=_printable(report.origin), size=report.size))
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
    for item in (*report.obstacles, *report.remarks):
        note(sentence_of(item.where, _text_of(item)))
    if len(report.findings):
        note(say(N_("Keep your state file and receipts: with them anyone can repeat this.")))


def _tell_extent(report: Report) -> None:
    if report.quorum:
        names = ", ".join(str(_printable(name)) for name in sorted(report.cosigned))
        out(say(N_("The policy's quorum signed it: {names}."), names=names or "-"))
    if report.compared:
        out(say(N_("It continues what was kept from the last audit.")))
    if report.receipts:
        out(say(N_("{count} receipts are in it."), count=report.receipts))
    if report.openings:
        out(say(N_("{count} openings fit their entries."), count=report.openings))
