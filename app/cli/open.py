"""`resguardo open`: the case with its names, opened on this machine and nowhere else."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from app.cli.access import clock, find_root, reach
from app.cli.command import Verb, option
from app.cli.filed import at_portal, filed_case
from app.cli.language import language, say
from app.cli.terminal import note, out, out_json, reported
from app.client.case import CaseFile
from app.client.contents import Story, read_story
from app.client.errors import FolderError
from app.client.opening import fetch_contents, open_case, recover_case, save_files
from app.client.signin import signed_in
from app.client.transport import Transport, printable
from app.client.trust import OpenedCase
from app.i18n import LANGUAGES, N_
from crypto.secret import SecretBytes

_LONGEST = 1_000_000
_NUMBER = re.compile(r"[a-z2-7]{26}")


@click.command("open", cls=Verb, help=N_("Open your case on this machine, names included."))
@option("--case", "place", required=True, help=N_("Case folder; or the case number, with --portal."))
@option("--key", type=click.Path(path_type=Path, allow_dash=True), help=N_("Key folder or file of words."))
@option("--portal", help=N_("Address of the portal, where no case folder is left."))
@option("--code", help=N_("Status code, where no case folder is left and somebody else filed."))
@option("--files", type=click.Path(path_type=Path), help=N_("Folder into which the original evidence is written."))
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of what is said."))
@option("--json", "as_json", is_flag=True, help=N_("Answer for programs."))
def command(
    *,
    place: str,
    key: Path | None,
    portal: str | None,
    code: str | None,
    files: Path | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Open a case."""
    del lang  # read before parsing, so that errors speak it too
    with reported(as_json=as_json):
        if portal is None:
            story = _open_folder(Path(place), key, files)
        else:
            story = _open_number(place, key, portal, code, files)
    if as_json:
        out_json(story.plain())
    else:
        _tell(story)


def _open_folder(folder: Path, key: Path | None, files: Path | None) -> Story:
    case = filed_case(folder)
    root = find_root(key, folder)
    with at_portal(case, folder) as (transport, case):
        story, opened = _read(transport, case, root, files)
    if opened.manifest.version > case.manifest_version:
        case.seen(opened.manifest.version, opened.manifest.sha256).save(folder)
    if case.words_from == "portal":
        note(say(N_("The portal made these words and had them in its memory. Make your own now, and change to them:")))
        note(f"  resguardo key new --out KEY && resguardo holders words --case {folder} --new-key KEY")
    return story


def _open_number(number: str, key: Path | None, portal: str, code: str | None, files: Path | None) -> Story:
    """Open with case number and words alone, as after a fire."""
    if not _NUMBER.fullmatch(number):
        raise FolderError("not_a_number")
    root = find_root(key, None)
    with reach(portal) as transport:
        return _read(transport, recover_case(transport, number, root, code, language()), root, files)[0]


def _read(transport: Transport, case: CaseFile, root: SecretBytes, files: Path | None) -> tuple[Story, OpenedCase]:
    opened = open_case(transport, case, root)
    with signed_in(transport, opened, clock):
        story = read_story(fetch_contents(transport, opened))
        if files is not None:
            for path in save_files(transport, opened, story.named_files(), files):
                note(say(N_("Written: {path}"), path=path))
    return story, opened


def _tell(story: Story) -> None:
    note(say(N_("From here on there are names on this screen. See that nobody looks over your shoulder.")))
    for number, witness in enumerate(story.witnesses, start=1):
        out()
        out(say(N_("Witness {number}"), number=number))
        _tell_group(witness, "  ")
    out()
    out(say(N_("What happened, as it was written")))
    out()
    _tell_text(story.narrative, "  ")
    for answer in story.answers:
        out()
        out(say(N_("Your answer to question {number}, as it was written"), number=answer.get("question")))
        out()
        _tell_text(str(answer.get("text")), "  ")
    for transcript in story.transcripts:
        out()
        out(say(N_("What is said in {name}, as it was written"), name=printable(str(transcript.get("evidence")), 60)))
        out()
        _tell_text(str(transcript.get("text")), "  ")
    if story.files:
        out()
        out(say(N_("Original files (add --files FOLDER to write them out)")))
        for _, name in story.named_files():
            out(f"  {name}")


def _tell_group(group: Mapping[str, Any], indent: str) -> None:
    for name, value in group.items():
        label = f"{indent}{printable(name, 60)}:"
        if isinstance(value, Mapping):
            out(label)
            _tell_group(value, indent + "  ")
        elif isinstance(value, list):
            out(f"{label} {_joined(value)}")
        elif isinstance(value, str) and "\n" in value:
            out(label)
            _tell_text(value, indent + "  ")
        else:
            out(f"{label} {_shown(value)}")


def _joined(values: Sequence[Any]) -> str:
    return ", ".join(_shown(value) for value in values)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return say(N_("yes")) if value else say(N_("no"))
    return printable(str(value), _LONGEST)


def _tell_text(text: str, indent: str) -> None:
    for line in text.split("\n"):
        out(f"{indent}{printable(line, _LONGEST)}".rstrip())
