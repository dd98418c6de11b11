"""`resguardo holders`: who can open a case, and how that changes."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from app.cli.access import clock, find_root, randomness
from app.cli.command import Verb, VerbGroup, option
from app.cli.file import holder_key, show_progress
from app.cli.filed import at_portal, filed_case
from app.cli.language import say
from app.cli.terminal import confirm, is_interactive, note, out, out_json, reported
from app.client.case import CaseFile
from app.client.epochs import joining, next_key, sealed_anew, with_holder
from app.client.errors import ReviewError, WordsError
from app.client.messages import read_messages
from app.client.opening import open_case
from app.client.revising import RevisionError, exchange, keep, resume, sink_of
from app.client.signin import signed_in
from app.client.transport import Transport
from app.client.trust import Holder, OpenedCase
from app.domain.filing.preparation import UNUSED
from app.domain.filing.revising import Revision
from app.i18n import LANGUAGES, N_
from crypto.keys import STATUS_CODE_BYTES, holder_keys, parse_genesis, status_code_of
from crypto.secret import SecretBytes

_NUMBER = re.compile(r"[1-8]")
Making = Callable[[Transport, OpenedCase], Revision]

_CASE = option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
_KEY = option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
_LANG = option(
    "--lang", type=click.Choice(LANGUAGES), expose_value=False, help=N_("Language of what is said.")
)  # read before parsing, so that errors speak it too
_JSON = option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
_YES = option("--yes", "sure", is_flag=True, help=N_("Ask nothing."))
_CODE = option("--new-code", is_flag=True, help=N_("Make a new status code, too: the old one shows nothing any more."))


@click.group("holders", cls=VerbGroup, help=N_("Who can open your case: list, add, remove, new words, rehearse."))
def command() -> None:
    """Group the verbs about holders."""


@command.command("list", cls=Verb, help=N_("Show who can open the case."))
@_CASE
@_KEY
@_LANG
@_JSON
def list_holders(folder: Path, key: Path | None, *, as_json: bool) -> None:
    """List holders."""
    with reported(as_json=as_json):
        case = filed_case(folder)
        with at_portal(case, folder) as (transport, case):
            opened = open_case(transport, case, find_root(key, folder))
    _tell_holders(opened, as_json=as_json)


@command.command("add", cls=Verb, help=N_("Let one more person open the case with their own words."))
@click.argument("holder")
@_CASE
@_KEY
@_YES
@_LANG
@_JSON
def add(holder: str, folder: Path, key: Path | None, *, sure: bool, as_json: bool) -> None:
    """Add a holder."""
    with reported(as_json=as_json):
        _agree(say(N_("They will be able to open everything in this case, names included. Add them?")), sure=sure)

        def make(_transport: Transport, opened: OpenedCase) -> Revision:
            return with_holder(opened, holder_key(holder), sink_of(folder), randomness)

        case = _change(folder, [find_root(key, folder)], make, lambda _opened: None)
    _tell(case, as_json=as_json)
    if not as_json:
        note(say(N_("Give them a copy of case.json, and have them run “resguardo holders rehearse”.")))


@command.command("remove", cls=Verb, help=N_("Take somebody out: everything is sealed anew here, for the others only."))
@click.argument("number")
@_CASE
@_KEY
@_CODE
@_YES
@_LANG
@_JSON
def remove(number: str, folder: Path, key: Path | None, *, new_code: bool, sure: bool, as_json: bool) -> None:
    """Remove a holder."""
    with reported(as_json=as_json):
        root = find_root(key, folder)
        _agree(say(N_("What they opened until now they may have kept. Take them out from now on?")), sure=sure)
        code = _random_code() if new_code else None

        def make(transport: Transport, opened: OpenedCase) -> Revision:
            leaving = _chosen(opened, number)
            next_one = next_key(opened, [leaving.recipient], [], randomness)
            questions = read_messages(transport, opened, folder)
            return sealed_anew(transport, opened, next_one, questions, sink_of(folder), randomness, code)

        case = _change(folder, [root], make, lambda _opened: code)
    _tell(case, as_json=as_json)
    if code is not None and not as_json:
        note(say(N_("The status code is another now. Give the other holders a copy of case.json.")))


@command.command("words", cls=Verb, help=N_("Change your own words: the old ones open nothing that comes later."))
@option(
    "--new-key",
    required=True,
    type=click.Path(path_type=Path),
    help=N_("Key folder with the new words, made with “resguardo key new”."),
)
@_CASE
@_KEY
@_CODE
@_YES
@_LANG
@_JSON
def words(folder: Path, key: Path | None, new_key: Path, *, new_code: bool, sure: bool, as_json: bool) -> None:
    """Change one's own words."""
    with reported(as_json=as_json):
        old, new = find_root(key, folder), find_root(new_key, None)
        if old.reveal() == new.reveal():
            raise WordsError("words_same")
        _agree(say(N_("Are the new words written down on paper, in a place where nobody looks?")), sure=sure)
        code = _code_of(filed_case(folder), new) if new_code else None

        def make(transport: Transport, opened: OpenedCase) -> Revision:
            own = next(holder for holder in opened.roster if holder.own)
            genesis = parse_genesis(opened.case.genesis)
            keys = holder_keys(new, opened.case.portal, genesis.nonce)
            others = [holder.recipient for holder in opened.roster if holder.own]
            next_one = next_key(opened, others, [joining(keys.recipient, own.label, randomness)], randomness)
            questions = read_messages(transport, opened, folder)
            return sealed_anew(transport, opened, next_one, questions, sink_of(folder), randomness, code)

        case = _change(folder, [old, new], make, lambda _opened: code).with_own_words()
        case.save(folder)
    _tell(case, as_json=as_json)
    if not as_json:
        note(say(N_("Destroy the old words now, on paper and on every machine: {path}"), path=folder))


@command.command("rehearse", cls=Verb, help=N_("Prove that your words open the case, and change nothing."))
@_CASE
@_KEY
@_LANG
@_JSON
def rehearse(folder: Path, key: Path | None, *, as_json: bool) -> None:
    """Prove that one can open."""
    with reported(as_json=as_json):
        case = filed_case(folder)
        with at_portal(case, folder) as (transport, case):
            opened = open_case(transport, case, find_root(key, folder))
    if as_json:
        out_json({"case": case.case, "opens": True, "version": opened.manifest.version, "epoch": opened.manifest.epoch})
        return
    out(
        say(
            N_("Proved: your words open the key of case {case}, version {version}."),
            case=case.case,
            version=opened.manifest.version,
        )
    )
    note(say(N_("Only the sealed key was fetched, which only holders open. No name was opened, nothing was changed.")))


def _change(
    folder: Path, roots: Sequence[SecretBytes], make: Making, code_of: Callable[[OpenedCase], str | None]
) -> CaseFile:
    """Make a next version, and send it; what an earlier run of the same change left is finished instead."""
    case = filed_case(folder)
    with at_portal(case, folder) as (transport, case):
        finished = _finish(transport, case, folder, roots)
        if finished is not None:
            note(say(N_("An earlier change had no answer. It was sent again, and is confirmed now.")))
            return finished
        opened = open_case(transport, case, roots[0])
        with signed_in(transport, opened, clock):
            note(say(N_("Sealing on this machine…")))
            revision = make(transport, opened)
            pending = keep(folder, revision, opened, code_of(opened))
            return exchange(transport, opened, folder, pending, show_progress)[0]


def _finish(transport: Transport, case: CaseFile, folder: Path, roots: Sequence[SecretBytes]) -> CaseFile | None:
    """Resume with the words of before or, if the portal took the change already, with those of after."""
    for root in roots[:-1]:
        try:
            return resume(transport, case, folder, root, clock, show_progress)
        except WordsError:
            continue
    return resume(transport, case, folder, roots[-1], clock, show_progress)


def _chosen(opened: OpenedCase, number: str) -> Holder:
    real = _real(opened)
    if not _NUMBER.fullmatch(number) or int(number) > len(real):
        raise RevisionError("holder_number")
    chosen = real[int(number) - 1]
    if chosen.own:
        raise RevisionError("holder_own")
    return chosen


def _real(opened: OpenedCase) -> list[Holder]:
    return [holder for holder in opened.roster if holder.label != UNUSED]


def _agree(question: str, *, sure: bool) -> None:
    if sure:
        return
    if not is_interactive():
        raise ReviewError("unconfirmed")
    if not confirm(question):
        raise ReviewError("stopped")


def _random_code() -> str:
    return status_code_of(randomness(STATUS_CODE_BYTES))


def _code_of(case: CaseFile, root: SecretBytes) -> str:
    """Return the status code of new words, with which they open the case by its number; another if it is in use."""
    genesis = parse_genesis(case.genesis)
    code = holder_keys(root, case.portal, genesis.nonce).status_code
    return code if code != case.status_code else _random_code()


def _tell_holders(opened: OpenedCase, *, as_json: bool) -> None:
    real = _real(opened)
    if as_json:
        out_json(
            [
                {"number": number, "label": holder.label, "own": holder.own, "recipient": holder.recipient}
                for number, holder in enumerate(real, start=1)
            ]
        )
        return
    for number, holder in enumerate(real, start=1):
        own = say(N_(" · these words are yours")) if holder.own else ""
        label = say(LABELS.get(holder.label, N_("a holder")))
        out(f"{number}  {label}  …{holder.recipient[-12:]}{own}")
    if len(real) == 1:
        note(say(N_("Only you can open this case. If your words are lost, the names are lost.")))


LABELS = {"filer": N_("who filed"), "holder": N_("a holder")}


def _tell(case: CaseFile, *, as_json: bool) -> None:
    if as_json:
        out_json({"case": case.case, "version": case.manifest_version, "status_code": case.status_code})
        return
    out(
        say(
            N_("Version {version} is filed, with a receipt whose proof was checked here."),
            version=case.manifest_version,
        )
    )
