"""`resguardo mirror URL DIR`: keep a full copy of a portal's log that any web server can serve."""

import os
import time
from pathlib import Path

import click

from app.audit.finding import CannotCheckError, Obstacle, Report
from app.audit.keys import cosigned, related
from app.audit.mirror import Followed, Mirror, follow, kept_changes
from app.audit.quorum import load_policy
from app.audit.source import Located, UnreachableError, WithheldError, locate_folder, locate_portal, new_client
from app.audit.words import FINDINGS, OBSTACLES
from app.cli.audit import progress_line, sentence_of
from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.terminal import note, out, out_json
from app.i18n import LANGUAGES, N_
from crypto.errors import LogError, NoteError
from crypto.log.checkpoint import Checkpoint, LogVerifier, parse_verifier


@click.command("mirror", cls=Verb, help=N_("Keep a full copy of a log, followed from publication to publication."))
@click.argument("url")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@option("--key", "keys", multiple=True, help=N_("Verifier key of the log, from somewhere else than the portal."))
@option("--policy", type=click.Path(path_type=Path), help=N_("Policy file with the log's key."))
@option("--every", type=click.IntRange(1), help=N_("Go on following, looking again after so many seconds."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    url: str,
    folder: Path,
    keys: tuple[str, ...],
    policy: Path | None,
    every: int | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Follow once, or for ever with `--every`; leave with 0 (followed), 1 (evidence of tampering), 2 (could not)."""
    del lang  # read before parsing, so that errors speak it too
    while True:
        done, report = _step(url, folder, keys, policy)
        _tell(folder, done, report, as_json=as_json)
        if every is None or report.findings.counts:
            raise click.exceptions.Exit(report.exit_status)
        time.sleep(every)


def _step(url: str, folder: Path, keys: tuple[str, ...], policy: Path | None) -> tuple[Followed, Report]:
    try:
        with new_client(os.environ.get("RESGUARDO_PROXY")) as client:
            remote = url.startswith(("http://", "https://"))
            located = locate_portal(url, client) if remote else locate_folder(Path(url))
            mirror = Mirror(folder, _verifiers(located, folder, keys, policy))
            return follow(mirror, located, progress_line())
    except (WithheldError, UnreachableError):
        return _not_done(CannotCheckError(Obstacle.NO_CHECKPOINT))
    except CannotCheckError as error:
        return _not_done(error)


def _not_done(error: CannotCheckError) -> tuple[Followed, Report]:
    report = Report()
    report.obstacle(error.obstacle, **error.where)
    return Followed(0, 0), report


def _verifiers(located: Located, folder: Path, keys: tuple[str, ...], policy: Path | None) -> list[LogVerifier]:
    """Return the keys that were given, and those that they lead to (app/audit/keys.py)."""
    try:
        origin = Checkpoint.of_note(located.checkpoint.decode()).origin
        given = [parse_verifier(key) for key in keys]
    except (LogError, UnicodeDecodeError) as error:
        raise CannotCheckError(Obstacle.BAD_CHECKPOINT) from error
    except NoteError as error:
        raise CannotCheckError(Obstacle.BAD_KEY) from error
    asked = load_policy(policy) if policy else None
    listed = asked.log_verifiers(origin) if asked else []
    found = [*given, *listed]
    if not found:
        raise CannotCheckError(Obstacle.NO_MIRROR_KEY)
    changes = cosigned([*located.key_changes, *kept_changes(folder)], asked)
    vkeys = [*keys, *(log.vkey for log in asked.logs if log.vkey.startswith(f"{origin}+"))] if asked else keys
    others = [parse_verifier(vkey) for vkey in related(vkeys, changes) if vkey not in vkeys]
    return [*found, *others]


def _tell(folder: Path, done: Followed, report: Report, *, as_json: bool) -> None:
    if as_json:
        findings = [{"code": each.code, "where": dict(each.where)} for each in report.findings]
        obstacles = [{"code": each.code, "where": dict(each.where)} for each in report.obstacles]
        shown = {"ok": report.holds, "before": done.before, "size": done.size}
        out_json({**shown, "findings": findings, "obstacles": obstacles})
        return
    if report.holds:
        out(say(N_("{size} entries are in {folder}, {new} of them new."), size=done.size, new=done.size - done.before,
                folder=folder))  # fmt: skip
    elif report.findings.counts:
        out(say(N_("EVIDENCE OF TAMPERING: the copy stays as it was; what was shown is kept beside it.")))
    for finding in report.findings:
        out(f"  - {sentence_of(finding.where, FINDINGS[finding.code])} [{finding.code}]")
    for item in report.obstacles:
        note(sentence_of(item.where, OBSTACLES[item.code]))
