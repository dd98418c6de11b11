"""`resguardo file`: reads a petition, settles what is hidden, seals the names here, and only then sends."""

from collections.abc import Mapping
from pathlib import Path

import click

from app.cli.access import find_root, randomness, reach
from app.cli.carried import carry
from app.cli.clean import cleaned, show
from app.cli.command import Verb, option
from app.cli.filed import followed
from app.cli.language import language, say
from app.cli.review import settle
from app.cli.status import DEPLOYMENTS
from app.cli.terminal import confirm, is_interactive, note, out, out_json, reported
from app.client.case import RECEIPT_FILE, CaseFile
from app.client.errors import FolderError, NetworkError, ReviewError, TamperingError
from app.client.filing import Pending, evidence_files, existing, seal_into, send
from app.client.folder import read_file
from app.client.keyring import WORDS_FILE, has_key, new_root, write_words
from app.client.package import PackageError, hand_in
from app.client.portal import PortalKeys, check_pinned, fetch_portal
from app.client.succession import logs_of
from app.client.transport import MIB, RefusedError, Transport, check_address
from app.domain.filing import FileSource, Review, Settled, check_holders, prepare
from app.domain.filing.told import NOTHING, Told
from app.domain.petition import Loaded, load
from app.i18n import LANGUAGES, N_
from crypto.secret import SecretBytes

LARGEST_PETITION = 64 * MIB
_RECIPIENT = "age1"
_HELPS_SHOWN = 5
_PROGRESS_LINES = 10


@click.command("file", cls=Verb, help=N_("File a petition: names are sealed on this machine before anything is sent."))
@click.argument("petition", type=click.Path(path_type=Path), required=False)
@option(
    "--package",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=N_("A sealed package of the page without network, to be handed in instead of a petition."),
)
@option("--portal", required=True, help=N_("Address of the portal, such as https://resguardo.example."))
@option(
    "--out", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help=N_("Case folder to make.")
)
@option(
    "--key",
    type=click.Path(path_type=Path, allow_dash=True),
    help=N_("Your key folder; without it new words are made."),
)
@option(
    "--holder",
    "holders",
    multiple=True,
    help=N_("Key (age1pq1…, or its file) of another person who shall open the case."),
)
@option("--portal-key", "pinned", multiple=True, help=N_("Key that the portal must show, as it was given to you."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of the words and of what is said."))
@option("--yes", "careful", is_flag=True, help=N_("Ask nothing: hide whatever could tell who somebody is, and send."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    petition: Path | None,
    package: Path | None,
    portal: str,
    folder: Path,
    key: Path | None,
    holders: tuple[str, ...],
    pinned: tuple[str, ...],
    lang: str | None,
    careful: bool,
    as_json: bool,
) -> None:
    """File a petition."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        if package is not None or petition is None:
            _hand_in(portal, package, petition, folder, pinned, as_json=as_json)
            return
        data = read_file(petition, LARGEST_PETITION)
        waiting = existing(folder)
        with reach(portal) as transport:
            if waiting is not None:
                case = resume(transport, folder, waiting, data)
            else:
                filing = Filing(transport, petition, data, folder, careful=careful)
                case = filing.run(key, [holder_key(text) for text in holders], pinned)
    if as_json:
        out_json({"case": case.case, "status_code": case.status_code, "entry_index": case.entry_index})
    else:
        _tell(case, folder)


def _hand_in(
    portal: str, package: Path | None, petition: Path | None, folder: Path, pinned: tuple[str, ...], *, as_json: bool
) -> None:
    if package is None or petition is not None:
        raise PackageError("package_or_petition")
    with reach(portal) as transport:
        keys = fetch_portal(transport)
        check_pinned(keys, pinned)
        case = hand_in(transport, package, folder, keys, show_progress)
    if as_json:
        out_json({"case": case.case, "entry_index": case.entry_index})
        return
    out(say(N_("Filed, with a receipt whose proof was checked here.")))
    out(say(N_("Case number: {case}"), case=case.case))
    note(say(N_("Receipt: {path}"), path=folder / RECEIPT_FILE))


class Filing:
    """A first filing, from the petition's bytes to the receipt."""

    def __init__(
        self,
        transport: Transport,
        path: Path,
        data: bytes,
        folder: Path,
        *,
        careful: bool,
        files: Mapping[str, FileSource] | None = None,
        told: Told = NOTHING,
        transcripts: Mapping[str, str] | None = None,
    ) -> None:
        """Take the petition; `files` and `transcripts` where they are not beside it, `told` of an earlier case."""
        self._transport = transport
        self._path = path
        self._data = data
        self._folder = folder
        self._careful = careful
        self._files = files
        self._told = told
        self._transcripts = transcripts

    def run(self, key: Path | None, holders: list[str], pinned: tuple[str, ...]) -> CaseFile:
        """Load, settle, seal, send."""
        loaded = load(self._data)
        files = evidence_files(loaded.petition, self._path.parent) if self._files is None else self._files
        check_holders(holders)
        _advise(loaded)
        keys = fetch_portal(self._transport)
        check_pinned(keys, pinned)
        _introduce(self._transport, keys, pinned=bool(pinned))
        spoken = written_in(loaded)
        shown = cleaned(
            loaded.petition,
            self._path.parent,
            spoken,
            self._files,
            careful=self._careful,
            asks=True,
            transcripts=self._transcripts,
        )
        copies, said = shown.copies(), shown.transcripts
        review = Review(loaded.petition, spoken, randomness, copies=copies, told=self._told, transcripts=said)
        shown, settled = carry(shown, settle(review, careful=self._careful), careful=self._careful)
        show(self._folder, loaded.petition, shown, settled)
        self._agree(settled, len(files), len(holders))
        prepared = prepare(keys.name, self._root(key), holders, randomness)
        note(say(N_("Sealing on this machine…")))
        case, pending = seal_into(
            self._folder,
            keys=keys,
            url=self._transport.address,
            prepared=prepared,
            settled=settled,
            files=files,
            petition=self._data,
            language=language(),
            random=randomness,
        )
        return _send(self._transport, self._folder, case, pending)

    def _agree(self, settled: Settled, files: int, holders: int) -> None:
        """Warn about a single holder, show what goes where, and have it confirmed."""
        if not holders:
            note()
            note(say(N_("Only you will be able to open this case. If your words are lost, the names are lost.")))
            note(say(N_("Better: have a colleague run “resguardo key new” and add their key with --holder.")))
        if self._careful:
            return
        if not is_interactive():
            if not holders:
                raise ReviewError("one_holder")
            return
        witnesses = len(settled.petition.witnesses)
        note()
        sealed = N_("Sealed, for holders only: {witnesses} witnesses, {files} files, every original text.")
        note(say(sealed, witnesses=witnesses, files=files))
        note(say(N_("For the office: the redacted text. Each look at it is logged, and you can see it.")))
        if not confirm(say(N_("Send it now?"))):
            raise ReviewError("stopped")

    def _root(self, key: Path | None) -> SecretBytes:
        """Return the filer's root; new words are on disk before anything is sealed with them."""
        if key is not None or has_key(self._folder):
            return find_root(key, self._folder)
        root = new_root(randomness)
        write_words(self._folder, root, language())
        return root


def written_in(loaded: Loaded) -> str:
    """Return the language of the labels: that of the petition they stand in, not that of the screen."""
    return loaded.petition.language if loaded.petition.language in LANGUAGES else language()


def holder_key(text: str) -> str:
    """Return a holder's key given as text or as the file holder.txt."""
    if text.strip().startswith(_RECIPIENT):
        return text.strip()
    path = Path(text)
    return read_file(path, MIB).decode("utf-8", "replace").strip() if path.is_file() else text


def _advise(loaded: Loaded) -> None:
    for advice in loaded.warnings:
        note("! " + advice.text(language()))
    note(say(N_("Completeness: {score} of 100. Nothing of this is required."), score=loaded.completeness.score))
    for advice in loaded.completeness.helps[:_HELPS_SHOWN]:
        note("  + " + advice.text(language()))


def _introduce(transport: Transport, keys: PortalKeys, *, pinned: bool) -> None:
    note()
    note(say(N_("Portal: {name} at {address}"), name=keys.name, address=transport.address))
    note(say(DEPLOYMENTS[keys.deployment], portal=keys.name))
    if not pinned:
        note(say(N_("Its key is taken on trust today and kept in case.json; from now on a change is noticed.")))
        note(f"  {keys.log_vkey}")


def resume(transport: Transport, folder: Path, case: CaseFile, petition: bytes) -> CaseFile:
    """Send what was sealed by an earlier run of the same command."""
    pending = Pending.load(folder)
    if not pending.is_of(petition):
        raise FolderError("petition_changed")
    if transport.address != check_address(case.url):
        raise FolderError("other_portal", url=case.url)
    keys = fetch_portal(transport)
    case = followed(transport, case, folder)
    present = logs_of(case)[-1]
    if (keys.name, keys.log_vkey, keys.statement_vkey) != (case.portal, present.log_vkey, present.statement_vkey):
        raise TamperingError("portal_changed")
    note(say(N_("An earlier run sealed this petition and had no answer. The same sealed petition is sent again.")))
    return _send(transport, folder, case, pending)


def _send(transport: Transport, folder: Path, case: CaseFile, pending: Pending) -> CaseFile:
    try:
        filed, _ = send(transport, folder, case, pending, show_progress)
    except RefusedError:
        raise
    except NetworkError as error:
        note(error.text(language()))
        raise NetworkError("interrupted", path=str(folder)) from error
    return filed


def show_progress(done: int, total: int) -> None:
    """Say now and then how many parts of how many were sent."""
    if done * _PROGRESS_LINES // total > (done - 1) * _PROGRESS_LINES // total:
        note(say(N_("Sent: {done} of {total} sealed parts"), done=done, total=total))


def _tell(case: CaseFile, folder: Path) -> None:
    out(say(N_("Filed, with a receipt whose proof was checked here.")))
    out(say(N_("Case number: {case}"), case=case.case))
    out(say(N_("Status code: {code}"), code=case.status_code))
    note()
    note(say(N_("Receipt: {path}"), path=folder / RECEIPT_FILE))
    if (folder / WORDS_FILE).exists():
        note(say(N_("Your twelve words: {path}. Copy them by hand and delete the file."), path=folder / WORDS_FILE))
    note(say(N_("Keep the folder; give other holders a copy of case.json.")))
    note(say(N_("Later: “resguardo status”, “resguardo history” and “resguardo open”.")))
