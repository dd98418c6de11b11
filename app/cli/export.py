"""`resguardo export`: the petition for the official intake, as a document and as a file that others verify alone."""

from pathlib import Path

import click

from app.cli.access import clock, find_root
from app.cli.command import Verb, option
from app.cli.filed import at_portal, filed_case
from app.cli.language import language, say
from app.cli.terminal import confirm, is_interactive, note, out, out_json, reported
from app.client.case import CaseFile
from app.client.export.bundle import make_bundle
from app.client.export.material import ExportError, Material, fetch_material
from app.client.export.pdf import Document
from app.client.folder import write_file
from app.client.opening import open_case
from app.domain.document.content import left_out_words
from app.i18n import LANGUAGES, N_
from crypto.digest import sha256_hex
from crypto.secret import SecretBytes


@click.command("export", cls=Verb, help=N_("Write the petition for the official intake: redacted, with its proof."))
@option("--case", "folder", required=True, type=click.Path(path_type=Path), help=N_("Case folder."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--out", "target", required=True, type=click.Path(path_type=Path), help=N_("PDF file to write."))
@option(
    "--bundle", type=click.Path(path_type=Path), help=N_("File to write that others verify with “resguardo verify”.")
)
@option("--with-confidential", "confidential", is_flag=True, help=N_("Put in what is marked as business confidential."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of the document's headings and of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    folder: Path,
    key: Path | None,
    target: Path,
    bundle: Path | None,
    confidential: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """Export a case."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        if bundle is not None and bundle.resolve() == target.resolve():
            raise ExportError("same_file")
        case = filed_case(folder)
        material = _fetch(case, folder, find_root(key, folder))
        left_out = _left_out(material, confidential=confidential)
        pdf = Document(material, language(), left_out).pdf()
        files = {target: pdf}
        if bundle is not None:
            files[bundle] = make_bundle(material, pdf, left_out, language())
        for path, data in files.items():
            write_file(path, data)
    if as_json:
        out_json(_plain(material, pdf, left_out))
    else:
        _tell(material, left_out, target, bundle)


def _fetch(kept: CaseFile, folder: Path, root: SecretBytes) -> Material:
    with at_portal(kept, folder) as (transport, case):
        return fetch_material(transport, open_case(transport, case, root), clock, folder)


def _left_out(material: Material, *, confidential: bool) -> tuple[str, ...]:
    """Return the paths that stay out; to put them in is a consent, which somebody at the keyboard repeats."""
    if not material.confidential or not confidential:
        return material.confidential
    note(say(N_("Business confidential, and in this export: {what}."), what=_words(material.confidential)))
    note(say(N_("Whoever gets the files can read it. Ask the office to keep it from public inspection.")))
    if is_interactive() and not confirm(say(N_("Put it in?"))):
        raise ExportError("stopped")
    return ()


def _words(paths: tuple[str, ...]) -> str:
    return "; ".join(left_out_words(language(), paths))


def _plain(material: Material, pdf: bytes, left_out: tuple[str, ...]) -> dict[str, object]:
    return {
        "case": material.opened.case.case,
        "language": language(),
        "pdf_sha256": sha256_hex(pdf),
        "record_sha256": material.record_sha256,
        "manifest_sha256": material.opened.manifest.sha256,
        "left_out": list(left_out),
        "entry_index": material.entry_index,
    }


def _tell(material: Material, left_out: tuple[str, ...], target: Path, bundle: Path | None) -> None:
    out(say(N_("Written: {path}"), path=target))
    if bundle is not None:
        out(say(N_("Written: {path}"), path=bundle))
    note()
    if left_out:
        note(say(N_("Left out as business confidential: {what}."), what=_words(left_out)))
        note(say(N_("To put it in, run this again with --with-confidential.")))
        if bundle is not None:
            note(say(N_("For the same reason the bundle holds the record's hash and not its text.")))
    note(say(N_("No witness is named in it. Read it through once before you send it.")))
    read = N_("The portal logged that you read the record (entry {index}); “resguardo history” shows it.")
    note(say(read, index=material.entry_index))
    note(say(N_("Next: send it to the official intake; its answer starts the clock (“resguardo acknowledged”).")))
