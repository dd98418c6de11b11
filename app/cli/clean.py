"""`resguardo clean`: the copies of evidence that the office would read, made here to be looked at; nothing is sent."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from app.cli.access import randomness
from app.cli.carried import carry
from app.cli.command import Verb, option
from app.cli.language import language, say
from app.cli.terminal import confirm, is_interactive, note, out, out_json, reported
from app.client.cleaning.copying import Cleaned, Eyes, pictures
from app.client.cleaning.drawing import Rectangle
from app.client.cleaning.errors import CleaningError
from app.client.cleaning.faces import Choose, FaceFinder, cover_all
from app.client.cleaning.reading import Reader
from app.client.errors import ReviewError
from app.client.folder import make_folder, read_file, write_file
from app.client.showing import Shown, clean_evidence
from app.domain.filing import Copy, FileSource, Review, Settled
from app.domain.petition import load
from app.domain.petition.model import Petition
from app.i18n import LANGUAGES, N_

SHOWN_FOLDER = "shown"
_LEFT_OUT = N_(
    "Pictures in it that do not come along: {count}. Give each as evidence of its own, or save the whole as PDF."
)
_NO_FACES = N_(
    "Nothing looked for faces: draw boxes over them. For suggestions, install “resguardo[faces]” on this computer."
)
_LARGEST_PETITION = 64 * 1024 * 1024


@click.command(
    "clean", cls=Verb, help=N_("Make the copies of evidence that the office would read, to look at. Sends nothing.")
)
@click.argument("petition", type=click.Path(path_type=Path))
@option("--out", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help=N_("Folder to make."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(petition: Path, folder: Path, lang: str | None, *, as_json: bool) -> None:
    """Clean and show."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        loaded = load(read_file(petition, _LARGEST_PETITION)).petition
        spoken = loaded.language if loaded.language in LANGUAGES else language()
        shown = cleaned(loaded, petition.parent, spoken)
        careful = Review(loaded, spoken, randomness, copies=shown.copies()).settle(careful=True)
        shown, settled = carry(shown, careful, careful=True)
        make_folder(folder)
        for copy in settled.copies.values():
            write_copy(folder, copy)
        if as_json:
            out_json(plain(shown, settled))
        else:
            tell(loaded, shown, settled)
            out(say(N_("Written to {path}. Look at every page. Nothing was sent."), path=folder))


def cleaned(
    petition: Petition,
    beside: Path,
    spoken: str,
    files: Mapping[str, FileSource] | None = None,
    *,
    careful: bool = False,
    asks: bool = False,
    transcripts: Mapping[str, str] | None = None,
) -> Shown:
    """Make the copies of what a petition shows, and say which is looked at.

    With `careful` nobody looks: pages in which no machine looked for names either stay sealed. With `asks` somebody
    at the keyboard says of each page whether what may be faces is covered; without, it is. `transcripts` are words that
    were sealed before, by the path of their entry.
    """
    if not any(item.show for item in petition.evidence):
        return Shown()
    reader = Reader.find()
    if reader is None:
        note(say(N_("tesseract is not installed here: names in pictures and scans are not found. Draw boxes.")))

    def told(path: str) -> None:
        note(say(N_("Cleaning {path} on this machine…"), path=path))

    finder = FaceFinder()

    def eyes(path: str) -> Eyes:
        asked = asks and not careful and is_interactive()
        return Eyes(reader, finder, _asking(path) if asked else cover_all)

    shown = clean_evidence(petition, beside, spoken, eyes, told, files, transcripts)
    return shown.without_unread() if careful else shown


def _asking(path: str) -> Choose:
    """Return what asks about the faces of each page of a piece of evidence; the careful answer covers them."""

    def choose(page: int, faces: Sequence[Rectangle]) -> Sequence[Rectangle]:
        note(say(N_("{path}, page {page}: {count} places may be faces."), path=path, page=page, count=len(faces)))
        return () if confirm(say(N_("Leave them as they are, so that the office sees them?"))) else faces

    return choose


def show(folder: Path, petition: Petition, shown: Shown, settled: Settled) -> None:
    """Lay the copies into the case folder before they are sent, and say what the office will see of evidence."""
    if not (settled.copies or unshown(shown, settled) or any(item.file for item in petition.evidence)):
        return
    note()
    note(say(N_("What the office will see of your evidence:")))
    tell(petition, shown, settled)
    if settled.copies:
        beside = folder / SHOWN_FOLDER
        make_folder(folder)
        make_folder(beside)
        for copy in settled.copies.values():
            write_copy(beside, copy)
        note(say(N_("Look at every page in {path} before you go on."), path=beside))
    unread = sum(len(each.pages) for each in shown.cleaned.values() if not each.read_back)
    if unread and is_interactive():
        words = N_("No machine looked for names on {pages} pages. Have you looked at every one of them yourself?")
        if not confirm(say(words, pages=unread)):
            raise ReviewError("stopped")


def write_copy(folder: Path, copy: Copy) -> None:
    """Write a copy's pages or text for a person to look at."""
    if copy.text is not None:
        write_file(folder / f"evidence-{copy.number}.txt", copy.text.encode())
    for ending, page in pictures(copy.pages):
        write_file(folder / f"evidence-{copy.number}-{ending}", page)


def unshown(shown: Shown, settled: Settled) -> Mapping[str, CleaningError]:
    """Return what was to be shown and cannot be, with the reasons."""
    left = {path: CleaningError("text_left", path, kind=kind) for path, kind in settled.unshown.items()}
    return {**shown.refused, **left}


def tell(petition: Petition, shown: Shown, settled: Settled) -> None:
    """Say of each piece of evidence what the office will see of it."""
    refused = unshown(shown, settled)
    for place, item in enumerate(petition.evidence):
        path = f"evidence[{place}]"
        name = item.id or path
        if path in settled.copies:
            _tell_copy(name, settled.copies[path], shown.cleaned.get(path))
        elif path in refused:
            words = N_("{name}: sealed only. {reason}")
            note("  " + say(words, name=name, reason=refused[path].text(language())))
        elif item.file:
            note("  " + say(N_("{name}: sealed only. To let the office see a copy, add “show: yes”."), name=name))


def _tell_copy(name: str, copy: Copy, made: Cleaned | None) -> None:
    if made is None:
        words = N_("{name}: as before (evidence-{number})")
        note("  " + say(words, name=name, number=copy.number))
    elif copy.text is not None:
        note("  " + say(N_("{name}: as a text (evidence-{number})"), name=name, number=copy.number))
        if made.left_out:
            note("    " + say(_LEFT_OUT, count=made.left_out))
    else:
        words = N_("{name}: {pages} pages, {boxes} boxes (evidence-{number})")
        note("  " + say(words, name=name, pages=len(copy.pages), boxes=made.boxes, number=copy.number))
        if not made.read_back:
            note("    " + say(N_("No machine looked for names on these pages. Look at each yourself.")))
        if made.faces is None:
            note("    " + say(_NO_FACES))
        elif made.faces:
            note(
                "    " + say(N_("{count} places may be faces. Others may not have been found: look."), count=made.faces)
            )


def plain(shown: Shown, settled: Settled) -> dict[str, object]:
    """Return for programs what is shown and what is not."""
    copies = {
        path: {"copy": copy.number, "pages": len(copy.pages), "text": copy.text is not None}
        for path, copy in settled.copies.items()
    }
    return {"copies": copies, "refused": {path: error.code for path, error in unshown(shown, settled).items()}}
