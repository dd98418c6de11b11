"""`resguardo public`: a stricter version of a petition, which its petitioners may give out; made here, sent nowhere."""

from pathlib import Path

import click

from app.cli.access import clock, find_root, randomness
from app.cli.command import Verb, option
from app.cli.filed import at_portal, filed_case
from app.cli.language import language, say
from app.cli.review import settle
from app.cli.terminal import confirm, is_interactive, note, out, out_json, reported
from app.client.case import CaseFile
from app.client.errors import ReviewError
from app.client.export.omission import leave_out
from app.client.folder import make_folder, write_file
from app.client.opening import fetch_contents, open_case
from app.client.revising import known_of
from app.client.signin import signed_in
from app.domain.document.public import PublicDocument
from app.domain.filing import Settled
from app.domain.filing.public import canonical, public_version, review_for_public
from app.domain.filing.revising import Known
from app.domain.petition.vocabulary import LANGUAGES as WRITTEN
from app.i18n import LANGUAGES, N_
from crypto.digest import sha256_hex
from crypto.secret import SecretBytes


@click.command(
    "public", cls=Verb, help=N_("Make a stricter version of your petition, to give out. Made here, sent nowhere.")
)
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--out", "target", required=True, type=click.Path(path_type=Path, file_okay=False), help=N_("Folder to make."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of the document's headings and of what is said."))
@option("--yes", "careful", is_flag=True, help=N_("Ask nothing: hide whatever could tell who somebody is."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(*, folder: Path, key: Path | None, target: Path, lang: str | None, careful: bool, as_json: bool) -> None:
    """Make the public version."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        case = filed_case(folder)
        known = _known(case, folder, find_root(key, folder))
        version = _settled(known, careful=careful)
        data = canonical(version)
        document = PublicDocument(version, case.case, sha256_hex(data), language())
        make_folder(target)
        write_file(target / "public.json", data)
        write_file(target / "public.pdf", document.pdf())
    if as_json:
        out_json({"case": case.case, "sha256": document.sha256})
        return
    out(say(N_("Written: {path}"), path=target / "public.pdf"))
    out(say(N_("Written: {path}"), path=target / "public.json"))
    note()
    note(say(N_("Nothing was sent. Read it with your employer's eyes, and let a second person read it.")))
    note(say(N_("To give it out through the portal: “resguardo release --file {path}”."), path=target / "public.json"))
    note(say(N_("Once you have given it out, nobody can take it back: what somebody has read or copied stays known.")))


def _known(kept: CaseFile, folder: Path, root: SecretBytes) -> Known:
    with at_portal(kept, folder) as (transport, case):
        opened = open_case(transport, case, root)
        with signed_in(transport, opened, clock):
            return known_of(opened, fetch_contents(transport, opened))


def _settled(known: Known, *, careful: bool) -> dict[str, object]:
    """Return the public version as a person settled it, or with everything doubtful hidden."""
    petition = known.petition()
    written = str(petition.get("language", ""))
    review = review_for_public(petition, written if written in WRITTEN else language(), randomness, known.told())
    if careful:
        return _version(review.all_hidden())
    note(say(N_("This is for everybody, your employer too. In doubt, hide: what the office may read is more.")))
    version = _version(settle(review, careful=False))
    if not is_interactive():
        raise ReviewError("unconfirmed")
    if not confirm(say(N_("Does it tell nobody who somebody is, to the best of your knowledge?"))):
        raise ReviewError("stopped")
    return version


def _version(settled: Settled) -> dict[str, object]:
    """Return what may be given out: business confidential parts stay with the office."""
    marked = settled.record.get("business_confidential", ())
    return public_version(leave_out(settled.record, marked))
