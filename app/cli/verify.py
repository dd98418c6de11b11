"""`resguardo verify`: an export's bundle, checked by whoever received it, alone and without a connection."""

import os
from pathlib import Path

import click

from app.audit.bundle import MAX_BUNDLE, BundleError, Flaw, Verified, check_bundle
from app.audit.quorum import MAX_AGE
from app.cli.access import clock
from app.cli.command import Verb, option
from app.cli.language import say
from app.cli.moments import day_and_time
from app.cli.terminal import CANNOT, TAMPERED, fail, note, out, out_json, reported
from app.client.errors import CopyError, TamperingError
from app.client.folder import read_file
from app.client.publiclog import Demand, parse_policy, public_log
from app.client.transport import printable
from app.i18n import LANGUAGES, N_
from crypto.errors import NoteError, ProofError
from crypto.log.checkpoint import parse_verifier
from crypto.log.policy import Policy, judge
from crypto.note import NoteVerifier

_MAX_PDF = 256 * 1024 * 1024
FLAWS = {
    Flaw.FORM: N_("This is no bundle of an export, or a byte of it was changed."),
    Flaw.GENESIS: N_("The case's founding text was changed: no case number follows from it."),
    Flaw.MANIFEST: N_("The manifest is not signed by the key that founded this case."),
    Flaw.EXPORT: N_("The bundle's parts do not belong together: what ties them is not signed by the case's key."),
    Flaw.RECORD: N_("The redacted record is not the one that was filed."),
    Flaw.RECEIPT: N_("The receipt does not prove that the petition is in the log."),
    Flaw.STATEMENT: N_("The portal's statement is not signed by its key, or is about something else."),
    Flaw.KEY: N_("The bundle rests on another key than the one you gave."),
    Flaw.PDF: N_("The PDF is not the one that was exported with this bundle."),
}


@click.command("verify", cls=Verb, help=N_("Check an export's bundle without asking the portal."))
@click.argument("bundle", type=click.Path(path_type=Path))
@option("--key", "keys", multiple=True, help=N_("Key of the portal's log or statements, from somewhere else."))
@option("--pdf", type=click.Path(path_type=Path), help=N_("The PDF that came with the bundle."))
@option("--policy", type=click.Path(path_type=Path), help=N_("Policy file: which cosigners must have signed the log."))
@option("--log", "where", help=N_("The log or a copy of it, by address or folder, whose cosignatures are judged."))
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
    bundle: Path,
    keys: tuple[str, ...],
    pdf: Path | None,
    policy: Path | None,
    where: str | None,
    max_age: int,
    lang: str | None,
    as_json: bool,
) -> None:
    """Verify a bundle and leave with 0 (it holds), 1 (it does not) or 2 (could not check)."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        _check_keys(keys, as_json=as_json)
        data = read_file(bundle, MAX_BUNDLE)
        document = None if pdf is None else read_file(pdf, _MAX_PDF)
        try:
            found = check_bundle(data, keys, document)
        except BundleError as error:
            fail(error.flaw.value, say(FLAWS[error.flaw]), TAMPERED, as_json=as_json)
        demand = Demand(int(clock()), policy, max_age * 3600, os.environ.get("RESGUARDO_PROXY"))
        cosigned = _cosigned(found, where, demand) if policy or where else ()
    if as_json:
        out_json({**_plain(found, compared=pdf is not None), "cosigned": list(cosigned)})
    else:
        _tell(found, compared=pdf is not None)
        if cosigned:
            note(say(N_("The policy's quorum signed it: {names}."), names=", ".join(cosigned)))


def _cosigned(found: Verified, where: str | None, demand: Demand) -> tuple[str, ...]:
    """Return who cosigned a state of the log in which the receipt's is an earlier one.

    Raises:
        CopyError: nobody, or too few, or it cannot be seen from here. TamperingError: it is another history.
    """
    policy = parse_policy(demand.policy) if demand.policy else Policy()
    listed = [log.vkey for log in policy.logs]
    log_keys = [*reversed(found.later), found.log_vkey]
    if listed and not set(listed) & set(log_keys):
        raise CopyError("policy_log")
    if where is None:
        said = judge(found.checkpoint_note, policy, now=demand.now, max_age=demand.max_age)
        if not said.reached:  # of any age: it cannot be an old state of something that is not shown here
            raise CopyError("no_quorum")
        return tuple(sorted(said.times))
    keys = [parse_verifier(key) for key in log_keys]
    with public_log(where, lambda origin: keys if origin == found.checkpoint.origin else [], demand) as log:
        if found.checkpoint.size > log.checkpoint.size:
            raise CopyError("pending")
        try:
            log.view.check_prefix(found.checkpoint)
        except ProofError as error:
            raise TamperingError("log_fork") from error
        return log.cosigned


def _check_keys(keys: tuple[str, ...], *, as_json: bool) -> None:
    try:
        for key in keys:
            NoteVerifier.parse(key)
    except NoteError:
        fail("bad_key", say(N_("A verifier key cannot be read.")), CANNOT, as_json=as_json)


def _plain(found: Verified, *, compared: bool) -> dict[str, object]:
    return {
        "ok": True,
        "portal": found.portal,
        "case": found.case,
        "received": found.received,
        "deployment": found.deployment,
        "record_sha256": found.record_sha256,
        "record_included": found.record is not None,
        "manifest_sha256": found.manifest_sha256,
        "pdf_sha256": found.pdf_sha256,
        "pdf_compared": compared,
        "left_out": list(found.left_out),
        "index": found.index,
        "size": found.checkpoint.size,
        "log_origin": found.checkpoint.origin,
        "log_vkey": found.log_vkey,
        "statement_vkey": found.statement_vkey,
        "given": sorted(found.given),
    }


def _tell(found: Verified, *, compared: bool) -> None:
    out(say(N_("The export holds.")))
    out()
    out(say(N_("Proved by the case number alone:")))
    out("  " + say(N_("Case {case} at the portal {portal}."), case=found.case, portal=printable(found.portal, 200)))
    out("  " + say(N_("Its filer signed the manifest {hash}."), hash=found.manifest_sha256))
    if found.record is None:
        out("  " + say(N_("The manifest commits to the redacted record {hash}."), hash=found.record_sha256))
        out("  " + say(N_("The record's text is not in the bundle: parts of it are business confidential.")))
    else:
        out(
            "  "
            + say(N_("The redacted record in the bundle is the one that was filed: {hash}."), hash=found.record_sha256)
        )
    if compared:
        out("  " + say(N_("A holder of the case made this PDF from it.")))
    else:
        out("  " + say(N_("The PDF was not compared. Give it with --pdf.")))
    out()
    out(say(N_("Proved by the portal's keys:")))
    _tell_key(N_("Entry {index} of the log {origin} says that the petition was received."), found, found.log_vkey)
    _tell_key(N_("The portal states that it received it on {time}."), found, found.statement_vkey)
    out()
    note(say(N_("This says nothing about whether what the petition tells is true.")))


def _tell_key(msgid: str, found: Verified, key: str) -> None:
    origin = printable(found.checkpoint.origin, 200)
    out("  " + say(msgid, index=found.index, origin=origin, time=day_and_time(found.received)))
    out("    " + printable(key, 300))
    given = N_("This is the key that you gave.")
    own = N_("This key is the bundle's own word. Compare it with one from elsewhere, or give that one with --key.")
    out("    " + say(given if key in found.given else own))
