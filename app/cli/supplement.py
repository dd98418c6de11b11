"""`resguardo supplement`: the next version of a petition, settled and sealed here like the first one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from app.cli.access import clock, find_root, randomness
from app.cli.carried import carry
from app.cli.clean import cleaned, show
from app.cli.command import Verb, option
from app.cli.file import LARGEST_PETITION, show_progress, written_in
from app.cli.filed import at_portal, filed_case
from app.cli.history import WHO
from app.cli.language import language, say
from app.cli.moments import day_and_time
from app.cli.review import settle
from app.cli.terminal import confirm, is_interactive, note, out, out_json, reported
from app.client.case import CaseFile
from app.client.errors import NetworkError, ReviewError
from app.client.filing import DiskFile
from app.client.folder import read_file
from app.client.history import check_history
from app.client.opening import fetch_contents, open_case
from app.client.proofs import ProvedEntry
from app.client.revising import RevisionError, exchange, keep, known_of, resume, sink_of
from app.client.showing import copies_after
from app.client.signin import signed_in
from app.client.transport import Transport
from app.client.trust import OpenedCase
from app.domain.filing import FileSource, Review
from app.domain.filing.revising import Differences, Known, Revision, revise
from app.domain.paths import path_text
from app.domain.petition import Loaded, load
from app.domain.petition.additions import load_added
from app.domain.petition.model import Petition
from app.i18n import LANGUAGES, N_
from crypto.secret import SecretBytes

T = TypeVar("T")

_TRIES = 3
LineOf = Callable[[str], Mapping[str, Any] | None]
"""Returns the line of a sealed file by the mark or the path of its evidence."""
_READINGS = frozenset({"record_read", "answer_read", "evidence_read"})


@click.command("supplement", cls=Verb, help=N_("Add to your petition, or correct it: a next version, sealed here."))
@click.argument("petition", required=False, type=click.Path(path_type=Path))
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--add", type=click.Path(path_type=Path), help=N_("File with only what is new, instead of the whole petition."))
@option("--slip", is_flag=True, help=N_("A name slipped: destroy the older versions at once, and list who read them."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--yes", "careful", is_flag=True, help=N_("Ask nothing: hide whatever could tell who somebody is, and send."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    petition: Path | None,
    folder: Path,
    add: Path | None,
    slip: bool,
    key: Path | None,
    lang: str | None,
    careful: bool,
    as_json: bool,
) -> None:
    """Send a next version."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        case = filed_case(folder)
        root = find_root(key, folder)
        with at_portal(case, folder) as (transport, kept):
            finished = resume(transport, kept, folder, root, clock, show_progress)
            if finished is not None:
                note(say(N_("An earlier change had no answer. It was sent again, and is confirmed now.")))
            case = finished or kept
            if petition is None and add is None and not slip:
                if finished is None:
                    raise RevisionError("no_petition")
                done = Done(case, None, ())
            else:
                done = _Supplement(transport, folder, petition, add, slip=slip, careful=careful).run(case, root)
    _tell(done, slip=slip, as_json=as_json)


@dataclass(frozen=True)
class Done:
    """What came of it: the case, what changed, and who had read the versions that were destroyed."""

    case: CaseFile
    differences: Differences | None
    readers: tuple[ProvedEntry, ...]


def from_the_newest(once: Callable[[], T]) -> T:
    """Return what a try gives, begun again a few times where somebody else was faster.

    Raises:
        RevisionError: as the last try does.
    """
    for _ in range(_TRIES - 1):
        try:
            return once()
        except RevisionError as error:
            if error.code != "behind":
                raise
            note(say(N_("Somebody else changed this case meanwhile. Beginning again from their version.")))
    return once()


class _Supplement:
    """One next version, from the newest one to its receipt; begun again where somebody else was faster."""

    def __init__(
        self, transport: Transport, folder: Path, petition: Path | None, add: Path | None, *, slip: bool, careful: bool
    ) -> None:
        self._transport = transport
        self._folder = folder
        self._path = petition or add
        self._whole = petition is not None
        self._slip = slip
        self._careful = careful

    def run(self, case: CaseFile, root: SecretBytes) -> Done:
        """Open, settle, seal, ask, send."""
        return from_the_newest(lambda: self._once(case, root))

    def _once(self, case: CaseFile, root: SecretBytes) -> Done:
        opened = open_case(self._transport, case, root)
        with signed_in(self._transport, opened, clock):
            known = known_of(opened, fetch_contents(self._transport, opened))
            revision = self._sealed(known)
            differences = revision.differences
            if differences is not None:
                self._agree(differences)
            readers = readers_of(self._transport, opened, self._folder) if self._slip else ()
            pending = keep(self._folder, revision, opened)
            filed, _ = exchange(self._transport, opened, self._folder, pending, show_progress)
        return Done(filed, differences, readers)

    def _sealed(self, known: Known) -> Revision:
        loaded, files = self._load(known)
        petition = loaded.petition
        spoken = written_in(loaded)
        beside = self._path.parent if self._path else self._folder
        said = known.transcripts(petition)
        shown = cleaned(petition, beside, spoken, careful=self._careful, asks=True, transcripts=said)
        copies = copies_after(known, petition, shown)
        labels = known.labels(petition)
        review = Review(petition, spoken, randomness, labels, copies, known.told(), {**said, **shown.transcripts})
        shown, settled = carry(shown, settle(review, careful=self._careful), careful=self._careful)
        show(self._folder, petition, shown, settled)
        note(say(N_("Sealing on this machine…")))
        return revise(known, settled, files, sink_of(self._folder), randomness, destroys=self._slip)

    def _load(self, known: Known) -> tuple[Loaded, Mapping[str, FileSource]]:
        if self._path is None:  # a slip alone: the text stays, and the older versions go
            return load_added(known.petition(), b"{}"), {}
        data = read_file(self._path, LARGEST_PETITION)
        loaded = load(data) if self._whole else load_added(known.petition(), data)
        return loaded, files_beside(loaded.petition, known.line_of, self._path.parent)

    def _agree(self, differences: Differences) -> None:
        if differences.nothing and not self._slip:
            raise RevisionError("nothing_new")
        for line in lines_of(differences, slip=self._slip):
            note("  " + line)
        if self._careful:
            return
        if not is_interactive():
            raise ReviewError("unconfirmed")
        if not confirm(say(N_("Send it now?"))):
            raise ReviewError("stopped")


def files_beside(petition: Petition, line_of: LineOf, beside: Path) -> dict[str, FileSource]:
    """Return the files that a later text names; one that is not on this machine any more stays as it was sealed."""
    files: dict[str, FileSource] = {}
    for place, item in enumerate(petition.evidence):
        path = path_text(("evidence", place))
        line = line_of(item.id or path)
        if item.file and not (line and not (beside / item.file).exists() and line.get("name") == Path(item.file).name):
            files[path] = DiskFile(beside / item.file)
    return files


def readers_of(transport: Transport, opened: OpenedCase, folder: Path) -> tuple[ProvedEntry, ...]:
    """Return who had read what is to be destroyed, from the proved history."""
    served = transport.get_json("/api/v1/case/history").get("entries")
    if not isinstance(served, list):
        raise NetworkError("answer", host=transport.host)
    history = check_history(opened, folder, served)
    for finding in history.findings:
        note("! " + finding.text(language()))
    return tuple(entry for entry in history.entries if entry.fields.get("kind") in _READINGS)


def lines_of(differences: Differences, *, slip: bool) -> list[str]:
    """Return what a next version changes, a line each."""
    counted = (
        (N_("witnesses +{count}"), differences.witnesses_added),
        (N_("witnesses -{count}"), differences.witnesses_removed),
        (N_("witnesses changed: {count}"), differences.witnesses_changed),
        (N_("files +{count}"), differences.files_added),
        (N_("files -{count}"), differences.files_removed),
        (N_("copies of evidence for the office, new or changed: {count}"), differences.copies),
    )
    lines = [say(words, count=count) for words, count in counted if count]
    lines += [say(N_("what the office reads: changed"))] if differences.record else []
    lines += [say(N_("original texts: changed"))] if differences.originals else []
    return lines + ([say(N_("older versions of what the office reads: destroyed at once"))] if slip else [])


def _tell(done: Done, *, slip: bool, as_json: bool) -> None:
    readers = plain_readers(done.readers)
    if as_json:
        changed = vars(done.differences) if done.differences else {}
        out_json(
            {"case": done.case.case, "version": done.case.manifest_version, "changed": changed, "readers": readers}
        )
        return
    out(
        say(
            N_("Version {version} is filed, with a receipt whose proof was checked here."),
            version=done.case.manifest_version,
        )
    )
    if slip:
        tell_readers(done.readers)


def plain_readers(readers: Sequence[ProvedEntry]) -> list[dict[str, str]]:
    """Return for programs who had read what is destroyed."""
    return [{name: entry.fields.get(name, "") for name in ("role", "time", "record")} for entry in readers]


def tell_readers(readers: Sequence[ProvedEntry]) -> None:
    """Say who had read what is destroyed, and that it does not come back."""
    out(say(N_("Who had read the versions that are gone now:")) if readers else say(N_("Nobody had read them.")))
    for entry in readers:
        who = say(WHO.get(entry.fields["role"], N_("Somebody")))
        out(f"  {who} · {day_and_time(entry.fields['time'])} · {entry.fields.get('record', '')}")
    note(say(N_("What somebody has read they may remember or have copied. Warn whoever was named.")))
